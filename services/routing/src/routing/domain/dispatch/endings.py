"""终结与再启: withdrawn by the township, not accepted by the office, sent out once more (W4', W9, W12)."""

from dataclasses import replace

from routing.domain.dispatch.commands import (
    DecideAppeal,
    NotAcceptWhistle,
    OpenCycle,
    RefuseWithdrawal,
    WithdrawDispatch,
)
from routing.domain.dispatch.desk import require_dispatched, require_open
from routing.domain.dispatch.facts import (
    AppealDecided,
    AppealNoted,
    Assigned,
    CycleOpened,
    DispatchEscalated,
    DispatchWithdrawn,
    Event,
    WhistleNotAccepted,
    WithdrawalRefused,
    WithdrawalRequested,
)
from routing.domain.dispatch.opening import assignment_id
from routing.domain.dispatch.state import Dispatch, Stage
from routing.domain.dispatch.succession import inherited
from routing.domain.refusals import require


def withdraw(command: WithdrawDispatch, dispatch: Dispatch) -> list[Event]:
    """Freely while nobody has reported in and no other township has a part; else the office consents."""
    own = dispatch.stage is not Stage.NONE and dispatch.township == command.by
    require(own, "unknown-case")
    if dispatch.stage is Stage.WITHDRAWN or (command.ask_consent and dispatch.withdrawal is not None):
        return []
    require_open(dispatch)
    require(dispatch.stage is not Stage.CONCLUDED, "concluded-awaits-your-verdict")
    require(command.reason != "", "withdrawal-needs-a-reason")
    shared = any(each.township != dispatch.township for each in dispatch.adopted)
    if not _work_has_begun(dispatch) and not shared:
        return [DispatchWithdrawn(command.reason, consented=False)]
    require(command.ask_consent or not shared, "others-share-this-whistle")
    require(command.ask_consent, "withdrawal-needs-consent")
    return [WithdrawalRequested(command.reason)]


def consent(dispatch: Dispatch) -> list[Event]:
    """The office agrees: work ends."""
    require_dispatched(dispatch)
    if dispatch.stage is Stage.WITHDRAWN:
        return []
    require(dispatch.withdrawal is not None, "no-withdrawal-requested")
    assert dispatch.withdrawal is not None
    require_open(dispatch)
    return [DispatchWithdrawn(dispatch.withdrawal, consented=True)]


def refuse_withdrawal(command: RefuseWithdrawal, dispatch: Dispatch) -> list[Event]:
    """The office disagrees: work goes on."""
    require_dispatched(dispatch)
    require_open(dispatch)
    require(dispatch.withdrawal is not None, "no-withdrawal-requested")
    require(command.reason != "", "refusing-a-withdrawal-needs-a-reason")
    return [WithdrawalRefused(command.reason)]


def not_accept(command: NotAcceptWhistle, dispatch: Dispatch) -> list[Event]:
    """Only the office, only before any report-in, and not again after a granted appeal."""
    require_dispatched(dispatch)
    stated = WhistleNotAccepted(command.reason_code, command.legal_basis)
    if dispatch.stage is Stage.NOT_ACCEPTED and dispatch.not_accepted == stated:
        return []
    require_open(dispatch)
    require(not _work_has_begun(dispatch), "department-has-reported-in")
    require(dispatch.appeal is None, "appeal-was-granted")
    require(command.legal_basis != "", "desk-needs-a-legal-basis")
    return [stated]


def note_appeal(dispatch: Dispatch) -> list[Event]:
    """There is one appeal."""
    waits = dispatch.stage is Stage.NOT_ACCEPTED and not dispatch.appealed
    return [AppealNoted()] if waits else []


def decide_appeal(command: DecideAppeal, dispatch: Dispatch) -> list[Event]:
    """Granted, the departments have it once more; nothing is provisional, for the office has looked."""
    require_dispatched(dispatch)
    if dispatch.appeal is not None and dispatch.appeal.granted == command.granted:
        return []
    waits = dispatch.stage is Stage.NOT_ACCEPTED and dispatch.appealed and dispatch.appeal is None
    require(waits, "no-appeal-to-decide")
    require(command.reason != "", "appeal-needs-a-reason")
    if not command.granted:
        return [AppealDecided(False, command.reason, (), dispatch.cycle)]
    cycle = dispatch.cycle + 1
    return [AppealDecided(True, command.reason, _afresh(inherited(dispatch, command.heirs), cycle), cycle)]


def open_cycle(command: OpenCycle, dispatch: Dispatch) -> list[Event]:
    """The same departments have it once more, or who is in their place; many cycles escalate."""
    cycle = command.cycle
    if dispatch.stage is not Stage.CLOSED or cycle <= dispatch.cycle:
        return []
    opened = CycleOpened(_afresh(inherited(dispatch, command.heirs), cycle), cycle)
    if cycle < command.escalating_cycle or "third-cycle" in dispatch.escalated:
        return [opened]
    return [opened, DispatchEscalated("third-cycle", command.escalating_cycle)]


def _afresh(dispatch: Dispatch, cycle: int) -> tuple[Assigned, ...]:
    """The same parts under new ids: their clocks start anew."""
    return tuple(
        replace(
            each.assigned,
            assignment_id=assignment_id(dispatch.case_id, each.assigned.unit, cycle, dispatch.given_ids),
            provisional=False,
        )
        for each in dispatch.assignments
    )


def _work_has_begun(dispatch: Dispatch) -> bool:
    return any(each.reported_in is not None for each in dispatch.assignments)
