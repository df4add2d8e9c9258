"""回告 by the system: whoever reported is told once how the whistle has ended."""

from dataclasses import replace

from intake.domain.grid_report import PromoteGridReport, ReporterAnswered, Stage, TellOutcome
from tests.domain.intake.stories import YUANCUN, a_closed_report, a_promoted_report, a_report, no_report_yet

CLOSED = TellOutcome("whistle-case", "closed", 1, "sealed outcome")
TOLD = ReporterAnswered("sealed outcome", "closed", 1)


def test_tells_the_outcome_of_the_whistle_it_became() -> None:
    story = a_promoted_report.when(CLOSED).then(TOLD)
    assert (story.state.stage, story.state.reply) == (Stage.PROMOTED, "sealed outcome")


def test_tells_each_outcome_once() -> None:
    told = a_promoted_report.given(TOLD)
    told.when(replace(CLOSED, reply="sealed afresh")).then_nothing()
    again = replace(CLOSED, cycle=2)
    told.when(again).then(ReporterAnswered("sealed outcome", "closed", 2))


def test_tells_the_second_time_what_an_appeal_has_changed() -> None:
    refused = ReporterAnswered("sealed refusal", "not_accepted", 1)
    a_promoted_report.given(refused).when(replace(CLOSED, cycle=2)).then_states(ReporterAnswered)


def test_has_nothing_to_say_of_another_whistle() -> None:
    a_promoted_report.when(replace(CLOSED, whistle="another")).then_nothing()
    for report in (no_report_yet, a_report, a_closed_report):
        report.when(CLOSED).then_nothing()


def test_leaves_the_report_as_it_became() -> None:
    story = a_promoted_report.given(TOLD)
    story.when(PromoteGridReport(YUANCUN, "whistle-case")).then_nothing()
