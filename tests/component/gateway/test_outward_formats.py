"""What leaves, byte by byte: robots' signatures as their makers describe them, and how they answer."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import parse_qs
from uuid import UUID

import orjson
import pytest

from gateway.application.outward import (
    Message,
    dingtalk_body,
    dingtalk_query,
    in_words,
    robot_outcome,
    wecom_body,
)

MESSAGE = Message(
    id=UUID(int=1),
    kind="reminder",
    zh=in_words("reminder", {"kind": "C1"}, "zh"),
    en=in_words("reminder", {"kind": "C1"}, "en"),
    at=datetime(2026, 5, 8, 2, tzinfo=UTC),
    link="https://chuishao.test/cases/1",
    number="NL-2026-000001",
    due=datetime(2026, 5, 8, 16, tzinfo=UTC),
)


def test_dingtalk_can_check_our_signature() -> None:
    secret = "SECabc"
    query = parse_qs(dingtalk_query(secret, 1_778_205_600_000))

    hashed = hmac.new(secret.encode(), b"1778205600000\nSECabc", hashlib.sha256)

    assert query == {
        "timestamp": ["1778205600000"],
        "sign": [base64.b64encode(hashed.digest()).decode()],
    }
    assert dingtalk_query(None, 1) == ""


def test_a_robot_of_dingtalk_gets_markdown_with_the_keyword() -> None:
    told = orjson.loads(dingtalk_body(MESSAGE))

    assert told["msgtype"] == "markdown"
    assert "吹哨报到" in told["markdown"]["title"]
    assert "期限:2026-05-09 00:00" in told["markdown"]["text"]
    assert "NL-2026-000001" in told["markdown"]["text"]


def test_a_robot_of_wecom_gets_markdown_within_its_limit() -> None:
    told = orjson.loads(wecom_body(MESSAGE))

    assert told["msgtype"] == "markdown"
    assert "https://chuishao.test/cases/1" in told["markdown"]["content"]
    assert len(told["markdown"]["content"].encode()) < 4096


@pytest.mark.parametrize(
    ("answer", "result", "again", "rest"),
    [
        (b'{"errcode":0,"errmsg":"ok"}', "ok", False, None),
        (b'{"errcode":-1,"errmsg":"system busy"}', "errcode--1", True, None),
        (b'{"errcode":45009}', "errcode-45009", True, 60.0),
        (b'{"errcode":130101}', "errcode-130101", True, 600.0),
        (b'{"errcode":310000}', "errcode-310000", False, None),
        (b'{"errcode":"<script>"}', "answer-not-understood", False, None),
        (b"<html>", "answer-not-understood", True, None),
        (b"[]", "answer-not-understood", True, None),
    ],
)
def test_robots_say_in_the_body_what_went_wrong(
    answer: bytes, result: str, again: bool, rest: float | None
) -> None:
    outcome = robot_outcome(answer)

    assert (outcome.result, outcome.again, outcome.rest_seconds) == (result, again, rest)


def test_sentences_name_clocks_and_rungs_in_words_and_leave_out_the_rest() -> None:
    assert in_words("ladder", {"kind": "C1", "rung": "RED"}, "zh").endswith("督查:红色")
    assert "C1" not in MESSAGE.zh
    assert "演示" not in in_words("grid-report", {"leader": "演示·李"}, "zh")
