"""定稿: a table as text that stays the same for ever, so that it can be frozen, compared and proved."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from accountability.domain.figures.table import Cell, Figure, Line


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that is another than in the frozen table; None where there was, or is, none."""

    figure: Figure
    tier: str | None
    unit: str | None
    kind: str | None
    was: Cell | None
    now: Cell | None


def written(lines: Iterable[Line]) -> str:
    """The canonical text of a table; equal tables have equal texts."""
    rows = [_row(line) for line in lines]
    return json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(text: str) -> tuple[Line, ...]:
    """The table of a text."""
    return tuple(_line(row) for row in json.loads(text))


def digest(text: str) -> str:
    """What proves a text, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def differences(was: Iterable[Line], now: Iterable[Line]) -> tuple[Difference, ...]:
    """The cells in which two tables differ, in the order of the tables."""
    before, after = _by_place(was), _by_place(now)
    return tuple(
        Difference(*key, before.get(key), after.get(key))
        for key in dict.fromkeys([*before, *after])
        if before.get(key) != after.get(key)
    )


def _by_place(
    lines: Iterable[Line],
) -> Mapping[tuple[Figure, str | None, str | None, str | None], Cell]:
    return {(line.figure, line.tier, line.unit, line.kind): line.cell for line in lines}


def _row(line: Line) -> dict[str, Any]:
    cell = line.cell
    full = {
        "figure": line.figure.value,
        "tier": line.tier,
        "unit": line.unit,
        "kind": line.kind,
        "numerator": _number(cell.numerator),
        "denominator": cell.denominator,
        "value": _number(cell.value),
        "p90": _number(cell.p90),
        "pending": cell.pending,
        "provisional": cell.provisional,
        "extended": cell.extended,
        "excluded": dict(cell.excluded),
    }
    return {
        name: value for name, value in full.items() if value not in (None, 0, {}) or name == "denominator"
    }


def _line(row: Mapping[str, Any]) -> Line:
    return Line(
        Figure(row["figure"]),
        row.get("tier"),
        row.get("unit"),
        row.get("kind"),
        Cell(
            numerator=Decimal(row.get("numerator", "0")),
            denominator=row["denominator"],
            value=_decimal(row.get("value")),
            p90=_decimal(row.get("p90")),
            pending=row.get("pending", 0),
            provisional=row.get("provisional", 0),
            extended=row.get("extended", 0),
            excluded=tuple(sorted(row.get("excluded", {}).items())),
        ),
    )


def _number(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
