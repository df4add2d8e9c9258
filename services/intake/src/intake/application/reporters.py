"""回告: whoever reported to the grid is told by the system when the whistle it became has ended."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from backbone.decider import CommandContext, execute
from backbone.eventstore import EventStore
from backbone.outbox import Delivered
from backbone.sealing import Sealer, key_id
from contracts.catalogue import sentence
from contracts.events import intake, routing
from intake.application.grid_publishing import GRID_REPORT
from intake.application.publishing import WHISTLE
from intake.domain.grid_report import Outcome, TellOutcome
from intake.domain.whistle import Whistle

_OUTCOMES: Final[dict[str, Outcome]] = {
    intake.WhistleClosed.NAME: "closed",
    intake.WhistleWithdrawn.NAME: "withdrawn",
    intake.WhistleDiscarded.NAME: "discarded",
    routing.DispatchWithdrawn.NAME: "withdrawn",
    routing.WhistleNotAccepted.NAME: "not_accepted",
}
TOLD: Final = frozenset(_OUTCOMES)
"""The facts, its own and routing's, that end a whistle."""


class Reporters:
    """Turns the end of a whistle into a reply on the grid report it came from; once for each outcome."""

    def __init__(self, store: EventStore, sealer: Sealer) -> None:
        self._store, self._sealer = store, sealer

    async def react(self, event: Delivered, command: Callable[[int], CommandContext]) -> None:
        """Tell the reporter, and those of the whistles merged into this one, how it ended."""
        outcome = _OUTCOMES.get(event.type)
        if outcome is None:
            return
        whistle = await self._whistle(event.case_id)
        verdicts: Iterable[intake.IssueVerdict] = ()
        cycle = whistle.cycle
        if event.type == intake.WhistleClosed.NAME:
            closed = intake.WhistleClosed.model_validate(event.data)
            verdicts, cycle = closed.verdicts, closed.cycle
        endings = [(event.case_id, whistle)]
        if outcome == "closed":
            merged = dict.fromkeys(each.case_id for each in whistle.adopted)
            endings += [(case, await self._whistle(case)) for case in merged]
        number = 0
        for case, ended in endings:
            origin = ended.content.origin if ended.content is not None else None
            if origin is None or origin.type != "grid_report" or ended.content is None:
                continue
            own = {each.issue_id for each in ended.content.issues}
            words = _words(outcome, ended.number, [each for each in verdicts if each.issue_id in own])
            await self._tell(origin.case_id, case, outcome, cycle, words, command(number))
            number += 1

    async def _tell(
        self, report: str, whistle: str, outcome: Outcome, cycle: int, words: str, context: CommandContext
    ) -> None:
        state = GRID_REPORT.fold(await self._store.load(GRID_REPORT.stream(report)))
        probe = TellOutcome(whistle, outcome, cycle, "")
        if not GRID_REPORT.decide(probe, state):
            return  # nothing is sealed for what is known already
        reply = await self._sealer.seal(key_id("case", report), words)
        await execute(self._store, GRID_REPORT, report, TellOutcome(whistle, outcome, cycle, reply), context)

    async def _whistle(self, case: str) -> Whistle:
        return WHISTLE.fold(await self._store.load(WHISTLE.stream(case)))


def _words(outcome: Outcome, number: str | None, verdicts: list[intake.IssueVerdict]) -> str:
    """The reply in the words of the catalogue."""
    if outcome != "closed":
        return sentence(f"reporter-told-{outcome.replace('_', '-')}", "zh", {"number": number or ""})
    if not verdicts:
        return sentence("reporter-told-unappraised", "zh", {"number": number or ""})
    counts = Counter(each.verdict for each in verdicts)
    results = "、".join(
        sentence(f"reporter-told-{each}", "zh", {"count": count}) for each, count in counts.items()
    )
    return sentence("reporter-told-closed", "zh", {"number": number or "", "results": results})
