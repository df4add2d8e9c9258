"""查询码: the routes by which the gateway opens an anonymous letter to whoever shows its code."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, StringConstraints

from backbone.web import Accepted, Call, CurrentCall, ServiceActor, accepted
from contracts.permissions import permit
from intake.application.read_back import ReadBacks
from intake.domain.letter import Stage
from intake.domain.letter.facts import Rating
from intake.entrypoints.bodies import Body

SERVICE = "intake"
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


class Show(Body):
    """The code."""

    code: Code


class AppraiseByCode(Show):
    """The code, and how the office dealt with it."""

    rating: Rating
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)] = ""


class OfficeAnswer(BaseModel):
    """What the office told the writer."""

    model_config = ConfigDict(from_attributes=True)

    kind: Literal["responded", "resolved", "not_accepted", "referred_up"]
    at: datetime
    text: str
    authority: str | None


class LetterState(BaseModel):
    """How the letter stands."""

    model_config = ConfigDict(from_attributes=True)

    number: str
    state: Stage
    answers: list[OfficeAnswer]
    appraised: bool


def read_back_router(read_backs: ReadBacks, secret: bytes) -> APIRouter:
    """For services only: the code is the writer's proof, the token the gateway's."""
    router = APIRouter(prefix="/letters/{id}/read-back", tags=["letter"])

    @router.post("")
    async def read_back(id: UUID, body: Show, actor: ServiceActor, request: Request) -> LetterState:
        """State and answers; each try is one of its own, so a wrong one counts however often it comes."""
        permit(actor, "read-back-letter")
        trying = Call(actor, uuid4(), request.url.path, secret).context("read-back-letter", body)
        found = await read_backs.read(str(id), body.code, trying)
        return LetterState.model_validate(found)

    @router.post("/appraise")
    async def appraise_by_code(id: UUID, body: AppraiseByCode, call: CurrentCall) -> Accepted:
        """评价 by the writer."""
        permit(call.actor, "read-back-letter")
        context = call.context("appraise-by-code", body)
        appended = await read_backs.appraise(str(id), body.code, body.rating, body.comment, context)
        return accepted(SERVICE, appended)

    return router
