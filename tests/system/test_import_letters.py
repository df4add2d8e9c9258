"""`chuishao import letters`: real and generated letters go in once, judged as an oracle judges them."""

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from chuishao.client import Client
from chuishao.county import County
from chuishao.letter_rows import LetterFile, RejectedRow
from tests.generators.letter_oracle import COLUMNS, count_file, monday_to_friday
from tests.generators.letters import (
    AFTER_ALL_ROWS,
    Row,
    every_row,
    expected_counts,
    expected_rejects,
    files_that_are_no_xlsx,
    ordinary_rows,
    write_letters,
)
from tests.system.county import rows, set_clocks
from tests.system.launched import CHUISHAO, Launched

REAL_LETTERS = Path(__file__).parents[3] / "shared" / "data" / "letters.xlsx"
SUPERVISOR = "supervisor-2"
ROWS = every_row(2026)


@pytest.fixture(scope="module")
def office(server_folder: Path) -> Iterator[Launched]:
    """A running system without a demo county, at a moment when every generated letter is past."""
    with Launched(server_folder / "letters") as launcher:
        system = launcher.ready().system
        asyncio.run(set_clocks(system.owner_url, AFTER_ALL_ROWS))
        yield launcher


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of every kind of row."""
    return write_letters(tmp_path_factory.mktemp("letters") / "letters.xlsx", ROWS)


@pytest.fixture(scope="module")
def imported(office: Launched, letters: Path) -> "subprocess.CompletedProcess[str]":
    """The first import of that file."""
    return office.run("import", "letters", str(letters), "--approved-by", SUPERVISOR, "--json")


def told(ran: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    """The last line of stdout."""
    assert ran.stdout, f"nothing said, but {ran.returncode}: {ran.stderr}"
    last: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return last


def heads(office: Launched) -> dict[str, int]:
    """How many facts each service has recorded."""

    async def read() -> dict[str, int]:
        url = office.system.owner_url
        return {
            service: (await rows(url, f"SELECT seq FROM {service}.log_head"))[0][0]
            for service in ("intake", "accountability")
        }

    return asyncio.run(read())


def numbered(rows: list[Row], first: int) -> list[Row]:
    """The same letters under other numbers."""
    return [
        Row(row.shows, {**row.cells, "留言编号": str(first + n)}, row.expected) for n, row in enumerate(rows)
    ]


def test_comes_to_the_counts_of_the_oracle(imported: "subprocess.CompletedProcess[str]") -> None:
    assert imported.returncode == 0, imported.stderr
    assert told(imported) == expected_counts(ROWS).as_json()
    assert len(imported.stdout.splitlines()) == 1


def test_writes_every_bad_row_with_its_reason_to_a_file_of_rejects(
    imported: "subprocess.CompletedProcess[str]", letters: Path
) -> None:
    path = letters.with_name("letters.rejects.xlsx")
    lines = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(min_row=2, values_only=True))
    assert {line[0]: line[1] for line in lines} == expected_rejects(ROWS)
    assert str(path) in imported.stderr
    assert len(lines) == told(imported)["rejected"]


def test_adds_nothing_when_it_is_run_again(
    office: Launched, letters: Path, imported: "subprocess.CompletedProcess[str]"
) -> None:
    first, before = told(imported), heads(office)
    again = told(office.run("import", "letters", str(letters), "--approved-by", SUPERVISOR, "--json"))
    assert heads(office) == before
    assert (again["imported"], again["already"]) == (0, first["imported"] + first["already"])
    assert {name: again[name] for name in ("rows", "rejected", "respond", "resolve")} == {
        name: first[name] for name in ("rows", "rejected", "respond", "resolve")
    }


def test_adds_nothing_when_somebody_else_records_and_approves_the_same_letters(
    office: Launched, letters: Path, imported: "subprocess.CompletedProcess[str]"
) -> None:
    first, before = told(imported), heads(office)
    others = ["--as", "office_supervisor@burden-reduction-office", "--approved-by", "county-leader-1"]
    again = told(office.run("import", "letters", str(letters), *others, "--json"))
    assert heads(office) == before
    assert (again["imported"], again["already"]) == (0, first["imported"] + first["already"])
    assert (again["rejected"], again["respond"]) == (first["rejected"], first["respond"])


@pytest.mark.skipif(not REAL_LETTERS.exists(), reason="the real letters (../shared/data) are not here")
def test_judges_1408_real_letters_by_the_decreed_calendar(office: Launched) -> None:
    ran = office.run("import", "letters", str(REAL_LETTERS), "--approved-by", SUPERVISOR, "--json")
    assert told(ran) == count_file(REAL_LETTERS).as_json()
    assert told(ran) == {
        "rows": 1408,
        "imported": 1408,
        "already": 0,
        "rejected": 0,
        "respond": {"on_time": 331, "breached": 1077, "provisional": 0},
        "resolve": {"on_time": 687, "breached": 721, "provisional": 0},
    }
    by_weekdays = count_file(REAL_LETTERS, monday_to_friday)
    assert by_weekdays.respond == {"on_time": 325, "breached": 1083, "provisional": 0}
    assert by_weekdays.resolve == {"on_time": 668, "breached": 740, "provisional": 0}
    assert ran.stderr == ""


def test_starts_no_timer_and_reminds_nobody_on_the_way(
    office: Launched, imported: "subprocess.CompletedProcess[str]"
) -> None:
    async def read() -> tuple[int, set[str], list[Any]]:
        system = office.system
        [[timers]] = await rows(system.owner_url, "SELECT count(*) FROM accountability.deadline")
        facts = await rows(system.owner_url, "SELECT DISTINCT type FROM accountability.published")
        async with Client(system) as client:
            notices = await client.graphql("{ notices { kind } }", {}, County().people[SUPERVISOR])
        return timers, {fact[0].split(".")[2] for fact in facts}, notices["notices"]

    assert told(imported)["respond"]["breached"] > 0
    timers, facts, notices = asyncio.run(read())
    assert {"clock-started", "clock-stopped", "clock-breached"} <= facts
    assert not facts & {"reminder-due", "ladder-rung-reached", "clock-overdue-unconfirmed"}
    assert (timers, notices) == (0, [])


def begun(office: Launched, path: Path) -> "subprocess.Popen[str]":
    """An import that has brought in some rows and not all."""
    before = heads(office)["intake"]
    running = subprocess.Popen(
        [CHUISHAO, "import", "letters", path, "--approved-by", SUPERVISOR, "--json"],
        env=office.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background passes on that Ctrl-C is not heard.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while heads(office)["intake"] < before + 20:
        assert running.poll() is None, "it ended before anything could happen to it"
    return running


def test_goes_on_when_a_service_is_killed_on_the_way(office: Launched, tmp_path: Path) -> None:
    written = numbered(ordinary_rows(5, 150), 8_000_001)
    running = begun(office, write_letters(tmp_path / "letters.xlsx", written))
    (pid,) = [part.pid for part in office.system.parts if part.name == "intake"]
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    said, complained = running.communicate(timeout=180)
    assert running.returncode == 0, complained
    assert json.loads(said) == expected_counts(written).as_json()
    office.wait_until("intake 已恢复")


def test_is_simply_run_again_when_it_was_interrupted(office: Launched, tmp_path: Path) -> None:
    written = numbered(ordinary_rows(4, 150), 8_100_001)
    path = write_letters(tmp_path / "letters.xlsx", written)
    running = begun(office, path)
    running.send_signal(signal.SIGINT)
    said, complained = running.communicate(timeout=60)
    assert running.returncode not in (0, 2)
    assert (said, "Traceback" in complained) == ("", False)
    again = told(office.run("import", "letters", str(path), "--approved-by", SUPERVISOR, "--json"))
    expected = expected_counts(written)
    assert again["already"] >= 20
    assert again["imported"] + again["already"] == expected.imported == 150
    assert (again["respond"], again["resolve"]) == (expected.respond, expected.resolve)


@pytest.mark.parametrize(
    ("who", "approved_by", "code"),
    [
        ("township_clerk@410923102", SUPERVISOR, "record-letter"),
        (SUPERVISOR, SUPERVISOR, "核准"),
    ],
)
def test_is_refused_in_one_line_to_who_may_not_record(
    office: Launched, tmp_path: Path, who: str, approved_by: str, code: str
) -> None:
    path = write_letters(tmp_path / "letters.xlsx", numbered(ordinary_rows(6, 3), 9_000_001))
    before = heads(office)
    ran = office.run("import", "letters", str(path), "--as", who, "--approved-by", approved_by, "--json")
    assert (ran.returncode, ran.stdout, heads(office)) == (2, "", before)
    assert len(ran.stderr.splitlines()) == 1
    assert code in ran.stderr
    assert list(tmp_path.iterdir()) == [path]


def test_does_nothing_with_a_file_that_is_none(office: Launched, tmp_path: Path) -> None:
    before = heads(office)
    bad = [path for _, path in files_that_are_no_xlsx(tmp_path)]
    bad.append(write_letters(tmp_path / "columns.xlsx", ordinary_rows(6, 3), COLUMNS[:-1]))
    for path in bad:
        ran = office.run("import", "letters", str(path), "--approved-by", SUPERVISOR, "--json")
        assert (ran.returncode, ran.stdout) == (2, ""), path
        assert len(ran.stderr.splitlines()) == 1
    assert heads(office) == before


def test_takes_the_rejects_when_they_are_corrected(office: Launched, tmp_path: Path) -> None:
    good, bad = numbered(ordinary_rows(8, 2), 9_100_001)
    bad = Row("no answer", {**bad.cells, "答复意见": None}, bad.expected)
    path = write_letters(tmp_path / "letters.xlsx", [good, bad])
    first = told(office.run("import", "letters", str(path), "--approved-by", SUPERVISOR, "--json"))
    rejects = tmp_path / "letters.rejects.xlsx"
    book = openpyxl.load_workbook(rejects)
    sheet = book.worksheets[0]
    answer = [cell.value for cell in sheet[1]].index("答复意见") + 1
    sheet.cell(2, answer, "已办结。")
    book.save(rejects)
    assert [isinstance(row, RejectedRow) for row in LetterFile(rejects).rows()] == [False]
    second = told(office.run("import", "letters", str(rejects), "--approved-by", SUPERVISOR, "--json"))
    assert [(each["imported"], each["rejected"]) for each in (first, second)] == [(1, 1), (1, 0)]


def test_a_dry_run_records_nothing(office: Launched, tmp_path: Path) -> None:
    path = write_letters(tmp_path / "letters.xlsx", numbered(ordinary_rows(9, 4), 9_200_001))
    before = heads(office)
    ran = told(office.run("import", "letters", str(path), "--approved-by", SUPERVISOR, "--dry-run", "--json"))
    assert (ran["valid"], ran["imported"], heads(office)) == (4, 0, before)
