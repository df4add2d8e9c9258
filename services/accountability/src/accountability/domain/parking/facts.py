"""挂账事实: how a whistle comes to stand still, what is done meanwhile, how it goes on. Texts are sealed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

Ground = Literal["awaiting_funds", "legal_obstacle", "season_or_term", "pending_judgment", "beyond_county"]
"""需上级立项或资金, 法律政策障碍, 季节或工期所限, 涉诉待判, 需跨县协调."""
LapseCause = Literal["lead-concluded", "lead-changed", "whistle-ended"]
"""主办已办结, 主办已变更, 哨单已终结."""
EndCause = Literal["sunset", "early", "lead-concluded", "lead-changed", "whistle-ended"]
"""挂账到期, 提前结束, and as above."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step of the plan, and the day by which it is to be done."""

    number: int
    due: date
    text: str


@dataclass(frozen=True, slots=True)
class ParkingAppliedFor:
    """The lead asks to let the whistle stand still until the end of ``sunset``; ``number`` from 1."""

    name: ClassVar[str] = "accountability.parking.parking-applied-for.v1"
    number: int
    lead: str
    township: str
    ground: Ground
    plan: str
    milestones: tuple[Milestone, ...]
    owner: str
    sunset: date
    second: bool
    """It was parked as often as the office may approve: the county leader decides."""


@dataclass(frozen=True, slots=True)
class ParkingObjectedTo:
    """The township does not agree; the decision stays where it is."""

    name: ClassVar[str] = "accountability.parking.parking-objected-to.v1"
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class ParkingApproved:
    """Approved, as of ``at``; it takes effect when routing has let the dispatch stand still."""

    name: ClassVar[str] = "accountability.parking.parking-approved.v1"
    number: int
    lead: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ParkingRefused:
    """Not approved."""

    name: ClassVar[str] = "accountability.parking.parking-refused.v1"
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class ParkingBegun:
    """Routing has answered: the dispatch stands still."""

    name: ClassVar[str] = "accountability.parking.parking-begun.v1"
    number: int


@dataclass(frozen=True, slots=True)
class ParkingReviewed:
    """How the plan stands, which is looked at every 30 days; ``round`` counts over all parkings."""

    name: ClassVar[str] = "accountability.parking.parking-reviewed.v1"
    number: int
    round: int
    by: str
    words: str


@dataclass(frozen=True, slots=True)
class MilestoneReached:
    """A step of the plan is done."""

    name: ClassVar[str] = "accountability.parking.milestone-reached.v1"
    number: int
    milestone: int
    by: str


@dataclass(frozen=True, slots=True)
class ParkingEnded:
    """It goes on, as of ``at``; ``by`` is the unit that ended it early."""

    name: ClassVar[str] = "accountability.parking.parking-ended.v1"
    number: int
    at: datetime
    cause: EndCause
    by: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ParkingLapsed:
    """Nothing came of it: the lead had concluded, another department leads, or the whistle has ended."""

    name: ClassVar[str] = "accountability.parking.parking-lapsed.v1"
    number: int
    cause: LapseCause


Event = (
    ParkingAppliedFor
    | ParkingObjectedTo
    | ParkingApproved
    | ParkingRefused
    | ParkingBegun
    | ParkingReviewed
    | MilestoneReached
    | ParkingEnded
    | ParkingLapsed
)
