"""统计表: every figure by unit, tier and kind, what stands outside beside each rate; totals pool counts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Final

from accountability.domain.figures.measures import Item, Measure, Side, Standing, standing
from accountability.domain.figures.terms import DEFAULT_TERMS, FigureTerms

PLACES: Final = Decimal("0.000001")
HOUR: Final = Decimal(3600)


class Figure(StrEnum):
    """The figures, in the order in which they are shown."""

    REPORT_IN = "report-in"
    REPORT_IN_TIME = "report-in-time"
    FEEDBACK = "first-feedback"
    FEEDBACK_ORIGINAL = "first-feedback-original"
    HANDLING = "handling"
    HANDLING_ORIGINAL = "handling-original"
    RESOLUTION = "resolution"
    SATISFACTION = "satisfaction"
    REWORK = "rework"
    RETURN = "return"
    UPHELD = "upheld"
    DISPATCH_ACCURACY = "dispatch-accuracy"
    LETTER_RESPONSE = "letter-response"
    LETTER_RESOLUTION = "letter-resolution"
    DISPUTE = "dispute"
    SCORE = "score"


ORDER: Final = {figure: number for number, figure in enumerate(Figure)}

CLOCK_FIGURES: Final[Mapping[Measure, tuple[tuple[Figure, bool], ...]]] = {
    Measure.REPORT_IN: ((Figure.REPORT_IN, False),),
    Measure.FEEDBACK: ((Figure.FEEDBACK, False), (Figure.FEEDBACK_ORIGINAL, True)),
    Measure.HANDLING: ((Figure.HANDLING, False), (Figure.HANDLING_ORIGINAL, True)),
    Measure.RESPONSE: ((Figure.LETTER_RESPONSE, False),),
    Measure.LETTER: ((Figure.LETTER_RESOLUTION, False),),
    Measure.DISPUTE: ((Figure.DISPUTE, False),),
}
"""Clock → its figures, and whether by the original deadline."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one line; ``value`` is None where there are too few.

    ``value`` is a share of 1, for the report-in time its median in hours, for the score points of 100.
    """

    numerator: Decimal
    denominator: int
    value: Decimal | None
    p90: Decimal | None = None
    """Report-in time: nine in ten were there within so many hours."""
    pending: int = 0
    provisional: int = 0
    extended: int = 0
    excluded: tuple[tuple[str, int], ...] = ()

    @property
    def too_few(self) -> bool:
        """Something was counted, but not enough for a rate."""
        return self.value is None


@dataclass(frozen=True, slots=True)
class Line:
    """A cell with its place: ``unit`` None pools a tier, ``tier`` None all; ``kind`` None is every kind."""

    figure: Figure
    tier: str | None
    unit: str | None
    kind: str | None
    cell: Cell


Key = tuple[str | None, str | None, str | None]
"""Tier, unit, kind."""


def tabulate(
    items: Iterable[Item], tiers: Mapping[str, str], terms: FigureTerms = DEFAULT_TERMS
) -> tuple[Line, ...]:
    """Every figure of the items, by unit and kind, pooled by tier and over all; ``tiers`` is unit → tier."""
    tallies: dict[Key, dict[Figure, _Tally]] = {}
    for item in items:
        tier = tiers.get(item.unit, "")
        for unit in ((tier, item.unit), (tier, None), (None, None)):
            for kind in (item.kind, None):
                _count(item, tallies.setdefault((*unit, kind), {}), terms)
    lines = (
        Line(figure, *key, cell)
        for key, counted in tallies.items()
        for figure, cell in _cells(counted, terms)
    )
    return tuple(sorted(lines, key=place))


def place(line: Line) -> tuple[object, ...]:
    """Where a line stands: all before tiers, a tier before its units, every kind before each."""
    return (
        *((each is not None, each or "") for each in (line.tier, line.unit, line.kind)),
        ORDER[line.figure],
    )


def median(seconds: Mapping[int, int]) -> Decimal:
    """The median of values with their counts, in hours."""
    return quantile(seconds, Decimal("0.5"))


def quantile(seconds: Mapping[int, int], share: Decimal) -> Decimal:
    """The value below which a share lies, between its two neighbours in proportion, in hours."""
    place = (sum(seconds.values()) - 1) * share
    below = int(place)
    low, high = _ranked(seconds, below), _ranked(seconds, below + 1)
    return _rounded((low + (high - low) * (place - below)) / HOUR)


def _ranked(seconds: Mapping[int, int], rank: int) -> int:
    """The value at a rank from 0, the last one beyond the end."""
    passed = 0
    value = 0
    for value in sorted(seconds):
        passed += seconds[value]
        if rank < passed:
            break
    return value


@dataclass(slots=True)
class _Tally:
    numerator: Decimal = Decimal(0)
    denominator: int = 0
    pending: int = 0
    provisional: int = 0
    extended: int = 0
    excluded: Counter[str] = field(default_factory=Counter)
    seconds: Counter[int] = field(default_factory=Counter)

    def side(self, stands: Standing, item: Item) -> None:
        """Count a clock on its side."""
        match stands.side:
            case Side.OUT:
                self.excluded[stands.reason] += item.count
                return
            case Side.OPEN:
                self.pending += item.count
            case Side.PROVISIONAL:
                self.provisional += item.count
            case _:
                self.weigh(Decimal(stands.side is Side.MET), item)
        self.extended += item.count if item.extended else 0

    def weigh(self, weight: Decimal, item: Item) -> None:
        """Count something that was judged."""
        self.numerator += weight * item.count
        self.denominator += item.count

    def out(self, item: Item) -> bool:
        """Count what is excluded as such."""
        if item.excluded is not None:
            self.excluded[item.excluded] += item.count
        return item.excluded is not None


def _count(item: Item, counted: dict[Figure, _Tally], terms: FigureTerms) -> None:
    def tally(figure: Figure) -> _Tally:
        return counted.setdefault(figure, _Tally())

    match item.measure:
        case Measure.ASSIGNMENT:
            _count_assignment(item, counted)
        case Measure.CLOSING:
            rework = tally(Figure.REWORK)
            if not rework.out(item):
                rework.weigh(Decimal(item.outcome == "again"), item)
        case Measure.ISSUE:
            resolution = tally(Figure.RESOLUTION)
            if not resolution.out(item):
                resolution.weigh({"solved": Decimal(1), "partly": terms.partly}.get(_said(item), ZERO), item)
        case Measure.RATING:
            rated = tally(Figure.SATISFACTION)
            if not rated.out(item):
                weights = {"satisfied": Decimal(1), "basically": terms.basically}
                rated.weigh(weights.get(_said(item), ZERO), item)
        case Measure.PART:
            if terms.score is not None and not tally(Figure.SCORE).out(item):
                tally(Figure.SCORE).weigh(Decimal(item.outcome == "reported_in"), item)
        case _:
            for figure, original in CLOCK_FIGURES[item.measure]:
                tally(figure).side(standing(item, original=original), item)
            if item.measure is Measure.REPORT_IN:
                _count_time(item, tally(Figure.REPORT_IN_TIME))


ZERO: Final = Decimal(0)


def _said(item: Item) -> str:
    return item.outcome or ""


def _count_time(item: Item, tally: _Tally) -> None:
    stands = standing(item)
    if stands.side is Side.OUT:
        tally.excluded[stands.reason] += item.count
    elif item.seconds is None:
        tally.pending += item.count
    else:
        tally.seconds[item.seconds] += item.count
        tally.denominator += item.count


def _count_assignment(item: Item, counted: dict[Figure, _Tally]) -> None:
    """A dispatch error is what accuracy counts, so it is no exclusion here; all else of X is."""
    figures = (Figure.DISPATCH_ACCURACY, Figure.RETURN, Figure.UPHELD)
    accuracy, asked, upheld = (counted.setdefault(each, _Tally()) for each in figures)
    if item.excluded not in (None, "dispatch-error"):
        for tally in (accuracy, asked):
            tally.out(item)
        if item.ended is not None:
            upheld.out(item)
        return
    accuracy.weigh(Decimal(item.outcome != "error"), item)
    asked.weigh(Decimal(item.ended is not None), item)
    if item.ended == "requested":
        upheld.pending += item.count
    elif item.ended is not None:
        upheld.weigh(Decimal(item.ended == "upheld"), item)


def _cells(counted: Mapping[Figure, _Tally], terms: FigureTerms) -> Iterator[tuple[Figure, Cell]]:
    for figure, tally in counted.items():
        if figure is Figure.SCORE:
            continue
        if tally.denominator or tally.pending or tally.provisional or tally.excluded:
            yield figure, _cell(figure, tally, terms)
    if Figure.SCORE in counted and terms.score is not None:
        yield Figure.SCORE, _score(counted, terms)


def _cell(figure: Figure, tally: _Tally, terms: FigureTerms) -> Cell:
    enough = tally.denominator >= max(terms.few, 1)
    value = p90 = None
    if enough and figure is Figure.REPORT_IN_TIME:
        value, p90 = median(tally.seconds), quantile(tally.seconds, Decimal("0.9"))
    elif enough:
        value = _rounded(tally.numerator / tally.denominator)
    return Cell(
        numerator=tally.numerator,
        denominator=tally.denominator,
        value=value,
        p90=p90,
        pending=tally.pending,
        provisional=tally.provisional,
        extended=tally.extended,
        excluded=tuple(sorted(tally.excluded.items())),
    )


def _score(counted: Mapping[Figure, _Tally], terms: FigureTerms) -> Cell:
    """100·(wR·R + wJ·J + wM·M), shown only where each of the three has enough behind it."""
    weights = terms.score
    assert weights is not None, "asked for only with weights"
    parts = [
        (weight, counted.get(figure, _Tally()))
        for weight, figure in (
            (weights.report_in, Figure.SCORE),
            (weights.resolution, Figure.RESOLUTION),
            (weights.satisfaction, Figure.SATISFACTION),
        )
    ]
    fewest = min(tally.denominator for _, tally in parts)
    points = None
    if fewest >= max(terms.few, 1):
        points = _rounded(
            100 * sum((weight * tally.numerator / tally.denominator for weight, tally in parts), ZERO)
        )
    outside = tuple(sorted(counted[Figure.SCORE].excluded.items()))
    return Cell(numerator=points or ZERO, denominator=fewest, value=points, excluded=outside)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(PLACES, ROUND_HALF_EVEN)
