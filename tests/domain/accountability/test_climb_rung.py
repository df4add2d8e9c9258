"""ClimbRung: the ladder after a breach, each rung once and in order, muted when the matter is over."""

import pytest

from accountability.domain.clock import (
    ClimbRung,
    FallDue,
    LadderRungReached,
    PauseClock,
    ResumeClock,
    StopClock,
    VoidClock,
)
from accountability.domain.clock.ledger import Running
from accountability.domain.moments import shown
from accountability.domain.terms import ClockKind, Profile
from tests.domain.accountability.stories import after, at, book, running, started

MONDAY = "2026-03-02 10:00"
BREACH = FallDue(at("2026-03-03 10:00:01"))
ORANGE = LadderRungReached("ORANGE", at("2026-03-04 10:00"), "department-head", proposed=False)
RED = LadderRungReached("RED", at("2026-03-06 10:00"), "office-supervisor", proposed=True)


def ladder(clock: Running) -> list[tuple[str, str]]:
    """The rungs still to come."""
    return [(rung.name, shown(rung.at)) for rung in clock.rungs]


def test_climbs_blue_at_once_orange_after_one_and_red_after_three_working_days() -> None:
    breached = after(started(ClockKind.C1, MONDAY), BREACH)
    assert running(breached).reached == ("BLUE",)
    orange = breached.when(ClimbRung("ORANGE", at("2026-03-04 10:00"))).then(ORANGE)
    red = orange.when(ClimbRung("RED", at("2026-03-06 10:00:03"))).then(RED)
    assert running(red).reached == ("BLUE", "ORANGE", "RED")
    assert running(red).rungs == ()


def test_reaches_each_rung_only_once() -> None:
    """Other systems fired only the first rung, or every rung again."""
    orange = after(started(ClockKind.C1, MONDAY), BREACH, ClimbRung("ORANGE", at("2026-03-04 10:00")))
    orange.when(ClimbRung("ORANGE", at("2026-03-04 10:01"))).then_nothing()
    orange.when(ClimbRung("BLUE", at("2026-03-04 10:01"))).then_nothing()


def test_climbs_in_order_after_three_days_of_downtime() -> None:
    late = after(started(ClockKind.C1, MONDAY), FallDue(at("2026-03-07 08:00")))
    late.when(ClimbRung("RED", at("2026-03-07 08:00"))).then(ORANGE, RED)


def test_waits_for_its_hour() -> None:
    breached = after(started(ClockKind.C1, MONDAY), BREACH)
    breached.when(ClimbRung("ORANGE", at("2026-03-04 09:59:59"))).then_nothing()


def test_never_begins_before_the_breach() -> None:
    started(ClockKind.C1, MONDAY).when(ClimbRung("BLUE", at("2026-03-09 10:00"))).then_nothing()


def test_counts_working_days_over_a_holiday_and_waits_out_quiet_hours() -> None:
    """One working day after 29 September 24:00 is 30 September 24:00, told after the holiday."""
    clock = running(started(ClockKind.C5, "2026-09-18 10:00"))
    assert shown(clock.due) == "2026-09-29 24:00"
    assert ladder(clock) == [
        ("BLUE", "2026-09-29 24:00"),
        ("ORANGE", "2026-10-08 08:30"),
        ("RED", "2026-10-10 08:00"),
    ]


def test_does_not_wait_in_an_emergency() -> None:
    clock = running(started(ClockKind.C1, "2026-03-02 23:00", Profile.EMERGENCY))
    assert ladder(clock) == [
        ("BLUE", "2026-03-03 01:00"),
        ("ORANGE", "2026-03-04 01:00"),
        ("RED", "2026-03-06 01:00"),
    ]


@pytest.mark.parametrize("kind", [ClockKind.C0, ClockKind.C7, ClockKind.C10, ClockKind.C16])
def test_has_no_rung_for_the_promise_or_for_what_only_expires(kind: ClockKind) -> None:
    assert ladder(running(started(kind, MONDAY))) == []


@pytest.mark.parametrize(
    "kind",
    [ClockKind.C2, ClockKind.C3, ClockKind.C4, ClockKind.C6, ClockKind.C11, ClockKind.C12, ClockKind.C15],
)
def test_tells_the_county_leader_of_the_offices_own_lateness(kind: ClockKind) -> None:
    assert {rung.to for rung in running(started(kind, MONDAY)).rungs} == {"county-leader"}


def test_is_muted_once_the_clock_has_ended_or_stands_still() -> None:
    breached = after(started(ClockKind.C1, MONDAY), BREACH)
    orange = ClimbRung("ORANGE", at("2026-03-04 10:00"))
    after(breached, StopClock(at("2026-03-03 11:00"))).when(orange).then_nothing()
    after(breached, VoidClock(at("2026-03-03 11:00"), "merged")).when(orange).then_nothing()
    after(breached, PauseClock(at("2026-03-03 11:00"), "parked")).when(orange).then_nothing()


def test_goes_on_where_it_stood_when_a_parked_clock_resumes() -> None:
    parked = after(started(ClockKind.C1, MONDAY), BREACH, PauseClock(at("2026-03-03 11:00"), "parked"))
    back = after(parked, ResumeClock(at("2026-03-05 09:00"), book()))
    back.when(ClimbRung("ORANGE", at("2026-03-05 09:00"))).then(ORANGE)


def test_is_muted_when_a_clock_resumes_for_the_figures_only() -> None:
    parked = after(started(ClockKind.C1, MONDAY), BREACH, PauseClock(at("2026-03-03 11:00"), "parked"))
    back = after(parked, ResumeClock(at("2026-03-05 09:00"), book(), figures_only=True))
    back.when(ClimbRung("ORANGE", at("2026-03-05 09:00"))).then_nothing()
