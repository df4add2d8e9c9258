"""Reading letter files: every time form, every bad row, every file that is none."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from chuishao.letter_rows import (
    LONGEST_CELL,
    SHANGHAI,
    LetterFile,
    LetterRow,
    RejectedRow,
    UnreadableTime,
    write_rejects,
)
from chuishao.letter_rows import read_time as read_time_of_cell
from chuishao.words import InputRefusedError
from tests.generators.letter_oracle import COLUMNS, read_rows, read_time
from tests.generators.letters import (
    TIME_FORMS,
    UNKNOWN_TIMES,
    Row,
    every_row,
    expected_rejects,
    files_that_are_no_xlsx,
    ordinary_rows,
    time_form_rows,
    write_letters,
    write_sheet,
)

ROWS = every_row(7)


def read(path: Path) -> list[LetterRow | RejectedRow]:
    return list(LetterFile(path).rows())


def letters_of(path: Path) -> list[LetterRow]:
    return [row for row in read(path) if isinstance(row, LetterRow)]


@pytest.fixture(scope="module")
def every_row_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_letters(tmp_path_factory.mktemp("letters") / "every-row.xlsx", ROWS)


def test_a_row_is_rejected_for_the_reason_that_is_expected(every_row_file: Path) -> None:
    # A number that comes again is for intake to judge, which knows every letter ever recorded.
    wanted = {line: why for line, why in expected_rejects(ROWS).items() if why != "number-reused"}
    rejected = {row.line: row.reason for row in read(every_row_file) if isinstance(row, RejectedRow)}
    assert len(wanted) > 10
    assert rejected == wanted


def test_the_times_of_every_form_are_those_another_reader_finds(every_row_file: Path) -> None:
    others = {str(row["留言编号"]): row for row in read_rows(every_row_file)}
    letters = letters_of(every_row_file)
    assert len(letters) > 200
    for letter in letters:
        other = others[letter.number]
        assert letter.asked_at == read_time(other["留言时间"])
        assert letter.answered_at == read_time(other["答复时间"])


def test_a_blank_row_is_no_row(every_row_file: Path) -> None:
    assert LetterFile(every_row_file).count() == len([row for row in ROWS if row.expected is not None])


@pytest.mark.parametrize("text", UNKNOWN_TIMES)
def test_a_time_nobody_agreed_on_is_not_guessed(text: str) -> None:
    with pytest.raises(UnreadableTime) as refused:
        read_time_of_cell(text)
    assert refused.value.slug == "unknown-time-form"


@pytest.mark.parametrize("cell", [True, 0.5, 100_000, -1, datetime(2019, 4, 24, tzinfo=UTC).time()])
def test_a_value_that_is_no_time_is_not_guessed(cell: object) -> None:
    with pytest.raises(UnreadableTime) as refused:
        read_time_of_cell(cell)
    assert refused.value.slug == "unknown-time-form"


def test_a_serial_number_counts_from_the_workbooks_own_day_0() -> None:
    from_1900 = read_time_of_cell(43_579.669_212_96)
    from_1904 = read_time_of_cell(42_117.669_212_96, datetime(1904, 1, 1))  # noqa: DTZ001 as Excel has it
    assert from_1900 == from_1904 == datetime(2019, 4, 24, 16, 3, 40, tzinfo=SHANGHAI)


@pytest.mark.parametrize("text", ["2019/4/24 16：03：40", "２０１９-04-24 16:03:40", "2019-04-24T08:03:40Z"])
def test_full_width_signs_and_utc_are_understood(text: str) -> None:
    assert read_time_of_cell(text) == datetime(2019, 4, 24, 16, 3, 40, tzinfo=SHANGHAI)


def test_the_same_letter_is_the_same_request_in_whatever_form_its_times_are(tmp_path: Path) -> None:
    seconds = {form: row for form, row in zip(pairs(), time_form_rows(3), strict=True) if whole(form)}
    bodies = []
    for n, row in enumerate(seconds.values()):
        (letter,) = letters_of(write_letters(tmp_path / f"{n}.xlsx", [row]))
        body = letter.body("supervisor-2")
        bodies.append((body["submitted_at"], body["responded_at"]))
    assert len(bodies) > 20
    assert set(bodies) == {("2019-04-24T01:03:40+00:00", "2019-05-09T08:49:10+00:00")}


def pairs() -> list[tuple[str, str]]:
    return [(form, answer) for form in TIME_FORMS for answer in TIME_FORMS]


def whole(forms: tuple[str, str]) -> bool:
    moment = datetime(2019, 4, 24, 9, 3, 40, tzinfo=SHANGHAI)
    return all(read_time_of_cell(TIME_FORMS[form](moment)) == moment for form in forms)


@pytest.mark.parametrize(
    "columns",
    [
        tuple(reversed(COLUMNS)),
        ("序号", *COLUMNS[:3], "备注", *COLUMNS[3:]),
        tuple(f" {column} " for column in COLUMNS),
    ],
)
def test_columns_are_found_by_name_in_any_order(tmp_path: Path, columns: Sequence[str]) -> None:
    rows = ordinary_rows(5, 6)
    named = [{name: row.cells.get(name.strip()) for name in columns} for row in rows]
    moved = letters_of(write_sheet(tmp_path / "moved.xlsx", columns, named))
    usual = letters_of(write_letters(tmp_path / "usual.xlsx", rows))
    assert moved == usual
    assert len(moved) == 6


@pytest.mark.parametrize("lacking", COLUMNS)
def test_a_file_without_a_column_is_refused_as_a_whole(tmp_path: Path, lacking: str) -> None:
    columns = [column for column in COLUMNS if column != lacking]
    path = write_letters(tmp_path / "lacking.xlsx", ordinary_rows(5, 3), columns)
    with pytest.raises(InputRefusedError, match=lacking) as refused:
        LetterFile(path).count()
    assert refused.value.slug == "import-columns-missing"
    assert refused.value.exit_code == 2


def test_the_letters_may_be_on_a_later_sheet_below_blank_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("说明").append(["这里没有来信"])
    sheet = book.create_sheet("来信")
    for _ in range(2):
        sheet.append([None])
    sheet.append(COLUMNS)
    (row,) = ordinary_rows(5, 1)
    sheet.append([row.cells[column] for column in COLUMNS])
    book.save(tmp_path / "sheets.xlsx")
    (letter,) = letters_of(tmp_path / "sheets.xlsx")
    assert letter.line == 4
    assert letter.number == row.cells["留言编号"]


def test_a_file_that_is_no_workbook_is_refused_in_one_line(tmp_path: Path) -> None:
    shown = []
    for shows, path in files_that_are_no_xlsx(tmp_path):
        with pytest.raises(InputRefusedError) as refused:
            LetterFile(path).count()
        assert refused.value.slug == "import-no-xlsx", shows
        assert "\n" not in str(refused.value)
        shown.append(shows)
    assert len(shown) == 5


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.xlsx", tmp_path):
        with pytest.raises(InputRefusedError) as refused:
            LetterFile(path).count()
        assert refused.value.slug == "import-unreadable"


def test_a_row_without_title_or_user_is_an_anonymous_letter(tmp_path: Path) -> None:
    (row,) = ordinary_rows(5, 1)
    bare = Row(
        "no title, no user", {**row.cells, "留言主题": None, "留言用户": None, "留言编号": 12.0}, row.expected
    )
    (letter,) = letters_of(write_letters(tmp_path / "bare.xlsx", [bare]))
    body = letter.body("supervisor-2")
    assert letter.number == "12"
    assert letter.text.startswith(letter.title)
    assert letter.title
    assert (body["anonymous"], body["writer"]) == (True, None)
    assert datetime.fromisoformat(str(body["submitted_at"])).tzinfo == UTC


def test_rejected_rows_are_written_with_line_and_reason_and_can_be_imported_again(
    every_row_file: Path, tmp_path: Path
) -> None:
    rejected = [row for row in read(every_row_file) if isinstance(row, RejectedRow)]
    path = write_rejects(tmp_path / "letters.xlsx", rejected)
    assert path == tmp_path / "letters.rejects.xlsx"
    sheet = openpyxl.load_workbook(path).worksheets[0]
    header, *lines = sheet.iter_rows(values_only=True)
    assert [(line[0], line[1]) for line in lines] == [(row.line, row.reason) for row in rejected]
    assert all(line[2] for line in lines)
    assert header[3:10] == COLUMNS
    assert max(len(str(cell)) for line in lines for cell in line) == LONGEST_CELL
    again = [row.reason for row in read(path) if isinstance(row, RejectedRow)]
    # Ten megabytes of text are cut to what a cell holds, and that much may go in.
    assert again == [row.reason for row in rejected if row.reason != "text-too-long"]


def test_text_like_a_formula_stays_text_in_the_rejects(tmp_path: Path) -> None:
    rejected = [RejectedRow.of(2, {"留言编号": "=1+1", "留言详情": "@SUM(A1)"}, "no-answer")]
    path = write_rejects(tmp_path / "letters.xlsx", rejected)
    _, line = openpyxl.load_workbook(path).worksheets[0].iter_rows()
    assert [(cell.value, cell.data_type) for cell in line if cell.value in {"=1+1", "@SUM(A1)"}] == [
        ("=1+1", "s"),
        ("@SUM(A1)", "s"),
    ]


def test_an_older_file_of_rejects_stays_as_it_is(tmp_path: Path) -> None:
    rejected = [RejectedRow.of(2, {"留言编号": "1"}, "no-answer")]
    first, second = (write_rejects(tmp_path / "letters.xlsx", rejected) for _ in range(2))
    assert first.name == "letters.rejects.xlsx"
    assert second.name == "letters.rejects-2.xlsx"


def test_rejects_go_to_the_working_directory_where_nothing_may_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rejected = [RejectedRow.of(2, {"留言编号": "1"}, "no-answer")]
    path = write_rejects(Path("/proc/letters.xlsx"), rejected)
    assert path == tmp_path / "letters.rejects.xlsx"
    assert path.exists()
