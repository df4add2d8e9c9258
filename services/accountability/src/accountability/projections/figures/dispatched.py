"""Assignments in the figures: who had which part, who answered when the lead concluded, what came back."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from accountability.projections.figures.ledger import Ledger
from accountability.projections.figures.outside import exclude
from accountability.projections.figures.tables import answerable, members, parts, subjects
from accountability.projections.figures.timed import Handler
from backbone.outbox import Delivered
from contracts.events import Published, routing

LEAD: Final = "lead"


def _assign(ledger: Ledger, fact: Delivered, assigned: Iterable[routing.Assigned]) -> None:
    """Parts that begin now, or go on as they are told."""
    for each in assigned:
        known = ledger.row(parts, each.assignment_id)
        values: dict[str, Any] = {"unit": each.unit, "part": each.part, "issue_ids": list(each.issue_ids)}
        if known is None:
            values |= {
                "case_id": fact.case_id,
                "at": fact.effective_at,
                "error": False,
                "returning": None,
                "reported_in": False,
            }
        ledger.write(parts, each.assignment_id, fact, live=True, **values)


def _leave(ledger: Ledger, fact: Delivered, assignment_id: str, *, error: bool) -> None:
    values: dict[str, Any] = {"error": True} if error else {}
    ledger.write(parts, assignment_id, fact, live=False, **values)
    if error:
        exclude(ledger, fact, assignment_id, "dispatch-error")


def _afresh(ledger: Ledger, fact: Delivered, assigned: Iterable[routing.Assigned]) -> None:
    """Another cycle: the parts of the last one are history."""
    for row in _live(ledger, fact):
        ledger.write(parts, row["key"], fact, live=False)
    _assign(ledger, fact, assigned)


def _live(ledger: Ledger, fact: Delivered) -> list[Mapping[str, Any]]:
    return [row for row in ledger.rows(parts) if row["case_id"] == fact.case_id and row["live"]]


def _corrected(ledger: Ledger, fact: Delivered, it: routing.DispatchCorrected) -> None:
    for each in it.voided:
        _leave(ledger, fact, each.assignment_id, error=True)
    _assign(ledger, fact, (*it.issued, *it.changed))


def _returned(ledger: Ledger, fact: Delivered, it: routing.AssignmentReturned) -> None:
    _leave(ledger, fact, it.assignment_id, error=it.dispatch_error)
    ledger.write(parts, it.assignment_id, fact, returning="upheld")
    _assign(ledger, fact, (*it.issued, *it.changed))


def _released(ledger: Ledger, fact: Delivered, it: routing.AssignmentReleased) -> None:
    _leave(ledger, fact, it.assignment_id, error=False)
    _assign(ledger, fact, it.changed)


def _appeal_decided(ledger: Ledger, fact: Delivered, it: routing.AppealDecided) -> None:
    """Granted, the whistle is out once more and counts again."""
    if it.granted:
        exclude(ledger, fact, fact.case_id, "not-accepted", holds=False)
        _afresh(ledger, fact, it.assignments)


def _concluded(ledger: Ledger, fact: Delivered, it: routing.LeadConcluded) -> None:
    _answer(ledger, fact, cycle=it.cycle, lead=it.unit, issues=[each.issue_id for each in it.results])


def _answer(ledger: Ledger, fact: Delivered, *, cycle: int, lead: str, issues: Iterable[str] = ()) -> None:
    """Keep who answers for each issue, who led and who had a part, as it is at a conclusion."""
    answers = {LEAD: lead, **dict.fromkeys(issues, lead)}
    for row in _live(ledger, fact):
        answers |= dict.fromkeys(row["issue_ids"], row["unit"])
        answers[row["key"]] = row["unit"]
    for subject, unit in answers.items():
        ledger.write(
            answerable,
            f"{fact.case_id}/{cycle}/{subject}",
            fact,
            case_id=fact.case_id,
            cycle=cycle,
            subject=subject,
            unit=unit,
        )


def _moved(ledger: Ledger, fact: Delivered, it: routing.AssignmentMoved) -> None:
    """A merged unit's part is its heir's; of two parts one goes on."""
    if it.absorbed is not None:
        _leave(ledger, fact, it.absorbed.assignment_id, error=False)
    _assign(ledger, fact, (it.kept,))


def _recorded(ledger: Ledger, fact: Delivered, it: routing.DispatchRecorded) -> None:
    """A whistle of the past: who had it, and who answered at its only conclusion."""
    for each in it.assignments:
        ledger.write(
            parts,
            each.assignment_id,
            fact,
            case_id=fact.case_id,
            unit=each.unit,
            at=it.dispatched_at,
            part=each.part,
            issue_ids=list(each.issue_ids),
            live=True,
            error=False,
            returning=None,
            reported_in=each.reported_in_at is not None,
        )
    _answer(ledger, fact, cycle=1, lead=it.assignments[0].unit)


def _renamed(ledger: Ledger, fact: Delivered, it: routing.UnitRenamed) -> None:
    if ledger.row(members, it.code) is not None:
        ledger.write(members, it.code, fact, name=it.name, short_name=it.short_name)


def _registered(ledger: Ledger, fact: Delivered, it: routing.UnitRegistered) -> None:
    ledger.write(members, it.code, fact, name=it.name, short_name=it.short_name, tier=it.tier)


HANDLERS: Final[Mapping[type[Published], Handler]] = {
    routing.UnitRegistered: _registered,
    routing.UnitRenamed: _renamed,
    routing.DispatchIssued: lambda ledger, fact, it: _assign(ledger, fact, it.assignments),
    routing.DispatchCorrected: _corrected,
    routing.ChildAdopted: lambda ledger, fact, it: _assign(ledger, fact, (*it.issued, *it.changed)),
    routing.AssignmentMoved: _moved,
    routing.DispatchRecorded: _recorded,
    routing.CycleOpened: lambda ledger, fact, it: _afresh(ledger, fact, it.assignments),
    routing.AppealDecided: _appeal_decided,
    routing.ReturnRequested: lambda ledger, fact, it: ledger.write(
        parts, it.assignment_id, fact, returning="requested"
    ),
    routing.ReturnRefused: lambda ledger, fact, it: ledger.write(
        parts, it.assignment_id, fact, returning="refused"
    ),
    routing.AssignmentReturned: _returned,
    routing.AssignmentReleased: _released,
    routing.DepartmentReportedIn: lambda ledger, fact, it: ledger.write(
        parts, it.assignment_id, fact, reported_in=True
    ),
    routing.LeadConcluded: _concluded,
    routing.DisputeFiled: lambda ledger, fact, _: ledger.write(subjects, fact.case_id, fact, kind="dispute"),
}
"""Published fact → what it changes."""
