"""What went wrong in other systems of this kind, each a sentence about ours.

Every test names the public report it answers: the project, the number of the issue or pull request, and what
its users saw. The reports are theirs; the stories here are ours.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accountability.domain.clock import (
    INITIAL,
    ClimbRung,
    Clock,
    ClockBreached,
    ClockStarted,
    Command,
    Event,
    FallDue,
    LadderRungReached,
    MarkOverdueUnconfirmed,
    PauseClock,
    Recompute,
    Remind,
    ResumeClock,
    ReturnClock,
    StartClock,
    StopClock,
    VoidClock,
    decide,
    evolve,
)
from accountability.domain.default_policies import DEFAULT_TERMS
from accountability.domain.moments import shown
from accountability.domain.terms import (
    ClockKind,
    PolicyVersion,
    Profile,
    ProfileLimit,
    working_days,
)
from backbone.testing import Scenario
from tests.domain.accountability.stories import (
    TABLE,
    after,
    at,
    book,
    calendar,
    running,
    start,
    started,
    story,
    until,
    with_year,
)

BEGIN = at("2026-04-28 10:00")


def due(scenario: Scenario[Command, Event, Clock]) -> str:
    """When the clock of a story falls due, as people read it."""
    return shown(running(scenario).due)


def test_a_clock_started_on_a_non_working_day_loses_none_of_its_time() -> None:
    """GLPI issue 687: opened outside the hours of the calendar, a ticket had a delay of 0.

    frappe/helpdesk pull request 2449: targets were wrong for tickets created on days off.
    """
    saturday, new_year_festival = "2026-03-07 10:00", "2026-02-15 10:00"
    assert due(started(ClockKind.C3, saturday)) == "2026-03-11 24:00"
    assert due(started(ClockKind.C6, saturday)) == "2026-03-09 14:30"
    assert due(started(ClockKind.C3, new_year_festival)) == "2026-02-26 24:00"
    assert due(started(ClockKind.C6, new_year_festival)) == "2026-02-24 14:30"
    assert due(started(ClockKind.C1, saturday)) == "2026-03-08 10:00"


@pytest.mark.parametrize(
    ("moment", "ends"),
    [
        ("2026-03-02 17:29:59", "2026-03-03 14:29:59"),
        ("2026-03-02 17:30", "2026-03-03 14:30"),
        ("2026-03-02 17:30:01", "2026-03-03 14:30"),
        ("2026-03-02 12:00", "2026-03-03 09:00"),
        ("2026-03-02 08:30", "2026-03-02 14:30"),
        ("2026-03-06 17:30", "2026-03-09 14:30"),
    ],
)
def test_a_clock_started_exactly_at_close_begins_at_the_next_opening(moment: str, ends: str) -> None:
    """chatwoot pull request 15647: within the closing minute a deadline was counted as after hours."""
    assert due(started(ClockKind.C6, moment)) == ends


def test_what_is_done_exactly_at_close_is_in_time_and_a_second_later_is_not() -> None:
    """odg-core pull request 904: what was done on the day of the deadline counted as a violation."""
    close = started(ClockKind.C6, "2026-03-02 11:30")
    assert due(close) == "2026-03-02 17:30"
    assert running(after(close, StopClock(at("2026-03-02 17:30")))).outcome == "on_time"
    assert running(after(close, StopClock(at("2026-03-02 17:30:01")))).outcome == "late"
    midnight = started(ClockKind.C3, "2026-03-02 10:00")
    assert running(after(midnight, StopClock(at("2026-03-05 24:00")))).outcome == "on_time"
    assert running(after(midnight, StopClock(at("2026-03-06 00:00:01")))).outcome == "late"


@pytest.mark.parametrize(
    ("resumed", "ends"),
    [
        ("2026-10-07 23:00", "2026-10-09 24:00"),
        ("2026-10-10 09:00", "2026-10-12 24:00"),
        ("2026-10-10 24:00", "2026-10-13 24:00"),
    ],
)
def test_a_pause_across_a_holiday_and_a_make_up_saturday_takes_only_the_days_it_covers(
    resumed: str, ends: str
) -> None:
    """GLPI issue 10594: pending over a weekend, a ticket due in days was given the weekend once more.

    Of seven days 22, 23, 24, 28 and 29 September are counted; 25 to 27 September and 1 to 7 October are off,
    30 September stands still. Two days are left, and Saturday 10 October is worked.
    """
    handling = started(ClockKind.C5, "2026-09-21 10:00")
    assert due(handling) == "2026-10-08 24:00"
    parked = after(handling, PauseClock(at("2026-09-30 11:00"), "parked"), ResumeClock(at(resumed), book()))
    assert due(parked) == ends


def test_a_pause_while_breached_changes_neither_breach_nor_deadline() -> None:
    """frappe/helpdesk pull request 3709: paused after its deadline, a ticket grew more overdue every hour."""
    breached = after(started(ClockKind.C5, "2026-03-02 10:00"), FallDue(at("2026-03-12 09:00")))
    paused = after(breached, PauseClock(at("2026-03-12 10:00"), "parked"))
    back = after(paused, ResumeClock(at("2026-03-20 10:00"), book()))
    for state in (breached, paused, back):
        assert (shown(running(state).due), running(state).breached_at) == (
            "2026-03-11 24:00",
            running(state).due,
        )
    back.when(FallDue(at("2026-03-30 10:00"))).then_nothing()
    assert running(after(back, StopClock(at("2026-03-20 11:00")))).outcome == "late"


def test_a_case_reopened_after_close_has_its_own_clock_and_is_not_overdue_at_once() -> None:
    """osTicket pull request 5206 and issue 5955: a reopened ticket kept its old due date and was overdue."""
    closed = after(started(ClockKind.C8, "2026-03-02 10:00"), StopClock(at("2026-03-04 10:00")))
    closed.when(start(ClockKind.C8, "2026-03-20 10:00")).then_nothing()
    closed.when(FallDue(at("2026-03-20 10:00:01"))).then_nothing()
    again = story().when(replace(start(ClockKind.C8, "2026-03-20 10:00"), cycle=2)).then_states(ClockStarted)
    assert due(again) == "2026-03-25 24:00"
    again.when(FallDue(at("2026-03-20 10:00:01"))).then_nothing()
    assert (running(closed).outcome, shown(running(closed).due)) == ("on_time", "2026-03-05 24:00")


def test_a_merge_while_the_clock_runs_voids_the_child_and_leaves_the_parent() -> None:
    """Zammad issue 904 and Znuny issue 200: merged tickets went on escalating."""
    parent = started(ClockKind.C5, "2026-04-27 10:00")
    child = after(started(ClockKind.C5, "2026-04-28 10:00"), VoidClock(at("2026-04-29 10:00"), "merged"))
    assert running(child).voided_at == at("2026-04-29 10:00")
    assert (running(child).outcome, running(child).breached_at) == (None, None)
    child.when(FallDue(at("2026-06-01 10:00"))).then_nothing()
    child.when(ClimbRung("BLUE", at("2026-06-01 10:00"))).then_nothing()
    assert running(parent).due == running(started(ClockKind.C5, "2026-04-27 10:00")).due
    parent.when(FallDue(at("2026-06-01 10:00"))).then_states(ClockBreached, LadderRungReached)


def test_a_merge_never_erases_the_breach_that_came_before_it() -> None:
    """The other side of the same reports: what had escalated before the merge did happen."""
    late = after(started(ClockKind.C1, "2026-04-28 10:00"), FallDue(at("2026-04-29 10:00:01")))
    merged = after(late, VoidClock(at("2026-04-29 11:00"), "merged"))
    assert running(merged).breached_at == at("2026-04-29 10:00")


def test_a_transfer_with_a_spent_clock_gives_the_next_department_its_own_whole_time() -> None:
    """Zammad issue 5624 and osTicket-1.7 issue 606: passed on, a ticket kept the other group's target."""
    spent = started(ClockKind.C1, "2026-03-02 10:00")
    returned = after(spent, ReturnClock(at("2026-03-03 09:59")))
    handed = replace(start(ClockKind.C1, "2026-03-03 09:59"), subject="another", unit="housing")
    fresh = story().when(handed).then_states(ClockStarted)
    assert due(fresh) == "2026-03-04 09:59"
    assert [shown(each.at) for each in running(fresh).reminders] != []
    returned.when(FallDue(at("2026-03-03 10:00:01"))).then_nothing()
    fresh.when(FallDue(at("2026-03-03 10:00:01"))).then_nothing()
    assert (running(returned).outcome, running(returned).breached_at) == ("returned", None)


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
    """axelor-open-suite pull request 16563: saving a ticket reset its deadline."""
    state = started(kind, "2026-04-28 10:00", profile).state
    assert state.running is not None
    before = state.running.due
    for command in asked:
        for event in decide(command, state):
            state = evolve(state, event, BEGIN)
        assert state.running is not None
        assert state.running.due == before


def test_a_policy_of_another_clock_or_a_later_day_moves_nothing() -> None:
    """GLPI issue 6902: another rule that came to apply forgot the time already waited."""
    shorter = replace(DEFAULT_TERMS[ClockKind.C4], limits=(ProfileLimit(Profile.ORDINARY, working_days(1)),))
    other = PolicyVersion(ClockKind.C4, "", 2, shorter, date(2026, 1, 1), None, TABLE)
    recompute = Recompute(at("2026-04-29 10:00"), "calendar", book(None, other))
    started(ClockKind.C3, "2026-04-28 10:00").when(recompute).then_nothing()


def test_every_rung_of_the_ladder_fires_and_not_only_the_first() -> None:
    """GLPI issue 5319: of the levels of an escalation only the first was ever carried out."""
    breached = after(started(ClockKind.C1, "2026-03-02 10:00"), FallDue(at("2026-03-03 10:00:01")))
    climbed = after(
        breached, ClimbRung("ORANGE", at("2026-03-04 10:00")), ClimbRung("RED", at("2026-03-06 10:00"))
    )
    assert running(climbed).reached == ("BLUE", "ORANGE", "RED")
    climbed.when(ClimbRung("ORANGE", at("2026-03-06 10:15"))).then_nothing()


def test_a_rung_after_a_deadline_at_midnight_is_not_computed_as_00_00_of_the_next_day() -> None:
    """GLPI pull request 22678: with working hours in segments a level was always carried out at 00:00.

    24:00 of Friday belongs to Friday: one working day later is 24:00 of Monday, held until morning.
    """
    breached = after(started(ClockKind.C3, "2026-03-03 10:00"), FallDue(at("2026-03-07 08:00")))
    assert due(breached) == "2026-03-06 24:00"
    assert [(rung.name, rung.at) for rung in running(breached).rungs] == [
        ("ORANGE", at("2026-03-10 08:00")),
        ("RED", at("2026-03-12 08:00")),
    ]


def test_a_rung_after_a_deadline_in_working_hours_keeps_its_time_of_day() -> None:
    """The very example of that report: due on the next morning, the level came at 00:00 of that day."""
    desk = started(ClockKind.C6, "2026-03-02 16:00")
    assert due(desk) == "2026-03-03 11:00"
    assert [shown(rung.at) for rung in running(desk).rungs] == [
        "2026-03-03 11:00",
        "2026-03-04 11:00",
        "2026-03-06 11:00",
    ]


@pytest.mark.parametrize("day", ["2026-12-25", "2026-12-29", "2027-01-04"])
def test_a_holiday_list_that_ran_out_gives_bounds_and_never_a_guess(day: str) -> None:
    """quuuuj/hrm issue 74 and deephaven-core issue 3958: holidays were years out of date, and nobody knew."""
    ran_out = running(started(ClockKind.C3, f"{day} 10:00", rulebook=book(until(2026))))
    assert ran_out.deadline.provisional
    assert ran_out.deadline.earliest < ran_out.deadline.latest == ran_out.due
    published = with_year(2028, with_year(2027).plans[-1])
    certain = running(started(ClockKind.C3, f"{day} 10:00", rulebook=book(published)))
    assert not certain.deadline.provisional
    assert ran_out.deadline.earliest <= certain.due <= ran_out.deadline.latest


@pytest.mark.parametrize("moment", ["2026-03-02 00:00", "2026-03-02 23:59", "2026-03-02 23:59:59"])
def test_midnight_loses_no_minute(moment: str) -> None:
    """Zammad issue 3180: open from 00:00 to 23:59, a calendar was closed for one minute every midnight."""
    begin = at(moment)
    assert running(started(ClockKind.C1, moment)).due - begin == timedelta(hours=24)
    paused = after(
        started(ClockKind.C1, moment),
        PauseClock(begin + timedelta(minutes=1), "parked"),
        ResumeClock(begin + timedelta(days=3, minutes=1), book()),
    )
    assert running(paused).due - begin == timedelta(days=4)


@pytest.mark.parametrize(
    ("utc", "three_days", "desk"),
    [
        (datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC), "2026-03-05 24:00", "2026-03-03 14:30"),
        (datetime(2026, 3, 2, 16, 0, 0, tzinfo=UTC), "2026-03-06 24:00", "2026-03-03 14:30"),
        (datetime(2026, 3, 3, 0, 30, 0, tzinfo=UTC), "2026-03-06 24:00", "2026-03-03 14:30"),
        (datetime(2026, 3, 6, 15, 59, 59, tzinfo=UTC), "2026-03-11 24:00", "2026-03-09 14:30"),
        (datetime(2026, 3, 6, 16, 0, 0, tzinfo=UTC), "2026-03-11 24:00", "2026-03-09 14:30"),
        (datetime(2026, 3, 8, 15, 59, 59, tzinfo=UTC), "2026-03-11 24:00", "2026-03-09 14:30"),
        (datetime(2026, 3, 8, 16, 0, 0, tzinfo=UTC), "2026-03-12 24:00", "2026-03-09 14:30"),
    ],
)
def test_days_begin_and_end_in_shanghai_and_not_in_utc(utc: datetime, three_days: str, desk: str) -> None:
    """frappe/helpdesk pull request 3776: deadlines read in another zone were hours off, and failed at once.

    16:00 UTC is 00:00 in Shanghai: the day that begins then is the day of the start.
    """
    for kind, ends in ((ClockKind.C3, three_days), (ClockKind.C6, desk)):
        asked = StartClock(kind, "case", "assignment", "water-resources", 1, utc, book())
        assert due(story().when(asked).then_states(ClockStarted)) == ends


def test_three_days_of_downtime_lose_no_rung_and_no_true_time() -> None:
    """APScheduler issue 102: after minutes away a job due four times ran once.

    Ours was away from Tuesday to Friday; everything is caught up in order, as it was due.
    """
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


def test_nothing_is_due_before_it_was_started() -> None:
    assert INITIAL.running is None
    assert decide(FallDue(at("2026-03-06 12:00")), INITIAL) == []
    assert calendar().covered_until == date(2026, 12, 24)
