"""The decreed calendar, the default policies and beginnings that the stories of clocks share."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from accountability.domain import calendar_year, clock, policy
from accountability.domain.calendar import Calendar, Holiday, SourceDocument, YearPlan
from accountability.domain.clock import Clock, Command, Event, Running, StartClock
from accountability.domain.decree import read_decree
from accountability.domain.default_policies import default_proposals
from accountability.domain.moments import end_of
from accountability.domain.rulebook import Rulebook
from accountability.domain.terms import ClockKind, PolicyBook, PolicyVersion, Profile
from backbone.testing import Scenario

SHANGHAI = ZoneInfo("Asia/Shanghai")
TABLE = SourceDocument("南乐县吹哨报到时限规定", "演示数据")
WATER = "water-resources"
CASE = "5f0f6a52-0f58-5c0e-9d1c-3b7c1f1f6a01"


def at(text: str) -> datetime:
    """A moment on the clocks of China: ``at("2026-02-13 10:00")``; ``24:00`` ends the day."""
    day, clock_time = text.split(" ")
    if clock_time == "24:00":
        return end_of(date.fromisoformat(day))
    return datetime.fromisoformat(f"{day} {clock_time}").replace(tzinfo=SHANGHAI).astimezone(UTC)


@cache
def decreed() -> tuple[YearPlan, ...]:
    """Every version of every year in the decree list."""
    plans: list[YearPlan] = []
    folder = files("accountability") / "decrees"
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        year = calendar_year.INITIAL
        for command in read_decree(file.read_text(encoding="utf-8")):
            for event in calendar_year.decide(command, year):
                year = calendar_year.evolve(year, event, at("2026-01-05 10:00"))
        plans.extend(year.versions)
    return tuple(plans)


@cache
def calendar() -> Calendar:
    """The calendar of the decree list, 2006 to 2026."""
    return Calendar.of(decreed())


def until(last_year: int) -> Calendar:
    """The calendar as if nothing after ``last_year`` had been decreed."""
    return Calendar.of(plan for plan in decreed() if plan.year <= last_year)


def with_year(year: int, *extra: YearPlan) -> Calendar:
    """The decree list with a year in which only weekends are off, and further versions."""
    return Calendar.of((*decreed(), plain(year), *extra))


def plain(year: int, version: int = 1) -> YearPlan:
    """A published year in which only weekends and New Year are off."""
    new_year = Holiday("元旦", date(year, 1, 1), date(year, 1, 1))
    return YearPlan(year, version, (new_year,), (), SourceDocument(f"{year}年安排(测试)"))


@cache
def default_versions() -> tuple[PolicyVersion, ...]:
    """The default policies, proposed by one person and approved by another."""
    versions: list[PolicyVersion] = []
    for proposal in default_proposals(TABLE, by="clerk"):
        record = policy.INITIAL
        for command in (proposal, policy.ApprovePolicy(1, by="leader")):
            for event in policy.decide(command, record):
                record = policy.evolve(record, event, at("2026-01-05 10:00"))
        versions.extend(record.versions)
    return tuple(versions)


def book(calendar_: Calendar | None = None, *further: PolicyVersion) -> Rulebook:
    """The rulebook of a calendar (the decree list unless given) and the default policies."""
    return Rulebook(calendar_ or calendar(), PolicyBook.of((*default_versions(), *further)))


def start(
    kind: ClockKind,
    moment: str,
    profile: Profile = Profile.ORDINARY,
    rulebook: Rulebook | None = None,
) -> StartClock:
    """Start a clock of the water department."""
    return StartClock(kind, CASE, "assignment", WATER, 1, at(moment), rulebook or book(), profile)


def story() -> Scenario[Command, Event, Clock]:
    """The story of a clock, from nothing."""
    return Scenario(clock.decide, clock.evolve, clock.INITIAL)


def started(
    kind: ClockKind,
    moment: str,
    profile: Profile = Profile.ORDINARY,
    rulebook: Rulebook | None = None,
) -> Scenario[Command, Event, Clock]:
    """The story of a clock that was started."""
    return after(story(), start(kind, moment, profile, rulebook))


def after(scenario: Scenario[Command, Event, Clock], *commands: Command) -> Scenario[Command, Event, Clock]:
    """The story after these commands, whatever facts they made; none may be refused."""
    for command in commands:
        outcome = scenario.when(command)
        assert outcome.refusal is None
        scenario = scenario.given(*outcome.events)
    return scenario


def running(scenario: Scenario[Command, Event, Clock]) -> Running:
    """The clock of a story, which must have been started."""
    assert scenario.state.running is not None
    return scenario.state.running


def replayed(events: Iterable[Event]) -> Clock:
    """The clock after these facts."""
    state = clock.INITIAL
    for event in events:
        state = clock.evolve(state, event, at("2026-03-02 12:00"))
    return state
