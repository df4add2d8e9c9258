"""抽查: closed whistles are drawn by a seed and checked with the resident or on site; a stream per period."""

from accountability.domain.spot_check.checking import (
    INITIAL,
    Command,
    Event,
    SpotChecks,
    decide,
    evolve,
)
from accountability.domain.spot_check.drawing import (
    DRAW_POLICY,
    ClosedCase,
    Drawn,
    DrawPolicy,
    digest,
    draw,
)

__all__ = [
    "DRAW_POLICY",
    "INITIAL",
    "ClosedCase",
    "Command",
    "DrawPolicy",
    "Drawn",
    "Event",
    "SpotChecks",
    "decide",
    "digest",
    "draw",
    "evolve",
]
