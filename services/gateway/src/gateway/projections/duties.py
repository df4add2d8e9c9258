"""Disputes and task-down reviews in the case view; what is public of them stands in ``details``."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Executable, Text, func, insert, literal, update
from sqlalchemy.dialects.postgresql import JSONB

from contracts.events import Published, routing
from gateway.projections.facts import Fact, Handler, notice, state, waits
from gateway.projections.tables import cases

ESTABLISHMENT = "establishment-office"
OFFICE = "burden-reduction-office"


def _case(fact: Fact, **values: Any) -> Executable:
    return insert(cases).values(case_id=fact.case_id, created_at=fact.at, updated_at=fact.at, **values)


def _details(fact: Fact, **values: Any) -> Executable:
    """Adds to what is public of the case."""
    merged = cases.c.details.op("||")(literal(values, JSONB))
    return update(cases).where(cases.c.case_id == fact.case_id).values(details=merged)


def _tell(fact: Fact, units: Sequence[str], kind: str) -> list[Executable]:
    return [notice(f"{fact.event.id}/{unit}", unit, fact, kind, {}) for unit in units]


def _filed(fact: Fact, it: routing.DisputeFiled) -> Sequence[Executable]:
    named = ("disputed_department", "filed_by", "legal_basis", "assignment_id", "proposed_owner", "letter")
    filed = _case(
        fact,
        type="dispute",
        state="filed",
        township=None,
        whistle_id=it.whistle,
        parties=list(it.parties),
        text=fact.plain(it.matter_sealed) or "",
        title=(fact.plain(it.matter_sealed) or "")[:60],
        details={name: getattr(it, name) for name in named} | {"issue_ids": list(it.issue_ids)},
    )
    others = [unit for unit in (*it.parties, ESTABLISHMENT) if unit != it.filed_by]
    return (filed, waits(fact, "clocks"), *_tell(fact, others, "dispute-filed"))


def _decided(fact: Fact, it: routing.DutyRuled | routing.DutyAgreed) -> Sequence[Executable]:
    ruled = isinstance(it, routing.DutyRuled)
    values = it.model_dump(mode="json", exclude={"case_id", "whistle", "parties"})
    return (
        state(fact, "ruled" if ruled else "agreed", parties=list(it.parties)),
        _details(fact, **values),
        *_tell(fact, it.parties, "duty-ruled" if ruled else "duty-agreed"),
    )


def _drafted(fact: Fact, it: routing.ListRevisionDrafted) -> Sequence[Executable]:
    return (_details(fact, list_revision=it.model_dump(mode="json", exclude={"case_id"})),)


def _referred(fact: Fact, it: routing.DisputeReferredUp) -> Sequence[Executable]:
    return (state(fact, "referred_up"), _details(fact, referred_to=it.to, referred_because=it.cause))


def _executed(fact: Fact, it: routing.RulingExecuted) -> Sequence[Executable]:
    return (state(fact, "executed", closed_at=fact.at), _details(fact, effect=it.effect))


def _reconsidering(open_: bool) -> Handler:
    return lambda fact, _: (state(fact, None), _details(fact, reconsidering=open_))


def _proposed(fact: Fact, it: routing.TaskDownProposed) -> Sequence[Executable]:
    answers = (fact.plain(it.resources_sealed), fact.plain(it.capacity_sealed))
    proposed = _case(
        fact,
        type="task_down_review",
        state="proposed",
        parties=[it.department, *it.townships],
        title=it.measure,
        text="\n".join(each or "" for each in answers),
        details={
            "department": it.department,
            "townships": list(it.townships),
            "item_code": it.item_code,
            "cites": list(it.cites),
            "cited_by": [],
        },
    )
    return (proposed, waits(fact, "clocks"), *_tell(fact, [OFFICE], "task-down-proposed"))


def _started(fact: Fact, it: routing.ReviewStarted) -> Sequence[Executable]:
    found = {"item_code": it.item_code} if it.item_code else {}
    return (state(fact, "under_review"), _details(fact, **found))


def _reviewed(fact: Fact, it: routing.TaskDownDecided) -> Sequence[Executable]:
    answers = it.model_dump(include={"automatic", "resources_attached", "beyond_capacity"})
    said = fact.plain(it.conditions_sealed or it.reason_sealed)
    ended = fact.at if it.decision == "refused" else None
    return (
        state(fact, it.decision, answer=said, closed_at=ended),
        _details(fact, decision=it.decision, **answers),
    )


def _cited(fact: Fact, it: routing.ReviewCited) -> Sequence[Executable]:
    place = literal(["cited_by", "0"], ARRAY(Text))
    cited = func.jsonb_insert(cases.c.details, place, literal(it.cited_by, JSONB))
    return (update(cases).where(cases.c.case_id == fact.case_id).values(details=cited),)


def _issued(fact: Fact, it: routing.TaskIssued) -> Sequence[Executable]:
    return (state(fact, "issued"), _details(fact, document=it.document))


HANDLERS: Mapping[type[Published], Handler] = {
    routing.DisputeFiled: _filed,
    routing.DisputeAccepted: lambda fact, _: (state(fact, "accepted"),),
    routing.DisputeNotAccepted: lambda fact, _: (state(fact, "not_accepted", closed_at=fact.at),),
    routing.NegotiationOpened: lambda fact, _: (state(fact, "negotiating"),),
    routing.CoordinationOpened: lambda fact, _: (state(fact, "coordinating"),),
    routing.StatementGiven: lambda fact, _: (state(fact, None),),
    routing.HearingRecorded: lambda fact, _: (state(fact, None),),
    routing.DutyAgreed: _decided,
    routing.DutyRuled: _decided,
    routing.ListRevisionDrafted: _drafted,
    routing.DisputeReferredUp: _referred,
    routing.ReconsiderationRequested: _reconsidering(True),
    routing.ReconsiderationRefused: _reconsidering(False),
    routing.RulingExecuted: _executed,
    routing.TaskDownProposed: _proposed,
    routing.ReviewStarted: _started,
    routing.TaskHearingRecorded: lambda fact, it: (
        state(fact, None),
        _details(fact, representatives=it.representatives),
    ),
    routing.TaskDownDecided: _reviewed,
    routing.TaskIssued: _issued,
    routing.TaskEvaluated: lambda fact, it: (
        state(fact, "evaluated", closed_at=fact.at),
        _details(fact, evaluation=it.evaluation),
    ),
    routing.ReviewCited: _cited,
}
"""Published fact → what it changes."""
