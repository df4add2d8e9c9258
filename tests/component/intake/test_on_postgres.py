"""Intake on a real database: keys, numbers, rights, and many letters at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from os import urandom
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from backbone.eventstore import verify
from backbone.eventstore.postgres import PostgresEventStore
from chuishao.database import create_roles, login
from chuishao.environment import OWNER, SERVICES, role_of
from contracts.events import intake as published
from contracts.events import routing
from intake.adapters.blobs import PostgresBlobs
from intake.adapters.handed_letters import PostgresHandedLetters, ReadHandedLetters
from intake.adapters.keys import MasterKey, MasterKeyError, PostgresKeyStore
from intake.adapters.numbering import PostgresNumbering
from intake.application.ports import KeyStore, Numbering
from intake.bootstrap import intake
from intake.entrypoints.http import application
from intake.migrations import migrate
from tests.backbone.edge import SECRET, Identities, client_of
from tests.component.intake.service import (
    CLERK,
    FLOOD,
    LEADER,
    LETTER,
    RECORD,
    SUPERVISOR,
    Calendar,
    Desk,
    KeysInMemory,
    NumbersInMemory,
)

PASSWORD = "only for this test"
MASTER = urandom(32)


@dataclass
class Ground:
    """A migrated database with intake's store on it."""

    store: PostgresEventStore
    owner_url: str
    service_url: str


@pytest.fixture
async def ground(fresh_database: str) -> AsyncIterator[Ground]:
    """As the launcher prepares it: roles, schemas, migrations."""
    roles = (OWNER, *(role_of(service) for service in SERVICES))
    await create_roles(fresh_database, dict.fromkeys(roles, PASSWORD))
    owner_url = login(fresh_database, OWNER, PASSWORD)
    service_url = login(fresh_database, role_of("intake"), PASSWORD)
    await migrate(owner_url)
    async with await PostgresEventStore.open(service_url, service="intake", schema="intake") as store:
        yield Ground(store, owner_url, service_url)


@asynccontextmanager
async def desk_on(ground: Ground, identities: Identities) -> AsyncIterator[Desk]:
    keys = PostgresKeyStore(ground.store.pool, MasterKey(MASTER))
    numbering = PostgresNumbering(ground.store.pool)
    calendar = Calendar()
    parts = intake(ground.store, keys, numbering, calendar, PostgresBlobs(ground.store.pool))
    async with client_of(application(parts, identities.verifier(), SECRET)) as client:
        yield Desk(client, identities, ground.store, parts, calendar=calendar)


async def test_is_migrated_again_without_effect(ground: Ground) -> None:
    await migrate(ground.owner_url)
    assert await ground.store.read(0) == []


@pytest.fixture(params=["memory", "postgres"])
def key_store(request: pytest.FixtureRequest, ground: Ground) -> KeyStore:
    """The fake of the tests and the real one: both keep the same promises."""
    if request.param == "memory":
        return KeysInMemory()
    return PostgresKeyStore(ground.store.pool, MasterKey(MASTER))


async def test_keys_are_made_once_and_stay(key_store: KeyStore) -> None:
    first = await key_store.keys(["case/1", "case/2", "case/1"])
    assert first.keys() == {"case/1", "case/2"}
    assert all(key is not None and len(key) == 32 for key in first.values())
    assert first["case/1"] != first["case/2"]
    assert await key_store.keys(["case/2", "case/1"]) == first


async def test_keys_are_one_and_the_same_for_all_who_ask_at_once(key_store: KeyStore) -> None:
    ids = [f"case/{n}" for n in range(20)]
    answers = await asyncio.gather(*(key_store.keys(ids) for _ in range(8)))
    assert all(answer == answers[0] for answer in answers)


async def test_keys_are_destroyed_for_ever(key_store: KeyStore) -> None:
    await key_store.keys(["case/1", "case/2"])
    await key_store.destroy(["case/1", "case/never-asked-for"])
    await key_store.destroy(["case/1"])
    keys = await key_store.keys(["case/1", "case/2", "case/never-asked-for"])
    assert keys["case/1"] is None
    assert keys["case/never-asked-for"] is None
    assert keys["case/2"] is not None


@pytest.fixture(params=["memory", "postgres"])
def numbering(request: pytest.FixtureRequest, ground: Ground) -> Numbering:
    """The fake of the tests and the real one: both keep the same promises."""
    if request.param == "memory":
        return NumbersInMemory()
    return PostgresNumbering(ground.store.pool)


async def test_numbers_run_by_series_and_year_without_a_double(numbering: Numbering) -> None:
    numbers = await asyncio.gather(*(numbering.next("NL", 2026) for _ in range(40)))
    assert sorted(numbers) == list(range(1, 41))
    assert await numbering.next("NL", 2027) == 1
    assert await numbering.next("NL-XJ", 2026) == 1


async def test_stored_keys_open_nothing_without_the_master_key(ground: Ground) -> None:
    right = PostgresKeyStore(ground.store.pool, MasterKey(MASTER))
    key = (await right.keys(["case/1"]))["case/1"]
    rows: list[Any] = await ground.store.pool.fetch("SELECT * FROM intake_keys.personal_key")
    assert key is not None
    assert [row["key_id"] for row in rows] == ["case/1"]
    assert key not in rows[0]["wrapped"]
    assert await right.check()
    wrong = PostgresKeyStore(ground.store.pool, MasterKey(urandom(32)))
    with pytest.raises(MasterKeyError):
        await wrong.check()
    with pytest.raises(MasterKeyError):
        await wrong.keys(["case/1"])


async def test_a_key_moved_under_another_name_opens_nothing(ground: Ground) -> None:
    store = PostgresKeyStore(ground.store.pool, MasterKey(MASTER))
    await store.keys(["case/1"])
    await ground.store.pool.execute("UPDATE intake_keys.personal_key SET key_id = 'case/2'")
    with pytest.raises(MasterKeyError):
        await store.keys(["case/2"])


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM intake_keys.personal_key",
        "TRUNCATE intake_keys.personal_key",
        "DELETE FROM intake.counter",
        "UPDATE intake.event SET data = '{}'",
        "DROP TABLE intake_keys.personal_key",
    ],
)
async def test_the_service_may_not_undo_what_was(ground: Ground, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ground.store.pool.execute(statement)


async def test_no_other_service_reads_the_keys(ground: Ground, fresh_database: str) -> None:
    gateway = await asyncpg.connect(login(fresh_database, role_of("gateway"), PASSWORD))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await gateway.fetch("SELECT * FROM intake_keys.personal_key")
    finally:
        await gateway.close()


async def test_a_whistle_survives_a_restart(ground: Ground, identities: Identities) -> None:
    async with desk_on(ground, identities) as desk:
        case = await desk.done(CLERK, "/whistles", FLOOD)
    async with desk_on(ground, identities) as desk:
        await desk.done(LEADER, f"/whistles/{case}/sign")
        signed = (await desk.published(case))[-1]
        assert isinstance(signed, published.WhistleSigned)
        assert await desk.read(signed.text_sealed) == FLOOD["text"]
        assert signed.number == "NL-2026-000001"
    assert [broken async for broken in verify(ground.store)] == []


async def test_letters_recorded_side_by_side_and_twice_are_each_there_once(
    ground: Ground, identities: Identities
) -> None:
    async with desk_on(ground, identities) as desk:
        work: list[tuple[UUID, dict[str, Any]]] = [
            (uuid4(), RECORD | {"external_number": str(n)}) for n in range(60)
        ]
        twice = [*work, *work]
        answers = await asyncio.gather(
            *(desk.post(SUPERVISOR, "/letters/record", body, key) for key, body in twice)
        )
        assert {answer.status_code for answer in answers} == {200}
        facts = await desk.published()
    recorded = [each for each in facts if isinstance(each, published.LetterRecorded)]
    assert len(recorded) == len(facts) == 60
    assert {each.external_number for each in recorded} == {str(n) for n in range(60)}
    assert len({each.number for each in recorded}) == 60
    assert {answer.json()["id"] for answer in answers} == {each.case_id for each in recorded}


async def test_finds_the_letters_of_a_unit_like_a_reader_of_the_whole_log(
    ground: Ground, identities: Identities
) -> None:
    async with desk_on(ground, identities) as desk:
        letters = [await desk.done(CLERK, "/letters", LETTER) for _ in range(3)]
        units = ("water-resources", "agriculture-rural", "transport")
        await desk.registered(*units)
        for letter, unit in zip(letters, units, strict=True):
            await desk.done(SUPERVISOR, f"/letters/{letter}/hand-over", {"unit": unit, "words": "某表重复"})
        merged = routing.UnitMerged(
            case_id=str(uuid4()),
            code="water-resources",
            into="transport",
            effective_from=date(2026, 3, 2),
            source_document="文",
        )
        await desk.tell(merged, "routing")
    for unit, expected in (("water-resources", 1), ("transport", 2), ("nobody", 0)):
        found = await PostgresHandedLetters(ground.store).ever_with(unit)
        assert found == await ReadHandedLetters(ground.store).ever_with(unit)
        assert len(found) == expected
