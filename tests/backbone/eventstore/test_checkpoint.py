"""A consumer's position that moves with its effect, in every store."""

import asyncio

import pytest

from backbone.eventstore import Appended, Checkpoint, Conflict, Fenced
from tests.backbone.eventstore.appends import Bed, command, pair


def at(old: int, new: int, lease_epoch: int = 3) -> Checkpoint:
    return Checkpoint("follow-dispatch", "routing", old, new, lease_epoch)


async def where(bed: Bed) -> int:
    return await bed.position("follow-dispatch", "routing")


async def test_moves_with_the_effect(bed: Bed) -> None:
    await bed.enlist("follow-dispatch", "routing", seq=4, lease_epoch=3)

    await bed.store.append(command(pair("whistle-1", 0, "{}"), checkpoint=at(4, 6)))
    await bed.store.append(command(checkpoint=at(6, 7)))

    assert await where(bed) == 7


@pytest.mark.parametrize("wrong", [at(3, 6), at(5, 6), at(4, 6, lease_epoch=2)])
async def test_refuses_the_effect_of_one_who_lost_the_lease_or_the_place(bed: Bed, wrong: Checkpoint) -> None:
    await bed.enlist("follow-dispatch", "routing", seq=4, lease_epoch=3)

    with pytest.raises(Fenced):
        await bed.store.append(command(pair("whistle-1", 0, "{}"), publish=1, checkpoint=wrong))

    assert await where(bed) == 4
    assert await bed.store.read(0) == []
    assert await bed.store.published(0) == []


async def test_refuses_an_unknown_consumer(bed: Bed) -> None:
    with pytest.raises(Fenced):
        await bed.store.append(command(pair("whistle-1", 0, "{}"), checkpoint=at(0, 1)))


async def test_stays_when_the_effect_lost_its_stream(bed: Bed) -> None:
    await bed.enlist("follow-dispatch", "routing", seq=4, lease_epoch=3)
    await bed.store.append(command(pair("whistle-1", 0, "{}")))

    with pytest.raises(Conflict):
        await bed.store.append(command(pair("whistle-1", 0, "{}"), checkpoint=at(4, 5)))

    assert await where(bed) == 4


async def test_goes_on_over_a_repeated_effect(bed: Bed) -> None:
    await bed.enlist("follow-dispatch", "routing", seq=4, lease_epoch=3)
    effect = command(pair("whistle-1", 0, "{}"), checkpoint=at(4, 5))
    await bed.store.append(effect)

    again = await bed.store.append(effect)
    known = command(pair("whistle-2", 0, "{}"))
    await bed.store.append(known)
    moved = command(command_id=known.command_id, checkpoint=at(5, 6))

    assert again == Appended(1, 0, "{}", repeated=True)
    assert (await bed.store.append(moved)).repeated
    assert await where(bed) == 6
    with pytest.raises(Fenced):
        await bed.store.append(command(command_id=known.command_id, checkpoint=at(7, 8)))


async def test_moves_step_by_step_within_a_group(bed: Bed) -> None:
    await bed.enlist("follow-dispatch", "routing", seq=4, lease_epoch=3)
    await bed.enlist("follow-clocks", "accountability", seq=0, lease_epoch=1)
    other = Checkpoint("follow-clocks", "accountability", 0, 9, 1)

    answers = await asyncio.gather(
        bed.store.append(command(pair("whistle-1", 0, "{}"), checkpoint=at(4, 5))),
        bed.store.append(command(pair("whistle-2", 0, "{}"), checkpoint=at(4, 6))),
        bed.store.append(command(pair("whistle-3", 0, "{}"), checkpoint=other)),
        bed.store.append(command(pair("whistle-4", 0, "{}"), checkpoint=at(5, 6))),
        bed.store.append(command(pair("whistle-5", 0, "{}"), checkpoint=at(6, 6))),
        return_exceptions=True,
    )

    assert [isinstance(answer, Appended) for answer in answers] == [True, False, True, True, True]
    assert isinstance(answers[1], Fenced)
    assert await where(bed) == 6
    assert await bed.position("follow-clocks", "accountability") == 9
