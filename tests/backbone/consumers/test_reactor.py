"""A reactor follows other services: every fact once in effect, the facts of one case in order."""

import asyncio
from collections.abc import Sequence
from typing import Any

import orjson
import pytest

from backbone.outbox import Delivered
from backbone.reactor import Contexts
from backbone.subscription import on_pool, parked, replay
from backbone.testing import eventually
from tests.backbone.consumers.beds import Following, Source
from tests.backbone.messaging import running, state_facts

CASES = [f"case-{n}" for n in range(12)]


def noted(source: str, case_id: str, rounds: int) -> list[str]:
    """What a case's notes are when all its facts were noted in order."""
    return [f"{source}:{case_id}:{n}" for n in range(1, rounds + 1)]


async def has_noted(following: Following, source: str, cases: Sequence[str], rounds: int) -> bool:
    """Whether every case has its notes, each once and in order."""
    return await following.all_notes(cases) == {case_id: noted(source, case_id, rounds) for case_id in cases}


async def lease_epoch(following: Following, source: Source) -> int:
    """How often somebody took the place of the follower of this source."""
    epoch = await following.bed.owner.fetchval(
        "SELECT lease_epoch FROM projection WHERE source = $1", source.name
    )
    assert isinstance(epoch, int)
    return epoch


async def test_notes_each_fact_of_each_case_once_and_in_order(following: Following, intake: Source) -> None:
    async with running(intake.relay(following.broker), following.reactor().run):
        await state_facts(intake.store, CASES, 15)

        await eventually(lambda: has_noted(following, "intake", CASES, 15), 15)


async def test_works_without_a_broker(following: Following, intake: Source) -> None:
    await state_facts(intake.store, CASES, 5)

    async with running(following.reactor(broker=None).run):
        await eventually(lambda: has_noted(following, "intake", CASES, 5), 10)


async def test_goes_on_from_the_owners_log_while_nothing_is_relayed(
    following: Following, intake: Source
) -> None:
    async with running(intake.relay(following.broker), following.reactor().run):
        await state_facts(intake.store, CASES, 1)
        await eventually(lambda: has_noted(following, "intake", CASES, 1))
    async with running(following.reactor().run):
        for case_id in CASES:
            await intake.state(case_id, 2)

        await eventually(lambda: has_noted(following, "intake", CASES, 2), 10)


async def test_repeats_no_effect_when_it_dies_between_effect_and_position(
    following: Following, intake: Source
) -> None:
    await state_facts(intake.store, CASES, 5)
    dying = asyncio.create_task(following.reactor(broker=None).run(asyncio.Event()))
    await eventually(lambda: has_noted(following, "intake", CASES, 5), 10)
    await die(dying)
    # As if it had died before its position was stored.
    await following.bed.owner.execute("UPDATE projection SET seq = 0, lease_until = NULL")
    following.tries.clear()

    async with running((reactor := following.reactor(broker=None)).run):
        assert await reactor.reached(intake.name, 60, 10)

    assert await has_noted(following, "intake", CASES, 5)
    assert sum(following.tries.values()) == 60, "all were delivered again"


async def test_takes_over_when_the_leases_holder_falls_silent(following: Following, intake: Source) -> None:
    first = asyncio.create_task(following.reactor(lease=0.6).run(asyncio.Event()))
    async with running(intake.relay(following.broker)):
        await state_facts(intake.store, CASES, 3)
        await eventually(lambda: has_noted(following, "intake", CASES, 3), 10)
        epoch = await lease_epoch(following, intake)

        async with running(following.reactor(lease=0.6).run):
            await die(first)
            # Its lease is left behind, as after a kill -9.
            await following.bed.owner.execute(
                "UPDATE projection SET lease_until = clock_timestamp() + interval '0.5 seconds'"
            )
            for case_id in CASES:
                await intake.state(case_id, 4)
            await eventually(lambda: has_noted(following, "intake", CASES, 4), 10)

    assert await lease_epoch(following, intake) > epoch


async def test_lets_only_one_of_two_processes_react(following: Following, intake: Source) -> None:
    async with running(intake.relay(following.broker), following.reactor().run, following.reactor().run):
        await state_facts(intake.store, CASES, 10)
        await eventually(lambda: has_noted(following, "intake", CASES, 10), 10)

    assert sum(following.tries.values()) == 120


async def test_gives_up_its_place_when_another_one_has_taken_the_lease(
    following: Following, intake: Source
) -> None:
    async with running(intake.relay(following.broker), following.reactor(lease=0.6).run):
        await state_facts(intake.store, CASES, 1)
        await eventually(lambda: has_noted(following, "intake", CASES, 1), 10)
        await eventually(lambda: saved(following, intake, 12))

        await following.bed.owner.execute(
            "UPDATE projection SET owner = 'another', lease_epoch = lease_epoch + 1,"
            " lease_until = clock_timestamp() + interval '1 second'"
        )
        for case_id in CASES:
            await intake.state(case_id, 2)

        seen: set[int] = set()

        async def given_back() -> bool:
            (row,) = await following.bed.owner.fetch(
                "SELECT owner, seq FROM projection WHERE source = $1", intake.name
            )
            if row["owner"] == "another":
                seen.add(row["seq"])
            return bool(row["owner"] != "another")

        # It moves nothing of the other's, takes the place again when that lease is over, and repeats nothing.
        await eventually(given_back, 10)
        await eventually(lambda: has_noted(following, "intake", CASES, 2), 10)

    assert seen == {12}


async def saved(following: Following, source: Source, seq: int) -> bool:
    """Whether the position is stored."""
    return bool(await following.bed.position("follow", source.name) == seq)


async def test_parks_a_case_that_fails_three_times_and_goes_on_with_the_others(
    following: Following, intake: Source
) -> None:
    following.poison = {"intake:case-3:2"}
    async with running(intake.relay(following.broker), (reactor := following.reactor()).run):
        await state_facts(intake.store, CASES, 4)
        others = [case_id for case_id in CASES if case_id != "case-3"]
        await eventually(lambda: has_noted(following, "intake", others, 4), 10)
        assert await reactor.reached(intake.name, 48, 10), "a parked case does not hold up the position"

        assert await following.notes("case-3") == ["intake:case-3:1"], "what follows it waits"
        assert following.tries["intake:case-3:2"] == 3
        assert await reactor.has_parked("case-3")
        assert not await reactor.has_parked("case-4")
        (case,) = await parked(on_pool(following.store.pool))
        assert (case.consumer, case.held.case_id, case.held.reason, case.held.attempts) == (
            "follow",
            "case-3",
            "parked",
            1,
        )
        assert case.held.error == "ValueError: cannot note intake:case-3:2"

        following.poison = set()
        assert await replay(on_pool(following.store.pool), "case-3") == 1
        await eventually(lambda: has_noted(following, "intake", CASES, 4), 10)
        await intake.state("case-3", 5)
        await eventually(lambda: has_noted(following, "intake", ["case-3"], 5), 10)

    assert not await parked(on_pool(following.store.pool))


async def test_parks_again_at_the_fact_that_fails_in_the_replay(following: Following, intake: Source) -> None:
    following.poison = {"intake:case-3:2", "intake:case-3:4"}
    async with running(following.reactor(broker=None).run):
        await state_facts(intake.store, CASES, 5)
        await eventually(lambda: parked(on_pool(following.store.pool)), 10)
        following.poison = {"intake:case-3:4"}
        await replay(on_pool(following.store.pool), "case-3")

        await eventually(lambda: has_noted(following, "intake", ["case-3"], 3), 10)

        async def parked_again() -> bool:
            (case,) = await parked(on_pool(following.store.pool))
            return (case.held.reason, case.held.attempts) == ("parked", 2)

        await eventually(parked_again, 10)


async def test_keeps_a_parked_case_parked_over_a_restart(following: Following, intake: Source) -> None:
    following.poison = {"intake:case-3:2"}
    async with running(following.reactor(broker=None).run):
        await state_facts(intake.store, CASES, 3)
        await eventually(lambda: parked(on_pool(following.store.pool)), 10)
    following.poison = set()

    async with running((reactor := following.reactor(broker=None)).run):
        await intake.state("case-3", 4)
        await intake.state("case-4", 4)
        await eventually(lambda: has_noted(following, "intake", ["case-4"], 4), 10)
        assert await following.notes("case-3") == ["intake:case-3:1"]

        await replay(on_pool(following.store.pool), "case-3")
        await eventually(lambda: has_noted(following, "intake", ["case-3"], 4), 10)
        assert await reactor.reached(intake.name, 38, 10)


async def test_waits_out_what_is_the_worlds_fault(following: Following, intake: Source) -> None:
    down = asyncio.Event()

    async def react(event: Delivered, command: Contexts) -> None:
        following.tries["all"] += 1
        if not down.is_set():
            raise ConnectionError
        await following.note(event, command)

    async with running(following.reactor(broker=None, react=react).run):
        await intake.state("case-1", 1)
        await eventually(lambda: following.tries["all"] > 4)
        down.set()
        await eventually(lambda: has_noted(following, "intake", ["case-1"], 1), 10)

    assert not await parked(on_pool(following.store.pool))


async def test_waits_for_the_other_log_that_a_decision_had_seen(
    following: Following, intake: Source, routing: Source
) -> None:
    signed = await intake.state("case-1", 1)
    intake.log.cut = True
    await routing.state("case-1", 1, after={intake.name: signed})
    await routing.state("case-2", 1)
    await routing.state("case-1", 2)

    async with running((reactor := following.reactor(broker=None, grace=0.2)).run):
        await eventually(lambda: has_noted(following, "routing", ["case-2"], 1))
        assert await reactor.reached(routing.name, 3, 10), "a waiting case does not hold up the position"
        (case,) = await parked(on_pool(following.store.pool))
        assert (case.held.reason, case.held.waits_for, case.held.attempts) == (
            "waiting",
            {intake.name: signed},
            0,
        )
        assert await following.notes("case-1") == []

        intake.log.cut = False

        async def in_order() -> bool:
            return await following.notes("case-1") == [
                "intake:case-1:1",
                "routing:case-1:1",
                "routing:case-1:2",
            ]

        await eventually(in_order, 10)
        await eventually(lambda: nothing_held(following))


async def nothing_held(following: Following) -> bool:
    """Whether no case is parked or waits."""
    return not await parked(on_pool(following.store.pool))


async def test_lets_a_case_wait_behind_its_own_parked_cause(
    following: Following, intake: Source, routing: Source
) -> None:
    following.poison = {"intake:case-1:1"}
    async with running(following.reactor(broker=None, grace=0.1).run):
        signed = await intake.state("case-1", 1)
        await eventually(lambda: parked(on_pool(following.store.pool)), 10)
        await routing.state("case-1", 1, after={intake.name: signed})

        async def both() -> bool:
            cases = await parked(on_pool(following.store.pool))
            return {case.held.reason for case in cases} == {"parked", "waiting"}

        await eventually(both, 10)
        following.poison = set()
        await replay(on_pool(following.store.pool), "case-1", "follow")

        async def in_order() -> bool:
            return await following.notes("case-1") == ["intake:case-1:1", "routing:case-1:1"]

        await eventually(in_order, 10)


async def test_counts_its_own_facts_as_known(following: Following, intake: Source) -> None:
    async with running(following.reactor(broker=None).run):
        await intake.state("case-1", 1, after={following.name: 1_000_000, "nobody": 5})

        await eventually(lambda: has_noted(following, "intake", ["case-1"], 1))


async def test_passes_over_types_nobody_asked_for(following: Following, intake: Source) -> None:
    async with running((reactor := following.reactor(types=frozenset({"sample.case.noted.v1"}))).run):
        await intake.state("case-1", 1)
        await intake.state("case-1", 2, type_="sample.case.moved.v1")
        last = await intake.state("case-1", 3)
        assert await reactor.reached(intake.name, last, 10)

    assert await following.notes("case-1") == ["intake:case-1:1", "intake:case-1:3"]


async def test_tells_in_time_that_a_position_is_not_reached(following: Following, intake: Source) -> None:
    reactor = following.reactor(broker=None)

    assert await reactor.consumed_up_to(intake.name) == 0
    assert not await reactor.reached(intake.name, 1, 0.05)


async def test_answers_for_a_reactor_that_runs_elsewhere(following: Following, intake: Source) -> None:
    idle = following.reactor(broker=None)
    async with running(following.reactor(broker=None).run):
        last = await intake.state("case-1", 1)

        assert await idle.reached(intake.name, last, 10)


async def test_gives_its_commands_their_cause(following: Following, intake: Source) -> None:
    async with running(following.reactor(broker=None).run):
        seq = await intake.state("case-1", 1, after={"elsewhere": 3, following.name: 9})
        await eventually(lambda: has_noted(following, "intake", ["case-1"], 1))

    (fact,) = await intake.store.published(0)
    (note,) = await following.store.load("note-case-1")
    meta = orjson.loads(note.meta)
    assert meta["after"] == {intake.name: seq, "elsewhere": 3}
    assert (meta["causation"], meta["correlation"]) == (str(fact.id), str(fact.id))
    assert (meta["actor"], meta["role"], meta["unit"]) == (
        f"service:{following.name}",
        "service",
        following.name,
    )


async def test_follows_a_restored_owner_from_where_its_log_parted(
    following: Following, intake: Source
) -> None:
    async with running(intake.relay(following.broker), (reactor := following.reactor()).run):
        for n in range(1, 6):
            await intake.state("case-1", n)
        assert await reactor.reached(intake.name, 5, 10)
    await set_back(intake, to=3)
    await intake.state("case-1", 6)

    async with running(intake.relay(following.broker), following.reactor().run):

        async def followed() -> bool:
            return await following.notes("case-1") == noted("intake", "case-1", 6)

        # 4 and 5 were noted before the restore; 6 took the place of 4.
        await eventually(followed, 10)


async def set_back(source: Source, *, to: int) -> None:
    """As a restore from a backup leaves the published log."""
    async with source.bed.owner.transaction():
        await source.bed.owner.execute("ALTER TABLE published DISABLE TRIGGER append_only")
        await source.bed.owner.execute("DELETE FROM published WHERE seq > $1", to)
        await source.bed.owner.execute("ALTER TABLE published ENABLE ALWAYS TRIGGER append_only")
        await source.bed.owner.execute("UPDATE log_head SET published_seq = $1", to)


async def die(task: "asyncio.Task[Any]") -> None:
    """End a worker in the middle of whatever it does."""
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
