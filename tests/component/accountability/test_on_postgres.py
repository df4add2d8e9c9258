"""Accountability on a real database: migration, installed rules, clocks found by the years they read."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from accountability.adapters.clock_streams import PostgresClockStreams
from accountability.adapters.rule_streams import PostgresRuleStreams
from accountability.application.publishing import CLOCK, clock_id
from accountability.bootstrap import Accountability, accountability, install_rules
from accountability.domain.calendar import Calendar
from accountability.domain.clock import Recompute, StopClock
from accountability.migrations import migrate
from backbone.decider import execute
from backbone.eventstore import verify
from backbone.eventstore.postgres import PostgresEventStore
from backbone.outbox import envelope, read_envelope
from backbone.sealing import MemoryKeyRing
from chuishao.database import create_roles, login
from chuishao.environment import OWNER, SERVICES, role_of
from contracts.events import intake
from tests.component.accountability.county import CASE, LETTER, context
from tests.domain.accountability.stories import plain

PASSWORD = "only for this test"


@pytest.fixture
async def store(fresh_database: str) -> AsyncIterator[PostgresEventStore]:
    """A migrated database with the rules installed."""
    roles = (OWNER, *(role_of(service) for service in SERVICES))
    await create_roles(fresh_database, dict.fromkeys(roles, PASSWORD))
    await migrate(login(fresh_database, OWNER, PASSWORD))
    url = login(fresh_database, role_of("accountability"), PASSWORD)
    async with await PostgresEventStore.open(
        url, service="accountability", schema="accountability"
    ) as opened:
        await install_rules(opened)
        yield opened


@pytest.fixture
def office(store: PostgresEventStore) -> Accountability:
    """Accountability over it."""
    return accountability(store, PostgresRuleStreams(store), PostgresClockStreams(store), MemoryKeyRing())


async def submit(store: PostgresEventStore, office: Accountability) -> None:
    """A letter reaches the office now."""
    fact = intake.LetterSubmitted(**LETTER)
    now = await store.now()
    row = (await store.published(0, 1))[0]
    delivered = read_envelope(envelope("intake", (await store.published_head()).epoch, row))
    event = replace(
        delivered, type=fact.NAME, case_id=CASE, recorded_at=now, data=fact.model_dump(mode="json")
    )
    await office.follower.react(event, lambda n: context(f"submit/{n}"))


async def test_installing_again_adds_nothing(store: PostgresEventStore) -> None:
    before = (await store.published_head()).seq

    await install_rules(store)

    assert (await store.published_head()).seq == before == 24 + 2 * 17
    assert [broken async for broken in verify(store)] == []


async def test_the_rules_are_the_decreed_years_and_the_default_policies(office: Accountability) -> None:
    book = await office.rules.current()

    assert {plan.year for plan in book.calendar.plans} == set(range(2006, 2027))
    assert {version.kind.value for version in book.policies.versions} == {f"C{n}" for n in range(17)}


async def test_finds_the_clocks_that_read_a_year(store: PostgresEventStore, office: Accountability) -> None:
    await submit(store, office)
    year = (await store.now()).year

    touched = [each async for each in PostgresClockStreams(store).touched_by(year)]

    assert sorted(touched) == sorted(clock_id(CASE, kind, CASE, 1) for kind in ("C3", "C4"))
    assert [each async for each in PostgresClockStreams(store).touched_by(2011)] == []


async def test_finds_the_clocks_that_a_published_year_had_computed_again(
    store: PostgresEventStore, office: Accountability
) -> None:
    await submit(store, office)
    now = await store.now()
    clocks, book = PostgresClockStreams(store), await office.rules.current()
    assert [each async for each in clocks.recomputed_in(now.year)] == []

    years = [plain(year, version=99) for year in (now.year, now.year + 1)]
    changed = replace(book, calendar=Calendar.of([*book.calendar.plans, *years]))
    response = clock_id(CASE, "C3", CASE, 1)
    await execute(store, CLOCK, response, Recompute(now, "calendar", changed), context("recompute"))

    assert [each async for each in clocks.recomputed_in(now.year)] == [response]
    assert [each async for each in clocks.recomputed_in(2011)] == []


async def test_a_clock_leaves_a_timer_for_its_deadline(
    store: PostgresEventStore, office: Accountability
) -> None:
    await submit(store, office)

    rows = await store.pool.fetch("SELECT key, due_at FROM deadline WHERE name = 'due' ORDER BY due_at")

    assert [row["key"] for row in rows] == [clock_id(CASE, kind, CASE, 1) for kind in ("C3", "C4")]
    reading = await office.readings.clock(rows[0]["key"])
    assert rows[0]["due_at"] == reading.clock.due + timedelta(seconds=1)


async def test_finds_the_open_clocks_of_a_kind(store: PostgresEventStore, office: Accountability) -> None:
    await submit(store, office)
    clocks = PostgresClockStreams(store)
    response, resolution = (clock_id(CASE, kind, CASE, 1) for kind in ("C3", "C4"))
    assert [each async for each in clocks.open_of("C3")] == [response]
    assert [each async for each in clocks.open_of("C1")] == []

    await execute(store, CLOCK, response, StopClock(await store.now()), context("stop"))

    assert [each async for each in clocks.open_of("C3")] == []
    assert [each async for each in clocks.open_of("C4")] == [resolution]
