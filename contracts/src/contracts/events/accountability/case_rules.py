"""办件规则: the limits of decisions that no clock measures, and the facts about their records."""

from datetime import date
from typing import ClassVar, Final

from pydantic import BaseModel, ConfigDict

from contracts.events.accountability.exemptions import ExemptionGround
from contracts.events.accountability.parkings import ParkingGround
from contracts.events.published import Published


class ParkingGroundRule(BaseModel):
    """An admitted ground for parking.

    ``most_days``: None is as long as the policy of C16 allows. ``office_decides``: so many parkings of a
    whistle the office approves, from the next on the county leader does; 0 is the county leader at once.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    ground: ParkingGround
    most_days: int | None = None
    office_decides: int = 1


class SpotCheckRule(BaseModel):
    """How many closed whistles are drawn for a check, and which of them weigh more.

    ``per_cent`` of each stratum, rounded up. ``weight`` is every whistle's; ``unappraised`` is added where
    nobody appraised it, ``fast`` where it was concluded within fewer than ``fast_seconds``.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    per_cent: int = 10
    weight: int = 1
    unappraised: int = 2
    fast: int = 2
    fast_seconds: int = 7200


class CaseRules(BaseModel):
    """The limits; until a record arrives the defaults hold, whose source is the design (DOMAIN.md).

    W9 (raised again, cycles), W10 (parking), W11 (extension), W13 (duplicates), W14 (orders), A3 (transfers),
    § 5 (dispute, task-down review), § 8 (spot checks), 容错 (grounds).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    representatives: int = 20
    """Fewest grassroots representatives of a hearing on a measure that is passed down."""
    days_to_raise_again: int = 30
    """Calendar days after the day of the closing, the last one included."""
    cycles_that_escalate: int = 3
    transfers_that_escalate: int = 3
    reconsideration_days: int = 3
    """Working days after the day of a ruling in which it can be questioned."""
    most_extensions: int = 2
    parking_grounds: tuple[ParkingGroundRule, ...] = (
        ParkingGroundRule(ground="awaiting_funds"),
        ParkingGroundRule(ground="legal_obstacle"),
        ParkingGroundRule(ground="season_or_term"),
        ParkingGroundRule(ground="pending_judgment"),
        ParkingGroundRule(ground="beyond_county"),
    )
    duplicate_days: int = 14
    """Two whistles this far apart may still be the same matter."""
    duplicate_likeness: float = 0.2
    """0 to 1; of two texts about different matters hardly any pair is this alike: 4 in 10,000 appeals."""
    office_decides_extensions: int = 1
    """So many extensions of a case the office decides, from the next on the county leader; 0: all of them."""
    extension_per_cent: int = 100
    """The most that one extension adds, of the original length, rounded down."""
    exemption_grounds: tuple[ExemptionGround, ...] = (
        "force_majeure",
        "resources_missing",
        "waited_for_others",
        "unclear_rules",
        "pilot",
        "first_minor",
    )
    """What a breach in good faith may rest on."""
    spot_check: SpotCheckRule = SpotCheckRule()
    reply_days: int = 3
    """Working days after the day of an order in which the unit replies to it."""


DEFAULT_RULES: Final = CaseRules()


class CaseRulesApproved(Published):
    """A second person approved the rules of a document; ``case_id`` is uuid5 of the one record of the county.

    They hold for commands on their effective days, Shanghai days, both included; of several versions the one
    that began last, of those the newest. What was decided before is not touched.
    """

    NAME: ClassVar[str] = "accountability.case-rules.case-rules-approved.v1"
    number: int
    effective_from: date
    effective_to: date | None = None
    source_document: str
    rules: CaseRules
