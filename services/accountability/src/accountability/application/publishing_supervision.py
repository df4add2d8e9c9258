"""Supervision, exemptions, instructions and trace-backs, with what others learn of them."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import uuid5

from accountability.application.publishing import IDS, Outbound
from accountability.domain import exemption, instruction, supervision, trace_back
from accountability.domain.supervision import facts as orders
from accountability.domain.supervision.replying import reply_timers
from backbone.decider import Aggregate, Codec
from backbone.eventstore import Deadline
from contracts.events import Published
from contracts.events import accountability as published

LEADERSHIP: Final = "county-leadership"
"""Where the county leader sits."""


def matter_key(case_id: str, unit: str, cycle: int) -> str:
    """The matter that a person takes up without a breach: one for each unit and cycle of a case."""
    return str(uuid5(IDS, f"matter/{case_id}/{unit}/{cycle}"))


def _out(fact: Published) -> tuple[str, str, str]:
    return fact.NAME, fact.case_id, fact.model_dump_json(exclude_none=True)


def publish_supervision(event: supervision.Event, state: supervision.Supervision, key: str) -> Outbound:
    """What others learn of a matter's fact; that it was exempted, the exemption says."""
    matter = state.matter
    assert matter is not None, "a matter's first fact names it"
    kind = matter.kind.value if matter.kind else None
    who: dict[str, Any] = {"case_id": matter.case_id, "matter_id": key, "unit": matter.unit, "kind": kind}
    match event:
        case orders.OrderProposed(_, color, at, _, reason):
            proposed = published.OrderProposed(
                **who, color=color, authority=matter.authority, at=at, reason_sealed=reason or None
            )
            return [_out(proposed)]
        case orders.UnitHeard(at, speaker, words):
            return [_out(published.UnitHeard(**who, at=at, speaker_sealed=speaker, words_sealed=words))]
        case orders.OrderIssued():
            issued = published.OrderIssued(
                **who,
                color=event.color,
                authority=matter.authority,
                by_ladder=event.by_ladder,
                at=event.at,
                copied_to=event.copied_to or None,
                reason_sealed=event.reason or None,
                reply_due=event.reply_due,
            )
            return [_out(issued)]
        case orders.HintGiven(_, reason, at):
            hint = published.HintGiven(**who, authority=matter.authority, at=at, reason_sealed=reason)
            return [_out(hint)]
        case orders.OrderLeftUnanswered(color, due):
            overdue = published.OrderLeftUnanswered(**who, color=color, authority=matter.authority, due=due)
            return [_out(overdue)]
        case orders.OrderDeclined(color, reason):
            return [
                _out(
                    published.OrderDeclined(
                        **who, color=color, reason_sealed=reason, settled=state.settled is not None
                    )
                )
            ]
        case orders.OrderReplied(color, reply):
            return [_out(published.OrderReplied(**who, color=color, reply_sealed=reply))]
        case orders.OrderClosed(color, words):
            return [_out(published.OrderClosed(**who, color=color, content_sealed=words))]
        case orders.OrderWithdrawn(color, cause, reason):
            withdrawn = published.OrderWithdrawn(
                **who, color=color, cause=cause, reason_sealed=reason or None
            )
            return [_out(withdrawn)]
        case orders.MatterExempted():
            return []
        case orders.MatterReferred(_, to, reason):
            return [_out(published.MatterReferred(**who, to=to, reason_sealed=reason))]
        case orders.MatterHandedOver():
            return [_out(published.MatterHandedOver(**who, was=event.was))]
        case orders.NameCleared(_, statement):
            return [_out(published.NameCleared(**who, content_sealed=statement))]


def order_deadlines(
    events: Sequence[supervision.Event], state: supervision.Supervision, key: str
) -> Sequence[Deadline]:
    """The timer rows of the replies a matter's orders wait for."""
    return [Deadline(key, timer.name, timer.at) for timer in reply_timers(events)]


def publish_exemption(event: exemption.Event, state: exemption.Exemption, key: str) -> Outbound:
    """What others learn of an exemption."""
    claim = state.claim
    assert claim is not None, "an exemption's first fact claims it"
    who: dict[str, Any] = {
        "case_id": claim.case_id,
        "clock_id": key,
        "kind": claim.kind.value,
        "unit": claim.unit,
        "ground": claim.ground,
    }
    match event:
        case exemption.ExemptionClaimed():
            claimed = published.GoodFaithExemptionClaimed(
                **who, claimed_by=claim.claimed_by, evidence_sealed=claim.evidence
            )
            return [_out(claimed)]
        case exemption.ExemptionDecided(granted, unit, _, reason):
            decided = published.GoodFaithExemptionGranted if granted else published.GoodFaithExemptionRefused
            return [_out(decided(**who, decided_by=unit, reason_sealed=reason))]


def publish_instruction(event: instruction.Event, _state: instruction.Instructions, case_id: str) -> Outbound:
    """What others learn of an instruction."""
    given = published.InstructionGiven(
        case_id=case_id, number=event.number, unit=LEADERSHIP, to=event.to, content_sealed=event.words
    )
    return [_out(given)]


def publish_trace_back(event: trace_back.Event, _state: trace_back.TraceBack, case_id: str) -> Outbound:
    """What others learn of a release."""
    released = published.TraceBackReleased(
        case_id=case_id,
        number=event.number,
        digest=event.digest,
        by=event.by,
        reason_sealed=event.reason,
        document_sealed=event.document,
    )
    return [_out(released)]


SUPERVISION: Final[Aggregate[supervision.Command, supervision.Event, supervision.Supervision]] = Aggregate(
    category="supervision-order",
    initial=supervision.INITIAL,
    decide=supervision.decide,
    evolve=supervision.evolve,
    codec=Codec(supervision.Event),
    publish=publish_supervision,
    deadlines=order_deadlines,
)
EXEMPTION: Final[Aggregate[exemption.Command, exemption.Event, exemption.Exemption]] = Aggregate(
    category="exemption",
    initial=exemption.INITIAL,
    decide=exemption.decide,
    evolve=exemption.evolve,
    codec=Codec(exemption.Event),
    publish=publish_exemption,
)
INSTRUCTION: Final[Aggregate[instruction.Command, instruction.Event, instruction.Instructions]] = Aggregate(
    category="instruction",
    initial=instruction.INITIAL,
    decide=instruction.decide,
    evolve=instruction.evolve,
    codec=Codec(instruction.Event),
    publish=publish_instruction,
)
TRACE_BACK: Final[Aggregate[trace_back.Command, trace_back.Event, trace_back.TraceBack]] = Aggregate(
    category="trace-back",
    initial=trace_back.INITIAL,
    decide=trace_back.decide,
    evolve=trace_back.evolve,
    codec=Codec(trace_back.Event),
    publish=publish_trace_back,
)
