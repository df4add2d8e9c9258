"""Whoever reported is told how it stands."""

from intake.domain.grid_report import ReplyToReporter, ReporterAnswered, Stage
from tests.domain.intake.stories import HANZHANG, YUANCUN, a_closed_report, a_promoted_report, a_report

REPLY = ReplyToReporter(YUANCUN, "sealed progress")


def test_is_possible_at_any_time() -> None:
    for report in (a_report, a_promoted_report, a_closed_report):
        report.when(REPLY).then(ReporterAnswered("sealed progress"))


def test_moves_nothing_else() -> None:
    assert a_promoted_report.given(ReporterAnswered("sealed progress")).state.stage is Stage.PROMOTED


def test_needs_words() -> None:
    a_report.when(ReplyToReporter(YUANCUN, "")).then_refused("reporter-must-be-told")


def test_is_for_the_own_township_only() -> None:
    a_report.when(ReplyToReporter(HANZHANG, "sealed progress")).then_refused("unknown-case")


def test_changes_nothing_when_delivered_twice() -> None:
    a_report.given(ReporterAnswered("sealed progress")).when(REPLY).then_nothing()
