"""Notices leave once per channel: signed, retried with growing pauses, written down, and never again."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from backbone.testing import eventually
from contracts.events import accountability, intake
from gateway.application.deliveries import LEASE
from gateway.domain.channels import MOST_ATTEMPTS, pause_before
from tests.component.gateway.board import (
    ADMINISTRATOR,
    CASE,
    WATER,
    Board,
    issued,
    whistle,
)
from tests.component.gateway.outside import HOME, NOW, WATER_LEADER, Outside, outside

CLOCK = "5f0f0e0e-1111-5222-8333-444444444444"


@pytest.fixture
async def out(board: Board) -> AsyncIterator[Outside]:
    async with outside(board) as made:
        yield made


async def dispatched(out: Outside, at: datetime | None = None, emergency: bool = False) -> None:
    """A whistle is with water resources now, whose clock runs."""
    board, now = out.board, at or await out.now()
    content = await whistle(board)
    await board.tell(
        intake.WhistleRaised(**content, emergency=emergency),
        intake.WhistleSigned(
            **content, emergency=False, signed_by_sealed=await board.seal("演示·李", "person/l")
        ),
        issued(emergency=emergency),
        accountability.ClockStarted(
            case_id=CASE,
            clock_id=CLOCK,
            kind="C1",
            unit=WATER,
            cycle=1,
            started_at=now,
            due=now + timedelta(hours=24),
            earliest=now + timedelta(hours=24),
            latest=now + timedelta(hours=24),
            provisional=False,
            policy_version="C1/1",
            calendar_version="2026/1",
        ),
        at=now,
    )


async def reminded(out: Outside) -> None:
    """The clock is due soon."""
    now = await out.now()
    await out.board.tell(
        accountability.ReminderDue(
            case_id=CASE,
            clock_id=CLOCK,
            kind="C1",
            unit=WATER,
            cycle=1,
            reminder="t-12h",
            at=now,
            to="unit",
            due=NOW + timedelta(hours=24),
        ),
        at=now,
    )


async def ladder(out: Outside) -> None:
    """A rung that is a hint alone."""
    now = await out.now()
    await out.board.tell(
        accountability.LadderRungReached(
            case_id=CASE,
            clock_id=CLOCK,
            kind="C1",
            unit=WATER,
            cycle=1,
            rung="BLUE",
            at=now,
            to="unit",
            proposed=False,
        ),
        at=now,
    )


async def test_a_webhook_gets_number_words_deadline_and_link_and_no_text_of_the_case(out: Outside) -> None:
    await out.open()
    await dispatched(out)

    assert await out.deliver() == 1

    (request,) = out.hook.got
    told = request.json
    assert told["specversion"] == "1.0"
    assert told["type"] == "chuishao.notice.dispatch"
    assert told["data"] == {
        "number": "NL-2026-000001",
        "title_zh": "有新的派单,请报到",
        "title_en": "A new assignment awaits your report-in",
        "due": told["data"]["due"],
        "link": f"{HOME}/cases/{CASE}",
    }
    assert datetime.fromisoformat(told["data"]["due"]) - NOW < timedelta(hours=24, minutes=5)
    for hidden in ("沟渠", "演示"):
        assert hidden not in request.body.decode()


async def test_the_receiver_can_check_the_signature_in_three_lines(out: Outside) -> None:
    _, secret = await out.open()
    await dispatched(out)
    await out.deliver()

    (request,) = out.hook.got
    signed = request.headers["chuishao-timestamp"].encode() + b"." + request.body
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()

    assert request.headers["chuishao-signature"] == f"v1={expected}"


async def test_what_the_document_tells_receivers_to_do_works(out: Outside) -> None:
    _, secret = await out.open()
    await dispatched(out)
    await out.deliver()
    (request,) = out.hook.got
    told = (Path(__file__).parents[3] / "docs/notices.md").read_text()
    names: dict[str, Any] = {}
    exec(told.split("```python\n")[1].split("```")[0], names)
    headers = {name: request.headers[name.lower()] for name in ("Chuishao-Timestamp", "Chuishao-Signature")}

    assert names["genuine"](headers, request.body, secret)
    assert not names["genuine"](headers, request.body + b" ", secret)
    assert not names["genuine"](headers, request.body, "another")


async def test_a_notice_leaves_once_however_often_it_is_queued(out: Outside) -> None:
    channel, _ = await out.open()
    await dispatched(out)

    await asyncio.gather(*(out.telling.deliveries.queue() for _ in range(4)))
    await out.deliver()
    await out.deliver()

    assert len(out.hook.got) == 1
    (row,) = await out.log(channel)
    assert (row["state"], row["attempts"], row["result"]) == ("DELIVERED", 1, "ok")


async def test_a_view_that_is_built_anew_sends_nothing(out: Outside) -> None:
    await out.open()
    await dispatched(out)
    await out.deliver()
    told_at = (await out.rows("SELECT max(at) FROM gateway_cases_a.notices"))[0][0]

    async with out.board.engine.begin() as connection:
        for table in ("notices", "cases", "issues", "assignments", "clocks", "entries", "case_keys", "words"):
            await connection.execute(text(f"TRUNCATE gateway_cases_a.{table}"))
    out.board.seqs.clear()
    await dispatched(out, at=told_at)

    assert await out.deliver() == 0
    assert len(out.hook.got) == 1


async def test_nor_does_it_when_the_log_of_deliveries_was_emptied_meanwhile(out: Outside) -> None:
    await out.open()
    await dispatched(out)
    await out.deliver()

    await out.later(days=91)
    async with out.board.engine.begin() as connection:
        await connection.execute(text("TRUNCATE delivery"))

    assert await out.deliver() == 0
    assert len(out.hook.got) == 1


async def test_old_lines_of_the_log_are_forgotten_and_open_ones_kept(out: Outside) -> None:
    channel, _ = await out.open()
    await dispatched(out)
    await out.deliver()
    await out.later(days=91)

    stop = asyncio.Event()
    running = asyncio.create_task(out.telling.deliveries.run(stop))

    async def gone() -> bool:
        return not await out.log(channel)

    await eventually(gone)
    stop.set()
    await running


async def test_what_was_told_before_the_channel_was_proved_stays_inside(out: Outside) -> None:
    await dispatched(out)
    await out.later(minutes=1)
    await out.open()

    assert await out.deliver() == 0


async def test_a_failing_receiver_is_tried_again_with_growing_pauses_and_given_up(out: Outside) -> None:
    channel, _ = await out.open()
    await dispatched(out)
    out.hook.status = 503

    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert await out.deliver() == 1
        assert await out.deliver() == 0
        await out.later(seconds=pause_before(attempt, 0.0) + 1)

    assert len(out.hook.got) == MOST_ATTEMPTS
    assert len({each.headers["idempotency-key"] for each in out.hook.got}) == 1
    (row,) = await out.log(channel)
    assert (row["state"], row["result"]) == ("FAILED", "http-503")


def test_pauses_double_up_to_an_hour_and_are_spread() -> None:
    assert [pause_before(attempt, 0.0) for attempt in (1, 2, 3, 8, 20)] == [30, 60, 120, 3600, 3600]
    assert pause_before(1, 0.999) < 16


async def test_what_was_given_up_is_sent_again_by_hand(out: Outside) -> None:
    channel, _ = await out.open()
    await dispatched(out)
    out.hook.status = 404
    await out.deliver()
    (row,) = await out.log(channel)
    assert (row["state"], row["attempts"], row["result"]) == ("FAILED", 1, "http-404")

    out.hook.status = 200
    await out.board.ask(
        f'mutation {{ resendDelivery(deliveryId: "{row["deliveryId"]}") {{ channel {{ name }} }} }}',
        WATER_LEADER,
    )
    await out.deliver()

    (row,) = await out.log(channel)
    assert (row["state"], row["resentBy"]) == ("DELIVERED", WATER_LEADER.subject)


async def test_what_waits_is_not_resent(out: Outside) -> None:
    channel, _ = await out.open()
    await dispatched(out)
    await out.telling.deliveries.queue()
    (row,) = await out.log(channel)

    refusal = await out.board.refusal(
        f'mutation {{ resendDelivery(deliveryId: "{row["deliveryId"]}") {{ channel {{ name }} }} }}',
        WATER_LEADER,
    )

    assert refusal["code"] == "delivery-not-resendable"


async def test_two_workers_never_send_one_delivery_at_the_same_time(out: Outside) -> None:
    await out.open()
    await dispatched(out)
    await out.telling.deliveries.queue()
    out.hook.hold = asyncio.Event()

    first = asyncio.create_task(out.telling.deliveries.deliver_one())
    await eventually(lambda: len(out.hook.got) == 1)
    others = await asyncio.gather(*(out.telling.deliveries.deliver_one() for _ in range(4)))
    out.hook.hold.set()

    assert await first
    assert others == [False] * 4
    assert len(out.hook.got) == 1


async def test_a_worker_that_died_leaves_its_delivery_to_the_next(out: Outside) -> None:
    channel, _ = await out.open()
    await dispatched(out)
    await out.telling.deliveries.queue()
    out.hook.hold = asyncio.Event()
    dying = asyncio.create_task(out.telling.deliveries.deliver_one())
    await eventually(lambda: len(out.hook.got) == 1)
    dying.cancel()
    await asyncio.wait({dying})
    out.hook.hold.set()

    assert await out.deliver() == 0
    await out.later(seconds=LEASE.total_seconds() + 1)
    assert await out.deliver() == 1

    assert len({each.headers["idempotency-key"] for each in out.hook.got}) == 1
    (row,) = await out.log(channel)
    assert (row["state"], row["attempts"]) == ("DELIVERED", 2)


async def test_a_notice_of_a_case_the_unit_no_longer_sees_is_not_sent(out: Outside) -> None:
    channel, _ = await out.open()
    await dispatched(out)
    await out.telling.deliveries.queue()
    async with out.board.engine.begin() as connection:
        await connection.execute(
            text("UPDATE gateway_cases_a.assignments SET state = 'returned' WHERE unit = :unit"),
            {"unit": WATER},
        )

    await out.deliver()

    assert out.hook.got == []
    (row,) = await out.log(channel)
    assert (row["state"], row["result"]) == ("DROPPED", "not-seen-any-more")


async def test_a_reminder_of_a_clock_that_has_stopped_is_not_sent(out: Outside) -> None:
    channel, _ = await out.open()
    await dispatched(out)
    await out.deliver()
    await reminded(out)
    out.quiet.until = await out.now() + timedelta(hours=2)
    await out.later(hours=3)
    async with out.board.engine.begin() as connection:
        await connection.execute(text("UPDATE gateway_cases_a.clocks SET state = 'stopped'"))

    await out.deliver()

    assert (await out.log(channel))[0]["result"] == "not-due-any-more"


async def test_in_quiet_hours_only_what_is_urgent_reaches_the_duty_desk(out: Outside) -> None:
    await out.at(datetime(2026, 5, 8, 14, 0, tzinfo=UTC))
    desk, _ = await out.open(dutyDesk=True)
    other, _ = await out.open(name="群")
    out.quiet.until = datetime(2026, 5, 9, 0, 30, tzinfo=UTC)
    await dispatched(out)
    await ladder(out)

    assert await out.deliver() == 1
    assert {row["kind"]: row["state"] for row in await out.log(desk)} == {
        "dispatch": "DELIVERED",
        "ladder": "WAITING",
    }
    assert {row["state"] for row in await out.log(other)} == {"WAITING"}

    await out.at(datetime(2026, 5, 9, 0, 29, tzinfo=UTC))
    assert await out.deliver() == 0
    await out.at(datetime(2026, 5, 9, 0, 31, tzinfo=UTC))
    assert await out.deliver() == 3


async def test_without_a_channel_of_the_duty_desk_the_units_own_stand_in(out: Outside) -> None:
    await out.open()
    out.quiet.until = NOW + timedelta(hours=9)
    await dispatched(out)

    assert await out.deliver() == 1


async def test_what_is_not_urgent_waits_while_nobody_knows_the_hours(out: Outside) -> None:
    await out.open()
    await dispatched(out)
    await ladder(out)
    out.quiet.away = True

    assert await out.deliver() == 1
    out.quiet.away = False
    assert await out.deliver() == 1


async def test_a_paused_channel_gets_nothing_and_nothing_afterwards(out: Outside) -> None:
    channel, _ = await out.open()
    await dispatched(out)
    await out.telling.deliveries.queue()
    await out.board.ask(f'mutation {{ pauseChannel(channelId: "{channel}") {{ result }} }}', WATER_LEADER)
    await reminded(out)
    assert await out.deliver() == 0
    await out.later(seconds=5)
    await out.board.ask(f'mutation {{ resumeChannel(channelId: "{channel}") {{ result }} }}', WATER_LEADER)

    assert await out.deliver() == 0
    assert [row["state"] for row in await out.log(channel)] == ["DROPPED"]


async def test_a_robot_that_has_too_much_is_left_alone_for_a_while(out: Outside) -> None:
    channel, _ = await out.open(kind="WECOM")
    await dispatched(out)
    out.hook.answer = b'{"errcode":45009,"errmsg":"api freq out of limit"}'

    assert await out.deliver() == 1
    await reminded(out)
    await out.later(seconds=40)
    assert await out.deliver() == 0, "the channel rests"
    await out.later(seconds=25)
    out.hook.answer = b'{"errcode":0}'
    assert await out.deliver() == 2
    assert {row["state"] for row in await out.log(channel)} == {"DELIVERED"}


async def test_a_robot_gets_twenty_messages_a_minute(out: Outside) -> None:
    await out.open(kind="DINGTALK", secret="SECxyz")
    await out.later(minutes=2)
    await dispatched(out)
    async with out.board.engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO gateway_cases_a.notices (notice_id, unit, case_id, kind, params, at)"
                " SELECT 'n' || n, unit, case_id, kind, params, at FROM gateway_cases_a.notices,"
                " generate_series(1, 24) AS n WHERE unit = :unit"
            ),
            {"unit": WATER},
        )

    assert await out.deliver() == 20
    await out.later(seconds=61)
    assert await out.deliver() == 5


async def test_a_robot_that_refuses_for_good_is_not_asked_again(out: Outside) -> None:
    channel, _ = await out.open(kind="DINGTALK", secret="SECxyz")
    await dispatched(out)
    out.hook.answer = b'{"errcode":310000,"errmsg":"sign not match"}'

    await out.deliver()

    (row,) = await out.log(channel)
    assert (row["state"], row["attempts"], row["result"]) == ("FAILED", 1, "errcode-310000")


async def test_redirects_are_not_followed(out: Outside) -> None:
    channel, _ = await out.open()
    await dispatched(out)
    out.hook.status, out.hook.extra = 302, f"Location: {out.hook.url('/elsewhere')}\r\n"

    await out.deliver()

    assert [each.target for each in out.hook.got] == ["/hook"]
    assert (await out.log(channel))[0]["result"] == "http-302"


async def test_mail_is_plain_text_in_both_languages(out: Outside) -> None:
    channel, _ = await out.open(kind="EMAIL", address="zhiban@nanle.test")
    await dispatched(out)

    await out.deliver()

    (mail,) = out.post.mails
    assert mail["To"] == "zhiban@nanle.test"
    assert mail["Subject"] == "吹哨报到: 有新的派单,请报到 NL-2026-000001"
    assert mail.get_content_type() == "text/plain"
    assert f"{HOME}/cases/{CASE}" in mail.get_content()
    assert "A new assignment" in mail.get_content()
    (row,) = await out.log(channel)
    assert mail["Message-ID"] == f"<{row['deliveryId']}@nanle.test>"


@pytest.mark.parametrize(("said", "state"), [("451 later", "WAITING"), ("550 no such user", "FAILED")])
async def test_a_mail_server_is_understood(out: Outside, said: str, state: str) -> None:
    channel, _ = await out.open(kind="EMAIL", address="zhiban@nanle.test")
    await dispatched(out)
    out.post.refuse = said

    await out.deliver()

    (row,) = await out.log(channel)
    assert (row["state"], row["result"]) == (state, f"smtp-{said[:3]}")


async def test_the_administrator_sees_the_log_without_cases(out: Outside) -> None:
    channel, _ = await out.open()
    await dispatched(out)
    await out.deliver()

    assert [row["caseId"] for row in await out.log(channel)] == [CASE]
    assert [row["caseId"] for row in await out.log(channel, ADMINISTRATOR)] == [None]


LOG = """query($channel: ID!, $state: DeliveryState, $first: Int!, $after: String) {
  deliveries(channel: $channel, state: $state, first: $first, after: $after) { cursor deliveryId state } }"""


async def logged(out: Outside, channel: str, size: int, **asked: Any) -> list[str]:
    """The whole log of a channel, so many at a time."""
    found: list[str] = []
    after: str | None = None
    while page := (
        await out.board.ask(LOG, WATER_LEADER, {"channel": channel, "first": size, "after": after, **asked})
    )["deliveries"]:
        found += [each["deliveryId"] for each in page]
        after = page[-1]["cursor"]
    return found


async def test_pages_of_any_size_make_up_the_log(out: Outside) -> None:
    channel, _ = await out.open()
    async with out.board.engine.begin() as connection:
        # Two of each moment: the ids tell them apart.
        await connection.execute(
            text(
                "INSERT INTO delivery (id, channel_id, notice_id, case_id, kind, params, noticed_at, state,"
                " queued_at) SELECT gen_random_uuid(), CAST(:channel AS uuid), n::text, 'case', 'reminder',"
                " '{}', chuishao_now(), CASE WHEN n % 3 = 0 THEN 'failed' ELSE 'delivered' END,"
                " chuishao_now() + n / 2 * interval '1 second' FROM generate_series(1, 110) n"
            ),
            {"channel": channel},
        )
    rows = await out.rows("SELECT id FROM delivery ORDER BY queued_at DESC, id")
    whole = [str(each.id) for each in rows]

    assert [await logged(out, channel, size) for size in (7, 100)] == [whole] * 2
    failed = await out.rows("SELECT id FROM delivery WHERE state = 'failed' ORDER BY queued_at DESC, id")
    assert await logged(out, channel, 5, state="FAILED") == [str(each.id) for each in failed]


@pytest.mark.parametrize(
    "after",
    ["", "水", "WyIyMDI2LTA1LTA4VDAyOjAwOjAwKzAwOjAwIiwgIngiXQ==", "WyIyMDI2LTA1LTA4VDAyOjAwOjAwIl0="],
)
async def test_a_place_of_no_log_is_refused(out: Outside, after: str) -> None:
    channel, _ = await out.open()

    refused = await out.board.refusal(LOG, WATER_LEADER, {"channel": channel, "first": 5, "after": after})

    assert refused["code"] == "bad-cursor"
