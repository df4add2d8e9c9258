"""申请延期: the lead asks for more time before its handling clock runs out."""

from dataclasses import replace

from accountability.domain.clock import ExtendClock, VoidClock
from accountability.domain.terms import ClockKind, Profile
from tests.domain.accountability.parking_stories import (
    ASKED,
    CONCLUDED,
    ENDED,
    LIMITS,
    MORE_TIME,
    TRANSPORT,
    asked,
    handling_clock,
    no_extension,
)
from tests.domain.accountability.stories import after, at, book, running, started


def extended(times: int) -> object:
    more = ExtendClock(at("2026-03-03 10:00"), 1, "extension-granted", book())
    later = (replace(more, at=at(f"2026-03-03 1{n}:00")) for n in range(times))
    return running(after(started(ClockKind.C5, "2026-03-02 10:00"), *later))


def test_states_the_application_with_the_deadline_as_it_stood() -> None:
    no_extension.when(MORE_TIME).then(ASKED)


def test_changes_nothing_when_delivered_twice() -> None:
    asked.when(replace(MORE_TIME, reason="sealed afresh")).then_nothing()


def test_is_refused_with_another_wish_while_one_waits() -> None:
    asked.when(replace(MORE_TIME, amount=3)).then_refused("extension-applied-for-already")


def test_is_the_leads_alone() -> None:
    no_extension.when(replace(MORE_TIME, by=TRANSPORT)).then_refused("only-the-lead-may")
    no_extension.when(replace(MORE_TIME, by="power-supply")).then_refused("unknown-case")


def test_is_refused_when_concluded_or_ended() -> None:
    no_extension.when(replace(MORE_TIME, handling=CONCLUDED)).then_refused("lead-has-concluded")
    no_extension.when(replace(MORE_TIME, handling=ENDED)).then_refused("whistle-has-ended")


def test_needs_a_reason_and_a_fitting_amount() -> None:
    no_extension.when(replace(MORE_TIME, reason="")).then_refused("reason-missing")
    no_extension.when(replace(MORE_TIME, amount=0)).then_refused("limit-must-be-positive")
    no_extension.when(replace(MORE_TIME, amount=8)).then_refused("extension-exceeds-the-original", most=7)


def test_counts_an_emergency_in_its_own_unit() -> None:
    urgent = handling_clock("2026-03-02 10:00", Profile.EMERGENCY)
    asks = replace(MORE_TIME, clock=urgent, amount=12 * 3600, at=at("2026-03-02 12:00"))
    no_extension.when(asks).then(replace(ASKED, amount=12 * 3600, unit="seconds", due=urgent.due))


def test_comes_too_late_once_the_clock_has_run_out() -> None:
    late = replace(MORE_TIME, at=at("2026-03-12 00:00:01"))
    no_extension.when(late).then_refused("extension-after-the-deadline")


def test_needs_a_clock_that_has_not_ended() -> None:
    void = running(
        after(started(ClockKind.C5, "2026-03-02 10:00"), VoidClock(at("2026-03-03 10:00"), "withdrawn"))
    )
    no_extension.when(replace(MORE_TIME, clock=void)).then_refused("clock-not-running")
    no_extension.when(replace(MORE_TIME, clock=None)).then_refused("clock-not-running")


def test_is_the_second_once_the_clock_was_extended_and_the_last_then() -> None:
    once, twice = extended(1), extended(2)
    outcome = no_extension.when(replace(MORE_TIME, clock=once))  # type: ignore[arg-type]
    outcome.then_states(type(ASKED))
    assert outcome.events[0].second  # type: ignore[union-attr]
    third = replace(MORE_TIME, clock=twice)  # type: ignore[arg-type]
    no_extension.when(third).then_refused("extended-as-often-as-allowed", most=2)
    no_extension.when(replace(third, limits=replace(LIMITS, most=3))).then_states(type(ASKED))
    once_only = replace(MORE_TIME, clock=once, limits=replace(LIMITS, most=1))  # type: ignore[arg-type]
    no_extension.when(once_only).then_refused("extended-as-often-as-allowed", most=1)


def test_is_the_offices_as_often_as_the_rules_say() -> None:
    trusted, strict = replace(LIMITS, office_decides=2), replace(LIMITS, office_decides=0)
    second = no_extension.when(replace(MORE_TIME, clock=extended(1), limits=trusted))  # type: ignore[arg-type]
    assert not second.events[0].second  # type: ignore[union-attr]
    first = no_extension.when(replace(MORE_TIME, limits=strict))
    assert first.events[0].second  # type: ignore[union-attr]


def test_is_as_long_as_the_rules_let_it() -> None:
    half, double = replace(LIMITS, per_cent=50), replace(LIMITS, per_cent=200)
    no_extension.when(replace(MORE_TIME, amount=4, limits=half)).then_refused(
        "extension-exceeds-the-original", most=3
    )
    no_extension.when(replace(MORE_TIME, amount=3, limits=half)).then_states(type(ASKED))
    no_extension.when(replace(MORE_TIME, amount=14, limits=double)).then_states(type(ASKED))
