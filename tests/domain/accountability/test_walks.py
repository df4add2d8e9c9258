"""Any sequence of commands: facts replay to the same state, and nothing is breached or climbed twice."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from accountability.domain import calendar_year, clock, policy
from accountability.domain.calendar import Holiday, SourceDocument, SpecialKind
from accountability.domain.clock import (
    INITIAL,
    BreachAnnulled,
    ClimbRung,
    ClockBreached,
    ClockExpired,
    Command,
    CorrectClock,
    Event,
    ExtendClock,
    FallDue,
    HandOverClock,
    LadderRungReached,
    MarkOverdueUnconfirmed,
    PauseClock,
    Recompute,
    RecordClock,
    Remind,
    ReminderDue,
    ResumeClock,
    ReturnClock,
    StopClock,
    SupersedeClock,
    VoidClock,
    decide,
    evolve,
    timers,
)
from accountability.domain.default_policies import DEFAULT_TERMS
from accountability.domain.refusals import Refused
from accountability.domain.terms import ClockKind, Profile
from backbone.decider import Aggregate, Codec
from backbone.testing import walk
from tests.domain.accountability.stories import TABLE, at, book, calendar, start, with_year

BEGIN = at("2026-12-14 10:00")
CLOCKS = Aggregate("clock", INITIAL, decide, evolve, Codec(Event), lambda *_: ())
YEARS = Aggregate(
    "calendar-year",
    calendar_year.INITIAL,
    calendar_year.decide,
    calendar_year.evolve,
    Codec(calendar_year.Event),
    lambda *_: (),
)
POLICIES = Aggregate(
    "policy", policy.INITIAL, policy.decide, policy.evolve, Codec(policy.Event), lambda *_: ()
)
BEFORE, SINCE = book(calendar()), book(with_year(2027))
kinds = st.sampled_from(list(ClockKind))
profiles = st.sampled_from(list(Profile))


@cache
def moments() -> st.SearchStrategy[datetime]:
    """Moments of the fortnight in which a year runs out, and the month after it."""
    return st.integers(0, 45 * 24 * 4).map(lambda n: BEGIN + n * timedelta(minutes=15))


def correction(
    approved_by: st.SearchStrategy[str],
    started_at: st.SearchStrategy[datetime | None],
    stopped_at: st.SearchStrategy[datetime | None],
) -> st.SearchStrategy[Command]:
    """Corrections of a recorded time by the clerk."""
    return st.builds(
        SupersedeClock,
        moments(),
        st.just("有误"),
        st.just("clerk"),
        approved_by,
        st.just(SINCE),
        started_at,
        stopped_at,
    )


@cache
def commands(kind: ClockKind, profile: Profile) -> st.SearchStrategy[Command]:
    """Everything that can be asked of one clock, at any time."""
    times = moments()
    books = st.sampled_from([BEFORE, SINCE])
    begin = st.builds(
        lambda moment, rulebook: replace(start(kind, "2026-12-14 10:00", profile, rulebook), at=moment),
        times,
        books,
    )
    return st.one_of(
        begin,
        st.builds(RecordClock, begin, times),
        st.builds(PauseClock, times, st.just("parked")),
        st.builds(ResumeClock, times, st.just(SINCE), st.booleans()),
        st.builds(ExtendClock, times, st.integers(1, 8), st.just("雨季"), st.just(SINCE)),
        correction(st.just("leader"), times, st.none()),
        correction(st.just("leader"), st.none(), times),
        correction(st.sampled_from(["leader", "clerk"]), st.none() | times, st.none() | times),
        st.builds(StopClock, times, st.just("done")),
        st.builds(ReturnClock, times),
        st.builds(VoidClock, times, st.just("withdrawn")),
        st.builds(Recompute, times, st.just("calendar"), st.just(SINCE)),
        st.builds(HandOverClock, times, st.sampled_from(["water-resources", "transport"])),
        st.builds(FallDue, times),
        st.builds(FallDue, st.just(BEGIN + timedelta(days=60))),
        st.builds(MarkOverdueUnconfirmed, times, st.just(("routing",))),
        st.builds(Remind, st.sampled_from(["remind-1", "remind-2", "remind-3"]), times),
        st.builds(ClimbRung, st.sampled_from(["BLUE", "ORANGE", "RED"]), times),
    )


@st.composite
def walks(draw: st.DrawFn) -> list[Command]:
    """A start and whatever follows; some of it turns out to have happened at another time."""
    kind, profile = draw(kinds), draw(profiles)
    first = replace(start(kind, "2026-12-14 10:00", profile, BEFORE), at=draw(moments()))
    asked = [first, *draw(st.lists(commands(kind, profile), min_size=3, max_size=14))]
    for each in list(asked):
        if isinstance(each, StopClock | PauseClock) and draw(st.booleans()):
            moved = (draw(moments()), each.at, draw(moments()))
            true_time = CorrectClock(*moved, "correction/1", "clerk", "leader", SINCE)
            asked.insert(draw(st.integers(asked.index(each) + 1, len(asked))), true_time)
    return asked


@settings(max_examples=250, deadline=None)
@given(walks())
def test_replays_to_the_same_clock_and_repeats_without_effect(asked: list[Command]) -> None:
    walk(CLOCKS, asked)


@settings(max_examples=250, deadline=None)
@given(walks())
def test_never_breaches_twice_and_climbs_each_rung_once_in_order(asked: list[Command]) -> None:
    state, standing, rungs = INITIAL, 0, list[str]()
    for command in asked:
        try:
            events = decide(command, state)
        except Refused:
            continue
        for event in events:
            state = evolve(state, event, BEGIN)
            standing += isinstance(event, ClockBreached)
            standing -= isinstance(event, BreachAnnulled)
            assert standing in (0, 1)
            if isinstance(event, LadderRungReached):
                rungs.append(event.rung)
                assert standing == 1
        running = state.running
        assert running is not None
        assert (running.breached_at is not None) == (standing == 1)
        assert not (running.ending == "expire" and standing)
        assert len(set(rungs)) == len(rungs)
        assert sorted(rungs, key=["BLUE", "ORANGE", "RED"].index) == rungs


@settings(max_examples=250, deadline=None)
@given(walks())
def test_never_undoes_a_breach_but_by_a_correction_a_return_or_a_stop_in_time(asked: list[Command]) -> None:
    state = INITIAL
    for command in asked:
        before = state.running
        try:
            events = decide(command, state)
        except Refused:
            continue
        for event in events:
            state = evolve(state, event, BEGIN)
        after = state.running
        assert after is not None
        if before is not None and before.breached_at is not None and after.breached_at is None:
            assert isinstance(command, SupersedeClock | CorrectClock | StopClock | ReturnClock)
        corrected = isinstance(command, SupersedeClock | CorrectClock)
        if before is not None and before.breached_at is not None and not corrected:
            assert after.due == before.due, "a breached clock keeps its deadline"
        if before is not None and before.ended:
            assert after.ended


@settings(max_examples=250, deadline=None)
@given(walks())
def test_wants_timers_only_while_they_can_have_an_effect(asked: list[Command]) -> None:
    state = INITIAL
    rows: dict[str, datetime] = {}
    for command in asked:
        try:
            events = decide(command, state)
        except Refused:
            continue
        for event in events:
            state = evolve(state, event, BEGIN)
        for timer in timers(events, state):
            rows.pop(timer.name, None)
            if timer.at is not None:
                rows[timer.name] = timer.at
        for event in events:
            if isinstance(event, ReminderDue):
                rows.pop(event.reminder, None)
            if isinstance(event, LadderRungReached):
                rows.pop(f"rung-{event.rung}", None)
        running = state.running
        assert running is not None
        if not running.runs or running.recorded:
            assert rows == {}
        elif running.breached_at is None:
            assert rows["due"] == running.due + timedelta(seconds=1)
            assert set(rows) - {"due"} == {notice.name for notice in running.reminders}
        else:
            assert set(rows) == (set() if running.silent else {f"rung-{rung.name}" for rung in running.rungs})


@settings(max_examples=250, deadline=None)
@given(walks())
def test_states_an_expiry_only_for_what_expires(asked: list[Command]) -> None:
    facts = walk(CLOCKS, asked)
    kind = asked[0].kind if isinstance(asked[0], clock.StartClock) else None
    if any(isinstance(fact, ClockExpired) for fact in facts):
        assert kind in (ClockKind.C7, ClockKind.C10, ClockKind.C16)


def days_of_2027() -> st.SearchStrategy[date]:
    """Days of January 2027."""
    return st.integers(0, 30).map(lambda n: date(2027, 1, 1) + timedelta(days=n))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.builds(
                lambda kind, first, worked: kind(
                    2027, (Holiday("假", first, first),), tuple(worked), SourceDocument("通知")
                ),
                st.sampled_from([calendar_year.PublishYear, calendar_year.CorrectYear]),
                days_of_2027(),
                st.lists(days_of_2027(), max_size=2),
            ),
            st.builds(
                calendar_year.AddSpecialDay,
                st.just(2027),
                days_of_2027(),
                st.sampled_from(SpecialKind),
                st.just("暴雨"),
                st.just(SourceDocument("通知")),
            ),
            st.builds(
                calendar_year.WithdrawSpecialDay,
                st.just(2027),
                days_of_2027(),
                st.just(SourceDocument("通知")),
            ),
        ),
        max_size=10,
    )
)
def test_replays_any_history_of_a_year(asked: list[calendar_year.Command]) -> None:
    walk(YEARS, asked)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.builds(
                policy.ProposePolicy,
                st.just(ClockKind.C3),
                st.just(""),
                st.sampled_from(list(DEFAULT_TERMS.values())),
                days_of_2027(),
                st.none(),
                st.just(TABLE),
                st.sampled_from(["clerk", "leader"]),
            ),
            st.builds(policy.ApprovePolicy, st.integers(1, 4), st.sampled_from(["clerk", "leader"])),
            st.builds(
                policy.DeclinePolicy,
                st.integers(1, 4),
                st.sampled_from(["clerk", "leader"]),
                st.just("不合适"),
            ),
        ),
        max_size=12,
    )
)
def test_replays_any_history_of_a_policy(asked: list[policy.Command]) -> None:
    facts = walk(POLICIES, asked)
    proposers = {fact.version.number: fact.by for fact in facts if isinstance(fact, policy.PolicyProposed)}
    approvers = {fact.number: fact.by for fact in facts if isinstance(fact, policy.PolicyApproved)}
    assert all(proposers[number] != by for number, by in approvers.items())
