"""`chuishao clock explain`: its sentences, as of a past moment in Beijing time, and what there is not."""

import json
from typing import Any

import pytest

from chuishao.client import Refused
from tests.component.cli.answering import Line

ID = "c0000000-0000-5000-8000-000000000001"
CLOCK: dict[str, Any] = {
    "clock_id": ID,
    "kind": "C5",
    "case_id": "case-1",
    "explanation": {"zh": ["限7个工作日。", "到期。"], "en": ["Limit 7 working days.", "Due."]},
}
HERE = f"GET accountability /clocks/{ID}"
THEN = f"{HERE}?as_of=2026-05-08T10%3A00%3A00%2B08%3A00"


def test_says_one_sentence_a_line_in_the_language_asked_for(line: Line) -> None:
    line.system.answers = {HERE: CLOCK}
    chinese = line.run("clock", "explain", ID).out.splitlines()
    english = line.run("clock", "explain", ID, "--lang", "en").out.splitlines()
    assert chinese[1:] == ["限7个工作日。", "到期。"]
    assert "case-1" in chinese[0]
    assert english[1:] == ["Limit 7 working days.", "Due."]
    assert json.loads(line.run("clock", "explain", ID, "--json").out) == CLOCK


@pytest.mark.parametrize("moment", ["2026-05-08T10:00:00", "2026-05-08 10:00:00", "2026-05-08 10:00"])
def test_asks_for_a_past_moment_in_beijing_time(line: Line, moment: str) -> None:
    line.system.answers = {THEN: CLOCK}
    ran = line.run("clock", "explain", f" {ID.upper()} ", "--as-of", moment)
    assert (ran.code, line.system.asked[0][0]) == (0, THEN)


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (Refused("unknown-clock", 404, {"clock": ID}), ID),
        (Refused("invalid-request", 422, {}), ID),
        (Refused("moment-to-come", 422, {"as_of": "2036-05-08"}), "尚未到来"),
    ],
)
def test_tells_what_there_is_not_in_one_line(line: Line, refused: Refused, told: str) -> None:
    line.system.answers = {THEN: refused}
    ran = line.run("clock", "explain", ID, "--as-of", "2026-05-08 10:00")
    assert ran.code == 1
    [sentence] = ran.err.strip().splitlines()
    assert told in sentence


def test_refuses_a_moment_it_cannot_read_before_anything_is_asked(line: Line) -> None:
    ran = line.run("clock", "explain", ID, "--as-of", "昨天")
    assert (ran.code, line.system.asked) == (2, [])
