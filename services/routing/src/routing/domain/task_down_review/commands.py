"""责任下派审核指令: what may be asked of a review. ``by`` is the asking person's unit; texts come sealed."""

from dataclasses import dataclass
from datetime import date

from routing.domain.responsibility_list import Item
from routing.domain.task_down_review.facts import Decision, Evaluation


@dataclass(frozen=True, slots=True)
class ProposeTaskDown:
    """``known`` are the registered townships among the named; ``item`` is the list's line of the code."""

    department: str
    measure: str
    townships: tuple[str, ...]
    known: frozenset[str]
    resources: str
    capacity: str
    item_code: str | None = None
    item: Item | None = None
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StartReview:
    """The office looks into it, and may name the line of the list that is meant."""

    item_code: str | None = None
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class RecordTaskHearing:
    """Grassroots representatives were heard; the rules in force want ``least`` of them."""

    met_on: date
    representatives: int
    units: tuple[str, ...]
    minutes: str
    least: int
    rules_version: int = 0
    """Of the rules in force; 0 for the default ones."""


@dataclass(frozen=True, slots=True)
class DecideTaskDown:
    """是否配套保障资源, 是否超出基层能力: both are answered, whatever is decided."""

    decision: Decision
    resources_attached: bool | None
    beyond_capacity: bool | None
    reason: str = ""
    conditions: str = ""


@dataclass(frozen=True, slots=True)
class IssueTask:
    """The department sends out what was let through."""

    by: str
    document: str


@dataclass(frozen=True, slots=True)
class EvaluateTask:
    """``by_office``: the office evaluates, otherwise one of the townships."""

    by: str
    by_office: bool
    evaluation: Evaluation
    words: str


@dataclass(frozen=True, slots=True)
class CiteReview:
    """A later case relies on it."""

    cited_by: str


Command = (
    ProposeTaskDown | StartReview | RecordTaskHearing | DecideTaskDown | IssueTask | EvaluateTask | CiteReview
)
