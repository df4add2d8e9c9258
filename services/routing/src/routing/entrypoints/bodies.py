"""The bodies of routing's commands: limits in characters, unknown fields refused."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from routing.application.dispatches import ArrivalWords, DeskWords, ResultWords
from routing.domain.dispatch.commands import Assist
from routing.domain.dispatch.facts import Mode, NotAcceptedReason, Result
from routing.domain.responsibility_list import Item, ItemKind, Level
from routing.domain.unit import Entry, UnitClass, Village

Code = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$")]
"""Of a unit or a responsibility item."""
IssueId = Annotated[str, StringConstraints(max_length=64)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
"""May be empty: what has to be said is for the domain to ask for."""
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]
"""A sentence or a few; may be empty like a line."""
MOST_ITEMS = 1_000
MOST_VILLAGES = 1_000
MOST_ISSUES = 50
MOST_DEPARTMENTS = 20


class Body(BaseModel):
    """Unknown fields are refused: a misspelt one must not be dropped in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Desk(Body):
    """What the desk says with its decision."""

    legal_basis: Line = ""
    complex: bool = False
    complex_reason: Words = ""

    def words(self) -> DeskWords:
        """As the application takes it."""
        return DeskWords(self.legal_basis, self.complex, self.complex_reason)


class Confirm(Desk):
    """W4 确认派单; ``owner_found`` false: nobody's duty was found, the departments stay provisional."""

    owner_found: bool = True


class NamedAssist(Body):
    """An assist with the issues it answers for; none left out is the rule, they are the lead's."""

    unit: Code
    issue_ids: Annotated[tuple[IssueId, ...], Field(max_length=MOST_ISSUES)] = ()


class Correct(Desk):
    """W4 更正派单."""

    lead: Code
    assists: Annotated[tuple[NamedAssist, ...], Field(max_length=MOST_DEPARTMENTS)] = ()

    def named_assists(self) -> list[Assist]:
        """As the domain takes them."""
        return [Assist(each.unit, each.issue_ids) for each in self.assists]


class ReportIn(Body):
    """A1 报到; without ``handler`` it is the person who reports in."""

    handler: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] | None = None
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    mode: Mode = "on_site"
    first_step: Words = ""

    def words(self) -> ArrivalWords:
        """As the application takes it."""
        return ArrivalWords(self.phone, self.mode, self.handler, self.first_step)


class GiveFeedback(Body):
    """A7 反馈."""

    content: Words = ""


class IssueResult(Body):
    """The lead's result of one issue; ``details`` where it is not solved."""

    issue_id: IssueId
    result: Result
    details: Words = ""


class Conclude(Body):
    """A5, W6 办结; an issue not named in ``results`` is solved."""

    sentence: Words = ""
    results: Annotated[tuple[IssueResult, ...], Field(max_length=MOST_ISSUES)] = ()

    def result_words(self) -> list[ResultWords]:
        """As the application takes them."""
        return [ResultWords(each.issue_id, each.result, each.details) for each in self.results]


class ReportInAndConclude(ReportIn, Conclude):
    """报到并办结."""


class RequestReturn(Body):
    """A2 退哨申请."""

    legal_basis: Line = ""
    proposed_owner: Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)] = ""


class AcceptReturn(Body):
    """A3 同意退哨; without ``to`` the proposed owner has it. ``dispatch_error``: 派单差错."""

    to: Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)] = ""
    dispatch_error: bool = False
    legal_basis: Line = ""


class Reason(Body):
    """A decision's reason."""

    reason: Words = ""


class Withdraw(Body):
    """W12 撤哨; ``ask_consent`` where a department has reported in already."""

    reason: Words = ""
    ask_consent: bool = False


class Nothing(Body):
    """A command that says everything by its name."""


class NotAccept(Body):
    """W4' 不予受理."""

    reason_code: NotAcceptedReason
    legal_basis: Line = ""


class DecideAppeal(Body):
    """W4' 申诉决定."""

    granted: bool
    reason: Words = ""


class ListItem(Body):
    """One line of the list; ``lead`` may be the word ``township``: the one the matter lies in."""

    code: Code
    title: Line
    kind: ItemKind
    level: Level
    lead: Code
    assists: Annotated[tuple[Code, ...], Field(max_length=MOST_DEPARTMENTS)] = ()
    legal_basis: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
    summary: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
    keywords: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    taxonomy: Annotated[tuple[Line, ...], Field(max_length=3)] = ()
    complex: bool = False
    devolved: bool = False
    devolved_with: Annotated[tuple[Line, ...], Field(max_length=10)] = ()

    def item(self) -> Item:
        """As the domain takes it."""
        return Item(**dict(self))


class PublishList(Body):
    """A whole version of the responsibility list."""

    effective_from: date
    source_document: Line = ""
    items: Annotated[tuple[ListItem, ...], Field(max_length=MOST_ITEMS)] = ()


class VillageName(Body):
    """A village by its official code."""

    code: Code
    name: Line


class Unit(Body):
    """A unit's entry."""

    code: Code
    name: Line
    short_name: Line
    unit_class: UnitClass
    tier: Code
    duty_desk_phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None
    ruled_by_county: bool = True
    villages: Annotated[tuple[VillageName, ...], Field(max_length=MOST_VILLAGES)] = ()

    def entry(self) -> Entry:
        """As the domain takes it."""
        return Entry(
            code=self.code,
            full_name=self.name,
            short_name=self.short_name,
            unit_class=self.unit_class,
            tier=self.tier,
            duty_desk_phone=self.duty_desk_phone,
            ruled_by_county=self.ruled_by_county,
            villages=tuple(
                sorted((Village(each.code, each.name) for each in self.villages), key=lambda each: each.code)
            ),
        )


class SuggestedItem(BaseModel):
    """An item a sentence may speak of; ``confidence`` compares it with the others shown."""

    code: str
    title: str
    lead: str
    assists: tuple[str, ...]
    legal_basis: str
    confidence: float
    matched: tuple[str, ...]
    preselected: bool


class SuggestedItems(BaseModel):
    """The best items first; the first is preselected only where it stands out by ``margin``.

    ``version`` is the number of the list in force, if any.
    """

    version: int | None
    margin: float
    suggestions: list[SuggestedItem]
