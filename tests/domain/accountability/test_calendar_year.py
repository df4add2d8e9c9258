"""PublishYear, CorrectYear, AddSpecialDay, WithdrawSpecialDay: decreed once, corrected by new versions."""

from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest

from accountability.domain import calendar_year
from accountability.domain.calendar import Calendar, Holiday, SourceDocument, SpecialKind
from accountability.domain.calendar_year import (
    AddSpecialDay,
    CalendarYear,
    CalendarYearCorrected,
    CalendarYearPublished,
    Command,
    CorrectYear,
    Event,
    PublishYear,
    SpecialDayAdded,
    SpecialDayWithdrawn,
    WithdrawSpecialDay,
)
from accountability.domain.decree import read_decree
from accountability.domain.refusals import Refused
from backbone.testing import Scenario
from tests.domain.accountability.stories import decreed

NOTICE = SourceDocument("国务院办公厅关于2027年部分节假日安排的通知")
ORDER = SourceDocument("南乐县防汛抗旱指挥部通知", "乐汛〔2027〕3号")
NEW_YEAR = Holiday("元旦", date(2026, 12, 31), date(2027, 1, 2))
PUBLISH = PublishYear(2027, (NEW_YEAR,), (date(2027, 1, 9),), NOTICE)
STORM = AddSpecialDay(2027, date(2027, 8, 3), SpecialKind.CLOSED, "暴雨红色预警", ORDER)


def year() -> Scenario[Command, Event, CalendarYear]:
    """The year 2027, unpublished."""
    return Scenario(calendar_year.decide, calendar_year.evolve, calendar_year.INITIAL)


def published() -> Scenario[Command, Event, CalendarYear]:
    """The year 2027 as decreed."""
    return year().when(PUBLISH).then_states(CalendarYearPublished)


def the_calendar(story: Scenario[Command, Event, CalendarYear]) -> Calendar:
    """The decree list with 2027."""
    return Calendar.of((*decreed(), *story.state.versions))


def test_is_published_with_days_of_the_last_week_before() -> None:
    calendar = the_calendar(published())
    assert calendar.is_working_day(date(2026, 12, 31)) is False
    assert calendar.is_working_day(date(2026, 12, 30)) is True
    assert calendar.is_working_day(date(2027, 1, 9)) is True
    assert calendar.covered_until == date(2027, 12, 24)


def test_changes_nothing_when_published_again_with_the_same_days() -> None:
    published().when(replace(PUBLISH, source=ORDER)).then_nothing()


def test_is_published_only_once() -> None:
    published().when(replace(PUBLISH, make_up_days=())).then_refused(
        "calendar-year-already-published", year=2027
    )


def test_is_corrected_by_a_new_version_that_keeps_special_days() -> None:
    corrected = (
        published()
        .when(STORM)
        .then_states(SpecialDayAdded)
        .when(CorrectYear(2027, (NEW_YEAR,), (), NOTICE))
        .then_states(CalendarYearCorrected)
    )
    assert [plan.version for plan in corrected.state.versions] == [1, 2, 3]
    calendar = the_calendar(corrected)
    assert calendar.is_working_day(date(2027, 1, 9)) is False
    assert calendar.is_working_day(STORM.day) is False
    assert calendar.pinned("2027.1").is_working_day(date(2027, 1, 9)) is True


def test_changes_nothing_when_corrected_to_what_it_says() -> None:
    published().when(CorrectYear(2027, PUBLISH.holidays, PUBLISH.make_up_days, ORDER)).then_nothing()


def test_takes_half_days_and_closures_in_and_back() -> None:
    closed = published().when(STORM).then_states(SpecialDayAdded)
    closed.when(STORM).then_nothing()
    half = replace(STORM, kind=SpecialKind.MORNING_ONLY, note="下午停工")
    replaced = closed.when(half).then_states(SpecialDayAdded)
    assert len(replaced.state.versions[-1].special_days) == 1
    withdrawal = WithdrawSpecialDay(2027, STORM.day, ORDER)
    opened = replaced.when(withdrawal).then(SpecialDayWithdrawn(4, STORM.day, ORDER))
    assert the_calendar(opened).is_working_day(STORM.day) is True
    opened.when(withdrawal).then_nothing()


@pytest.mark.parametrize(
    "command",
    [CorrectYear(2027, (), (), NOTICE), STORM, WithdrawSpecialDay(2027, STORM.day, ORDER)],
    ids=["correct", "add", "withdraw"],
)
def test_is_published_before_anything_else(command: Command) -> None:
    year().when(command).then_refused("calendar-year-not-published", year=2027)


def test_needs_a_source_document() -> None:
    year().when(replace(PUBLISH, source=SourceDocument(""))).then_refused("source-document-missing")
    published().when(replace(STORM, source=SourceDocument(""))).then_refused("source-document-missing")


def test_says_why_a_day_is_special() -> None:
    published().when(replace(STORM, note="")).then_refused("reason-missing")


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"make_up_days": (date(2027, 1, 2),)}, "day-off-and-worked"),
        ({"make_up_days": (date(2027, 1, 6),)}, "make-up-day-on-a-weekday"),
        ({"make_up_days": (date(2026, 12, 20),)}, "day-outside-the-year"),
        ({"make_up_days": (date(2028, 1, 2),)}, "day-outside-the-year"),
        ({"holidays": (NEW_YEAR, NEW_YEAR)}, "holidays-overlap"),
        (
            {"holidays": (Holiday("春节", date(2027, 2, 10), date(2027, 2, 5)),)},
            "holiday-ends-before-it-begins",
        ),
    ],
)
def test_refuses_days_that_cannot_be_meant(change: dict[str, tuple[date, ...]], slug: str) -> None:
    year().when(replace(PUBLISH, **change)).then_refused(slug)  # type: ignore[arg-type]  # as parametrised


def test_refuses_a_special_day_of_another_year() -> None:
    published().when(replace(STORM, day=date(2028, 1, 3))).then_refused("day-outside-the-year")


def test_reads_every_file_of_the_decree_list() -> None:
    texts = [file.read_text(encoding="utf-8") for file in (files("accountability") / "decrees").iterdir()]
    assert sorted(read_decree(text)[0].year for text in texts) == list(range(2006, 2027))


def test_reads_the_corrections_of_a_decree_after_it() -> None:
    text = (files("accountability") / "decrees" / "2020.json").read_text(encoding="utf-8")
    first, second = read_decree(text)
    assert isinstance(first, PublishYear)
    assert isinstance(second, CorrectYear)
    assert first.source.issued == date(2019, 11, 21)
    assert second.source.number == "国办发明电〔2020〕1号"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '{"year": 2027}',
        '{"year": "soon", "source": {"title": "t"}, "holidays": [], "make_up_days": []}',
        '{"year": 2027, "source": {"title": "t"}, "holidays": [], "make_up_days": ["2027-02-30"]}',
        '{"year": 2027, "source": {"title": "t"}, "holidays": [{"name": "元旦"}], "make_up_days": []}',
        '{"year": 2027, "source": "t", "holidays": [], "make_up_days": []}',
    ],
)
def test_refuses_a_decree_it_cannot_read(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_decree(text)
    assert refusal.value.slug == "decree-unreadable"
