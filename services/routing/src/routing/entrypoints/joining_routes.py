"""Routes of merging (并哨) and countersigning (会签)."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path

from backbone.web import Accepted, CurrentCall, accepted
from routing.application.joining import Joining
from routing.domain.dispatch.facts import ProposalKind
from routing.entrypoints.bodies import Body, Words

SERVICE: Final = "routing"
UnitCode = Annotated[str, Path(max_length=64)]


class Merge(Body):
    """W13 并哨; ``with_case`` is the other whistle, and the earlier-signed of the two leads."""

    with_case: UUID


class AskToCountersign(Body):
    """会签: what the lead proposes."""

    kind: ProposalKind = "conclusion"
    proposal: Words = ""


class Countersign(Body):
    """会签: agreed, or objected to with a sentence."""

    agrees: bool = True
    words: Words = ""


def joining_router(joining: Joining) -> APIRouter:
    """并哨、会签: W13 and what departments sign together."""
    router = APIRouter(prefix="/dispatches/{case}", tags=["dispatch"])

    @router.post("/merge")
    async def merge_whistles(case: UUID, body: Merge, call: CurrentCall) -> Accepted:
        """W13 并哨; answers the parent's id, and the child's beside it."""
        context = call.context("merge-whistles", body)
        return accepted(SERVICE, await joining.merge(str(case), str(body.with_case), call.actor, context))

    @router.post("/assignments/{unit}/ask-to-countersign")
    async def ask_to_countersign(
        case: UUID, unit: UnitCode, body: AskToCountersign, call: CurrentCall
    ) -> Accepted:
        """发起会签, by the lead."""
        context = call.context("ask-to-countersign", body)
        return accepted(
            SERVICE,
            await joining.ask_to_countersign(str(case), unit, body.kind, body.proposal, call.actor, context),
        )

    @router.post("/assignments/{unit}/countersign")
    async def countersign(case: UUID, unit: UnitCode, body: Countersign, call: CurrentCall) -> Accepted:
        """会签, by an assist."""
        context = call.context("countersign", body)
        return accepted(
            SERVICE,
            await joining.countersign(str(case), unit, body.agrees, body.words, call.actor, context),
        )

    return router
