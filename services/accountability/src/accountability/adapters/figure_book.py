"""Tables of figures as a workbook: units side by side, every cell with its counts, what was restated."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, Final
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from accountability.adapters.figure_rows import COLUMNS, COUNTS, PERCENT, Words
from accountability.domain.figures import Cell, Figure, Line
from backbone.sheets import harmless

HEAD: Final = Font(bold=True)
SHADE: Final = PatternFill("solid", fgColor="DDE7F3")
NOTE: Final = Font(color="666666", italic=True)
TITLE_SIZE: Final = 14
NARROWEST, WIDEST_HEAD, WIDEST = 8, 16, 44
VALUE: Final = 1 + COLUMNS.index("value")
P90: Final = 1 + COLUMNS.index("p90")


def as_book(words: Words) -> bytes:
    """The workbook of one table."""
    book = Workbook()
    summary = sheet(book, words.say("sheet-summary"), first=True)
    write_head(summary, words.head())
    write_summary(summary, words)
    details = sheet(book, words.say("sheet-details"))
    write_head(details, words.head())
    write_details(details, words)
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
    """The file, its columns as wide as what stands in them."""
    for each in book.worksheets:
        _fit(each)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def write_head(into: Worksheet, lines: Iterable[str]) -> None:
    """The lines above a table, and an empty one."""
    for line in lines:
        into.append([harmless(line)])
        into.cell(into.max_row, 1).font = NOTE
    into.append([""])


def write_details(into: Worksheet, words: Words) -> None:
    """The long table: one row per cell."""
    write_columns(into, words.columns())
    head = into.max_row
    into.freeze_panes = f"A{head + 1}"
    for line, row in zip(words.table.lines, words.rows(), strict=True):
        into.append([harmless(value) for value in row])
        for column in (VALUE, P90):
            into.cell(into.max_row, column).number_format = _format(line.figure)
    into.auto_filter.ref = f"A{head}:{get_column_letter(len(words.columns()))}{into.max_row}"


def write_columns(into: Worksheet, columns: Sequence[str]) -> None:
    """The heads of a table."""
    into.append(list(columns))
    for number_ in range(1, len(columns) + 1):
        cell = into.cell(into.max_row, number_)
        cell.font, cell.fill, cell.alignment = HEAD, SHADE, Alignment(wrap_text=True, vertical="center")


def write_summary(into: Worksheet, words: Words) -> None:
    """Units as rows, figures as columns, compared within their tiers; of all kinds of case.

    Beside each value stand the counts it comes from and how many are excluded.
    """
    lines = [line for line in words.table.lines if line.kind is None]
    figures = [figure for figure in Figure if any(line.figure is figure for line in lines)]
    if not figures:
        into.append([words.say("bulletin-nothing")])
        return
    counts = words.say("column-counts")
    heads = [words.say("column-tier"), words.say("column-unit")]
    for figure in figures:
        heads += [words.figure(figure), counts]
    write_columns(into, heads)
    into.freeze_panes = f"C{into.max_row + 1}"
    cells = {(line.tier, line.unit, line.figure): line.cell for line in lines}
    for first in _places(lines):
        into.append([words.tier(first.tier), words.unit(first)])
        for number_, figure in enumerate(figures):
            cell = cells.get((first.tier, first.unit, figure))
            write_value(into, into.max_row, 3 + 2 * number_, words, figure, cell)
            if cell is not None:
                into.cell(into.max_row, 4 + 2 * number_, words.counts(figure, cell))


def write_value(
    into: Worksheet, row: int, column: int, words: Words, figure: Figure, cell: Cell | None
) -> None:
    """A value in its format."""
    if cell is None:
        return
    place = into.cell(row, column, words.value(cell))
    if cell.value is not None:
        place.number_format = _format(figure)


def _format(figure: Figure) -> str:
    return "0.0%" if figure in PERCENT else "0.00"


def _fit(into: Worksheet) -> None:
    """Columns as wide as their cells; the notes above a table may run over, and heads break."""
    wide: dict[int, int] = {}
    for row in into.iter_rows():
        for cell in row:
            if cell.value is None or cell.font.i or cell.font.sz == TITLE_SIZE:
                continue
            longest = WIDEST_HEAD if cell.font.b else WIDEST
            wide[cell.column] = max(wide.get(cell.column, NARROWEST), min(_width(cell.value), longest))
    for column, width in wide.items():
        into.column_dimensions[get_column_letter(column)].width = width + 2


def _width(value: object) -> int:
    """In columns of a Latin letter; a Chinese character takes two."""
    if isinstance(value, float):
        return NARROWEST
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in str(value))


def _places(lines: Iterable[Line]) -> list[Line]:
    """One line for each place, in the order of the table."""
    return list({(line.tier, line.unit): line for line in reversed(list(lines))}.values())[::-1]


def _write_changes(into: Worksheet, words: Words) -> None:
    write_columns(into, words.changed_columns())
    into.freeze_panes = f"A{into.max_row + 1}"
    for change, row in zip(words.table.changes, words.changed_rows(), strict=True):
        into.append(list(row))
        for column in (VALUE, VALUE + len(COUNTS)):
            into.cell(into.max_row, column).number_format = _format(change.figure)
