"""`chuishao import whistles` before anything is sent: what a file would come to, row and column named."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from chuishao.cli import app
from chuishao.county import County
from chuishao.import_whistles import places_of, readable
from chuishao.importing import Result
from chuishao.whistle_rows import COLUMNS, WhistleFile, WhistleRow
from chuishao.words import CommandFailedError
from tests.generators.whistles import AFTER_ALL_ROWS, Row, every_row, good_row, ordinary_rows, write_whistles

PLACES = places_of(County())
ROWS = every_row(7)
HEADER = 1


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_whistles(tmp_path / "whistles.xlsx", ROWS)


def read(path: Path, now: datetime = AFTER_ALL_ROWS) -> tuple[list[WhistleRow], Result]:
    result = Result()
    return list(readable(WhistleFile(path), PLACES, result, now)), result


def test_names_row_and_column_of_what_is_wrong(path: Path) -> None:
    _, result = read(path)
    found = {row.line: (row.reason, row.params.get("column", "")) for row in result.rejected}
    wanted = {
        line: row.rejected for line, row in enumerate(ROWS, start=HEADER + 1) if row.rejected is not None
    }
    assert found == wanted
    for row in result.rejected:
        told = row.why.told("zh")
        assert "{" not in told
        assert str(row.params.get("column", "")) in told


def test_reads_the_good_rows_and_counts_the_repeated_one(path: Path) -> None:
    rows, result = read(path)
    assert result.rows == len(ROWS)
    assert result.already == 1
    assert len(rows) == sum(row.rejected is None for row in ROWS) - 1


def test_sends_the_same_request_for_the_same_row(path: Path) -> None:
    first, again = read(path)[0], read(path)[0]
    assert [row.body("b") for row in first] == [row.body("b") for row in again]


def test_understands_names_codes_and_lists(path: Path) -> None:
    rows = {ROWS[row.line - HEADER - 1].shows: row for row in read(path)[0]}
    assert rows["names by their codes"].township == rows["no assist"].township == "410923102"
    assert [part.unit for part in rows["no assist"].parts] == ["water-resources"]
    two = rows["two assists"].parts[1:]
    assert [(part.unit, part.rating) for part in two] == [
        ("transport", "satisfied"),
        ("agriculture-rural", "dissatisfied"),
    ]
    assert two[0].reported_in_at is not None
    assert two[1].reported_in_at is None
    assert [part.rating for part in rows["one rating for all"].parts[1:]] == ["satisfied"] * 2
    assert rows["nobody appraised it"].verdict is None
    assert rows["an emergency signed after it went out"].kind == "emergency"


def test_tells_times_in_the_time_of_china(tmp_path: Path) -> None:
    row = good_row(1, "纸1")
    path = write_whistles(tmp_path / "one.xlsx", [row])
    body: dict[str, Any] = read(path)[0][0].body("supervisor-2")
    assert body["signed_at"].endswith("T01:00:00+00:00"), "nine in the morning in China"
    assert body["approved_by"] == "supervisor-2"


def test_a_dry_run_needs_no_running_system_and_records_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHUISHAO_DATA", str(tmp_path / "nothing-here"))
    bad = {**good_row(3, "坏").cells, "主办部门": "水务集团"}
    rows = [*ordinary_rows(3, 5), Row("bad", bad)]
    file = write_whistles(tmp_path / "whistles.xlsx", rows)
    ran = CliRunner().invoke(app, ["import", "whistles", str(file), "--approved-by", "甲", "--dry-run"])
    assert ran.exit_code == 0, ran.exception
    told = json.loads(ran.stdout.splitlines()[-1])
    assert told["dry_run"] is True
    assert (told["rows"], told["valid"], told["imported"], told["rejected"]) == (6, 5, 0, 1)
    assert "第 7 行未导入：“主办部门”中的“水务集团”没有登记" in ran.stderr
    assert not (tmp_path / "nothing-here").exists()


def test_a_file_is_looked_at_before_the_system_is_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHUISHAO_DATA", str(tmp_path / "nothing-here"))
    lacking = write_whistles(tmp_path / "lacking.xlsx", ordinary_rows(3, 1), COLUMNS[:-2])
    good = write_whistles(tmp_path / "good.xlsx", ordinary_rows(3, 1))
    for file, slug in ((lacking, "import-columns-missing"), (good, "launcher-not-running")):
        ran = CliRunner().invoke(app, ["import", "whistles", str(file), "--approved-by", "supervisor-2"])
        assert isinstance(ran.exception, CommandFailedError)
        assert ran.exception.slug == slug
