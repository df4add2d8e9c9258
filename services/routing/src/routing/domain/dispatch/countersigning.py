"""会签: the lead asks its assists at once, each answers by itself, and nobody waits for anybody.

A missing countersignature never keeps the lead from concluding, so there is no clock on it.
"""

from routing.domain.dispatch.desk import require_open
from routing.domain.dispatch.facts import CountersigningAsked, DepartmentCountersigned, Event
from routing.domain.dispatch.joining_commands import AskToCountersign, Countersign
from routing.domain.dispatch.state import Dispatch, Stage
from routing.domain.dispatch.work import require_own
from routing.domain.refusals import require


def ask(command: AskToCountersign, dispatch: Dispatch) -> list[Event]:
    """A new proposal takes the place of the one before it."""
    assignment = require_own(command.unit, command.by, dispatch)
    before = dispatch.countersigning
    if before is not None and (before.kind, before.proposal) == (command.kind, command.proposal):
        return []
    _at_work(dispatch)
    require(assignment.is_lead, "only-the-lead-asks-to-countersign")
    require(assignment.reported_in is not None, "not-reported-in")
    asked = tuple(each.assigned.unit for each in dispatch.assignments if not each.is_lead)
    require(bool(asked), "nobody-to-countersign")
    require(command.proposal != "", "countersigning-needs-a-proposal")
    return [
        CountersigningAsked(
            assignment.assigned.assignment_id,
            command.unit,
            dispatch.proposals + 1,
            command.kind,
            command.proposal,
            asked,
        )
    ]


def countersign(command: Countersign, dispatch: Dispatch) -> list[Event]:
    """Any assist may answer, also one that joined after the question."""
    assignment = require_own(command.unit, command.by, dispatch)
    proposal, lead = dispatch.countersigning, dispatch.lead
    answered = dict(proposal.answers).get(command.unit) if proposal is not None else None
    if answered is not None and answered == command.agrees:
        return []
    _at_work(dispatch)
    require(not assignment.is_lead, "the-lead-does-not-countersign")
    # A proposal lapses with the lead that made it.
    open_ = proposal is not None and lead is not None and lead.assigned.unit == proposal.by
    require(open_, "nothing-to-countersign")
    assert proposal is not None
    require(answered is None, "already-countersigned")
    require(assignment.reported_in is not None, "not-reported-in")
    require(command.agrees or command.words != "", "objection-needs-a-sentence")
    return [
        DepartmentCountersigned(
            assignment.assigned.assignment_id,
            command.unit,
            proposal.round,
            command.agrees,
            command.words or None,
        )
    ]


def _at_work(dispatch: Dispatch) -> None:
    require_open(dispatch)
    require(dispatch.stage is not Stage.CONCLUDED, "lead-already-concluded")
