"""Any sequence of commands: facts replay, a whistle is parked once at a time, an extension decided once."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from accountability.application.publishing_parkings import EXTENSION, HANDLING, PARKING
from accountability.domain import extension, handling, parking
from accountability.domain.clock import PauseClock, Running
from accountability.domain.extension import commands as extending
from accountability.domain.extension import facts as extensions
from accountability.domain.parking import commands as parks
from accountability.domain.parking import facts as parkings
from accountability.domain.terms import ClockKind
from backbone.testing import walk
from tests.domain.accountability.parking_stories import (
    APPLY,
    CONCLUDED,
    ENDED,
    IN_HAND,
    LIMITS,
    MONDAY,
    MORE_TIME,
    TRANSPORT,
    YUANCUN,
    handling_clock,
)
from tests.domain.accountability.stories import WATER, after, at, running, started

moments = st.integers(0, 130).map(lambda day: MONDAY + timedelta(days=day))
units = st.sampled_from([WATER, WATER, TRANSPORT, YUANCUN])
handlings = st.sampled_from([IN_HAND, IN_HAND, replace(IN_HAND, lead=TRANSPORT), CONCLUDED, ENDED])
words = st.sampled_from(["", "sealed", "sealed more"])
numbers = st.integers(1, 4)
causes: st.SearchStrategy[parkings.LapseCause] = st.sampled_from(
    ["lead-concluded", "lead-changed", "whistle-ended"]
)


def _applies(by: str, where: handling.Handling, sunset: date, moment: datetime) -> parks.ApplyForParking:
    return replace(APPLY, by=by, handling=where, sunset=sunset, at=moment, milestones=APPLY.milestones[:1])


parking_commands: st.SearchStrategy[parking.Command] = st.one_of(
    st.builds(_applies, units, handlings, st.sampled_from([date(2026, 6, 30), date(2026, 5, 1)]), moments),
    st.builds(parks.ObjectToParking, units, handlings, words),
    st.builds(parks.ApproveParking, st.booleans(), handlings, moments),
    st.builds(parks.RefuseParking, st.booleans(), words),
    st.builds(parks.ReviewParking, units, st.booleans(), handlings, words),
    st.builds(parks.ReachMilestone, units, handlings, numbers),
    st.builds(parks.EndParking, units, st.booleans(), handlings, words, moments),
    st.builds(parks.EndAtSunset, numbers, moments),
    st.builds(parks.NoteParked, numbers),
    st.builds(parks.NoteParkingRefused, numbers, causes),
    st.builds(parks.NoteOvertaken, causes, moments),
)


@settings(max_examples=250, deadline=None)
@given(st.lists(parking_commands, max_size=30))
def test_of_a_parking_stand_still_once_at_a_time(asked: list[parking.Command]) -> None:
    facts = walk(PARKING, [APPLY, parks.ApproveParking(False, IN_HAND, MONDAY), parks.NoteParked(1), *asked])
    standing = False
    rounds: list[int] = []
    last = 0
    for fact in facts:
        if isinstance(fact, parkings.ParkingAppliedFor):
            assert not standing, "applied for while it stands still"
            assert fact.number == last + 1
            last = fact.number
        assert fact.number == last, "a fact of a parking that is past"
        if isinstance(fact, parkings.ParkingBegun):
            assert not standing
            standing = True
        if isinstance(fact, parkings.ParkingEnded):
            assert standing, "ended without having begun"
            standing = False
        if isinstance(fact, parkings.ParkingReviewed):
            rounds.append(fact.round)
    assert rounds == sorted(set(rounds)), "no round is reviewed twice"
    approvals = Counter(fact.number for fact in facts if isinstance(fact, parkings.ParkingApproved))
    assert max(approvals.values(), default=0) <= 1
    begun = [fact.number for fact in facts if isinstance(fact, parkings.ParkingBegun)]
    second = [fact.second for fact in facts if isinstance(fact, parkings.ParkingAppliedFor)]
    assert second == [any(each < number for each in begun) for number in range(1, len(second) + 1)]


@cache
def clocks() -> list[Running | None]:
    """The handling clock as it can be met."""
    paused = after(started(ClockKind.C5, "2026-03-02 10:00"), PauseClock(at("2026-03-04 10:00"), "parked"))
    return [None, handling_clock(), running(paused)]


@st.composite
def extension_commands(draw: st.DrawFn) -> extension.Command:
    clock = draw(st.sampled_from(clocks()))
    moment = MONDAY + draw(st.integers(0, 14)) * timedelta(days=1)
    asked: list[extension.Command] = [
        replace(
            MORE_TIME,
            by=draw(units),
            handling=draw(handlings),
            clock=clock,
            amount=draw(st.integers(0, 8)),
            at=moment,
        ),
        extending.GrantExtension(draw(st.booleans()), clock, LIMITS, moment),
        extending.RefuseExtension(draw(st.booleans()), draw(words)),
        extending.NoteUndecided("decision-overdue", moment),
        extending.NoteUndecided("clock-overdue", moment),
        extending.NoteOvertaken(draw(causes)),
        extending.NoteOvertaken("clock-stopped", draw(numbers)),
    ]
    return draw(st.sampled_from(asked))


@settings(max_examples=250, deadline=None)
@given(st.lists(extension_commands(), max_size=25))
def test_of_an_extension_decide_each_application_once(asked: list[extension.Command]) -> None:
    facts = walk(EXTENSION, [MORE_TIME, *asked])
    answers = Counter(
        fact.number
        for fact in facts
        if isinstance(
            fact,
            extensions.ExtensionGranted | extensions.ExtensionRefused | extensions.ExtensionLeftUndecided,
        )
    )
    assert max(answers.values(), default=0) <= 1
    asked_for = [fact.number for fact in facts if isinstance(fact, extensions.ExtensionAppliedFor)]
    assert asked_for == list(range(1, len(asked_for) + 1))


handling_commands: st.SearchStrategy[handling.Command] = st.one_of(
    st.builds(
        handling.NoteDispatch,
        st.just(YUANCUN),
        units,
        st.booleans(),
        st.frozensets(units),
        numbers,
        st.booleans(),
    ),
    st.builds(
        handling.NoteMove, st.frozensets(units), st.frozensets(units), st.none() | units, st.booleans()
    ),
    st.builds(handling.NoteReportIn),
    st.builds(handling.NoteConclusion),
    st.builds(handling.NoteEnd),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(handling_commands, max_size=20))
def test_of_a_handling_replay_and_never_go_back_a_cycle(asked: list[handling.Command]) -> None:
    facts = walk(HANDLING, asked)
    cycles = [fact.cycle for fact in facts if isinstance(fact, handling.DispatchNoted)]
    assert cycles == sorted(cycles)
