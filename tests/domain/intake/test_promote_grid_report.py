"""What takes departments goes on as a whistle."""

from intake.domain.grid_report import GridReportPromoted, PromoteGridReport, Stage
from tests.domain.intake.stories import HANZHANG, YUANCUN, a_closed_report, a_promoted_report, a_report

PROMOTE = PromoteGridReport(YUANCUN, "whistle-case")


def test_goes_on_as_a_whistle() -> None:
    after = a_report.when(PROMOTE).then(GridReportPromoted("whistle-case"))
    assert after.state.stage is Stage.PROMOTED


def test_becomes_one_whistle_only() -> None:
    a_promoted_report.when(PROMOTE).then_nothing()
    a_promoted_report.when(PromoteGridReport(YUANCUN, "another")).then_refused("report-became-a-whistle")


def test_is_for_the_own_township_only() -> None:
    a_report.when(PromoteGridReport(HANZHANG, "whistle-case")).then_refused("unknown-case")


def test_comes_too_late_once_it_is_closed() -> None:
    a_closed_report.when(PROMOTE).then_refused("report-already-closed")
