"""How figures are weighed is a record with a source, proposed by one person and approved by another."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from accountability.application.figure_publishing import FIGURE_POLICY
from accountability.domain.calendar import SourceDocument
from accountability.domain.figure_policy import (
    ApproveFigureTerms,
    FigureTermsApproved,
    FigureTermsProposed,
    ProposeFigureTerms,
    TermsVersion,
    terms_of,
)
from accountability.domain.figures import DEFAULT_TERMS, FigureTerms, ScoreWeights
from backbone.testing import Scenario

DOCUMENT = SourceDocument("南乐县吹哨报到考核办法", "南办〔2026〕1号", date(2026, 9, 1))
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
ANNE, BORIS = "supervisor-1", "supervisor-2"
WITH_SCORE = FigureTerms(score=ScoreWeights())
PROPOSE = ProposeFigureTerms(WITH_SCORE, OCTOBER, DOCUMENT, ANNE)
PROPOSED = FigureTermsProposed(TermsVersion(1, WITH_SCORE, OCTOBER, DOCUMENT), ANNE)

nothing = Scenario.of(FIGURE_POLICY)
proposed = nothing.given(PROPOSED)
approved = proposed.given(FigureTermsApproved(1, BORIS))


def test_a_score_is_enabled_by_a_document_and_two_people() -> None:
    nothing.when(PROPOSE).then(PROPOSED)
    proposed.when(ApproveFigureTerms(1, BORIS)).then(FigureTermsApproved(1, BORIS))
    proposed.when(ApproveFigureTerms(1, ANNE)).then_refused("second-person-needed")


def test_until_then_the_default_terms_hold_which_have_none() -> None:
    assert terms_of(proposed.state.in_force(OCTOBER)) == DEFAULT_TERMS
    assert DEFAULT_TERMS.score is None


def test_holds_for_periods_that_begin_on_its_day_or_later() -> None:
    assert terms_of(approved.state.in_force(NOVEMBER)) == WITH_SCORE
    assert terms_of(approved.state.in_force(date(2026, 9, 30))) == DEFAULT_TERMS


def test_a_later_record_takes_the_place_of_an_earlier() -> None:
    off = FigureTermsProposed(TermsVersion(2, FigureTerms(), NOVEMBER, DOCUMENT), ANNE)
    both = approved.given(off, FigureTermsApproved(2, BORIS))

    assert terms_of(both.state.in_force(OCTOBER)) == WITH_SCORE
    assert terms_of(both.state.in_force(NOVEMBER)) == FigureTerms()


@pytest.mark.parametrize(
    ("terms", "slug"),
    [
        (FigureTerms(partly=Decimal("1.5")), "weight-out-of-range"),
        (FigureTerms(basically=Decimal("-0.1")), "weight-out-of-range"),
        (FigureTerms(few=0), "limit-must-be-positive"),
        (FigureTerms(score=ScoreWeights(Decimal("0.5"))), "weights-do-not-sum-to-one"),
        (
            FigureTerms(score=ScoreWeights(Decimal("-0.1"), Decimal("0.6"), Decimal("0.5"))),
            "weight-out-of-range",
        ),
    ],
)
def test_is_refused_with_weights_that_make_no_sense(terms: FigureTerms, slug: str) -> None:
    nothing.when(replace(PROPOSE, terms=terms)).then_refused(slug)


def test_is_refused_without_a_source() -> None:
    nothing.when(replace(PROPOSE, source=SourceDocument("", "", None))).then_refused(
        "source-document-missing"
    )


def test_an_unknown_proposal_is_not_approved() -> None:
    nothing.when(ApproveFigureTerms(1, BORIS)).then_refused("unknown-policy-proposal")


def test_changes_nothing_when_delivered_twice() -> None:
    proposed.when(PROPOSE).then_nothing()
    approved.when(ApproveFigureTerms(1, BORIS)).then_nothing()
