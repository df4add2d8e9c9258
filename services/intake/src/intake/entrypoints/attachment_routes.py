"""附件 over HTTP, for the gateway: it knows who sees a case and names the person it asks for."""

import hashlib
from dataclasses import replace
from typing import Annotated, Any, Final
from urllib.parse import unquote
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel

from backbone.identity import Actor
from backbone.web import Accepted, CurrentActor, CurrentCall, Refusal, ServiceActor, accepted
from contracts.permissions import PEOPLE, permit
from intake.application.attachments import Attachments, Rules, Upload
from intake.domain.attachment import ENDINGS, LONGEST_NAME
from intake.entrypoints.bodies import Reason

BODIES: Final = "/attachments"
"""Requests to paths that end so may be larger than others."""
_BYTES: Final[dict[str, Any]] = {
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
}
Named = Annotated[str, Header(max_length=1_000, description="percent-encoded UTF-8")]


class TypeTaken(BaseModel):
    """A media type, and the endings its file names may have."""

    media_type: str
    endings: tuple[str, ...]


class AttachmentLimits(BaseModel):
    """What is taken: bytes of one file, files of one case at a time, characters of a name, which types."""

    bytes: int
    per_case: int
    name_characters: int
    types: tuple[TypeTaken, ...]


def limits_router(rules: Rules) -> APIRouter:
    """What anybody may know before sending a file."""
    router = APIRouter(tags=["attachment"])

    @router.get("/attachment-limits")
    async def attachment_limits(actor: CurrentActor) -> AttachmentLimits:
        """附件的限制."""
        permit(actor, "read-directory")
        types = tuple(TypeTaken(media_type=name, endings=endings) for name, endings in ENDINGS.items())
        return AttachmentLimits(
            bytes=rules.bytes, per_case=rules.per_case, name_characters=LONGEST_NAME, types=types
        )

    return router


def attachment_router(attachments: Attachments) -> APIRouter:
    """The routes; ``X-For-…`` names the person in the gateway's token's place."""
    router = APIRouter(prefix="/cases/{id}/attachments", tags=["attachment"])

    @router.post("", openapi_extra={"requestBody": {"required": True, **_BYTES}})
    async def add_attachment(
        id: UUID,
        request: Request,
        service: ServiceActor,
        call: CurrentCall,
        x_for_subject: Named,
        x_for_role: Named,
        x_for_unit: Named = "",
        x_file_name: Named = "",
        content_type: Annotated[str, Header(max_length=200)] = "",
    ) -> Accepted:
        """添加附件: the body is the file."""
        permit(service, "keep-attachments")
        person = _person(x_for_subject, x_for_role, x_for_unit)
        content = await request.body()
        declared = content_type.partition(";")[0].strip().lower()
        upload = Upload(unquote(x_file_name), declared, content)
        asked = {"name": upload.name, "type": declared, "sha256": hashlib.sha256(content).hexdigest()}
        context = replace(call, actor=person).context("add-attachment", asked)
        return accepted("intake", await attachments.add(str(id), upload, person, context))

    @router.post("/{attachment}/remove")
    async def remove_attachment(
        id: UUID,
        attachment: UUID,
        body: Reason,
        service: ServiceActor,
        call: CurrentCall,
        x_for_subject: Named,
        x_for_role: Named,
        x_for_unit: Named = "",
    ) -> Accepted:
        """移除附件."""
        permit(service, "keep-attachments")
        person = _person(x_for_subject, x_for_role, x_for_unit)
        context = replace(call, actor=person).context("remove-attachment", body)
        appended = await attachments.remove(str(id), str(attachment), body.reason, person, context)
        return accepted("intake", appended)

    @router.get("/{attachment}", response_class=Response, responses={200: _BYTES})
    async def attachment_content(id: UUID, attachment: UUID, service: ServiceActor) -> Response:
        """The file."""
        permit(service, "keep-attachments")
        media_type, content = await attachments.open(str(id), str(attachment))
        return Response(content, media_type=media_type, headers={"Cache-Control": "no-store"})

    return router


def _person(subject: str, role: str, unit: str) -> Actor:
    person = Actor(unquote(subject), "", unquote(role), unquote(unit))
    if person.role not in PEOPLE or not person.subject:
        raise Refusal("invalid-request", 422)
    return person
