"""Accountability and routing side by side over their own stores; word travels when a test says so."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import uuid4, uuid5

from accountability.application.deadlines import Detector, LagGuard
from accountability.application.parkings import ParkingWords
from accountability.application.publishing import CLOCK, clock_id
from accountability.bootstrap import Accountability
from accountability.domain.clock import Running
from backbone.decider import CommandContext, execute
from backbone.eventstore import EventStore, Meta
from backbone.identity import Actor
from backbone.outbox import Delivered
from backbone.reactor import command_context
from backbone.sealing import KeyRing
from backbone.subscription import StoreOwnerLog
from contracts.events import REGISTER, Published
from routing.application.publishing import DISPATCH
from routing.application.reactions import Follower
from routing.domain.dispatch import Dispatch
from routing.domain.dispatch.commands import Command, Conclude, ConfirmDispatch, OpenDispatch, ReportIn
from routing.domain.dispatch.facts import Issue
from tests.component.accountability.county import SPACE, StubbornSource, context

YUANCUN, WATER, TRANSPORT = "410923102", "water-resources", "transport"
WATER_LEADER = Actor("leader-water-resources", "演示·萧甲戊", "department_leader", WATER)
WATER_LIAISON = Actor("liaison-a-water-resources", "演示·彭甲丙", "department_liaison", WATER)
TRANSPORT_LEADER = Actor("leader-transport", "演示·董甲己", "department_leader", TRANSPORT)
TOWN_LEADER = Actor("leader-410923102", "演示·刘甲己", "township_leader", YUANCUN)
OTHER_TOWN = Actor("leader-410923101", "演示·马甲己", "township_leader", "410923101")
SUPERVISOR = Actor("supervisor-a", "演示·督查甲", "office_supervisor", "burden-reduction-office")
COUNTY_LEADER = Actor("county-leader-1", "演示·县长甲", "county_leader", "county-leadership")
PLAN = "汛期后清淤，先测量"
OWNER = "张建国"


def wish(sunset: date, milestone: date) -> ParkingWords:
    """A parking for the season, with one milestone."""
    return ParkingWords("season_or_term", PLAN, [(milestone, "完成测量")], OWNER, sunset)


@dataclass
class Hands:
    """A whistle that lies with the water department; ``heard`` is how far each has read whom."""

    office: Accountability
    desk: EventStore
    follower: Follower
    keys: KeyRing
    case: str
    heard: dict[tuple[str, str], int] = field(default_factory=dict)

    async def dispatched(self, *, emergency: bool = False) -> None:
        """It went out, the lead has reported in, and everybody knows."""
        now = await self.desk.now()
        opening = OpenDispatch(
            case_id=self.case,
            township=YUANCUN,
            emergency=emergency,
            issues=(Issue("i1"),),
            departments=(WATER, TRANSPORT),
            registered=frozenset({WATER, TRANSPORT}),
            dispatch_at=None,
            duties=None,
            at=now,
        )
        await self.does(opening)
        await self.does(ConfirmDispatch("《防洪法》"))
        await self.does(ReportIn(WATER, WATER, "sealed name", "sealed phone", "on_site"))
        await self.settle()

    async def does(self, command: Command) -> None:
        """Something happens in routing."""
        await execute(self.desk, DISPATCH, self.case, command, self.asks())

    async def concludes(self) -> None:
        """The lead says it is done."""
        await self.does(Conclude(WATER, WATER, "sealed sentence"))

    def asks(self) -> CommandContext:
        """The identity of a command of a person."""
        return CommandContext(uuid4(), b"r" * 32, Meta("somebody", "somebody", "somewhere"))

    async def routing_hears(self) -> bool:
        """What accountability has said reaches routing."""
        return await self._hears("accountability", "routing", "dispatches", self.office.store)

    async def office_hears(self) -> bool:
        """What routing has said reaches accountability."""
        return await self._hears("routing", "accountability", "clocks", self.desk)

    async def office_reflects(self) -> bool:
        """What accountability has said reaches accountability itself."""
        return await self._hears("accountability", "accountability", "decisions", self.office.store)

    async def settle(self) -> None:
        """Everybody has heard everything."""
        while await self.office_hears() or await self.office_reflects() or await self.routing_hears():
            pass

    async def _hears(self, source: str, service: str, consumer: str, log: EventStore) -> bool:
        after = self.heard.get((source, consumer), 0)
        events = await StoreOwnerLog(log, source).published(after, 500)
        for event in events:
            await self._react(service, consumer, event)
            self.heard[source, consumer] = event.seq
        return bool(events)

    async def _react(self, service: str, consumer: str, event: Delivered) -> None:
        at = event.recorded_at

        def contexts(n: int) -> CommandContext:
            return command_context(consumer, service, event, n, at)

        match consumer:
            case "dispatches":
                await self.follower.react(event, contexts)
            case "clocks":
                await self.office.follower.react(event, contexts)
            case _:
                await self.office.decisions.react(event, contexts)

    async def fall_due(self, kind: str, cycle: int = 1) -> None:
        """The timer of a clock fires, with every source consumed."""
        clock = await self.clock(kind, cycle)
        now = await self.office.store.now()
        guard = LagGuard({name: StubbornSource(now) for name in ("intake", "routing")})
        key = clock_id(self.case, kind, self.case, cycle)
        name = f"{kind}/{cycle}/{now}/{uuid4()}"
        await Detector(self.office.store, guard).fire(key, "due", 1, clock.due, context(name))

    async def clock(self, kind: str, cycle: int = 1) -> Running:
        """A clock of the whistle."""
        running = await self.clock_or_none(kind, cycle)
        assert running is not None, f"{kind} never started"
        return running

    async def clock_or_none(self, kind: str, cycle: int = 1) -> Running | None:
        """A clock of the whistle, if it was started."""
        key = clock_id(self.case, kind, self.case, cycle)
        return CLOCK.fold(await self.office.store.load(CLOCK.stream(key))).running

    async def dispatch(self) -> Dispatch:
        """The dispatch as routing sees it."""
        return DISPATCH.fold(await self.desk.load(DISPATCH.stream(self.case)))

    async def told(self) -> list[Published]:
        """What accountability has published of parking and extension."""
        facts = await self.office.store.published(0, 10_000, self.case)
        kinds = ("accountability.parking.", "accountability.extension.")
        return [
            REGISTER[each.type].model_validate_json(each.data)
            for each in facts
            if each.type.startswith(kinds)
        ]

    async def names(self) -> list[str]:
        """Their names, in order."""
        return [type(each).__name__ for each in await self.told()]


def case_of(name: str) -> str:
    """A case's id by name."""
    return str(uuid5(SPACE, name))


def moment(text: str) -> datetime:
    """A moment on the clocks of China."""
    return datetime.fromisoformat(f"{text}+08:00")
