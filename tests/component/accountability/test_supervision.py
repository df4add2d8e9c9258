"""督办 from the rung to the end of an order, exemptions, referrals and trace-backs, over a memory store."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest

from accountability.application.case_rules import RulesChange
from accountability.application.deadlines import Detector, LagGuard
from accountability.application.publishing import CLOCK
from accountability.bootstrap import accountability, install_rules
from accountability.domain.calendar import SourceDocument
from accountability.domain.clock import StopClock
from accountability.domain.refusals import Refused
from backbone.decider import execute
from backbone.eventstore.memory import MemoryEventStore
from backbone.identity import Actor
from backbone.reactor import command_context
from backbone.sealing import MemoryKeyRing, Sealer
from backbone.subscription import StoreOwnerLog
from contracts.events import REGISTER, Published
from contracts.events import accountability as published
from contracts.permissions import NotPermitted
from routing.application.directory import Directory
from routing.application.reactions import Follower
from routing.domain.dispatch.commands import CloseDispatch
from tests.component.accountability.county import ClockStreamsOf, RuleStreamsOf, StubbornSource, context
from tests.component.accountability.whistle_hands import (
    COUNTY_LEADER,
    SUPERVISOR,
    TOWN_LEADER,
    TRANSPORT,
    TRANSPORT_LEADER,
    WATER,
    WATER_LEADER,
    Hands,
    case_of,
    moment,
)

MONDAY = moment("2026-03-02 10:00:00")
BREACH = moment("2026-03-03 10:00:01")
ORANGE = moment("2026-03-04 10:00:01")
RED = moment("2026-03-06 10:00:01")
OFFICE = "burden-reduction-office"
SECOND = Actor("supervisor-b", "演示·督查乙", "office_supervisor", OFFICE)
ADMINISTRATOR = Actor("administrator-1", "演示·管一", "administrator", "government-services-data")
SECOND_ADMINISTRATOR = Actor("administrator-2", "演示·管二", "administrator", "government-services-data")


@pytest.fixture
async def now() -> list[datetime]:
    return [MONDAY]


@pytest.fixture
async def hands(now: list[datetime]) -> Hands:
    """A whistle out since Monday 10:00; transport (an assist) has not reported in."""
    clock: Callable[[], datetime] = lambda: now[0]  # noqa: E731
    store, desk, keys = MemoryEventStore(clock=clock), MemoryEventStore(clock=clock), MemoryKeyRing()
    await install_rules(store)
    office = accountability(store, RuleStreamsOf(store), ClockStreamsOf(store), keys)
    hands = Hands(office, desk, Follower(desk, Directory(desk)), keys, case_of("supervised"))
    await hands.dispatched()
    return hands


async def late(hands: Hands) -> str:
    """The clock of transport's report-in."""
    rows = await hands.office.store.published(0, 10_000, hands.case)
    started = [
        published.ClockStarted.model_validate_json(row.data)
        for row in rows
        if row.type == published.ClockStarted.NAME
    ]
    [clock] = [each for each in started if (each.kind, each.unit) == ("C1", TRANSPORT)]
    return clock.clock_id


async def fires(hands: Hands, clock: str, name: str, at: datetime) -> None:
    """A timer of the clock fires, and what it says is heard."""
    guard = LagGuard({each: StubbornSource(at) for each in ("intake", "routing")})
    await Detector(hands.office.store, guard).fire(clock, name, 1, at, context(f"{clock}/{name}/{uuid4()}"))
    await supervised(hands)


def timer(hands: Hands, clock: str) -> datetime | None:
    """When the timer of a reply goes off; None if there is none."""
    assert isinstance(hands.office.store, MemoryEventStore)
    row = hands.office.store.deadlines.get((clock, "reply-ORANGE"))
    return None if row is None else row.due_at


async def supervised(hands: Hands) -> None:
    """What both services have said reaches supervision, from the beginning: repeats change nothing."""
    for source, log in (("accountability", hands.office.store), ("routing", hands.desk)):
        for event in await StoreOwnerLog(log, source).published(0, 500):
            await hands.office.supervising.react(
                event,
                lambda n, event=event: command_context(  # type: ignore[misc]
                    "supervision", "accountability", event, n, event.recorded_at
                ),
            )


async def climbed(hands: Hands, now: list[datetime], until: datetime) -> str:
    """Transport is late, and the ladder has been climbed up to a moment."""
    clock = await late(hands)
    for name, at in (("due", BREACH), ("rung-ORANGE", ORANGE), ("rung-RED", RED)):
        if at <= until:
            now[0] = at
            await fires(hands, clock, name, at)
    return clock


async def told(hands: Hands) -> list[Published]:
    """What was published of supervision, exemptions, instructions and trace-backs."""
    kinds = ("supervision-order", "exemption", "instruction", "trace-back")
    return [
        REGISTER[row.type].model_validate_json(row.data)
        for row in await hands.office.store.published(0, 10_000, hands.case)
        if row.type.split(".")[1] in kinds
    ]


async def names(hands: Hands) -> list[str]:
    return [type(each).__name__ for each in await told(hands)]


async def test_is_a_hint_an_order_and_a_proposal_in_turn(hands: Hands, now: list[datetime]) -> None:
    await climbed(hands, now, BREACH)
    assert await names(hands) == []
    await climbed(hands, now, RED)
    orange, red = await told(hands)
    assert isinstance(orange, published.OrderIssued)
    assert isinstance(red, published.OrderProposed)
    assert (orange.color, orange.unit, orange.by_ladder, orange.copied_to) == (
        "ORANGE",
        TRANSPORT,
        True,
        None,
    )
    assert (red.color, red.authority) == ("RED", "office")


async def test_says_when_a_reply_is_due_and_once_that_it_is_late(hands: Hands, now: list[datetime]) -> None:
    clock = await climbed(hands, now, ORANGE)
    [order] = [each for each in await told(hands) if isinstance(each, published.OrderIssued)]
    assert order.reply_due == moment("2026-03-10 00:00:00"), "three working days after Wednesday 4 March"
    assert timer(hands, clock) == moment("2026-03-10 00:00:01")
    now[0] = moment("2026-03-10 00:00:01")
    for _ in range(2):
        await fires(hands, clock, "reply-ORANGE", now[0])
    [overdue] = [each for each in await told(hands) if isinstance(each, published.OrderLeftUnanswered)]
    assert (overdue.unit, overdue.color, overdue.authority) == (TRANSPORT, "ORANGE", "office")
    assert overdue.due == order.reply_due
    await hands.office.supervisions.reply(clock, "已报到", TRANSPORT_LEADER, hands.asks())
    assert (await names(hands))[-2:] == ["OrderLeftUnanswered", "OrderReplied"]


async def test_waits_for_no_reply_that_has_come(hands: Hands, now: list[datetime]) -> None:
    clock = await climbed(hands, now, ORANGE)
    await hands.office.supervisions.reply(clock, "已报到", TRANSPORT_LEADER, hands.asks())
    assert timer(hands, clock) is None
    now[0] = moment("2026-03-10 00:00:01")
    await fires(hands, clock, "reply-ORANGE", now[0])
    assert "OrderLeftUnanswered" not in await names(hands)


async def test_gives_the_days_for_a_reply_that_the_rules_give(hands: Hands, now: list[datetime]) -> None:
    change = RulesChange(date(2026, 3, 1), None, SourceDocument("督查办法"), {"reply_days": 1})
    await hands.office.case_rules.propose(change, ADMINISTRATOR, hands.asks())
    await hands.office.case_rules.approve(1, SECOND_ADMINISTRATOR, hands.asks())
    await climbed(hands, now, ORANGE)
    desk = hands.office.supervisions
    await desk.supervise(hands.case, WATER, "ORANGE", "拖延", None, SUPERVISOR, hands.asks())
    orders = [each for each in await told(hands) if isinstance(each, published.OrderIssued)]
    assert [each.reply_due for each in orders] == [moment("2026-03-06 00:00:00")] * 2


async def test_is_a_hint_of_a_person_that_wants_no_reply(hands: Hands) -> None:
    desk = hands.office.supervisions
    asked = hands.asks()
    for _ in range(2):
        await desk.hint(hands.case, WATER, "请注意汛期", None, SUPERVISOR, asked)
    [hint] = await told(hands)
    assert isinstance(hint, published.HintGiven)
    assert (hint.unit, hint.kind, hint.authority) == (WATER, None, "office")
    assert "请注意汛期" not in hint.model_dump_json()
    with pytest.raises(Refused, match="no-order-to-reply-to"):
        await desk.reply(hint.matter_id, "收到", WATER_LEADER, hands.asks())
    with pytest.raises(Refused, match="unknown-matter"):
        await desk.hint(hands.case, WATER, "未超期", await late(hands), SUPERVISOR, hands.asks())
    with pytest.raises(NotPermitted):
        await desk.hint(hands.case, WATER, "请注意", None, TOWN_LEADER, hands.asks())


async def test_is_issued_by_a_person_who_heard_the_unit(hands: Hands, now: list[datetime]) -> None:
    clock = await climbed(hands, now, RED)
    desk = hands.office.supervisions
    with pytest.raises(Refused, match="unit-not-heard-yet"):
        await desk.issue(clock, SUPERVISOR, hands.asks())
    await desk.hear(clock, RED - timedelta(hours=1), "董某", "人手不足", SUPERVISOR, hands.asks())
    with pytest.raises(Refused, match="office"):
        await desk.issue(clock, COUNTY_LEADER, hands.asks())
    await desk.issue(clock, SUPERVISOR, hands.asks())
    issued = (await told(hands))[-1]
    assert isinstance(issued, published.OrderIssued)
    assert issued.copied_to == "county-supervision-office"
    assert (await names(hands))[-3:] == ["UnitHeard", "OrderWithdrawn", "OrderIssued"]


async def test_is_replied_to_closed_and_not_pursued_again(hands: Hands, now: list[datetime]) -> None:
    clock = await climbed(hands, now, ORANGE)
    desk = hands.office.supervisions
    with pytest.raises(Refused, match="unknown-matter"):
        await desk.reply(clock, "不是我们", WATER_LEADER, hands.asks())
    await desk.reply(clock, "已报到", TRANSPORT_LEADER, hands.asks())
    await desk.close(clock, "同意销号", SUPERVISOR, hands.asks())
    now[0] = RED
    await fires(hands, clock, "rung-RED", RED)
    assert await names(hands) == ["OrderIssued", "OrderReplied", "OrderClosed"]
    with pytest.raises(Refused, match="matter-settled-already") as refused:
        await desk.refer(clock, "失职", SUPERVISOR, hands.asks())
    assert refused.value.params == {"result": "order-closed", "on": "2026-03-04"}


async def test_keeps_every_word_sealed(hands: Hands, now: list[datetime]) -> None:
    clock = await climbed(hands, now, RED)
    await hands.office.supervisions.hear(clock, RED, "董某", "人手不足", SUPERVISOR, hands.asks())
    kept = [row.data for row in await hands.office.store.read(0, 10_000)]
    kept += [row.data for row in await hands.office.store.published(0, 10_000)]
    assert not any("董某" in text or "人手不足" in text for text in kept)
    heard = (await told(hands))[-1]
    assert isinstance(heard, published.UnitHeard)
    assert await Sealer(hands.keys).open(heard.words_sealed, "(erased)") == "人手不足"


async def test_falls_with_the_breach_and_the_name_is_cleared(hands: Hands, now: list[datetime]) -> None:
    clock = await climbed(hands, now, ORANGE)
    desk = hands.office.supervisions
    with pytest.raises(Refused, match="breach-stands"):
        await desk.clear_name(clock, "不成立", SUPERVISOR, hands.asks())
    stop = StopClock(moment("2026-03-03 09:00:00"))
    await execute(hands.office.store, CLOCK, clock, stop, context("true time"))
    await supervised(hands)
    await desk.clear_name(clock, "按时报到", SUPERVISOR, hands.asks())
    assert await names(hands) == ["OrderIssued", "OrderWithdrawn", "NameCleared"]
    withdrawn = (await told(hands))[1]
    assert isinstance(withdrawn, published.OrderWithdrawn)
    assert withdrawn.cause == "breach-annulled"


async def test_is_muted_when_the_whistle_is_closed(hands: Hands, now: list[datetime]) -> None:
    await climbed(hands, now, RED)
    await hands.concludes()
    await hands.does(CloseDispatch())
    await hands.settle()
    await supervised(hands)
    withdrawn = (await told(hands))[2:]
    assert [each.cause for each in withdrawn if isinstance(each, published.OrderWithdrawn)] == [
        "whistle-closed",
        "whistle-closed",
    ]


async def test_is_taken_up_by_a_person_on_any_case(hands: Hands) -> None:
    desk = hands.office.supervisions
    await desk.supervise(hands.case, WATER, "ORANGE", "久拖未办", None, SUPERVISOR, hands.asks())
    [issued] = await told(hands)
    assert isinstance(issued, published.OrderIssued)
    assert (issued.unit, issued.kind, issued.by_ladder) == (WATER, None, False)
    with pytest.raises(Refused, match="unit-not-concerned"):
        await desk.supervise(hands.case, "health", "ORANGE", "无关", None, SUPERVISOR, hands.asks())
    with pytest.raises(NotPermitted):
        await desk.supervise(hands.case, WATER, "ORANGE", "我也要", None, TOWN_LEADER, hands.asks())


async def test_exempts_a_breach_and_takes_the_orders_back(hands: Hands, now: list[datetime]) -> None:
    clock = await climbed(hands, now, ORANGE)
    desk = hands.office.supervisions
    with pytest.raises(Refused, match="unknown-matter"):
        await desk.claim_exemption(clock, "force_majeure", "断桥", WATER_LEADER, hands.asks())
    await desk.claim_exemption(clock, "force_majeure", "断桥", TRANSPORT_LEADER, hands.asks())
    await desk.decide_exemption(clock, True, "属实", SUPERVISOR, hands.asks())
    await supervised(hands)
    assert await names(hands) == [
        "OrderIssued",
        "GoodFaithExemptionClaimed",
        "GoodFaithExemptionGranted",
        "OrderWithdrawn",
    ]
    running = CLOCK.fold(await hands.office.store.load(CLOCK.stream(clock))).running
    assert running is not None
    assert running.breached_at is not None, "the breach stays a fact"
    with pytest.raises(Refused, match="matter-settled-already"):
        await desk.supervise(hands.case, TRANSPORT, "RED", "再来", clock, SUPERVISOR, hands.asks())


async def test_exempts_on_the_grounds_that_the_rules_admit(hands: Hands, now: list[datetime]) -> None:
    clock = await climbed(hands, now, BREACH)
    change = RulesChange(date(2026, 3, 1), None, SourceDocument("容错办法"), {"exemption_grounds": ["pilot"]})
    await hands.office.case_rules.propose(change, ADMINISTRATOR, hands.asks())
    await hands.office.case_rules.approve(1, SECOND_ADMINISTRATOR, hands.asks())
    desk = hands.office.supervisions
    with pytest.raises(Refused, match="exemption-ground-not-admitted"):
        await desk.claim_exemption(clock, "first_minor", "首次", SUPERVISOR, hands.asks())
    await desk.claim_exemption(clock, "pilot", "先行先试", SUPERVISOR, hands.asks())
    assert (await names(hands))[-1] == "GoodFaithExemptionClaimed"


async def test_has_what_the_office_claims_decided_above_it(hands: Hands, now: list[datetime]) -> None:
    clock = await climbed(hands, now, BREACH)
    desk = hands.office.supervisions
    await desk.claim_exemption(clock, "first_minor", "首次", SUPERVISOR, hands.asks())
    with pytest.raises(Refused, match="another-units"):
        await desk.decide_exemption(clock, True, "属实", SECOND, hands.asks())
    await desk.decide_exemption(clock, False, "不是首次", COUNTY_LEADER, hands.asks())
    assert (await names(hands))[-1] == "GoodFaithExemptionRefused"


async def test_instructs_and_releases(hands: Hands) -> None:
    desk = hands.office.supervisions
    await desk.instruct(hands.case, (WATER,), "限期解决", COUNTY_LEADER, hands.asks())
    asked = hands.asks()
    for _ in range(2):
        await desk.release_trace_back(hands.case, '{"case":1}', "群众反映", SUPERVISOR, asked)
    given, released = await told(hands)
    assert isinstance(given, published.InstructionGiven)
    assert isinstance(released, published.TraceBackReleased)
    assert (given.to, released.number) == ((WATER,), 1)
    assert released.digest == sha256(b'{"case":1}').hexdigest()
    with pytest.raises(Refused, match="unknown-case"):
        await desk.release_trace_back(case_of("nothing"), "{}", "无", SUPERVISOR, hands.asks())
