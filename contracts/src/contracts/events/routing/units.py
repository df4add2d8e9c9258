"""机构沿革: units renamed, merged or ended, and what moves with them."""

from datetime import date
from typing import ClassVar

from contracts.events.published import Published
from contracts.events.routing.dispatches import Assigned


class UnitRenamed(Published):
    """A unit is called so from a day on. ``case_id`` is uuid5 of the unit code."""

    NAME: ClassVar[str] = "routing.unit.unit-renamed.v1"
    code: str
    name: str
    short_name: str
    effective_from: date
    source_document: str


class UnitMerged(Published):
    """A unit is no more, ``into`` stands in its place. ``case_id`` is uuid5 of the unit code."""

    NAME: ClassVar[str] = "routing.unit.unit-merged.v1"
    code: str
    into: str
    effective_from: date
    source_document: str


class UnitEnded(Published):
    """A unit is no more, and nobody stands in its place. ``case_id`` is uuid5 of the unit code."""

    NAME: ClassVar[str] = "routing.unit.unit-ended.v1"
    code: str
    effective_from: date
    source_document: str


class AssignmentMoved(Published):
    """A merged unit's part is its heir's: clocks go on as they run, none starts anew."""

    NAME: ClassVar[str] = "routing.assignment.assignment-moved.v1"
    unit: str
    """Who had it, and is no more."""
    to: str
    kept: Assigned
    """The heir's part; its id is that of the merged unit's part, or of the part the heir had already."""
    inherited: bool
    """Whether the kept part was the merged unit's: then its clocks are the heir's from now on."""
    absorbed: Assigned | None = None
    """The other of the two parts, where the heir had one; its clocks are void."""
    cycle: int
    township: str
