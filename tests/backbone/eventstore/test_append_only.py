"""What is in the log stays as it is, whoever asks."""

import asyncpg
import pytest

from tests.backbone.eventstore.appends import PostgresBed, command, pair

CHANGES = [
    "UPDATE event SET data = '{}'",
    "UPDATE event SET data = '{}' WHERE seq = 99",
    "DELETE FROM event",
    "TRUNCATE event",
    "INSERT INTO event SELECT * FROM event ON CONFLICT (seq) DO UPDATE SET data = '{}'",
    "MERGE INTO event USING log_head ON true WHEN MATCHED THEN DELETE",
    "UPDATE published SET data = '{}'",
    "DELETE FROM published",
    "TRUNCATE published",
]


@pytest.mark.parametrize("change", CHANGES)
async def test_refuses_its_owner(postgres: PostgresBed, change: str) -> None:
    await postgres.store.append(command(pair("whistle-1", 0, '{"n":1}'), publish=1))

    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await postgres.owner.execute(change)
    await postgres.owner.execute("SET session_replication_role = replica")
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await postgres.owner.execute(change)

    assert [event.data for event in await postgres.store.read(0)] == ['{"n":1}']
    assert len(await postgres.store.published(0)) == 1


@pytest.mark.parametrize(
    "change",
    [
        *CHANGES,
        "UPDATE command_log SET answer = '{}'",
        "DELETE FROM command_log",
        "DELETE FROM stream_head",
        "DELETE FROM log_head",
        "INSERT INTO log_head (one) VALUES (false)",
        "UPDATE clock_offset SET shift = interval '1 day'",
        "ALTER TABLE event DISABLE TRIGGER append_only",
        "DROP TABLE event",
        "CREATE TABLE more (n integer)",
    ],
)
async def test_gives_the_service_no_right_to_change_it(postgres: PostgresBed, change: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await postgres.store.pool.execute(change)


async def test_is_closed_to_another_role(postgres: PostgresBed) -> None:
    await postgres.owner.execute("CREATE ROLE stranger")
    await postgres.owner.execute("SET ROLE stranger")
    try:
        for query in ("SELECT * FROM {}.event", "SELECT {}.chuishao_now()", "SELECT {}.published_head()"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await postgres.owner.execute(query.format(postgres.schema))
    finally:
        await postgres.owner.execute("RESET ROLE; DROP ROLE stranger")
