"""What a list of service requests may be asked for; empty fields are like none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import Depends, Query
from pydantic import BeforeValidator, Field

from backbone.web import Refusal
from gateway.projections.service_requests import MOST, Wanted

SPAN: Final = timedelta(days=90)
"""The longest time one answer is about, and the newest such time if none is named."""
_STATUSES: Final = {"open": False, "closed": True}


def _nothing(value: object) -> object:
    return None if value == "" else value


def _moment(value: object) -> object:
    """A moment as the W3C writes it, zone included; a + that became a space on its way is one again."""
    if not isinstance(value, str) or not value:
        return None
    moment = datetime.fromisoformat(value.replace(" ", "+"))
    if moment.tzinfo is None:
        raise ValueError("without a zone")
    return moment


Moment = Annotated[datetime | None, BeforeValidator(_moment)]
Words = Annotated[str, Query(max_length=4_000)]


@dataclass(frozen=True, slots=True)
class Asked:
    """The arguments of a list."""

    numbers: Sequence[str]
    items: Sequence[str]
    statuses: Sequence[str]
    since: datetime | None
    until: datetime | None
    page: int
    page_size: int

    def wanted(self, now: datetime) -> Wanted:
        """The conditions; raises ``Refusal``. Named requests override all others."""
        if len(self.numbers) > MOST:
            raise Refusal("too-many-requests-named", 400, most=MOST)
        if self.numbers:
            return Wanted(numbers=self.numbers)
        unknown = [each for each in self.statuses if each not in _STATUSES]
        if unknown:
            raise Refusal("unknown-status", 400)
        closed = {_STATUSES[each] for each in self.statuses}
        since, until = period(self.since, self.until, now)
        return Wanted(
            items=self.items,
            since=since,
            until=until,
            closed=closed.pop() if len(closed) == 1 else None,
            first=self.page_size,
            skipped=(self.page - 1) * self.page_size,
        )


def period(since: datetime | None, until: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """The time asked for, filled up to 90 days where one end is left out; raises ``Refusal``."""
    if until is None:
        until = now if since is None else min(now, since + SPAN)
    if since is None:
        since = until - SPAN
    if until - since > SPAN:
        raise Refusal("requested-period-too-long", 400, days=SPAN.days)
    return since, until


async def asked(
    service_request_id: Words = "",
    service_code: Words = "",
    status: Words = "",
    start_date: Moment = None,
    end_date: Moment = None,
    page: Annotated[
        Annotated[int, Field(ge=1, le=1_000_000)] | None, BeforeValidator(_nothing), Query()
    ] = None,
    page_size: Annotated[
        Annotated[int, Field(ge=1, le=MOST)] | None, BeforeValidator(_nothing), Query()
    ] = None,
) -> Asked:
    """The arguments as they came, taken apart at their commas."""
    return Asked(
        _parts(service_request_id),
        _parts(service_code),
        _parts(status),
        start_date,
        end_date,
        page or 1,
        page_size or MOST,
    )


def _parts(value: str) -> Sequence[str]:
    return [each.strip() for each in value.split(",") if each.strip()]


AskedFor = Annotated[Asked, Depends(asked)]
