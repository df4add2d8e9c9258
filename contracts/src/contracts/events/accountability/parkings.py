"""挂账: a whistle stands still for a while, with a plan and a named owner."""

from datetime import date, datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from contracts.events.published import Published

ParkingGround = Literal[
    "awaiting_funds", "legal_obstacle", "season_or_term", "pending_judgment", "beyond_county"
]
"""需上级立项或资金, 法律政策障碍, 季节或工期所限, 涉诉待判, 需跨县协调."""


class Milestone(BaseModel):
    """A step of the plan, and the day by which it is to be done."""

    model_config = ConfigDict(frozen=True)

    number: int
    due: date
    text_sealed: str


class ParkingFact(Published):
    """A fact of one parking of a whistle; ``number`` counts its applications from 1."""

    number: int


class ParkingAppliedFor(ParkingFact):
    """W10: the lead ``unit`` asks to let the whistle stand still until the end of ``sunset``."""

    NAME: ClassVar[str] = "accountability.parking.parking-applied-for.v1"
    unit: str
    township: str
    ground: ParkingGround
    plan_sealed: str
    milestones: tuple[Milestone, ...]
    owner_sealed: str
    sunset: date
    second: bool
    """It was parked before: the county leader decides."""


class ParkingObjectedTo(ParkingFact):
    """W10: the township does not agree; the decision stays where it is."""

    NAME: ClassVar[str] = "accountability.parking.parking-objected-to.v1"
    unit: str
    reason_sealed: str


class ParkingApproved(ParkingFact):
    """W10: approved as of ``at``; routing lets the dispatch of lead ``unit`` stand still, or says why not."""

    NAME: ClassVar[str] = "accountability.parking.parking-approved.v1"
    unit: str
    township: str
    at: datetime
    sunset: date


class ParkingRefused(ParkingFact):
    """W10: not approved."""

    NAME: ClassVar[str] = "accountability.parking.parking-refused.v1"
    unit: str
    township: str
    reason_sealed: str


class ParkingReviewed(ParkingFact):
    """C9: how the plan stands; ``round`` counts over all parkings of the whistle, and ends that C9."""

    NAME: ClassVar[str] = "accountability.parking.parking-reviewed.v1"
    round: int
    unit: str
    content_sealed: str


class MilestoneReached(ParkingFact):
    """A step of the plan is done."""

    NAME: ClassVar[str] = "accountability.parking.milestone-reached.v1"
    milestone: int
    unit: str


class ParkingEnded(ParkingFact):
    """It goes on as of ``at``; routing lets the dispatch go on."""

    NAME: ClassVar[str] = "accountability.parking.parking-ended.v1"
    at: datetime
    cause: Literal["sunset", "early", "lead-concluded", "lead-changed", "whistle-ended"]
    lead: str
    township: str
    unit: str | None = None
    """Who ended it early."""
    reason_sealed: str | None = None


class ParkingLapsed(ParkingFact):
    """Nothing came of it."""

    NAME: ClassVar[str] = "accountability.parking.parking-lapsed.v1"
    cause: Literal["lead-concluded", "lead-changed", "whistle-ended"]
    unit: str
    township: str
