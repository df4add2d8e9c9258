"""What went wrong in other systems of this kind, each a sentence about ours."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accountability.domain.clock import (
    INITIAL,
    ClimbRung,
    ClockBreached,
    Command,
    FallDue,
    LadderRungReached,
    MarkOverdueUnconfirmed,
    PauseClock,
    Recompute,
    Remind,
    ResumeClock,
    StopClock,
    VoidClock,
    decide,
    evolve,
)
from accountability.domain.default_policies import DEFAULT_TERMS
from accountability.domain.moments import shown
from accountability.domain.terms import ClockKind, PolicyVersion, Profile, ProfileLimit, working_days
from tests.domain.accountability.stories import (
    TABLE,
    after,
    at,
    book,
    calendar,
    running,
    start,
    started,
    until,
    with_year,
)

BEGIN = at("2026-04-28 10:00")


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(list(ClockKind)),
    st.sampled_from(list(Profile)),
    st.lists(
        st.integers(0, 30 * 24).flatmap(
            lambda hours: st.sampled_from(
                [
                    start(ClockKind.C5, "2026-05-20 10:00"),
                    Remind("remind-1", BEGIN + timedelta(hours=hours)),
                    FallDue(BEGIN + timedelta(hours=hours)),
                    MarkOverdueUnconfirmed(BEGIN + timedelta(hours=hours), ("routing",)),
                    ClimbRung("ORANGE", BEGIN + timedelta(hours=hours)),
                    StopClock(BEGIN + timedelta(hours=hours)),
                    VoidClock(BEGIN + timedelta(hours=hours), "withdrawn"),
                    Recompute(BEGIN + timedelta(hours=hours), "calendar", book()),
                ]
            )
        ),
        max_size=8,
    ),
)
def test_an_unrelated_edit_never_moves_a_deadline(
    kind: ClockKind, profile: Profile, asked: list[Command]
) -> None:
    state = started(kind, "2026-04-28 10:00", profile).state
    assert state.running is not None
    due = state.running.due
    for command in asked:
        for event in decide(command, state):
            state = evolve(state, event, BEGIN)
        assert state.running is not None
        assert state.running.due == due


def test_a_policy_of_another_clock_or_a_later_day_moves_nothing() -> None:
    shorter = replace(DEFAULT_TERMS[ClockKind.C4], limits=(ProfileLimit(Profile.ORDINARY, working_days(1)),))
    other = PolicyVersion(ClockKind.C4, "", 2, shorter, date(2026, 1, 1), None, TABLE)
    recompute = Recompute(at("2026-04-29 10:00"), "calendar", book(None, other))
    started(ClockKind.C3, "2026-04-28 10:00").when(recompute).then_nothing()


def test_a_merge_while_the_clock_runs_voids_the_child_and_leaves_the_parent() -> None:
    parent = started(ClockKind.C5, "2026-04-27 10:00")
    child = after(started(ClockKind.C5, "2026-04-28 10:00"), VoidClock(at("2026-04-29 10:00"), "merged"))
    assert running(child).voided_at == at("2026-04-29 10:00")
    assert (running(child).outcome, running(child).breached_at) == (None, None)
    child.when(FallDue(at("2026-06-01 10:00"))).then_nothing()
    assert running(parent).due == running(started(ClockKind.C5, "2026-04-27 10:00")).due
    parent.when(FallDue(at("2026-06-01 10:00"))).then_states(ClockBreached, LadderRungReached)


def test_a_merge_never_erases_the_breach_that_came_before_it() -> None:
    late = after(started(ClockKind.C1, "2026-04-28 10:00"), FallDue(at("2026-04-29 10:00:01")))
    merged = after(late, VoidClock(at("2026-04-29 11:00"), "merged"))
    assert running(merged).breached_at == at("2026-04-29 10:00")


def test_a_pause_while_breached_changes_neither_breach_nor_deadline() -> None:
    breached = after(started(ClockKind.C5, "2026-03-02 10:00"), FallDue(at("2026-03-12 09:00")))
    paused = after(
        breached,
        PauseClock(at("2026-03-12 10:00"), "parked"),
        ResumeClock(at("2026-03-20 10:00"), book()),
    )
    assert running(paused).breached_at == running(breached).breached_at == running(paused).due
    paused.when(FallDue(at("2026-03-30 10:00"))).then_nothing()


def test_every_rung_of_the_ladder_fires_and_not_only_the_first() -> None:
    breached = after(started(ClockKind.C1, "2026-03-02 10:00"), FallDue(at("2026-03-03 10:00:01")))
    climbed = after(
        breached, ClimbRung("ORANGE", at("2026-03-04 10:00")), ClimbRung("RED", at("2026-03-06 10:00"))
    )
    assert running(climbed).reached == ("BLUE", "ORANGE", "RED")


def test_a_rung_after_a_deadline_at_midnight_is_not_computed_as_00_00_of_the_next_day() -> None:
    """24:00 of Friday belongs to Friday: one working day later is 24:00 of Monday, held until morning."""
    breached = after(started(ClockKind.C3, "2026-03-03 10:00"), FallDue(at("2026-03-07 08:00")))
    assert shown(running(breached).due) == "2026-03-06 24:00"
    assert [(rung.name, rung.at) for rung in running(breached).rungs] == [
        ("ORANGE", at("2026-03-10 08:00")),
        ("RED", at("2026-03-12 08:00")),
    ]


def test_three_days_of_downtime_lose_no_rung_and_no_true_time() -> None:
    """The service was away from Tuesday to Friday; everything is caught up in order, as it was due."""
    state, told = started(ClockKind.C1, "2026-03-02 10:00").state, []
    back = at("2026-03-06 12:00")
    for command in (FallDue(back), ClimbRung("ORANGE", back), ClimbRung("RED", back)):
        for event in decide(command, state):
            state = evolve(state, event, back)
            told.append(event)
    breach, *rungs = told
    assert isinstance(breach, ClockBreached)
    assert breach.breached_at == at("2026-03-03 10:00")
    assert [(rung.rung, rung.at) for rung in rungs if isinstance(rung, LadderRungReached)] == [
        ("BLUE", at("2026-03-03 10:00")),
        ("ORANGE", at("2026-03-04 10:00")),
        ("RED", at("2026-03-06 10:00")),
    ]


@pytest.mark.parametrize("day", ["2026-12-25", "2026-12-29", "2027-01-04"])
def test_a_holiday_list_that_ran_out_gives_bounds_and_never_a_guess(day: str) -> None:
    ran_out = running(started(ClockKind.C3, f"{day} 10:00", rulebook=book(until(2026))))
    assert ran_out.deadline.provisional
    assert ran_out.deadline.earliest < ran_out.deadline.latest == ran_out.due
    published = with_year(2028, with_year(2027).plans[-1])
    certain = running(started(ClockKind.C3, f"{day} 10:00", rulebook=book(published)))
    assert not certain.deadline.provisional
    assert ran_out.deadline.earliest <= certain.due <= ran_out.deadline.latest


def test_nothing_is_due_before_it_was_started() -> None:
    assert INITIAL.running is None
    assert decide(FallDue(at("2026-03-06 12:00")), INITIAL) == []
    assert calendar().covered_until == date(2026, 12, 24)
