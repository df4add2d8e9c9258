"""Reads a workbook of residents' inquiries with their answers, row by row; what is no letter says why."""

import contextlib
import itertools
import re
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final
from xml.etree.ElementTree import ParseError
from zoneinfo import ZoneInfo

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.datetime import from_excel
from openpyxl.utils.exceptions import InvalidFileException

from chuishao.words import CommandFailedError, InputRefusedError, Saying

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
NUMBER, USER, TITLE, ASKED, TEXT, ANSWER, ANSWERED = COLUMNS = (
    "留言编号",
    "留言用户",
    "留言主题",
    "留言时间",
    "留言详情",
    "答复意见",
    "答复时间",
)
LONGEST_CELL: Final = 32_767
"""Characters a cell may hold by the file format."""
LONGEST: Final[Mapping[str, int]] = {
    NUMBER: 200,
    USER: 200,
    TITLE: 200,
    TEXT: LONGEST_CELL,
    ANSWER: LONGEST_CELL,
}
"""Characters intake takes."""
TITLE_FROM_TEXT: Final = 30
"""Characters of the text that stand in for a title nobody wrote."""

_SECOND: Final = timedelta(seconds=1)
_SERIALS: Final = (1, 100_000)
_SLASHED: Final = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2}) +(\d{1,2}):(\d{2})(?::(\d{2}))?")
_CHINESE: Final = re.compile(
    r"(\d{4})年(\d{1,2})月(\d{1,2})日 *(\d{1,2})(?::(\d{2})(?::(\d{2}))?|时(\d{1,2})分(?:(\d{1,2})秒)?)"
)
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})")
_BROKEN: Final = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    KeyError,
    IndexError,
    AttributeError,
    EOFError,
    TypeError,
    ValueError,
    NotImplementedError,
)
"""What the reader of workbooks raises for a file that is none."""


class UnreadableTime(Exception):
    """A cell holds no time, or one in no form that was agreed on; ``slug`` says which."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter with its answer as a row of the sheet holds it; times are in Asia/Shanghai."""

    line: int
    number: str
    user: str
    title: str
    text: str
    answer: str
    asked_at: datetime
    answered_at: datetime
    cells: Mapping[str, object] = field(repr=False, compare=False)

    def body(self, approved_by: str) -> dict[str, object]:
        """The command that records it. Times in UTC, so that the same letter is the same request."""
        return {
            "channel": "inquiry",
            "title": self.title,
            "text": self.text,
            "anonymous": not self.user,
            "writer": self.user or None,
            "external_number": self.number,
            "answer": self.answer,
            "submitted_at": self.asked_at.astimezone(UTC).isoformat(),
            "responded_at": self.answered_at.astimezone(UTC).isoformat(),
            "approved_by": approved_by,
        }


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that does not go in: its line in the sheet, why, and what it holds, cut where a cell must end."""

    line: int
    reason: str
    params: Mapping[str, object]
    cells: Mapping[str, object] = field(repr=False)

    @classmethod
    def of(cls, line: int, cells: Mapping[str, object], reason: str, **params: object) -> "RejectedRow":
        kept = {name: cell[:LONGEST_CELL] if isinstance(cell, str) else cell for name, cell in cells.items()}
        return cls(line, reason, params, kept)

    @property
    def why(self) -> Saying:
        """The reason in words."""
        return Saying(self.reason, self.params)


class RowFile:
    """A workbook with these columns; rows are read as they are asked for and never held together."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._path, self._columns = path, columns

    def count(self) -> int:
        """Read it to its end and count its rows; ``InputRefusedError`` before anything is done with it."""
        return sum(1 for _ in self.cells())

    def cells(self) -> Iterator[tuple[int, Mapping[str, object], datetime]]:
        """Line, cells by column name and the workbook's day 0 of every row that is not blank."""
        try:
            with self._path.open("rb") as file, contextlib.closing(_opened(file)) as book:
                for line, cells in _lines(book, self._columns):
                    yield line, cells, book.epoch
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise InputRefusedError("import-unreadable", file=self._path, reason=reason) from error
        except _BROKEN as error:
            raise InputRefusedError("import-no-xlsx", file=self._path) from error


class LetterFile(RowFile):
    """A workbook of letters with their answers."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, COLUMNS)

    def rows(self) -> Iterator[LetterRow | RejectedRow]:
        """Every row that is not blank, in order, numbered as the sheet shows it."""
        for line, cells, epoch in self.cells():
            yield read_row(line, cells, epoch)


def _opened(file: IO[bytes]) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions, which hold no letters
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    if not book.worksheets:
        raise InvalidFileException("no worksheet")
    return book


def _lines(book: openpyxl.Workbook, columns: Sequence[str]) -> Iterator[tuple[int, Mapping[str, object]]]:
    """The rows below the header by column name, from the first sheet that has all columns."""
    missing: list[str] = []
    for sheet in book.worksheets:
        # Some writers state a size that is too small, and the reader would believe it.
        sheet.reset_dimensions()
        lines = enumerate(sheet.iter_rows(values_only=True), start=1)
        header = next((cells for _, cells in lines if _said(cells)), ())
        places = {str(cell).strip(): n for n, cell in reversed(list(enumerate(header))) if cell is not None}
        lacking = [column for column in columns if column not in places]
        if not lacking:
            for line, cells in lines:
                if _said(cells):
                    yield line, {name: cells[n] if n < len(cells) else None for name, n in places.items()}
            return
        missing = missing or lacking
    raise InputRefusedError("import-columns-missing", columns="、".join(missing))


def _said(cells: tuple[object, ...]) -> bool:
    return any(cell is not None and str(cell).strip() for cell in cells)


def read_row(
    line: int, cells: Mapping[str, object], epoch: datetime | None = None
) -> LetterRow | RejectedRow:
    """The letter of a row, or why it is none; ``epoch`` is the workbook's day 0."""
    said = {column: as_text(cells.get(column)) for column in LONGEST}
    for column, reason in ((NUMBER, "no-number"), (TEXT, "no-text"), (ANSWER, "no-answer")):
        if not said[column]:
            return RejectedRow.of(line, cells, reason)
    for column, limit in LONGEST.items():
        if len(said[column]) > limit:
            return RejectedRow.of(line, cells, "text-too-long", limit=limit)
    try:
        asked, answered = read_time(cells.get(ASKED), epoch), read_time(cells.get(ANSWERED), epoch)
    except UnreadableTime as unreadable:
        return RejectedRow.of(line, cells, unreadable.slug)
    if answered < asked:
        return RejectedRow.of(line, cells, "answer-before-question")
    return LetterRow(
        line=line,
        number=said[NUMBER],
        user=said[USER],
        title=said[TITLE] or said[TEXT].splitlines()[0][:TITLE_FROM_TEXT].strip(),
        text=said[TEXT],
        answer=said[ANSWER],
        asked_at=asked,
        answered_at=answered,
        cells=cells,
    )


def as_text(value: object) -> str:
    """What a cell says, without blanks around it; a whole number without a fraction."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def read_time(cell: object, epoch: datetime | None = None) -> datetime:
    """The moment a cell stands for, to the second; raises ``UnreadableTime``.

    A time without a zone is one of Asia/Shanghai. Nothing is guessed: a form that was not agreed on, or a
    day that never was, is refused.
    """
    match cell:
        case None:
            raise UnreadableTime("no-time")
        case datetime() as moment:
            # Excel keeps a fraction of a day, which misses the second by some microseconds.
            return (moment + _SECOND / 2).replace(microsecond=0, tzinfo=SHANGHAI)
        case bool():
            raise UnreadableTime("unknown-time-form")
        case int() | float():
            return _from_serial(cell, epoch)
        case str():
            return _from_text(unicodedata.normalize("NFKC", cell).strip())
        case _:
            raise UnreadableTime("unknown-time-form")


def _from_serial(serial: float, epoch: datetime | None) -> datetime:
    first, last = _SERIALS
    if not first <= serial < last:
        raise UnreadableTime("unknown-time-form")
    moment = from_excel(serial) if epoch is None else from_excel(serial, epoch)
    if not isinstance(moment, datetime):
        raise UnreadableTime("unknown-time-form")
    return (moment + _SECOND / 2).replace(microsecond=0, tzinfo=SHANGHAI)


def _from_text(text: str) -> datetime:
    if not text:
        raise UnreadableTime("no-time")
    try:
        if _ISO.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(SHANGHAI)
        if found := _SLASHED.fullmatch(text) or _CHINESE.fullmatch(text):
            parts = [int(part) for part in found.groups() if part is not None]
            year, month, day, hour, minute, second = (*parts, 0)[:6]
            return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)
    except ValueError as impossible:
        raise UnreadableTime("unknown-time-form") from impossible
    raise UnreadableTime("unknown-time-form")


def write_rejects(source: Path, rejected: Sequence[RejectedRow], columns: Sequence[str] = COLUMNS) -> Path:
    """A workbook of the rows that did not go in, with line and reason, to be corrected and imported again.

    It lies beside ``source`` or, where nothing may be written there, in the working directory; an older one
    stays as it is.
    """
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("未导入 rejected")
    names = list(dict.fromkeys([*columns, *(name for row in rejected for name in row.cells)]))
    sheet.append(["行号 line", "代码 code", "原因 reason", *names])
    for row in sorted(rejected, key=lambda each: each.line):
        sheet.append(
            [row.line, row.reason, str(row.why), *(_cell(sheet, row.cells.get(name)) for name in names)]
        )
    with _new_file(source) as file:
        book.save(file)
        return Path(file.name)


def _cell(sheet: Any, value: object) -> object:
    if value is None or isinstance(value, int | float | datetime):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", str(value)))
    cell.data_type = "s"  # text stays text, also where it looks like a formula
    return cell


def _new_file(source: Path) -> IO[bytes]:
    for folder in (source.absolute().parent, Path.cwd()):
        for n in itertools.count(1):
            ending = "" if n == 1 else f"-{n}"
            try:
                return (folder / f"{source.stem}.rejects{ending}.xlsx").open("xb")
            except FileExistsError:
                continue
            except OSError:
                break
    raise CommandFailedError("import-rejects-unwritable", file=source)
