"""Units, enterprises, the responsibility list, rules and calendar as files, with the filters of the page."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from backbone.identity import Actor
from gateway.application.commands import CommandRefused
from gateway.projections import enterprises
from tests.component.gateway.board import (
    CLERK,
    DISPATCHER,
    EDITOR,
    LIAISON,
    OTHER_CLERK,
    STRANGER,
    TRANSPORT,
    WATER,
    ZHANGGUOTUN,
    Board,
    ServicesInHand,
)
from tests.component.gateway.test_case_rules import DEFAULT, PROPOSED
from tests.component.gateway.test_directory import TOWN
from tests.component.gateway.test_enterprises import FARM, MILL, RESIDENT, registered, served
from tests.component.gateway.test_exports import DANGEROUS, Printer, printing
from tests.component.gateway.test_policies import FIRST, HERE, SECOND
from tests.component.gateway.test_responsibility_list import CLEANING, DAM, DITCH, version
from tests.component.gateway.test_working_calendar import TOLD

PATHS: dict[str, Any] = {
    "/policies": [FIRST, SECOND, HERE],
    "/case-rules": [DEFAULT, PROPOSED],
    "/calendar": TOLD,
    "/responsibility-list/search": {"version": 1, "codes": ["XZ-01", "SL-01"]},
    "/responsibility-list/diff": {
        "added": [{"code": "SL-02", "title": "水库加固"}],
        "removed": [{"code": "XZ-01", "title": "=1+1"}],
        "changed": [
            {
                "code": "SL-01",
                "title": "沟渠清障",
                "fields": [
                    {"field": "lead", "old": "township", "new": WATER},
                    {"field": "devolved", "old": False, "new": True},
                    {"field": "assists", "old": [], "new": [TRANSPORT, WATER]},
                    {"field": "keywords", "old": ["沟"], "new": ["沟", "渠"]},
                ],
            }
        ],
        "unchanged": 3,
    },
}


class Offices(ServicesInHand):
    """The services that keep lists and rules."""

    async def read(self, service: str, path: str, *, token: str, params: Mapping[str, str]) -> Any:
        """Answer with what is kept."""
        assert token == "token", "the caller's own"
        self.asked.append((path, dict(params)))
        if self.refusal is not None:
            raise self.refusal
        return PATHS[path]


@pytest.fixture
def offices(board: Board) -> Offices:
    """The board asks them."""
    made = Offices()
    board.parts = replace(board.parts, services=made)
    return made


@pytest.fixture
async def printer(board: Board, offices: Offices) -> AsyncIterator[Printer]:
    """The files of a county with a town, two firms and a list."""
    await board.tell(TOWN, registered(MILL, 1, "面粉厂"), registered(FARM, 2, "=养殖场", ZHANGGUOTUN))
    await board.tell(await served(board, WATER), version(1, "2020-01-01", DITCH, DAM, CLEANING))
    async with printing(board) as made:
        yield made


async def test_a_unit_stands_with_its_class_and_villages(printer: Printer) -> None:
    (row,) = await printer.table(RESIDENT, of="units")

    told = {"单位代码": "410923102", "简称": "元村镇", "单位类别": "镇街", "村(社区)名单": "元村集村委会"}
    assert (told | {"分组": "乡镇", "属县管": "是", "撤并日期": ""}).items() <= row.items()


@pytest.mark.parametrize(
    ("caller", "names"),
    [
        (CLERK, ["面粉厂"]),
        (OTHER_CLERK, ["'=养殖场"]),
        (LIAISON, ["面粉厂"]),
        (STRANGER, []),
        (DISPATCHER, ["面粉厂", "'=养殖场"]),
    ],
    ids=lambda value: value.subject if isinstance(value, Actor) else "",
)
async def test_enterprises_are_those_of_the_page(printer: Printer, caller: Actor, names: list[str]) -> None:
    assert [row["名称"] for row in await printer.table(caller, of="enterprises")] == names
    assert [row[2] for row in await printer.sheet(caller, of="enterprises")][1:] == names


async def test_enterprises_obey_the_filter(printer: Printer) -> None:
    (mill,) = await printer.table(of="enterprises", text="面粉")
    assert (mill["首席服务员"], mill["服务员单位"], mill["镇街"]) == ("张三丰", WATER, "元村镇")
    (farm,) = await printer.table(of="enterprises", township=ZHANGGUOTUN)
    assert farm["编号"] == "NL-QY-2026-000002"
    refused = await printer.get("/exports/enterprises.csv", RESIDENT)
    assert refused.status_code == 403


async def test_enterprises_go_on_over_pages(printer: Printer, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (enterprises, __import__("gateway.entrypoints.exported.directory", fromlist=["MOST"])):
        monkeypatch.setattr(module, "MOST", 1)

    assert [row["编号"] for row in await printer.table(of="enterprises")] == [
        "NL-QY-2026-000001",
        "NL-QY-2026-000002",
    ]


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        ({}, ["SL-01", "SL-02", "XZ-01"]),
        ({"kind": "supporting"}, ["SL-01"]),
        ({"unit": TRANSPORT}, ["SL-01"]),
        ({"as_of": "2019-12-31"}, []),
        ({"search": "保洁"}, ["XZ-01", "SL-01"]),
        ({"search": "保洁", "kind": "primary", "as_of": "2026-01-01"}, ["XZ-01"]),
    ],
)
async def test_items_are_those_of_the_query(
    printer: Printer, wanted: dict[str, str], codes: list[str]
) -> None:
    rows = await printer.table(of="responsibility-items", **wanted)

    assert [row["事项编号"] for row in rows] == codes


async def test_an_item_stands_in_words(printer: Printer) -> None:
    ditch, _, cleaning = await printer.table(RESIDENT, of="responsibility-list")

    told = {"版本": "1", "施行日期": "2020-01-01", "事项类别": "配合履职", "层级": "县", "主办单位": WATER}
    assert (
        told | {"协办单位": TRANSPORT, "依法下放": "是", "一并下放": "人员、经费"}
    ).items() <= ditch.items()
    assert (cleaning["主办单位"], cleaning["事项类别"]) == ("属地镇街", "基本履职")
    assert await printer.table(of="responsibility-list", version=9) == []


async def test_a_search_is_asked_of_the_service_as_the_query_asks_it(
    printer: Printer, offices: Offices
) -> None:
    await printer.table(of="responsibility-items", search="保洁", as_of="2026-01-01")

    assert offices.asked == [("/responsibility-list/search", {"text": "保洁", "as_of": "2026-01-01"})]


async def test_changes_between_versions_are_a_line_each(printer: Printer, offices: Offices) -> None:
    rows = [
        list(row.values()) for row in await printer.table(of="responsibility-list-diff", **{"from": 1}, to=2)
    ]

    assert rows == [
        ["新增", "SL-02", "水库加固", "", "", ""],
        ["删去", "XZ-01", "'=1+1", "", "", ""],
        ["改动", "SL-01", "沟渠清障", "主办单位", "属地镇街", WATER],
        ["改动", "SL-01", "沟渠清障", "依法下放", "否", "是"],
        ["改动", "SL-01", "沟渠清障", "协办单位", "", f"{TRANSPORT}、{WATER}"],
        ["改动", "SL-01", "沟渠清障", "关键词", "沟", "沟\n渠"],
    ]
    assert offices.asked[-1] == ("/responsibility-list/diff", {"from": "1", "to": "2"})


async def test_what_a_service_refuses_is_refused_before_a_file_begins(
    printer: Printer, offices: Offices
) -> None:
    offices.refusal = CommandRefused(404, {"code": "unknown-list-version", "params": {"version": 9}})

    for ending in ("csv", "xlsx"):
        answer = await printer.get(
            f"/exports/responsibility-list-diff.{ending}", None, **{"from": 1, "to": 9}
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown-list-version")


async def test_policies_stand_in_words(printer: Printer) -> None:
    first, _, here = await printer.table(of="policies")

    told = {"政策版本": "C5.1", "适用镇街": "", "审批状态": "已批准", "现行": "是", "施行日期": "2000-01-01"}
    told |= {"期限": "一般: 7个工作日", "到期后果": "超期", "提出时间": "2026-01-05 10:00:00"}
    assert told.items() <= first.items()
    assert here["适用镇街"] == "元村镇"


@pytest.mark.parametrize(
    ("wanted", "versions"),
    [
        ({"in_force": True}, ["C5.1"]),
        ({"scope": "410923102"}, ["C5@410923102.1"]),
        ({"scope": "", "in_force": False}, ["C5.2"]),
        ({"clock": "C5"}, ["C5.1", "C5.2", "C5@410923102.1"]),
    ],
)
async def test_policies_obey_the_filter(
    printer: Printer, offices: Offices, wanted: dict[str, Any], versions: list[str]
) -> None:
    assert [row["政策版本"] for row in await printer.table(of="policies", **wanted)] == versions
    assert offices.asked == [("/policies", {"clock": "C5"} if "clock" in wanted else {})]


async def test_case_rules_stand_in_words(printer: Printer) -> None:
    default, proposed = await printer.table(EDITOR, of="case-rules")

    assert (default["审批状态"], default["现行"], default["最多延期次数"]) == ("默认", "是", "2")
    assert "不可抗力" in default["容错理由"]
    assert "需上级立项或资金:最长天数" in default["挂账理由"]
    assert default["抽查比例和权重"].startswith("抽取 ")
    assert "{" not in "".join(default.values())
    assert (proposed["版本"], proposed["施行日期"]) == ("1", "2026-07-01")


async def test_the_calendar_is_a_line_for_each_day_that_differs(printer: Printer) -> None:
    rows = [list(row.values()) for row in await printer.table(of="calendar")]

    source = TOLD["years"][0]["source"]
    assert rows == [
        ["2026", "2", "放假", "2026-02-15", "2026-02-23", "春节", source],
        ["2026", "2", "调休上班", "2026-02-14", "2026-02-14", "", source],
        ["2026", "2", "调休上班", "2026-02-28", "2026-02-28", "", source],
        ["2026", "2", "只上午办公", "2026-05-11", "2026-05-11", "停电检修", source],
    ]


@pytest.mark.parametrize("text", DANGEROUS)
@pytest.mark.parametrize(
    ("of", "path"),
    [
        ("policies", "/policies"),
        ("case-rules", "/case-rules"),
        ("calendar", "/calendar"),
    ],
)
async def test_no_text_of_a_rule_becomes_a_formula(
    printer: Printer, monkeypatch: pytest.MonkeyPatch, of: str, path: str, text: str
) -> None:
    kept = {**TOLD, "years": [{**TOLD["years"][0], "source": text}]}
    (told,) = kept["years"] if of == "calendar" else [{**PATHS[path][0], "source": text}]
    monkeypatch.setitem(PATHS, path, kept if of == "calendar" else [told])

    row, *_ = await printer.table(of=of)
    _, cells, *_ = await printer.sheet(of=of)

    assert row["依据文件"] == f"'{text}"
    assert f"'{text}" in cells
