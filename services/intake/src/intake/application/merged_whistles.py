"""What townships ask about the issues they have in another township's whistle (并哨)."""

from collections.abc import Sequence

from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended, EventStore
from backbone.identity import Actor
from backbone.sealing import Sealer, key_id
from contracts.permissions import permit
from intake.application.publishing import WHISTLE
from intake.domain.refusals import require
from intake.domain.whistle.facts import DepartmentRating, IssueJudgement
from intake.domain.whistle.merging_commands import JudgeAdoptedIssues


class MergedWhistles:
    """W13. Raises ``NotPermitted``, ``Refused`` or what the store raises."""

    def __init__(self, store: EventStore, sealer: Sealer) -> None:
        self._store, self._sealer = store, sealer

    async def judge(
        self,
        case: str,
        verdicts: Sequence[IssueJudgement],
        ratings: Sequence[DepartmentRating],
        comment: str | None,
        actor: Actor,
        context: CommandContext,
    ) -> Appended:
        """W13 评价并入的问题项; ``case`` is the whistle they go on in."""
        permit(actor, "judge-adopted-issues")
        if repeated := await self._store.answered(context.command_id, context.request_hash):
            return repeated
        whistle = WHISTLE.fold(await self._store.load(WHISTLE.stream(case)))
        # Refused as unknown before anything is sealed for somebody else's case.
        require(any(each.township == actor.unit for each in whistle.adopted), "unknown-case")
        sealed = await self._sealer.seal(key_id("case", case), comment) if comment else None
        command = JudgeAdoptedIssues(
            actor.unit, tuple(verdicts), tuple(ratings), sealed, await self._store.now()
        )
        return (await execute(self._store, WHISTLE, case, command, context, {"id": case})).appended
