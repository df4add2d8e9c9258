"""What people ask of parkings (挂账, W10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from accountability.application.casework import Casework, above, of_the_office
from accountability.application.publishing_parkings import PARKING
from accountability.domain.case_rules import GroundRule
from accountability.domain.handling import require_lead
from accountability.domain.parking.commands import (
    ApplyForParking,
    ApproveParking,
    EndParking,
    ObjectToParking,
    ReachMilestone,
    RefuseParking,
    ReviewParking,
)
from accountability.domain.parking.facts import Ground, Milestone
from accountability.domain.refusals import require
from accountability.domain.terms import ClockKind, Profile
from backbone.decider import CommandContext
from backbone.eventstore import Appended
from backbone.identity import Actor
from backbone.sealing import key_id


@dataclass(frozen=True, slots=True)
class ParkingWords:
    """What the lead applies with, in plain words; ``milestones`` are (day, words) in their order."""

    ground: Ground
    plan: str
    milestones: Sequence[tuple[date, str]]
    owner: str
    sunset: date


class Parkings(Casework):
    """W10."""

    async def apply(self, case: str, words: ParkingWords, actor: Actor, context: CommandContext) -> Appended:
        """申请挂账, by the lead."""
        if repeated := await self._begin(actor, "apply-for-parking", context):
            return repeated
        handling = await self._handling(case)
        require_lead(actor.unit, handling)
        now = await self._store.now()
        plan, *texts = await self._seal(case, [words.plan, *(text for _, text in words.milestones)])
        [owner] = await self._seal_under(key_id("person", actor.subject), [words.owner])
        milestones = tuple(
            Milestone(number, due, text)
            for number, ((due, _), text) in enumerate(zip(words.milestones, texts, strict=True), start=1)
        )
        rules = await self._case_rules.at(now)
        ground = rules.ground(words.ground)
        command = ApplyForParking(
            by=actor.unit,
            handling=handling,
            ground=words.ground,
            plan=plan,
            milestones=milestones,
            owner=owner,
            sunset=words.sunset,
            admitted=frozenset(each.ground for each in rules.parking_grounds),
            most_days=await self._most_days(now, handling.township, ground),
            office_decides=ground.office_decides if ground else 0,
            at=now,
            rules_version=await self._case_rules.version_at(now),
        )
        return await self._run(PARKING, case, command, context)

    async def object(self, case: str, reason: str, actor: Actor, context: CommandContext) -> Appended:
        """对挂账提出异议, by the township."""
        if repeated := await self._begin(actor, "object-to-parking", context):
            return repeated
        handling = await self._handling(case)
        require(handling.township == actor.unit, "unknown-case")
        [sealed] = await self._seal(case, [reason])
        return await self._run(PARKING, case, ObjectToParking(actor.unit, handling, sealed), context)

    async def approve(self, case: str, actor: Actor, context: CommandContext) -> Appended:
        """批准挂账."""
        if repeated := await self._begin(actor, "approve-parking", context):
            return repeated
        handling = await self._handling(case)
        command = ApproveParking(above(actor), handling, await self._store.now())
        return await self._run(PARKING, case, command, context)

    async def refuse(self, case: str, reason: str, actor: Actor, context: CommandContext) -> Appended:
        """不批准挂账."""
        if repeated := await self._begin(actor, "refuse-parking", context):
            return repeated
        [sealed] = await self._seal_known(case, reason)
        return await self._run(PARKING, case, RefuseParking(above(actor), sealed), context)

    async def review(self, case: str, words: str, actor: Actor, context: CommandContext) -> Appended:
        """挂账复查, every 30 days."""
        if repeated := await self._begin(actor, "review-parking", context):
            return repeated
        handling = await self._handling(case)
        if not of_the_office(actor):
            require_lead(actor.unit, handling)
        [sealed] = await self._seal_known(case, words)
        command = ReviewParking(actor.unit, of_the_office(actor), handling, sealed)
        return await self._run(PARKING, case, command, context)

    async def reach_milestone(
        self, case: str, milestone: int, actor: Actor, context: CommandContext
    ) -> Appended:
        """节点完成, by the lead."""
        if repeated := await self._begin(actor, "reach-milestone", context):
            return repeated
        command = ReachMilestone(actor.unit, await self._handling(case), milestone)
        return await self._run(PARKING, case, command, context)

    async def end(self, case: str, reason: str, actor: Actor, context: CommandContext) -> Appended:
        """提前结束挂账, by the lead or the office."""
        if repeated := await self._begin(actor, "end-parking", context):
            return repeated
        handling = await self._handling(case)
        if not of_the_office(actor):
            require_lead(actor.unit, handling)
        [sealed] = await self._seal_known(case, reason)
        command = EndParking(actor.unit, of_the_office(actor), handling, sealed, await self._store.now())
        return await self._run(PARKING, case, command, context)

    async def _seal_known(self, case: str, text: str) -> list[str]:
        """Nothing is sealed for a case nobody has heard of."""
        require((await self._handling(case)).township != "", "unknown-case")
        return await self._seal(case, [text])

    async def _most_days(self, now: datetime, township: str, ground: GroundRule | None) -> int:
        policies = (await self._rules.current()).policies
        most = policies.in_force(ClockKind.C16, now, township).terms.limit(Profile.ORDINARY).amount
        own = ground.most_days if ground else None
        return most if own is None else min(most, own)
