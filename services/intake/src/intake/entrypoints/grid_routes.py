"""The HTTP edge of grids and their reports: one route per command."""

from uuid import UUID

from fastapi import APIRouter

from backbone.web import Accepted, CurrentCall, accepted
from intake.bootstrap import Intake
from intake.entrypoints.grid_bodies import (
    Network,
    PromoteReport,
    RecordedReport,
    Reply,
    Report,
    RouteAway,
)

SERVICE = "intake"


def grid_router(intake: Intake) -> APIRouter:
    """网格上报."""
    router = APIRouter(prefix="/grid-reports", tags=["grid report"])
    reports = intake.grid_reports

    @router.post("/network")
    async def publish_grid_network(body: Network, call: CurrentCall) -> Accepted:
        """网格和准入清单, from now on."""
        context = call.context("publish-grid-network", body)
        return accepted(SERVICE, await reports.publish_network(body.command(), call.actor, context))

    @router.post("")
    async def file_grid_report(body: Report, call: CurrentCall) -> Accepted:
        """上报; what belongs elsewhere is refused with the address."""
        context = call.context("file-grid-report", body)
        return accepted(SERVICE, await reports.file(body.words(), body.matter, call.actor, context))

    @router.post("/record")
    async def record_grid_report(body: RecordedReport, call: CurrentCall) -> Accepted:
        """补录: a report made elsewhere, to be dealt with here."""
        context = call.context("record-grid-report", body)
        return accepted(SERVICE, await reports.record(body.words(), body.reported_at, call.actor, context))

    @router.post("/{id}/close")
    async def close_grid_report(id: UUID, body: Reply, call: CurrentCall) -> Accepted:
        """办结 in the grid or by the township, and 回告."""
        context = call.context("close-grid-report", body)
        return accepted(SERVICE, await reports.close(str(id), body.reply, call.actor, context))

    @router.post("/{id}/route-away")
    async def route_away_grid_report(id: UUID, body: RouteAway, call: CurrentCall) -> Accepted:
        """分流."""
        context = call.context("route-away-grid-report", body)
        return accepted(SERVICE, await reports.route_away(str(id), body.matter, call.actor, context))

    @router.post("/{id}/promote")
    async def promote_grid_report(id: UUID, body: PromoteReport, call: CurrentCall) -> Accepted:
        """转哨单: a draft that cites the report."""
        context = call.context("promote-grid-report", body)
        return accepted(SERVICE, await reports.promote(str(id), body.words(), call.actor, context))

    @router.post("/{id}/reply")
    async def reply_to_reporter(id: UUID, body: Reply, call: CurrentCall) -> Accepted:
        """回告."""
        context = call.context("reply-to-reporter", body)
        return accepted(SERVICE, await reports.reply(str(id), body.reply, call.actor, context))

    return router
