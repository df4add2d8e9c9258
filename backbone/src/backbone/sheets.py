"""Tables for people: rows as CSV or as a workbook, in which no text becomes a formula."""

import asyncio
import csv
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import date, datetime
from io import StringIO
from typing import IO, Any, Final, TypeVar

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Value = str | int | float | date | datetime | None
Row = Sequence[Value]
V = TypeVar("V")
MOST_ROWS: Final = 1_000_000
"""Rows one sheet of a workbook holds, a little below the format's own limit."""
LONGEST_CELL: Final = 32_767
"""Characters one cell of a workbook holds."""
_IN_MEMORY: Final = 8 * 2**20
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_BOM: Final = "\ufeff"


def harmless(value: V) -> V | str:
    """Text that a spreadsheet would take for a formula, marked as text."""
    if isinstance(value, str) and value.startswith(_DANGEROUS):
        return f"'{value}"
    return value


async def csv_stream(head: Sequence[str], rows: AsyncIterator[Sequence[Row]]) -> AsyncIterator[bytes]:
    """The table as UTF-8 with the mark by which spreadsheets know it, batch by batch."""
    yield csv_begin(head)
    async for batch in rows:
        yield csv_lines(batch)


def csv_begin(head: Sequence[str]) -> bytes:
    """The heads, after the mark by which spreadsheets know UTF-8."""
    return _BOM.encode() + csv_lines([head])


def csv_lines(rows: Iterable[Row]) -> bytes:
    """Rows as lines of UTF-8."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerows([harmless(value) for value in row] for row in rows)
    return text.getvalue().encode()


class SheetFull(Exception):
    """More rows than one sheet of a workbook holds."""

    status = 422
    slug = "export-too-large"

    def __init__(self) -> None:
        super().__init__(self.slug)
        self.params: Mapping[str, object] = {"most": MOST_ROWS}


async def workbook(title: str, head: Sequence[str], rows: AsyncIterator[Sequence[Row]]) -> IO[bytes]:
    """The table as an xlsx file, open at its start; large ones lie on disk. The caller closes it.

    Raises ``SheetFull`` beyond ``MOST_ROWS``.
    """
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, name in enumerate(head, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = max(12, 2 * len(name) + 2)
    sheet.append([_bold(sheet, name) for name in head])
    try:
        await _fill(sheet, rows)
    except BaseException:
        sheet.close()
        sheet._writer.cleanup()  # its rows lie in a file that only saving the book would take away
        raise
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  the caller closes it
    await asyncio.to_thread(book.save, file)  # seconds for a large one, in which others are served
    file.seek(0)
    return file


async def _fill(sheet: Any, rows: AsyncIterator[Sequence[Row]]) -> None:
    count = 0
    async for batch in rows:
        count += len(batch)
        if count > MOST_ROWS:
            raise SheetFull
        for row in batch:
            sheet.append([_fitting(harmless(value)) for value in row])


def _bold(sheet: Any, name: str) -> Any:
    cell: Any = WriteOnlyCell(sheet, name)
    cell.font = Font(bold=True)
    return cell


def _fitting(value: Value) -> Value:
    """Workbooks know no zones and no control characters, and cut long texts."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, str):
        return "".join(each for each in value if each.isprintable() or each in "\n\t")[:LONGEST_CELL]
    return value
