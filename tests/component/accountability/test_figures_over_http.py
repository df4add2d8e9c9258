"""Figures over HTTP: in three forms, permitted by role, commands once per key."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import openpyxl
import pytest

from accountability.application.figure_terms import FigureTermsRecord
from accountability.entrypoints import figures_http
from accountability.entrypoints.figure_operations import figure_operations_router
from accountability.entrypoints.figure_terms_http import figure_terms_router
from accountability.entrypoints.figures_http import SERVICE, XLSX, figures_router
from backbone.identity import Actor
from backbone.web import OPEN_PATHS, route_accesses, service_app
from contracts.catalogue import sentence
from tests.backbone.edge import SECRET, Identities, client_of
from tests.component.accountability.county import YUANCUN
from tests.component.accountability.figure_office import (
    COUNTY_LEADER,
    OFFICE,
    POWER_LEADER,
    SUPERVISOR,
    WATER,
    WATER_LEADER,
    FigureOffice,
    opened,
)
from tests.component.accountability.test_when_figures_are_asked import HOUR, MONDAY, reported, sent
from tests.component.accountability.test_when_figures_are_frozen import AFTER

AUDITOR = Actor("auditor-1", "演示·审", "auditor", OFFICE)
ADMINISTRATOR = Actor("administrator-1", "演示·管", "administrator", OFFICE)
CLERK = Actor("clerk-1", "演示·办", "township_clerk", YUANCUN)
LIAISON = Actor("liaison-1", "演示·联", "department_liaison", WATER)
MAY = "/figures/periods/2026-05"
TERMS: dict[str, Any] = {
    "source": {"title": "南乐县吹哨报到考核办法"},
    "effective_from": "2026-05-01",
    "score": {},
}


class Asking:
    """People at the edge of accountability."""

    def __init__(self, client: httpx.AsyncClient, identities: Identities, office: FigureOffice) -> None:
        self._client, self._identities, self.office = client, identities, office

    async def get(self, path: str, actor: Actor = SUPERVISOR, /, **query: str) -> httpx.Response:
        """A question."""
        return await self._client.get(path, params=query, headers=self._identities.bearer(actor))

    async def table(self, actor: Actor = SUPERVISOR, **query: str) -> dict[str, Any]:
        """The figures of May."""
        answer = await self.get("/figures", actor, **{"period": "2026-05", **query})
        assert answer.status_code == 200, answer.text
        table: dict[str, Any] = answer.json()
        return table

    async def lines(self, path: str, actor: Actor = SUPERVISOR, /, **query: str) -> list[dict[str, str]]:
        """The rows of a table as CSV, which are those of its workbook."""
        text = await self.get(f"{path}.csv", actor, **query)
        assert text.status_code == 200, text.text
        head, *rows = csv.reader(io.StringIO(text.content.decode("utf-8-sig"), newline=""))
        book = await self.get(f"{path}.xlsx", actor, **query)
        sheet = openpyxl.load_workbook(io.BytesIO(book.content)).worksheets[0]
        same = [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
        assert same == [head, *rows]
        return [dict(zip(head, row, strict=True)) for row in rows]

    async def post(
        self, path: str, body: object = None, actor: Actor = SUPERVISOR, key: str | None = None
    ) -> httpx.Response:
        """A command."""
        headers = {**self._identities.bearer(actor), "Idempotency-Key": key or str(uuid4())}
        return await self._client.post(path, json=body or {}, headers=headers)

    async def done(self, path: str, body: object = None, actor: Actor = SUPERVISOR) -> None:
        """A command that is taken."""
        answer = await self.post(path, body, actor)
        assert answer.status_code == 200, answer.text
        await self.office.rows_written()


@pytest.fixture
async def asking(fresh_database: str, tmp_path: Path) -> AsyncIterator[Asking]:
    """May is over: six whistles went to water, which reported in to five of them."""
    identities = Identities(tmp_path)
    async with opened(fresh_database) as office:
        facts = [told for n in range(6) for told in sent(n, MONDAY)]
        await office.hear(*facts, *(reported(n, MONDAY + HOUR) for n in range(5)), until=AFTER)
        app = service_app(
            SERVICE,
            store=office.store,
            verifier=identities.verifier(),
            sentence=sentence,
            secret=SECRET,
            routers=[
                figure_terms_router(FigureTermsRecord(office.store, office.figures)),
                figures_router(office.figures, office.freezing),
                figure_operations_router(office.projector),
            ],
        )
        accesses = route_accesses(app)
        assert {each.path for each in accesses if not each.authenticated} == OPEN_PATHS
        async with client_of(app) as client:
            yield Asking(client, identities, office)


async def test_tells_every_figure_with_its_counts_and_the_moment(asking: Asking) -> None:
    table = await asking.table(kind="public_appeal")

    assert table["period"]["begin"] == "2026-04-30T16:00:00Z"
    assert table["moment"]["complete"] is True
    [rate] = [row for row in table["rows"] if (row["figure"], row["unit"]) == ("report-in", WATER)]
    assert (rate["numerator"], rate["denominator"], rate["value"]) == (5, 6, 0.833333)
    assert (rate["tier"], rate["unit_name"], rate["kind"]) == ("busy", "WATER-RESOURCES", "public_appeal")
    again = await asking.table(kind="public_appeal", as_of=table["moment"]["as_of"])
    assert again == table


async def test_gives_the_same_as_csv_workbook_and_bulletin(asking: Asking) -> None:
    text = await asking.get("/figures.csv", period="2026-05")
    rows = list(csv.DictReader(io.StringIO(text.content.decode("utf-8-sig"))))
    ours = {"指标": "报到率", "单位": "WATER-RESOURCES", "类别": "全部"}
    [rate] = [row for row in rows if ours.items() <= row.items()]
    assert (rate["分子"], rate["分母"], rate["数值"]) == ("5", "6", "0.833333")

    book = await asking.get("/figures.xlsx", period="2026-05")
    assert book.headers["content-type"] == XLSX
    assert openpyxl.load_workbook(io.BytesIO(book.content)).sheetnames == ["汇总", "明细"]

    bulletin = await asking.get("/figures/bulletin.xlsx", period="2026-05", periods="3")
    assert "一张表格看变化" in openpyxl.load_workbook(io.BytesIO(bulletin.content)).sheetnames


async def test_shows_units_their_own_and_the_office_everything(asking: Asking) -> None:
    for actor in (SUPERVISOR, COUNTY_LEADER, AUDITOR):
        assert any(row["tier"] is None for row in (await asking.table(actor))["rows"])
    for actor in (WATER_LEADER, LIAISON):
        places = {(row["tier"], row["unit"]) for row in (await asking.table(actor))["rows"]}
        assert places == {("busy", None), ("busy", WATER)}
    assert (await asking.table(POWER_LEADER))["rows"] == []
    refused = await asking.get("/figures", CLERK, period="2026-05")
    assert (refused.status_code, refused.json()["code"]) == (403, "not-permitted")


async def test_refuses_what_is_no_period_in_chinese(asking: Asking) -> None:
    for query, code in (
        ({"period": "2026-13"}, "period-unreadable"),
        ({"period": "2026-05", "boundary": "09:00"}, "boundary-unknown"),
        ({"period": "2026-05", "as_of": "2030-01-01T00:00:00Z"}, "as-of-in-the-future"),
        ({"period": "2026-05", "as_of": "2026-05-20T00:00:00"}, "invalid-request"),
    ):
        answer = await asking.get("/figures", SUPERVISOR, **query)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert "{" not in answer.json()["title"]


async def test_lists_what_was_counted_page_by_page(asking: Asking) -> None:
    query = {"period": "2026-05", "measure": "C1", "limit": "4"}
    first = (await asking.get("/figures/items", SUPERVISOR, **query)).json()
    rest = (await asking.get("/figures/items", SUPERVISOR, **query, after=first["next"])).json()

    items = [*first["items"], *rest["items"]]
    assert ([len(first["items"]), len(rest["items"])], rest["next"]) == ([4, 2], None)
    assert sorted(each["outcome"] or "silent" for each in items) == ["on_time"] * 5 + ["silent"]
    assert (await asking.get("/figures/items", POWER_LEADER, **query)).json()["items"] == []


async def test_gives_all_that_was_counted_as_csv_and_workbook(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures_http, "LARGEST_PAGE", 4)
    query = {"period": "2026-05", "measure": "C1"}

    rows = await asking.lines("/figures/items", **query)

    assert sorted((row["结果"], row["超期"]) for row in rows) == [("", "是")] + [("按时", "否")] * 5
    told = {(row["计算什么"], row["单位"], row["类别"], row["期限或时间"]) for row in rows}
    assert told == {("报到时限", "WATER-RESOURCES", "群众诉求", rows[0]["期限或时间"])}
    items = (await asking.get("/figures/items", SUPERVISOR, **query)).json()["items"]
    assert [row["事项标识"] for row in rows] == [each["item"] for each in items]
    assert await asking.lines("/figures/items", POWER_LEADER, **query) == []
    assert await asking.lines("/figures/items", WATER_LEADER, **query, unit="power-supply") == []
    assert (await asking.get("/figures/items.csv", CLERK, **query)).status_code == 403


async def test_gives_what_changed_since_freezing_as_csv_and_workbook(asking: Asking) -> None:
    await asking.done(f"{MAY}/freeze")
    assert await asking.lines("/figures/changes", period="2026-05") == []
    items = (await asking.get("/figures/items", period="2026-05", measure="C1")).json()["items"]
    [silent] = [each["item"] for each in items if each["breached"]]
    await asking.done("/figures/appeals", {"item": silent, "reason": "当日全县停电"}, WATER_LEADER)
    decided = {"item": silent, "accepted": True, "reason": "属实"}
    await asking.done("/figures/appeals/decide", decided)

    rows = await asking.lines("/figures/changes", period="2026-05")

    ours = {"指标": "报到率", "单位": "WATER-RESOURCES", "类别": "全部"}
    [rate] = [row for row in rows if ours.items() <= row.items()]
    assert (rate["分母"], rate["→ 分母"], rate["→ 数值"]) == ("6", "5", "1")
    assert len(rows) == len((await asking.table())["changes"])
    assert await asking.lines("/figures/changes", POWER_LEADER, period="2026-05") == []
    assert (await asking.get("/figures/changes.csv", CLERK, period="2026-05")).status_code == 403


async def test_freezes_once_and_restates_with_a_second_person(asking: Asking) -> None:
    key = str(uuid4())
    taken = [await asking.post(f"{MAY}/freeze", key=key) for _ in range(2)]
    assert taken[0].json() == taken[1].json()
    items = (await asking.get("/figures/items", period="2026-05", measure="C1")).json()["items"]
    [silent] = [each["item"] for each in items if each["breached"]]
    await asking.done("/figures/appeals", {"item": silent, "reason": "当日全县停电"}, WATER_LEADER)
    await asking.done(
        "/figures/appeals/decide", {"item": silent, "accepted": True, "reason": "属实"}, SUPERVISOR
    )
    assert len((await asking.table())["changes"]) > 0

    await asking.done(f"{MAY}/restatements", {"reason": "采纳申诉"})
    waiting = (await asking.get(MAY)).json()["waiting"]
    assert waiting["number"] == 1
    own = await asking.post(f"{MAY}/restatements/1/approve")
    assert (own.status_code, own.json()["code"]) == (422, "second-person-needed")
    await asking.done(f"{MAY}/restatements/1/approve", actor=COUNTY_LEADER)

    table = await asking.table()
    assert (table["frozen"]["number"], table["changes"]) == (1, [])
    assert [each["number"] for each in (await asking.get(MAY)).json()["versions"]] == [0, 1]
    declined = await asking.post(f"{MAY}/restatements/1/decline", {"reason": "不妥"}, COUNTY_LEADER)
    assert declined.json()["code"] == "restatement-approved"


async def test_has_a_score_only_when_a_document_was_approved(asking: Asking) -> None:
    assert (await asking.table())["score"] is False
    before = (await asking.table())["moment"]["as_of"]

    for path in ("/figures/terms", "/figures/terms/1/approve"):
        refused = await asking.post(path, TERMS if path.endswith("terms") else {}, SUPERVISOR)
        assert refused.json()["code"] == "not-permitted"
    await asking.done("/figures/terms", TERMS, ADMINISTRATOR)
    own = await asking.post("/figures/terms/1/approve", actor=ADMINISTRATOR)
    assert own.json()["code"] == "second-person-needed"
    second = Actor("administrator-2", "演示·钱", "administrator", OFFICE)
    await asking.done("/figures/terms/1/approve", actor=second)

    table = await asking.table()
    assert (table["score"], table["terms"]) == (True, "南乐县吹哨报到考核办法")
    assert (await asking.table(as_of=before))["score"] is False
    unbalanced = {**TERMS, "score": {"report_in": "0.9"}}
    assert (await asking.post("/figures/terms", unbalanced, ADMINISTRATOR)).json()[
        "code"
    ] == "weights-do-not-sum-to-one"


async def test_shows_the_terms_and_tries_others_before_they_hold(asking: Asking) -> None:
    [default] = (await asking.get("/figures/terms", LIAISON)).json()
    assert (default["number"], default["in_force"], default["few"], default["score"]) == (0, True, 5, None)

    few = {**TERMS, "few": 7}
    tried = (await asking.post("/figures/terms/dry-run?period=2026-05", few, SUPERVISOR)).json()
    place = ("report-in", WATER, None)
    [reported_in] = [
        each for each in tried["changes"] if (each["figure"], each["unit"], each["kind"]) == place
    ]
    assert (reported_in["was"]["too_few"], reported_in["now"]["too_few"]) == (False, True)
    assert len((await asking.get("/figures/terms")).json()) == 1, "nothing is stored"
    refused = await asking.post("/figures/terms/dry-run?period=2026-05", few, LIAISON)
    assert refused.json()["code"] == "not-permitted"

    await asking.done("/figures/terms", few, ADMINISTRATOR)
    _, proposed = (await asking.get("/figures/terms", AUDITOR)).json()
    assert (proposed["state"], proposed["few"], proposed["in_force"]) == ("proposed", 7, False)
    assert proposed["proposed_by"] == ADMINISTRATOR.subject
    _, unnamed = (await asking.get("/figures/terms", LIAISON)).json()
    assert unnamed["proposed_by"] is None


COMMANDS: list[tuple[str, object]] = [
    (f"{MAY}/freeze", {}),
    (f"{MAY}/restatements", {"reason": "x"}),
    (f"{MAY}/restatements/1/approve", {}),
    (f"{MAY}/restatements/1/decline", {"reason": "x"}),
    ("/figures/appeals", {"item": "x", "reason": "x"}),
    ("/figures/appeals/decide", {"item": "x", "accepted": True, "reason": "x"}),
    ("/figures/terms", TERMS),
    ("/figures/terms/1/approve", {}),
    ("/projections/figures/rebuild", {}),
]


async def test_takes_no_command_from_who_may_not_give_it(asking: Asking) -> None:
    for path, body in COMMANDS:
        answer = await asking.post(path, body, LIAISON)
        assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted"), path


async def test_builds_the_rows_anew_beside_the_live_ones(asking: Asking) -> None:
    before = await asking.table()

    answer = await asking.post("/projections/figures/rebuild", actor=ADMINISTRATOR)

    assert (answer.status_code, answer.json()["held"]) == (200, 0)
    assert (await asking.table(as_of=before["moment"]["as_of"]))["rows"] == before["rows"]
    await asking.office.hear(until=AFTER + timedelta(hours=1))
    assert (await asking.table())["rows"] == before["rows"]
