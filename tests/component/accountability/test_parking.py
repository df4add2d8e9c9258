"""挂账 from the application to the end: what stands still, what runs, and who may do what."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from accountability.application.deadlines import SourcesUnconfirmed
from accountability.bootstrap import accountability, install_rules
from accountability.domain.explain import explain
from accountability.domain.refusals import Refused
from backbone.eventstore.memory import MemoryEventStore
from backbone.sealing import MemoryKeyRing, Sealer
from contracts.events import accountability as published
from contracts.permissions import NotPermitted
from routing.application.directory import Directory
from routing.application.reactions import Follower
from routing.domain.dispatch.commands import CorrectDispatch, ReportIn
from tests.component.accountability.county import ClockStreamsOf, RuleStreamsOf
from tests.component.accountability.whistle_hands import (
    COUNTY_LEADER,
    OTHER_TOWN,
    OWNER,
    PLAN,
    SUPERVISOR,
    TOWN_LEADER,
    TRANSPORT,
    TRANSPORT_LEADER,
    WATER,
    WATER_LEADER,
    WATER_LIAISON,
    Hands,
    case_of,
    moment,
    wish,
)

MONDAY = moment("2026-03-02 10:00:00")
TUESDAY = moment("2026-03-03 10:00:00")
JUNE, APRIL = date(2026, 6, 30), date(2026, 4, 30)
SUNSET = moment("2026-07-01 00:00:00")


@pytest.fixture
async def now() -> list[datetime]:
    return [MONDAY]


@pytest.fixture
async def hands(now: list[datetime]) -> Hands:
    """A whistle with the water department since Monday 10:00; the clock is in hand."""
    clock: Callable[[], datetime] = lambda: now[0]  # noqa: E731
    store, desk, keys = MemoryEventStore(clock=clock), MemoryEventStore(clock=clock), MemoryKeyRing()
    await install_rules(store)
    office = accountability(store, RuleStreamsOf(store), ClockStreamsOf(store), keys)
    hands = Hands(office, desk, Follower(desk, Directory(desk)), keys, case_of("parked"))
    await hands.dispatched()
    return hands


async def applies(hands: Hands, sunset: date = JUNE) -> None:
    milestone = min(APRIL, sunset)
    await hands.office.parkings.apply(hands.case, wish(sunset, milestone), WATER_LEADER, hands.asks())


async def parked(hands: Hands, now: list[datetime], sunset: date = JUNE) -> None:
    """Applied for on Monday, approved on Tuesday 10:00."""
    await applies(hands, sunset)
    now[0] = TUESDAY
    await hands.office.parkings.approve(hands.case, SUPERVISOR, hands.asks())
    await hands.settle()


async def test_pauses_handling_as_of_the_approval_and_starts_review_and_sunset(
    hands: Hands, now: list[datetime]
) -> None:
    await applies(hands)
    now[0] = TUESDAY
    await hands.office.parkings.approve(hands.case, SUPERVISOR, hands.asks())
    now[0] = moment("2026-03-03 10:05:00")
    await hands.settle()
    assert (await hands.clock("C5")).paused_at == TUESDAY
    assert (await hands.clock("C9")).due == moment("2026-04-03 00:00:00")
    assert (await hands.clock("C9")).unit == WATER
    assert (await hands.clock("C16")).due == SUNSET
    assert (await hands.dispatch()).parked == 1


async def test_keeps_words_and_names_sealed_wherever_they_are_kept(hands: Hands) -> None:
    await applies(hands)
    kept = [row.data for row in await hands.office.store.read(0, 10_000)]
    kept += [row.data for row in await hands.office.store.published(0, 10_000)]
    assert not any(PLAN in text or OWNER in text or "完成测量" in text for text in kept)
    [applied] = await hands.told()
    assert isinstance(applied, published.ParkingAppliedFor)
    sealer = Sealer(hands.keys)
    assert await sealer.open(applied.owner_sealed, "(erased)") == OWNER
    assert await sealer.open(applied.milestones[0].text_sealed, "(erased)") == "完成测量"


async def test_is_applied_for_by_the_present_lead_only(hands: Hands) -> None:
    with pytest.raises(Refused, match="only-the-lead-may"):
        await hands.office.parkings.apply(hands.case, wish(JUNE, APRIL), TRANSPORT_LEADER, hands.asks())
    with pytest.raises(Refused, match="unknown-case"):
        await hands.office.parkings.apply(case_of("nothing"), wish(JUNE, APRIL), WATER_LEADER, hands.asks())
    with pytest.raises(NotPermitted):
        await hands.office.parkings.apply(hands.case, wish(JUNE, APRIL), WATER_LIAISON, hands.asks())


async def test_answers_a_repeated_request_as_the_first_time(hands: Hands) -> None:
    asked = hands.asks()
    first = await hands.office.parkings.apply(hands.case, wish(JUNE, APRIL), WATER_LEADER, asked)
    again = await hands.office.parkings.apply(hands.case, wish(JUNE, APRIL), WATER_LEADER, asked)
    assert (again.repeated, again.answer) == (True, first.answer)
    assert await hands.names() == ["ParkingAppliedFor"]


async def test_records_the_townships_objection_and_leaves_the_decision_to_the_office(hands: Hands) -> None:
    await applies(hands)
    with pytest.raises(Refused, match="unknown-case"):
        await hands.office.parkings.object(hands.case, "不同意", OTHER_TOWN, hands.asks())
    await hands.office.parkings.object(hands.case, "汛期就要到了", TOWN_LEADER, hands.asks())
    await hands.office.parkings.approve(hands.case, SUPERVISOR, hands.asks())
    assert await hands.names() == ["ParkingAppliedFor", "ParkingObjectedTo", "ParkingApproved"]


async def test_is_the_county_leaders_the_second_time(hands: Hands, now: list[datetime]) -> None:
    await parked(hands, now)
    await hands.office.parkings.end(hands.case, "提前完成", WATER_LIAISON, hands.asks())
    await hands.settle()
    await applies(hands)
    with pytest.raises(Refused, match="second-time-is-the-county-leaders"):
        await hands.office.parkings.approve(hands.case, SUPERVISOR, hands.asks())
    await hands.office.parkings.approve(hands.case, COUNTY_LEADER, hands.asks())
    await hands.settle()
    assert (await hands.dispatch()).parked == 2
    assert (await hands.clock("C16", 2)).runs


async def test_goes_on_where_it_stood_when_it_is_ended_early(hands: Hands, now: list[datetime]) -> None:
    due = (await hands.clock("C5")).due
    await parked(hands, now)
    now[0] = moment("2026-03-05 09:00:00")
    await hands.office.parkings.end(hands.case, "材料已到", SUPERVISOR, hands.asks())
    await hands.settle()
    handling = await hands.clock("C5")
    assert handling.runs
    # Tuesday and Wednesday were paused at their 24:00; both come on top.
    assert handling.due == moment("2026-03-14 00:00:00") > due
    assert (await hands.clock("C16")).stopped_at == now[0]
    assert (await hands.clock("C9")).voided_at == now[0]
    await hands.concludes()
    await hands.settle()
    assert (await hands.clock("C5")).paused_at is not None


async def test_repeats_the_review_every_thirty_days(hands: Hands, now: list[datetime]) -> None:
    await parked(hands, now)
    now[0] = moment("2026-03-30 15:00:00")
    await hands.office.parkings.review(hands.case, "测量完成过半", WATER_LEADER, hands.asks())
    await hands.settle()
    assert (await hands.clock("C9", 1)).outcome == "on_time"
    assert (await hands.clock("C9", 2)).due == moment("2026-04-30 00:00:00")
    assert [each.to for each in (await hands.clock("C9", 2)).reminders] == ["unit"]


async def test_breaches_a_review_that_nobody_makes(hands: Hands, now: list[datetime]) -> None:
    await parked(hands, now)
    now[0] = moment("2026-04-03 00:00:01")
    await hands.fall_due("C9")
    missed = await hands.clock("C9")
    assert (missed.breached_at, missed.reached) == (moment("2026-04-03 00:00:00"), ("BLUE",))
    await hands.office.parkings.review(hands.case, "已补报", SUPERVISOR, hands.asks())
    await hands.settle()
    assert (await hands.clock("C9")).outcome == "late"
    assert (await hands.clock("C9", 2)).runs


async def test_asks_for_no_review_that_would_fall_behind_the_sunset(
    hands: Hands, now: list[datetime]
) -> None:
    await parked(hands, now, date(2026, 4, 2))  # thirty days after Tuesday 3 March
    assert await hands.clock_or_none("C9") is None
    await hands.office.parkings.review(hands.case, "顺利", WATER_LEADER, hands.asks())
    await hands.settle()
    assert await hands.clock_or_none("C9", 2) is None


async def test_ends_by_itself_at_its_sunset_with_the_true_time(hands: Hands, now: list[datetime]) -> None:
    await parked(hands, now)
    now[0] = moment("2026-07-02 11:00:00")  # a day and a half of downtime
    await hands.fall_due("C16")
    await hands.settle()
    assert (await hands.clock("C16")).expired_at == SUNSET
    handling = await hands.clock("C5")
    assert handling.pauses[0].end == SUNSET
    assert (await hands.dispatch()).parked is None
    [ended] = [each for each in await hands.told() if isinstance(each, published.ParkingEnded)]
    assert (ended.cause, ended.at) == ("sunset", SUNSET)


async def test_marks_a_milestone_once(hands: Hands, now: list[datetime]) -> None:
    await parked(hands, now)
    for _ in range(2):
        await hands.office.parkings.reach_milestone(hands.case, 1, WATER_LIAISON, hands.asks())
    with pytest.raises(Refused, match="unknown-milestone"):
        await hands.office.parkings.reach_milestone(hands.case, 2, WATER_LEADER, hands.asks())
    assert (await hands.names()).count("MilestoneReached") == 1


async def test_is_not_longer_than_the_policy_says(hands: Hands) -> None:
    with pytest.raises(Refused, match="sunset-too-far"):
        await applies(hands, date(2026, 8, 30))


async def test_ends_when_another_department_leads(hands: Hands, now: list[datetime]) -> None:
    await parked(hands, now)
    corrected = CorrectDispatch(TRANSPORT, (), frozenset({WATER, TRANSPORT}), "《公路法》", by_ruling=True)
    await hands.does(corrected)
    await hands.settle()
    assert (await hands.names())[-1] == "ParkingEnded"
    assert (await hands.dispatch()).parked is None
    handling = await hands.clock("C5")
    assert (handling.runs, handling.unit) == (True, TRANSPORT)


async def test_states_no_breach_before_routing_has_answered(hands: Hands, now: list[datetime]) -> None:
    await applies(hands)
    now[0] = due = (await hands.clock("C5")).due
    await hands.office.parkings.approve(hands.case, SUPERVISOR, hands.asks())
    now[0] = moment("2026-03-12 00:00:01")
    with pytest.raises(SourcesUnconfirmed, match="routing"):
        await hands.fall_due("C5")
    await hands.settle()
    assert ((await hands.clock("C5")).paused_at, (await hands.clock("C5")).breached_at) == (due, None)


async def test_explains_the_pause_in_words(hands: Hands, now: list[datetime]) -> None:
    await parked(hands, now)
    book = await hands.office.rules.current()
    told = explain(await hands.clock("C5"), book)
    [pause] = [each for each in told.sentences if each.slug == "explain-pause-open"]
    assert pause.params["reason"] == "parked"


async def test_does_the_same_when_everything_is_heard_again(hands: Hands, now: list[datetime]) -> None:
    await parked(hands, now)
    await hands.office.parkings.review(hands.case, "顺利", WATER_LEADER, hands.asks())
    await hands.settle()
    rows = len(await hands.office.store.read(0, 10_000))
    hands.heard.clear()
    await hands.settle()
    assert len(await hands.office.store.read(0, 10_000)) == rows


async def test_lets_a_late_assist_report_in_meanwhile(hands: Hands, now: list[datetime]) -> None:
    await parked(hands, now)
    await hands.does(ReportIn(TRANSPORT, TRANSPORT, "sealed", "sealed", "online"))
    await hands.settle()
    assert (await hands.dispatch()).parked == 1
