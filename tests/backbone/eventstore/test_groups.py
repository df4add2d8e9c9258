"""A group acts as its commands one after another would, in the fake and in PostgreSQL alike."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from backbone.eventstore import (
    Append,
    Appended,
    Checkpoint,
    Conflict,
    Deadline,
    Fenced,
    KeyReused,
    NewEvent,
    StreamAppend,
    verify,
)
from backbone.eventstore.memory import MemoryEventStore
from backbone.eventstore.port import load_all
from tests.backbone.eventstore.appends import BODY, OTHER_BODY, RAISED, Bed, MemoryBed, PostgresBed, command

NOON = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
NAMESPACE = UUID(int=8)
GROUPS, LARGEST = 60, 40
CONSUMER, SOURCE, LEASE = "follow-dispatch", "routing", 2


def any_command(chance: random.Random) -> Append:
    """A command out of so few streams, ids, timers and positions that anything may happen to it."""
    command_id = uuid5(NAMESPACE, str(chance.randrange(400)))
    pairs = tuple(
        StreamAppend(
            f"whistle-{stream}",
            chance.choice((0, 0, 1, 1, 2, 3)),
            tuple(
                NewEvent(uuid5(command_id, f"{stream} {n}"), RAISED, f'{{"n":{n}}}')
                for n in range(chance.randrange(3))
            ),
        )
        for stream in chance.sample(range(30), chance.choice((0, 1, 1, 1, 2)))
    )
    deadlines = tuple(
        Deadline("clock-1", name, chance.choice((None, NOON + timedelta(minutes=chance.randrange(99)))))
        for name in chance.sample(("due", "half", "ladder"), chance.randrange(3))
        if any(each.events for each in pairs)
    )
    old = chance.randrange(60)
    checkpoint = Checkpoint(
        CONSUMER, SOURCE, old, old + chance.randrange(9), chance.choice((LEASE, LEASE, 1))
    )
    return command(
        *pairs,
        command_id=command_id,
        request_hash=chance.choice((BODY, BODY, BODY, OTHER_BODY)),
        publish=chance.randrange(3),
        case_id=f"case-{chance.randrange(5)}",
        deadlines=deadlines,
        checkpoint=checkpoint if chance.random() < 0.3 else None,
        answer=f'{{"n":{chance.randrange(99)}}}',
    )


async def test_answer_and_store_alike_in_both_stores(postgres: PostgresBed) -> None:
    fake = MemoryBed(MemoryEventStore())
    chance = random.Random(410923)
    outcomes: list[object] = []
    for bed in (fake, postgres):
        await bed.enlist(CONSUMER, SOURCE, 0, LEASE)

    for _ in range(GROUPS):
        group = [any_command(chance) for _ in range(chance.randrange(1, LARGEST))]
        expected = await answers_of(fake, group)
        assert await answers_of(postgres, group) == expected
        outcomes.extend(expected)

    assert await contents(postgres) == await contents(fake)
    assert {each[0] if isinstance(each, tuple) else type(each) for each in outcomes} == {
        Appended,
        Conflict,
        Fenced,
        KeyReused,
    }
    assert [broken async for broken in verify(postgres.store)] == []


async def answers_of(bed: Bed, group: list[Append]) -> list[object]:
    answers = await asyncio.gather(*map(bed.store.append, group), return_exceptions=True)
    return [
        answer
        if isinstance(answer, Appended)
        else (type(answer), *(answer.args if isinstance(answer, Conflict) else ()))
        for answer in answers
    ]


async def contents(bed: Bed) -> dict[str, object]:
    """All there is but times, hashes and epochs."""
    log = await load_all(bed.store)
    return {
        "events": [(e.seq, e.stream, e.version, e.id, e.type, e.data, e.meta) for e in log],
        "published": [
            (f.seq, f.id, f.type, f.case_id, f.data) for f in await bed.store.published(0, limit=9999)
        ],
        "timers": await bed.timers(),
        "position": await bed.position(CONSUMER, SOURCE),
    }
