"""Recompute: a published calendar or new policy moves open clocks, visibly, and leaves judged ones alone."""

from dataclasses import replace
from datetime import date

from accountability.domain.calendar import Calendar, SourceDocument, SpecialDay, SpecialKind, YearPlan
from accountability.domain.clock import (
    ClockBreached,
    ClockRecomputed,
    ExtendClock,
    FallDue,
    PauseClock,
    Recompute,
    ResumeClock,
    StopClock,
    VoidClock,
)
from accountability.domain.moments import shown
from accountability.domain.terms import ClockKind, Profile, ProfileLimit, working_days, working_hours
from tests.domain.accountability.stories import (
    after,
    at,
    book,
    decreed,
    default_versions,
    running,
    start,
    started,
    story,
    with_year,
)

MONDAY = "2026-03-02 10:00"
NEW_YEAR = Recompute(at("2026-12-30 10:00"), "calendar", book(with_year(2027)))


def with_closure(day: date) -> Calendar:
    """The decree list with 2026 in a second version, in which a day is closed."""
    closure = SpecialDay(day, SpecialKind.CLOSED, "暴雨", SourceDocument("县防汛指挥部通知"))
    return Calendar.of((*decreed(), replace(decreed()[-1], version=2, special_days=(closure,))))


def test_settles_a_provisional_deadline_and_keeps_the_old_one_visible() -> None:
    waiting = started(ClockKind.C3, "2026-12-29 10:00")
    settled = waiting.when(NEW_YEAR)
    clock = running(settled.then_states(ClockRecomputed))
    assert (shown(clock.due), clock.deadline.provisional) == ("2027-01-04 24:00", False)
    [fact] = settled.events
    assert isinstance(fact, ClockRecomputed)
    assert fact.old_due == running(waiting).due
    assert clock.schedule.calendar_version == "2026.1 2027.1"
    assert [shown(each.at) for each in clock.reminders] == ["2026-12-31 09:00"]


def test_changes_nothing_the_second_time_or_where_the_calendar_did_not_matter() -> None:
    after(started(ClockKind.C3, "2026-12-29 10:00"), NEW_YEAR).when(NEW_YEAR).then_nothing()
    started(ClockKind.C3, MONDAY).when(NEW_YEAR).then_nothing()
    started(ClockKind.C1, "2026-12-29 10:00").when(NEW_YEAR).then_nothing()
    story().when(NEW_YEAR).then_nothing()


def test_moves_an_open_clock_over_an_emergency_closure() -> None:
    closed = Recompute(at("2026-03-03 10:00"), "calendar", book(with_closure(date(2026, 3, 4))))
    clock = running(started(ClockKind.C3, MONDAY).when(closed).then_states(ClockRecomputed))
    assert shown(clock.due) == "2026-03-06 24:00"
    assert clock.schedule.calendar_version == "2026.2"


def test_pins_the_new_version_even_when_the_deadline_stays() -> None:
    """Otherwise a later pause would bring the old version back."""
    closed = Recompute(at("2026-03-03 10:00"), "calendar", book(with_closure(date(2026, 3, 20))))
    repinned = started(ClockKind.C3, MONDAY).when(closed).then_states(ClockRecomputed)
    paused = after(repinned, PauseClock(at("2026-03-04 10:00"), "parked"))
    resumed = after(paused, ResumeClock(at("2026-03-19 10:00"), closed.rulebook))
    assert shown(running(resumed).due) == "2026-03-23 24:00"


def test_keeps_reminders_that_are_still_to_come_when_the_deadline_stays() -> None:
    closed = Recompute(at("2026-03-04 10:00"), "calendar", book(with_closure(date(2026, 3, 20))))
    clock = started(ClockKind.C3, MONDAY)
    assert [each.name for each in running(clock).reminders] == ["remind-1"]
    repinned = clock.when(closed).then_states(ClockRecomputed)
    assert running(repinned).reminders == running(clock).reminders


def test_leaves_breached_stopped_and_voided_clocks_alone() -> None:
    closed = Recompute(at("2026-03-09 10:00"), "calendar", book(with_closure(date(2026, 3, 4))))
    waiting = started(ClockKind.C3, MONDAY)
    after(waiting, FallDue(at("2026-03-06 08:00"))).when(closed).then_nothing()
    after(waiting, StopClock(at("2026-03-05 08:00"))).when(closed).then_nothing()
    after(waiting, VoidClock(at("2026-03-05 08:00"), "withdrawn")).when(closed).then_nothing()
    after(started(ClockKind.C7, MONDAY), FallDue(at("2026-03-09 08:00"))).when(closed).then_nothing()


def test_may_bring_a_deadline_forward_into_the_past() -> None:
    """The timer of the deadline then states the breach with its true time."""
    waiting = started(ClockKind.C3, "2026-12-29 10:00")
    late = Recompute(at("2027-01-06 10:00"), "calendar", NEW_YEAR.rulebook)
    moved = waiting.when(late).then_states(ClockRecomputed)
    assert moved.when(FallDue(at("2027-01-06 10:00"))).events[0] == ClockBreached(at("2027-01-04 24:00"))


def test_judges_anew_what_was_stopped_while_provisional() -> None:
    answered = after(started(ClockKind.C3, "2026-12-29 10:00"), StopClock(at("2027-01-04 16:00")))
    assert running(answered).outcome == "provisional"
    settled = running(answered.when(NEW_YEAR).then_states(ClockRecomputed))
    assert (settled.outcome, settled.breached_at) == ("on_time", None)
    late = after(started(ClockKind.C3, "2026-12-29 10:00"), StopClock(at("2027-01-05 16:00")))
    judged = running(late.when(NEW_YEAR).then_states(ClockRecomputed, ClockBreached))
    assert (judged.outcome, judged.breached_at) == ("late", at("2027-01-04 24:00"))


def test_repins_a_paused_clock_for_its_return() -> None:
    paused = after(started(ClockKind.C3, "2026-12-29 10:00"), PauseClock(at("2026-12-30 09:00"), "parked"))
    settled = paused.when(NEW_YEAR).then_states(ClockRecomputed)
    resumed = running(after(settled, ResumeClock(at("2027-01-05 09:00"), NEW_YEAR.rulebook)))
    assert (shown(resumed.due), resumed.deadline.provisional) == ("2027-01-07 24:00", False)


def test_moves_a_clock_to_another_policy_only_when_told_to() -> None:
    [c5] = [version for version in default_versions() if version.kind is ClockKind.C5]
    five = ProfileLimit(Profile.ORDINARY, working_days(5))
    stricter = replace(c5, number=2, terms=replace(c5.terms, limits=(five,)))
    rulebook = book(None, stricter)
    handling = started(ClockKind.C5, MONDAY)
    handling.when(Recompute(at("2026-03-03 10:00"), "policy", rulebook)).then_nothing()
    moved = handling.when(Recompute(at("2026-03-03 10:00"), "policy", rulebook, "C5.2"))
    clock = running(moved.then_states(ClockRecomputed))
    assert (shown(clock.due), clock.schedule.policy_version) == ("2026-03-09 24:00", "C5.2")


def test_leaves_a_limit_alone_that_was_decided_for_the_case() -> None:
    [c16] = [version for version in default_versions() if version.kind is ClockKind.C16]
    rulebook = book(None, replace(c16, number=2))
    parked = story().when(replace(start(ClockKind.C16, MONDAY), amount=60))
    clock = running(parked.before.given(*parked.events))
    moved = parked.before.given(*parked.events).when(
        Recompute(at("2026-03-03 10:00"), "policy", rulebook, "C16.2")
    )
    assert running(moved.then_states(ClockRecomputed)).due == clock.due


def test_refuses_a_policy_that_is_not_this_clocks_or_counts_otherwise() -> None:
    [c5] = [version for version in default_versions() if version.kind is ClockKind.C5]
    hours = replace(
        c5, number=2, terms=replace(c5.terms, limits=(ProfileLimit(Profile.ORDINARY, working_hours(4)),))
    )
    rulebook = book(None, hours)
    handling = started(ClockKind.C5, MONDAY)
    other = Recompute(at("2026-03-03 10:00"), "policy", rulebook, "C4.1")
    handling.when(other).then_refused("policy-of-another-clock", clock="C5")
    unknown = replace(other, policy_version="C5.9")
    handling.when(unknown).then_refused("unknown-policy-version", version="C5.9")
    extended = after(handling, ExtendClock(at("2026-03-03 10:00"), 3, "雨季", book()))
    extended.when(replace(other, policy_version="C5.2")).then_refused("extended-in-another-unit")


def test_reads_published_years_in_their_latest_version() -> None:
    corrected = YearPlan(2027, 2, (), (date(2027, 1, 2),), SourceDocument("更正"))
    settled = Recompute(NEW_YEAR.at, "calendar", book(with_year(2027, corrected)))
    clock = running(after(started(ClockKind.C3, "2026-12-29 10:00"), settled))
    assert (shown(clock.due), clock.schedule.calendar_version) == ("2027-01-01 24:00", "2026.1 2027.2")
