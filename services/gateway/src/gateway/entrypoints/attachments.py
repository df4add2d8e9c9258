"""附件 through the gateway: whoever sees a case whole adds and fetches its files; nobody needs to."""

from collections.abc import Awaitable
from typing import Annotated, Any, Final
from urllib.parse import quote, unquote
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from backbone.identity import Actor, ServiceTokens
from backbone.web import CurrentActor, IdempotencyKey, Refusal
from contracts.permissions import permit
from gateway.application.commands import (
    READ_YOUR_WRITE_SECONDS,
    Accepted,
    Services,
)
from gateway.domain.visibility import Viewer
from gateway.entrypoints.passing_on import answered
from gateway.projections.attachment_queries import KINDS, find_attachment, kind_of
from gateway.projections.case_view import CaseView
from gateway.projections.read_log import note_reading

BODIES: Final = "/attachments"
"""Requests to paths that end so may be larger than others."""
_FILE: Final[dict[str, Any]] = {
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
}
_HARMLESS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""A file is saved, never shown as a page of ours."""
_NAME: Final = "filename*=utf-8''"


class Remove(BaseModel):
    """Why; needed of the office."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)] = ""


class Attached(BaseModel):
    """What became of it; ``stale`` says that it cannot be read yet."""

    case_id: str
    attachment_id: str
    stale: bool


def attachments_router(view: CaseView, services: Services, tokens: ServiceTokens) -> APIRouter:
    """A case that is not seen whole answers like one that is not there."""
    router = APIRouter(prefix="/cases/{case_id}/attachments", tags=["attachment"])

    async def done(asked: Awaitable[Accepted]) -> Attached:
        accepted = await answered(asked)
        visible = await view.reached(accepted.service, accepted.published_seq, READ_YOUR_WRITE_SECONDS)
        return Attached(
            case_id=accepted.id, attachment_id=str(accepted.details["attachment"]), stale=not visible
        )

    @router.post("", openapi_extra={"requestBody": {"required": True, **_FILE}})
    async def add_attachment(
        case_id: UUID,
        request: Request,
        actor: CurrentActor,
        key: IdempotencyKey,
        content_disposition: Annotated[str, Header(max_length=2_000)] = "",
        content_type: Annotated[str, Header(max_length=200)] = "",
    ) -> Attached:
        """添加附件: the body is the file, called as ``Content-Disposition: …; filename*=UTF-8''…`` says."""
        permit(actor, "add-attachment")
        async with view.connect() as connection:
            kind = await kind_of(connection, _viewer(actor), str(case_id))
        if kind is None:
            raise Refusal("unknown-case", 404)
        if kind not in KINDS:
            raise Refusal("no-attachments-here", 422)
        headers = {
            **_for(actor),
            "Content-Type": content_type or "application/octet-stream",
            "X-File-Name": quote(name_in(content_disposition), safe=""),
        }
        path = f"/cases/{case_id}/attachments"
        sent = services.upload(
            "intake", path, request.stream(), token=tokens.token(), key=key, headers=headers
        )
        return await done(sent)

    @router.get("/{attachment_id}", response_class=Response, responses={200: _FILE})
    async def attachment_content(case_id: UUID, attachment_id: UUID, actor: CurrentActor) -> Response:
        """The file, to be saved; who fetched it is written down."""
        permit(actor, "read-cases")
        viewer = _viewer(actor)
        async with view.connect() as connection:
            found = await find_attachment(connection, viewer, str(case_id), str(attachment_id))
            if found is None:
                raise Refusal("unknown-attachment", 404)
            if found["erased"]:
                raise Refusal("attachment-erased", 410)
            await note_reading(connection, viewer, "attachment", [str(case_id)])
        path = f"/cases/{case_id}/attachments/{attachment_id}"
        content = await answered(services.download("intake", path, token=tokens.token()))
        saved = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found['name'], safe='')}"}
        return Response(content, media_type=found["media_type"], headers={**_HARMLESS, **saved})

    @router.post("/{attachment_id}/remove")
    async def remove_attachment(
        case_id: UUID, attachment_id: UUID, body: Remove, actor: CurrentActor, key: IdempotencyKey
    ) -> Attached:
        """移除附件: by who added it while nothing has happened since, or by the office with a reason."""
        permit(actor, "remove-attachment")
        async with view.connect() as connection:
            if await kind_of(connection, _viewer(actor), str(case_id)) is None:
                raise Refusal("unknown-attachment", 404)
        path = f"/cases/{case_id}/attachments/{attachment_id}/remove"
        asked = services.command(
            "intake",
            path,
            {"reason": body.reason},
            token=tokens.token(),
            key=key,
            headers=_for(actor),
        )
        return await done(asked)

    return router


def name_in(disposition: str) -> str:
    """The file name in a Content-Disposition header; empty if there is none."""
    for part in disposition.split(";")[1:]:
        given = part.strip()
        if given.lower().startswith(_NAME):
            return unquote(given[len(_NAME) :])
        if given.lower().startswith("filename="):
            return given[len("filename=") :].strip('"')
    return ""


def _for(actor: Actor) -> dict[str, str]:
    """Names the person to intake, which trusts the gateway's own token to say so."""
    return {
        "X-For-Subject": quote(actor.subject, safe=""),
        "X-For-Role": actor.role,
        "X-For-Unit": quote(actor.unit, safe=""),
    }


def _viewer(actor: Actor) -> Viewer:
    return Viewer(actor.subject, actor.role, actor.unit)
