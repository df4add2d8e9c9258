"""The bodies of parking and extension: limits in characters, unknown fields refused."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from accountability.application.parkings import ParkingWords
from accountability.domain.parking.facts import Ground

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
"""May be empty: what has to be said is for the domain to ask for."""
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]
"""A sentence or a few; may be empty like a line."""
MOST_MILESTONES = 20


class Body(BaseModel):
    """Unknown fields are refused: a misspelt one must not be dropped in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Body):
    """A command that needs no words."""


class Reason(Body):
    """Why."""

    reason: Words = ""


class Step(Body):
    """A milestone of the plan, to be reached by the end of ``due``."""

    due: date
    words: Line


class ApplyForParking(Body):
    """W10 申请挂账: until the end of ``sunset``."""

    ground: Ground
    plan: Words
    milestones: Annotated[tuple[Step, ...], Field(max_length=MOST_MILESTONES)]
    owner: Line
    sunset: date

    def words(self) -> ParkingWords:
        """As the application takes it."""
        milestones = [(each.due, each.words) for each in self.milestones]
        return ParkingWords(self.ground, self.plan, milestones, self.owner, self.sunset)


class Review(Body):
    """C9 挂账复查: how the plan stands."""

    words: Words


class Reached(Body):
    """节点完成: which, by its number."""

    milestone: Annotated[int, Field(ge=1, le=MOST_MILESTONES)]


class ApplyForExtension(Body):
    """W11 申请延期: working days, or hours where the clock counts time (emergencies)."""

    amount: Annotated[int, Field(ge=1, le=1_000)]
    reason: Words
