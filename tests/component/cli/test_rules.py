"""`chuishao rules`: what it shows and tries, who it asks as, and what it refuses in one line."""

import json
from pathlib import Path
from typing import Any

import pytest

from chuishao.client import Refused
from contracts.events.accountability import DEFAULT_RULES
from tests.component.cli.answering import Line

LIST = "GET accountability /case-rules"
FIRST: dict[str, Any] = {
    "number": 0,
    "state": "default",
    "in_force": True,
    "effective_from": None,
    "effective_to": None,
    "source": "默认规则",
    "source_number": "",
    "rules": DEFAULT_RULES.model_dump(mode="json"),
    "proposed_by": None,
    "decided_by": None,
    "reason": None,
}
PROPOSED = {**FIRST, "number": 1, "state": "proposed", "in_force": False, "effective_from": "2026-07-01"}
DECLINED = {**PROPOSED, "state": "declined", "reason": "与市里不一致", "decided_by": "administrator-2"}
TRIED: dict[str, Any] = {
    "number": 1,
    "changes": [{"name": "most_extensions", "old": 2, "new": 1}],
    "open_whistles": 3,
    "concerned": 1,
    "foreseen": [
        {
            "case_id": "c1",
            "unit": "water-resources",
            "subject": "extension-by",
            "ground": None,
            "old": "county-leader",
            "new": "nobody",
        },
        {
            "case_id": "c1",
            "unit": "water-resources",
            "subject": "extension-most",
            "ground": None,
            "old": "7",
            "new": "0",
        },
    ],
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A document that allows one extension."""
    path = tmp_path / "rules.json"
    path.write_text(json.dumps({"effective_from": "2026-07-01", "rules": {"most_extensions": 1}}))
    return path


def test_show_every_limit_of_the_rules_in_force(line: Line) -> None:
    line.system.answers = {LIST: [FIRST, PROPOSED]}
    ran = line.run("rules", "show")
    assert ran.code == 0
    assert ran.out.startswith("办件规则(默认) 现行")
    for told in (
        "每案最多延期次数:2",
        "前几次延期由减负办决定:1",
        "一次延期最多为原时限的百分比:100",
        "收到督查单后回复的工作日:3",
        "抽查:每层 10%,权重 1(未评价 +2,7200秒内办结 +2)",
        "first_minor",
        "awaiting_funds(减负办 1 次)",
    ):
        assert told in ran.out, told
    assert "办件规则.1" not in ran.out
    assert json.loads(line.run("rules", "show", "--json").out) == [FIRST]


def test_show_the_history_with_why_something_was_declined(line: Line) -> None:
    line.system.answers = {LIST: [FIRST, DECLINED]}
    told = line.run("rules", "show", "--all").out
    assert "办件规则.1" in told
    assert "理由:与市里不一致" in told
    assert "决定:administrator-2" in told


def test_say_before_anything_is_stored_what_a_file_would_change(line: Line, file: Path) -> None:
    line.system.answers = {"POST accountability /case-rules/dry-run": {**TRIED, "number": None}}
    told = line.run("rules", "dry-run", str(file)).out
    assert "改动1项,涉及未结哨单3件,其中1件今后办理不同" in told
    assert "每案最多延期次数:2 → 1" in told
    assert "c1 water-resources 下一次延期由谁决定:县领导 → 不予办理" in told
    assert "c1 water-resources 下一次延期最长:7 → 0" in told
    [(_, body, who)] = line.system.asked
    assert (body["rules"], who) == ({"most_extensions": 1}, "supervisor-1")


def test_are_proposed_and_approved_by_administrators(line: Line, file: Path) -> None:
    line.system.answers = {
        LIST: [FIRST, PROPOSED],
        "POST accountability /case-rules": {},
        "GET accountability /case-rules/1/dry-run": TRIED,
        "POST accountability /case-rules/1/approve": {},
    }
    proposed = line.run("rules", "propose", str(file))
    approved = line.run("rules", "approve", "1", "--as", "administrator-2")
    assert "办件规则.1已提出,须由另一人批准" in proposed.out
    assert approved.out.index("改动1项") < approved.out.index("办件规则.1已批准"), "tried first"
    sent = [(what, who) for what, body, who in line.system.asked if what.startswith("POST")]
    assert sent == [
        ("POST accountability /case-rules", "administrator-1"),
        ("POST accountability /case-rules/1/approve", "administrator-2"),
    ]


def test_are_declined_for_a_reason(line: Line) -> None:
    line.system.answers = {"POST accountability /case-rules/1/decline": {}}
    ran = line.run("rules", "decline", "1", "--as", "administrator-2", "--reason", "不行")
    assert (ran.code, "办件规则.1已否决" in ran.out) == (0, True)
    assert line.system.asked[0][1] == {"reason": "不行"}


@pytest.mark.parametrize("slug", ["second-person-needed", "not-permitted", "unknown-policy-proposal"])
def test_tell_a_refusal_in_one_line_in_both_languages(line: Line, slug: str) -> None:
    params = {"role": "office_supervisor", "operation": "approve-policy", "number": 1}
    line.system.answers = {
        "GET accountability /case-rules/1/dry-run": TRIED,
        "POST accountability /case-rules/1/approve": Refused(slug, 422, params),
    }
    ran = line.run("rules", "approve", "1", "--as", "supervisor-1")
    assert ran.code == 1
    [told] = ran.err.strip().splitlines()
    assert " · " in told
    assert slug not in told
    assert "{" not in told


@pytest.mark.parametrize("content", ["{", "[1]", "不是 JSON"])
def test_refuse_a_file_that_is_no_document_before_anything_is_asked(
    line: Line, tmp_path: Path, content: str
) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text(content, encoding="utf-8")
    for verb in ("dry-run", "propose"):
        ran = line.run("rules", verb, str(wrong))
        assert (ran.code, len(ran.err.strip().splitlines())) == (2, 1)
        assert "无法识别" in ran.err
    assert line.system.asked == []


def test_name_the_field_that_the_service_cannot_read(line: Line, file: Path) -> None:
    unread = Refused("invalid-request", 422, {}, ["rules.most_extensions"])
    line.system.answers = {
        "POST accountability /case-rules": unread,
        "POST accountability /case-rules/dry-run": unread,
    }
    for verb in ("dry-run", "propose"):
        ran = line.run("rules", verb, str(file))
        assert (ran.code, "rules.most_extensions" in ran.err) == (2, True)
