"""What is tried on dispatches, one department's assignment, disputes and task-down reviews."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from routing.application.disputes_publishing import DISPUTE
from routing.application.publishing import DISPATCH
from routing.application.reviews_publishing import TASK_DOWN_REVIEW
from routing.domain import dispatch, dispute, task_down_review
from routing.domain.dispatch import commands as dispatches
from routing.domain.dispatch.facts import AdoptedCase
from routing.domain.dispatch.joining_commands import (
    Adopt,
    AskToCountersign,
    Countersign,
    JoiningPart,
    MergeInto,
)
from routing.domain.dispatch.parking_commands import Park, Unpark
from routing.domain.dispatch.state import Stage
from routing.domain.dispute import commands as disputes
from routing.domain.dispute.facts import DutyAgreed
from routing.domain.task_down_review import commands as reviews
from tests.domain.routing.dispute_stories import (
    AGAIN,
    APPROVE,
    AT_ONCE,
    BEYOND_US,
    BY_TELEPHONE,
    CENSUS,
    NOT_MINE,
    REFUSE,
    RULE,
    WATER_AFTER_ALL,
    WEDNESDAY,
    WITH_CONDITIONS,
)
from tests.domain.routing.stories import (
    BLOCKED_DITCH,
    DUTIES,
    EVERYONE,
    FARMING,
    FLOOD,
    MONDAY_NIGHT,
    POWER,
    TRANSPORT,
    TUESDAY_MORNING,
    WATER,
    YUANCUN,
    conclude,
    report_in,
)
from tests.domain.routing.test_record_dispatch import RECORD as RECORD_DISPATCH
from tests.domain.transitions.explore import Subject, Trial

BASIS: Final = "《防洪法》第六条"


def _dispatch(state: dispatch.Dispatch) -> str:
    name = str(state.stage)
    if state.stage is Stage.CONCLUDED:
        name += ", provisional" if state.provisional else ""
    if state.stage is Stage.OUT:
        name += ", provisional" if state.provisional else ""
        name += ", at work" if any(each.reported_in for each in state.assignments) else ""
        name += ", parked" if state.parked is not None else ""
        name += ", withdrawal asked" if state.withdrawal is not None else ""
        name += ", shared" if state.adopted else ""
    if state.stage is Stage.NOT_ACCEPTED and state.appealed:
        name += ", appealed" if state.appeal is None else ", appeal turned down"
    return name


CHILD: Final = AdoptedCase("child", "410923101", ("transformer",), (POWER,))
_ADOPT: Final = Adopt("child", False, (CHILD,), (JoiningPart(POWER, ("transformer",)),))


def _lead(state: dispatch.Dispatch) -> str:
    return state.lead.assigned.unit if state.lead is not None else WATER


def _ruling(state: dispatch.Dispatch) -> dispatch.Command:
    """It names somebody who has no part yet."""
    other = POWER if state.assignment(POWER) is None else TRANSPORT
    return dispatches.CorrectDispatch(other, (), EVERYONE, BASIS, by_ruling=True)


DISPATCH_TRIALS: Final = (
    Trial(BLOCKED_DITCH),
    Trial(FLOOD, "no single owner"),
    Trial(replace(BLOCKED_DITCH, dispatch_at=TUESDAY_MORNING), "in the evening"),
    Trial(RECORD_DISPATCH),
    Trial(dispatches.IssueDispatch(DUTIES)),
    Trial(dispatches.ConfirmDispatch(BASIS)),
    Trial(dispatches.ConfirmDispatch("", owner_found=False, at=MONDAY_NIGHT), "no owner found"),
    Trial(dispatches.CorrectDispatch(POWER, (), EVERYONE, BASIS)),
    Trial(_ruling, "by a ruling"),
    Trial(lambda state: report_in(_lead(state))),
    Trial(lambda state: conclude(_lead(state))),
    Trial(lambda state: dispatches.ReopenDispatch(state.cycle + 1)),
    Trial(dispatches.CloseDispatch()),
    Trial(dispatches.WithdrawDispatch(YUANCUN, "sealed reason")),
    Trial(dispatches.WithdrawDispatch(YUANCUN, "sealed reason", ask_consent=True), "asking consent"),
    Trial(dispatches.ConsentToWithdrawal()),
    Trial(dispatches.RefuseWithdrawal("sealed reason")),
    Trial(dispatches.NotAcceptWhistle("own_duty", BASIS)),
    Trial(dispatches.NoteAppeal()),
    Trial(dispatches.DecideAppeal(True, "sealed reason"), "granted"),
    Trial(dispatches.DecideAppeal(False, "sealed reason"), "turned down"),
    Trial(lambda state: dispatches.OpenCycle(state.cycle + 1, escalating_cycle=3)),
    Trial(_ADOPT),
    Trial(MergeInto("parent")),
    Trial(lambda state: Park(state.parking_answered + 1, _lead(state), MONDAY_NIGHT)),
    Trial(lambda state: Unpark(state.parked or 1, TUESDAY_MORNING)),
)


def _part(unit: str) -> Callable[[dispatch.Dispatch], str]:
    """The state of one department's assignment."""

    def named(state: dispatch.Dispatch) -> str:
        part = state.assignment(unit)
        if state.stage is Stage.NONE:
            return "none"
        if part is None:
            gone = any(each == unit for each, _ in state.handed_over)
            return "returned" if gone else "released" if unit in state.released else "replaced"
        if state.stage is Stage.CLOSED:
            return "ended"
        if part.concluded:
            return "concluded"
        if part.reported_in:
            return "reported_in"
        if part.return_request:
            return "return_requested"
        return "awaiting_report_in" + (", return refused" if part.return_refused else "")

    return named


def _trials(unit: str) -> tuple[Trial, ...]:
    """What may be asked of one department's part, in a dispatch that is final."""
    basis = "sealed basis"
    return (
        Trial(BLOCKED_DITCH),
        Trial(report_in(unit)),
        Trial(dispatches.GiveFeedback(unit, unit, "sealed feedback")),
        Trial(conclude(unit)),
        Trial(dispatches.ReportInAndConclude(report_in(unit), conclude(unit))),
        Trial(lambda state: dispatches.NoteReturnWindow(_id(state, unit), TUESDAY_MORNING)),
        Trial(dispatches.RequestReturn(unit, unit, basis, POWER, EVERYONE, MONDAY_NIGHT)),
        Trial(dispatches.AcceptReturn(unit, POWER, False, BASIS, EVERYONE, 3)),
        Trial(dispatches.AcceptReturn(unit, POWER, True, BASIS, EVERYONE, 3), "dispatch error"),
        Trial(dispatches.RefuseReturn(unit, "sealed reason")),
        Trial(dispatches.ReleaseAssignment(unit, "office", "", "sealed reason"), "by the office"),
        Trial(dispatches.ReleaseAssignment(unit, "ruling", "", "sealed reason"), "by a ruling"),
        Trial(dispatches.ReleaseAssignment(unit, "township", YUANCUN), "by the township"),
        Trial(dispatches.CorrectDispatch(POWER, (), EVERYONE, BASIS, by_ruling=True), "by a ruling"),
        Trial(dispatches.MoveAssignment(unit, POWER)),
        Trial(AskToCountersign(unit, unit, "plan", "sealed proposal")),
        Trial(Countersign(unit, unit, True)),
        Trial(lambda state: dispatches.ReopenDispatch(state.cycle + 1)),
        Trial(dispatches.CloseDispatch()),
    )


def _id(state: dispatch.Dispatch, unit: str) -> str:
    part = state.assignment(unit)
    return part.assigned.assignment_id if part is not None else "none"


def _dispute(state: dispute.Dispute) -> str:
    name = str(state.stage)
    if state.stage is dispute.Stage.EXECUTED and isinstance(state.decided, DutyAgreed):
        name += ", agreed"
    if state.request is not None:
        name += ", reconsidered" if state.reconsidered else ", reconsidering"
    return name


DISPUTE_TRIALS: Final = (
    Trial(NOT_MINE),
    Trial(disputes.AcceptDispute()),
    Trial(disputes.NotAcceptDispute("sealed reason")),
    Trial(disputes.OpenNegotiation()),
    Trial(disputes.OpenCoordination()),
    Trial(disputes.GiveStatement(WATER, "sealed words")),
    Trial(disputes.RecordHearing(WEDNESDAY.date(), (WATER, FARMING), "sealed minutes")),
    Trial(BY_TELEPHONE),
    Trial(AT_ONCE),
    Trial(RULE),
    Trial(replace(RULE, by_higher_level=True), "by the higher level"),
    Trial(BEYOND_US),
    Trial(disputes.ReferUp("市委编办", "undecided-in-time"), "time over"),
    Trial(AGAIN),
    Trial(disputes.DecideReconsideration("sealed reason"), "stands"),
    Trial(disputes.DecideReconsideration("sealed reason", WATER_AFTER_ALL), "revised"),
    Trial(lambda state: disputes.NoteExecution(state.number, "reassigned")),
)

REVIEW_TRIALS: Final = (
    Trial(CENSUS),
    Trial(reviews.StartReview()),
    Trial(reviews.RecordTaskHearing(WEDNESDAY.date(), 24, (YUANCUN,), "sealed minutes", 20)),
    Trial(APPROVE, "approved"),
    Trial(WITH_CONDITIONS, "with conditions"),
    Trial(REFUSE, "refused"),
    Trial(reviews.IssueTask(FARMING, "南农〔2026〕8号")),
    Trial(reviews.EvaluateTask(YUANCUN, False, "kept", "sealed words")),
    Trial(reviews.CiteReview("later-case")),
)


def _stage(state: Any) -> str:
    return str(state.stage)


SUBJECTS: Final = (
    Subject("dispatch", "派单 Dispatch", DISPATCH, dispatch.Command, _dispatch, DISPATCH_TRIALS),
    Subject(
        "lead", "派单之主办 Assignment of the lead", DISPATCH, dispatch.Command, _part(WATER), _trials(WATER)
    ),
    Subject(
        "assist",
        "派单之协办 Assignment of an assist",
        DISPATCH,
        dispatch.Command,
        _part(TRANSPORT),
        _trials(TRANSPORT),
    ),
    Subject("dispute", "权责争议 Dispute", DISPUTE, dispute.Command, _dispute, DISPUTE_TRIALS),
    Subject(
        "review",
        "责任下派审核 Task-down review",
        TASK_DOWN_REVIEW,
        task_down_review.Command,
        _stage,
        REVIEW_TRIALS,
    ),
)
