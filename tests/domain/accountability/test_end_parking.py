"""结束挂账: on its day, earlier, or because what it rested on is no more."""

from dataclasses import replace

from accountability.domain.moments import end_of
from accountability.domain.parking.commands import (
    EndAtSunset,
    EndParking,
    NoteOvertaken,
    NoteParked,
    NoteParkingRefused,
)
from accountability.domain.parking.facts import ParkingBegun, ParkingEnded, ParkingLapsed
from tests.domain.accountability.parking_stories import (
    IN_HAND,
    JUNE,
    MONDAY,
    TRANSPORT,
    applied,
    approved,
    ended,
    nothing,
    parked,
)
from tests.domain.accountability.stories import WATER, at

APRIL, JULY = at("2026-04-01 10:00"), at("2026-07-03 10:00")
END = EndParking(WATER, False, IN_HAND, "sealed reason", APRIL)


def test_is_early_when_the_lead_ends_it() -> None:
    parked.when(END).then(ParkingEnded(1, APRIL, "early", WATER, "sealed reason"))


def test_is_early_when_the_office_ends_it() -> None:
    office = replace(END, by="burden-reduction-office", by_office=True)
    parked.when(office).then(ParkingEnded(1, APRIL, "early", "burden-reduction-office", "sealed reason"))


def test_was_over_with_its_day_whoever_notices_later() -> None:
    late = replace(END, at=JULY)
    parked.when(late).then(ParkingEnded(1, end_of(JUNE), "sunset", WATER, "sealed reason"))


def test_changes_nothing_when_delivered_twice() -> None:
    ended.when(END).then_nothing()
    ended.when(EndAtSunset(1, end_of(JUNE))).then_nothing()


def test_needs_a_whistle_that_stands_still_and_a_reason() -> None:
    for story in (nothing, applied, approved):
        story.when(END).then_refused("not-parked")
    parked.when(replace(END, reason="")).then_refused("ending-parking-needs-a-reason")
    parked.when(replace(END, by=TRANSPORT)).then_refused("only-the-lead-may")


def test_comes_by_itself_at_the_sunset() -> None:
    parked.when(EndAtSunset(1, end_of(JUNE))).then(ParkingEnded(1, end_of(JUNE), "sunset"))
    parked.when(EndAtSunset(2, end_of(JUNE))).then_nothing()


def test_begins_only_when_routing_says_so() -> None:
    approved.when(NoteParked(1)).then(ParkingBegun(1))
    parked.when(NoteParked(1)).then_nothing()
    applied.when(NoteParked(1)).then_nothing()


def test_lapses_when_routing_says_it_was_too_late() -> None:
    lapsed = approved.when(NoteParkingRefused(1, "lead-concluded")).then(ParkingLapsed(1, "lead-concluded"))
    lapsed.when(NoteParkingRefused(1, "lead-concluded")).then_nothing()
    parked.when(NoteParkingRefused(1, "lead-concluded")).then_nothing()


def test_lapses_or_ends_when_another_department_leads() -> None:
    changed = NoteOvertaken("lead-changed", APRIL)
    applied.when(changed).then(ParkingLapsed(1, "lead-changed"))
    parked.when(changed).then(ParkingEnded(1, APRIL, "lead-changed"))
    approved.when(changed).then_nothing()
    ended.when(changed).then_nothing()


def test_ends_neither_before_its_approval_nor_after_its_day() -> None:
    early = NoteOvertaken("whistle-ended", at("2026-03-02 09:00"))
    parked.when(early).then(ParkingEnded(1, MONDAY, "whistle-ended"))
    parked.when(NoteOvertaken("whistle-ended", JULY)).then(ParkingEnded(1, end_of(JUNE), "whistle-ended"))
