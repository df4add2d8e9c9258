"""Any order of acts and of word travelling: both services end in one story, and no clock runs twice."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accountability.application.deciding import Decisions
from accountability.application.extensions import Extensions
from accountability.application.following import Follower as OfficeFollower
from accountability.application.parkings import Parkings
from accountability.application.publishing_parkings import EXTENSION, PARKING
from accountability.application.rules import Rules
from accountability.bootstrap import accountability, install_rules
from accountability.domain.extension.state import Stage as ExtensionStage
from accountability.domain.parking import Stage as ParkingStage
from accountability.domain.refusals import Refused as RefusedHere
from backbone.eventstore.memory import MemoryEventStore
from backbone.outbox import Delivered
from backbone.sealing import MemoryKeyRing, Sealer
from contracts.events import accountability as published
from contracts.events import intake
from routing.application.directory import Directory
from routing.application.reactions import Follower
from routing.domain.dispatch import Stage
from routing.domain.dispatch.commands import CloseDispatch, CorrectDispatch, ReopenDispatch
from routing.domain.refusals import Refused as RefusedThere
from tests.component.accountability.county import SEALED, SPACE, ClockStreamsOf, RuleStreamsOf, context
from tests.component.accountability.whistle_hands import (
    COUNTY_LEADER,
    SUPERVISOR,
    TRANSPORT,
    WATER,
    WATER_LEADER,
    Hands,
    case_of,
    moment,
    wish,
)

MONDAY = moment("2026-03-02 10:00:00")
ACTS = (
    "apply",
    "approve",
    "approve above",
    "refuse",
    "review",
    "end",
    "ask for more",
    "grant",
    "grant above",
    "conclude",
    "rework",
    "close",
    "another lead",
    "routing hears",
    "office hears",
    "office reflects",
)
_rules: list[Rules] = []
Act = Callable[[], Awaitable[object]]


async def rework(hands: Hands) -> None:
    """The township sends back what it was to judge."""
    dispatch = await hands.dispatch()
    if dispatch.stage is not Stage.CONCLUDED:
        return
    await hands.office_hears()
    cycle = dispatch.cycle + 1
    fact = intake.WhistleReworked(case_id=hands.case, reason_sealed=SEALED, cycle=cycle)
    sent_back = Delivered(
        service="intake",
        epoch=SPACE,
        seq=cycle,
        id=SPACE,
        type=fact.NAME,
        case_id=hands.case,
        recorded_at=await hands.desk.now(),
        occurred_at=None,
        after={},
        actor="somebody",
        unit="somewhere",
        data=fact.model_dump(mode="json"),
    )
    await hands.office.follower.react(sent_back, lambda n: context(f"{hands.case}/rework/{cycle}/{n}"))
    await hands.does(ReopenDispatch(cycle))


def acts(hands: Hands) -> dict[str, Act]:
    """What can happen, by name."""
    parkings, extensions, case = hands.office.parkings, hands.office.extensions, hands.case
    words = wish(date(2026, 6, 30), date(2026, 4, 30))
    everyone = frozenset({WATER, TRANSPORT})
    return {
        "apply": lambda: parkings.apply(case, words, WATER_LEADER, hands.asks()),
        "approve": lambda: parkings.approve(case, SUPERVISOR, hands.asks()),
        "approve above": lambda: parkings.approve(case, COUNTY_LEADER, hands.asks()),
        "refuse": lambda: parkings.refuse(case, "不足", SUPERVISOR, hands.asks()),
        "review": lambda: parkings.review(case, "顺利", SUPERVISOR, hands.asks()),
        "end": lambda: parkings.end(case, "已到", SUPERVISOR, hands.asks()),
        "ask for more": lambda: extensions.apply(case, 2, "设备", WATER_LEADER, hands.asks()),
        "grant": lambda: extensions.grant(case, SUPERVISOR, hands.asks()),
        "grant above": lambda: extensions.grant(case, COUNTY_LEADER, hands.asks()),
        "conclude": hands.concludes,
        "rework": lambda: rework(hands),
        "close": lambda: hands.does(CloseDispatch()),
        "another lead": lambda: hands.does(
            CorrectDispatch(TRANSPORT, (), everyone, "《公路法》", by_ruling=True)
        ),
        "routing hears": hands.routing_hears,
        "office hears": hands.office_hears,
        "office reflects": hands.office_reflects,
    }


async def ruled() -> Rules:
    """The rules in force; they stand in a log of their own, so that a walk is quick."""
    store = MemoryEventStore()
    await install_rules(store)
    return Rules(store, RuleStreamsOf(store))


async def walked(names: list[str]) -> None:
    now = [MONDAY]
    if not _rules:
        _rules.append(await ruled())
    store, desk = MemoryEventStore(clock=lambda: now[0]), MemoryEventStore(clock=lambda: now[0])
    keys, rules = MemoryKeyRing(), _rules[0]
    sealer = Sealer(keys)
    office = replace(
        accountability(store, RuleStreamsOf(store), ClockStreamsOf(store), keys),
        rules=rules,
        follower=OfficeFollower(store, rules),
        parkings=Parkings(store, sealer, rules),
        extensions=Extensions(store, sealer, rules),
        decisions=Decisions(store, rules),
    )
    hands = Hands(office, desk, Follower(desk, Directory(desk)), keys, case_of("walk"))
    await hands.dispatched()
    happens = acts(hands)
    for name in names:
        now[0] += timedelta(minutes=13)
        try:
            await happens[name]()
        except (RefusedHere, RefusedThere):
            continue
    await hands.settle()
    await judge(hands)


async def judge(hands: Hands) -> None:
    """What holds once everybody has heard everything."""
    store, case = hands.office.store, hands.case
    dispatch = await hands.dispatch()
    parking = PARKING.fold(await store.load(PARKING.stream(case)))
    extension = EXTENSION.fold(await store.load(EXTENSION.stream(case)))
    assert (dispatch.parked is not None) == (parking.stage is ParkingStage.PARKED)
    assert parking.stage is not ParkingStage.APPROVED, "an approval without an answer"
    facts = await store.published(0, 10_000, case)
    started = Counter(
        published.ClockStarted.model_validate_json(row.data).clock_id
        for row in facts
        if row.type == published.ClockStarted.NAME
    )
    assert max(started.values()) == 1, "a clock runs twice"
    handling = await hands.clock("C5")
    if dispatch.stage is Stage.OUT:
        assert (handling.paused_at is not None) == (dispatch.parked is not None)
    if dispatch.parked is not None:
        assert handling.pause_reasons[-1] == "parked"
        assert (await hands.clock("C16", dispatch.parked)).runs
        running = [await hands.clock_or_none("C9", each) for each in range(1, parking.round + 1)]
        assert [clock is not None and clock.runs for clock in running].count(True) == 1
    else:
        for each in range(1, parking.number + 1):
            sunset = await hands.clock_or_none("C16", each)
            assert sunset is None or sunset.ended
    if dispatch.stage is not Stage.OUT or dispatch.lead is None or dispatch.lead.assigned.unit != WATER:
        assert parking.stage is not ParkingStage.PARKED
        assert extension.stage is not ExtensionStage.APPLIED
    granted = sum(row.type == published.ExtensionGranted.NAME for row in facts)
    lapsed = [
        published.ExtensionLapsed.model_validate_json(row.data).cause
        for row in facts
        if row.type == published.ExtensionLapsed.NAME
    ]
    assert len(handling.extensions) == granted - lapsed.count("clock-stopped")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(ACTS), min_size=3, max_size=25))
def test_ends_in_one_story(names: list[str]) -> None:
    asyncio.run(walked(["apply", "approve", "office hears", *names]))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(ACTS), min_size=3, max_size=25))
def test_ends_in_one_story_whoever_begins(names: list[str]) -> None:
    asyncio.run(walked(names))
