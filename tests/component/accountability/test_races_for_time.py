"""挂账、延期 against 办结, forced both ways over real databases: each ends in one story."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from accountability.adapters.clock_streams import PostgresClockStreams
from accountability.adapters.rule_streams import PostgresRuleStreams
from accountability.bootstrap import accountability, install_rules
from accountability.domain.moments import day_of
from accountability.domain.refusals import Refused as RefusedHere
from accountability.migrations import migrate as migrate_accountability
from backbone.eventstore import verify
from backbone.eventstore.postgres import PostgresEventStore
from backbone.sealing import MemoryKeyRing
from chuishao.database import create_roles, login
from chuishao.environment import OWNER, SERVICES, role_of
from routing.application.directory import Directory
from routing.application.reactions import Follower
from routing.domain.refusals import Refused as RefusedThere
from routing.migrations import migrate as migrate_routing
from tests.component.accountability.whistle_hands import (
    SUPERVISOR,
    WATER_LEADER,
    Hands,
    case_of,
    wish,
)

PASSWORD = "only for this test"


@pytest.fixture
async def hands(fresh_database: str) -> AsyncIterator[Hands]:
    """A whistle with the water department; both logs in PostgreSQL."""
    roles = (OWNER, *(role_of(service) for service in SERVICES))
    await create_roles(fresh_database, dict.fromkeys(roles, PASSWORD))
    for migrate in (migrate_accountability, migrate_routing):
        await migrate(login(fresh_database, OWNER, PASSWORD))

    async def opened(service: str) -> PostgresEventStore:
        url = login(fresh_database, role_of(service), PASSWORD)
        return await PostgresEventStore.open(url, service=service, schema=service)

    async with await opened("accountability") as store, await opened("routing") as desk:
        await install_rules(store)
        keys = MemoryKeyRing()
        office = accountability(store, PostgresRuleStreams(store), PostgresClockStreams(store), keys)
        hands = Hands(office, desk, Follower(desk, Directory(desk)), keys, case_of("race"))
        await hands.dispatched()
        yield hands
        for log in (store, desk):
            assert [broken async for broken in verify(log)] == []


async def applies_for_parking(hands: Hands) -> None:
    today = day_of(await hands.office.store.now())
    words = wish(today + timedelta(days=90), today + timedelta(days=30))
    await hands.office.parkings.apply(hands.case, words, WATER_LEADER, hands.asks())


async def test_concluding_first_makes_the_parking_lapse(hands: Hands) -> None:
    await applies_for_parking(hands)
    await hands.concludes()
    await hands.office.parkings.approve(hands.case, SUPERVISOR, hands.asks())
    await hands.settle()
    assert (await hands.names())[-1] == "ParkingLapsed"
    assert (await hands.dispatch()).parked is None
    assert (await hands.clock("C5")).pause_reasons == ("awaiting-confirmation",)
    assert await hands.clock_or_none("C16") is None


async def test_the_approval_first_keeps_the_lead_from_concluding(hands: Hands) -> None:
    await applies_for_parking(hands)
    await hands.office.parkings.approve(hands.case, SUPERVISOR, hands.asks())
    await hands.routing_hears()
    with pytest.raises(RefusedThere, match="whistle-is-parked"):
        await hands.concludes()
    await hands.settle()
    assert (await hands.names())[-1] == "ParkingApproved"
    assert (await hands.clock("C5")).pause_reasons == ("parked",)
    assert (await hands.clock("C16")).runs


async def test_concluding_makes_an_application_lapse_that_waits(hands: Hands) -> None:
    await applies_for_parking(hands)
    await hands.concludes()
    await hands.office_hears()
    with pytest.raises(RefusedHere, match="no-parking-applied-for"):
        await hands.office.parkings.approve(hands.case, SUPERVISOR, hands.asks())
    assert (await hands.names())[-1] == "ParkingLapsed"


async def test_concluding_after_the_end_of_a_parking_pauses_once_more(hands: Hands) -> None:
    await applies_for_parking(hands)
    await hands.office.parkings.approve(hands.case, SUPERVISOR, hands.asks())
    await hands.settle()
    await hands.office.parkings.end(hands.case, "可以办结", WATER_LEADER, hands.asks())
    with pytest.raises(RefusedThere, match="whistle-is-parked"):
        await hands.concludes()  # word has not come yet
    await hands.routing_hears()
    await hands.concludes()
    await hands.settle()
    assert (await hands.clock("C5")).pause_reasons == ("parked", "awaiting-confirmation")
    assert (await hands.clock("C7")).runs


async def test_concluding_first_makes_the_extension_lapse(hands: Hands) -> None:
    await hands.office.extensions.apply(hands.case, 3, "设备未到", WATER_LEADER, hands.asks())
    await hands.concludes()
    await hands.settle()
    assert await hands.names() == ["ExtensionAppliedFor", "ExtensionLapsed"]
    with pytest.raises(RefusedHere, match="no-extension-applied-for"):
        await hands.office.extensions.grant(hands.case, SUPERVISOR, hands.asks())
    assert (await hands.clock("C5")).extensions == ()
    assert (await hands.clock("C11")).voided_at is not None


async def test_the_grant_first_counts_also_when_the_lead_has_just_concluded(hands: Hands) -> None:
    await hands.office.extensions.apply(hands.case, 3, "设备未到", WATER_LEADER, hands.asks())
    await hands.concludes()
    await hands.office.extensions.grant(hands.case, SUPERVISOR, hands.asks())
    await hands.settle()
    assert await hands.names() == ["ExtensionAppliedFor", "ExtensionGranted"]
    handling = await hands.clock("C5")
    assert (len(handling.extensions), handling.pause_reasons) == (1, ("awaiting-confirmation",))
    assert (await hands.clock("C11")).outcome == "on_time"
