"""首席服务员 over HTTP: enterprises and who serves them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import StringConstraints

from backbone.web import Accepted, CurrentCall, accepted
from intake.application.enterprises import Enterprises
from intake.domain.enterprise import Entry
from intake.entrypoints.bodies import Body, Code, Nothing

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
"""May be empty: what has to be said is for the domain to ask for."""


class Register(Body):
    """An enterprise by its credit code; ``township`` is left out by a township: it is its own."""

    credit_code: Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=18)]
    name: Line
    township: Code | None = None
    village: Code | None = None

    def entry(self, own: str) -> Entry:
        """As the domain takes it."""
        return Entry(self.credit_code, self.name, self.township or own, self.village)


class Assign(Body):
    """Who serves it; without ``unit`` it is somebody of the asking unit."""

    officer: Line
    phone: Line
    unit: Code | None = None


def enterprise_router(enterprises: Enterprises) -> APIRouter:
    """企业和首席服务员."""
    router = APIRouter(prefix="/enterprises", tags=["enterprise"])

    @router.post("")
    async def register_enterprise(body: Register, call: CurrentCall) -> Accepted:
        """登记企业, or change its entry."""
        context = call.context("register-enterprise", body)
        entry = body.entry(call.actor.unit)
        return accepted("intake", await enterprises.register(entry, call.actor, context))

    @router.post("/{id}/assign-officer")
    async def assign_service_officer(id: UUID, body: Assign, call: CurrentCall) -> Accepted:
        """指定首席服务员."""
        context = call.context("assign-service-officer", body)
        unit = body.unit or call.actor.unit
        appended = await enterprises.assign_officer(
            str(id), unit, body.officer, body.phone, call.actor, context
        )
        return accepted("intake", appended)

    @router.post("/{id}/relieve-officer")
    async def relieve_service_officer(id: UUID, body: Nothing, call: CurrentCall) -> Accepted:
        """解除首席服务员."""
        context = call.context("relieve-service-officer", body)
        return accepted("intake", await enterprises.relieve_officer(str(id), call.actor, context))

    @router.post("/{id}/end")
    async def end_enterprise(id: UUID, body: Nothing, call: CurrentCall) -> Accepted:
        """停止服务登记."""
        context = call.context("end-enterprise", body)
        return accepted("intake", await enterprises.end(str(id), call.actor, context))

    return router
