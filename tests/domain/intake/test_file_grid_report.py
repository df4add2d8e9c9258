"""A resident, a village, a grid worker or staff reports something to the grid."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backbone.testing import NOON
from intake.domain.grid_report import FileGridReport, GridReportFiled, Matter, RecordGridReport, Stage
from tests.domain.intake.stories import PUDDLE, a_report, no_report_yet


def test_reaches_the_leader_in_charge() -> None:
    after = no_report_yet.when(FileGridReport(PUDDLE)).then(GridReportFiled(PUDDLE))
    assert after.state.stage is Stage.REPORTED
    assert after.state.content is not None
    assert after.state.content.leader == "leader-410923102"


@pytest.mark.parametrize(
    ("matter", "slug"),
    [
        ("service", "belongs-to-the-service-desk"),
        ("permit", "belongs-to-the-permit-window"),
        ("emergency_line", "belongs-to-the-emergency-line"),
        ("litigation", "belongs-to-the-court"),
        ("petition", "belongs-to-the-petition-office"),
        ("discipline", "belongs-to-the-discipline-body"),
        ("secret", "secret-is-not-admitted"),
    ],
)
def test_is_told_the_address_of_what_belongs_elsewhere(matter: Matter, slug: str) -> None:
    no_report_yet.when(FileGridReport(PUDDLE, matter)).then_refused(slug)


def test_needs_a_township_and_a_text() -> None:
    nowhere = FileGridReport(replace(PUDDLE, township=""))
    no_report_yet.when(nowhere).then_refused("report-needs-a-township")
    no_report_yet.when(FileGridReport(replace(PUDDLE, text=""))).then_refused("report-needs-a-text")


def test_changes_nothing_when_delivered_twice() -> None:
    a_report.when(FileGridReport(PUDDLE)).then_nothing()


def test_is_not_written_over() -> None:
    other = FileGridReport(replace(PUDDLE, text="sealed other"))
    a_report.when(other).then_refused("report-exists")


def test_may_be_recorded_from_elsewhere() -> None:
    yesterday = NOON - timedelta(days=1)
    no_report_yet.when(RecordGridReport(PUDDLE, yesterday, NOON)).then(GridReportFiled(PUDDLE))


def test_is_not_recorded_before_it_was_made() -> None:
    no_report_yet.when(RecordGridReport(PUDDLE, NOON, NOON - timedelta(seconds=1))).then_refused(
        "not-yet-happened"
    )
