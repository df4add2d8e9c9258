"""What people ask of assignments that are in the wrong hands: return them, or let them go."""

from backbone.decider import CommandContext
from backbone.eventstore import Appended
from backbone.identity import Actor
from contracts.permissions import OFFICE_DISPATCHER
from routing.application.casework import Casework
from routing.domain.dispatch import require_dispatched, require_own
from routing.domain.dispatch.commands import AcceptReturn, RefuseReturn, ReleaseAssignment, RequestReturn
from routing.domain.refusals import require


class Returns(Casework):
    """A2, A3, A6."""

    async def request(
        self,
        case: str,
        unit: str,
        legal_basis: str,
        proposed_owner: str,
        actor: Actor,
        context: CommandContext,
    ) -> Appended:
        """A2 退哨申请."""
        if repeated := await self._begin(actor, "request-return", context):
            return repeated
        require_own(unit, actor.unit, await self._dispatch(case))
        command = RequestReturn(
            unit=unit,
            by=actor.unit,
            legal_basis=legal_basis,
            proposed_owner=proposed_owner,
            registered=await self._directory.registered([proposed_owner]),
            at=await self._store.now(),
        )
        return await self._execute(case, command, context)

    async def accept(
        self,
        case: str,
        unit: str,
        to: str,
        dispatch_error: bool,
        legal_basis: str,
        actor: Actor,
        context: CommandContext,
    ) -> Appended:
        """A3 同意退哨: to the proposed owner if ``to`` is empty."""
        if repeated := await self._begin(actor, "accept-return", context):
            return repeated
        dispatch = await self._dispatch(case)
        require_dispatched(dispatch)
        assignment = dispatch.assignment(unit)
        asked = assignment.return_request if assignment is not None else None
        if asked is not None and not to:  # who was proposed may be another unit by now
            [to] = (await self._directory.succession()).named([asked.proposed_owner])
        registered = await self._directory.registered([to] if to else [])
        rules = await self._directory.case_rules(await self._store.now())
        command = AcceptReturn(
            unit, to, dispatch_error, legal_basis, registered, rules.transfers_that_escalate
        )
        return await self._execute(case, command, context)

    async def refuse(
        self, case: str, unit: str, reason: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """A3 驳回退哨."""
        if repeated := await self._begin(actor, "refuse-return", context):
            return repeated
        require_dispatched(await self._dispatch(case))
        [sealed] = await self._seal(case, [reason])
        return await self._execute(case, RefuseReturn(unit, sealed), context)

    async def release(
        self, case: str, unit: str, reason: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """A6 解除协办."""
        if repeated := await self._begin(actor, "release-assignment", context):
            return repeated
        dispatch = await self._dispatch(case)
        by_office = actor.role == OFFICE_DISPATCHER
        require(by_office or dispatch.township == actor.unit, "unknown-case")
        require_dispatched(dispatch)
        [sealed] = await self._seal(case, [reason])
        command = ReleaseAssignment(unit, "office" if by_office else "township", actor.unit, sealed)
        return await self._execute(case, command, context)
