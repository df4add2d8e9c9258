"""The bodies of commands on disputes and task-down reviews."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from routing.application.disputes import DisputeWords
from routing.application.reviews import TaskWords
from routing.domain.dispute.facts import Ruling as DutyRuling
from routing.domain.dispute.facts import Share as DutyShare
from routing.domain.dispute.facts import Way
from routing.domain.task_down_review.facts import Decision, Evaluation
from routing.entrypoints.bodies import MOST_DEPARTMENTS, Body, Code, Line, Words

MOST_TOWNSHIPS = 50


class FileDispute(Body):
    """A4 提出争议; without ``whistle`` it is about a duty as such; ``letter`` is the one it grew out of."""

    department: Code
    legal_basis: Line = ""
    matter: Words = ""
    whistle: UUID | None = None
    proposed_owner: Code | None = None
    letter: UUID | None = None

    def words(self) -> DisputeWords:
        """As the application takes it."""
        whistle, letter = (str(each) if each else None for each in (self.whistle, self.letter))
        return DisputeWords(
            self.department, self.legal_basis, self.matter, whistle, self.proposed_owner, letter
        )


class Share(Body):
    """What an assisting unit has to do."""

    unit: Code
    duty: Line = ""


class Ruling(Body):
    """Whose duty it is; public."""

    duty: Line = ""
    lead: Code
    legal_basis: Line = ""
    assists: Annotated[tuple[Share, ...], Field(max_length=MOST_DEPARTMENTS)] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    precedent: bool = False
    item_code: Code | None = None

    def ruling(self) -> DutyRuling:
        """As the domain takes it."""
        return DutyRuling(
            duty=self.duty,
            lead=self.lead,
            legal_basis=self.legal_basis,
            assists=tuple(DutyShare(each.unit, each.duty) for each in self.assists),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            precedent=self.precedent,
            item_code=self.item_code,
        )


class Settle(FileDispute):
    """简易办理: filed and agreed in one record."""

    ruling: Ruling
    way: Way = "telephone"


class Agree(Body):
    """商定."""

    ruling: Ruling
    way: Way = "meeting"


class Rule(Body):
    """裁定."""

    ruling: Ruling
    by_higher_level: bool = False


class Hearing(Body):
    """协调会."""

    met_on: date
    units: Annotated[tuple[Code, ...], Field(max_length=MOST_DEPARTMENTS)] = ()
    minutes: Words = ""


class Said(Body):
    """A reason, a statement or grounds, in words."""

    words: Words = ""


class ReferUp(Body):
    """报请上级."""

    to: Line = ""
    reason: Words = ""


class DecideReconsideration(Body):
    """复议结论; without ``revised`` the ruling stands."""

    reason: Words = ""
    revised: Ruling | None = None


class ProposeTaskDown(Body):
    """提请审核."""

    measure: Line = ""
    townships: Annotated[tuple[Code, ...], Field(max_length=MOST_TOWNSHIPS)] = ()
    resources: Words = ""
    capacity: Words = ""
    item_code: Code | None = None
    cites: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()

    def words(self) -> TaskWords:
        """As the application takes it."""
        cites = tuple(str(each) for each in self.cites)
        return TaskWords(self.measure, self.townships, self.resources, self.capacity, self.item_code, cites)


class StartReview(Body):
    """开始审核."""

    item_code: Code | None = None


class TaskHearing(Body):
    """基层代表座谈."""

    met_on: date
    representatives: Annotated[int, Field(ge=0, le=10_000)]
    units: Annotated[tuple[Code, ...], Field(max_length=MOST_TOWNSHIPS)] = ()
    minutes: Words = ""


class DecideTaskDown(Body):
    """审核结论, with the answers to both questions."""

    decision: Decision
    resources_attached: bool | None = None
    beyond_capacity: bool | None = None
    reason: Words = ""
    conditions: Words = ""


class IssueTask(Body):
    """下发."""

    document: Line = ""


class EvaluateTask(Body):
    """后评估."""

    evaluation: Evaluation
    words: Words = ""


class CiteReview(Body):
    """后案引用."""

    case_id: UUID
