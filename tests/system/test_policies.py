"""`chuishao policy` and the days a county adds, on the running system."""

import json
from pathlib import Path

import pytest

from chuishao.system import System
from tests.system.test_calendar import chuishao

SOURCE = {"title": "南乐县吹哨报到时限规定(测试)", "number": "测试〔2031〕1号"}
POLICY = {
    "clock": "C12",
    "effective_from": "2031-01-01",
    "source": SOURCE,
    "limits": {"ordinary": {"working_days": 4}},
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A policy that begins in five years."""
    file = tmp_path / "policy.json"
    file.write_text(json.dumps(POLICY), encoding="utf-8")
    return file


def test_a_policy_is_tried_proposed_and_approved_by_another(system: System, file: Path) -> None:
    tried = json.loads(chuishao(system, "policy", "dry-run", str(file), "--json").stdout)
    proposed = chuishao(system, "policy", "propose", str(file), "--as", "administrator-1")
    alone = chuishao(system, "policy", "approve", "C12", "2", "--as", "administrator-1")
    approved = chuishao(system, "policy", "approve", "C12", "2", "--as", "administrator-2")

    assert (tried["version"], tried["moved"], tried["would_breach"]) == ("C12.2", 0, 0)
    assert (proposed.returncode, alone.returncode, approved.returncode) == (0, 1, 0)
    assert "C12.2" in proposed.stdout
    listed = json.loads(chuishao(system, "policy", "list", "--clock", "C12", "--all", "--json").stdout)
    assert [(each["version"], each["state"], each["in_force"]) for each in listed] == [
        ("C12.1", "approved", True),
        ("C12.2", "approved", False),
    ]
    shown = chuishao(system, "policy", "show", "C12")
    assert "提请下派审核 → 审核结论" in shown.stdout
    assert SOURCE["number"] in shown.stdout


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"clock": "C1",\n "limits": }', "第2行"),
        ('{"clock": "C1", "judged": true}', "judged"),
        ('{"clock": "C1", "effective_from": "明天"}', "effective_from"),
    ],
)
def test_a_file_that_is_no_policy_is_one_line(
    system: System, tmp_path: Path, content: str, told: str
) -> None:
    file = tmp_path / "policy.json"
    file.write_text(content, encoding="utf-8")

    refused = chuishao(system, "policy", "propose", str(file))

    assert refused.returncode == 2
    assert len(refused.stderr.strip().splitlines()) == 1
    assert told in refused.stderr


def test_a_day_is_closed_and_opened_again(system: System) -> None:
    title = ("--title", "关于暴雨停工的通知(测试)")

    closed = chuishao(system, "calendar", "close", "2026-03-03", "--note", "暴雨停工", *title)
    restored = chuishao(system, "calendar", "restore", "2026-03-03", *title)
    again = chuishao(system, "calendar", "close", "2026-03-03", "--note", "暴雨停工", *title)
    days = json.loads(chuishao(system, "calendar", "status", "--json").stdout)["years"]
    chuishao(system, "calendar", "restore", "2026-03-03", *title)
    wrong = chuishao(system, "calendar", "half-day", "明天", "morning", "--note", "雨", *title)

    assert [each.returncode for each in (closed, restored, again)] == [0, 0, 0]
    (year,) = [each for each in days if each["year"] == 2026]
    assert [each["kind"] for each in year["special_days"]] == ["closed"]
    assert wrong.returncode == 2
    assert "明天" in wrong.stderr
