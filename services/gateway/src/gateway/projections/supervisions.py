"""Supervision in the case view: orders and their replies, instructions, exemptions, and who is told."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.events import Published, accountability
from gateway.projections.facts import ERASED, Fact, Handler, notice, state
from gateway.projections.returns import COUNTY_LEADER, OFFICE
from gateway.projections.supervision_tables import (
    exemptions,
    instructions,
    orders,
    results,
    spot_checks,
    trace_backs,
)
from gateway.projections.tables import case_keys

OPEN = ("proposed", "issued", "replied")


def _told(fact: Fact, notice_kind: str, *units: str | None, **params: Any) -> Sequence[Executable]:
    """A notice to each unit."""
    named = dict.fromkeys(unit for unit in units if unit)
    return [
        notice(f"{fact.event.id}/{notice_kind}/{unit}", unit, fact, notice_kind, params) for unit in named
    ]


def _authority(authority: str) -> str:
    return COUNTY_LEADER if authority == "county-leader" else OFFICE


def _order(it: accountability.MatterFact, *, color: str | None = None, **values: Any) -> Executable:
    """The order of a color; without one the order that waits or is out."""
    which = orders.c.color == color if color else orders.c.state.in_(OPEN)
    return update(orders).where(orders.c.matter_id == it.matter_id, which).values(**values)


def _new(
    fact: Fact, it: accountability.OrderProposed | accountability.OrderIssued, **values: Any
) -> Executable:
    row = {
        "case_id": fact.case_id,
        "unit": it.unit,
        "kind": it.kind,
        "authority": it.authority,
        "reason": fact.plain(it.reason_sealed),
        "at": it.at,
        **values,
    }
    place = {"matter_id": it.matter_id, "color": it.color}
    afresh = {"ended_at": None, "cause": None, "words": None}
    return (
        upsert(orders)
        .values(**place, **row)
        .on_conflict_do_update(index_elements=["matter_id", "color"], set_={**row, **afresh})
    )


def _proposed(fact: Fact, it: accountability.OrderProposed) -> Sequence[Executable]:
    """Whoever decides is told, and the unit, which is heard first."""
    return (
        _new(fact, it, state="proposed", by_ladder=it.kind is not None, proposed_at=it.at),
        state(fact, None),
        *_told(fact, "order-proposed", _authority(it.authority), kind=it.kind or "", color=it.color),
        *_told(fact, "order-heard-first", it.unit, kind=it.kind or "", color=it.color),
    )


def _heard(fact: Fact, it: accountability.UnitHeard) -> Sequence[Executable]:
    said = {"speaker": fact.plain(it.speaker_sealed), "heard": fact.plain(it.words_sealed)}
    proposed = (
        update(orders)
        .where(orders.c.matter_id == it.matter_id, orders.c.state == "proposed")
        .values(heard_at=it.at, **said)
    )
    return (proposed, state(fact, None))


def _issued(fact: Fact, it: accountability.OrderIssued) -> Sequence[Executable]:
    issued = {"state": "issued", "issued_at": it.at, "copied_to": it.copied_to, "by_ladder": it.by_ladder}
    issued |= {"reply_due": it.reply_due, "overdue_at": None}
    return (
        _new(fact, it, **issued),
        state(fact, None),
        *_told(fact, "order-issued", it.unit, color=it.color),
        *_told(fact, "order-copied", it.copied_to, color=it.color),
    )


def _hinted(fact: Fact, it: accountability.HintGiven) -> Sequence[Executable]:
    """The unit is told, and nothing waits."""
    return (state(fact, None), *_told(fact, "hint-given", it.unit))


def _left_unanswered(fact: Fact, it: accountability.OrderLeftUnanswered) -> Sequence[Executable]:
    return (
        _order(it, color=it.color, overdue_at=it.due),
        state(fact, None),
        *_told(fact, "order-left-unanswered", it.unit, _authority(it.authority), color=it.color),
    )


def _declined(fact: Fact, it: accountability.OrderDeclined) -> Sequence[Executable]:
    ended = {"state": "declined", "ended_at": fact.at, "words": fact.plain(it.reason_sealed)}
    return (
        _order(it, color=it.color, **ended),
        state(fact, None),
        *([_result(fact, it, "not-pursued", it.reason_sealed)] if it.settled else []),
    )


def _replied(fact: Fact, it: accountability.OrderReplied) -> Sequence[Executable]:
    replied = {"state": "replied", "reply": fact.plain(it.reply_sealed), "replied_at": fact.at}
    return (
        _order(it, color=it.color, **replied),
        state(fact, None),
        *_told(fact, "order-replied", OFFICE if it.unit != OFFICE else COUNTY_LEADER),
    )


def _closed(fact: Fact, it: accountability.OrderClosed) -> Sequence[Executable]:
    closed = {"state": "closed", "words": fact.plain(it.content_sealed), "ended_at": fact.at}
    return (
        _order(it, color=it.color, **closed),
        state(fact, None),
        _result(fact, it, "order-closed", it.content_sealed),
        *_told(fact, "order-closed", it.unit),
    )


def _withdrawn(fact: Fact, it: accountability.OrderWithdrawn) -> Sequence[Executable]:
    """It stays, and says that it does not hold."""
    values: dict[str, Any] = {"state": "withdrawn", "cause": it.cause, "ended_at": fact.at}
    if it.reason_sealed is not None:
        values["words"] = fact.plain(it.reason_sealed)
    annulled = it.cause == "breach-annulled"
    fallen = results.delete().where(results.c.matter_id == it.matter_id, results.c.result == "order-closed")
    return (
        _order(it, color=it.color, **values),
        state(fact, None),
        *([fallen] if annulled else []),
        *_told(fact, "order-withdrawn", it.unit),
    )


def _handed_over(_: Fact, it: accountability.MatterHandedOver) -> Sequence[Executable]:
    return (
        update(orders)
        .where(orders.c.matter_id == it.matter_id, orders.c.state.in_(OPEN))
        .values(unit=it.unit),
    )


def _result(fact: Fact, it: accountability.MatterFact, result: str, words: str | None) -> Executable:
    return _settled(fact, it.matter_id, it.unit, it.kind, result, words)


def _settled(
    fact: Fact, matter: str, unit: str, kind: str | None, result: str, words: str | None
) -> Executable:
    return (
        upsert(results)
        .values(
            matter_id=matter,
            result=result,
            case_id=fact.case_id,
            unit=unit,
            kind=kind,
            words=fact.plain(words),
            at=fact.at,
        )
        .on_conflict_do_nothing()
    )


def _cleared(fact: Fact, it: accountability.NameCleared) -> Sequence[Executable]:
    return (
        _result(fact, it, "name-cleared", it.content_sealed),
        state(fact, None),
        *_told(fact, "name-cleared", it.unit),
    )


def _instructed(fact: Fact, it: accountability.InstructionGiven) -> Sequence[Executable]:
    given = upsert(instructions).values(
        case_id=fact.case_id,
        number=it.number,
        to=list(it.to),
        words=fact.plain(it.content_sealed) or "",
        at=fact.at,
    )
    return (given, state(fact, None), *_told(fact, "instruction-given", *it.to))


def _claimed(fact: Fact, it: accountability.GoodFaithExemptionClaimed) -> Sequence[Executable]:
    claimed = upsert(exemptions).values(
        clock_id=it.clock_id,
        case_id=fact.case_id,
        kind=it.kind,
        unit=it.unit,
        state="claimed",
        ground=it.ground,
        claimed_by=it.claimed_by,
        evidence=fact.plain(it.evidence_sealed) or "",
        claimed_at=fact.at,
    )
    decider = COUNTY_LEADER if OFFICE in (it.claimed_by, it.unit) else OFFICE
    return (claimed, state(fact, None), *_told(fact, "exemption-claimed", decider))


def _exempted(
    fact: Fact,
    it: accountability.GoodFaithExemptionGranted | accountability.GoodFaithExemptionRefused,
    to: str,
) -> Sequence[Executable]:
    decided = {
        "state": to,
        "decided_by": it.decided_by,
        "reason": fact.plain(it.reason_sealed),
        "decided_at": fact.at,
    }
    settled = (
        [_settled(fact, it.clock_id, it.unit, it.kind, "exempted", it.reason_sealed)]
        if to == "granted"
        else []
    )
    return (
        update(exemptions).where(exemptions.c.clock_id == it.clock_id).values(**decided),
        state(fact, None),
        *settled,
        *_told(fact, f"exemption-{to}", it.unit),
    )


def _referred(fact: Fact, it: accountability.MatterReferred) -> Sequence[Executable]:
    """The unit is not told: that is for the body it was handed to."""
    return (_result(fact, it, "referred", it.reason_sealed),)


def erased(keys: Sequence[str], gone: Sequence[str]) -> Sequence[Executable]:
    """What is forgotten with keys, and with the cases ``gone``; documents go with any key of their case."""
    told = select(case_keys.c.case_id).where(case_keys.c.key_id.in_(keys))
    nothing = dict.fromkeys(("reason", "speaker", "heard", "reply", "words"))
    return (
        update(orders).where(orders.c.case_id.in_(gone)).values(**nothing),
        update(exemptions).where(exemptions.c.case_id.in_(gone)).values(evidence=ERASED, reason=None),
        update(results).where(results.c.case_id.in_(gone)).values(words=None),
        update(instructions).where(instructions.c.case_id.in_(gone)).values(words=ERASED),
        update(spot_checks).where(spot_checks.c.case_id.in_(gone)).values(asked=None, finding=None),
        update(trace_backs).where(trace_backs.c.case_id.in_(gone)).values(reason=ERASED),
        update(trace_backs).where(trace_backs.c.case_id.in_(told)).values(document=ERASED),
    )


HANDLERS: Mapping[type[Published], Handler] = {
    accountability.OrderProposed: _proposed,
    accountability.UnitHeard: _heard,
    accountability.OrderIssued: _issued,
    accountability.HintGiven: _hinted,
    accountability.OrderLeftUnanswered: _left_unanswered,
    accountability.OrderDeclined: _declined,
    accountability.OrderReplied: _replied,
    accountability.OrderClosed: _closed,
    accountability.OrderWithdrawn: _withdrawn,
    accountability.MatterHandedOver: _handed_over,
    accountability.MatterReferred: _referred,
    accountability.NameCleared: _cleared,
    accountability.InstructionGiven: _instructed,
    accountability.GoodFaithExemptionClaimed: _claimed,
    accountability.GoodFaithExemptionGranted: lambda fact, it: _exempted(fact, it, "granted"),
    accountability.GoodFaithExemptionRefused: lambda fact, it: _exempted(fact, it, "refused"),
}
"""Published fact → what it changes."""
UNTOLD = frozenset({accountability.MatterReferred.NAME, accountability.MatterHandedOver.NAME})
"""No line in the timeline: a referral is between the office and the discipline body."""
