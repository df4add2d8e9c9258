"""Publishing or correcting a calendar year moves the clocks that read it, visibly, and no others."""

from datetime import date

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from accountability.application.calendars import UnknownYearVersion
from accountability.application.publishing import CLOCK
from accountability.domain.calendar import Holiday, SourceDocument, SpecialKind
from accountability.domain.calendar_year import AddSpecialDay, CorrectYear, PublishYear
from accountability.domain.refusals import Refused
from accountability.entrypoints.coverage import CoverageWatch
from backbone.outbox import envelope, read_envelope
from contracts.events import intake
from contracts.events.accountability import CalendarYearPublished, ClockMoved
from tests.component.accountability.county import CASE, LETTER, SEALED, County, at, context

DECREE = SourceDocument("国务院办公厅关于2027年部分节假日安排的通知", "演示")
NEW_YEAR = Holiday("元旦", date(2027, 1, 1), date(2027, 1, 3))
PUBLISH = PublishYear(2027, (NEW_YEAR,), (), DECREE)
CLOSURE = AddSpecialDay(2027, date(2027, 1, 4), SpecialKind.CLOSED, "暴雪停工", DECREE)
OTHER = "5f0f6a52-0f58-5c0e-9d1c-3b7c1f1f6a02"


@pytest.fixture
async def december() -> County:
    """A letter reached the office on Tuesday 29 December 2026; 2027 is not decreed."""
    county = await County.opened(at("2026-12-29 10:00"))
    await county.hears(intake.LetterSubmitted(**LETTER))
    return county


async def publish(
    county: County, command: PublishYear | CorrectYear | AddSpecialDay, name: str = "publish"
) -> None:
    """Change the calendar and let the clocks follow, as the service does."""
    before = len(county.store.facts)
    await county.calendars.change(command, context(name))
    for row in county.store.facts[before:]:
        event = read_envelope(envelope("accountability", county.store.epoch, row))
        await county.calendars.follow(event, lambda n, name=name: context(f"{name}/{n}"))  # type: ignore[misc]


async def test_a_deadline_in_an_undecreed_year_is_provisional(december: County) -> None:
    response = await december.clock("C3")

    assert response.deadline.provisional
    assert response.deadline.earliest == at("2027-01-03 00:00")


async def test_the_decree_makes_it_certain_and_keeps_the_old_deadline_visible(december: County) -> None:
    before = (await december.clock("C3")).due

    await publish(december, PUBLISH)

    response = await december.clock("C3")
    assert (response.deadline.provisional, response.due) == (False, at("2027-01-05 00:00"))
    moved = [
        ClockMoved.model_validate_json(each.data)
        for each in december.store.facts
        if each.type == ClockMoved.NAME
    ]
    assert {(each.kind, each.cause) for each in moved} == {("C3", "recomputed"), ("C4", "recomputed")}
    assert next(each for each in moved if each.kind == "C3").old_due == before


async def test_what_is_certain_does_not_move(county: County) -> None:
    await county.hears(intake.LetterSubmitted(**LETTER))
    before = len(county.store.events)

    await publish(county, PUBLISH)

    clocks = [each for each in county.store.events[before:] if each.type in CLOCK.names]
    assert clocks == []


async def test_a_dry_run_lists_what_would_move_and_stores_nothing(december: County) -> None:
    before = len(december.store.events)

    moves = await december.calendars.preview(PUBLISH)

    assert [(each.kind, each.provisional) for each in sorted(moves, key=lambda each: each.kind)] == [
        ("C3", False),
        ("C4", False),
    ]
    assert next(each.due for each in moves if each.kind == "C3") == at("2027-01-05 00:00")
    assert len(december.store.events) == before


async def test_a_dry_run_is_refused_as_the_command_would_be(december: County) -> None:
    again = PublishYear(2026, (NEW_YEAR,), (), DECREE)

    with pytest.raises(Refused, match="day-outside-the-year"):
        await december.calendars.preview(again)


async def test_an_emergency_closure_moves_running_clocks_and_no_stopped_one(county: County) -> None:
    await county.hears(intake.LetterSubmitted(**LETTER))
    await county.hears(intake.LetterResponded(case_id=CASE, content_sealed=SEALED), at("2026-05-08 11:00"))
    closure = AddSpecialDay(2026, date(2026, 5, 11), SpecialKind.CLOSED, "暴雨停工", DECREE)

    await publish(county, closure)

    assert (await county.clock("C4")).due == at("2026-05-20 00:00")
    assert (await county.clock("C3")).due == at("2026-05-13 00:00")


async def test_a_version_tells_what_it_has_moved_and_nothing_else(december: County) -> None:
    before = {kind: await december.clock(kind) for kind in ("C3", "C4")}
    tried = await december.calendars.preview(PUBLISH)
    await publish(december, PUBLISH)
    december.now[0] = at("2026-12-30 09:00")
    await december.hears(intake.LetterSubmitted(**{**LETTER, "case_id": OTHER}))

    moves = await december.calendars.moved(2027)

    assert [(each.kind, each.old_due, each.provisional) for each in moves] == [
        (kind, clock.due, False) for kind, clock in before.items()
    ]
    assert [each.due for each in moves] == [(await december.clock(each.kind)).due for each in moves]
    assert sorted(moves, key=lambda it: it.clock_id) == sorted(tried, key=lambda it: it.clock_id)


async def test_each_version_has_its_own_list(december: County) -> None:
    await publish(december, PUBLISH)
    december.now[0] = at("2026-12-30 09:00")
    await publish(december, CLOSURE, "close")

    first, second = await december.calendars.moved(2027, 1), await december.calendars.moved(2027, 2)

    assert [each.old_due for each in second] == [each.due for each in first]
    assert [(each.kind, each.due) for each in second] == [
        ("C3", at("2027-01-06 00:00")),
        ("C4", at("2027-01-12 00:00")),
    ]
    assert await december.calendars.moved(2027) == second


@pytest.mark.parametrize(("year", "version"), [(2027, 2), (2027, 0), (2031, None)])
async def test_a_version_that_never_was_has_moved_nothing_anybody_could_ask_for(
    december: County, year: int, version: int | None
) -> None:
    await publish(december, PUBLISH)

    with pytest.raises(UnknownYearVersion):
        await december.calendars.moved(year, version)


async def test_what_stopped_while_provisional_is_judged_by_the_decree(december: County) -> None:
    await december.hears(intake.LetterResponded(case_id=CASE, content_sealed=SEALED), at("2027-01-04 10:00"))
    assert (await december.clock("C3")).outcome == "provisional"

    await publish(december, PUBLISH)

    assert (await december.clock("C3")).outcome == "on_time"


async def test_publishing_twice_changes_nothing(december: County) -> None:
    await publish(december, PUBLISH)
    before = len(december.store.events)

    await publish(december, PUBLISH, "publish again")

    assert len(december.store.events) == before


async def test_the_office_is_warned_before_the_years_run_out(county: County, december: County) -> None:
    assert not (await county.calendars.coverage()).warning
    assert (await december.calendars.coverage()).warning

    await publish(december, PUBLISH)

    coverage = await december.calendars.coverage()
    assert (coverage.covered_until, coverage.warning) == (date(2027, 12, 24), False)


@pytest.mark.parametrize(
    ("moment", "left", "warning"),
    [
        ("2026-10-24 23:59", 61, False),
        ("2026-10-25 00:00", 60, True),
        ("2026-12-24 23:59", 0, True),
        ("2026-12-25 00:00", -1, True),
    ],
)
async def test_the_warning_begins_sixty_days_ahead(moment: str, left: int, warning: bool) -> None:
    coverage = await (await County.opened(at(moment))).calendars.coverage()

    assert (coverage.days_left, coverage.warning) == (left, warning)


async def test_the_metrics_and_the_log_tell_until_when_the_years_reach(
    county: County, december: County
) -> None:
    with capture_logs() as quiet:
        await CoverageWatch(county.calendars).look()
    with capture_logs() as told:
        await CoverageWatch(december.calendars).look()

    assert quiet == []
    assert [(each["event"], each["until"], each["days_left"]) for each in told] == [
        ("calendar ends soon", "2026-12-24", -5)
    ]
    assert REGISTRY.get_sample_value("chuishao_calendar_days_left") == -5
    until = REGISTRY.get_sample_value("chuishao_calendar_covered_until_seconds")
    assert until == at("2026-12-25 00:00").timestamp()


async def test_the_published_fact_names_the_source(december: County) -> None:
    await publish(december, PUBLISH)

    (fact,) = [
        CalendarYearPublished.model_validate_json(each.data)
        for each in december.store.facts
        if each.type == CalendarYearPublished.NAME and '"year":2027' in each.data
    ]
    assert fact.source_document == "国务院办公厅关于2027年部分节假日安排的通知 演示"
