"""A projector applies the facts of several logs once, causes first, and can be rebuilt beside itself."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from backbone.outbox import Delivered
from backbone.projector import Applied, Progress, RebuildRunning
from backbone.subscription import on_engine, on_pool, parked, replay
from backbone.testing import eventually
from tests.backbone.consumers.beds import Source
from tests.backbone.consumers.model import Model
from tests.backbone.consumers.test_reactor import die, set_back
from tests.backbone.messaging import running, state_facts

CASES = [f"case-{n}" for n in range(12)]


async def test_applies_everything_once_and_in_order(model: Model, intake: Source, routing: Source) -> None:
    projector = model.projector()
    await projector.prepare()
    assert model.broker is not None
    async with running(intake.relay(model.broker), routing.relay(model.broker), projector.run):
        await asyncio.gather(state_facts(intake.store, CASES, 10), state_facts(routing.store, CASES, 10))

        assert await projector.reached(intake.name, 120, 15)
        assert await projector.reached(routing.name, 120, 15)

    lines = await model.lines(projector)
    assert len(lines) == 240
    for source in (intake, routing):
        for case_id in CASES:
            seqs = [seq for case, _, name, seq in lines if (case, name) == (case_id, source.name)]
            assert len(seqs) == 10
            assert seqs == sorted(seqs)
    assert sorted(model.told) == sorted((name, seq) for _, _, name, seq in lines)


async def test_can_be_waited_for(model: Model, intake: Source) -> None:
    projector = model.projector()
    await projector.prepare()
    assert model.broker is not None
    async with running(intake.relay(model.broker), projector.run):
        for n in range(1, 6):
            seq = await intake.state("case-1", n)
            assert await projector.reached(intake.name, seq, 10)
            assert len(await model.lines(projector)) == n

        assert not await projector.reached(intake.name, 6, 0.05)


async def test_waits_in_any_process(model: Model, intake: Source) -> None:
    reader = model.projector()
    await reader.prepare()
    async with running(model.projector(broker=None).run):
        seq = await intake.state("case-1", 1)

        assert await reader.reached(intake.name, seq, 10)

    assert await model.story(reader, "case-1") == [(intake.name, 1)]


async def test_tells_listeners_in_every_process(model: Model, intake: Source) -> None:
    heard: dict[str, list[int]] = {"first": [], "second": []}

    def hook(name: str) -> Applied:
        async def hear(events: Sequence[Delivered]) -> None:
            heard[name] += [event.seq for event in events]

        return hear

    first, second = (model.projector(broker=None, on_applied=hook(name)) for name in heard)
    async with running(first.run, second.run):
        # Whoever stands by tells what comes after its first look at where the other one is.
        last = 0
        while not all(heard.values()):
            last = await intake.state("case-1", last + 1)
            assert await first.reached(intake.name, last, 10)
        for _ in range(5):
            last = await intake.state("case-1", last + 1)

        await eventually(lambda: all(seqs[-1] == last for seqs in heard.values()), 10)

    for seqs in heard.values():
        assert seqs == list(range(seqs[0], last + 1))


async def test_puts_causes_before_effects_from_logs_of_any_speed(
    model: Model, intake: Source, routing: Source
) -> None:
    # Each fact of routing has seen the fact of intake with its number, and the other way about.
    for n in range(1, 41):
        seen = await intake.state("case-1", n, after={routing.name: n - 1})
        await routing.state("case-1", n, after={intake.name: seen})
    projector = model.projector(broker=None)
    await projector.prepare()

    async with running(projector.run):
        assert await projector.reached(routing.name, 40, 15)

    expected = [(name, n) for n in range(1, 41) for name in (intake.name, routing.name)]
    assert await model.story(projector, "case-1") == expected
    assert not await parked(on_pool(model.bed.store.pool))


async def test_sets_a_case_aside_for_a_log_that_cannot_be_read(
    model: Model, intake: Source, routing: Source
) -> None:
    signed = await intake.state("case-1", 1)
    await routing.state("case-1", 1, after={intake.name: signed})
    await routing.state("case-1", 2)
    await routing.state("case-2", 1)
    intake.log.cut = True
    projector = model.projector(broker=None, grace=0.1)
    await projector.prepare()

    async with running(projector.run):
        assert await projector.reached(routing.name, 3, 10)
        assert await model.story(projector, "case-2") == [(routing.name, 3)]
        (case,) = await parked(on_pool(model.bed.store.pool))
        assert (case.held.reason, case.held.waits_for) == ("waiting", {intake.name: 1})

        intake.log.cut = False

        async def in_order() -> bool:
            return await model.story(projector, "case-1") == [
                (intake.name, 1),
                (routing.name, 1),
                (routing.name, 2),
            ]

        await eventually(in_order, 10)

    assert not await parked(on_pool(model.bed.store.pool))


async def test_parks_the_case_of_a_fact_that_fails_and_applies_the_rest(
    model: Model, intake: Source, routing: Source
) -> None:
    model.poison = {("case-3", 2)}
    await state_facts(intake.store, CASES, 4)
    seen = 48
    await routing.state("case-3", 9, after={intake.name: seen})
    await routing.state("case-4", 9, after={intake.name: seen})
    projector = model.projector(broker=None)
    await projector.prepare()

    async with running(projector.run):
        assert await projector.reached(intake.name, 48, 10)
        assert await projector.reached(routing.name, 2, 10)
        assert len(await model.lines(projector)) == 4 * 11 + 1 + 1
        held = {case.held.source: case.held for case in await parked(on_engine(model.engine))}
        assert (held[intake.name].reason, held[intake.name].attempts) == ("parked", 1)
        assert held[intake.name].error == "ValueError: cannot apply case-3 2"
        assert held[routing.name].reason == "waiting", "what follows from it waits with it"

        model.poison = set()
        assert await replay(on_engine(model.engine), "case-3") == 2

        async def caught_up() -> bool:
            return [n for _, n in await model.story(projector, "case-3")][-1] == 1 and not await parked(
                on_engine(model.engine)
            )

        await eventually(caught_up, 10)
        await intake.state("case-3", 5)
        assert await projector.reached(intake.name, 49, 10)

    story = await model.story(projector, "case-3")
    assert [name for name, _ in story] == [intake.name] * 4 + [routing.name] + [intake.name]


async def test_waits_out_what_is_the_worlds_fault(model: Model, intake: Source) -> None:
    projector = model.projector(broker=None)
    await projector.prepare()
    model.failing.set()
    async with running(projector.run):
        await intake.state("case-1", 1)
        await eventually(lambda: model.tries > 3, 10)
        model.failing.clear()
        assert await projector.reached(intake.name, 1, 10)

    assert not await parked(on_engine(model.engine))


async def test_goes_on_where_another_process_died(model: Model, intake: Source) -> None:
    first, second = model.projector(broker=None, lease=0.6), model.projector(broker=None, lease=0.6)
    await first.prepare()
    dying = asyncio.create_task(first.run(asyncio.Event()))
    await state_facts(intake.store, CASES, 5)
    await eventually(lambda: model.tries > 5, 10)

    async with running(second.run):
        await die(dying)
        await state_facts(intake.store, CASES, 5)
        assert await second.reached(intake.name, 120, 15)

    assert len(await model.lines(first)) == 120


async def test_commits_nothing_once_another_process_has_the_lease(model: Model, intake: Source) -> None:
    stolen = asyncio.Event()

    async def apply(connection: AsyncConnection, event: Delivered) -> None:
        await model.apply(connection, event)
        if event.seq == 3 and not stolen.is_set():
            # While this fact is being applied, its reader is taken for dead.
            await model.bed.owner.execute(
                "UPDATE projection SET owner = 'another', lease_epoch = lease_epoch + 1,"
                " lease_until = clock_timestamp() + interval '1 second'"
            )
            stolen.set()

    projector = model.projector(broker=None, apply=apply)
    await projector.prepare()
    async with running(projector.run):
        for n in range(1, 6):
            await intake.state("case-1", n)
        seen: set[int] = set()

        async def given_back() -> bool:
            (row,) = await model.bed.store.pool.fetch(
                "SELECT owner, seq FROM projection WHERE source = $1", intake.name
            )
            if row["owner"] == "another":
                seen.add(row["seq"])
            return stolen.is_set() and row["owner"] != "another"

        await eventually(given_back, 10)
        assert await projector.reached(intake.name, 5, 10)

    assert seen, "the other one was not seen at all"
    assert max(seen) < 3
    assert await model.story(projector, "case-1") == [(intake.name, n) for n in range(1, 6)]


async def test_rebuilds_the_same_rows_while_facts_come_in(
    model: Model, intake: Source, routing: Source
) -> None:
    projector = model.projector(broker=None)
    await projector.prepare()
    reports: list[Progress] = []
    async with running(projector.run):
        await state_facts(intake.store, CASES, 10)
        await state_facts(routing.store, CASES, 5)
        assert await projector.reached(intake.name, 120, 15)
        assert await projector.reached(routing.name, 60, 15)
        before = await model.lines(projector)
        told = len(model.told)

        writing = asyncio.create_task(state_facts(intake.store, ["late"], 20))
        final = await model.projector(broker=None).rebuild(reports.append)
        await writing
        assert await projector.reached(intake.name, 140, 10)

        late = [("late", intake.name, 120 + n) for n in range(1, 21)]
        rows = await model.lines(projector)
        assert sorted(lines_of(rows)) == sorted([*lines_of(before), *late])
        # Listeners hear of each new fact once, whichever version it came into first, and of no old one.
        await eventually(lambda: len(model.told) >= told + 20, 10)
        assert sorted(model.told[told:]) == [(name, seq) for _, name, seq in late]

    assert final.version == 2
    assert final.share == 1.0
    assert reports[-1] == final
    versions = await model.bed.owner.fetch("SELECT version, status FROM projection GROUP BY 1, 2 ORDER BY 1")
    assert [tuple(row) for row in versions] == [(1, "retired"), (2, "live")]


def lines_of(rows: Sequence[tuple[str, int, str, int]]) -> list[tuple[str, str, int]]:
    """(case, source, seq), without the place of the line: two logs have no order between them."""
    return [(case, source, seq) for case, _, source, seq in rows]


async def test_rebuilds_exactly_where_every_order_is_caused(
    model: Model, intake: Source, routing: Source
) -> None:
    for n in range(1, 61):
        seen = await intake.state(f"case-{n % 7}", n, after={routing.name: n - 1})
        await routing.state(f"case-{n % 7}", n, after={intake.name: seen})
    projector = model.projector(broker=None)
    await projector.prepare()
    async with running(projector.run):
        assert await projector.reached(routing.name, 60, 15)
    before = await model.lines(projector)

    await projector.rebuild()

    assert await model.lines(projector) == before


async def test_goes_over_to_a_rebuilt_version_when_no_case_waits_for_what_is_there(
    model: Model, intake: Source, routing: Source
) -> None:
    for n in range(1, 41):
        seen = await intake.state(f"case-{n % 7}", n)
        await routing.state(f"case-{n % 7}", n, after={intake.name: seen})
    projector = model.projector(broker=None)
    await projector.prepare()
    async with running(projector.run):
        assert await projector.reached(routing.name, 40, 15)
    before = await model.lines(projector)

    intake.log.cut = True
    rebuilding = asyncio.create_task(model.projector(broker=None, grace=0.0).rebuild())
    async with asyncio.timeout(10):
        await eventually(lambda: held_while_building(model), 10)
        intake.log.cut = False
        final = await rebuilding

    assert final.held == 0
    assert sorted(lines_of(await model.lines(projector))) == sorted(lines_of(before))


async def held_while_building(model: Model) -> bool:
    """Whether every case of the version being built is set aside."""
    return len(await model.bed.owner.fetch("SELECT 1 FROM parked WHERE reason = 'waiting'")) == 7


async def test_rebuilds_by_itself_for_newer_code(model: Model, intake: Source) -> None:
    old = model.projector(broker=None)
    await old.prepare()
    async with running(old.run):
        await state_facts(intake.store, CASES, 2)
        assert await old.reached(intake.name, 24, 10)
    new = model.projector(broker=None, version=2)
    await new.prepare()
    assert not new.current

    async with running(new.run):
        await eventually(lambda: new.current, 10)
        await intake.state("case-1", 3)
        assert await new.reached(intake.name, 25, 10)

    assert len(await model.lines(new)) == 25
    # The rows as the older code left them are still there.
    assert len(await model.lines(old)) == 24


async def test_leaves_the_work_to_newer_code(model: Model, intake: Source) -> None:
    new, old = model.projector(broker=None, version=2), model.projector(broker=None, version=1)
    await new.prepare()
    async with running(old.run):
        await intake.state("case-1", 1)
        assert not await old.reached(intake.name, 1, 0.5)

        async with running(new.run):
            assert await new.reached(intake.name, 1, 10)


async def test_is_rebuilt_by_one_process_at_a_time(model: Model, intake: Source) -> None:
    projector, other = model.projector(broker=None), model.projector(broker=None)
    await projector.prepare()
    await state_facts(intake.store, CASES, 5)
    model.failing.set()
    first = asyncio.create_task(projector.rebuild())
    await eventually(lambda: model.tries > 0, 10)

    with pytest.raises(RebuildRunning):
        await other.rebuild()

    model.failing.clear()
    assert (await first).version == 2
    assert len(await model.lines(projector)) == 60


async def test_starts_a_rebuild_anew_that_broke_off(model: Model, intake: Source) -> None:
    projector = model.projector(broker=None)
    await projector.prepare()
    await state_facts(intake.store, CASES, 5)
    model.failing.set()
    broken = asyncio.create_task(projector.rebuild())
    await eventually(lambda: model.tries > 0, 10)
    await die(broken)
    model.failing.clear()

    final = await projector.rebuild()

    assert final.sources[intake.name] == (60, 60)
    assert len(await model.lines(projector)) == 60


async def test_is_built_anew_when_an_owner_was_restored(model: Model, intake: Source) -> None:
    projector = model.projector()
    await projector.prepare()
    assert model.broker is not None
    async with running(intake.relay(model.broker), projector.run):
        for n in range(1, 6):
            await intake.state("case-1", n)
        assert await projector.reached(intake.name, 5, 10)
    await set_back(intake, to=3)
    await intake.state("case-1", 6)

    async with running(intake.relay(model.broker), projector.run):

        async def as_restored() -> bool:
            return await model.numbers(projector) == [1, 2, 3, 6]

        await eventually(as_restored, 15)
