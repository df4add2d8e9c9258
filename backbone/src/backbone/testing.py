"""Words for tests: given–when–then for deciders, replay properties, bounded waiting, an app on a port."""

import asyncio
import contextlib
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar, overload

import uvicorn
from starlette.types import ASGIApp

from backbone.decider import Aggregate

C = TypeVar("C")
E = TypeVar("E")
S = TypeVar("S")
T = TypeVar("T")

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""Monday 2 March 2026, 12:00 in China: the time of facts when a test names none."""


@dataclass(frozen=True)
class Scenario(Generic[C, E, S]):
    """A story about one aggregate: ``Scenario.of(dispatch).given(…).at(LATER).when(…).then(…)``.

    Immutable: every step answers a new scenario, so a common beginning can be shared by tests.
    """

    decide: Callable[[C, S], list[E]]
    evolve: Callable[[S, E, datetime], S]
    state: S
    time: datetime = NOON

    @classmethod
    def of(cls, aggregate: Aggregate[C, E, S]) -> "Scenario[C, E, S]":
        """The story of an aggregate, from nothing."""
        return cls(aggregate.decide, aggregate.evolve, aggregate.initial)

    def at(self, time: datetime) -> "Scenario[C, E, S]":
        """Let the facts that follow be of this time."""
        return replace(self, time=time)

    def given(self, *events: E) -> "Scenario[C, E, S]":
        """These facts happened."""
        state = self.state
        for event in events:
            state = self.evolve(state, event, self.time)
        return replace(self, state=state)

    def when(self, command: C) -> "Outcome[C, E, S]":
        """This is asked."""
        try:
            events, refusal = self.decide(command, self.state), None
        except Exception as error:
            if not isinstance(getattr(error, "slug", None), str):
                raise
            events, refusal = [], error
        return Outcome(self, events, refusal)


@dataclass(frozen=True)
class Outcome(Generic[C, E, S]):
    """What came of a command: facts or a refusal."""

    before: Scenario[C, E, S]
    events: Sequence[E]
    refusal: Exception | None

    def then(self, *events: E) -> Scenario[C, E, S]:
        """Exactly these facts were stated; answers the story after them."""
        assert self.refusal is None, f"refused with {_slug(self.refusal)}"
        assert list(self.events) == list(events)
        return self.before.given(*self.events)

    def then_nothing(self) -> Scenario[C, E, S]:
        """The effect held already: no fact and no refusal."""
        return self.then()

    def then_refused(self, slug: str, **params: object) -> Scenario[C, E, S]:
        """It was refused with this slug, and with these parameters if any are named."""
        assert self.refusal is not None, f"not refused, but stated {list(self.events)}"
        assert _slug(self.refusal) == slug
        if params:
            given = dict(getattr(self.refusal, "params", {}))
            assert {name: given.get(name) for name in params} == params
        return self.before

    def then_states(self, *kinds: type[E]) -> Scenario[C, E, S]:
        """Facts of these kinds were stated, in this order."""
        assert self.refusal is None, f"refused with {_slug(self.refusal)}"
        assert [type(event) for event in self.events] == list(kinds)
        return self.before.given(*self.events)


def walk(
    aggregate: Aggregate[C, E, S],
    commands: Sequence[C],
    *,
    start: datetime = NOON,
    step: timedelta = timedelta(minutes=7),
) -> list[E]:
    """Run any commands in turn and check the two laws of every aggregate; answers the facts stated.

    Replaying the facts through their wire form gives the same state, and repeating a command right after it
    took effect adds nothing (a refusal adds nothing either). Exceptions without a slug are defects.
    """
    state, time = aggregate.initial, start
    history: list[tuple[E, datetime]] = []
    for command in commands:
        outcome = Scenario(aggregate.decide, aggregate.evolve, state, time).when(command)
        for event in outcome.events:
            state = aggregate.evolve(state, event, time)
            history.append((event, time))
        if outcome.refusal is None:
            again = Scenario(aggregate.decide, aggregate.evolve, state, time).when(command)
            assert list(again.events) == [], f"{command} repeated stated {list(again.events)}"
        time += step
    replayed = aggregate.initial
    for event, stated_at in history:
        name, data = aggregate.codec.encode(event)
        replayed = aggregate.evolve(replayed, aggregate.codec.decode(name, data), stated_at)
    assert replayed == state, "replay gives another state"
    return [event for event, _ in history]


@overload
async def eventually(
    probe: Callable[[], Awaitable[T]], timeout: float = 5.0, *, interval: float = 0.02
) -> T: ...
@overload
async def eventually(probe: Callable[[], T], timeout: float = 5.0, *, interval: float = 0.02) -> T: ...
async def eventually(probe: Callable[[], Any], timeout: float = 5.0, *, interval: float = 0.02) -> Any:
    """Wait until a probe (plain or async) answers something true, and answer that.

    ``AssertionError`` after ``timeout`` seconds, naming the last answer; an ``AssertionError`` inside the
    probe counts as "not yet".
    """
    deadline = asyncio.get_running_loop().time() + timeout
    while True:
        last: object
        try:
            result = probe()
            value = await result if inspect.isawaitable(result) else result
            if value:
                return value
            last = value
        except AssertionError as error:
            last = error
        if asyncio.get_running_loop().time() >= deadline:
            raise AssertionError(f"not within {timeout} s; last answer: {last!r}")
        await asyncio.sleep(interval)


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, **options: Any) -> AsyncIterator[str]:
    """Serve an app on a free loopback port with its lifespan; gives the base URL and stops it at the end.

    ``options`` are uvicorn's.
    """
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        **options,
        timeout_graceful_shutdown=2,
    )
    server = _QuietServer(config)
    task = asyncio.create_task(server.serve())
    try:
        await eventually(lambda: server.started or task.done())
        if task.done():
            task.result()
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


class _QuietServer(uvicorn.Server):
    """Leaves the signals of the test process alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


def _slug(error: Exception | None) -> str:
    return str(getattr(error, "slug", ""))
