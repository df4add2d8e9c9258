"""Facts that are applied together come out as if one by one, and one that fails is still found."""

from collections.abc import Sequence

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from backbone.outbox import Delivered
from backbone.subscription import on_engine, parked
from tests.backbone.consumers.beds import Source
from tests.backbone.consumers.model import Model
from tests.backbone.messaging import running, state_facts

CASES = [f"case-{n}" for n in range(12)]


class Together:
    """Applies several facts of a model at once, and remembers how many."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.sizes: list[int] = []

    async def apply(self, connection: AsyncConnection, events: Sequence[Delivered]) -> None:
        self.sizes.append(len(events))
        for event in events:
            await self._model.apply(connection, event)


@pytest.fixture
def together(model: Model) -> Together:
    """Not used yet."""
    return Together(model)


async def test_gives_the_rows_of_one_by_one(model: Model, together: Together, intake: Source) -> None:
    await state_facts(intake.store, CASES, 5)
    alone = model.projector(broker=None)
    await alone.prepare()
    async with running(alone.run):
        assert await alone.reached(intake.name, 60, 10)
    expected = await model.lines(alone)

    batches = model.projector(broker=None, apply_many=together.apply)
    await batches.prepare()
    await batches.rebuild()

    assert await model.lines(batches) == expected
    assert max(together.sizes) > 1


async def test_finds_the_fact_that_fails_and_parks_its_case_alone(
    model: Model, together: Together, intake: Source
) -> None:
    model.poison = {("case-3", 2)}
    await state_facts(intake.store, CASES, 4)
    projector = model.projector(broker=None, apply_many=together.apply)
    await projector.prepare()

    async with running(projector.run):
        assert await projector.reached(intake.name, 48, 10)

    (held,) = await parked(on_engine(model.engine))
    assert (held.held.case_id, held.held.error) == ("case-3", "ValueError: cannot apply case-3 2")
    assert len(await model.lines(projector)) == 11 * 4 + 1


async def test_waits_out_what_is_the_worlds_fault(model: Model, together: Together, intake: Source) -> None:
    model.failing.set()
    await state_facts(intake.store, CASES, 2)
    projector = model.projector(broker=None, apply_many=together.apply)
    await projector.prepare()

    async with running(projector.run):
        assert not await projector.reached(intake.name, 1, 0.3)
        model.failing.clear()
        assert await projector.reached(intake.name, 24, 10)

    assert not await parked(on_engine(model.engine))
    assert len(await model.lines(projector)) == 24
