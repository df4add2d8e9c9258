"""Withdrawn, not accepted, appealed against, raised again: how whistles end and come back."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Executable, update

from contracts.events import Published, intake, routing
from gateway.projections.adopted_issues import unjudged_issues
from gateway.projections.facts import Fact, Handler, notice, state
from gateway.projections.returns import OFFICE
from gateway.projections.tables import assignments
from gateway.projections.whistles import assigned, dispatch_notice


def _told(fact: Fact, unit: str, kind: str) -> Executable:
    return notice(str(fact.event.id), unit, fact, kind, {})


def _sent_again(fact: Fact, it: routing.AppealDecided | routing.CycleOpened) -> Sequence[Executable]:
    """The parts of the cycle before stay as history; the verdicts were of that cycle."""
    return (
        update(assignments)
        .where(assignments.c.case_id == fact.case_id, assignments.c.state != "concluded")
        .values(state="released"),
        *(assigned(fact, each, it.cycle) for each in it.assignments),
        *(dispatch_notice(fact, each) for each in it.assignments),
        *unjudged_issues(fact.case_id),
    )


def _appeal_decided(fact: Fact, it: routing.AppealDecided) -> Sequence[Executable]:
    told = _told(fact, it.township, "appeal-decided")
    if not it.granted:
        return (state(fact, None), told)
    return (*_sent_again(fact, it), state(fact, "dispatched", cycle=it.cycle, provisional=False), told)


def _cycle_opened(fact: Fact, it: routing.CycleOpened) -> Sequence[Executable]:
    return (*_sent_again(fact, it), state(fact, "dispatched", answered="dispatch", cycle=it.cycle))


def _raised_again(fact: Fact, it: intake.WhistleRaisedAgain) -> Sequence[Executable]:
    return (state(fact, "signed", waiting="dispatch", cycle=it.cycle, closed_at=None, appraised=None),)


HANDLERS: Mapping[type[Published], Handler] = {
    intake.WhistleWithdrawn: lambda fact, _: (state(fact, "withdrawn"),),
    intake.WhistleAppealed: lambda fact, _: (state(fact, None), _told(fact, OFFICE, "appeal")),
    intake.WhistleRaisedAgain: _raised_again,
    routing.WithdrawalRequested: lambda fact, _: (
        state(fact, None),
        _told(fact, OFFICE, "withdrawal-requested"),
    ),
    routing.WithdrawalRefused: lambda fact, it: (
        state(fact, None),
        _told(fact, it.township, "withdrawal-refused"),
    ),
    routing.DispatchWithdrawn: lambda fact, _: (state(fact, "withdrawn"),),
    routing.WhistleNotAccepted: lambda fact, it: (
        state(fact, "not_accepted"),
        _told(fact, it.township, "not-accepted"),
    ),
    routing.AppealDecided: _appeal_decided,
    routing.CycleOpened: _cycle_opened,
}
"""Published fact → what it changes."""
