"""The working calendar in GraphQL; the service that keeps it is asked each time."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any

import strawberry

from gateway.entrypoints.graphql.unit_types import Info


@strawberry.enum(description="日历是否够用:已公布到足够远、即将用完")
class CalendarCoverage(Enum):
    COVERED = "covered"
    ENDS_SOON = "ends-soon"


@strawberry.type(description="放假")
class Holiday:
    name: str
    first: date
    last: date


@strawberry.enum(description="特别日子:只上午办公、只下午办公、停办、本地放假")
class SpecialDayKind(Enum):
    MORNING_ONLY = "morning-only"
    AFTERNOON_ONLY = "afternoon-only"
    CLOSED = "closed"
    LOCAL_HOLIDAY = "local-holiday"


@strawberry.type(description="本县在国家安排之外的日子")
class SpecialDay:
    day: date
    kind: SpecialDayKind
    note: str


@strawberry.type(description="已公布的一年 a published year")
class CalendarYear:
    year: int
    version: int
    source: str = strawberry.field(description="依据文件")
    holidays: list[Holiday]
    make_up_days: list[date] = strawberry.field(description="调休上班的日子")
    special_days: list[SpecialDay]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "CalendarYear":
        return cls(
            year=told["year"],
            version=told["version"],
            source=told["source"],
            holidays=[
                Holiday(name=each["name"], first=_day(each["first"]), last=_day(each["last"]))
                for each in told["holidays"]
            ],
            make_up_days=[_day(each) for each in told["make_up_days"]],
            special_days=[
                SpecialDay(day=_day(each["day"]), kind=SpecialDayKind(each["kind"]), note=each["note"])
                for each in told["special_days"]
            ],
        )


@strawberry.type(description="工作日历 the working calendar, as far as it is published")
class WorkingCalendar:
    coverage: CalendarCoverage
    covered_until: date | None = strawberry.field(description="公布到哪一天;此后的期限为暂定")
    days_left: int
    years: list[CalendarYear]


@strawberry.type
class CalendarQuery:
    @strawberry.field(description="工作日历:放假、调休和特别日子")
    async def calendar(self, info: Info) -> WorkingCalendar:
        context = info.context
        context.permit("read-directory")
        told = await context.parts.services.read(
            "accountability", "/calendar", token=context.token, params={}
        )
        until = told["covered_until"]
        return WorkingCalendar(
            coverage=CalendarCoverage(told["status"]),
            covered_until=_day(until) if until is not None else None,
            days_left=told["days_left"],
            years=[CalendarYear.of(each) for each in told["years"]],
        )


def _day(told: str) -> date:
    return date.fromisoformat(told)
