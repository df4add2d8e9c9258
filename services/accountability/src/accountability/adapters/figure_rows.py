"""Tables of figures as rows for people: names for codes, and nothing that a spreadsheet would execute."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from accountability.application.figures import FigureTable
from accountability.domain.figures import Cell, Figure, Line
from accountability.domain.figures.sheet import Difference
from accountability.domain.moments import local
from backbone.sheets import csv_begin, csv_lines, harmless
from contracts.catalogue import catalogue, sentence

Value = str | int | float | None

PERCENT: Final = frozenset(Figure) - {Figure.REPORT_IN_TIME, Figure.SCORE}
"""The figures that are shares of 1."""
COLUMNS: Final = (
    "figure",
    "tier",
    "unit",
    "kind",
    "numerator",
    "denominator",
    "value",
    "p90",
    "pending",
    "provisional",
    "extended",
    "excluded",
)
COUNTS: Final = ("numerator", "denominator", "value")
"""What is told of a value before and after a change."""


@dataclass(frozen=True, slots=True)
class Words:
    """A table in the words of a reader."""

    table: FigureTable
    language: str = "zh"

    def say(self, slug: str, **params: object) -> str:
        """A sentence."""
        return sentence(slug, self.language, params)

    def head(self) -> list[str]:
        """What stands above a table: period, moment, whether it is complete or frozen."""
        table, standpoint = self.table, self.table.standpoint
        period = table.period
        lines = [
            self.say(
                "figures-head",
                period=period.label,
                begin=shown(period.begin),
                end=shown(period.end),
                as_of=shown(standpoint.as_of),
            )
        ]
        if not standpoint.complete:
            behind = "、".join(standpoint.behind) or "–"
            lines.append(self.say("figures-incomplete", behind=behind, held=standpoint.held))
        if table.frozen is not None:
            frozen = table.frozen
            lines.append(
                self.say(
                    "figures-frozen", number=frozen.number, at=shown(frozen.at), changes=len(table.changes)
                )
            )
        few = 5 if table.terms is None else table.terms.terms.few
        return [*lines, self.say("figures-note", few=few)]

    def columns(self) -> list[str]:
        """The heads of the long table."""
        return [self.say(f"column-{name}") for name in COLUMNS]

    def rows(self) -> Iterator[list[Value]]:
        """The long table: one row per cell."""
        for line in self.table.lines:
            yield [
                self.figure(line.figure),
                *self.place(line),
                number(line.cell.numerator),
                line.cell.denominator,
                self.value(line.cell),
                number(line.cell.p90),
                line.cell.pending,
                line.cell.provisional,
                line.cell.extended,
                self.excluded(line.cell),
            ]

    def changed_columns(self) -> list[str]:
        """The heads of what changed since the table was frozen."""
        counts = [self.say(f"column-{name}") for name in COUNTS]
        place = [self.say(f"column-{name}") for name in ("figure", "tier", "unit", "kind")]
        return [*place, *counts, *(f"→ {name}" for name in counts)]

    def changed_rows(self) -> Iterator[list[Value]]:
        """What changed since the table was frozen: each value as it was and as it would be."""
        for change in self.table.changes:
            yield [
                self.figure(change.figure),
                *self.place(change),
                *self._three(change.was),
                *self._three(change.now),
            ]

    def _three(self, cell: Cell | None) -> list[Value]:
        if cell is None:
            return [None, None, None]
        return [number(cell.numerator), cell.denominator, self.value(cell)]

    def figure(self, figure: Figure) -> str:
        """What a figure is called."""
        return self.say(f"figure-{figure.value}")

    def place(self, line: Line | Difference) -> list[Value]:
        """Tier, unit and kind by their names."""
        return [self.tier(line.tier), self.unit(line), self.kind(line.kind)]

    def tier(self, tier: str | None) -> Value:
        """The name of a tier."""
        if tier is None:
            return self.say("figures-all-units")
        return self._named("tier", tier) if tier else self.say("figures-tierless")

    def unit(self, line: Line | Difference) -> Value:
        """The name of a unit, or that the row pools."""
        if line.unit is None:
            return self.say("figures-pooled")
        member = self.table.members.get(line.unit)
        if member is not None:
            return harmless(member.short_name)
        return self._named("unit", line.unit)  # above the county, and so in no directory of it

    def _named(self, what: str, code: str) -> Value:
        """The words for a code, where the catalogue has some."""
        slug = f"{what}-{code}"
        return self.say(slug) if slug in catalogue() else harmless(code)

    def kind(self, kind: str | None) -> Value:
        """The name of a kind of case."""
        return self.say("figures-all-kinds") if kind is None else self.say(f"kind-{kind}") if kind else ""

    def value(self, cell: Cell) -> Value:
        """The value, or that there are too few; nothing where nothing was counted."""
        if cell.value is not None:
            return number(cell.value)
        return self.say("figures-too-few") if cell.denominator or cell.pending else None

    def counts(self, figure: Figure, cell: Cell) -> str:
        """What a value comes from, and how many stand outside."""
        parts = str(cell.denominator)
        if figure in PERCENT:
            parts = f"{number(cell.numerator):g}/{parts}"
        outside = sum(count for _, count in cell.excluded)
        return self.say("figures-counts-excluded", counts=parts, excluded=outside) if outside else parts

    def excluded(self, cell: Cell) -> Value:
        """What stands outside, by reason."""
        return ";".join(f"{self.say(f'excluded-{reason}')} {count}" for reason, count in cell.excluded)


def shown(at: datetime) -> str:
    """A moment on the clocks of Asia/Shanghai."""
    return local(at).strftime("%Y-%m-%d %H:%M:%S")


def number(value: Decimal | None) -> int | float | None:
    """A number as a spreadsheet keeps it."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def as_csv(words: Words) -> bytes:
    """The long table; with a byte order mark, so that a spreadsheet reads Chinese."""
    return csv_begin(words.columns()) + csv_lines(words.rows())
