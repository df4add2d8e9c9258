"""Any commands on frozen periods, appeals and terms: facts replay, and repeating adds nothing."""

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from accountability.application.figure_publishing import FIGURE_APPEAL, FIGURE_POLICY, FROZEN_PERIOD
from accountability.domain import figure_appeal, figure_policy, frozen_period
from accountability.domain.calendar import SourceDocument
from accountability.domain.figures import FigureTerms, ScoreWeights
from accountability.domain.figures.sheet import digest
from backbone.testing import walk

END = datetime(2026, 10, 31, 16, tzinfo=UTC)
PEOPLE = st.sampled_from(["anne", "boris", "clara"])
REASONS = st.sampled_from(["", "sealed:理由"])
NUMBERS = st.integers(0, 3)
TABLES = st.builds(
    lambda as_of, text: frozen_period.FrozenTable(as_of, text, digest(text)),
    st.sampled_from([END.replace(day=1), END, END.replace(month=12)]),
    st.sampled_from(["[]", "[1]", "[2]"]),
)
PERIOD = st.one_of(
    st.builds(frozen_period.FreezePeriod, st.just("2026-10"), st.just("00:00"), st.just(END), TABLES, PEOPLE),
    st.builds(frozen_period.RestatePeriod, TABLES, REASONS, PEOPLE),
    st.builds(frozen_period.ApproveRestatement, NUMBERS, PEOPLE),
    st.builds(frozen_period.DeclineRestatement, NUMBERS, PEOPLE, REASONS),
)
UNITS = st.sampled_from(["water-resources", "transport"])
APPEAL = st.one_of(
    st.builds(
        figure_appeal.AppealFigure, st.just("clock-1"), st.just("case-1"), UNITS, UNITS, REASONS, PEOPLE
    ),
    st.builds(figure_appeal.DecideFigureAppeal, st.booleans(), REASONS, PEOPLE),
)
TERMS = st.builds(
    FigureTerms,
    partly=st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(2)]),
    few=st.integers(0, 6),
    score=st.sampled_from([None, ScoreWeights(), ScoreWeights(Decimal("0.5"))]),
)
POLICY = st.one_of(
    st.builds(
        figure_policy.ProposeFigureTerms,
        TERMS,
        st.sampled_from([date(2026, 1, 1), date(2026, 10, 1)]),
        st.sampled_from([SourceDocument("考核办法", "", None), SourceDocument("", "", None)]),
        PEOPLE,
    ),
    st.builds(figure_policy.ApproveFigureTerms, NUMBERS, PEOPLE),
)


@given(st.lists(PERIOD, max_size=12))
def test_a_frozen_period_replays_and_never_loses_a_version(commands: list[frozen_period.Command]) -> None:
    facts = walk(FROZEN_PERIOD, commands)

    period = frozen_period.INITIAL
    shown = 0
    for fact in facts:
        period = frozen_period.evolve(period, fact, END)
        assert len(period.versions) >= shown
        shown = len(period.versions)
    for version in period.versions[1:]:
        assert version.approved_by is not None
        assert version.approved_by != version.by


@given(st.lists(APPEAL, max_size=8))
def test_an_appeal_replays_and_is_decided_once_by_another(commands: list[figure_appeal.Command]) -> None:
    facts = walk(FIGURE_APPEAL, commands)

    made = [fact for fact in facts if isinstance(fact, figure_appeal.FigureAppealed)]
    decided = [fact for fact in facts if isinstance(fact, figure_appeal.FigureAppealDecided)]
    assert len(made) <= 1
    assert len(decided) <= len(made)
    assert all(fact.by != made[0].by for fact in decided)


@given(st.lists(POLICY, max_size=8))
def test_terms_replay_and_hold_only_when_two_people_agreed(commands: list[figure_policy.Command]) -> None:
    facts = walk(FIGURE_POLICY, commands)

    authors = {
        fact.version.number: fact.by for fact in facts if isinstance(fact, figure_policy.FigureTermsProposed)
    }
    for fact in facts:
        if isinstance(fact, figure_policy.FigureTermsApproved):
            assert fact.by != authors[fact.number]
