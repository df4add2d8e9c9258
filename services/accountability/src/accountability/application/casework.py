"""What every command of people on a whistle's time goes through: permitted, sealed, then decided."""

from collections.abc import Callable, Sequence
from typing import Any

from accountability.application.case_rules import RulesInForce
from accountability.application.publishing import CLOCK, clock_id
from accountability.application.publishing_parkings import HANDLING
from accountability.application.rules import Rules
from accountability.domain.clock import Running
from accountability.domain.handling import Handling
from accountability.domain.terms import ClockKind
from backbone.decider import Aggregate, CommandContext, execute
from backbone.eventstore import Appended, EventStore
from backbone.identity import Actor
from backbone.sealing import Sealer, key_id
from contracts.permissions import COUNTY_LEADER, OFFICE_SUPERVISOR, permit


class Casework:
    """Each command raises ``NotPermitted``, ``Refused`` or what the store raises."""

    def __init__(self, store: EventStore, sealer: Sealer, rules: Rules) -> None:
        self._store, self._sealer, self._rules = store, sealer, rules
        self._case_rules = RulesInForce(store)

    async def _begin(self, actor: Actor, operation: str, context: CommandContext) -> Appended | None:
        """Permit; and the first answer to a repeat, before anything is sealed for it."""
        permit(actor, operation)
        return await self._store.answered(context.command_id, context.request_hash)

    async def _run(
        self,
        aggregate: Aggregate[Any, Any, Any],
        case: str,
        command: Any | Callable[[Any], Any],
        context: CommandContext,
    ) -> Appended:
        return (await execute(self._store, aggregate, case, command, context, {"id": case})).appended

    async def _handling(self, case: str) -> Handling:
        return HANDLING.fold(await self._store.load(HANDLING.stream(case)))

    async def _clock(self, case: str, handling: Handling) -> tuple[str, Running | None]:
        """Id and state of the whistle's handling clock, C5."""
        key = clock_id(case, ClockKind.C5, case, handling.timed_in)
        return key, CLOCK.fold(await self._store.load(CLOCK.stream(key))).running

    async def _seal(self, case: str, texts: Sequence[str]) -> list[str]:
        return await self._seal_under(key_id("case", case), texts)

    async def _seal_under(self, key: str, texts: Sequence[str]) -> list[str]:
        """Each text sealed; what was not said stays empty."""
        sealed = iter(await self._sealer.seal_all([(key, text) for text in texts if text]))
        return [next(sealed) if text else "" for text in texts]


def above(actor: Actor) -> bool:
    """Whether the county leader decides."""
    return actor.role == COUNTY_LEADER


def of_the_office(actor: Actor) -> bool:
    """Whether the office acts, and not a department."""
    return actor.role == OFFICE_SUPERVISOR
