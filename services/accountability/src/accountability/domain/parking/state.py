"""挂账状态: whether a whistle stands still, and how often it has, folded from the facts."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from accountability.domain.parking.facts import (
    Event,
    MilestoneReached,
    ParkingAppliedFor,
    ParkingApproved,
    ParkingBegun,
    ParkingEnded,
    ParkingLapsed,
    ParkingObjectedTo,
    ParkingRefused,
    ParkingReviewed,
)


class Stage(StrEnum):
    """Where the latest application stands."""

    NONE = "none"
    APPLIED = "applied"
    APPROVED = "approved"
    PARKED = "parked"
    REFUSED = "refused"
    ENDED = "ended"
    LAPSED = "lapsed"


OPEN = (Stage.APPLIED, Stage.APPROVED, Stage.PARKED)


@dataclass(frozen=True, slots=True)
class Parking:
    """What the next decision needs to know."""

    stage: Stage = Stage.NONE
    applied: ParkingAppliedFor | None = None
    """The latest application."""
    objected: bool = False
    approved_at: datetime | None = None
    times: int = 0
    """How often the whistle has stood still, this time included."""
    first_round: int = 1
    round: int = 1
    """The review that comes next; those of this parking began with ``first_round``."""
    reviewed: str | None = None
    """The words of the last review, sealed."""
    reached: frozenset[int] = frozenset()
    """Milestones of the latest application."""

    @property
    def number(self) -> int:
        """The latest application's number; 0 before the first."""
        return self.applied.number if self.applied else 0

    @property
    def unanswered(self) -> bool:
        """Approved, and routing has not said yet whether the dispatch stands still."""
        return self.stage is Stage.APPROVED


INITIAL = Parking()


def evolve(parking: Parking, event: Event, at: datetime) -> Parking:
    """The parking after a fact; never refuses."""
    match event:
        case ParkingAppliedFor():
            return Parking(
                stage=Stage.APPLIED,
                applied=event,
                times=parking.times,
                first_round=parking.first_round,
                round=parking.round,
            )
        case ParkingObjectedTo():
            return replace(parking, objected=True)
        case ParkingApproved(_, _, approved_at):
            return replace(parking, stage=Stage.APPROVED, approved_at=approved_at)
        case ParkingRefused():
            return replace(parking, stage=Stage.REFUSED)
        case ParkingBegun():
            begun = parking.round if parking.times == 0 else parking.round + 1
            return replace(
                parking, stage=Stage.PARKED, times=parking.times + 1, first_round=begun, round=begun
            )
        case ParkingReviewed(_, round_, _, words):
            return replace(parking, round=round_ + 1, reviewed=words)
        case MilestoneReached(_, milestone):
            return replace(parking, reached=parking.reached | {milestone})
        case ParkingEnded():
            return replace(parking, stage=Stage.ENDED)
        case ParkingLapsed():
            return replace(parking, stage=Stage.LAPSED)
        case _:
            assert_never(event)
