"""日历订阅: the running deadlines of one's unit as an ics feed, for calendars that cannot sign in."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Path, Response
from icalendar import Calendar, Event
from sqlalchemy import RowMapping

from backbone.web import Refusal
from contracts.catalogue import sentence
from contracts.permissions import ALLOWED
from gateway.adapters.calendar_feeds import CalendarFeeds
from gateway.projections.case_view import CaseView
from gateway.projections.outward_queries import hour_before, running_deadlines

OPEN_ROUTES: Final = {"/calendar/{token}.ics": "the token in the address is the proof; it can be revoked"}
KEEP: Final = "keep-calendar-feed"


def calendar_router(view: CaseView, feeds: CalendarFeeds, public_url: str) -> APIRouter:
    """A token that does not count answers like one there never was."""
    router = APIRouter(tags=["calendar"])

    @router.get("/calendar/{token}.ics", response_class=Response)
    async def calendar(token: Annotated[str, Path(max_length=80)]) -> Response:
        """本单位正在计时的期限: number, name and due of each, no text of a case."""
        viewer = await feeds.reader(token)
        if viewer is None or viewer.role not in ALLOWED[KEEP]:
            raise Refusal("unknown-calendar-feed", 404)
        async with view.connect() as connection:
            rows = await running_deadlines(connection, viewer)
        return Response(
            ics(rows, public_url.rstrip("/")),
            media_type="text/calendar; charset=utf-8",
            headers={"Cache-Control": "private, max-age=300", "Referrer-Policy": "no-referrer"},
        )

    return router


def ics(rows: Sequence[RowMapping], public_url: str) -> bytes:
    """The feed; each deadline is the hour before its due."""
    found = Calendar()
    found.add("prodid", "-//Chuishao//deadlines//ZH")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", sentence("calendar-name", "zh"))
    found.add("refresh-interval;value=duration", "PT1H")
    for row in rows:
        found.add_component(_event(row, public_url))
    told: bytes = found.to_ical()
    return told


def _event(row: RowMapping, public_url: str) -> Event:
    event = Event()
    due: datetime = row["due"].astimezone(UTC)
    title = sentence(f"clock-{row['kind'].lower()}", "zh")
    link = f"{public_url}/cases/{row['case_id']}"
    event.add("uid", f"{row['clock_id']}@chuishao")
    event.add("dtstamp", row["updated_at"].astimezone(UTC))
    event.add("dtstart", hour_before(due))
    event.add("dtend", due)
    event.add("summary", " ".join(filter(None, (title, row["number"]))))
    event.add("description", link)
    event.add("url", link)
    return event
