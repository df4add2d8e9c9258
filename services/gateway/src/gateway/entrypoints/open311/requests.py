"""Service requests: grid reports as they are filed, and what the public may know of them."""

from collections.abc import Sequence
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Path, Request
from sqlalchemy import RowMapping
from starlette.responses import Response

from backbone.web import Refusal, preferred_language
from contracts.catalogue import sentence
from contracts.permissions import permit
from gateway.application.commands import perform
from gateway.application.resends import fingerprint
from gateway.domain.places import Place
from gateway.domain.visibility import Viewer
from gateway.entrypoints.callers import Caller
from gateway.entrypoints.open311 import answers
from gateway.entrypoints.open311.answers import Format, answer
from gateway.entrypoints.open311.filing import address_of, command_of, place_of
from gateway.entrypoints.open311.forms import ServiceRequestForm, attributes_of, documented, form_of
from gateway.entrypoints.open311.keys import AsksForKey
from gateway.entrypoints.open311.parts import AcceptLanguage, Open311, ok
from gateway.entrypoints.open311.queries import AskedFor
from gateway.entrypoints.passing_on import answered
from gateway.projections import case_queries, service_requests
from gateway.projections.case_rows import SHANGHAI, Names, word
from gateway.projections.read_log import note_reading
from gateway.projections.service_requests import Wanted
from gateway.projections.unit_queries import all_units

FILE, READ = "file-grid-report", "read-service-requests"
REQUESTS = "/open311/v2/requests"
ROOT = "service_requests"


def requests_router(parts: Open311) -> APIRouter:
    """The routes; each asks for a key."""
    router = APIRouter(dependencies=[Depends(parts.jurisdiction)])
    Known = Annotated[Caller, Depends(AsksForKey(parts.callers))]

    @router.post(
        f"{REQUESTS}.{{format}}",
        responses=ok(list[answers.Filed]),
        openapi_extra={"requestBody": documented()},
    )
    async def file_service_request(
        format: Format, request: Request, caller: Known, language: AcceptLanguage = ""
    ) -> Response:
        """上报; the same words from the same key within a day are the same report."""
        permit(caller.actor, FILE)
        sent = await form_of(request)
        if not sent.urlencoded:
            raise Refusal("unsupported-media-type", 415)
        form, attributes = ServiceRequestForm.of(sent), attributes_of(sent)
        async with parts.view.connect() as connection:
            items = (await service_requests.network(connection)).items
            townships = await service_requests.townships(connection, await parts.today(connection))
        if form.service_code not in items:
            raise Refusal("unknown-service-code", 404)
        place = place_of(form, attributes, townships)
        body = command_of(form, attributes, items[form.service_code], place, caller.actor)
        alike = fingerprint(parts.secret, caller.actor.subject, sent.words())
        done = await answered(
            perform(
                parts.services,
                parts.view,
                "intake",
                "/grid-reports",
                body,
                token=caller.token,
                key=await parts.resends.key_of(alike, uuid4()),
            )
        )
        filed = answers.Filed(
            service_request_id=done.accepted.details["number"],
            service_notice=_notice(place, preferred_language(language)),
        )
        return answer(ROOT, [filed], format)

    @router.get(f"{REQUESTS}.{{format}}", responses=ok(list[answers.ServiceRequest]))
    async def service_requests_list(
        format: Format, caller: Known, asked: AskedFor, language: AcceptLanguage = ""
    ) -> Response:
        """Reports of the last 90 days or as asked, the last made first; only those the key's role may see."""
        permit(caller.actor, READ)
        async with parts.view.connect() as connection:
            wanted = asked.wanted(await case_queries.now(connection))
        return answer(ROOT, await _found(parts, caller, wanted, preferred_language(language)), format)

    @router.get(f"{REQUESTS}/{{service_request_id}}.{{format}}", responses=ok(list[answers.ServiceRequest]))
    async def service_request(
        service_request_id: Annotated[str, Path(max_length=80)],
        format: Format,
        caller: Known,
        language: AcceptLanguage = "",
    ) -> Response:
        """One report; another township's is as unknown as none."""
        permit(caller.actor, READ)
        wanted = Wanted(numbers=[service_request_id])
        found = await _found(parts, caller, wanted, preferred_language(language))
        if not found:
            raise Refusal("unknown-service-request", 404)
        return answer(ROOT, found, format)

    return router


async def _found(
    parts: Open311, caller: Caller, wanted: Wanted, language: str
) -> Sequence[answers.ServiceRequest]:
    viewer = Viewer(caller.actor.subject, caller.actor.role, caller.actor.unit)
    async with parts.view.connect() as connection:
        rows = await service_requests.find_requests(connection, viewer, wanted)
        titles = await service_requests.titles(connection)
        names = Names(await all_units(connection))
        if read := [row["case_id"] for row in rows if row["own"]]:
            await note_reading(connection, viewer, "open311", read)
    return [_told(row, titles.get(row["item"]), names, language) for row in rows]


def _told(row: RowMapping, title: str | None, names: Names, language: str) -> answers.ServiceRequest:
    township, village, ended = row["township"], row["village"], row["ended_at"]
    return answers.ServiceRequest(
        service_request_id=row["number"],
        status="closed" if ended is not None else "open",
        status_notes=row["answer"] or word("case-state", row["state"], language),
        service_name=title or row["item"],
        service_code=row["item"],
        description=row["text"],
        agency_responsible=names.unit(township),
        requested_datetime=row["created_at"].astimezone(SHANGHAI),
        updated_datetime=(ended or row["updated_at"]).astimezone(SHANGHAI),
        address=names.unit(township) + names.village(village),
        address_id=village or township,
    )


def _notice(place: Place, language: str) -> str:
    """Where it went, and that this is a guess where it is one."""
    slug = "open311-filed-guessed" if place.guessed else "open311-filed"
    return sentence(slug, language, {"place": address_of(place)})
