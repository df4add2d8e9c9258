"""What people ask of spot checks (抽查), and what anybody may draw again."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import uuid5

from accountability.application.casework import Casework
from accountability.application.figure_facts import Standpoint
from accountability.application.figure_publishing import period_key
from accountability.application.following.reading import OFFICE
from accountability.application.freezing import FiguresBehind, Place
from accountability.application.publishing import IDS, Outbound
from accountability.application.rules import Rules
from accountability.domain import spot_check
from accountability.domain.figures import Period
from accountability.domain.refusals import Refused
from accountability.domain.spot_check import ClosedCase, Drawn, SpotChecks, digest, draw
from accountability.domain.spot_check import checking as checks
from backbone.decider import Aggregate, Codec, CommandContext, execute
from backbone.eventstore import Appended, EventStore
from backbone.identity import Actor
from backbone.sealing import Sealer
from contracts.events import Published
from contracts.events import accountability as published
from contracts.permissions import permit

LARGEST_SEED: Final = 2**31 - 1
"""A seed is a whole number every program can read."""


class ClosedCases(Protocol):
    """The closings that can be checked."""

    async def standpoint(self, asked: datetime | None) -> Standpoint:
        """Wait until everything recorded by a moment (None: by now) is in, or say what is not."""
        ...

    async def closed(self, period: Period, as_of: datetime) -> Sequence[ClosedCase]:
        """The last closing of each whistle in the period, as of a moment."""
        ...


@dataclass(frozen=True, slots=True)
class Trial:
    """What a seed draws, and what it is drawn from."""

    seed: int
    as_of: datetime
    digest: str
    population: int
    drawn: Sequence[Drawn]
    recorded: checks.ChecksDrawn | None
    """The draw that holds for the period, if there was one."""


def check_id(period: str, case_id: str) -> str:
    """The id of a check."""
    return str(uuid5(IDS, f"spot-check/{period}/{case_id}"))


def publish_check(event: spot_check.Event, state: SpotChecks, key: str) -> Outbound:
    """What others learn: the draw as a whole, and each check under its whistle."""
    drawn = state.drawn
    assert drawn is not None, "a period's first fact draws"
    match event:
        case checks.ChecksDrawn():
            return [_out(_whole(event, key)), *(_out(_one(event.period, each)) for each in event.drawn)]
        case checks.CheckAssigned(case_id, checker, unit):
            assigned = published.SpotCheckAssigned(
                case_id=case_id, check_id=check_id(drawn.period, case_id), checker=checker, unit=unit
            )
            return [_out(assigned)]
        case checks.ResultRecorded():
            return [_out(_result(event, drawn.period, state.checks[event.check]))]


def _whole(event: checks.ChecksDrawn, key: str) -> Published:
    return published.ChecksDrawn(
        case_id=key,
        period=event.period,
        seed=event.seed,
        population=event.population,
        drawn=len(event.drawn),
        digest=event.digest,
        as_of=event.as_of,
    )


def _one(period: str, drawn: Drawn) -> Published:
    return published.SpotCheckDrawn(
        case_id=drawn.case_id,
        check_id=check_id(period, drawn.case_id),
        period=period,
        cycle=drawn.cycle,
        stratum=drawn.stratum,
        weight=drawn.weight,
    )


def _result(event: checks.ResultRecorded, period: str, check: checks.Check) -> Published:
    """A failed check is the office's, which raises the whistle again; a passed one the checker's unit's."""
    place = {"case_id": check.case_id, "check_id": check_id(period, check.case_id), "cycle": check.cycle}
    if event.passed:
        return published.SpotCheckPassed(
            **place,
            unit=check.unit,
            way=event.way,
            asked_sealed=event.asked,
            finding_sealed=event.finding or None,
        )
    return published.SpotCheckFailed(
        **place, unit=OFFICE, way=event.way, asked_sealed=event.asked, finding_sealed=event.finding
    )


def _out(fact: Published) -> tuple[str, str, str]:
    return fact.NAME, fact.case_id, fact.model_dump_json(exclude_none=True)


SPOT_CHECKS: Final[Aggregate[spot_check.Command, spot_check.Event, SpotChecks]] = Aggregate(
    category="spot-checks",
    initial=spot_check.INITIAL,
    decide=spot_check.decide,
    evolve=spot_check.evolve,
    codec=Codec(spot_check.Event),
    publish=publish_check,
)


class Checks(Casework):
    """Each command raises ``NotPermitted``, ``Refused`` or what the store raises."""

    def __init__(self, store: EventStore, sealer: Sealer, rules: Rules, cases: ClosedCases) -> None:
        super().__init__(store, sealer, rules)
        self._cases = cases

    async def trial(self, place: Place, seed: int | None, asked: datetime | None, actor: Actor) -> Trial:
        """What a seed (None: the recorded draw) draws of a period, as of a moment; nothing is kept."""
        permit(actor, "draw-spot-checks")
        recorded = SPOT_CHECKS.fold(await self._store.load(SPOT_CHECKS.stream(_key(place)))).drawn
        if seed is None:
            if recorded is None:
                raise Refused("seed-missing")
            seed, asked = recorded.seed, asked or recorded.as_of
        standpoint = await self._whole(asked)
        cases = await self._cases.closed(place.period, standpoint.as_of)
        policy = recorded.policy if recorded else (await self._case_rules.at(standpoint.as_of)).spot_check
        drawn = draw(cases, seed, policy)
        return Trial(seed, standpoint.as_of, digest(cases), len(cases), drawn, recorded)

    async def draw(self, place: Place, seed: int | None, actor: Actor, context: CommandContext) -> Appended:
        """抽样: once for a period; without a seed one is made, and kept."""
        if repeated := await self._begin(actor, "draw-spot-checks", context):
            return repeated
        standpoint = await self._whole(None)
        cases = await self._cases.closed(place.period, standpoint.as_of)
        command = checks.DrawChecks(
            period=place.period.label,
            end=place.period.end,
            seed=secrets.randbelow(LARGEST_SEED + 1) if seed is None else seed,
            policy=(await self._case_rules.at(await self._store.now())).spot_check,
            cases=tuple(cases),
            as_of=standpoint.as_of,
            by=actor.subject,
        )
        return await self._on(place, command, context, _key(place))

    async def assign(
        self, place: Place, case: str, checker: str, unit: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """指派核查人, of a unit that has no part in the whistle."""
        if repeated := await self._begin(actor, "assign-spot-check", context):
            return repeated
        handling = await self._handling(case)
        concerned = handling.departments | {handling.township}
        return await self._on(place, checks.AssignCheck(case, checker, unit, concerned), context, case)

    async def record(
        self,
        place: Place,
        case: str,
        way: checks.Way,
        asked: str,
        passed: bool,
        finding: str,
        actor: Actor,
        context: CommandContext,
    ) -> Appended:
        """抽查结果, by the checker."""
        if repeated := await self._begin(actor, "record-spot-check", context):
            return repeated
        drawn = SPOT_CHECKS.fold(await self._store.load(SPOT_CHECKS.stream(_key(place))))
        if case not in drawn.checks:
            raise Refused("unknown-check")
        who, found = await self._seal(case, [asked, finding])
        now = await self._store.now()
        command = checks.RecordResult(case, actor.subject, way, who, passed, found, now)
        return await self._on(place, command, context, case)

    async def _whole(self, asked: datetime | None) -> Standpoint:
        """Where everything recorded is in; raises ``FiguresBehind``."""
        standpoint = await self._cases.standpoint(asked)
        if not standpoint.complete:
            raise FiguresBehind(standpoint.behind, standpoint.held)
        return standpoint

    async def _on(
        self, place: Place, command: spot_check.Command, context: CommandContext, answer: str
    ) -> Appended:
        done = await execute(self._store, SPOT_CHECKS, _key(place), command, context, {"id": answer})
        return done.appended


def _key(place: Place) -> str:
    return period_key(place.period.label, place.boundary)
