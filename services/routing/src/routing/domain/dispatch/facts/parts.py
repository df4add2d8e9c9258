"""派单要素: the parts that the facts of a dispatch are made of. Texts and names are sealed strings."""

from dataclasses import dataclass
from typing import Literal

Part = Literal["lead", "assist"]
"""主办, 协办."""
Mode = Literal["on_site", "online", "written"]
"""现场, 线上, 书面."""
Result = Literal["solved", "partly", "unsolved", "explained"]
"""已解决, 部分解决, 未解决, 已解释."""
Reason = Literal[
    "dispatched-by-list",
    "dispatched-without-item",
    "dispatched-with-several-owners",
    "dispatched-despite-own-duty",
]
"""Why these departments: one owner in the list, or why the list did not decide; slugs of the catalogue."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One 问题项 to be answered; ``item_code`` is the responsibility item the clerk accepted, if any."""

    issue_id: str
    item_code: str | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """One department's part: the issues it answers for; provisional until the desk has spoken."""

    assignment_id: str
    unit: str
    part: Part
    issue_ids: tuple[str, ...]
    provisional: bool


@dataclass(frozen=True, slots=True)
class IssueResult:
    """The lead's result for one issue; ``details`` only where it is not solved."""

    issue_id: str
    result: Result
    details: str | None = None


@dataclass(frozen=True, slots=True)
class CitedItem:
    """A line of the responsibility list as it read when it was used."""

    code: str
    title: str
