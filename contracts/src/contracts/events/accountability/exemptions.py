"""容错: a breach stays a fact, and leaves the figures when it was in good faith."""

from typing import ClassVar, Literal

from contracts.events.accountability.clocks import ClockKind
from contracts.events.published import Published

ExemptionGround = Literal[
    "force_majeure", "resources_missing", "waited_for_others", "unclear_rules", "pilot", "first_minor"
]
"""不可抗力, 人财物未配套, 依赖他方, 政策界限不清, 先行先试, 首次且轻微."""


class ExemptionFact(Published):
    """A fact of the one exemption that the breach of a clock can have; ``unit`` is whose breach it is."""

    clock_id: str
    kind: ClockKind
    unit: str
    ground: ExemptionGround


class GoodFaithExemptionClaimed(ExemptionFact):
    """The unit, or the office for it (``claimed_by``), says that the breach was in good faith."""

    NAME: ClassVar[str] = "accountability.exemption.good-faith-exemption-claimed.v1"
    claimed_by: str
    evidence_sealed: str


class GoodFaithExemptionGranted(ExemptionFact):
    """The clock stands outside the figures from now on, and is shown beside them."""

    NAME: ClassVar[str] = "accountability.exemption.good-faith-exemption-granted.v1"
    decided_by: str
    reason_sealed: str


class GoodFaithExemptionRefused(ExemptionFact):
    """The breach goes on to count."""

    NAME: ClassVar[str] = "accountability.exemption.good-faith-exemption-refused.v1"
    decided_by: str
    reason_sealed: str
