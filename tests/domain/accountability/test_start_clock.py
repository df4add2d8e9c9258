"""StartClock: every clock's default limit, the versions it pins, and what it cannot be started with."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from accountability.domain.clock import ClockStarted
from accountability.domain.moments import shown
from accountability.domain.rulebook import Rulebook
from accountability.domain.terms import (
    ClockKind,
    Ending,
    PolicyBook,
    Profile,
    ProfileLimit,
    Terms,
    working_days,
)
from tests.domain.accountability.stories import (
    TABLE,
    at,
    book,
    default_versions,
    running,
    start,
    started,
    story,
)

MONDAY = "2026-03-02 10:00"

DEFAULTS = [
    (ClockKind.C0, Profile.ORDINARY, "2026-03-03 10:00"),
    (ClockKind.C0, Profile.EMERGENCY, "2026-03-02 12:00"),
    (ClockKind.C1, Profile.ORDINARY, "2026-03-03 10:00"),
    (ClockKind.C1, Profile.EMERGENCY, "2026-03-02 12:00"),
    (ClockKind.C1, Profile.COMPLEX, "2026-03-03 10:00"),
    (ClockKind.C2, Profile.ORDINARY, "2026-03-05 24:00"),
    (ClockKind.C3, Profile.ORDINARY, "2026-03-05 24:00"),
    (ClockKind.C4, Profile.ORDINARY, "2026-03-11 24:00"),
    (ClockKind.C5, Profile.ORDINARY, "2026-03-11 24:00"),
    (ClockKind.C5, Profile.COMPLEX, "2026-03-16 24:00"),
    (ClockKind.C5, Profile.EMERGENCY, "2026-03-03 10:00"),
    (ClockKind.C6, Profile.ORDINARY, "2026-03-02 16:00"),
    (ClockKind.C6, Profile.EMERGENCY, "2026-03-02 10:30"),
    (ClockKind.C7, Profile.ORDINARY, "2026-03-05 24:00"),
    (ClockKind.C8, Profile.ORDINARY, "2026-03-05 24:00"),
    (ClockKind.C9, Profile.ORDINARY, "2026-04-01 24:00"),
    (ClockKind.C10, Profile.ORDINARY, "2026-03-03 11:00"),
    (ClockKind.C11, Profile.ORDINARY, "2026-03-03 24:00"),
    (ClockKind.C12, Profile.ORDINARY, "2026-03-09 24:00"),
    (ClockKind.C13, Profile.ORDINARY, "2026-03-05 24:00"),
    (ClockKind.C13, Profile.EMERGENCY, "2026-03-02 22:00"),
    (ClockKind.C14, Profile.EMERGENCY, "2026-03-03 10:00"),
    (ClockKind.C15, Profile.ORDINARY, "2026-03-02 16:00"),
    (ClockKind.C15, Profile.EMERGENCY, "2026-03-02 10:30"),
    (ClockKind.C16, Profile.ORDINARY, "2026-08-29 24:00"),
]


@pytest.mark.parametrize(("kind", "profile", "due"), DEFAULTS)
def test_runs_for_the_default_limit(kind: ClockKind, profile: Profile, due: str) -> None:
    assert shown(running(started(kind, MONDAY, profile)).due) == due


def test_has_a_default_for_all_seventeen_clocks() -> None:
    assert {kind for kind, _, _ in DEFAULTS} == set(ClockKind)
    assert {version.kind for version in default_versions()} == set(ClockKind)


def test_expires_only_for_confirmation_return_window_and_sunset() -> None:
    expiring = {version.kind for version in default_versions() if version.terms.ending is Ending.EXPIRE}
    assert expiring == {ClockKind.C7, ClockKind.C10, ClockKind.C16}


def test_states_everything_replay_needs() -> None:
    outcome = story().when(start(ClockKind.C5, MONDAY))
    outcome.then_states(ClockStarted)
    [event] = outcome.events
    assert isinstance(event, ClockStarted)
    assert event.schedule.policy_version == "C5.1"
    assert event.schedule.calendar_version == "2026.1"
    assert event.limit == working_days(7)
    assert event.schedule.original_due == event.schedule.deadline.due


def test_names_the_unpublished_year_its_provisional_deadline_rests_on() -> None:
    clock = running(started(ClockKind.C3, "2026-12-29 10:00"))
    assert clock.deadline.provisional
    assert clock.schedule.calendar_version == "2026.1 2027.0"


def test_needs_no_calendar_version_for_plain_time() -> None:
    assert running(started(ClockKind.C1, MONDAY)).schedule.calendar_version == ""


def test_changes_nothing_when_it_has_started() -> None:
    started(ClockKind.C5, MONDAY).when(start(ClockKind.C5, "2026-03-09 10:00")).then_nothing()


def test_never_lets_the_return_window_pass_the_report_in() -> None:
    friday = "2026-03-06 10:00"
    report_in = running(started(ClockKind.C1, friday))
    window = story().when(replace(start(ClockKind.C10, friday), cap=report_in.due)).then_states(ClockStarted)
    assert shown(running(started(ClockKind.C10, friday)).due) == "2026-03-09 11:00"
    assert running(window).due == report_in.due


def test_starts_afresh_for_the_new_department_of_a_transfer_with_a_spent_clock() -> None:
    spent = running(started(ClockKind.C1, MONDAY))
    fresh = running(started(ClockKind.C1, "2026-03-03 09:59"))
    assert fresh.due - spent.due == timedelta(hours=23, minutes=59)


def test_takes_a_shorter_limit_decided_for_the_case() -> None:
    sunset = replace(start(ClockKind.C16, MONDAY), amount=60)
    clock = running(story().when(sunset).then_states(ClockStarted))
    assert shown(clock.due) == "2026-05-01 24:00"


@pytest.mark.parametrize("amount", [0, 181])
def test_refuses_a_limit_beyond_the_policy(amount: int) -> None:
    sunset = replace(start(ClockKind.C16, MONDAY), amount=amount)
    story().when(sunset).then_refused("amount-exceeds-the-policy", most=180)


def test_has_a_policy_for_records_of_2011() -> None:
    clock = running(started(ClockKind.C3, "2011-09-30 16:00"))
    assert (shown(clock.due), clock.schedule.policy_version) == ("2011-10-10 24:00", "C3.1")
    assert clock.schedule.calendar_version == "2011.1"


def test_refuses_when_no_policy_was_in_force() -> None:
    story().when(start(ClockKind.C3, "1999-12-31 10:00")).then_refused(
        "no-policy-in-force", clock="C3", day="1999-12-31"
    )


def test_prefers_the_narrower_scope_and_then_the_later_record() -> None:
    [county] = [version for version in default_versions() if version.kind is ClockKind.C3]
    two_days = Terms((ProfileLimit(Profile.ORDINARY, working_days(2)),))
    later = replace(county, number=2, terms=two_days, effective_from=date(2026, 3, 1), source=TABLE)
    ended = replace(county, number=3, effective_from=date(2026, 3, 1), effective_to=date(2026, 3, 1))
    yuancun = replace(county, scope="410923102", number=1, effective_from=date(2026, 1, 1))
    policies = PolicyBook.of((county, later, ended, yuancun))
    rulebook = Rulebook(book().calendar, policies)
    township = replace(start(ClockKind.C3, MONDAY, rulebook=rulebook), scope="410923102")
    elsewhere = replace(start(ClockKind.C3, MONDAY, rulebook=rulebook), scope="410923103")
    assert policies.in_force(ClockKind.C3, at("2026-02-27 10:00")).label == "C3.1"
    assert policies.in_force(ClockKind.C3, at("2026-03-01 10:00")).label == "C3.3"
    assert running(story().when(elsewhere).then_states(ClockStarted)).schedule.policy_version == "C3.2"
    found = running(story().when(township).then_states(ClockStarted)).schedule.policy_version
    assert found == "C3@410923102.1"
