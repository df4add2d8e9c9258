"""Remind: when reminders go out, what quiet hours do to them, and that the last one always arrives."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accountability.domain.clock import (
    ExtendClock,
    FallDue,
    PauseClock,
    Remind,
    ReminderDue,
    ResumeClock,
    StopClock,
)
from accountability.domain.moments import shown
from accountability.domain.reminders import last_permitted_before, release
from accountability.domain.rulebook import Rulebook
from accountability.domain.terms import Anchor, ClockKind, PolicyBook, Profile, QuietHours, ReminderRule
from tests.domain.accountability.stories import (
    after,
    at,
    book,
    calendar,
    default_versions,
    running,
    started,
)

QUIET = QuietHours()
MONDAY = "2026-03-02 10:00"


def coming(kind: ClockKind, moment: str, profile: Profile = Profile.ORDINARY) -> list[tuple[str, str]]:
    """The reminders of a clock that starts."""
    return [(each.name, shown(each.at)) for each in running(started(kind, moment, profile)).reminders]


@pytest.mark.parametrize(
    ("moment", "released"),
    [
        ("2026-03-02 10:15", "2026-03-02 10:15"),
        ("2026-03-03 07:59:59", "2026-03-03 08:00"),
        ("2026-03-03 08:00", "2026-03-03 08:00"),
        ("2026-03-02 20:59:59", "2026-03-02 20:59:59"),
        ("2026-03-02 21:00", "2026-03-03 08:00"),
        ("2026-03-03 00:30", "2026-03-03 08:00"),
        ("2026-03-06 21:00", "2026-03-09 08:30"),
        ("2026-03-07 11:00", "2026-03-09 08:30"),
        ("2026-03-08 23:00", "2026-03-09 08:30"),
        ("2026-03-09 03:00", "2026-03-09 08:30"),
        ("2026-02-14 15:00", "2026-02-14 15:00"),
        ("2026-02-14 22:00", "2026-02-24 08:30"),
    ],
)
def test_holds_notices_at_night_and_over_days_off(moment: str, released: str) -> None:
    assert shown(release(at(moment), calendar(), QUIET)) == released


def test_never_releases_a_later_notice_before_an_earlier_one() -> None:
    moments = [at("2026-02-12 00:00") + timedelta(minutes=37 * n) for n in range(700)]
    released = [release(moment, calendar(), QUIET) for moment in moments]
    assert released == sorted(released)
    assert all(one >= moment for moment, one in zip(moments, released, strict=True))
    assert all(release(one, calendar(), QUIET) == one for one in released)


@pytest.mark.parametrize(
    ("moment", "permitted"),
    [
        ("2026-03-03 15:00", "2026-03-03 14:59:59"),
        ("2026-03-03 08:00", "2026-03-02 20:59:59"),
        ("2026-03-03 02:00", "2026-03-02 20:59:59"),
        ("2026-03-09 08:30", "2026-03-06 20:59:59"),
        ("2026-03-09 08:31", "2026-03-09 08:30:59"),
    ],
)
def test_finds_the_last_permitted_moment_before_another(moment: str, permitted: str) -> None:
    assert shown(last_permitted_before(at(moment), calendar(), QUIET)) == permitted


def test_reminds_of_the_report_in_twelve_four_and_one_hours_before() -> None:
    assert coming(ClockKind.C1, "2026-03-02 20:00") == [
        ("remind-1", "2026-03-03 08:00"),
        ("remind-2", "2026-03-03 16:00"),
        ("remind-3", "2026-03-03 19:00"),
    ]


def test_reaches_the_duty_desk_with_the_last_one_whatever_the_hour() -> None:
    clock = running(started(ClockKind.C1, "2026-03-02 04:00"))
    assert [(each.name, shown(each.at), each.duty_desk) for each in clock.reminders] == [
        ("remind-1", "2026-03-02 16:00", False),
        ("remind-2", "2026-03-02 20:59:59", False),
        ("remind-3", "2026-03-03 03:00", True),
    ]


def test_moves_a_reminder_that_would_come_too_late_to_the_last_permitted_moment() -> None:
    """Due on Saturday morning: the reminder of the night before goes out on Friday evening."""
    assert coming(ClockKind.C1, "2026-03-06 08:30") == [
        ("remind-1", "2026-03-06 20:30"),
        ("remind-2", "2026-03-06 20:59:59"),
        ("remind-3", "2026-03-07 07:30"),
    ]


def test_moves_a_reminder_that_would_come_in_the_very_second_of_the_deadline() -> None:
    assert coming(ClockKind.C1, "2026-03-02 08:00") == [
        ("remind-1", "2026-03-02 20:00"),
        ("remind-2", "2026-03-02 20:59:59"),
        ("remind-3", "2026-03-03 07:00"),
    ]


def test_still_reaches_the_duty_desk_when_no_moment_was_permitted() -> None:
    assert coming(ClockKind.C1, "2026-03-07 10:00") == [("remind-3", "2026-03-08 09:00")]


def test_keeps_one_of_two_reminders_that_fall_together() -> None:
    assert coming(ClockKind.C1, "2026-03-06 20:00") == [
        ("remind-2", "2026-03-06 20:59:59"),
        ("remind-3", "2026-03-07 19:00"),
    ]


def test_leaves_out_what_lies_before_the_start_of_an_emergency() -> None:
    assert coming(ClockKind.C1, "2026-03-02 23:00", Profile.EMERGENCY) == [("remind-3", "2026-03-02 24:00")]


def test_holds_nothing_of_an_emergency() -> None:
    rule = ReminderRule("remind-1", Anchor.SECONDS_BEFORE_DUE, 600, to="unit")
    [c6] = [version for version in default_versions() if version.kind is ClockKind.C6]
    versions = PolicyBook.of([replace(c6, terms=replace(c6.terms, reminders=(rule,)))])
    night = started(ClockKind.C6, "2026-03-02 23:00", Profile.EMERGENCY, Rulebook(calendar(), versions))
    assert [shown(each.at) for each in running(night).reminders] == ["2026-03-02 23:20"]


def test_reminds_of_working_days_at_nine_one_working_day_before() -> None:
    assert coming(ClockKind.C3, "2026-02-13 10:00") == [("remind-1", "2026-02-24 09:00")]
    assert coming(ClockKind.C5, MONDAY) == [("remind-1", "2026-03-10 09:00")]


def test_reminds_of_the_confirmation_on_its_second_and_third_day() -> None:
    assert coming(ClockKind.C7, "2026-05-07 16:00") == [
        ("remind-1", "2026-05-09 09:00"),
        ("remind-2", "2026-05-11 09:00"),
    ]


def test_reminds_by_the_earliest_bound_of_a_provisional_deadline() -> None:
    assert coming(ClockKind.C3, "2026-12-29 10:00") == [("remind-1", "2026-12-31 09:00")]


def test_goes_out_once_and_names_the_deadline() -> None:
    due = started(ClockKind.C5, MONDAY).when(Remind("remind-1", at("2026-03-10 09:00")))
    reminded = due.then(
        ReminderDue("remind-1", at("2026-03-10 09:00"), at("2026-03-11 24:00"), "unit", duty_desk=False)
    )
    reminded.when(Remind("remind-1", at("2026-03-10 09:01"))).then_nothing()


def test_does_not_go_out_early_or_after_the_deadline_or_under_another_name() -> None:
    handling = started(ClockKind.C5, MONDAY)
    handling.when(Remind("remind-1", at("2026-03-10 08:59:59"))).then_nothing()
    handling.when(Remind("remind-1", at("2026-03-12 09:00"))).then_nothing()
    handling.when(Remind("remind-9", at("2026-03-10 09:00"))).then_nothing()


def test_is_muted_by_pause_stop_and_breach() -> None:
    handling, remind = started(ClockKind.C5, MONDAY), Remind("remind-1", at("2026-03-10 09:00"))
    after(handling, PauseClock(at("2026-03-09 10:00"), "parked")).when(remind).then_nothing()
    after(handling, StopClock(at("2026-03-09 10:00"))).when(remind).then_nothing()
    after(handling, FallDue(at("2026-03-12 00:00:01"))).when(remind).then_nothing()


def test_comes_again_for_a_deadline_that_moved() -> None:
    reminded = after(started(ClockKind.C5, MONDAY), Remind("remind-1", at("2026-03-10 09:00")))
    extended = after(reminded, ExtendClock(at("2026-03-10 10:00"), 3, "雨季", book()))
    assert [shown(each.at) for each in running(extended).reminders] == ["2026-03-13 09:00"]
    paused = after(reminded, PauseClock(at("2026-03-10 10:00"), "parked"))
    resumed = after(paused, ResumeClock(at("2026-03-17 10:00"), book()))
    assert [shown(each.at) for each in running(resumed).reminders] == []
