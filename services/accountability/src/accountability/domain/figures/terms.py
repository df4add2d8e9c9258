"""计分口径: what a verdict and a rating weigh, how many make a rate, and whether there is a score."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ScoreWeights:
    """What report-in, resolution and satisfaction weigh in the composite score; they sum to 1."""

    report_in: Decimal = Decimal("0.10")
    resolution: Decimal = Decimal("0.50")
    satisfaction: Decimal = Decimal("0.40")


@dataclass(frozen=True, slots=True)
class FigureTerms:
    """How figures are weighed; the score is off until a policy document enables it."""

    partly: Decimal = Decimal(0)
    """Of an issue judged partly solved."""
    basically: Decimal = Decimal("0.9")
    """Of the rating 基本满意."""
    few: int = 5
    """Fewer are too few for a rate."""
    score: ScoreWeights | None = None


DEFAULT_TERMS = FigureTerms()
