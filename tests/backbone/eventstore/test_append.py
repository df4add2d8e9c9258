"""Appending, in every store."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import orjson
import pytest

from backbone.eventstore import Append, Appended, Checkpoint, Conflict, Deadline, EventStore, KeyReused, Meta
from backbone.eventstore.chain import event_hash
from backbone.eventstore.port import load_all
from tests.backbone.eventstore.appends import BODY, OTHER_BODY, Bed, command, pair

NOON = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
EVENING = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)
IN_2015 = datetime(2015, 6, 1, 2, 3, 4, 567891, tzinfo=UTC)


async def test_numbers_events_densely_over_all_streams(store: EventStore) -> None:
    first = await store.append(command(pair("whistle-1", 0, "{}", "{}")))
    second = await store.append(command(pair("whistle-2", 0, "{}")))
    third = await store.append(command(pair("whistle-1", 2, "{}")))

    assert [first.seq, second.seq, third.seq] == [2, 3, 4]
    assert [(e.seq, e.stream, e.version) for e in await load_all(store)] == [
        (1, "whistle-1", 1),
        (2, "whistle-1", 2),
        (3, "whistle-2", 1),
        (4, "whistle-1", 3),
    ]


async def test_keeps_every_character_of_what_is_stored(store: EventStore) -> None:
    data = '{"text":"沟渠堵塞\\n\\u0000 \\"两村\\" 😀","z":1, "a":2.50}\n'
    meta = Meta(
        actor="clerk-7",
        role="township_clerk",
        unit="410923102",
        after={"routing": 4, "accountability": 9},
        causation="whistle 17",
        traceparent="00-ab-cd-01",
    )

    await store.append(command(pair("whistle-1", 0, data, occurred_at=IN_2015), meta=meta))

    [event] = await store.load("whistle-1")
    assert event.data == data
    assert event.occurred_at == event.effective_at == IN_2015
    assert orjson.loads(event.meta) == {
        "actor": "clerk-7",
        "role": "township_clerk",
        "unit": "410923102",
        "after": {"accountability": 9, "routing": 4},
        "causation": "whistle 17",
        "traceparent": "00-ab-cd-01",
    }


async def test_chains_each_stream_by_hash_over_what_is_stored(store: EventStore) -> None:
    await store.append(command(pair("whistle-1", 0, '{"n":1}', '{"n":"二"}', occurred_at=IN_2015)))
    await store.append(command(pair("whistle-2", 0, "{}")))
    await store.append(command(pair("whistle-1", 2, "{}")))

    before = b""
    for event in await store.load("whistle-1"):
        before = event_hash(
            before,
            seq=event.seq,
            stream=event.stream,
            version=event.version,
            event_id=event.id,
            type=event.type,
            schema_version=event.schema_version,
            occurred_at=event.occurred_at,
            recorded_at=event.recorded_at,
            meta=event.meta,
            data=event.data,
        )
        assert event.hash == before


async def test_stores_all_streams_of_a_command_or_none(store: EventStore) -> None:
    await store.append(command(pair("whistle-1", 0, "{}")))

    with pytest.raises(Conflict) as conflict:
        await store.append(command(pair("dispatch-1", 0, "{}"), pair("whistle-1", 0, "{}"), publish=1))

    assert (conflict.value.stream, conflict.value.expected, conflict.value.actual) == ("whistle-1", 0, 1)
    assert await store.load("dispatch-1") == []
    assert await store.published(0) == []
    both = await store.append(command(pair("dispatch-1", 0, "{}"), pair("whistle-1", 1, "{}")))
    assert both.seq == 3


async def test_holds_a_command_to_a_stream_it_only_read(store: EventStore) -> None:
    await store.append(command(pair("list-1", 0, "{}")))

    await store.append(command(pair("list-1", 1), pair("whistle-1", 0, "{}")))
    with pytest.raises(Conflict):
        await store.append(command(pair("list-1", 0), pair("whistle-1", 1, "{}")))

    assert [e.version for e in await store.load("list-1")] == [1]


async def test_answers_a_repeat_as_the_first_time_and_adds_nothing(store: EventStore) -> None:
    sent = command(pair("whistle-1", 0, "{}"), publish=2, answer='{"id":"1"}')
    first = await store.append(sent)
    await store.append(command(pair("whistle-1", 1, "{}"), publish=1))

    again = await store.append(sent)

    assert first == Appended(1, 2, '{"id":"1"}')
    assert again == Appended(1, 2, '{"id":"1"}', repeated=True)
    assert await store.answered(sent.command_id, BODY) == again
    assert len(await load_all(store)) == 2
    assert len(await store.published(0)) == 3


async def test_refuses_a_command_id_that_comes_with_another_request(store: EventStore) -> None:
    sent = command(pair("whistle-1", 0, "{}"))
    await store.append(sent)

    with pytest.raises(KeyReused):
        await store.append(
            command(pair("whistle-2", 0, "{}"), command_id=sent.command_id, request_hash=OTHER_BODY)
        )
    with pytest.raises(KeyReused):
        await store.answered(sent.command_id, OTHER_BODY)

    assert await store.load("whistle-2") == []


async def test_knows_no_answer_before_the_command(store: EventStore) -> None:
    assert await store.answered(uuid4(), BODY) is None


async def test_remembers_a_command_without_effect(store: EventStore) -> None:
    await store.append(command(pair("whistle-1", 0, "{}"), publish=1))
    sent = command(answer='{"nothing":true}')

    first = await store.append(sent)

    assert first == Appended(1, 1, '{"nothing":true}')
    assert (await store.append(sent)).repeated
    assert len(await load_all(store)) == 1


async def test_lets_each_command_of_a_group_fail_alone(store: EventStore) -> None:
    taken = command(pair("whistle-1", 0, "{}"), publish=1)
    await store.append(taken)
    same = command(pair("whistle-5", 0, "{}"), publish=1, answer='{"id":"5"}')

    answers = await asyncio.gather(
        store.append(command(pair("whistle-2", 0, "{}"), publish=1)),
        store.append(command(pair("whistle-1", 0, "{}"), publish=1)),
        store.append(
            command(pair("whistle-3", 0, "{}"), command_id=taken.command_id, request_hash=OTHER_BODY)
        ),
        store.append(taken),
        store.append(command(pair("whistle-2", 0, "{}"), publish=1)),
        store.append(same),
        store.append(same),
        store.append(
            command(pair("whistle-6", 0, "{}"), command_id=same.command_id, request_hash=OTHER_BODY)
        ),
        store.append(command(pair("whistle-4", 0, "{}", "{}"), publish=2)),
        return_exceptions=True,
    )

    assert [a if isinstance(a, Appended) else type(a) for a in answers] == [
        Appended(2, 2, "{}"),
        Conflict,
        KeyReused,
        Appended(1, 1, "{}", repeated=True),
        Conflict,
        Appended(3, 3, '{"id":"5"}'),
        Appended(3, 3, '{"id":"5"}', repeated=True),
        KeyReused,
        Appended(5, 5, "{}"),
    ]
    assert [e.seq for e in await load_all(store)] == [1, 2, 3, 4, 5]
    assert [p.seq for p in await store.published(0)] == [1, 2, 3, 4, 5]


async def test_sends_a_command_again_that_lost_before_it_won(store: EventStore) -> None:
    command_id = uuid4()

    lost, won, again = await asyncio.gather(
        store.append(command(pair("whistle-1", 1, "{}"), command_id=command_id)),
        store.append(command(pair("whistle-1", 0, "{}"), command_id=command_id)),
        store.append(command(pair("whistle-1", 0, "{}"), command_id=command_id)),
        return_exceptions=True,
    )

    assert isinstance(lost, Conflict)
    assert won == Appended(1, 0, "{}")
    assert again == Appended(1, 0, "{}", repeated=True)


async def test_sets_moves_and_cancels_deadlines_in_the_same_append(bed: Bed) -> None:
    first = command(
        pair("clock-1", 0, "{}"),
        deadlines=(Deadline("clock-1", "due", NOON), Deadline("clock-1", "half", NOON)),
    )
    await bed.store.append(first)
    await bed.store.append(command(pair("clock-2", 0, "{}"), deadlines=(Deadline("clock-2", "due", NOON),)))
    assert await bed.timers() == {
        ("clock-1", "due"): (1, NOON),
        ("clock-1", "half"): (1, NOON),
        ("clock-2", "due"): (2, NOON),
    }

    await bed.store.append(
        command(
            pair("clock-1", 1, "{}", "{}"),
            deadlines=(Deadline("clock-1", "due", EVENING), Deadline("clock-1", "half", None)),
        )
    )
    await bed.store.append(first)

    assert await bed.timers() == {("clock-1", "due"): (4, EVENING), ("clock-2", "due"): (2, NOON)}


async def test_leaves_a_deadline_as_the_last_command_of_a_group_set_it(bed: Bed) -> None:
    await asyncio.gather(
        bed.store.append(command(pair("a-1", 0, "{}"), deadlines=(Deadline("k", "x", NOON),))),
        bed.store.append(command(pair("a-2", 0, "{}"), deadlines=(Deadline("k", "x", None),))),
        bed.store.append(command(pair("a-3", 0, "{}"), deadlines=(Deadline("k", "x", EVENING),))),
        bed.store.append(command(pair("a-4", 0, "{}"), deadlines=(Deadline("k", "y", NOON),))),
        bed.store.append(command(pair("a-5", 0, "{}"), deadlines=(Deadline("k", "y", None),))),
    )

    assert await bed.timers() == {("k", "x"): (3, EVENING)}


async def test_sets_no_deadline_for_a_command_that_lost(bed: Bed) -> None:
    await bed.store.append(command(pair("clock-1", 0, "{}")))

    with pytest.raises(Conflict):
        await bed.store.append(command(pair("clock-1", 0, "{}"), deadlines=(Deadline("c", "due", NOON),)))

    assert await bed.timers() == {}


@pytest.mark.parametrize(
    "bad",
    [
        command(request_hash=b"short"),
        command(pair("whistle-1", 0, "{}"), pair("whistle-1", 1, "{}")),
        command(pair("whistle-1", -1, "{}")),
        command(pair("", 0, "{}")),
        command(pair("whistle-1", 0, "\x00")),
        command(pair("whistle-1", 0, "\ud800")),
        command(pair("whistle-1", 0, "{}", occurred_at=NOON.replace(tzinfo=None))),
        command(deadlines=(Deadline("clock-1", "due", NOON),)),
        command(checkpoint=Checkpoint("follow-dispatch", "routing", 5, 4, 1)),
        command(pair("a", 0, "{}"), deadlines=(Deadline("k", "x", NOON), Deadline("k", "x", None))),
    ],
)
async def test_refuses_what_no_log_can_hold(store: EventStore, bad: Append) -> None:
    good = command(pair("whistle-2", 0, "{}"))

    refused, stored = await asyncio.gather(store.append(bad), store.append(good), return_exceptions=True)

    assert isinstance(refused, ValueError)
    assert stored == Appended(1, 0, "{}")
