"""A policy as a document: what may be written in one, and as what it is read."""

from datetime import date, time
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from accountability.domain.calendar import WorkingHours
from accountability.domain.policy_change import PolicyChange
from accountability.domain.terms import (
    Anchor,
    ClockKind,
    Ending,
    Profile,
    QuietHours,
    ReminderRule,
    RungRule,
    calendar_days,
    seconds,
    working_days,
    working_hours,
)
from accountability.domain.working_time import Limit
from accountability.entrypoints.rules_http import Document

Days = Annotated[int, Field(ge=1, le=366)]
Hours = Annotated[int, Field(ge=1, le=366 * 24)]
Recipient = Literal["unit", "department-head", "office-supervisor", "county-leader"]
WallClock = Annotated[
    time, WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"})
]
"""A time of day in China, like 08:30: the format ``time`` of JSON Schema wants a zone."""
Words = Annotated[str, Field(min_length=1, max_length=100)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LimitPart(_Part):
    """How long, in exactly one unit: ``{"working_days": 7}``, ``{"hours": 24}`` …"""

    minutes: Annotated[int, Field(ge=1, le=366 * 24 * 60)] | None = None
    hours: Hours | None = None
    working_hours: Hours | None = None
    working_days: Days | None = None
    calendar_days: Days | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if len(self.model_fields_set) != 1 or None in (getattr(self, each) for each in self.model_fields_set):
            raise ValueError("one unit is needed")
        return self

    def value(self) -> Limit:
        """As the domain knows it."""
        if self.minutes is not None:
            return seconds(self.minutes / 60)
        if self.hours is not None:
            return seconds(self.hours)
        if self.working_hours is not None:
            return working_hours(self.working_hours)
        if self.working_days is not None:
            return working_days(self.working_days)
        assert self.calendar_days is not None
        return calendar_days(self.calendar_days)


class ReminderPart(_Part):
    """``{"hours_before": 12}``, or ``working_days_before`` or ``counted_day`` with ``at`` what time."""

    hours_before: Hours | None = None
    working_days_before: Annotated[int, Field(ge=1, le=30)] | None = None
    counted_day: Annotated[int, Field(ge=1, le=366)] | None = None
    at: WallClock | None = None
    to: Recipient = "unit"
    always: bool = False
    """Passes quiet hours and reaches the duty desk."""

    @model_validator(mode="after")
    def _one_anchor(self) -> Self:
        anchors = [self.hours_before, self.working_days_before, self.counted_day]
        if sum(each is not None for each in anchors) != 1:
            raise ValueError("one moment is needed")
        return self

    def value(self, number: int) -> ReminderRule:
        """As the domain knows it; reminders are numbered in the order of the document."""
        anchor, amount = Anchor.SECONDS_BEFORE_DUE, (self.hours_before or 0) * 3600
        if self.working_days_before is not None:
            anchor, amount = Anchor.WORKING_DAYS_BEFORE_DUE, self.working_days_before
        elif self.counted_day is not None:
            anchor, amount = Anchor.COUNTED_DAY, self.counted_day
        return ReminderRule(f"remind-{number}", anchor, amount, self.to, self.at, self.always)


class RungPart(_Part):
    """A rung of the ladder, so many working days after the breach; a proposed one waits for a person."""

    rung: Literal["BLUE", "ORANGE", "RED"]
    working_days: Annotated[int, Field(ge=0, le=60)]
    to: Recipient
    proposed: bool = False
    copy_to: Literal["", "county-supervision-office"] = ""

    def value(self) -> RungRule:
        """As the domain knows it."""
        return RungRule(self.rung, self.working_days, self.to, self.proposed, self.copy_to)


class HoursPart(_Part):
    """The two shifts of a working day."""

    morning: tuple[WallClock, WallClock]
    afternoon: tuple[WallClock, WallClock]

    def value(self) -> WorkingHours:
        """As the domain knows it."""
        return WorkingHours(self.morning, self.afternoon)


class QuietPart(_Part):
    """When notices that are not urgent wait."""

    begin: WallClock
    end: WallClock
    after_days_off: WallClock

    def value(self) -> QuietHours:
        """As the domain knows it."""
        return QuietHours(self.begin, self.end, self.after_days_off)


class PolicyDocument(_Part):
    """What changes of the policy in force on ``effective_from``; whatever is left out stays as it is."""

    clock: ClockKind
    scope: Annotated[str, Field(pattern=r"^[0-9]{0,12}$")] = ""
    """A township's code, or empty: the whole county."""
    effective_from: date
    effective_to: date | None = None
    source: Document
    limits: dict[Profile, LimitPart | None] = Field(default_factory=dict)
    reminders: Annotated[list[ReminderPart], Field(max_length=9)] | None = None
    ladder: Annotated[list[RungPart], Field(max_length=3)] | None = None
    hours: HoursPart | None = None
    quiet: QuietPart | None = None
    start: Words | None = None
    stop: Words | None = None
    ending: Ending | None = None

    def change(self) -> PolicyChange:
        """As the domain knows it."""
        reminders, ladder = self.reminders, self.ladder
        return PolicyChange(
            kind=self.clock,
            scope=self.scope,
            effective_from=self.effective_from,
            effective_to=self.effective_to,
            source=self.source.value(),
            limits={profile: part.value() if part else None for profile, part in self.limits.items()},
            reminders=tuple(part.value(n) for n, part in enumerate(reminders, 1))
            if reminders is not None
            else None,
            ladder=tuple(part.value() for part in ladder) if ladder is not None else None,
            hours=self.hours.value() if self.hours else None,
            quiet=self.quiet.value() if self.quiet else None,
            start=self.start,
            stop=self.stop,
            ending=self.ending,
        )
