"""What belongs elsewhere is routed there, not whistled."""

from intake.domain.grid_report import GridReportRoutedAway, RouteAwayGridReport, Stage
from tests.domain.intake.stories import (
    HANZHANG,
    YUANCUN,
    a_closed_report,
    a_report,
    a_report_sent_elsewhere,
)

ROUTE_AWAY = RouteAwayGridReport(YUANCUN, "service")


def test_says_where_it_belongs() -> None:
    after = a_report.when(ROUTE_AWAY).then(GridReportRoutedAway("service"))
    assert after.state.stage is Stage.ROUTED_AWAY
    a_report.when(RouteAwayGridReport(YUANCUN, "ordinary")).then_refused("routing-away-needs-a-matter")


def test_is_for_the_own_township_only() -> None:
    a_report.when(RouteAwayGridReport(HANZHANG, "service")).then_refused("unknown-case")


def test_changes_nothing_when_delivered_twice() -> None:
    a_report_sent_elsewhere.when(ROUTE_AWAY).then_nothing()


def test_comes_too_late_once_it_is_closed() -> None:
    a_closed_report.when(ROUTE_AWAY).then_refused("report-already-closed")
