"""The oracle of letters gives the published examples, and every generated file comes to what its rows say."""

from datetime import date, datetime, time
from pathlib import Path
from zipfile import BadZipFile

import pytest
from openpyxl import load_workbook

from tests.generators import letter_oracle, letters
from tests.generators.letter_oracle import DAY, SECOND, SHANGHAI, judge

REAL_LETTERS = Path(__file__).parents[3] / "shared" / "data" / "letters.xlsx"
SEED = 410923
NOON = time(12)


def at(day: date, clock: time = NOON) -> datetime:
    return datetime.combine(day, clock, tzinfo=SHANGHAI)


def end_of(day: date) -> datetime:
    return at(day + DAY, time(0))


@pytest.mark.parametrize(
    ("start", "limit", "last"),
    [
        (date(2026, 2, 13), 3, date(2026, 2, 25)),
        (date(2026, 2, 13), 7, date(2026, 3, 2)),
        (date(2026, 2, 15), 3, date(2026, 2, 26)),
        (date(2026, 2, 15), 7, date(2026, 3, 3)),
        (date(2026, 4, 30), 3, date(2026, 5, 8)),
        (date(2026, 4, 30), 7, date(2026, 5, 13)),
        (date(2026, 5, 8), 3, date(2026, 5, 12)),
        (date(2026, 5, 8), 7, date(2026, 5, 18)),
        (date(2026, 9, 18), 3, date(2026, 9, 22)),
        (date(2026, 9, 18), 7, date(2026, 9, 29)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 9, 30), 7, date(2026, 10, 15)),
    ],
)
def test_an_answer_is_on_time_to_the_second_of_24_00(start: date, limit: int, last: date) -> None:
    assert judge(at(start), end_of(last), limit) == "on_time"
    assert judge(at(start), end_of(last) + SECOND, limit) == "breached"


def test_monday_to_friday_gives_another_deadline() -> None:
    asked, third = at(date(2026, 5, 8)), end_of(date(2026, 5, 13))
    assert judge(asked, third, 3) == "breached"
    assert judge(asked, third, 3, letter_oracle.monday_to_friday) == "on_time"


def test_a_deadline_at_the_end_of_2026_lies_between_two_bounds() -> None:
    asked = at(date(2026, 12, 29))
    assert judge(asked, end_of(date(2027, 1, 2)), 3) == "on_time"
    assert judge(asked, end_of(date(2027, 1, 2)) + SECOND, 3) == "provisional"
    assert judge(asked, end_of(date(2027, 1, 18)), 3) == "provisional"
    assert judge(asked, end_of(date(2027, 1, 18)) + SECOND, 3) == "breached"


def test_a_deadline_on_24_december_2026_is_certain() -> None:
    asked = at(date(2026, 12, 21))
    assert judge(asked, end_of(date(2026, 12, 24)), 3) == "on_time"
    assert judge(asked, end_of(date(2026, 12, 24)) + SECOND, 3) == "breached"


@pytest.mark.parametrize("form", letters.TIME_FORMS)
def test_every_agreed_form_of_a_time_reads_back(form: str) -> None:
    moment = datetime(2019, 4, 4, 9, 3, 5, tzinfo=SHANGHAI)
    expected = moment.replace(second=0) if form in letters.FORMS_WITHOUT_SECONDS else moment
    assert letter_oracle.read_time(letters.TIME_FORMS[form](moment)) == expected


def test_a_generated_file_comes_to_what_its_rows_say(tmp_path: Path) -> None:
    rows = letters.every_row(SEED)
    file = letters.write_letters(tmp_path / "letters.xlsx", rows)
    counts = letter_oracle.count_file(file, now=letters.AFTER_ALL_ROWS)
    assert counts == letters.expected_counts(rows)
    assert counts.already == 1
    assert counts.rejected >= 15
    assert min(*counts.respond.values(), *counts.resolve.values()) > 0


def test_every_bad_row_is_rejected_for_its_reason(tmp_path: Path) -> None:
    rows = letters.bad_rows(SEED)
    file = letters.write_letters(tmp_path / "letters.xlsx", rows)
    said = [row for row in rows if row.expected is not None]
    read = letter_oracle.read_rows(file)
    assert len(read) == len(said)
    for row, cells in zip(said, read, strict=True):
        assert row.expected is not None
        if row.expected.reason != "number-reused":
            assert letter_oracle.why_rejected(cells) == row.expected.reason, row.shows


def test_every_number_but_a_repeated_one_is_used_once() -> None:
    numbers = [str(row.cells["留言编号"]) for row in letters.every_row(SEED) if row.cells.get("留言编号")]
    repeated = [number for number in numbers if numbers.count(number) > 1]
    assert len(repeated) == 3
    assert len(set(repeated)) == 1


def test_one_seed_gives_one_file_and_another_seed_another() -> None:
    def cells(seed: int) -> list[dict[str, letters.Cell]]:
        return [dict(row.cells) for row in letters.every_row(seed)]

    assert cells(1) == cells(1)
    assert cells(1) != cells(2)


def test_text_like_a_formula_stays_text(tmp_path: Path) -> None:
    file = letters.write_letters(tmp_path / "letters.xlsx", letters.bad_rows(SEED))
    sheet = load_workbook(file).worksheets[0]
    kinds = {cell.data_type for line in sheet.iter_rows() for cell in line}
    assert "f" not in kinds


def test_moved_and_added_columns_change_nothing(tmp_path: Path) -> None:
    rows = letters.ordinary_rows(SEED)
    columns = ("备注", *reversed(letter_oracle.COLUMNS))
    file = letters.write_letters(tmp_path / "letters.xlsx", rows, columns)
    assert letter_oracle.count_file(file) == letters.expected_counts(rows)


@pytest.mark.parametrize("lacking", letter_oracle.COLUMNS)
def test_a_file_without_a_column_is_named_as_such(lacking: str, tmp_path: Path) -> None:
    columns = [column for column in letter_oracle.COLUMNS if column != lacking]
    file = letters.write_letters(tmp_path / "letters.xlsx", letters.ordinary_rows(SEED), columns)
    with pytest.raises(letter_oracle.OtherColumns, match=lacking):
        letter_oracle.count_file(file)


def test_labelled_appeals_have_one_more_column_than_appeals(tmp_path: Path) -> None:
    appeals = letters.write_appeals(tmp_path / "appeals.xlsx", letters.appeal_rows(SEED))
    labelled = letters.write_labelled(tmp_path / "labelled.xlsx", letters.labelled_rows(SEED))
    first, second = (
        list(load_workbook(file).worksheets[0].iter_rows(values_only=True)) for file in (appeals, labelled)
    )
    assert len(first) == len(second) == 31
    assert [line[:5] for line in second] == first
    assert second[0][5] == "一级分类"


def test_files_that_are_no_xlsx_cannot_be_read(tmp_path: Path) -> None:
    files = [file for _, file in letters.files_that_are_no_xlsx(tmp_path)]
    assert len(files) == 5
    for file in files:
        with pytest.raises((BadZipFile, KeyError)):
            letter_oracle.count_file(file)


@pytest.mark.skipif(not REAL_LETTERS.exists(), reason="the real letters (../shared/data) are not here")
def test_the_real_letters_come_to_other_figures_when_holidays_are_ignored() -> None:
    rows = letter_oracle.read_rows(REAL_LETTERS)
    counts = letter_oracle.count(rows)
    wrong = letter_oracle.count(rows, letter_oracle.monday_to_friday)
    assert (counts.rows, counts.imported, counts.rejected) == (1408, 1408, 0)
    assert counts.respond == {"on_time": 331, "breached": 1077, "provisional": 0}
    assert counts.resolve == {"on_time": 687, "breached": 721, "provisional": 0}
    assert wrong.respond == {"on_time": 325, "breached": 1083, "provisional": 0}
    assert wrong.resolve == {"on_time": 668, "breached": 740, "provisional": 0}
