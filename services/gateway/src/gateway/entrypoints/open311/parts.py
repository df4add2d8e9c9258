"""What the routes of Open311 share."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Final

from fastapi import Header, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from backbone.web import Refusal
from gateway.application.commands import Services
from gateway.application.resends import Resends
from gateway.entrypoints.callers import Callers
from gateway.entrypoints.open311.answers import MEDIA_TYPES
from gateway.entrypoints.open311.forms import form_of
from gateway.projections import case_queries
from gateway.projections.case_rows import SHANGHAI
from gateway.projections.case_view import CaseView

AcceptLanguage = Annotated[str, Header(alias="Accept-Language")]
JURISDICTION: Final = "jurisdiction_id"


@dataclass(frozen=True, slots=True)
class Open311:
    """The read model, the services, who is let in, and what the operator says of this place."""

    view: CaseView
    services: Services
    callers: Callers
    resends: Resends
    public_url: str
    secret: bytes = field(repr=False)
    production: bool = False
    jurisdiction_id: str | None = None
    contact: str = ""

    async def jurisdiction(self, request: Request, jurisdiction_id: str | None = None) -> None:
        """Refuse another place's reports; there is one place here, so it need not be named."""
        named = (await form_of(request)).one(JURISDICTION) or jurisdiction_id
        if named and self.jurisdiction_id and named != self.jurisdiction_id:
            raise Refusal("unknown-jurisdiction", 404)

    async def today(self, connection: AsyncConnection) -> date:
        """The day in Asia/Shanghai, by the database's clock."""
        return (await case_queries.now(connection)).astimezone(SHANGHAI).date()


def ok(told: Any) -> dict[int | str, dict[str, Any]]:
    """A good answer in the OpenAPI document, in both formats."""
    return {200: {"model": told, "content": {MEDIA_TYPES["xml"]: {"schema": {"type": "string"}}}}}
