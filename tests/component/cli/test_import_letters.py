"""`chuishao import letters` before anything is sent: who acts, and what a file would come to."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chuishao.cli import app
from chuishao.county import County
from chuishao.import_letters import readable
from chuishao.importing import Result, people
from chuishao.letter_rows import LetterFile
from chuishao.words import CommandFailedError, InputRefusedError
from tests.generators.letter_oracle import count_file
from tests.generators.letters import (
    AFTER_ALL_ROWS,
    every_row,
    expected_counts,
    expected_rejects,
    ordinary_rows,
    write_letters,
)

COUNTY = County()
ROWS = every_row(11, ten_megabytes=False)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_letters(tmp_path_factory.mktemp("letters") / "every-row.xlsx", ROWS)


def checked(path: Path, now: datetime) -> Result:
    """What an import into an empty system would make of a file at a moment."""
    result = Result()
    for _ in readable(LetterFile(path), result, now):
        pass
    return result


def test_a_check_finds_what_an_import_would_reject(path: Path) -> None:
    result = checked(path, AFTER_ALL_ROWS)
    expected = expected_counts(ROWS)
    assert {row.line: row.reason for row in result.rejected} == expected_rejects(ROWS)
    assert (result.rows, result.already) == (expected.rows, expected.already)


def test_a_check_rejects_what_has_not_happened_yet(path: Path) -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    result = checked(path, now)
    assert any(row.reason == "not-yet-happened" for row in result.rejected)
    assert len(result.rejected) == count_file(path, now=now).rejected


def test_a_dry_run_needs_no_running_system_and_records_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHUISHAO_DATA", str(tmp_path / "nothing-here"))
    file = write_letters(tmp_path / "letters.xlsx", ordinary_rows(3, 5))
    ran = CliRunner().invoke(app, ["import", "letters", str(file), "--approved-by", "甲", "--dry-run"])
    assert ran.exit_code == 0
    told = json.loads(ran.stdout.splitlines()[-1])
    assert told["dry_run"] is True
    assert (told["rows"], told["valid"], told["imported"], told["rejected"]) == (5, 5, 0, 0)
    assert not (tmp_path / "nothing-here").exists()


def test_a_file_is_looked_at_before_the_system_is_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHUISHAO_DATA", str(tmp_path / "nothing-here"))
    (tmp_path / "page.xlsx").write_text("<html>")
    good = write_letters(tmp_path / "letters.xlsx", ordinary_rows(3, 1))
    for file, slug in ((tmp_path / "page.xlsx", "import-no-xlsx"), (good, "launcher-not-running")):
        ran = CliRunner().invoke(app, ["import", "letters", str(file), "--approved-by", "supervisor-2"])
        assert isinstance(ran.exception, CommandFailedError)
        assert ran.exception.slug == slug
        assert ran.stdout == ""


def test_the_recorder_is_a_supervisor_of_the_office_other_than_the_approver() -> None:
    first, approver = people(COUNTY, None, "somebody-else")
    other, second = people(COUNTY, None, first.subject)
    assert (first.role, other.role) == ("office_supervisor", "office_supervisor")
    assert (approver, second) == ("somebody-else", first.subject)
    assert other.subject != first.subject


def test_an_approver_of_the_county_may_be_named_by_name() -> None:
    known = COUNTY.people["supervisor-2"]
    assert people(COUNTY, None, f" {known.name} ")[1] == "supervisor-2"


def test_a_name_nobody_knows_is_not_recorded_in_plain_text() -> None:
    approver = people(COUNTY, None, "李四")[1]
    assert "李四" not in approver
    assert approver == people(COUNTY, None, "李四")[1] != people(COUNTY, None, "李五")[1]


@pytest.mark.parametrize(
    ("who", "approved_by", "slug"),
    [
        ("supervisor-1", "supervisor-1", "recorder-cannot-approve"),
        (
            "office_supervisor@burden-reduction-office",
            "office_supervisor@burden-reduction-office",
            "recorder-cannot-approve",
        ),
        (None, "  ", "second-person-needed"),
    ],
)
def test_nobody_approves_what_he_records(who: str | None, approved_by: str, slug: str) -> None:
    with pytest.raises(InputRefusedError) as refused:
        people(COUNTY, who, approved_by)
    assert refused.value.slug == slug
    assert refused.value.exit_code == 2


def test_a_role_no_person_has_cannot_record() -> None:
    with pytest.raises(CommandFailedError) as refused:
        people(COUNTY, "service@intake", "supervisor-1")
    assert refused.value.slug == "token-role-unknown"
