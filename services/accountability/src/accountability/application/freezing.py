"""Freezing and restating figures, appeals against being counted, and the terms figures are weighed by."""

from collections.abc import Mapping
from dataclasses import dataclass

from accountability.application.figure_publishing import (
    FIGURE_APPEAL,
    FIGURE_POLICY,
    FROZEN_PERIOD,
    POLICY_KEY,
    appeal_key,
    period_key,
)
from accountability.application.figures import Figures
from accountability.domain import figure_policy, frozen_period
from accountability.domain.figure_appeal import AppealFigure, DecideFigureAppeal
from accountability.domain.figures import Period
from accountability.domain.figures.sheet import digest, written
from accountability.domain.frozen_period import FrozenTable
from accountability.domain.refusals import Refused
from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended, EventStore
from backbone.identity import Actor
from backbone.sealing import Sealer, key_id
from contracts.permissions import permit


class FiguresBehind(Exception):
    """Not everything is in that was recorded, so nothing can be frozen now; asking again is right."""

    status = 503
    retry_after = 2
    slug = "figures-behind"

    def __init__(self, behind: tuple[str, ...], held: int) -> None:
        super().__init__(self.slug)
        self.params: Mapping[str, object] = {"behind": "、".join(behind), "held": held}


@dataclass(frozen=True, slots=True)
class Place:
    """A period by its names, checked."""

    period: Period
    boundary: str

    @classmethod
    def read(cls, label: str, boundary: str) -> "Place":
        """The period of a label; ``Refused`` if it is none."""
        return cls(Period.read(label, boundary), boundary)

    @property
    def key(self) -> str:
        """The key of its frozen figures."""
        return period_key(self.period.label, self.boundary)


class Freezing:
    """The commands on figures. Each raises ``NotPermitted``, ``Refused`` or what the store raises."""

    def __init__(self, store: EventStore, figures: Figures, sealer: Sealer) -> None:
        self._store, self._figures, self._sealer = store, figures, sealer

    async def freeze(self, place: Place, actor: Actor, context: CommandContext) -> Appended:
        """Let the figures of a period that is over stand."""
        if repeated := await self._begin(actor, "freeze-period", context):
            return repeated
        table = await self._whole(place.period)
        command = frozen_period.FreezePeriod(
            place.period.label, place.boundary, place.period.end, table, actor.subject
        )
        return await self._on_period(place, command, context)

    async def restate(self, place: Place, reason: str, actor: Actor, context: CommandContext) -> Appended:
        """Propose that the figures as they are now take the place of the frozen ones."""
        if repeated := await self._begin(actor, "restate-period", context):
            return repeated
        table = await self._whole(place.period)
        sealed = await self._seal(place.key, reason)
        return await self._on_period(
            place, frozen_period.RestatePeriod(table, sealed, actor.subject), context
        )

    async def approve(self, place: Place, number: int, actor: Actor, context: CommandContext) -> Appended:
        """Let proposed figures stand."""
        if repeated := await self._begin(actor, "approve-restatement", context):
            return repeated
        command = frozen_period.ApproveRestatement(number, actor.subject)
        return await self._on_period(place, command, context)

    async def decline(
        self, place: Place, number: int, reason: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """Turn proposed figures down."""
        if repeated := await self._begin(actor, "approve-restatement", context):
            return repeated
        sealed = await self._seal(place.key, reason)
        command = frozen_period.DeclineRestatement(number, actor.subject, sealed)
        return await self._on_period(place, command, context)

    async def appeal(self, item: str, reason: str, actor: Actor, context: CommandContext) -> Appended:
        """Ask that one counted thing of the own unit stand outside."""
        if repeated := await self._begin(actor, "appeal-figure", context):
            return repeated
        found = await self._figures.find(item)
        if found is None:
            raise Refused("unknown-figure-item")
        sealed = await self._seal(found.case_id, reason)
        command = AppealFigure(item, found.case_id, found.item.unit, actor.unit, sealed, actor.subject)
        key = appeal_key(item)
        done = await execute(self._store, FIGURE_APPEAL, key, command, context, {"id": found.case_id})
        return done.appended

    async def decide_appeal(
        self, item: str, accepted: bool, reason: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """Exclude the item, or let it count."""
        if repeated := await self._begin(actor, "decide-figure-appeal", context):
            return repeated
        key = appeal_key(item)
        appeal = FIGURE_APPEAL.fold(await self._store.load(FIGURE_APPEAL.stream(key)))
        sealed = await self._seal(appeal.case_id or key, reason)
        command = DecideFigureAppeal(accepted, sealed, actor.subject)
        answer = {"id": appeal.case_id}
        return (await execute(self._store, FIGURE_APPEAL, key, command, context, answer)).appended

    async def propose_terms(
        self, command: figure_policy.ProposeFigureTerms, actor: Actor, context: CommandContext
    ) -> Appended:
        """Propose how figures are weighed."""
        permit(actor, "propose-policy")
        return await self._on_policy(command, context)

    async def approve_terms(self, number: int, actor: Actor, context: CommandContext) -> Appended:
        """Approve a proposal."""
        permit(actor, "approve-policy")
        return await self._on_policy(figure_policy.ApproveFigureTerms(number, actor.subject), context)

    async def _begin(self, actor: Actor, operation: str, context: CommandContext) -> Appended | None:
        permit(actor, operation)
        return await self._store.answered(context.command_id, context.request_hash)

    async def _whole(self, period: Period) -> FrozenTable:
        """The table by everything recorded so far; raises ``FiguresBehind``."""
        standpoint = await self._figures.standpoint()
        if not standpoint.complete:
            raise FiguresBehind(standpoint.behind, standpoint.held)
        text = written((await self._figures.live(period, standpoint)).lines)
        return FrozenTable(standpoint.as_of, text, digest(text))

    async def _seal(self, case: str, text: str) -> str:
        if not text.strip():
            return ""
        [sealed] = await self._sealer.seal_all([(key_id("case", case), text)])
        return sealed

    async def _on_period(
        self, place: Place, command: frozen_period.Command, context: CommandContext
    ) -> Appended:
        done = await execute(self._store, FROZEN_PERIOD, place.key, command, context, {"id": place.key})
        return done.appended

    async def _on_policy(self, command: figure_policy.Command, context: CommandContext) -> Appended:
        done = await execute(self._store, FIGURE_POLICY, POLICY_KEY, command, context, {"id": POLICY_KEY})
        return done.appended
