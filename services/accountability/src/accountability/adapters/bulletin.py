"""一张表格看变化: the bulletin of a period, each figure beside the one before it, with charts."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from accountability.adapters.figure_book import (
    TITLE_SIZE,
    saved,
    sheet,
    write_columns,
    write_details,
    write_head,
    write_summary,
    write_value,
)
from accountability.adapters.figure_rows import PERCENT, Words
from accountability.application.figures import FigureTable
from accountability.domain.figures import Cell, Figure

TREND: Final = (
    Figure.REPORT_IN,
    Figure.FEEDBACK,
    Figure.HANDLING,
    Figure.RESOLUTION,
    Figure.SATISFACTION,
    Figure.LETTER_RESPONSE,
    Figure.LETTER_RESOLUTION,
)
"""The figures that are drawn over time."""
TITLE: Final = Font(bold=True, size=TITLE_SIZE)

Pooled = Mapping[Figure, Cell]


def as_bulletin(tables: Sequence[FigureTable], language: str = "zh") -> bytes:
    """The workbook of a period (the last table) beside the periods before it."""
    last = Words(tables[-1], language)
    book = Workbook()
    _write_changes(sheet(book, last.say("bulletin-changes"), first=True), tables, last)
    _write_trend(sheet(book, last.say("bulletin-trend")), tables, last)
    units = sheet(book, last.say("bulletin-units"))
    write_head(units, last.head())
    write_summary(units, last)
    _write_tiers(book, last)
    details = sheet(book, last.say("sheet-details"))
    write_details(details, last)
    return saved(book)


def pooled(table: FigureTable) -> Pooled:
    """The figures of the whole county, or of the reader's tier where that is all there is to see."""
    lines = [line for line in table.lines if line.kind is None and line.unit is None]
    county = [line for line in lines if line.tier is None]
    return {line.figure: line.cell for line in county or lines}


def _write_changes(into: Worksheet, tables: Sequence[FigureTable], words: Words) -> None:
    into.append([words.say("bulletin-title", period=words.table.period.label)])
    into.cell(1, 1).font = TITLE
    write_head(into, words.head())
    now = pooled(tables[-1])
    before = pooled(tables[-2]) if len(tables) > 1 else {}
    earlier = tables[-2].period.label if len(tables) > 1 else ""
    write_columns(
        into,
        [
            words.say("column-figure"),
            tables[-1].period.label,
            earlier,
            words.say("column-change"),
            words.say("column-numerator"),
            words.say("column-denominator"),
            words.say("column-pending"),
            words.say("column-excluded"),
        ],
    )
    shown = [figure for figure in Figure if figure in now or figure in before]
    if not shown:
        into.append([words.say("bulletin-nothing")])
    for figure in shown:
        into.append([words.figure(figure)])
        row = into.max_row
        cell, old = now.get(figure), before.get(figure)
        write_value(into, row, 2, words, figure, cell)
        write_value(into, row, 3, words, figure, old)
        if cell is not None and old is not None and cell.value is not None and old.value is not None:
            change = into.cell(row, 4, float(cell.value - old.value))
            change.number_format = "+0.0%;-0.0%;0.0%" if figure in PERCENT else "+0.0;-0.0;0.0"
        if cell is not None:
            into.cell(row, 5, float(cell.numerator))
            into.cell(row, 6, cell.denominator)
            into.cell(row, 7, cell.pending)
            into.cell(row, 8, words.excluded(cell))


def _write_trend(into: Worksheet, tables: Sequence[FigureTable], words: Words) -> None:
    """Shares in percent; where there are too few the line has a gap."""
    by_period = [pooled(table) for table in tables]
    drawn = [figure for figure in TREND if any(figure in each for each in by_period)]
    write_columns(into, [words.say("figures-all-units"), *map(words.figure, drawn)])
    for table, cells in zip(tables, by_period, strict=True):
        into.append([table.period.label, *(_percent(cells.get(figure)) for figure in drawn)])
    if not drawn:
        return
    chart = LineChart()
    chart.title = words.say("bulletin-chart-rates")
    chart.height, chart.width = 10, 22
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 100
    chart.y_axis.delete = chart.x_axis.delete = False
    chart.add_data(
        Reference(into, min_col=2, max_col=1 + len(drawn), min_row=1, max_row=into.max_row),
        titles_from_data=True,
    )
    chart.set_categories(Reference(into, min_col=1, min_row=2, max_row=into.max_row))
    into.add_chart(chart, f"A{into.max_row + 3}")


def _write_tiers(book: Workbook, words: Words) -> None:
    """For each tier the report-in rate of its units side by side; who has too few is not drawn."""
    lines = [
        line
        for line in words.table.lines
        if line.figure is Figure.REPORT_IN and line.kind is None and line.unit is not None
    ]
    tiers = list(dict.fromkeys(line.tier for line in lines if not line.cell.too_few))
    if not tiers:
        return
    into = sheet(book, words.figure(Figure.REPORT_IN))
    for tier in tiers:
        name = words.tier(tier)
        write_columns(into, [str(name), words.figure(Figure.REPORT_IN), words.say("column-counts")])
        head = into.max_row
        for line in lines:
            if line.tier == tier and not line.cell.too_few:
                into.append([words.unit(line), _percent(line.cell), words.counts(line.figure, line.cell)])
        chart = BarChart()
        chart.type = "bar"
        chart.title = words.say("bulletin-chart-tier", tier=name)
        chart.height, chart.width = 8, 16
        chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 100
        chart.y_axis.delete = chart.x_axis.delete = False
        chart.legend = None
        chart.add_data(Reference(into, min_col=2, min_row=head, max_row=into.max_row), titles_from_data=True)
        chart.set_categories(Reference(into, min_col=1, min_row=head + 1, max_row=into.max_row))
        into.add_chart(chart, f"E{head}")
        while into.max_row < head + 18:
            into.append([""])


def _percent(cell: Cell | None) -> float | None:
    if cell is None or cell.value is None:
        return None
    return float(round(cell.value * 100, 2).quantize(Decimal("0.01")))
