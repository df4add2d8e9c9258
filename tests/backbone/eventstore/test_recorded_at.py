"""The time a fact was recorded, in every store: never earlier than that of the fact before."""

from datetime import timedelta

from backbone.eventstore.port import load_all
from tests.backbone.eventstore.appends import Bed, command, pair

HOUR = timedelta(hours=1)


async def test_follows_the_clock_of_the_store(bed: Bed) -> None:
    before = await bed.store.now()
    await bed.turn_clock(HOUR)

    await bed.store.append(command(pair("whistle-1", 0, "{}")))

    [event] = await bed.store.load("whistle-1")
    assert before + HOUR <= event.recorded_at <= await bed.store.now()
    assert event.effective_at == event.recorded_at


async def test_stands_still_while_the_clock_is_set_back(bed: Bed) -> None:
    for stream, turn in enumerate((HOUR, -2 * HOUR, HOUR / 2, 2 * HOUR)):
        await bed.turn_clock(turn)
        await bed.store.append(command(pair(f"whistle-{stream}", 0, "{}")))

    first, second, third, fourth = [event.recorded_at for event in await load_all(bed.store)]
    assert first == second == third < fourth
    assert fourth - first >= HOUR / 4


async def test_of_a_later_fact_is_later_than_the_head_that_lacks_it(bed: Bed) -> None:
    await bed.store.append(command(pair("whistle-1", 0, "{}"), publish=1))

    head = await bed.store.published_head()
    await bed.turn_clock(-HOUR)
    await bed.store.append(command(pair("whistle-2", 0, "{}"), publish=1))
    set_back = await bed.store.published_head()
    await bed.store.append(command(pair("whistle-3", 0, "{}"), publish=1))

    first, second, third = await bed.store.published(0)
    assert (head.seq, set_back.seq) == (1, 2)
    assert first.recorded_at <= head.now < second.recorded_at
    assert set_back.now < third.recorded_at
    assert head.epoch == set_back.epoch
