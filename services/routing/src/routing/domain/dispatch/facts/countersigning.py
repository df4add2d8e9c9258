"""会签事实: the lead shows its assists what it proposes, and each answers by itself. Texts are sealed."""

from dataclasses import dataclass
from typing import ClassVar, Literal

ProposalKind = Literal["conclusion", "plan"]
"""拟办结意见, 联合处置方案."""


@dataclass(frozen=True, slots=True)
class CountersigningAsked:
    """The lead asks all assists at once; ``round`` counts the proposals of the whistle."""

    name: ClassVar[str] = "routing.dispatch.countersigning-asked.v1"
    assignment_id: str
    unit: str
    round: int
    kind: ProposalKind
    proposal: str
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DepartmentCountersigned:
    """An assist agrees, or objects with a sentence."""

    name: ClassVar[str] = "routing.assignment.department-countersigned.v1"
    assignment_id: str
    unit: str
    round: int
    agrees: bool
    words: str | None
