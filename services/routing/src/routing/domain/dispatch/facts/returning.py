"""退派事实: a department gives an assignment back, or is let go (A2, A3, A6), or it is no more."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from routing.domain.dispatch.facts.parts import Assigned

ReleasedBy = Literal["office", "township", "ruling"]
"""减负办, 镇街, 编办裁定."""


@dataclass(frozen=True, slots=True)
class ReturnWindowNoted:
    """A2: accountability has said until when the department may ask to return it (C10)."""

    name: ClassVar[str] = "routing.assignment.return-window-noted.v1"
    assignment_id: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ReturnRequested:
    """A2: the department says it is another's duty."""

    name: ClassVar[str] = "routing.assignment.return-requested.v1"
    assignment_id: str
    legal_basis: str
    proposed_owner: str


@dataclass(frozen=True, slots=True)
class AssignmentReturned:
    """A3: another department has it now: a fresh assignment, or one it had already (``changed``)."""

    name: ClassVar[str] = "routing.assignment.assignment-returned.v1"
    returned: Assigned
    to: str
    dispatch_error: bool
    legal_basis: str
    issued: tuple[Assigned, ...]
    changed: tuple[Assigned, ...]
    transfers: int
    """How many assignments of this whistle have been returned, this one included."""


@dataclass(frozen=True, slots=True)
class ReturnRefused:
    """A3: it stays the department's; its clock ran on."""

    name: ClassVar[str] = "routing.assignment.return-refused.v1"
    assignment_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class AssignmentReleased:
    """A6: it is not needed any more; its issues are the lead's (``changed``)."""

    name: ClassVar[str] = "routing.assignment.assignment-released.v1"
    released: Assigned
    by: ReleasedBy
    reason: str | None
    changed: tuple[Assigned, ...]


@dataclass(frozen=True, slots=True)
class AssignmentMoved:
    """``unit`` is no more: ``kept`` is its heir's part from now on, ``absorbed`` has gone into it."""

    name: ClassVar[str] = "routing.assignment.assignment-moved.v1"
    unit: str
    kept: Assigned
    inherited: bool
    """Whether the part that is kept was the unit's, and not the one its heir had already."""
    absorbed: Assigned | None


@dataclass(frozen=True, slots=True)
class DispatchEscalated:
    """So many transfers or cycles, by default the third: the county leader looks at it."""

    name: ClassVar[str] = "routing.dispatch.dispatch-escalated.v1"
    cause: Literal["third-transfer", "third-cycle"]
    limit: int | None = None
    """The number that escalated by the rules of that moment; None in facts from before there were any."""
