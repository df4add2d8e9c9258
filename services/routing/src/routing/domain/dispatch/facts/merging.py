"""并哨事实: two whistles about one matter become one; the earlier-signed is the parent (W13)."""

from dataclasses import dataclass
from typing import ClassVar

from routing.domain.dispatch.facts.parts import Assigned


@dataclass(frozen=True, slots=True)
class AdoptedCase:
    """A whistle whose issues another has taken on, with the departments that answered for it."""

    case_id: str
    township: str
    issue_ids: tuple[str, ...]
    departments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChildAdopted:
    """W13: the child's issues and departments have joined.

    ``adopted`` are the child and whatever it had adopted before. ``issued`` are new assists, ``changed``
    departments that were here already and answer for more issues now.
    """

    name: ClassVar[str] = "routing.dispatch.child-adopted.v1"
    child: str
    adopted: tuple[AdoptedCase, ...]
    issued: tuple[Assigned, ...]
    changed: tuple[Assigned, ...]


@dataclass(frozen=True, slots=True)
class WhistleMerged:
    """W13: this child goes on in its parent; nothing more is done here."""

    name: ClassVar[str] = "routing.dispatch.whistle-merged.v1"
    parent: str
