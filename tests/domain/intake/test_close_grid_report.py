"""Small matters are closed low, and the reporter is told."""

import pytest

from intake.domain.grid_report import CloseGridReport, GridReportClosed, Level, Stage
from tests.domain.intake.stories import (
    HANZHANG,
    YUANCUN,
    a_closed_report,
    a_promoted_report,
    a_report,
    a_report_sent_elsewhere,
    no_report_yet,
)

CLOSE = CloseGridReport(YUANCUN, "grid", "sealed reply")


@pytest.mark.parametrize(
    ("level", "stage"), [("grid", Stage.CLOSED_IN_GRID), ("township", Stage.CLOSED_BY_TOWNSHIP)]
)
def test_happens_in_the_grid_or_by_the_township(level: Level, stage: Stage) -> None:
    close = CloseGridReport(YUANCUN, level, "sealed reply")
    after = a_report.when(close).then(GridReportClosed(level, "sealed reply"))
    assert after.state.stage is stage


def test_tells_the_reporter() -> None:
    a_report.when(CloseGridReport(YUANCUN, "grid", "")).then_refused("reporter-must-be-told")


def test_is_for_the_own_township_only() -> None:
    a_report.when(CloseGridReport(HANZHANG, "grid", "sealed reply")).then_refused("unknown-case")
    no_report_yet.when(CLOSE).then_refused("unknown-case")


def test_changes_nothing_when_delivered_twice() -> None:
    a_closed_report.when(CLOSE).then_nothing()


def test_comes_too_late_for_what_went_on() -> None:
    a_promoted_report.when(CLOSE).then_refused("report-became-a-whistle")
    a_report_sent_elsewhere.when(CLOSE).then_refused("report-routed-away")
