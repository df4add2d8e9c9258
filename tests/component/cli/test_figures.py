"""`chuishao figures`: what a table says on the screen, and what is refused before anything is asked."""

import io
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from chuishao.cli import app
from chuishao.figures import show
from chuishao.words import InputRefusedError

ROW: dict[str, Any] = {
    "figure": "report-in",
    "tier": "busy",
    "unit": "water-resources",
    "unit_name": "水利局",
    "kind": None,
    "numerator": 5.0,
    "denominator": 6,
    "value": 0.833333,
    "pending": 1,
    "excluded": {"withdrawn": 2},
}
TABLE: dict[str, Any] = {
    "period": {"label": "2026-05", "begin": "2026-04-30T16:00:00Z", "end": "2026-05-31T16:00:00Z"},
    "moment": {"as_of": "2026-06-02T01:00:00Z", "complete": True, "behind": [], "held": 0},
    "frozen": None,
    "changes": [],
    "rows": [ROW],
}


def shown(**changes: object) -> str:
    """The table on a wide screen."""
    screen = io.StringIO()
    show({**TABLE, **changes}, Console(file=screen, width=200))
    return screen.getvalue()


def test_shows_the_rate_with_its_counts_and_what_stands_beside() -> None:
    told = shown()

    assert "83.3% (5/6 ✕2 …1)" in told
    assert "水利局" in told
    assert "2026-05-01 00:00:00" in told


def test_says_too_few_and_shows_hours_as_hours() -> None:
    few = {**ROW, "value": None, "denominator": 2, "numerator": 2.0, "excluded": {}, "pending": 0}
    hours = {**few, "figure": "report-in-time", "value": 5.5, "denominator": 10}

    assert "样本太少 (2/2)" in shown(rows=[few])
    assert "5.5 (10)" in shown(rows=[hours])


def test_says_what_is_not_in_and_what_was_frozen() -> None:
    moment = {**TABLE["moment"], "complete": False, "behind": ["routing"], "held": 1}
    frozen = {"number": 1, "at": "2026-06-01T05:00:00Z"}

    told = shown(moment=moment, frozen=frozen, changes=[{}])

    assert "routing" in told
    assert "未到齐" in told
    assert "已定稿(第1版" in told


def test_says_that_nothing_was_counted() -> None:
    assert "本期没有可统计的事项" in shown(rows=[])


def test_refuses_a_moment_nobody_can_read() -> None:
    ran = CliRunner().invoke(app, ["figures", "--period", "2026-05", "--as-of", "yesterday"])

    with pytest.raises(InputRefusedError, match="yesterday"):
        raise ran.exception or AssertionError("it was not refused")
