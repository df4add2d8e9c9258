"""Notices of a unit that was merged or ended: nothing goes to an address that nobody of the heir chose."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from backbone.identity import Actor
from contracts.events import routing
from tests.component.gateway.board import (
    ADMINISTRATOR,
    LEADER,
    LIAISON,
    POWER,
    TRANSPORT,
    WATER,
    Board,
    case_number,
)
from tests.component.gateway.outside import WATER_LEADER, Outside, outside
from tests.component.gateway.test_deliveries import dispatched, ladder, reminded
from tests.component.gateway.test_units_that_change import DOCUMENT, merged, registered

HEIR = Actor("leader-transport", "演示·郑", "department_leader", TRANSPORT)
LIST = "{ channels { channelId name state reason unitCode pausedAt verifiedAt personal } }"


@pytest.fixture
async def out(board: Board) -> AsyncIterator[Outside]:
    async with outside(board) as made:
        await made.board.tell(registered(WATER, "水利局"), registered(TRANSPORT, "交通局"))
        yield made


async def went(out: Outside, into: str = TRANSPORT) -> None:
    """The water department is merged into another."""
    await out.board.tell(merged(WATER, into))


async def listed(out: Outside, actor: Actor) -> list[dict[str, Any]]:
    """The channels somebody sees."""
    found: list[dict[str, Any]] = (await out.board.ask(LIST, actor))["channels"]
    return found


async def change(out: Outside, verb: str, channel: str, actor: Actor = HEIR) -> dict[str, Any]:
    """A channel after a change."""
    query = (
        f'mutation {{ {verb}(channelId: "{channel}") {{ channel {{ unitCode state verifiedAt reason }} }} }}'
    )
    payload: dict[str, Any] = (await out.board.ask(query, actor))[verb]["channel"]
    return payload


async def refused(out: Outside, verb: str, channel: str, actor: Actor) -> str:
    """Why a change is refused."""
    query = f'mutation {{ {verb}(channelId: "{channel}") {{ result }} }}'
    return str((await out.board.refusal(query, actor))["code"])


async def test_nothing_new_leaves_by_it(out: Outside) -> None:
    channel, _ = await out.open()
    await dispatched(out)
    assert await out.deliver() == 1

    await went(out)
    await out.later(seconds=1)
    await reminded(out)
    await ladder(out)

    assert await out.deliver() == 0
    assert [each["state"] for each in await out.log(channel)] == ["DELIVERED"]


async def test_what_waited_is_dropped_and_the_log_says_why(out: Outside) -> None:
    channel, _ = await out.open()
    await dispatched(out)
    await out.telling.deliveries.queue()

    await went(out)

    assert await out.deliver() == 1
    assert out.hook.got == []
    assert [(each["state"], each["result"]) for each in await out.log(channel)] == [("DROPPED", "unit-ended")]


async def test_the_old_and_the_new_managers_see_it_ended_and_why(out: Outside) -> None:
    channel, _ = await out.open()
    assert [each["state"] for each in await listed(out, WATER_LEADER)] == ["OPEN"]
    assert await listed(out, HEIR) == []

    await went(out)

    for actor in (WATER_LEADER, HEIR, ADMINISTRATOR):
        (seen,) = await listed(out, actor)
        assert (seen["channelId"], seen["state"], seen["unitCode"]) == (channel, "ENDED", WATER)
        assert seen["reason"] == (
            "水利局已于 2026-05-08 并入交通局,不再从这里发送通知;交通局的负责人接收并验证后继续使用"
        )
    for actor in (LIAISON, LEADER):
        assert await listed(out, actor) == []


async def test_a_unit_that_ended_without_heir_says_so(out: Outside) -> None:
    channel, _ = await out.open()

    await out.board.tell(
        routing.UnitEnded(
            case_id=case_number(90),
            code=WATER,
            effective_from=date(2026, 5, 8),
            source_document=DOCUMENT,
        )
    )

    (seen,) = await listed(out, WATER_LEADER)
    assert (seen["state"], seen["reason"]) == ("ENDED", "水利局已于 2026-05-08 撤销,不再从这里发送通知")
    for actor in (WATER_LEADER, ADMINISTRATOR):
        assert await refused(out, "adoptChannel", channel, actor) == "channel-of-an-ended-unit"


async def test_the_heirs_manager_adopts_it_with_its_log_and_proves_it_anew(out: Outside) -> None:
    channel, _ = await out.open()
    await dispatched(out)
    await out.deliver()
    await went(out)

    adopted = await change(out, "adoptChannel", channel)

    assert adopted == {"unitCode": TRANSPORT, "state": "UNVERIFIED", "verifiedAt": None, "reason": None}
    assert [each["state"] for each in await out.log(channel, HEIR)] == ["DELIVERED"]
    assert await listed(out, WATER_LEADER) == []
    assert await refused(out, "resumeChannel", channel, HEIR) == "channel-not-verified"
    out.hook.got.clear()
    await change(out, "testChannel", channel)
    await out.confirm(channel, out.code(), HEIR)
    assert [each["state"] for each in await listed(out, HEIR)] == ["OPEN"]
    told = await out.rows("SELECT act, actor FROM identity_record WHERE act = 'channel-adopted'")
    assert told[-1] == ("channel-adopted", HEIR.subject)


async def test_adopting_it_a_second_time_changes_nothing(out: Outside) -> None:
    channel, _ = await out.open()
    await went(out)
    await change(out, "adoptChannel", channel)
    await out.later(minutes=2)
    await change(out, "testChannel", channel)
    await out.confirm(channel, out.code(), HEIR)

    assert (await change(out, "adoptChannel", channel))["state"] == "OPEN"


async def test_nobody_but_the_heirs_manager_adopts_it(out: Outside) -> None:
    channel, _ = await out.open()
    await went(out)

    for actor in (WATER_LEADER, ADMINISTRATOR):
        assert await refused(out, "adoptChannel", channel, actor) == "channel-is-the-heirs-to-adopt"
    for actor in (LIAISON, LEADER):
        assert await refused(out, "adoptChannel", channel, actor) == "unknown-channel"


async def test_a_unit_of_today_has_nothing_to_be_adopted(out: Outside) -> None:
    channel, _ = await out.open()

    assert await refused(out, "adoptChannel", channel, HEIR) == "unknown-channel"
    assert (await change(out, "adoptChannel", channel, WATER_LEADER))["state"] == "OPEN"


async def test_until_then_it_can_be_removed_and_nothing_else(out: Outside) -> None:
    channel, _ = await out.open()
    await dispatched(out)
    await out.deliver()
    (sent,) = await out.log(channel)
    await went(out)

    for verb in ("testChannel", "resumeChannel"):
        for actor in (WATER_LEADER, HEIR, ADMINISTRATOR):
            assert await refused(out, verb, channel, actor) == "channel-of-an-ended-unit"
    resend = f'mutation {{ resendDelivery(deliveryId: "{sent["deliveryId"]}") {{ result }} }}'
    assert (await out.board.refusal(resend, HEIR))["code"] == "channel-of-an-ended-unit"
    await out.board.ask(f'mutation {{ removeChannel(channelId: "{channel}") {{ result }} }}', HEIR)
    assert await listed(out, HEIR) == []


async def test_no_channel_is_made_for_a_unit_that_is_no_more(out: Outside) -> None:
    await went(out)
    query = "mutation($channel: ChannelInput!) { createChannel(channel: $channel) { secret } }"
    wanted = {"kind": "WEBHOOK", "name": "平台", "address": out.hook.url(), "unit": WATER}

    for actor in (WATER_LEADER, ADMINISTRATOR):
        told = await out.board.refusal(query, actor, {"channel": wanted})
        assert told["code"] == "channel-of-an-ended-unit"


async def test_the_last_heir_of_all_adopts_it(out: Outside) -> None:
    channel, _ = await out.open()
    last = Actor("leader-power", "演示·钱", "department_leader", POWER)
    await out.board.tell(registered(POWER, "供电公司"), merged(WATER, TRANSPORT), merged(TRANSPORT, POWER))

    assert await refused(out, "adoptChannel", channel, HEIR) == "channel-is-the-heirs-to-adopt"
    assert (await change(out, "adoptChannel", channel, last))["unitCode"] == POWER


async def test_own_mail_is_adopted_by_its_owner_alone(out: Outside) -> None:
    mine, _ = await out.open(LIAISON, kind="EMAIL", address="zhao@nanle.test", personal=True)
    await went(out)
    moved = Actor(LIAISON.subject, LIAISON.name, LIAISON.role, TRANSPORT)

    assert await refused(out, "adoptChannel", mine, HEIR) == "unknown-channel"
    assert await refused(out, "adoptChannel", mine, LIAISON) == "channel-is-the-heirs-to-adopt"
    assert [each["state"] for each in await listed(out, moved)] == ["ENDED"]
    assert (await change(out, "adoptChannel", mine, moved))["unitCode"] == TRANSPORT


async def test_an_heir_has_no_more_channels_than_any_unit(out: Outside) -> None:
    channel, _ = await out.open()
    for n in range(20):
        await out.made(HEIR, name=f"渠道{n}")
    await went(out)

    assert await refused(out, "adoptChannel", channel, HEIR) == "too-many-channels"
    assert [each["state"] for each in await listed(out, HEIR) if each["unitCode"] == WATER] == ["ENDED"]
