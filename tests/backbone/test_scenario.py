"""The words that tests of aggregates are written in must themselves be able to fail."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.decider import Aggregate, Codec
from backbone.testing import NOON, Scenario, eventually, walk

LATER = NOON + timedelta(hours=1)


class Refused(Exception):
    def __init__(self, slug: str, **params: object) -> None:
        super().__init__(slug)
        self.slug, self.params = slug, params


@dataclass(frozen=True, slots=True)
class Open:
    pass


@dataclass(frozen=True, slots=True)
class Close:
    reason: str


Command = Open | Close


@dataclass(frozen=True, slots=True)
class Opened:
    name: ClassVar[str] = "sample.door.opened.v1"


@dataclass(frozen=True, slots=True)
class Closed:
    name: ClassVar[str] = "sample.door.closed.v1"
    reason: str


Event = Opened | Closed


@dataclass(frozen=True, slots=True)
class Door:
    open: bool = False
    since: datetime | None = None


def decide(command: Command, door: Door) -> list[Event]:
    match command:
        case Open():
            return [] if door.open else [Opened()]
        case Close(reason):
            if not reason:
                raise Refused("closing-needs-a-reason", door="front")
            return [Closed(reason)] if door.open else []


def evolve(door: Door, event: Event, at: datetime) -> Door:
    return Door(open=isinstance(event, Opened), since=at)


DOOR: Aggregate[Command, Event, Door] = Aggregate(
    "door", Door(), decide, evolve, Codec(Event), lambda _event, _state, _key: []
)
A_DOOR = Scenario.of(DOOR)


def test_tells_a_story_with_times() -> None:
    story = A_DOOR.given(Opened()).at(LATER).when(Close("晚了")).then(Closed("晚了"))

    assert story.state == Door(open=False, since=LATER)
    story.when(Close("晚了")).then_nothing()
    story.when(Close("")).then_refused("closing-needs-a-reason", door="front")
    story.when(Open()).then_states(Opened)


def test_fails_when_other_facts_were_stated() -> None:
    with pytest.raises(AssertionError):
        A_DOOR.when(Open()).then_nothing()
    with pytest.raises(AssertionError):
        A_DOOR.given(Opened()).when(Close("a")).then(Closed("b"))
    with pytest.raises(AssertionError):
        A_DOOR.when(Open()).then_states(Closed)


def test_fails_when_it_was_refused_or_was_not() -> None:
    with pytest.raises(AssertionError, match="closing-needs-a-reason"):
        A_DOOR.when(Close("")).then_nothing()
    with pytest.raises(AssertionError, match="not refused"):
        A_DOOR.when(Open()).then_refused("closing-needs-a-reason")
    with pytest.raises(AssertionError):
        A_DOOR.when(Close("")).then_refused("another-slug")
    with pytest.raises(AssertionError):
        A_DOOR.when(Close("")).then_refused("closing-needs-a-reason", door="back")


def test_lets_a_defect_through() -> None:
    def broken(_command: Command, _door: Door) -> list[Event]:
        raise KeyError("defect")

    with pytest.raises(KeyError):
        Scenario.of(replace(DOOR, decide=broken)).when(Open())


@given(commands=st.lists(st.one_of(st.builds(Open), st.builds(Close, st.text(max_size=3)))))
def test_walks_any_commands(commands: list[Command]) -> None:
    facts = walk(DOOR, commands)

    assert len(facts) <= len(commands)


def test_a_walk_fails_when_a_repeat_adds_facts() -> None:
    def forgetful(_command: Command, _door: Door) -> list[Event]:
        return [Opened()]

    with pytest.raises(AssertionError, match="repeated"):
        walk(replace(DOOR, decide=forgetful), [Open()])


def test_a_walk_fails_when_replay_differs() -> None:
    calls = iter(range(1_000))

    def counting(door: Door, event: Event, at: datetime) -> Door:
        return evolve(door, event, at + timedelta(seconds=next(calls)))

    commands: list[Command] = [Open(), Close("a")]
    with pytest.raises(AssertionError, match="another state"):
        walk(replace(DOOR, evolve=counting), commands)


async def test_eventually_answers_what_it_waited_for() -> None:
    answers = iter([None, 0, "there"])

    assert await eventually(lambda: next(answers), interval=0.001) == "there"


async def test_eventually_takes_an_assertion_for_not_yet() -> None:
    tries = iter(range(10))

    async def probe() -> bool:
        assert next(tries) == 3
        return True

    assert await eventually(probe, interval=0.001)


async def test_eventually_gives_up_and_tells_the_last_answer() -> None:
    with pytest.raises(AssertionError, match="last answer: 0"):
        await eventually(lambda: 0, timeout=0.01, interval=0.001)
