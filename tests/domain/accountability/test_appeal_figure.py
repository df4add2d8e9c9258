"""A unit appeals against being counted, and somebody else decides."""

from accountability.application.figure_publishing import FIGURE_APPEAL
from accountability.domain.figure_appeal import (
    AppealFigure,
    DecideFigureAppeal,
    FigureAppealDecided,
    FigureAppealed,
)
from backbone.testing import Scenario

CLOCK, CASE, WATER, ROADS = "clock-1", "case-1", "water-resources", "transport"
LEADER, SUPERVISOR = "leader-1", "supervisor-1"
APPEAL = AppealFigure(CLOCK, CASE, WATER, WATER, "sealed:停电", LEADER)
APPEALED = FigureAppealed(CLOCK, CASE, WATER, "sealed:停电", LEADER)
ACCEPT = DecideFigureAppeal(True, "sealed:属实", SUPERVISOR)
ACCEPTED = FigureAppealDecided(True, "sealed:属实", SUPERVISOR)

nobody = Scenario.of(FIGURE_APPEAL)
appealed = nobody.given(APPEALED)


def test_is_heard_with_its_reason() -> None:
    nobody.when(APPEAL).then(APPEALED)
    nobody.when(AppealFigure(CLOCK, CASE, WATER, WATER, "", LEADER)).then_refused("reason-missing")


def test_is_not_made_by_a_unit_whose_figures_do_not_count_the_item() -> None:
    nobody.when(AppealFigure(CLOCK, CASE, WATER, ROADS, "sealed:x", LEADER)).then_refused(
        "unknown-figure-item"
    )


def test_is_accepted_or_refused_by_somebody_else() -> None:
    appealed.when(ACCEPT).then(ACCEPTED)
    refused = DecideFigureAppeal(False, "sealed:不属实", SUPERVISOR)
    appealed.when(refused).then(FigureAppealDecided(False, "sealed:不属实", SUPERVISOR))
    appealed.when(DecideFigureAppeal(True, "sealed:x", LEADER)).then_refused("second-person-needed")
    appealed.when(DecideFigureAppeal(True, "", SUPERVISOR)).then_refused("reason-missing")


def test_is_decided_only_when_it_was_made() -> None:
    nobody.when(ACCEPT).then_refused("no-figure-appeal")


def test_is_decided_once_and_not_made_again() -> None:
    decided = appealed.given(ACCEPTED)

    decided.when(ACCEPT).then_nothing()
    decided.when(DecideFigureAppeal(False, "sealed:x", SUPERVISOR)).then_refused(
        "figure-appeal-decided-already"
    )
    decided.when(APPEAL).then_refused("figure-appeal-decided-already")


def test_changes_nothing_when_delivered_twice() -> None:
    appealed.when(APPEAL).then_nothing()
