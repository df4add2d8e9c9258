"""查询码: whoever wrote to the office without a name reads back and appraises, with a code and no account."""

from enum import Enum
from typing import Annotated, Any, Final

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, StringConstraints

from backbone.identity import ServiceTokens
from backbone.web import IdempotencyKey, Refusal
from gateway.application.commands import Services
from gateway.domain.visibility import Viewer
from gateway.entrypoints.passing_on import answered
from gateway.projections.case_view import CaseView
from gateway.projections.read_back_queries import anonymous_letter
from gateway.projections.read_log import note_reading

_CODE_PROVES: Final = "the code shown at submission is the proof; wrong ones are counted and close the letter"
OPEN_ROUTES: Final = {"/letters/read-back": _CODE_PROVES, "/letters/read-back/appraise": _CODE_PROVES}
"""The gateway's routes that need no token, each with the reason."""
BEARER_OF_THE_CODE: Final = Viewer("read-back-code", "resident", "")
"""Whom the log of reading names: nothing more is known of whoever has the code."""
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


class Rating(Enum):
    """满意, 基本满意, 不满意."""

    SATISFIED = "satisfied"
    BASICALLY = "basically"
    DISSATISFIED = "dissatisfied"


class Show(BaseModel):
    """The number of the letter and its code."""

    model_config = ConfigDict(extra="forbid")

    number: Short
    code: Short


class Appraise(Show):
    """How the office dealt with it."""

    rating: Rating
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)] = ""


class Appraised(BaseModel):
    """It was taken."""

    appraised: bool = True


def read_back_router(view: CaseView, services: Services, tokens: ServiceTokens) -> APIRouter:
    """A letter that is not there answers like one whose code is wrong."""
    router = APIRouter(prefix="/letters/read-back", tags=["letter"])

    async def letter_of(number: str) -> str:
        async with view.connect() as connection:
            found = await anonymous_letter(connection, number.upper())
        if found is None:
            raise Refusal("wrong-read-back-code", 422)
        return found

    @router.post("")
    async def read_back(body: Show) -> dict[str, Any]:
        """来信的状态和答复."""
        letter = await letter_of(body.number)
        path = f"/letters/{letter}/read-back"
        asked = services.ask("intake", path, {"code": body.code}, token=tokens.token())
        told = dict(await answered(asked))
        async with view.connect() as connection:
            await note_reading(connection, BEARER_OF_THE_CODE, "read-back", [letter])
        return told

    @router.post("/appraise")
    async def appraise(body: Appraise, key: IdempotencyKey) -> Appraised:
        """评价, once the office has answered."""
        path = f"/letters/{await letter_of(body.number)}/read-back/appraise"
        said = {"code": body.code, "rating": body.rating.value, "comment": body.comment}
        await answered(services.command("intake", path, said, token=tokens.token(), key=key))
        return Appraised()

    return router
