"""`chuishao spotcheck draw`: what was drawn from what, the same again, and what is refused in one line."""

import json
from typing import Any

import pytest

from chuishao.client import Refused
from tests.component.cli.answering import Line

PATH = "accountability /spot-checks/2026-05/draw"
DRAWN: dict[str, Any] = {
    "period": "2026-05",
    "seed": 7,
    "as_of": "2026-06-01T01:00:00Z",
    "digest": "ab" * 32,
    "population": 6,
    "drawn": [{"case_id": "c1", "cycle": 1, "stratum": "busy/livelihood", "weight": 5}],
    "recorded": None,
}


def test_shows_what_a_trial_draws_and_keeps_nothing(line: Line) -> None:
    line.system.answers = {f"GET {PATH}?seed=7": DRAWN}
    ran = line.run("spotcheck", "draw", "--period", "2026-05", "--seed", "7", "--dry-run")
    assert ran.code == 0
    assert "2026-05 已销哨 6 件，种子 7，抽取 1 件" in ran.out
    assert "ab" * 32 in ran.out.replace("\n", "")
    assert all(each in ran.out for each in ("c1", "busy/livelihood", "5"))
    assert "一致" not in ran.out
    assert [what for what, _, _ in line.system.asked] == [f"GET {PATH}?seed=7"]


@pytest.mark.parametrize(
    ("same", "told"), [(True, "与记录的抽样一致"), (False, "与记录的抽样不一致：种子 9")]
)
def test_says_whether_the_recorded_draw_comes_out_the_same(line: Line, same: bool, told: str) -> None:
    recorded = {"seed": 7 if same else 9, "as_of": "2026-06-01T01:00:00Z", "same": same}
    line.system.answers = {f"GET {PATH}?": {**DRAWN, "recorded": recorded}}
    ran = line.run("spotcheck", "draw", "--period", "2026-05", "--dry-run")
    assert told in ran.out


def test_draws_once_as_the_supervisor_and_shows_what_was_kept(line: Line) -> None:
    line.system.answers = {f"POST {PATH}": {}, f"GET {PATH}?": DRAWN}
    ran = line.run("spotcheck", "draw", "--period", "2026-05", "--seed", "7", "--json")
    assert json.loads(ran.out) == DRAWN
    assert line.system.asked == [
        (f"POST {PATH}", {"seed": 7}, "supervisor-1"),
        (f"GET {PATH}?", None, "supervisor-1"),
    ]


def test_leaves_the_seed_to_the_system_where_none_is_given(line: Line) -> None:
    line.system.answers = {f"POST {PATH}": {}, f"GET {PATH}?": DRAWN}
    line.run("spotcheck", "draw", "--period", "2026-05")
    assert line.system.asked[0][1] == {}


@pytest.mark.parametrize(
    ("slug", "status", "code", "told"),
    [
        ("seed-missing", 422, 2, "种子"),
        ("period-not-over", 422, 2, "尚未结束"),
        ("checks-drawn-already", 409, 1, "抽"),
        ("figures-behind", 503, 1, "routing"),
    ],
)
def test_tells_a_refusal_in_one_line(line: Line, slug: str, status: int, code: int, told: str) -> None:
    params = {"seed": 3, "behind": "routing", "held": 0}
    line.system.answers = {f"POST {PATH}": Refused(slug, status, params)}
    ran = line.run("spotcheck", "draw", "--period", "2026-05")
    assert ran.code == code
    [line_told] = ran.err.strip().splitlines()
    assert told in line_told
    assert slug not in line_told
