"""HTTP of the rules: calendar years and what they move."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from accountability.application.calendars import Calendars
from accountability.application.moves import Move
from accountability.domain.calendar import Holiday, SourceDocument, SpecialKind
from accountability.domain.calendar_year import (
    AddSpecialDay,
    Command,
    CorrectYear,
    PublishYear,
    WithdrawSpecialDay,
)
from backbone.web import Accepted, CurrentActor, CurrentCall, accepted
from contracts.permissions import permit

SERVICE = "accountability"
Year = Annotated[int, Path(ge=2000, le=2100)]
Version = Annotated[int | None, Query(ge=1, le=10_000)]
Text = Annotated[str, Field(min_length=1, max_length=500)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Document(_Body):
    """The document a change rests on."""

    title: Text
    number: Annotated[str, Field(max_length=100)] = ""
    issued: date | None = None

    def value(self) -> SourceDocument:
        """As the domain knows it."""
        return SourceDocument(self.title, self.number, self.issued)


class Stretch(_Body):
    """A decreed stretch of days off; both ends belong to it."""

    name: Text
    first: date
    last: date


class Decree(_Body):
    """The decreed days of one year."""

    source: Document
    holidays: Annotated[list[Stretch], Field(max_length=30)]
    make_up_days: Annotated[list[date], Field(max_length=30)]
    correction: bool = False
    """Replaces what was published before."""

    def command(self, year: int) -> Command:
        """As the domain is asked."""
        kind = CorrectYear if self.correction else PublishYear
        holidays = tuple(Holiday(each.name, each.first, each.last) for each in self.holidays)
        return kind(year, holidays, tuple(self.make_up_days), self.source.value())


class Special(_Body):
    """A half day, an emergency closure or a local day; ``kind`` None withdraws it."""

    source: Document
    day: date
    kind: SpecialKind | None
    note: Annotated[str, Field(max_length=500)] = ""

    def command(self, year: int) -> Command:
        """As the domain is asked."""
        if self.kind is None:
            return WithdrawSpecialDay(year, self.day, self.source.value())
        return AddSpecialDay(year, self.day, self.kind, self.note, self.source.value())


class Moved(BaseModel):
    """A clock that would move."""

    clock_id: str
    case_id: str
    kind: str
    unit: str
    old_due: datetime
    due: datetime
    provisional: bool
    would_breach: bool

    @classmethod
    def of(cls, move: Move) -> "Moved":
        """As it is shown."""
        return cls(**asdict(move))


class YearInForce(BaseModel):
    """A published year."""

    year: int
    version: int
    source: str
    holidays: list[dict[str, Any]]
    make_up_days: list[date]
    special_days: list[dict[str, Any]]


class CalendarStatus(BaseModel):
    """Until when the calendar is decreed; ``warning`` from 60 days before its end."""

    status: Literal["covered", "ends-soon"]
    covered_until: date | None
    days_left: int
    years: list[YearInForce]


def calendar_router(calendars: Calendars) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/calendar", tags=["calendar"])

    @router.get("")
    async def status(actor: CurrentActor) -> CalendarStatus:
        """The published years, and until when they reach."""
        permit(actor, "read-directory")
        coverage = await calendars.coverage()
        return CalendarStatus(
            status="ends-soon" if coverage.warning else "covered",
            covered_until=coverage.covered_until,
            days_left=coverage.days_left,
            years=[
                YearInForce(
                    year=plan.year,
                    version=plan.version,
                    source=f"{plan.source.title} {plan.source.number}".strip(),
                    holidays=[
                        {"name": each.name, "first": each.first, "last": each.last} for each in plan.holidays
                    ],
                    make_up_days=list(plan.make_up_days),
                    special_days=[
                        {"day": each.day, "kind": each.kind.value, "note": each.note}
                        for each in plan.special_days
                    ],
                )
                for plan in coverage.years
            ],
        )

    @router.post("/{year}/preview")
    async def preview(year: Year, body: Decree, actor: CurrentActor) -> list[Moved]:
        """Which open clocks publishing this would move, from what to what; stores nothing."""
        permit(actor, "publish-calendar-year")
        return [Moved.of(move) for move in await calendars.preview(body.command(year))]

    @router.post("/{year}/special-days/preview")
    async def preview_special_day(year: Year, body: Special, actor: CurrentActor) -> list[Moved]:
        """Which open clocks the day would move, from what to what; stores nothing."""
        permit(actor, "publish-calendar-year")
        return [Moved.of(move) for move in await calendars.preview(body.command(year))]

    @router.get("/{year}/moves")
    async def moves(year: Year, actor: CurrentActor, version: Version = None) -> list[Moved]:
        """Which clocks the publication of a version (the last one unless named) has moved."""
        permit(actor, "publish-calendar-year")
        return [Moved.of(move) for move in await calendars.moved(year, version)]

    @router.post("/{year}")
    async def publish(year: Year, body: Decree, call: CurrentCall) -> Accepted:
        """Publish or correct a year; open clocks are computed again."""
        permit(call.actor, "publish-calendar-year")
        context = call.context("publish-calendar-year", body)
        return accepted(SERVICE, await calendars.change(body.command(year), context))

    @router.post("/{year}/special-days")
    async def special_day(year: Year, body: Special, call: CurrentCall) -> Accepted:
        """Add or withdraw a half day, an emergency closure or a local day."""
        permit(call.actor, "publish-calendar-year")
        context = call.context("publish-calendar-year", body)
        return accepted(SERVICE, await calendars.change(body.command(year), context))

    return router
