"""Whoever gets past the database's own refusals is found by the hash chain."""

import pytest

from backbone.eventstore import Broken, verify
from tests.backbone.eventstore.appends import PostgresBed, command, pair


async def filled(postgres: PostgresBed) -> None:
    """Three streams, seven events, five published facts."""
    await postgres.store.append(command(pair("whistle-1", 0, '{"n":1}', '{"n":2}'), publish=2))
    await postgres.store.append(
        command(pair("whistle-2", 0, '{"n":3}'), pair("dispatch-2", 0, '{"n":4}'), publish=1)
    )
    await postgres.store.append(command(pair("whistle-1", 2, '{"n":5}', '{"n":6}'), publish=2))
    await postgres.store.append(command(pair("whistle-2", 1, '{"n":7}')))


async def found(postgres: PostgresBed) -> list[tuple[str, int, str]]:
    return [(broken.log, broken.seq, broken.reason) async for broken in verify(postgres.store)]


async def tamper(postgres: PostgresBed, change: str) -> None:
    """As a superuser who first takes the guard away."""
    for table in ("event", "published"):
        await postgres.owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
    await postgres.owner.execute(change)


async def test_finds_nothing_in_a_whole_log(postgres: PostgresBed) -> None:
    assert await found(postgres) == []
    await filled(postgres)
    assert await found(postgres) == []


@pytest.mark.parametrize(
    "column",
    [
        "data = '{\"n\": 2}'",
        "meta = replace(meta, 'clerk-7', 'clerk-8')",
        "type = type || 'x'",
        "event_id = gen_random_uuid()",
        "schema_version = 2",
        "occurred_at = recorded_at",
        "recorded_at = recorded_at - interval '1 microsecond'",
    ],
)
async def test_finds_a_changed_event(postgres: PostgresBed, column: str) -> None:
    await filled(postgres)

    await tamper(postgres, f"UPDATE event SET {column} WHERE seq = 2")

    assert await found(postgres) == [("event", 2, "hash-differs")]


async def test_finds_the_successor_of_an_event_hashed_anew(postgres: PostgresBed) -> None:
    await filled(postgres)

    await tamper(postgres, "UPDATE event SET data = '{}' WHERE seq = 2")
    await tamper(
        postgres,
        """
        UPDATE event e SET hash = sha256(before.hash || event_bytes(e.seq, e.stream, e.version, e.event_id,
            e.type, e.schema_version, e.occurred_at, e.recorded_at, e.meta, e.data))
        FROM event before WHERE e.seq = 2 AND before.seq = 1
        """,
    )

    assert await found(postgres) == [("event", 5, "hash-differs")]


async def test_finds_a_missing_event(postgres: PostgresBed) -> None:
    await filled(postgres)

    await tamper(postgres, "DELETE FROM event WHERE seq IN (3, 4)")

    assert await found(postgres) == [
        ("event", 3, "missing"),
        ("event", 7, "hash-differs"),
        ("event", 7, "out-of-order"),
        ("event", 0, "head-differs"),
    ]


async def test_finds_a_tail_cut_off(postgres: PostgresBed) -> None:
    await filled(postgres)

    await tamper(postgres, "DELETE FROM event WHERE seq = 7")

    assert await found(postgres) == [
        ("event", 7, "head-differs"),
        ("event", 7, "missing"),
        ("event", 3, "head-differs"),
    ]


async def test_finds_an_event_put_in_past_the_head(postgres: PostgresBed) -> None:
    await filled(postgres)

    late = """(json_populate_record(e, '{"seq":8,"version":5}')).*"""
    await tamper(postgres, f"INSERT INTO event SELECT {late} FROM event e WHERE seq = 6")

    assert await found(postgres) == [("event", 7, "head-differs"), ("event", 8, "head-differs")]


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("UPDATE published SET case_id = 'case-2' WHERE seq = 2", [("published", 2, "hash-differs")]),
        (
            "DELETE FROM published WHERE seq = 2",
            [("published", 2, "missing"), ("published", 3, "hash-differs")],
        ),
        (
            "DELETE FROM published WHERE seq > 4",
            [("published", 5, "head-differs"), ("published", 5, "missing"), ("published", 5, "head-differs")],
        ),
    ],
)
async def test_finds_a_changed_published_fact(
    postgres: PostgresBed, change: str, broken: list[tuple[str, int, str]]
) -> None:
    await filled(postgres)

    await tamper(postgres, change)

    assert await found(postgres) == broken


async def test_says_what_is_broken(postgres: PostgresBed) -> None:
    await filled(postgres)
    await tamper(postgres, "UPDATE event SET data = '{}' WHERE seq = 5")

    assert [broken async for broken in verify(postgres.store)] == [
        Broken("event", 5, "hash-differs", "whistle-1 version 3")
    ]
