"""Orders, exemptions, results, instructions, checks and trace-backs as files: each to whom it concerns."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from contracts.events import accountability
from gateway.projections.case_queries import LARGEST_PAGE
from tests.component.gateway.board import CASE, CLERK, DISPATCHER, LIAISON, STRANGER, WATER, Board
from tests.component.gateway.test_exports import DANGEROUS, Printer, printing
from tests.component.gateway.test_read_log import log
from tests.component.gateway.test_supervision import (
    CHECKER,
    COPIED,
    COUNTY_LEADER,
    INSPECTOR,
    MATTER,
    NOON,
    RED,
    SUPERVISOR,
    WHO,
)

FORMULA = '=HYPERLINK("http://x")'
CHECK: dict[str, Any] = {"case_id": CASE, "check_id": "check-1"}
CLAIM: dict[str, Any] = {
    "case_id": CASE,
    "clock_id": MATTER,
    "kind": "C1",
    "unit": WATER,
    "ground": "force_majeure",
}
OF_CASES = ("supervision-orders", "exemptions", "shared-results", "instructions")


async def supervised(board: Board, words: str = "汛情紧急") -> None:
    """There is one of everything, in these words."""
    sealed = await board.seal(words)
    place = {name: WHO[name] for name in ("case_id", "matter_id", "unit", "kind")}
    await board.tell(
        RED,
        accountability.UnitHeard(**WHO, at=NOON, speaker_sealed=sealed, words_sealed=sealed),
        accountability.OrderIssued(
            **WHO,
            color="RED",
            authority="office",
            by_ladder=False,
            at=NOON,
            copied_to="county-supervision-office",
        ),
        accountability.OrderReplied(**WHO, color="RED", reply_sealed=sealed),
        accountability.NameCleared(**place, content_sealed=sealed),
        accountability.GoodFaithExemptionClaimed(**CLAIM, claimed_by=WATER, evidence_sealed=sealed),
        accountability.InstructionGiven(
            case_id=CASE, number=1, unit="county-leadership", to=(WATER,), content_sealed=sealed
        ),
        accountability.SpotCheckDrawn(
            **CHECK, period="2026-05", cycle=1, stratum="utility/public_appeal", weight=3
        ),
        accountability.SpotCheckAssigned(**CHECK, checker=CHECKER.subject, unit=CHECKER.unit),
        accountability.SpotCheckFailed(
            **CHECK,
            unit="burden-reduction-office",
            cycle=1,
            way="resident",
            asked_sealed=sealed,
            finding_sealed=sealed,
        ),
        accountability.TraceBackReleased(
            case_id=CASE,
            number=1,
            digest="0" * 64,
            by="supervisor-a",
            reason_sealed=sealed,
            document_sealed=await board.seal("{}"),
        ),
    )


@pytest.fixture
async def printer(dispatched: Board) -> AsyncIterator[Printer]:
    """The files of a board with a supervised whistle."""
    await supervised(dispatched)
    async with printing(dispatched) as made:
        yield made


async def test_an_order_stands_in_words_with_the_number_of_its_case(printer: Printer) -> None:
    (row,) = await printer.table(of="supervision-orders")

    told = {
        "编号": "NL-2026-000001",
        "颜色": "红色",
        "状态": "已回复,待销号",
        "单位": WATER,
        "督办": "减负办",
    }
    told |= {
        "单位陈述": "汛情紧急",
        "回复": "汛情紧急",
        "自动督办": "否",
        "抄送": "county-supervision-office",
    }
    told |= {"拟发时间": "2026-05-11 12:00:00", "案件标识": CASE}
    assert told.items() <= row.items()


async def test_the_heads_and_words_are_english_for_whoever_reads_english(printer: Printer) -> None:
    printer.client.headers["Accept-Language"] = "en-GB"

    (row,) = await printer.table(of="supervision-orders")

    assert (row["number"], row["color"], row["state"]) == ("NL-2026-000001", "red", "replied")


@pytest.mark.parametrize(
    ("of", "told"),
    [
        ("exemptions", {"理由类别": "不可抗力", "状态": "待决定", "证据": "汛情紧急", "申请单位": WATER}),
        ("shared-results", {"结果": "澄清正名", "内容说明": "汛情紧急", "单位": WATER}),
        ("instructions", {"序号": "1", "送": WATER, "内容说明": "汛情紧急"}),
        (
            "spot-checks",
            {"状态": "不通过,重新吹哨", "方式": "回访群众", "结论": "汛情紧急", "分层": "公用企业/群众诉求"},
        ),
        (
            "trace-backs",
            {"序号": "1", "理由": "汛情紧急", "发布人": "supervisor-a", "摘要 SHA-256": "0" * 64},
        ),
    ],
)
async def test_each_list_tells_what_its_query_tells(printer: Printer, of: str, told: dict[str, str]) -> None:
    (row,) = await printer.table(SUPERVISOR, of=of)

    assert ({"编号": "NL-2026-000001"} | told).items() <= row.items()


@pytest.mark.parametrize("of", OF_CASES)
async def test_another_units_rows_are_not_in_it(printer: Printer, of: str) -> None:
    for caller, lines in ((DISPATCHER, 1), (CLERK, 1), (LIAISON, 1), (STRANGER, 0), (INSPECTOR, 0)):
        assert len(await printer.table(caller, of=of)) == lines, caller


async def test_whoever_got_a_copy_gets_the_order_without_its_case(printer: Printer) -> None:
    (row,) = await printer.table(COPIED, of="supervision-orders")

    assert (row["颜色"], row["编号"]) == ("红色", "")
    assert await printer.table(COPIED) == []


async def test_checks_and_trace_backs_are_for_whom_they_are(printer: Printer) -> None:
    for caller, lines in ((SUPERVISOR, 1), (COUNTY_LEADER, 1), (CHECKER, 1), (CLERK, 0)):
        assert len(await printer.table(caller, of="spot-checks")) == lines, caller
    assert len(await printer.table(INSPECTOR, of="trace-backs")) == 1
    for of, caller in (("spot-checks", INSPECTOR), ("trace-backs", CLERK)):
        answer = await printer.get(f"/exports/{of}.csv", caller)
        assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")


@pytest.mark.parametrize(
    ("of", "filters"),
    [
        ("supervision-orders", {"open": True, "case_id": CASE}),
        ("exemptions", {"waiting": True, "case_id": CASE}),
        ("shared-results", {"case_id": CASE}),
        ("instructions", {"case_id": CASE}),
        ("spot-checks", {"period": "2026-05"}),
        ("trace-backs", {"case_id": CASE}),
    ],
)
async def test_the_filters_are_those_of_the_query(printer: Printer, of: str, filters: dict[str, Any]) -> None:
    for name, value in filters.items():
        other = not value if isinstance(value, bool) else "another"
        assert len(await printer.table(SUPERVISOR, of=of, **{name: value})) == 1
        assert await printer.table(SUPERVISOR, of=of, **{name: other}) == []


async def test_reading_a_file_is_noted_like_reading_a_page(dispatched: Board, printer: Printer) -> None:
    for of in (*OF_CASES, "spot-checks", "trace-backs"):
        await printer.table(SUPERVISOR, of=of)
        await printer.table(STRANGER, of="supervision-orders")

    entries = await log(dispatched)
    assert [(each["subject"], each["way"], each["caseIds"]) for each in entries] == [
        (SUPERVISOR.subject, "file", [CASE])
    ] * 6


@pytest.mark.parametrize("words", [*DANGEROUS, FORMULA])
async def test_no_words_become_a_formula(dispatched: Board, words: str) -> None:
    await supervised(dispatched, words)
    async with printing(dispatched) as printer:
        for of in (*OF_CASES, "spot-checks", "trace-backs"):
            (row,) = await printer.table(SUPERVISOR, of=of)
            _, cells = await printer.sheet(SUPERVISOR, of=of)
            assert f"'{words}" in row.values()
            assert words not in row.values()
            assert f"'{words}" in cells


async def test_a_file_goes_on_over_pages(dispatched: Board) -> None:
    sealed = await dispatched.seal("限期解决")
    for n in range(2 * LARGEST_PAGE + 1):
        given = accountability.InstructionGiven(
            case_id=CASE, number=n, unit="county-leadership", to=(WATER,), content_sealed=sealed
        )
        await dispatched.tell(given, at=NOON + timedelta(minutes=n // 2))  # two of a moment, page ends within
    async with printing(dispatched) as printer:
        rows = await printer.table(LIAISON, of="instructions")
        assert len(await printer.sheet(LIAISON, of="instructions")) == len(rows) + 1

    assert sorted(int(row["序号"]) for row in rows) == list(range(2 * LARGEST_PAGE + 1))
    assert len([each for each in await log(dispatched) if each["way"] == "file"]) == 6
