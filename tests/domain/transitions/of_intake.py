"""What is tried on whistles, letters and grid reports."""

from typing import Any, Final

from backbone.testing import NOON
from intake.application.grid_publishing import GRID_REPORT
from intake.application.publishing import LETTER, WHISTLE
from intake.domain import grid_report, letter, whistle
from intake.domain.letter import commands as letters
from intake.domain.whistle import commands as whistles
from intake.domain.whistle.facts import AdoptedIssues
from intake.domain.whistle.merging_commands import (
    JudgeAdoptedIssues,
    NoteAdoption,
    NoteConfirmationWindow,
    NoteMerger,
)
from tests.domain.intake.stories import (
    AT_ONCE,
    FARMING,
    FIREWORKS,
    FLOOD,
    HANZHANG,
    IN_THE_MORNING,
    MORNING,
    NUMBER,
    POTHOLE,
    PUDDLE,
    TRANSPORT,
    WATER,
    YUANCUN,
)
from tests.domain.intake.test_record_letter import RECORD as RECORD_LETTER
from tests.domain.intake.test_record_whistle import RECORD as RECORD_WHISTLE
from tests.domain.transitions.explore import Subject, Trial

OFFICE: Final = "burden-reduction-office"


_OUT: Final = (whistle.Stage.DISPATCHED, whistle.Stage.HANDLING, whistle.Stage.AWAITING_CONFIRMATION)


def _whistle(state: whistle.Whistle) -> str:
    name = str(state.stage)
    if state.stage is whistle.Stage.CLOSED and state.closing is not None and not state.closing.appraised:
        name += ", unappraised"
    if state.stage is whistle.Stage.NOT_ACCEPTED and state.appealed:
        name += ", appealed" if state.appeal is None else ", appeal turned down"
    if state.adopted and state.stage in _OUT:
        name += ", shared"
    if state.emergency and not state.signed:
        name += ", emergency unsigned"
    return name


def _again(state: whistle.Whistle) -> whistle.Command:
    return whistles.RaiseAgain(YUANCUN, "sealed reason", False, 30, state.closed_at or NOON)


OTHER: Final = AdoptedIssues("child", HANZHANG, ("well",), (TRANSPORT,))

WHISTLE_TRIALS: Final = (
    Trial(whistles.DraftWhistle(YUANCUN, "ordinary", FLOOD)),
    Trial(whistles.ReviseDraft(YUANCUN, "ordinary", FIREWORKS)),
    Trial(whistles.DiscardWhistle(YUANCUN)),
    Trial(whistles.RaiseWhistle(YUANCUN, "ordinary", FLOOD, NUMBER)),
    Trial(whistles.RaiseWhistle(YUANCUN, "ordinary", FIREWORKS, NUMBER), "emergency"),
    Trial(whistles.RaiseWhistle(YUANCUN, "ordinary", FLOOD, NUMBER, AT_ONCE), "by the leader"),
    Trial(whistles.SubmitWhistle(YUANCUN, NUMBER)),
    Trial(whistles.SendBackWhistle(YUANCUN, "sealed reason")),
    Trial(whistles.SignWhistle(YUANCUN, IN_THE_MORNING)),
    Trial(whistles.NoteDispatch((WATER, FARMING))),
    Trial(whistles.NoteHandling()),
    Trial(lambda state: whistles.AwaitConfirmation((), state.cycle)),
    Trial(whistles.CloseOut(YUANCUN)),
    Trial(lambda state: whistles.CloseUnappraised(state.cycle)),
    Trial(whistles.Rework(YUANCUN, "sealed reason")),
    Trial(whistles.WithdrawWhistle(YUANCUN, "sealed reason")),
    Trial(whistles.NoteWithdrawal()),
    Trial(whistles.NoteNotAccepted()),
    Trial(whistles.AppealWhistle(YUANCUN, "sealed reason")),
    Trial(lambda state: whistles.NoteAppealDecision(True, state.cycle + 1), "granted"),
    Trial(lambda state: whistles.NoteAppealDecision(False, state.cycle), "turned down"),
    Trial(_again),
    Trial(whistles.NoteFailedCheck(OFFICE, "sealed finding")),
    Trial(NoteAdoption((OTHER,), (TRANSPORT,))),
    Trial(NoteMerger("parent")),
    Trial(NoteConfirmationWindow(None, MORNING)),
    Trial(JudgeAdoptedIssues(HANZHANG, (), (), None, NOON)),
    Trial(RECORD_WHISTLE),
)

LETTER_TRIALS: Final = (
    Trial(letters.SubmitLetter(POTHOLE)),
    Trial(letters.RespondToLetter("sealed answer")),
    Trial(letters.RespondToLetter("sealed last answer", final=True), "final"),
    Trial(letters.RespondToLetter("sealed", automatic=True), "automatic"),
    Trial(letters.ReleaseLetter(WATER, "sealed words")),
    Trial(letters.HandOverLetter(FARMING, "sealed words")),
    Trial(letters.ReportOnLetter(FARMING, "sealed report")),
    Trial(letters.ResolveLetter("sealed result")),
    Trial(letters.NotAcceptLetter("sealed reason")),
    Trial(letters.ReferLetterUp("市减负办", "sealed reason")),
    Trial(letters.AppraiseLetter(True, "satisfied")),
    Trial(letters.TryCode(False, NOON), "wrong"),
    Trial(letters.TryCode(True, NOON), "right"),
    Trial(letters.PromoteLetter("whistle-case")),
    Trial(letters.NoteDispute("dispute-case")),
    Trial(letters.MoveLetter(FARMING, WATER)),
    Trial(RECORD_LETTER),
)

REPORT_TRIALS: Final = (
    Trial(grid_report.FileGridReport(PUDDLE)),
    Trial(grid_report.RecordGridReport(PUDDLE, NOON, NOON)),
    Trial(grid_report.CloseGridReport(YUANCUN, "grid", "sealed reply"), "in the grid"),
    Trial(grid_report.CloseGridReport(YUANCUN, "township", "sealed reply"), "by the township"),
    Trial(grid_report.RouteAwayGridReport(YUANCUN, "service")),
    Trial(grid_report.PromoteGridReport(YUANCUN, "whistle-case")),
    Trial(grid_report.ReplyToReporter(YUANCUN, "sealed other reply")),
    Trial(grid_report.TellOutcome("whistle-case", "closed", 1, "sealed outcome")),
)


def _stage(state: Any) -> str:
    return str(state.stage)


SUBJECTS: Final = (
    Subject("whistle", "哨单 Whistle", WHISTLE, whistle.Command, _whistle, WHISTLE_TRIALS),
    Subject("letter", "来信 Letter", LETTER, letter.Command, _stage, LETTER_TRIALS),
    Subject("grid report", "网格上报 Grid report", GRID_REPORT, grid_report.Command, _stage, REPORT_TRIALS),
)
