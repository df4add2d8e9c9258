"""The 3- and 7-day rates of imported letters are, for every year, what counting worked days comes to."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid5

import pytest

from accountability.application.figures import FigureTable
from accountability.domain.figures import Figure
from contracts.events import intake
from tests.component.accountability.county import LETTER, SEALED, SPACE
from tests.component.accountability.figure_office import OFFICE, FigureOffice, cell, opened
from tests.generators import letter_oracle, letters
from tests.generators.letter_oracle import RESOLVE_DAYS, RESPOND_DAYS, judge, last_day

REAL_LETTERS: Final = Path(__file__).parents[4] / "shared" / "data" / "letters.xlsx"
FIGURES: Final = {Figure.LETTER_RESPONSE: RESPOND_DAYS, Figure.LETTER_RESOLUTION: RESOLVE_DAYS}

Times = tuple[datetime, datetime]
"""Asked and answered."""
Tally = tuple[int, int, int]
"""On time, breached, provisional."""


@pytest.fixture
async def office(fresh_database: str) -> AsyncIterator[FigureOffice]:
    """An office in a year when every letter is past."""
    async with opened(fresh_database) as made:
        yield made


def times_of(rows: Iterable[Mapping[str, object]]) -> list[Times]:
    """When each letter was asked and answered; bad rows and repeated numbers are no letters."""
    found: dict[str, Times] = {}
    for row in rows:
        if letter_oracle.why_rejected(row) is None:
            asked, answered = (letter_oracle.read_time(row[name]) for name in ("留言时间", "答复时间"))
            found.setdefault(str(row["留言编号"]), (asked, answered))
    return list(found.values())


def by_year(asked_and_answered: Iterable[Times]) -> dict[tuple[Figure, int], Tally]:
    """For each figure and year of the deadline what counting worked days comes to."""
    counts: dict[tuple[Figure, int], Counter[str]] = {}
    for asked, answered in asked_and_answered:
        for figure, limit in FIGURES.items():
            year = last_day(asked, limit).year
            counts.setdefault((figure, year), Counter())[judge(asked, answered, limit)] += 1
    return {key: (each["on_time"], each["breached"], each["provisional"]) for key, each in counts.items()}


async def recorded(office: FigureOffice, asked_and_answered: Iterable[Times]) -> None:
    """Intake records each letter after the fact."""
    for n, (asked, answered) in enumerate(asked_and_answered):
        await office.record(
            intake.LetterRecorded(
                **{**LETTER, "case_id": str(uuid5(SPACE, f"letter {n}")), "channel": "inquiry"},
                submitted_at=asked,
                responded_at=answered,
                resolved_at=answered,
                answer_sealed=SEALED,
                approved_by="supervisor-2",
            )
        )
    await office.caught_up()


def told(table: FigureTable, figure: Figure) -> Tally | None:
    """On time, breached and provisional of a year."""
    found = cell(table, figure, OFFICE, "inquiry")
    if found is None:
        return None
    return int(found.numerator), found.denominator - int(found.numerator), found.provisional


async def agree_for_every_year(office: FigureOffice, asked_and_answered: list[Times]) -> None:
    """The product and the count of worked days say the same of each year, and of all years together."""
    await recorded(office, asked_and_answered)
    expected = by_year(asked_and_answered)
    years = range(min(year for _, year in expected), max(year for _, year in expected) + 1)
    for year in years:
        table = await office.table(str(year))
        assert table.standpoint.complete
        for figure in FIGURES:
            assert told(table, figure) == expected.get((figure, year)), (figure, year)
    counted = [
        sum(sum(each) for (figure, _), each in expected.items() if figure is wanted) for wanted in FIGURES
    ]
    assert counted == [len(asked_and_answered)] * 2


async def test_is_so_for_generated_letters(office: FigureOffice) -> None:
    await office.turn_clock(letters.AFTER_ALL_ROWS + timedelta(days=1))
    rows = [row.cells for row in letters.every_row(410_923) if row.cells]

    await agree_for_every_year(office, times_of(rows))

    provisional = cell(await office.table("2027"), Figure.LETTER_RESPONSE, OFFICE)
    assert provisional is not None
    assert provisional.provisional > 0


@pytest.mark.skipif(not REAL_LETTERS.exists(), reason="the real letters (../shared/data) are not here")
async def test_is_so_for_the_real_letters(office: FigureOffice) -> None:
    asked_and_answered = times_of(letter_oracle.read_rows(REAL_LETTERS))
    assert len(asked_and_answered) == 1408

    await agree_for_every_year(office, asked_and_answered)

    whole = by_year(asked_and_answered)
    on_time = [sum(each[0] for (figure, _), each in whole.items() if figure is wanted) for wanted in FIGURES]
    assert on_time == [331, 687]


def test_monday_to_friday_would_give_other_years_and_rates() -> None:
    rows = [row.cells for row in letters.every_row(410_923) if row.cells]
    asked_and_answered = times_of(rows)
    wrong = [judge(*times, 3, letter_oracle.monday_to_friday) for times in asked_and_answered]

    assert wrong != [judge(*times, 3) for times in asked_and_answered]
