"""Whistles in the case view: content, departments, results and verdicts."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, delete, func, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.events import Published, intake, routing
from gateway.projections.adopted_issues import closed_issues, held, unjudged_issues
from gateway.projections.facts import Fact, Handler, key_of, notice, state, waits, waits_unless
from gateway.projections.tables import assignments, cases, issues


def _content(fact: Fact, it: intake.WhistleContent, state: str) -> Sequence[Executable]:
    text = fact.plain(it.text_sealed) or ""
    values = {
        "type": "whistle",
        "number": it.number,
        "state": state,
        "township": it.township,
        "village": it.village,
        "kind": it.kind,
        "ground": it.ground,
        "emergency": it.kind == "emergency",
        "title": text[:60],
        "text": text,
        "raised_by": fact.plain(it.raised_by_sealed),
        "raised_by_key": key_of(it.raised_by_sealed),
        "proposed_departments": list(it.departments),
        "origin_id": it.origin.origin_case_id if it.origin is not None else None,
        "enterprise_id": it.enterprise_id,
        "updated_at": fact.at,
    }
    rows = [
        {
            "case_id": fact.case_id,
            "issue_id": issue.issue_id,
            "ordinal": number,
            "text": fact.plain(issue.text_sealed) or "",
            "item_code": issue.item_code,
        }
        for number, issue in enumerate(it.issues, start=1)
    ]
    return (
        upsert(cases)
        .values(case_id=fact.case_id, created_at=fact.at, **values)
        .on_conflict_do_update(index_elements=["case_id"], set_=values),
        delete(issues).where(issues.c.case_id == fact.case_id),
        insert(issues).values(rows),
    )


def _drafted(fact: Fact, it: intake.WhistleDrafted) -> Sequence[Executable]:
    content = _content(fact, it, "draft")
    if it.origin is None or it.origin.type != "letter":
        return content
    # The office put it on the township's desk; that the township revises it tells nobody anything.
    told = notice(f"{fact.case_id}/letter-promoted", it.township, fact, "letter-promoted", {})
    return (*content, told)


def _raised(fact: Fact, it: intake.WhistleRaised) -> Sequence[Executable]:
    handover = (waits(fact, "dispatch"),) if it.emergency else ()
    return (*_content(fact, it, "awaiting_signature"), *handover)


def _signed(fact: Fact, it: intake.WhistleSigned) -> Sequence[Executable]:
    signature = {"signed_by": fact.plain(it.signed_by_sealed), "signed_by_key": key_of(it.signed_by_sealed)}
    if it.emergency:  # dispatched when raised; the signature follows and changes no state
        return (state(fact, None, **signature),)
    return (*_content(fact, it, "signed"), state(fact, "signed", waiting="dispatch", **signature))


def _closed(fact: Fact, it: intake.WhistleClosed) -> Sequence[Executable]:
    return (
        state(
            fact,
            "closed",
            waiting="dispatch-closed",
            closed_at=fact.at,
            appraised=it.appraised,
            cycle=it.cycle,
        ),
        *closed_issues(fact, it),
        *(
            update(assignments)
            .where(assignments.c.case_id == fact.case_id, assignments.c.unit == each.unit)
            .values(rating=each.rating)
            for each in it.ratings
        ),
    )


def _reworked(fact: Fact, it: intake.WhistleReworked) -> Sequence[Executable]:
    return (state(fact, "handling", waiting="reopening", cycle=it.cycle),)


def assigned(fact: Fact, each: routing.Assigned, cycle: int) -> Executable:
    """A department's part as it is now: a new one, or a kept one with another part or other issues."""
    values = {
        "part": each.part,
        "provisional": each.provisional,
        "issue_ids": list(each.issue_ids),
    }
    return (
        upsert(assignments)
        .values(
            assignment_id=each.assignment_id,
            case_id=fact.case_id,
            unit=each.unit,
            state="awaiting_report_in",
            cycle=cycle,
            issued_at=fact.at,
            **values,
        )
        .on_conflict_do_update(index_elements=["assignment_id"], set_=values)
    )


def _issued(fact: Fact, it: routing.DispatchIssued) -> Sequence[Executable]:
    return (
        state(
            fact,
            "dispatched",
            answered="dispatch",
            complex=it.complex,
            provisional=it.provisional,
            cycle=it.cycle,
            dispatch_reason=it.reason,
            dispatch_at=fact.at,
        ),
        waits(fact, "clocks"),
        *(assigned(fact, each, it.cycle) for each in it.assignments),
        *(dispatch_notice(fact, each) for each in it.assignments),
    )


def dispatch_notice(fact: Fact, each: routing.Assigned) -> Executable:
    """The department is told that it has the whistle."""
    return notice(f"{fact.event.id}/{each.unit}", each.unit, fact, "dispatch", {"part": each.part})


def _confirmed(fact: Fact, it: routing.DispatchConfirmed) -> Sequence[Executable]:
    if not it.owner_found:  # the provisional lead stays until it is ruled whose duty it is
        return (state(fact, None, complex=it.complex),)
    return (
        state(fact, None, provisional=False, complex=it.complex),
        update(assignments).where(assignments.c.case_id == fact.case_id).values(provisional=False),
    )


def _corrected(fact: Fact, it: routing.DispatchCorrected) -> Sequence[Executable]:
    return (
        state(fact, None, provisional=False, complex=it.complex),
        *(
            update(assignments)
            .where(assignments.c.assignment_id == each.assignment_id)
            .values(state="released")
            for each in it.voided
        ),
        *(assigned(fact, each, it.cycle) for each in (*it.issued, *it.changed)),
        *(dispatch_notice(fact, each) for each in it.issued),
        update(assignments).where(assignments.c.case_id == fact.case_id).values(provisional=False),
    )


def assignment(assignment_id: str, **values: Any) -> Executable:
    """Changes one department's part."""
    return update(assignments).where(assignments.c.assignment_id == assignment_id).values(**values)


def _reported_in(fact: Fact, it: routing.DepartmentReportedIn) -> Sequence[Executable]:
    # A lead that takes over work in progress finds the whistle in handling: intake has nothing to answer.
    moved = waits_unless(fact, "handling", "handling") if it.part == "lead" else state(fact, None)
    return (
        assignment(
            it.assignment_id,
            state="reported_in",
            reported_in_at=fact.at,
            mode=it.mode,
            handler=fact.plain(it.handler_sealed),
            phone=fact.plain(it.phone_sealed),
            handler_key=key_of(it.handler_sealed),
            first_step=fact.plain(it.first_step_sealed),
        ),
        moved,
    )


def _handling(fact: Fact, _: intake.WhistleHandling) -> Sequence[Executable]:
    """Word of it may come after the whistle was parked; that it stands still is the later fact."""
    return (
        state(fact, None, answered="handling"),
        update(cases)
        .where(cases.c.case_id == fact.case_id, cases.c.state != "parked")
        .values(state="handling"),
    )


def _feedback(fact: Fact, it: routing.FeedbackGiven) -> Sequence[Executable]:
    first = func.coalesce(assignments.c.first_feedback_at, fact.at)
    return (assignment(it.assignment_id, first_feedback_at=first), state(fact, None))


def _part_concluded(fact: Fact, it: routing.PartConcluded) -> Sequence[Executable]:
    return (
        assignment(
            it.assignment_id, state="concluded", concluded_at=fact.at, sentence=fact.plain(it.sentence_sealed)
        ),
        state(fact, None),
    )


def _lead_concluded(fact: Fact, it: routing.LeadConcluded) -> Sequence[Executable]:
    return (
        assignment(
            it.assignment_id, state="concluded", concluded_at=fact.at, sentence=fact.plain(it.sentence_sealed)
        ),
        waits(fact, "confirmation"),
        *(
            update(issues)
            .where(held(fact.case_id), issues.c.issue_id == each.issue_id)
            .values(result=each.result, result_details=fact.plain(each.details_sealed))
            for each in it.results
        ),
    )


def _reopened(fact: Fact, it: routing.DispatchReopened) -> Sequence[Executable]:
    return (
        state(fact, None, answered="reopening"),
        *unjudged_issues(fact.case_id),
        *(
            assignment(
                each.assignment_id,
                state="reported_in" if each.reported_in else "awaiting_report_in",
                concluded_at=None,
                cycle=it.cycle,
            )
            for each in it.assignments
        ),
    )


HANDLERS: Mapping[type[Published], Handler] = {
    intake.WhistleDrafted: _drafted,
    intake.WhistleDiscarded: lambda fact, _: (state(fact, "discarded"),),
    intake.WhistleRaised: _raised,
    intake.WhistleSentBack: lambda fact, _: (state(fact, "draft"),),
    intake.WhistleSigned: _signed,
    intake.WhistleHandling: _handling,
    intake.WhistleAwaitingConfirmation: lambda fact, _: (
        state(fact, "awaiting_confirmation", answered="confirmation"),
    ),
    intake.WhistleClosed: _closed,
    intake.WhistleReworked: _reworked,
    routing.DispatchScheduled: lambda fact, it: (
        state(fact, None, answered="dispatch", dispatch_at=it.dispatch_at),
    ),
    routing.DispatchIssued: _issued,
    routing.DispatchConfirmed: _confirmed,
    routing.DispatchCorrected: _corrected,
    routing.DepartmentReportedIn: _reported_in,
    routing.FeedbackGiven: _feedback,
    routing.PartConcluded: _part_concluded,
    routing.LeadConcluded: _lead_concluded,
    routing.DispatchReopened: _reopened,
    routing.DispatchClosed: lambda fact, _: (state(fact, None, answered="dispatch-closed"),),
}
"""Published fact → what it changes."""
