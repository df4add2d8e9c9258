"""Orders that follow from facts: rungs reached, breaches annulled or exempted, whistles that have ended."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from accountability.application.case_rules import RulesInForce
from accountability.application.moves import loaded, on_clock
from accountability.application.publishing_supervision import SUPERVISION
from accountability.application.rules import Rules
from accountability.application.supervision import authority_over
from accountability.domain.supervision import Command
from accountability.domain.supervision.commands import NoteExempted, NoteMoot, NoteRung, NoteSuccession
from accountability.domain.supervision.facts import Authority, Matter, MootCause
from accountability.domain.supervision.replying import reply_by
from accountability.domain.terms import ClockKind
from backbone.decider import CommandContext, execute
from backbone.eventstore import EventStore
from backbone.outbox import Delivered
from contracts.events import REGISTER, routing
from contracts.events import accountability as published

_ENDINGS: Final[Mapping[str, MootCause]] = {
    routing.DispatchClosed.NAME: "whistle-closed",
    routing.DispatchWithdrawn.NAME: "withdrawn",
    routing.WhistleNotAccepted.NAME: "not-accepted",
    routing.WhistleMerged.NAME: "merged",
}
"""What ends a whistle, and why its orders are moot from then on."""
_ORDERS: Final = (published.OrderProposed.NAME, published.OrderIssued.NAME)
FOLLOWED: Final = frozenset(
    {
        published.LadderRungReached.NAME,
        published.BreachAnnulled.NAME,
        published.GoodFaithExemptionGranted.NAME,
        routing.AssignmentMoved.NAME,
        *_ENDINGS,
    }
)
"""The types that may call for a command."""
Contexts = Callable[[int], CommandContext]


class Supervising:
    """Follows accountability's own log and routing's; a fact that comes again changes nothing."""

    def __init__(self, store: EventStore, rules: Rules) -> None:
        self._store, self._rules = store, rules
        self._case_rules = RulesInForce(store)

    async def react(self, event: Delivered, command: Contexts) -> None:
        """Carry out what a fact calls for, if anything."""
        if event.type not in FOLLOWED:
            return
        if cause := _ENDINGS.get(event.type):
            await self._to_all(event.case_id, NoteMoot(cause), command)
            return
        fact: Any = REGISTER[event.type].model_validate(event.data)
        match fact:
            case published.LadderRungReached():
                await self._climb(fact, command)
            case published.BreachAnnulled(clock_id=clock_id):
                await execute(self._store, SUPERVISION, clock_id, NoteMoot("breach-annulled"), command(0))
            case published.GoodFaithExemptionGranted():
                matter = Matter(fact.case_id, fact.unit, authority_over(fact.unit), ClockKind(fact.kind))
                noted = NoteExempted(matter, event.effective_at)
                await execute(self._store, SUPERVISION, fact.clock_id, noted, command(0))
            case routing.AssignmentMoved(unit=unit, to=to):
                await self._to_all(event.case_id, NoteSuccession(unit, to), command)

    async def _climb(self, fact: published.LadderRungReached, command: Contexts) -> None:
        """A rung that was reached before its clock was void, or its breach annulled, calls for nothing."""
        clock = await loaded(self._store, fact.clock_id)
        if clock is None or clock.breached_at is None or clock.voided_at is not None:
            return
        ladder = (await self._rules.current()).policies.version(clock.schedule.policy_version).terms.ladder
        copy_to = next((each.copy_to for each in ladder if each.name == fact.rung), "")
        told: Authority = "county-leader" if fact.to == "county-leader" else "office"
        matter = Matter(fact.case_id, fact.unit, told, ClockKind(fact.kind))
        now = await self._store.now()  # after downtime a unit still has its days to reply
        days = (await self._case_rules.at(now)).reply_days
        reply_due = reply_by(days, now, (await self._rules.current()).calendar)
        noted = NoteRung(matter, fact.rung, fact.proposed, copy_to, fact.at, reply_due)
        await execute(self._store, SUPERVISION, fact.clock_id, noted, command(0))

    async def _to_all(self, case_id: str, noted: Command, command: Contexts) -> None:
        """On every matter of the case that ever had an order."""
        rows = await self._store.published(0, limit=10_000, case_id=case_id)
        told = (REGISTER[row.type].model_validate_json(row.data) for row in rows if row.type in _ORDERS)
        matters = dict.fromkeys(each.matter_id for each in told if isinstance(each, published.MatterFact))
        for matter in matters:
            await execute(self._store, SUPERVISION, matter, noted, on_clock(command(0), matter))
