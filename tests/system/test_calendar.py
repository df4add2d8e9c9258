"""`chuishao calendar`: the office sees how far the calendar reaches and publishes the next year."""

import json
import subprocess
import sys
from pathlib import Path

from chuishao.system import System

DECREE = {
    "year": 2031,
    "source": {"title": "关于2031年部分节假日安排的通知(测试)"},
    "holidays": [{"name": "元旦", "first": "2031-01-01", "last": "2031-01-03"}],
    "make_up_days": [],
}


def chuishao(system: System, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line against the system under test."""
    return subprocess.run(
        [sys.executable, "-m", "chuishao", *arguments],
        env={"CHUISHAO_DATA": str(system.data.path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_tells_until_when_the_calendar_is_decreed(system: System) -> None:
    done = chuishao(system, "calendar", "status", "--json")

    told = json.loads(done.stdout)
    assert {year["year"] for year in told["years"]} >= set(range(2006, 2027))
    assert told["covered_until"] == "2026-12-24"


def test_the_status_of_the_system_tells_it_too(system: System) -> None:
    told = json.loads(chuishao(system, "status", "--json").stdout)["calendar"]
    shown = chuishao(system, "status").stdout

    own = json.loads(chuishao(system, "calendar", "status", "--json").stdout)
    assert told == {name: own[name] for name in ("status", "covered_until", "days_left")}
    assert "2026-12-24" in shown.splitlines()[-1]


def test_a_decree_is_tried_before_it_is_published(system: System, tmp_path: Path) -> None:
    file = tmp_path / "2031.json"
    file.write_text(json.dumps(DECREE), encoding="utf-8")

    tried = chuishao(system, "calendar", "diff", str(file), "--json")
    published = chuishao(system, "calendar", "publish", str(file))
    again = chuishao(system, "calendar", "publish", str(file))
    moved = chuishao(system, "calendar", "moved", "2031", "--json")
    never = chuishao(system, "calendar", "moved", "2031", "--version", "2")

    assert json.loads(moved.stdout) == []
    assert (never.returncode, len(never.stderr.strip().splitlines())) == (1, 1)
    assert json.loads(tried.stdout) == []
    assert (published.returncode, again.returncode) == (0, 0)
    assert "2031" in published.stdout
    years = json.loads(chuishao(system, "calendar", "status", "--json").stdout)["years"]
    assert [year["version"] for year in years if year["year"] == 2031] == [1]


def test_another_decree_for_a_published_year_needs_to_be_a_correction(system: System, tmp_path: Path) -> None:
    file = tmp_path / "2026.json"
    file.write_text(json.dumps({**DECREE, "year": 2026, "holidays": []}), encoding="utf-8")

    refused = chuishao(system, "calendar", "publish", str(file))

    assert refused.returncode == 1
    assert "2026" in refused.stderr


def test_a_file_that_is_no_decree_is_one_line_and_exit_code_2(system: System, tmp_path: Path) -> None:
    file = tmp_path / "decree.json"
    file.write_text("放假了", encoding="utf-8")

    refused = chuishao(system, "calendar", "publish", str(file))

    assert refused.returncode == 2
    assert len(refused.stderr.strip().splitlines()) == 1
