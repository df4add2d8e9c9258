"""Trying case rules: what they say otherwise, and which open whistles are treated otherwise next."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from accountability.application.case_rules import RulesChange, in_force
from accountability.application.case_rules_publishing import CASE_RULES, RULES_KEY, rules_from, rules_out
from accountability.application.moves import loaded
from accountability.application.policies import OpenClocks
from accountability.application.publishing_parkings import HANDLING, PARKING
from accountability.domain.case_rules import CaseRules, CaseRulesProposed, ProposeCaseRules, decide
from accountability.domain.case_rules_trial import Foreseen, Situation, compare
from accountability.domain.refusals import require
from accountability.domain.terms import ClockKind
from backbone.eventstore import EventStore
from backbone.identity import Actor
from contracts.events import accountability as published
from contracts.permissions import permit

AT_ONCE: Final = 16
"""Whistles read side by side; as many as the store's pool serves well."""


@dataclass(frozen=True, slots=True)
class Change:
    """A limit that is another, as it stands in the published language."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class RulesDryRun:
    """What approving would do; ``number`` None is a document that nobody has proposed.

    ``open_whistles`` were looked at; ``foreseen`` are those whose next decision is another, by case.
    """

    number: int | None
    changes: Sequence[Change]
    open_whistles: int
    foreseen: Sequence[Foreseen]


class RulesTrial:
    """Questions that store nothing; they raise ``NotPermitted`` or ``Refused``."""

    def __init__(self, store: EventStore, clocks: OpenClocks) -> None:
        self._store, self._clocks = store, clocks

    async def try_change(self, change: RulesChange, actor: Actor) -> RulesDryRun:
        """What a document would do if it were approved now."""
        permit(actor, "try-policy")
        record = CASE_RULES.fold(await self._store.load(CASE_RULES.stream(RULES_KEY)))
        holding = in_force(record, change.effective_from)
        said = {**rules_out(holding).model_dump(), **change.changed}
        rules = rules_from(published.CaseRules.model_validate(said))
        proposal = ProposeCaseRules(
            rules, change.effective_from, change.effective_to, change.source, actor.subject
        )
        proposed = [each for each in decide(proposal, record) if isinstance(each, CaseRulesProposed)]
        number = None if proposed else len(record.proposed)  # the same was proposed last
        return await self._tried(number, holding, rules)

    async def try_proposal(self, number: int, actor: Actor) -> RulesDryRun:
        """The same, of what was proposed."""
        permit(actor, "try-policy")
        record = CASE_RULES.fold(await self._store.load(CASE_RULES.stream(RULES_KEY)))
        require(1 <= number <= len(record.proposed), "unknown-policy-proposal", number=number)
        require(number not in record.declined, "policy-proposal-declined", number=number)
        version = record.proposed[number - 1][0]
        without = replace(record, approved=record.approved - {number})
        return await self._tried(number, in_force(without, version.effective_from), version.rules)

    async def _tried(self, number: int | None, old: CaseRules, new: CaseRules) -> RulesDryRun:
        before, after = rules_out(old).model_dump(mode="json"), rules_out(new).model_dump(mode="json")
        changes = [Change(name, before[name], after[name]) for name in after if before[name] != after[name]]
        looked_at = 0
        foreseen: list[Foreseen] = []
        async for situation in self._situations():
            looked_at += 1
            foreseen.extend(compare(old, new, situation))
        foreseen.sort(key=lambda each: (each.case_id, each.subject, each.ground or ""))
        return RulesDryRun(number, changes, looked_at, foreseen)

    async def _situations(self) -> AsyncIterator[Situation]:
        """Where every whistle with a running handling clock stands, read so many at a time."""
        page: list[str] = []
        async for clock_id in self._clocks.open_of(ClockKind.C5):
            page.append(clock_id)
            if len(page) == AT_ONCE:
                for found in await asyncio.gather(*map(self._situation, page)):
                    if found is not None:
                        yield found
                page = []
        for found in await asyncio.gather(*map(self._situation, page)):
            if found is not None:
                yield found

    async def _situation(self, clock_id: str) -> Situation | None:
        """Where the whistle of an open handling clock stands; None if it has ended meanwhile."""
        clock = await loaded(self._store, clock_id)
        if clock is None or clock.ended:
            return None
        handling = HANDLING.fold(await self._store.load(HANDLING.stream(clock.case_id)))
        parking = PARKING.fold(await self._store.load(PARKING.stream(clock.case_id)))
        return Situation(
            case_id=clock.case_id,
            unit=handling.lead,
            length=clock.base.amount,
            extensions=len(clock.extensions),
            parkings=parking.times,
            cycle=handling.cycle,
        )
