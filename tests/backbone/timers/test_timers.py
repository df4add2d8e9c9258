"""Timers fire once, on the database's clock, in due order, and again when their worker is gone."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import uuid4

from prometheus_client import REGISTRY

from backbone.decider import Aggregate, Codec, CommandContext, execute
from backbone.eventstore import Deadline, Meta
from backbone.testing import eventually
from backbone.timers import Timers, differing
from tests.backbone.eventstore.appends import PostgresBed, command, pair
from tests.backbone.messaging import new_service, running

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


class Bell:
    """Notes what has fired."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, str, datetime]] = []
        self.commands: list[CommandContext] = []

    async def fire(self, key: str, name: str, gen: int, due_at: datetime, context: CommandContext) -> None:
        self.rung.append((key, name, due_at))
        self.commands.append(context)


async def set_timers(bed: PostgresBed, *timers: Deadline) -> int:
    """Write timer rows in one append; their generation."""
    appended = await bed.store.append(command(pair(f"set-{uuid4()}", 0, "{}"), deadlines=timers))
    return appended.seq


def timers(bed: PostgresBed, bell: Bell, service: str = "sample", lease: float = 10.0) -> Timers:
    return Timers(bed.store.pool, bell.fire, service=service, lease=lease)


async def test_fire_each_once_with_two_processes_at_work(bed: PostgresBed) -> None:
    now = await bed.store.now()
    await set_timers(bed, *(Deadline(f"key-{n}", "due", now + SECOND) for n in range(600)))
    first, second = Bell(), Bell()
    await bed.turn_clock(HOUR)

    async with running(timers(bed, first).run, timers(bed, second).run):
        await eventually(lambda: len(first.rung) + len(second.rung) >= 600, 15)
        await eventually(lambda: all_fired(bed))

    fired = Counter(key for key, _, _ in first.rung + second.rung)
    assert len(fired) == 600
    assert set(fired.values()) == {1}


async def all_fired(bed: PostgresBed) -> bool:
    """Whether every row is marked."""
    return not await bed.owner.fetchval("SELECT count(*) FROM deadline WHERE fired_at IS NULL")


async def test_catch_up_in_due_order_after_downtime(bed: PostgresBed) -> None:
    now = await bed.store.now()
    places = [(n * 37) % 300 for n in range(300)]
    await set_timers(bed, *(Deadline(f"key-{n}", "due", now + n * SECOND) for n in places))
    rung: list[tuple[str, str, datetime]] = []
    first, second = Bell(), Bell()
    first.rung = second.rung = rung
    await bed.turn_clock(24 * HOUR)

    async with running(timers(bed, first).run, timers(bed, second).run):
        await eventually(lambda: len(rung) == 300, 15)

    assert [due_at for _, _, due_at in rung] == [now + n * SECOND for n in range(300)]


async def test_fire_the_rungs_of_one_key_one_after_another(bed: PostgresBed) -> None:
    now = await bed.store.now()
    await set_timers(
        bed,
        *(Deadline(f"key-{n}", name, now + SECOND) for n in range(50) for name in ("a", "b", "c")),
    )
    rung: list[str] = []
    busy: set[str] = set()

    async def fire(key: str, name: str, gen: int, due_at: datetime, context: CommandContext) -> None:
        assert key not in busy, "one of the same key is not fired yet"
        busy.add(key)
        await bed.store.now()
        busy.discard(key)
        rung.append(f"{key} {name}")

    await bed.turn_clock(HOUR)
    workers = [Timers(bed.store.pool, fire, service="sample").run for _ in range(2)]
    async with running(*workers):
        await eventually(lambda: len(rung) == 150, 15)

    assert [each for each in rung if each.startswith("key-7 ")] == ["key-7 a", "key-7 b", "key-7 c"]


async def test_fire_as_soon_as_it_is_due(bed: PostgresBed) -> None:
    service, bell = new_service(), Bell()
    async with running(timers(bed, bell, service).run):
        due_at = await bed.store.now() + timedelta(seconds=0.4)
        await set_timers(bed, Deadline("key", "due", due_at))
        await eventually(lambda: bell.rung)
        late = await bed.store.now() - due_at

    assert timedelta(0) <= late < timedelta(seconds=2)
    assert bell.rung == [("key", "due", due_at)]
    assert lateness(service) == 1


def lateness(service: str) -> float | None:
    """How many timers the histogram has seen."""
    return REGISTRY.get_sample_value("chuishao_timer_lateness_seconds_count", {"service": service})


async def test_leave_a_cancelled_timer_alone_and_follow_a_moved_one(bed: PostgresBed) -> None:
    now, bell = await bed.store.now(), Bell()
    await set_timers(bed, Deadline("cancelled", "due", now), Deadline("moved", "due", now))
    await set_timers(bed, Deadline("cancelled", "due", None), Deadline("moved", "due", now + HOUR))
    await set_timers(bed, Deadline("last", "due", now))

    async with running(timers(bed, bell).run):
        await eventually(lambda: bell.rung)
        assert [key for key, _, _ in bell.rung] == ["last"]

        await bed.turn_clock(2 * HOUR)
        await eventually(lambda: len(bell.rung) == 2)

    assert bell.rung[1] == ("moved", "due", now + HOUR)


async def test_fire_nothing_when_the_clock_is_set_back(bed: PostgresBed) -> None:
    now, bell = await bed.store.now(), Bell()
    await bed.turn_clock(-HOUR)
    await set_timers(bed, Deadline("early", "due", now - 2 * HOUR), Deadline("late", "due", now))

    async with running(timers(bed, bell).run):
        await eventually(lambda: bell.rung)
        await eventually(lambda: fired(bed, "early"))

    assert [key for key, _, _ in bell.rung] == ["early"]


async def fired(bed: PostgresBed, key: str) -> bool:
    """Whether a timer is marked as fired."""
    return bool(await bed.owner.fetchval("SELECT fired_at IS NOT NULL FROM deadline WHERE key = $1", key))


async def test_fire_again_what_failed_without_holding_up_the_others(bed: PostgresBed) -> None:
    now, bell = await bed.store.now(), Bell()
    failures = 0

    async def fire(key: str, name: str, gen: int, due_at: datetime, context: CommandContext) -> None:
        nonlocal failures
        if key == "bad" and failures < 2:
            failures += 1
            raise ValueError("not yet")
        await bell.fire(key, name, gen, due_at, context)

    await set_timers(bed, *(Deadline(key, "due", now) for key in ("bad", "good", "better")))
    async with running(Timers(bed.store.pool, fire, service="sample").run):
        await eventually(lambda: len(bell.rung) == 3, 10)

    assert bell.rung[-1][0] == "bad"
    assert failures == 2


async def test_go_past_a_timer_that_hangs(bed: PostgresBed) -> None:
    now, bell = await bed.store.now(), Bell()
    released = asyncio.Event()

    async def fire(key: str, name: str, gen: int, due_at: datetime, context: CommandContext) -> None:
        if key == "slow":
            await released.wait()
        await bell.fire(key, name, gen, due_at, context)

    await set_timers(bed, Deadline("slow", "due", now - HOUR))
    await set_timers(bed, *(Deadline(f"key-{n}", "due", now) for n in range(20)))
    async with running(Timers(bed.store.pool, fire, service="sample").run):
        await eventually(lambda: len(bell.rung) == 20, 10)
        released.set()
        await eventually(lambda: len(bell.rung) == 21)


@dataclass(frozen=True, slots=True)
class Start:
    """Start, with the first and the second rung."""

    first: datetime
    second: datetime


@dataclass(frozen=True, slots=True)
class Ring:
    """A rung is due."""


@dataclass(frozen=True, slots=True)
class Started:
    name: ClassVar[str] = "sample.clock.started.v1"
    first: datetime
    second: datetime


@dataclass(frozen=True, slots=True)
class Rung:
    name: ClassVar[str] = "sample.clock.rung.v1"


def deadlines(events: Sequence[Started | Rung], state: int, key: str) -> Sequence[Deadline]:
    wanted: list[Deadline] = []
    for event in events:
        match event:
            case Started(first, second):
                wanted += [Deadline(key, "first", first), Deadline(key, "second", second)]
            case Rung():
                wanted.append(Deadline(key, "first", None))
    return wanted


CLOCK: Aggregate[Start | Ring, Started | Rung, int] = Aggregate(
    category="clock",
    initial=0,
    decide=lambda command, _: (
        [Started(command.first, command.second)] if isinstance(command, Start) else [Rung()]
    ),
    evolve=lambda rungs, event, _: rungs + isinstance(event, Rung),
    codec=Codec(Started | Rung),
    publish=lambda _event, _state, _key: (),
    deadlines=deadlines,
)


def by_hand() -> CommandContext:
    return CommandContext(uuid4(), b"h" * 32, Meta("clerk-7", "township_clerk", "410923102"))


async def rungs(bed: PostgresBed, key: str) -> int:
    """How often a clock has rung."""
    return CLOCK.fold(await bed.store.load(CLOCK.stream(key)))


async def test_have_one_effect_when_a_worker_dies_after_claiming_and_firing(bed: PostgresBed) -> None:
    now = await bed.store.now()
    # The firing leaves the second rung's row as it is, so that nothing but the command's id prevents another.
    for n in range(5):
        await execute(bed.store, CLOCK, f"key-{n}", Start(now + HOUR, now), by_hand())

    async def fire(key: str, name: str, gen: int, due_at: datetime, context: CommandContext) -> None:
        await execute(bed.store, CLOCK, key, Ring(), context)

    dead = Timers(bed.store.pool, fire, service="sample", lease=0.5)
    claimed = await dead.claim(2)
    # The first had its effect and was not marked, the second had none. Nobody renews the claim.
    assert await dead.attempt(claimed[0])

    async with running(Timers(bed.store.pool, fire, service="sample", lease=0.5).run):
        await eventually(lambda: all_second_rungs_fired(bed), 10)

    assert [await rungs(bed, f"key-{n}") for n in range(5)] == [1] * 5


async def all_second_rungs_fired(bed: PostgresBed) -> bool:
    """Whether every second rung is marked."""
    return not await bed.owner.fetchval(
        "SELECT count(*) FROM deadline WHERE name = 'second' AND fired_at IS NULL"
    )


async def test_may_be_cancelled_by_the_append_of_their_own_firing(bed: PostgresBed) -> None:
    now = await bed.store.now()
    await execute(bed.store, CLOCK, "key", Start(now, now + HOUR), by_hand())

    async def fire(key: str, name: str, gen: int, due_at: datetime, context: CommandContext) -> None:
        await execute(bed.store, CLOCK, key, Ring(), context)

    async with running(Timers(bed.store.pool, fire, service="sample").run):
        await eventually(lambda: no_first_rung_left(bed), 10)

    assert await rungs(bed, "key") == 1


async def no_first_rung_left(bed: PostgresBed) -> bool:
    """Whether the first rung's row is gone."""
    return not await bed.owner.fetchval("SELECT count(*) FROM deadline WHERE name = 'first'")


async def test_can_be_derived_from_the_log(bed: PostgresBed) -> None:
    now = await bed.store.now()
    for n in range(5):
        await execute(bed.store, CLOCK, f"key-{n}", Start(now + HOUR, now + 2 * HOUR), by_hand())
    await execute(bed.store, CLOCK, "key-3", Ring(), by_hand())
    assert await differing(bed.store, bed.store.pool, [CLOCK]) == []

    await bed.owner.execute("DELETE FROM deadline WHERE key = 'key-1' AND name = 'second'")
    await bed.owner.execute("UPDATE deadline SET due_at = $1 WHERE key = 'key-2' AND name = 'first'", now)
    await set_timers(bed, Deadline("key-9", "first", now))

    lost, moved, invented = await differing(bed.store, bed.store.pool, [CLOCK])
    assert (lost.key, lost.name, lost.stored) == ("key-1", "second", None)
    assert (moved.key, moved.name, moved.stored) == ("key-2", "first", (3, now))
    assert moved.derived == (3, now + HOUR)
    assert (invented.key, invented.derived) == ("key-9", None)
