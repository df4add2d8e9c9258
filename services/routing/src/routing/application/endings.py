"""What people ask about the end of a dispatch: withdraw it, do not accept it, decide an appeal."""

from backbone.decider import CommandContext
from backbone.eventstore import Appended
from backbone.identity import Actor
from routing.application.casework import Casework
from routing.domain.dispatch import require_dispatched
from routing.domain.dispatch.commands import (
    ConsentToWithdrawal,
    DecideAppeal,
    NotAcceptWhistle,
    RefuseWithdrawal,
    WithdrawDispatch,
)
from routing.domain.dispatch.facts import NotAcceptedReason
from routing.domain.refusals import require


class Endings(Casework):
    """W4', W12."""

    async def withdraw(
        self, case: str, reason: str, ask_consent: bool, actor: Actor, context: CommandContext
    ) -> Appended:
        """W12 撤哨."""
        if repeated := await self._begin(actor, "withdraw-whistle", context):
            return repeated
        require((await self._dispatch(case)).township == actor.unit, "unknown-case")
        [sealed] = await self._seal(case, [reason])
        return await self._execute(case, WithdrawDispatch(actor.unit, sealed, ask_consent), context)

    async def consent(self, case: str, actor: Actor, context: CommandContext) -> Appended:
        """W12 同意撤哨."""
        if repeated := await self._begin(actor, "consent-to-withdrawal", context):
            return repeated
        return await self._execute(case, ConsentToWithdrawal(), context)

    async def refuse_withdrawal(
        self, case: str, reason: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """W12 不同意撤哨."""
        if repeated := await self._begin(actor, "refuse-withdrawal", context):
            return repeated
        require_dispatched(await self._dispatch(case))
        [sealed] = await self._seal(case, [reason])
        return await self._execute(case, RefuseWithdrawal(sealed), context)

    async def not_accept(
        self,
        case: str,
        reason_code: NotAcceptedReason,
        legal_basis: str,
        actor: Actor,
        context: CommandContext,
    ) -> Appended:
        """W4' 不予受理."""
        if repeated := await self._begin(actor, "not-accept-whistle", context):
            return repeated
        return await self._execute(case, NotAcceptWhistle(reason_code, legal_basis), context)

    async def decide_appeal(
        self, case: str, granted: bool, reason: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """W4' 申诉决定, by somebody else than who did not accept it."""
        if repeated := await self._begin(actor, "decide-appeal", context):
            return repeated
        require_dispatched(await self._dispatch(case))
        [sealed] = await self._seal(case, [reason])
        heirs = (await self._directory.succession()).heirs
        return await self._execute(case, DecideAppeal(granted, sealed, heirs), context)
