"""并哨、会签: whistles that become one, and departments that sign together."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from contracts.events.published import Published
from contracts.events.routing.dispatches import Assigned


class AdoptedCase(BaseModel):
    """A whistle whose issues another has taken on, with the departments that answered for it."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    township: str
    issue_ids: tuple[str, ...]
    departments: tuple[str, ...]


class ChildAdopted(Published):
    """W13, of the parent: a child's issues and departments have joined.

    New assists get C1 and C10; no clock of the parent moves.
    """

    NAME: ClassVar[str] = "routing.dispatch.child-adopted.v1"
    township: str
    child: str
    adopted: tuple[AdoptedCase, ...]
    """The child, and whatever it had adopted before."""
    issued: tuple[Assigned, ...]
    changed: tuple[Assigned, ...]
    """Departments that were here already and answer for more issues now; their clocks run on."""
    emergency: bool
    complex: bool
    cycle: int


class WhistleMerged(Published):
    """W13, of the child: it goes on in its parent. Its clocks are void, earlier breaches stay."""

    NAME: ClassVar[str] = "routing.dispatch.whistle-merged.v1"
    township: str
    parent: str


class CountersigningAsked(Published):
    """会签: the lead asks its assists at once; no clock runs and nothing waits for the answers."""

    NAME: ClassVar[str] = "routing.dispatch.countersigning-asked.v1"
    assignment_id: str
    unit: str
    round: int
    kind: Literal["conclusion", "plan"]
    """拟办结意见, 联合处置方案."""
    content_sealed: str
    asked: tuple[str, ...]


class DepartmentCountersigned(Published):
    """会签: an assist agrees, or objects with a sentence."""

    NAME: ClassVar[str] = "routing.assignment.department-countersigned.v1"
    assignment_id: str
    unit: str
    round: int
    agrees: bool
    words_sealed: str | None = None
