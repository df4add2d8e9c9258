"""`chuishao calendar`: how far it reaches, what a decree or a day would move, what it refuses in one line."""

import json
from pathlib import Path
from typing import Any

import pytest

from chuishao.client import Refused
from tests.component.cli.answering import Line

STATUS: dict[str, Any] = {
    "status": "covered",
    "covered_until": "2026-12-24",
    "days_left": 90,
    "years": [{"year": 2026, "version": 2, "source": "关于2026年部分节假日安排的通知"}],
}
MOVE: dict[str, Any] = {
    "kind": "C5",
    "case_id": "case-1",
    "unit": "water-resources",
    "old_due": "2031-01-09T16:00:00Z",
    "due": "2031-01-12T16:00:00Z",
    "would_breach": True,
}
DECREE = {
    "year": 2031,
    "source": {"title": "关于2031年部分节假日安排的通知(测试)"},
    "holidays": [{"name": "元旦", "first": "2031-01-01", "last": "2031-01-03"}],
    "make_up_days": [],
}
TITLE = ("--title", "关于暴雨停工的通知(测试)")
DAYS = "accountability /calendar/2031/special-days"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A decree of a year to come."""
    path = tmp_path / "2031.json"
    path.write_text(json.dumps(DECREE), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("status", "told"), [("covered", "已公布到 2026-12-24"), ("ends-soon", "请尽快公布下一年")]
)
def test_tells_until_when_it_is_decreed(line: Line, status: str, told: str) -> None:
    line.system.answers = {"GET accountability /calendar": {**STATUS, "status": status}}
    ran = line.run("calendar", "status")
    assert (ran.code, told in ran.out, "2026" in ran.out) == (0, True, True)


def test_shows_what_a_decree_would_move_and_what_it_has_moved(line: Line, file: Path) -> None:
    line.system.answers = {
        "POST accountability /calendar/2031/preview": [MOVE],
        "GET accountability /calendar/2031/moves?version=1": [MOVE],
    }
    tried = line.run("calendar", "diff", str(file), "--json")
    moved = line.run("calendar", "moved", "2031", "--version", "1", "--json")
    assert json.loads(tried.out) == json.loads(moved.out) == [MOVE]
    assert "是 yes" in line.run("calendar", "diff", str(file)).out
    assert line.system.asked[0][1]["holidays"] == DECREE["holidays"]


def test_publishes_as_the_office(line: Line, file: Path) -> None:
    line.system.answers = {"POST accountability /calendar/2031": {}}
    ran = line.run("calendar", "publish", str(file), "--correction")
    assert "2031 年工作日历已公布" in ran.out
    [(_, body, who)] = line.system.asked
    assert (body["correction"], who) == (True, "supervisor-1")


def test_tries_a_day_before_it_changes_it(line: Line) -> None:
    line.system.answers = {f"POST {DAYS}/preview": [MOVE], f"POST {DAYS}": {}}
    arguments = ("calendar", "close", "2031-03-03", "--note", "暴雨停工", *TITLE)
    tried = line.run(*arguments, "--dry-run")
    assert "C5 case-1 water-resources: 2031-01-09T16:00:00Z → 2031-01-12T16:00:00Z" in tried.out
    assert [what for what, _, _ in line.system.asked] == [f"POST {DAYS}/preview"]
    assert line.run(*arguments).code == 0
    assert line.system.asked[-1][0] == f"POST {DAYS}"
    assert line.system.asked[-1][1]["kind"] == "closed"


@pytest.mark.parametrize("verb", ["diff", "publish"])
def test_refuses_a_file_that_is_no_decree_before_anything_is_asked(
    line: Line, tmp_path: Path, verb: str
) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{", encoding="utf-8")
    ran = line.run("calendar", verb, str(wrong))
    assert (ran.code, len(ran.err.strip().splitlines()), line.system.asked) == (2, 1, [])
    assert "第 1 行" in ran.err


def test_refuses_a_day_that_is_none(line: Line) -> None:
    ran = line.run("calendar", "restore", "明天", *TITLE)
    assert (ran.code, "明天" in ran.err, line.system.asked) == (2, True, [])


@pytest.mark.parametrize("slug", ["not-permitted", "calendar-year-already-published"])
def test_tells_a_refusal_in_one_line(line: Line, file: Path, slug: str) -> None:
    params = {"role": "office_supervisor", "operation": "publish-calendar-year", "year": 2031}
    line.system.answers = {"POST accountability /calendar/2031": Refused(slug, 422, params)}
    ran = line.run("calendar", "publish", str(file))
    assert ran.code == 1
    [told] = ran.err.strip().splitlines()
    assert (" · " in told, slug in told) == (True, False)
