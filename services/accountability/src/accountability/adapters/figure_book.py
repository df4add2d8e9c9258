"""Tables of figures as a workbook: units side by side, every cell with its counts, what was restated."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from accountability.adapters.figure_rows import PERCENT, Value, Words, number
from accountability.domain.figures import Cell, Figure, Line
from backbone.sheets import harmless

HEAD: Final = Font(bold=True)
SHADE: Final = PatternFill("solid", fgColor="DDE7F3")
NOTE: Final = Font(color="666666", italic=True)


def as_book(words: Words) -> bytes:
    """The workbook of one table."""
    book = Workbook()
    summary = sheet(book, words.say("sheet-summary"), first=True)
    write_head(summary, words.head())
    write_summary(summary, words)
    details = sheet(book, words.say("sheet-details"))
    write_head(details, words.head())
    write_rows(details, words.columns(), words.rows())
    if words.table.changes:
        _write_changes(sheet(book, words.say("sheet-changes")), words)
    return saved(book)


def sheet(book: Workbook, title: str, *, first: bool = False) -> Worksheet:
    """A sheet of the workbook."""
    made: Any = book.worksheets[0] if first else book.create_sheet()
    made.title = title
    found: Worksheet = made
    return found


def saved(book: Workbook) -> bytes:
    """The file."""
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def write_head(into: Worksheet, lines: Iterable[str]) -> None:
    """The lines above a table, and an empty one."""
    for line in lines:
        into.append([harmless(line)])
        into.cell(into.max_row, 1).font = NOTE
    into.append([""])


def write_rows(into: Worksheet, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """A table with its heads."""
    write_columns(into, columns)
    for row in rows:
        into.append([harmless(value) for value in row])


def write_columns(into: Worksheet, columns: Sequence[str]) -> None:
    """The heads of a table."""
    into.append(list(columns))
    for number_, name in enumerate(columns, start=1):
        cell = into.cell(into.max_row, number_)
        cell.font, cell.fill, cell.alignment = HEAD, SHADE, Alignment(wrap_text=True, vertical="center")
        into.column_dimensions[get_column_letter(number_)].width = max(10, 2 * len(name) + 2)


def write_summary(into: Worksheet, words: Words) -> None:
    """Units as rows, figures as columns, compared within their tiers; of all kinds of case."""
    lines = [line for line in words.table.lines if line.kind is None]
    figures = [figure for figure in Figure if any(line.figure is figure for line in lines)]
    if not figures:
        into.append([words.say("bulletin-nothing")])
        return
    heads = [words.say("column-tier"), words.say("column-unit"), *map(words.figure, figures)]
    write_columns(into, heads)
    cells = {(line.tier, line.unit, line.figure): line.cell for line in lines}
    for first in _places(lines):
        into.append([words.tier(first.tier), words.unit(first)])
        for column, figure in enumerate(figures, start=3):
            write_value(
                into, into.max_row, column, words, figure, cells.get((first.tier, first.unit, figure))
            )


def write_value(
    into: Worksheet, row: int, column: int, words: Words, figure: Figure, cell: Cell | None
) -> None:
    """A value in its format."""
    if cell is None:
        return
    place = into.cell(row, column, words.value(cell))
    if cell.value is not None:
        place.number_format = "0.0%" if figure in PERCENT else "0.0"


def _places(lines: Iterable[Line]) -> list[Line]:
    """One line for each place, in the order of the table."""
    return list({(line.tier, line.unit): line for line in reversed(list(lines))}.values())[::-1]


def _write_changes(into: Worksheet, words: Words) -> None:
    names = [words.say(f"column-{name}") for name in ("figure", "tier", "unit", "kind")]
    counts = [words.say(f"column-{name}") for name in ("numerator", "denominator", "value")]
    write_columns(into, [*names, *counts, *(f"→ {name}" for name in counts)])
    for change in words.table.changes:
        into.append(
            [
                words.figure(change.figure),
                *words.place(change),
                *_three(words, change.was),
                *_three(words, change.now),
            ]
        )


def _three(words: Words, cell: Cell | None) -> list[Value]:
    if cell is None:
        return [None, None, None]
    return [number(cell.numerator), cell.denominator, words.value(cell)]
