"""Merging and countersigning in the case view: whose issues go on where, and who has signed what."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Executable, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.events import Published, intake, routing
from gateway.projections.adopted_issues import judged_issues
from gateway.projections.facts import Fact, Handler, answered, notice, state, waits
from gateway.projections.tables import adoptions, assignments, countersignatures, countersignings
from gateway.projections.whistles import assigned, dispatch_notice

_OPEN = ("awaiting_report_in", "reported_in", "return_requested")
"""States of a part that goes on in the parent."""


def _child_adopted(fact: Fact, it: routing.ChildAdopted) -> Sequence[Executable]:
    of_parent = adoptions.c.parent_id == fact.case_id
    before = select(func.count()).select_from(adoptions).where(of_parent).scalar_subquery()
    finished = [each.assignment_id for each in it.changed]
    told = sorted({it.township, *(each.unit for each in it.changed)})
    return (
        *(
            upsert(adoptions)
            .values(
                parent_id=fact.case_id,
                child_id=each.case_id,
                township=each.township,
                place=before,
                at=fact.at,
            )
            .on_conflict_do_nothing()
            for each in it.adopted
        ),
        *(assigned(fact, each, it.cycle) for each in (*it.issued, *it.changed)),
        # Who had finished its part has more to do now.
        update(assignments)
        .where(assignments.c.assignment_id.in_(finished), assignments.c.state == "concluded")
        .values(state="reported_in", concluded_at=None),
        *(dispatch_notice(fact, each) for each in it.issued),
        *(notice(f"{fact.event.id}/{unit}", unit, fact, "child-adopted", {}) for unit in told),
        waits(fact, "adoption"),
    )


def _merged(fact: Fact, it: routing.WhistleMerged) -> Sequence[Executable]:
    own = assignments.c.case_id == fact.case_id
    return (
        state(fact, "merged", waiting="merging", merged_into=it.parent),
        update(assignments).where(own, assignments.c.state.in_(_OPEN)).values(state="merged"),
        notice(str(fact.event.id), it.township, fact, "whistle-merged", {}),
    )


def _asked(fact: Fact, it: routing.CountersigningAsked) -> Sequence[Executable]:
    return (
        insert(countersignings).values(
            case_id=fact.case_id,
            round=it.round,
            unit=it.unit,
            kind=it.kind,
            proposal=fact.plain(it.content_sealed) or "",
            asked=list(it.asked),
            asked_at=fact.at,
        ),
        *(notice(f"{fact.event.id}/{unit}", unit, fact, "countersigning-asked", {}) for unit in it.asked),
        state(fact, None),
    )


def _countersigned(fact: Fact, it: routing.DepartmentCountersigned) -> Sequence[Executable]:
    return (
        insert(countersignatures).values(
            case_id=fact.case_id,
            round=it.round,
            unit=it.unit,
            agrees=it.agrees,
            words=fact.plain(it.words_sealed),
            at=fact.at,
        ),
        state(fact, None),
    )


HANDLERS: Mapping[type[Published], Handler] = {
    routing.ChildAdopted: _child_adopted,
    routing.WhistleMerged: _merged,
    routing.CountersigningAsked: _asked,
    routing.DepartmentCountersigned: _countersigned,
    intake.IssuesAdopted: lambda fact, _: (answered(fact, "adoption"),),
    intake.WhistleMerged: lambda fact, _: (answered(fact, "merging"),),
    intake.AdoptedIssuesJudged: lambda fact, it: (*judged_issues(fact, it), state(fact, None)),
}
"""Published fact → what it changes."""
