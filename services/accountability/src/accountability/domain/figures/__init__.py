"""统计: the figures of a period from what was counted; nothing here knows where the counts come from."""

from accountability.domain.figures.measures import (
    CLOCKS,
    EXCLUSIONS,
    Item,
    Measure,
    Side,
    Standing,
    standing,
)
from accountability.domain.figures.period import Period
from accountability.domain.figures.table import CLOCK_FIGURES, ORDER, Cell, Figure, Line, place, tabulate
from accountability.domain.figures.terms import DEFAULT_TERMS, FigureTerms, ScoreWeights

__all__ = [
    "CLOCKS",
    "CLOCK_FIGURES",
    "DEFAULT_TERMS",
    "EXCLUSIONS",
    "ORDER",
    "Cell",
    "Figure",
    "FigureTerms",
    "Item",
    "Line",
    "Measure",
    "Period",
    "ScoreWeights",
    "Side",
    "Standing",
    "place",
    "standing",
    "tabulate",
]
