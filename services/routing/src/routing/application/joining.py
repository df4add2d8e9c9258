"""What people ask where whistles are joined and where departments sign together: merge, countersign."""

from backbone.decider import CommandContext, execute_together
from backbone.eventstore import Appended
from backbone.identity import Actor
from routing.application.casework import Casework
from routing.application.publishing import DISPATCH
from routing.domain.dispatch import require_own
from routing.domain.dispatch.facts import ProposalKind
from routing.domain.dispatch.joining_commands import AskToCountersign, Countersign, MergeInto
from routing.domain.dispatch.merging import adoption_of, in_order


class Joining(Casework):
    """W13, 会签."""

    async def merge(self, case: str, other: str, actor: Actor, context: CommandContext) -> Appended:
        """W13 并哨: the earlier-signed of the two takes the other on, both in one append.

        The answer's ``id`` is the parent's, ``child`` the other's.
        """
        if repeated := await self._begin(actor, "merge-whistles", context):
            return repeated
        # When they came into force never changes, so the order holds also after a lost race.
        parent, child = in_order(await self._dispatch(case), await self._dispatch(other))
        handled = await execute_together(
            self._store,
            DISPATCH,
            (parent.case_id, child.case_id),
            lambda states: [adoption_of(states[1]), MergeInto(states[0].case_id)],
            context,
            {"id": parent.case_id, "child": child.case_id},
        )
        return handled.appended

    async def ask_to_countersign(
        self,
        case: str,
        unit: str,
        kind: ProposalKind,
        proposal: str,
        actor: Actor,
        context: CommandContext,
    ) -> Appended:
        """会签: the lead asks all assists at once."""
        if repeated := await self._begin(actor, "ask-to-countersign", context):
            return repeated
        require_own(unit, actor.unit, await self._dispatch(case))
        [sealed] = await self._seal(case, [proposal])
        return await self._execute(case, AskToCountersign(unit, actor.unit, kind, sealed), context)

    async def countersign(
        self, case: str, unit: str, agrees: bool, words: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """会签: an assist agrees or objects."""
        if repeated := await self._begin(actor, "countersign", context):
            return repeated
        require_own(unit, actor.unit, await self._dispatch(case))
        [sealed] = await self._seal(case, [words])
        return await self._execute(case, Countersign(unit, actor.unit, agrees, sealed), context)
