"""`chuishao import appeals` before anything is sent: what a file would come to."""

import json
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from chuishao.appeal_rows import COLUMNS, AppealFile, AppealRow
from chuishao.cli import app
from chuishao.county import County
from chuishao.import_appeals import Result, readable, township_of

NOW = datetime(2026, 3, 2, tzinfo=UTC)
GOOD = ("188006", "A000102948", "路灯不亮", "2019/2/28 11:25:05", "小区外路灯坏了三个月")
ROWS: list[tuple[str | None, ...]] = [
    GOOD,
    ("188007", "", "", "2019/3/1 8:30", "村口积水,老人出行不便"),
    GOOD,
    ("188006", "A1", "另一件", "2019/2/28 11:25:05", "别的内容"),
    ("", "A2", "无编号", "2019/2/28 11:25:05", "内容"),
    ("188008", "A2", "无内容", "2019/2/28 11:25:05", ""),
    ("188009", "A2", "时间不对", "去年春天", "内容"),
    ("188010", "A2", "没有时间", None, "内容"),
    ("188011", "A2", "还没发生", "2027/2/28 11:25:05", "内容"),
    ("188012", "A2", "题" * 201, "2019/2/28 11:25:05", "内容"),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(COLUMNS)
    for row in ROWS:
        sheet.append(row)
    book.save(tmp_path / "appeals.xlsx")
    return tmp_path / "appeals.xlsx"


def test_reads_what_is_an_appeal_and_says_why_the_rest_is_none(path: Path) -> None:
    result = Result()
    rows = list(readable(AppealFile(path), result, NOW))
    assert [row.number for row in rows] == ["188006", "188007"]
    assert (result.rows, result.already) == (10, 1)
    assert {row.line: row.reason for row in result.rejected} == {
        5: "number-reused",
        6: "no-number",
        7: "no-text",
        8: "unknown-time-form",
        9: "no-time",
        10: "not-yet-happened",
        11: "text-too-long",
    }


def test_sends_the_same_request_for_the_same_row(path: Path) -> None:
    first, second = readable(AppealFile(path), Result(), NOW)
    assert first.body("410923102", ["SL-03"]) == {
        "source": "resident",
        "title": "路灯不亮",
        "text": "小区外路灯坏了三个月",
        "township": "410923102",
        "suggested": ["SL-03"],
        "reporter": "A000102948",
        "external_number": "188006",
        "reported_at": "2019-02-28T03:25:05+00:00",
    }
    assert (second.title, second.body("", ())["reporter"]) == ("村口积水,老人出行不便", None)


def test_spreads_appeals_over_the_townships_by_their_numbers() -> None:
    codes = sorted(str(unit["code"]) for unit in County().units if unit["unit_class"] == "township")
    rows = [AppealRow(n, str(n), "", "题", "文", NOW, {}) for n in range(600)]
    assert {township_of(row, codes) for row in rows} == set(codes)
    assert [township_of(row, codes) for row in rows] == [township_of(row, codes) for row in rows]
    assert {township_of(row, ["410923102"]) for row in rows} == {"410923102"}


def test_a_dry_run_needs_no_running_system(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUISHAO_DATA", str(path.parent / "nothing-here"))
    ran = CliRunner().invoke(app, ["import", "appeals", str(path), "--dry-run"])
    assert ran.exit_code == 0
    told = json.loads(ran.stdout.splitlines()[-1])
    assert told == {
        "rows": 10,
        "imported": 0,
        "already": 1,
        "rejected": 7,
        "suggested": 0,
        "dry_run": True,
        "valid": 2,
    }
    rejects = openpyxl.load_workbook(path.with_name("appeals.rejects.xlsx")).worksheets[0]
    assert [cell.value for cell in rejects[1]] == ["行号 line", "代码 code", "原因 reason", *COLUMNS]


def test_an_unknown_township_is_refused_before_anything(path: Path) -> None:
    ran = CliRunner().invoke(app, ["import", "appeals", str(path), "--township", "nowhere", "--dry-run"])
    assert ran.exit_code != 0
    assert "nowhere" in str(ran.exception)
