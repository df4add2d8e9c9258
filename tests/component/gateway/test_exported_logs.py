"""Notices, channels, deliveries, views, people and the auditor's logs as files."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from backbone.identity import Actor
from gateway.adapters.identity_record import note
from gateway.entrypoints.exported import own
from gateway.projections.case_queries import LARGEST_PAGE
from tests.component.gateway.board import (
    ADMINISTRATOR,
    CASE,
    CLERK,
    DISPATCHER,
    LEADER,
    LIAISON,
    STRANGER,
    WATER,
    Board,
    ServicesInHand,
)
from tests.component.gateway.outside import WATER_LEADER, Outside, outside
from tests.component.gateway.test_case import started
from tests.component.gateway.test_deliveries import dispatched as dispatched_now
from tests.component.gateway.test_deliveries import reminded as reminded_now
from tests.component.gateway.test_events import published
from tests.component.gateway.test_exports import DANGEROUS, Printer, printer, printing
from tests.component.gateway.test_own_views import save
from tests.component.gateway.test_pages import reminded
from tests.component.gateway.test_people import AUDITOR, HEAD, Hall, hall
from tests.component.gateway.test_read_log import ONE, log

__all__ = ["hall", "printer"]


class Archive(ServicesInHand):
    """A service that has published more than a page."""

    HEAD = 2 * LARGEST_PAGE + 1

    async def read(self, service: str, path: str, *, token: str, params: Mapping[str, str]) -> Any:
        """A page of it."""
        self.asked.append((f"{service}{path}", dict(params)))
        after, limit = int(params["after"]), int(params["limit"])
        return [published(seq) for seq in range(after + 1, self.HEAD + 1)][:limit]


@pytest.fixture
async def out(board: Board) -> AsyncIterator[Outside]:
    async with outside(board) as made:
        yield made


async def test_notices_are_the_units_own_over_pages(dispatched: Board, printer: Printer) -> None:
    await dispatched.tell(started("C1"))
    await reminded(dispatched, range(LARGEST_PAGE + 2))

    rows = await printer.table(LIAISON, of="notices")

    asked = f"{{ notices(first: {LARGEST_PAGE}) {{ title }} }}"
    newest = [each["title"] for each in (await dispatched.ask(asked, LIAISON))["notices"]]
    assert [row["提醒内容"] for row in rows][:LARGEST_PAGE] == newest
    assert len({row["提醒标识"] for row in rows}) == len(rows) > LARGEST_PAGE
    assert {(row["编号"], row["案件标识"]) for row in rows} == {("NL-2026-000001", CASE)}
    assert await printer.table(STRANGER, of="notices") == []
    assert await log(dispatched) == []  # they lead to a case and say no word of it


async def test_the_read_log_is_the_auditors_with_its_filters(dispatched: Board, printer: Printer) -> None:
    for reader in (LIAISON, *[CLERK] * (LARGEST_PAGE + 1)):
        await dispatched.ask(ONE, reader)

    rows = await printer.table(AUDITOR, of="read-log")
    assert len(rows) == LARGEST_PAGE + 2
    assert (rows[-1]["账号"], rows[-1]["角色"], rows[-1]["方式"]) == (LIAISON.subject, "部门联络员", "单件")
    assert {row["案件标识"] for row in rows} == {CASE}
    for wanted in ({"subject": LIAISON.subject}, {"unit": WATER}):
        assert len(await printer.table(AUDITOR, of="read-log", **wanted)) == 1
    assert await printer.table(AUDITOR, of="read-log", case_id=str(uuid4())) == []
    assert await printer.table(AUDITOR, of="read-log", until="2020-01-01T00:00:00Z") == []
    assert (await printer.get("/exports/read-log.csv", DISPATCHER)).status_code == 403


async def test_events_go_on_over_pages(board: Board) -> None:
    archive = Archive()
    board.parts = replace(board.parts, services=archive)
    async with printing(board) as printer:
        rows = await printer.table(AUDITOR, of="events", service="intake", case_id=CASE)
        refused = await printer.get("/exports/events.csv", CLERK, service="intake")

    assert [int(row["序号"]) for row in rows] == list(range(1, Archive.HEAD + 1))
    assert (rows[0]["事件类型"], rows[0]["记录时间"]) == (
        "intake.whistle.whistle-raised.v1",
        "2026-03-02 12:00:00",
    )
    assert [asked["after"] for _, asked in archive.asked] == ["0", "100", "200"]
    assert {(path, asked["case"]) for path, asked in archive.asked} == {("intake/published", CASE)}
    assert refused.status_code == 403


async def test_who_was_let_in_is_for_administrator_and_auditor(board: Board, printer: Printer) -> None:
    async with board.engine.begin() as connection:
        for n in range(LARGEST_PAGE + 1):
            await note(connection, "signed-in", "=clerk", f"about-{n}")
        await note(connection, "machine-client-revoked", "administrator-1", "a client")

    rows = await printer.table(AUDITOR, of="identity-records")

    assert (rows[0]["行为"], rows[0]["对象"]) == ("收回机器密钥", "a client")
    assert (rows[1]["行为"], rows[1]["账号"]) == ("登录", "'=clerk")
    found = [row["对象"] for row in rows if row["账号"] == "'=clerk"]
    assert found == [f"about-{n}" for n in reversed(range(LARGEST_PAGE + 1))]
    assert (await printer.get("/exports/identity-records.csv", CLERK)).status_code == 403


async def test_channels_and_deliveries_are_for_whose_they_are(
    out: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own, "LARGEST_PAGE", 1)
    channel, _ = await out.open(name="+平台")
    await dispatched_now(out)
    await reminded_now(out)
    assert await out.deliver() == 2
    async with printing(out.board) as printer:
        (row,) = await printer.table(WATER_LEADER, of="channels")
        assert (row["名称"], row["渠道种类"], row["状态"]) == ("'+平台", "网络回调", "使用中")
        assert row["地址"] == "127.0.0.1"
        assert await printer.table(LEADER, of="channels") == []

        sent = await printer.table(WATER_LEADER, of="deliveries", channel=channel)
        assert {each["提醒内容"] for each in sent} == {"有新的派单,请报到", "… 即将到期"}
        assert {(each["状态"], each["案件标识"]) for each in sent} == {("已送达", CASE)}
        assert await printer.table(WATER_LEADER, of="deliveries", channel=channel, state="failed") == []
        told = await printer.table(ADMINISTRATOR, of="deliveries", channel=channel)
        assert [each["案件标识"] for each in told] == ["", ""]

        for whose, caller in ((channel, LEADER), (str(uuid4()), WATER_LEADER)):
            answer = await printer.get("/exports/deliveries.csv", caller, channel=whose)
            assert (answer.status_code, answer.json()["code"]) == (404, "unknown-channel")


async def test_saved_views_are_ones_own_in_words(out: Outside) -> None:
    await save(out, "=快到期", states=["HANDLING"], clockState="DUE_SOON", emergency=True, unit=WATER)
    ordered = (
        """mutation { saveView(name: "到期在前", filter: {}, orderBy: {by: DUE, direction: ASC}) { name } }"""
    )
    await out.board.ask(ordered, CLERK)
    async with printing(out.board) as printer:
        row, due_first = sorted(await printer.table(CLERK, of="saved-views"), key=lambda it: it["名称"])
        assert (due_first["排序"], due_first["升降"], due_first["应急"]) == ("最早到期的时限", "升序", "")
        told = {"名称": "'=快到期", "状态": "办理中", "时限筛选": "即将到期", "应急": "是"}
        told["单位"] = WATER  # which has no name yet
        assert told.items() <= row.items()
        assert await printer.table(LEADER, of="saved-views") == []


async def test_without_ways_out_it_says_so(board: Board, printer: Printer) -> None:
    for of in ("channels", "saved-views"):
        answer = await printer.get(f"/exports/{of}.csv", LEADER)
        assert (answer.status_code, answer.json()["code"]) == (503, "service-unavailable")


async def test_people_are_those_of_the_page(hall: Hall) -> None:
    await hall.enter(CLERK, LIAISON, HEAD, STRANGER)
    async with printing(hall.board) as printer:
        everybody = await printer.table(ADMINISTRATOR, of="people")
        own_ones = await printer.table(LIAISON, of="people")
        named = await printer.table(ADMINISTRATOR, of="people", text="演示·褚")
        liaisons = await printer.table(ADMINISTRATOR, of="people", role="department_liaison", unit=WATER)

    assert [row["账号"] for row in everybody] == await hall.subjects()
    assert {row["账号"]: bool(row["首次登录"]) for row in own_ones} == {
        LIAISON.subject: True,
        HEAD.subject: False,
    }
    assert [(row["账号"], row["角色"]) for row in named] == [(HEAD.subject, "部门领导")]
    assert [row["姓名"] for row in liaisons] == ["演示·赵"]


@pytest.mark.parametrize("name", [each for each in DANGEROUS if each.isprintable()])
async def test_no_name_of_a_person_becomes_a_formula(hall: Hall, name: str) -> None:
    await hall.enter(Actor("someone", name, "township_clerk", CLERK.unit))
    async with printing(hall.board) as printer:
        rows = await printer.table(ADMINISTRATOR, of="people")
        _, *cells = await printer.sheet(ADMINISTRATOR, of="people")

    assert f"'{name}" in [row["姓名"] for row in rows]
    assert f"'{name}" in [row[1] for row in cells]
