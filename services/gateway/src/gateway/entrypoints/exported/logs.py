"""What the auditor reads as tables: who read what, what was published, and who was let in."""

from typing import Any, Final

import orjson
from pydantic import AwareDatetime

from backbone.outbox import read_envelopes
from gateway.adapters.identity_record import noted
from gateway.entrypoints.exported.listed import Asking, Listed, Rows, Wanted, moment
from gateway.entrypoints.graphql.events import EventSource
from gateway.projections.case_queries import LARGEST_PAGE
from gateway.projections.pages import log_cursor
from gateway.projections.read_log import Asked, readings


class WantedReadings(Wanted):
    """Readings of a case, by a person, of a unit, between two moments."""

    case_id: str | None = None
    subject: str | None = None
    unit: str | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class WantedEvents(Wanted):
    """The service whose log it is, and one case or all."""

    service: EventSource
    case_id: str | None = None


async def _readings(asking: Asking, wanted: WantedReadings) -> Rows:
    asked, after, more = Asked(**dict(wanted)), None, True
    while more:
        async with asking.parts.view.connect() as connection:
            rows, more = await readings(connection, asked, LARGEST_PAGE, after)
        yield [
            [
                moment(row["at"]),
                row["subject"],
                asking.word("role", row["role"]),
                asking.unit(row["unit"]),
                asking.word("read-way", row["way"]),
                "\n".join(row["case_ids"]),
            ]
            for row in rows
        ]
        after = log_cursor(rows[-1]["seq"]) if rows else None


async def _events(asking: Asking, wanted: WantedEvents) -> Rows:
    place = 0
    while True:
        told = await asking.read(
            wanted.service.value,
            "/published",
            after=str(place),
            limit=str(LARGEST_PAGE),
            case=wanted.case_id,
        )
        found = read_envelopes(orjson.dumps(told))
        async with asking.parts.view.connect() as connection:
            await asking.noted(connection, [each.case_id for each in found])
        yield [
            [
                each.seq,
                each.type,
                each.case_id,
                moment(each.recorded_at),
                moment(each.occurred_at),
                each.actor,
                asking.unit(each.unit),
                str(each.id),
                orjson.dumps(each.data).decode(),
            ]
            for each in found
        ]
        if len(found) < LARGEST_PAGE:
            return
        place = found[-1].seq


async def _identities(asking: Asking, _: Wanted) -> Rows:
    before: int | None = None
    while True:
        async with asking.parts.view.connect() as connection:
            rows = await noted(connection, before, LARGEST_PAGE)
        yield [
            [
                row["seq"],
                moment(row["at"]),
                asking.word("identity-act", row["act"]),
                row["actor"],
                row["about"],
            ]
            for row in rows
        ]
        if len(rows) < LARGEST_PAGE:
            return
        before = rows[-1]["seq"]


LISTS: Final[tuple[Listed[Any], ...]] = (
    Listed(
        name="read-log",
        query="readLog",
        operations=("read-log",),
        wanted=WantedReadings,
        columns=("at", "person", "role", "unit", "read-way", "case-ids"),
        rows=_readings,
    ),
    Listed(
        name="events",
        query="events",
        operations=("read-events",),
        wanted=WantedEvents,
        columns=(
            *("seq", "event-type", "case-id", "recorded-at", "occurred-at", "person", "unit"),
            *("event-id", "data"),
        ),
        rows=_events,
    ),
    Listed(
        name="identity-records",
        query="/identity-records",
        operations=("read-identity-records",),
        wanted=Wanted,
        columns=("seq", "at", "act", "person", "about"),
        rows=_identities,
    ),
)
