"""派单裁量: what a command makes of a dispatch: facts, nothing, or a refusal."""

from typing import assert_never

from routing.domain.dispatch import (
    countersigning,
    desk,
    endings,
    merging,
    opening,
    parking,
    recording,
    returns,
    succession,
    work,
)
from routing.domain.dispatch.commands import (
    AcceptReturn,
    CloseDispatch,
    Command,
    Conclude,
    ConfirmDispatch,
    ConsentToWithdrawal,
    CorrectDispatch,
    DecideAppeal,
    GiveFeedback,
    IssueDispatch,
    MoveAssignment,
    NotAcceptWhistle,
    NoteAppeal,
    NoteReturnWindow,
    OpenCycle,
    OpenDispatch,
    RefuseReturn,
    RefuseWithdrawal,
    ReleaseAssignment,
    ReopenDispatch,
    ReportIn,
    ReportInAndConclude,
    RequestReturn,
    WithdrawDispatch,
)
from routing.domain.dispatch.facts import DispatchClosed, DispatchReopened, DispatchScheduled, Event
from routing.domain.dispatch.joining_commands import Adopt, AskToCountersign, Countersign, MergeInto
from routing.domain.dispatch.parking_commands import Park, Unpark
from routing.domain.dispatch.recording import RecordDispatch
from routing.domain.dispatch.state import ENDED, Dispatch, Stage
from routing.domain.refusals import require


def decide(command: Command, dispatch: Dispatch) -> list[Event]:
    """The facts that follow from a command; raises ``Refused`` with nothing changed."""
    match command:
        case OpenDispatch():
            return _open(command) if dispatch.stage is Stage.NONE else []
        case IssueDispatch():
            return _issue(command, dispatch)
        case ConfirmDispatch():
            return desk.confirm(command, dispatch)
        case CorrectDispatch():
            return desk.correct(command, dispatch)
        case ReportIn():
            return work.report_in(command, dispatch)
        case GiveFeedback():
            return work.give_feedback(command, dispatch)
        case Conclude():
            return work.conclude(command, dispatch)
        case ReportInAndConclude(report_in, conclude):
            return work.report_in_and_conclude(report_in, conclude, dispatch)
        case NoteReturnWindow():
            return returns.note_window(command, dispatch)
        case RequestReturn():
            return returns.request(command, dispatch)
        case AcceptReturn():
            return returns.accept(command, dispatch)
        case RefuseReturn():
            return returns.refuse(command, dispatch)
        case ReleaseAssignment():
            return returns.release(command, dispatch)
        case ReopenDispatch(cycle):
            reworkable = dispatch.stage in (Stage.OUT, Stage.CONCLUDED) and cycle > dispatch.cycle
            return [DispatchReopened(cycle)] if reworkable else []
        case CloseDispatch():
            return [] if dispatch.stage in (Stage.NONE, *ENDED) else [DispatchClosed()]
        case WithdrawDispatch():
            return endings.withdraw(command, dispatch)
        case ConsentToWithdrawal():
            return endings.consent(dispatch)
        case RefuseWithdrawal():
            return endings.refuse_withdrawal(command, dispatch)
        case NotAcceptWhistle():
            return endings.not_accept(command, dispatch)
        case NoteAppeal():
            return endings.note_appeal(dispatch)
        case DecideAppeal():
            return endings.decide_appeal(command, dispatch)
        case OpenCycle():
            return endings.open_cycle(command, dispatch)
        case Park():
            return parking.park(command, dispatch)
        case Unpark():
            return parking.unpark(command, dispatch)
        case MoveAssignment():
            return succession.move(command, dispatch)
        case Adopt():
            return merging.adopt(command, dispatch)
        case MergeInto():
            return merging.merge_into(command, dispatch)
        case AskToCountersign():
            return countersigning.ask(command, dispatch)
        case Countersign():
            return countersigning.countersign(command, dispatch)
        case RecordDispatch():
            return [recording.record(command)] if dispatch.stage is Stage.NONE else []
        case _:
            assert_never(command)


def _issue(command: IssueDispatch, dispatch: Dispatch) -> list[Event]:
    waiting = dispatch.scheduled
    if dispatch.stage is not Stage.SCHEDULED or waiting is None:
        return []
    named = command.succession.named(waiting.departments)
    ended = tuple(unit for unit in named if unit in command.succession.gone)
    request = opening.Request(
        case_id=waiting.case_id,
        township=waiting.township,
        emergency=False,
        issues=waiting.issues,
        departments=tuple(unit for unit in named if unit not in ended),
        left_out=(*waiting.left_out, *ended),
    )
    return [opening.issue(request, command.duties, scheduled=True)]


def _open(command: OpenDispatch) -> list[Event]:
    require(len(command.issues) > 0, "dispatch-needs-an-issue")
    require(len(command.departments) > 0, "dispatch-needs-a-department")
    request = opening.Request(
        command.case_id,
        command.township,
        command.emergency,
        command.issues,
        tuple(unit for unit in command.departments if unit in command.registered),
        tuple(unit for unit in command.departments if unit not in command.registered),
        command.signed_at,
    )
    waits = command.dispatch_at is not None and not command.emergency
    if waits and command.dispatch_at is not None and command.dispatch_at > command.at:
        return [
            DispatchScheduled(
                request.case_id,
                request.township,
                request.issues,
                request.departments,
                request.left_out,
                command.dispatch_at,
                command.signed_at,
            )
        ]
    # The hour may have passed before this was read; C0 still runs from here and not from the night before.
    return [opening.issue(request, command.duties, scheduled=waits)]
