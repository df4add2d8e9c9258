"""挂账指令: what may be asked of a parking. ``by`` is the asking unit's code; texts and names come sealed."""

from dataclasses import dataclass
from datetime import date, datetime

from accountability.domain.handling import Handling
from accountability.domain.parking.facts import Ground, LapseCause, Milestone


@dataclass(frozen=True, slots=True)
class ApplyForParking:
    """W10, by the lead, under the rules in force.

    ``admitted`` are their grounds, ``most_days`` is the longest parking they and the policy of C16 allow,
    ``office_decides`` how many parkings of a whistle the office may approve.
    """

    by: str
    handling: Handling
    ground: Ground
    plan: str
    milestones: tuple[Milestone, ...]
    owner: str
    sunset: date
    admitted: frozenset[Ground]
    most_days: int
    office_decides: int
    at: datetime
    rules_version: int = 0
    """Of the rules in force; 0 for the default ones."""


@dataclass(frozen=True, slots=True)
class ObjectToParking:
    """By the township."""

    by: str
    handling: Handling
    reason: str


@dataclass(frozen=True, slots=True)
class ApproveParking:
    """By the office, or by the county leader where the rules of the application leave it to them."""

    county_leader: bool
    handling: Handling
    at: datetime


@dataclass(frozen=True, slots=True)
class RefuseParking:
    """By whoever would approve it."""

    county_leader: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ReviewParking:
    """C9: the lead says how the plan stands, or the office writes down what it found."""

    by: str
    by_office: bool
    handling: Handling
    words: str


@dataclass(frozen=True, slots=True)
class ReachMilestone:
    """By the lead."""

    by: str
    handling: Handling
    milestone: int


@dataclass(frozen=True, slots=True)
class EndParking:
    """By the lead or the office, before its day."""

    by: str
    by_office: bool
    handling: Handling
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EndAtSunset:
    """C16 has run out, at ``at``."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteParked:
    """From routing: the dispatch stands still."""

    number: int


@dataclass(frozen=True, slots=True)
class NoteParkingRefused:
    """From routing: it came too late."""

    number: int
    cause: LapseCause


@dataclass(frozen=True, slots=True)
class NoteOvertaken:
    """From routing: what the parking rested on is no more."""

    cause: LapseCause
    at: datetime


Command = (
    ApplyForParking
    | ObjectToParking
    | ApproveParking
    | RefuseParking
    | ReviewParking
    | ReachMilestone
    | EndParking
    | EndAtSunset
    | NoteParked
    | NoteParkingRefused
    | NoteOvertaken
)
