"""Requests of one caller: in one bucket over all replicas, and alone while that is away."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from backbone.identity import Unauthenticated
from gateway.adapters.buckets import PostgresBuckets
from gateway.application.allowances import (
    ALONE_SECONDS,
    Buckets,
    BucketsAway,
    OwnBuckets,
    RateExceeded,
    Requests,
    Taken,
)
from gateway.application.limits import Limits
from gateway.application.strangers import Strangers
from tests.component.gateway.house import engine_of

LIMITS = Limits(requests_per_minute=60, burst=6)
"""One a second, six at once."""


class Clock:
    """A clock of a process, that the test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Kept:
    """Buckets, and a way to let time pass for them."""

    buckets: Buckets
    later: Callable[[float], Awaitable[None]]


@pytest.fixture
async def engine(module_database: str) -> AsyncIterator[AsyncEngine]:
    made = await engine_of(module_database)
    async with made.begin() as connection:
        # The database's clock stands still, but for what the test adds.
        await connection.execute(text("UPDATE clock_offset SET shift = '0'"))
    try:
        yield made
    finally:
        await made.dispose()


@pytest.fixture(params=["in this process", "in PostgreSQL"])
async def kept(request: pytest.FixtureRequest, engine: AsyncEngine) -> Kept:
    """The same behaviour wherever they are."""
    clock = Clock()

    async def later(seconds: float) -> None:
        clock.now += seconds
        async with engine.begin() as connection:
            by = {"by": timedelta(seconds=seconds)}
            await connection.execute(text("UPDATE clock_offset SET shift = shift + :by"), by)

    here = OwnBuckets(LIMITS, clock)
    return Kept(here if request.param == "in this process" else PostgresBuckets(engine, LIMITS, 30.0), later)


async def test_gives_what_it_holds_and_then_what_drips_in(kept: Kept) -> None:
    assert (await kept.buckets.take("a", 4)).granted == 4
    assert (await kept.buckets.take("a", 4)).granted == 2
    empty = await kept.buckets.take("a", 4)
    assert empty.granted == 0
    assert 0 <= empty.left < 1

    await kept.later(2)
    assert (await kept.buckets.take("a", 4)).granted == 2


async def test_is_never_fuller_than_full(kept: Kept) -> None:
    await kept.buckets.take("a", 6)
    await kept.later(3_600)

    assert (await kept.buckets.take("a", 100)).granted == 6


async def test_clocks_that_go_back_give_nothing(kept: Kept) -> None:
    await kept.buckets.take("a", 6)
    await kept.later(-3_600)

    assert (await kept.buckets.take("a", 6)).granted == 0
    await kept.later(2)
    assert (await kept.buckets.take("a", 6)).granted == 2


async def test_one_caller_takes_nothing_from_another(kept: Kept) -> None:
    await kept.buckets.take("a", 6)

    assert (await kept.buckets.take("b", 6)).granted == 6


async def test_what_is_asked_for_at_once_is_given_once(kept: Kept) -> None:
    taken = await asyncio.gather(*(kept.buckets.take("a", 1) for _ in range(20)))

    assert sum(each.granted for each in taken) in (6, 7)  # one may drip in meanwhile


async def passed(*replicas: Requests, caller: str = "a", most: int = 100) -> int:
    """How many requests pass when each replica is asked in turn."""
    count = 0
    with contextlib.suppress(RateExceeded):
        for turn in range(most):
            await replicas[turn % len(replicas)].take(caller)
            count += 1
    return count


async def test_two_replicas_let_no_more_pass_than_one(engine: AsyncEngine) -> None:
    limits = Limits(requests_per_minute=1, burst=40)
    first, second = (Requests(limits, PostgresBuckets(engine, limits, 30.0)) for _ in range(2))

    assert await passed(first, second) == 40
    for each in (first, second):
        with pytest.raises(RateExceeded) as refused:
            await each.take("a")
        assert refused.value.params["most"] == 1
        assert 0 < refused.value.retry_after <= 60
    assert await passed(first, second, caller="b") == 40


async def test_guesses_at_two_replicas_are_counted_together(engine: AsyncEngine) -> None:
    limits = Limits(anonymous_per_minute=1, anonymous_burst=40)
    replicas = [Strangers(limits, PostgresBuckets(engine, limits, 30.0, limits.of_address)) for _ in range(2)]
    looked_at = 0

    async def wrong() -> None:
        nonlocal looked_at
        looked_at += 1
        raise Unauthenticated("machine-key-invalid")

    for turn in range(100):
        with contextlib.suppress(Unauthenticated, RateExceeded):
            await replicas[turn % 2].let_in("192.0.2.7", f"guess {turn}", wrong)

    assert looked_at == 40


class Counted:
    """Buckets that count how often they are asked; ``away`` they do not answer."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._buckets, self.asked, self.away = OwnBuckets(limits, clock), 0, False

    async def take(self, caller: str, most: int) -> Taken:
        self.asked += 1
        if self.away:
            raise BucketsAway
        return await self._buckets.take(caller, most)


async def test_a_replica_asks_once_for_a_portion() -> None:
    clock = Clock()
    limits = Limits(requests_per_minute=60, burst=300)
    shared = Counted(limits, clock)
    requests = Requests(limits, shared, clock)

    assert await passed(requests, most=300) == 300
    assert (requests.portion, shared.asked) == (10, 30)


async def test_what_is_left_is_told_without_asking_for_it() -> None:
    clock = Clock()
    limits = Limits(requests_per_minute=60, burst=90)
    shared = Counted(limits, clock)
    requests = Requests(limits, shared, clock)

    told = [(each.left, each.seconds) for each in [await requests.take("a") for _ in range(4)]]

    assert told == [(89, 1), (88, 2), (87, 3), (86, 4)]
    assert shared.asked == 2, "by portions of three"
    clock.now += 2
    left = requests.left("a")
    assert left is not None
    assert (left.left, left.seconds) == (88, 2)


async def test_what_is_given_back_can_be_taken_again() -> None:
    clock = Clock()
    requests = Requests(LIMITS, Counted(LIMITS, clock), clock)
    await passed(requests)

    requests.give_back("a")
    requests.give_back("nobody known")

    assert await passed(requests) == 1


async def test_buckets_of_both_rates_stay_until_they_are_full(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = Limits(requests_per_minute=600, burst=1, anonymous_per_minute=1, anonymous_burst=10)
    callers = PostgresBuckets(engine, limits, 30.0)
    addresses = PostgresBuckets(engine, limits, 30.0, limits.of_address)
    await addresses.take("an address", 10)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE clock_offset SET shift = '2 minutes'"))
    monkeypatch.setattr("gateway.adapters.buckets.SWEPT_SECONDS", 0.0)

    await callers.take("a caller", 1)

    assert (await addresses.take("an address", 10)).granted == 2


async def test_a_flood_is_refused_without_asking_each_time() -> None:
    clock = Clock()
    limits = Limits(requests_per_minute=6, burst=3)
    shared = Counted(limits, clock)
    requests = Requests(limits, shared, clock)
    await passed(requests)
    asked = shared.asked

    for _ in range(50):
        with pytest.raises(RateExceeded) as refused:
            await requests.take("a")
        assert refused.value.retry_after == 10
    assert shared.asked == asked
    clock.now += 10
    await requests.take("a")


async def test_a_replica_counts_alone_while_the_buckets_are_away() -> None:
    clock = Clock()
    shared = Counted(LIMITS, clock)
    requests = Requests(LIMITS, shared, clock)
    shared.away = True

    assert await passed(requests) == 6
    assert shared.asked == 1
    shared.away = False
    clock.now += ALONE_SECONDS
    assert await passed(requests) == 6, "the shared bucket is asked again, and it is full"
    assert shared.asked > 1


async def test_a_database_that_is_away_or_slow_is_told_apart_from_an_empty_bucket(
    engine: AsyncEngine,
) -> None:
    async with engine.begin() as holding:
        await PostgresBuckets(engine, LIMITS, 30.0).take("a", 1)
        await holding.execute(text("SELECT 1 FROM request_bucket FOR UPDATE"))
        with pytest.raises(BucketsAway):
            await PostgresBuckets(engine, LIMITS, 0.1).take("a", 1)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE request_bucket RENAME TO elsewhere"))
    try:
        with pytest.raises(BucketsAway):
            await PostgresBuckets(engine, LIMITS, 30.0).take("a", 1)
    finally:
        async with engine.begin() as connection:
            await connection.execute(text("ALTER TABLE elsewhere RENAME TO request_bucket"))


async def test_buckets_that_are_full_again_are_swept_away(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    buckets = PostgresBuckets(engine, LIMITS, 30.0)
    await buckets.take("a", 1)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE clock_offset SET shift = '1 minute'"))
    monkeypatch.setattr("gateway.adapters.buckets.SWEPT_SECONDS", 0.0)

    await buckets.take("b", 1)

    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM request_bucket"))).scalar_one() == 1
