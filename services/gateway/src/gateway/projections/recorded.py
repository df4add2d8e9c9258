"""Whistles recorded after the fact (补录) in the case view: closed from the first, and nobody is notified."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Executable, insert

from contracts.events import Published, intake, routing
from gateway.projections.facts import Fact, Handler, key_of, state, waits
from gateway.projections.tables import assignments, cases, issues


def _recorded(fact: Fact, it: intake.WhistleRecorded) -> Sequence[Executable]:
    text = fact.plain(it.text_sealed) or ""
    results = {each.issue_id: each.verdict for each in it.results}
    verdicts = {each.issue_id: each.verdict for each in it.verdicts}
    return (
        insert(cases).values(
            case_id=fact.case_id,
            type="whistle",
            number=it.number,
            external_number=it.external_number,
            recorded=True,
            state="closed",
            township=it.township,
            village=it.village,
            kind=it.kind,
            ground=it.ground,
            emergency=it.emergency,
            title=text[:60],
            text=text,
            raised_by=fact.plain(it.raised_by_sealed),
            raised_by_key=key_of(it.raised_by_sealed),
            proposed_departments=[each.unit for each in it.departments],
            appraised=it.appraised,
            comment=fact.plain(it.comment_sealed),
            dispatch_at=it.dispatched_at,
            created_at=it.signed_at,
            updated_at=it.closed_at,
            closed_at=it.closed_at,
        ),
        insert(issues).values(
            [
                {
                    "case_id": fact.case_id,
                    "issue_id": issue.issue_id,
                    "ordinal": number,
                    "text": fact.plain(issue.text_sealed) or "",
                    "item_code": issue.item_code,
                    "result": results.get(issue.issue_id),
                    "verdict": verdicts.get(issue.issue_id),
                }
                for number, issue in enumerate(it.issues, start=1)
            ]
        ),
        waits(fact, "dispatch"),
    )


def _dispatch_recorded(fact: Fact, it: routing.DispatchRecorded) -> Sequence[Executable]:
    """What paper tells of the conclusion is the lead's."""
    return (
        insert(assignments).values(
            [
                {
                    "assignment_id": each.assignment_id,
                    "case_id": fact.case_id,
                    "unit": each.unit,
                    "part": each.part,
                    "state": "concluded",
                    "provisional": False,
                    "cycle": 1,
                    "issue_ids": list(each.issue_ids),
                    "sentence": fact.plain(it.sentence_sealed) if each.part == "lead" else None,
                    "rating": each.rating,
                    "issued_at": it.dispatched_at,
                    "reported_in_at": each.reported_in_at,
                    "first_feedback_at": it.feedback_at if each.part == "lead" else None,
                    "concluded_at": it.concluded_at if each.part == "lead" else None,
                }
                for each in it.assignments
            ]
        ),
        state(fact, None, answered="dispatch", complex=it.complex),
    )


HANDLERS: Mapping[type[Published], Handler] = {
    intake.WhistleRecorded: _recorded,
    routing.DispatchRecorded: _dispatch_recorded,
}
"""Published fact → what it changes."""
