"""One county week on a running system: every case ends as its tale says, every transition has happened."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from accountability.domain.terms import ClockKind
from tests.story.exercised import TRANSITIONS, Exercised, missing
from tests.story.outcomes import added_up, tally
from tests.story.tale import Tale
from tests.story.verdict import Verdict, judge
from tests.story.week import TALES, county


@pytest.fixture(scope="module")
def week(server_folder: Path) -> Iterator[Verdict]:
    """What came of the week; it is played once."""
    with county(server_folder / "story") as launcher:
        yield asyncio.run(judge(launcher))


@pytest.mark.parametrize("tale", TALES, ids=lambda tale: str(tale.code))
def test_ends_as_its_tale_says(week: Verdict, tale: Tale) -> None:
    assert week.differences.get(tale.code, []) == []


@pytest.mark.parametrize("tale", [each for each in TALES if each.calls], ids=lambda tale: str(tale.code))
def test_takes_no_more_calls_than_promised(week: Verdict, tale: Tale) -> None:
    assert tale.calls is not None
    assert week.calls[tale.code] <= tale.calls


def test_promises_five_calls_for_a_simple_whistle() -> None:
    assert {each.calls for each in TALES if each.code == "W01"} == {5}


def test_exercises_every_transition(week: Verdict) -> None:
    assert missing(week.exercised) == []


def test_names_a_transition_that_never_happened() -> None:
    one, other = TRANSITIONS[:2]
    found = [Exercised(one, 3, "whistle-1"), Exercised(other, 0, "")]
    assert missing(found) == [f"{other.number} {other.step}"]


def test_holds_as_many_cases_of_each_kind_as_a_week_has(week: Verdict) -> None:
    kinds = tally(week.cases)
    least = {"WHISTLE": 60, "DISPUTE": 5, "LETTER": 20, "TASK_DOWN_REVIEW": 4, "GRID_REPORT": 30}
    assert {kind: kinds[kind] for kind in least if kinds[kind] < least[kind]} == {}


def test_explains_every_clock_so_that_its_words_add_up_to_its_deadline(week: Verdict) -> None:
    found = added_up(week.cases)
    assert set(found) == set(ClockKind)
    assert found.total() > 500
    assert dict(week.unexplained) == {}


def test_counts_its_figures_as_a_second_implementation_in_sql_does(week: Verdict) -> None:
    assert week.counted > 500
    assert week.miscounted == []


def test_shows_what_supervision_left_to_whom_it_is_for_and_to_nobody_else(week: Verdict) -> None:
    assert week.unseen == []


def test_is_shown_the_same_by_a_read_model_built_anew(week: Verdict) -> None:
    assert week.held == 0
    assert week.rebuilt == week.cases


def test_leaves_every_log_in_agreement_with_its_hash_chain(week: Verdict) -> None:
    assert week.intact
