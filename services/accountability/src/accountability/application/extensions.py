"""What people ask of extensions (延期, W11)."""

from accountability.application.casework import Casework, above
from accountability.application.publishing_parkings import EXTENSION
from accountability.domain.extension.commands import ApplyForExtension, GrantExtension, RefuseExtension
from accountability.domain.handling import require_lead
from accountability.domain.refusals import require
from backbone.decider import CommandContext
from backbone.eventstore import Appended
from backbone.identity import Actor

_HOUR = 3600


class Extensions(Casework):
    """W11."""

    async def apply(
        self, case: str, amount: int, reason: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """申请延期, by the lead: ``amount`` working days, or hours where the clock counts time."""
        if repeated := await self._begin(actor, "apply-for-extension", context):
            return repeated
        handling = await self._handling(case)
        require_lead(actor.unit, handling)
        [sealed] = await self._seal(case, [reason])
        key, clock = await self._clock(case, handling)
        now = await self._store.now()
        in_days = clock is None or clock.limit.unit.counts_days
        command = ApplyForExtension(
            by=actor.unit,
            handling=handling,
            clock_id=key,
            clock=clock,
            amount=amount if in_days else amount * _HOUR,
            reason=sealed,
            limits=(await self._case_rules.at(now)).extensions,
            at=now,
            rules_version=await self._case_rules.version_at(now),
        )
        return await self._run(EXTENSION, case, command, context)

    async def grant(self, case: str, actor: Actor, context: CommandContext) -> Appended:
        """批准延期."""
        if repeated := await self._begin(actor, "grant-extension", context):
            return repeated
        _, clock = await self._clock(case, await self._handling(case))
        now = await self._store.now()
        limits = (await self._case_rules.at(now)).extensions
        version = await self._case_rules.version_at(now)
        command = GrantExtension(above(actor), clock, limits, now, version)
        return await self._run(EXTENSION, case, command, context)

    async def refuse(self, case: str, reason: str, actor: Actor, context: CommandContext) -> Appended:
        """不批准延期."""
        if repeated := await self._begin(actor, "refuse-extension", context):
            return repeated
        require((await self._handling(case)).township != "", "unknown-case")
        [sealed] = await self._seal(case, [reason])
        return await self._run(EXTENSION, case, RefuseExtension(above(actor), sealed), context)
