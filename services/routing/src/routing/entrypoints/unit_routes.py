"""机构沿革 over HTTP: rename, merge and end a unit."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path

from backbone.web import Accepted, CurrentCall, accepted
from routing.application.successions import Decree, Successions
from routing.entrypoints.bodies import Body, Code, Line

UnitCode = Annotated[str, Path(max_length=64)]


class Decreed(Body):
    """By which document, and from which day on (in China); today if left out."""

    source_document: Line = ""
    effective_from: date | None = None

    def decree(self) -> Decree:
        """As the application takes it."""
        return Decree(self.source_document, self.effective_from)


class Rename(Decreed):
    """改名; the day may lie ahead."""

    name: Line
    short_name: Line


class End(Decreed):
    """撤销; ``into`` is who takes over what is open, and with it the unit is merged."""

    into: Code | None = None


class Merge(Decreed):
    """合并."""

    into: Code


def succession_router(successions: Successions) -> APIRouter:
    """机构沿革; ``unit`` is the code of the unit that is renamed, or is to be no more."""
    router = APIRouter(prefix="/units/{unit}", tags=["unit"])

    @router.post("/rename")
    async def rename_unit(unit: UnitCode, body: Rename, call: CurrentCall) -> Accepted:
        """改名: cases of earlier days keep the name the unit had."""
        context = call.context("rename-unit", body)
        appended = await successions.rename(
            unit, body.name, body.short_name, body.decree(), call.actor, context
        )
        return accepted("routing", appended)

    @router.post("/merge")
    async def merge_units(unit: UnitCode, body: Merge, call: CurrentCall) -> Accepted:
        """合并: open assignments move, their clocks go on."""
        context = call.context("merge-units", body)
        return accepted(
            "routing", await successions.merge(unit, body.into, body.decree(), call.actor, context)
        )

    @router.post("/end")
    async def end_unit(unit: UnitCode, body: End, call: CurrentCall) -> Accepted:
        """撤销: refused while something is open, unless it is said who takes it over."""
        context = call.context("end-unit", body)
        if body.into is not None:
            return accepted(
                "routing", await successions.merge(unit, body.into, body.decree(), call.actor, context)
            )
        return accepted("routing", await successions.end(unit, body.decree(), call.actor, context))

    return router
