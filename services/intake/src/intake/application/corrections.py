"""What people ask of corrections: a letter was answered by telephone before the answer was recorded."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid5

from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended, EventStore, PublishedEvent
from backbone.identity import Actor
from backbone.sealing import Sealer, key_id
from contracts.events import intake as published
from contracts.permissions import permit
from intake.application.corrections_publishing import CORRECTION
from intake.application.publishing import LETTER
from intake.application.whistles import CASES
from intake.domain.correction import (
    ApproveCorrection,
    Command,
    Corrections,
    DeclineCorrection,
    Fact,
    ProposeCorrection,
    Recorded,
    Subject,
)
from intake.domain.letter import require_known
from intake.domain.refusals import require

_FACTS = 10_000
"""More than any letter has."""


class CorrectedTimes:
    """Four eyes: proposed by one, approved by another. Raises ``NotPermitted`` or ``Refused``."""

    def __init__(self, store: EventStore, sealer: Sealer) -> None:
        self._store, self._sealer = store, sealer

    async def propose(
        self,
        letter: str,
        fact: Fact,
        happened_at: datetime,
        reason: str,
        actor: Actor,
        context: CommandContext,
    ) -> Appended:
        """更正: the office responded, or resolved it, at another time."""
        if repeated := await self._begin(actor, "propose-correction", context):
            return repeated
        require_known(LETTER.fold(await self._store.load(LETTER.stream(letter))))
        rows = await self._store.published(0, _FACTS, letter)
        corrections = CORRECTION.fold(await self._store.load(CORRECTION.stream(letter)))
        recorded = _recorded(fact, rows, corrections)
        correction = str(uuid5(CASES, f"correction/{context.command_id}"))
        command = ProposeCorrection(
            correction,
            Subject(fact),
            recorded,
            happened_at,
            await self._seal(letter, reason),
            actor.subject,
            await self._store.now(),
        )
        return await self._run(letter, correction, command, context)

    async def approve(self, letter: str, correction: str, actor: Actor, context: CommandContext) -> Appended:
        """核准更正, by somebody else."""
        if repeated := await self._begin(actor, "approve-correction", context):
            return repeated
        return await self._run(letter, correction, ApproveCorrection(correction, actor.subject), context)

    async def decline(
        self, letter: str, correction: str, reason: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """否决更正."""
        if repeated := await self._begin(actor, "decline-correction", context):
            return repeated
        corrections = CORRECTION.fold(await self._store.load(CORRECTION.stream(letter)))
        require(corrections.proposal(correction) is not None, "unknown-correction")
        declined = DeclineCorrection(correction, actor.subject, await self._seal(letter, reason))
        return await self._run(letter, correction, declined, context)

    async def _begin(self, actor: Actor, operation: str, context: CommandContext) -> Appended | None:
        permit(actor, operation)
        return await self._store.answered(context.command_id, context.request_hash)

    async def _run(self, letter: str, correction: str, command: Command, context: CommandContext) -> Appended:
        answer = {"id": letter, "correction": correction}
        return (await execute(self._store, CORRECTION, letter, command, context, answer)).appended

    async def _seal(self, letter: str, text: str) -> str:
        return await self._sealer.seal(key_id("case", letter), text) if text else ""


def _recorded(fact: Fact, rows: Sequence[PublishedEvent], corrections: Corrections) -> Recorded | None:
    """The time others know: the first response, or the ending, of a letter that is no record itself."""
    times: dict[str, datetime] = {}
    for row in rows:
        times.setdefault(row.type, row.occurred_at or row.recorded_at)
    submitted = times.get(published.LetterSubmitted.NAME)
    responded = times.get(published.LetterResponded.NAME)
    resolved = times.get(published.LetterResolved.NAME)
    if fact == "response":
        held = None if resolved is None else corrections.time_of(Subject("resolution"), resolved)
        return None if responded is None else Recorded(responded, submitted, held)
    begun = submitted if responded is None else corrections.time_of(Subject("response"), responded)
    return None if resolved is None else Recorded(resolved, begun)
