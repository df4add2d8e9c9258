"""延期 from the application to the clock: granted, refused, undecided, overtaken."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from accountability.domain.explain import explain
from accountability.domain.refusals import Refused
from backbone.sealing import Sealer
from contracts.catalogue import sentence
from contracts.events import accountability as published
from contracts.permissions import NotPermitted
from routing.domain.dispatch.commands import CloseDispatch, CorrectDispatch
from tests.component.accountability.test_parking import hands, now
from tests.component.accountability.whistle_hands import (
    COUNTY_LEADER,
    SUPERVISOR,
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
from tests.domain.accountability.explanation_reader import read

__all__ = ["hands", "now"]

TUESDAY = moment("2026-03-03 10:00:00")
DUE = moment("2026-03-12 00:00:00")
"""Seven working days after Monday 2 March: 24:00 of Wednesday the 11th."""
LATER = moment("2026-03-19 00:00:00")


async def applies(hands: Hands, amount: int = 5) -> None:
    await hands.office.extensions.apply(hands.case, amount, "设备未到", WATER_LEADER, hands.asks())
    await hands.settle()


async def grants(hands: Hands) -> None:
    await hands.office.extensions.grant(hands.case, SUPERVISOR, hands.asks())


async def test_moves_the_deadline_and_keeps_the_original_in_sight(hands: Hands, now: list[datetime]) -> None:
    await applies(hands)
    now[0] = TUESDAY
    await grants(hands)
    await hands.settle()
    handling = await hands.clock("C5")
    assert (handling.due, handling.schedule.original_due) == (LATER, DUE)
    assert len(handling.extensions) == 1
    decision = await hands.clock("C11")
    assert (decision.outcome, decision.unit) == ("on_time", "burden-reduction-office")
    told = explain(handling, await hands.office.rules.current())
    assert {"explain-extension", "explain-original-due"} <= {each.slug for each in told.sentences}


async def test_keeps_the_reason_sealed(hands: Hands) -> None:
    await applies(hands)
    kept = [row.data for row in await hands.office.store.read(0, 10_000)]
    assert not any("设备未到" in text for text in kept)
    [asked] = await hands.told()
    assert isinstance(asked, published.ExtensionAppliedFor)
    assert await Sealer(hands.keys).open(asked.reason_sealed, "(erased)") == "设备未到"


async def test_is_asked_for_by_the_lead_and_decided_by_the_office(hands: Hands) -> None:
    with pytest.raises(Refused, match="only-the-lead-may"):
        await hands.office.extensions.apply(hands.case, 5, "忙", TRANSPORT_LEADER, hands.asks())
    with pytest.raises(NotPermitted):
        await hands.office.extensions.apply(hands.case, 5, "忙", WATER_LIAISON, hands.asks())
    await applies(hands)
    with pytest.raises(NotPermitted):
        await hands.office.extensions.grant(hands.case, WATER_LEADER, hands.asks())


async def test_leaves_the_deadline_when_refused(hands: Hands) -> None:
    await applies(hands)
    await hands.office.extensions.refuse(hands.case, "理由不足", SUPERVISOR, hands.asks())
    await hands.settle()
    assert (await hands.clock("C5")).due == DUE
    assert (await hands.clock("C11")).outcome == "on_time"


async def test_is_not_granted_when_the_office_lets_its_time_pass(hands: Hands, now: list[datetime]) -> None:
    await applies(hands)
    now[0] = moment("2026-03-04 00:00:01")
    await hands.fall_due("C11")
    await hands.settle()
    [_, undecided] = await hands.told()
    assert isinstance(undecided, published.ExtensionLeftUndecided)
    assert (undecided.cause, undecided.at) == ("decision-overdue", moment("2026-03-04 00:00:00"))
    assert (await hands.clock("C11")).outcome == "late"
    assert (await hands.clock("C5")).due == DUE
    with pytest.raises(Refused, match="no-extension-applied-for"):
        await grants(hands)


async def test_is_not_granted_when_the_clock_runs_out_first(hands: Hands, now: list[datetime]) -> None:
    now[0] = moment("2026-03-11 16:00:00")
    await applies(hands)
    now[0] = moment("2026-03-12 00:00:01")
    await hands.fall_due("C5")
    await hands.settle()
    [_, undecided] = await hands.told()
    assert isinstance(undecided, published.ExtensionLeftUndecided)
    assert undecided.cause == "clock-overdue"
    decision = await hands.clock("C11")
    assert (decision.voided_at is not None, decision.breached_at) == (True, None)
    assert (await hands.clock("C5")).breached_at == DUE


async def test_counts_against_the_office_when_both_run_out_at_one_instant(
    hands: Hands, now: list[datetime]
) -> None:
    now[0] = moment("2026-03-10 16:00:00")
    await applies(hands)
    now[0] = moment("2026-03-12 00:00:01")
    await hands.fall_due("C5")
    await hands.settle()
    assert (await hands.clock("C11")).breached_at == DUE


async def test_is_the_county_leaders_the_second_time_and_refused_the_third(hands: Hands) -> None:
    await applies(hands)
    await grants(hands)
    await hands.settle()
    await applies(hands, 2)
    with pytest.raises(Refused, match="second-time-is-the-county-leaders"):
        await grants(hands)
    await hands.office.extensions.grant(hands.case, COUNTY_LEADER, hands.asks())
    await hands.settle()
    assert [each.amount for each in (await hands.clock("C5")).extensions] == [5, 2]
    with pytest.raises(Refused, match="extended-as-often-as-allowed"):
        await applies(hands)


async def test_is_no_longer_than_the_original_limit(hands: Hands) -> None:
    with pytest.raises(Refused, match="extension-exceeds-the-original"):
        await applies(hands, 8)


async def test_counts_an_emergency_in_hours(hands: Hands, now: list[datetime]) -> None:
    urgent = replace(hands, case=case_of("urgent"))
    await urgent.dispatched(emergency=True)
    due = (await urgent.clock("C5")).due
    await applies(urgent, 12)
    await grants(urgent)
    await urgent.settle()
    assert (await urgent.clock("C5")).due == due + timedelta(hours=12)
    with pytest.raises(Refused, match="extension-exceeds-the-original"):
        await applies(urgent, 25)


async def test_adds_up_in_words_with_a_parking_between(hands: Hands, now: list[datetime]) -> None:
    words = wish(date(2026, 6, 30), date(2026, 4, 30))
    await hands.office.parkings.apply(hands.case, words, WATER_LEADER, hands.asks())
    now[0] = TUESDAY
    await hands.office.parkings.approve(hands.case, SUPERVISOR, hands.asks())
    await hands.settle()
    now[0] = moment("2026-03-05 09:00:00")
    await hands.office.parkings.end(hands.case, "材料已到", SUPERVISOR, hands.asks())
    await hands.settle()
    await applies(hands, 3)
    await grants(hands)
    await hands.settle()
    told = explain(await hands.clock("C5"), await hands.office.rules.current())
    said = [
        sentence(
            each.slug,
            "zh",
            {
                name: sentence(str(value), "zh") if name == "reason" else value
                for name, value in each.params.items()
            },
        )
        for each in told.sentences
    ]
    added_up = read(said)
    assert (added_up.due, added_up.counted) == (added_up.stated, 10)
    assert any("原因:挂账。" in each for each in said)
    assert any("原因:减负办批准延期。" in each for each in said)


async def test_lapses_when_another_department_leads(hands: Hands) -> None:
    await applies(hands)
    corrected = CorrectDispatch(TRANSPORT, (), frozenset({WATER, TRANSPORT}), "《公路法》", by_ruling=True)
    await hands.does(corrected)
    await hands.settle()
    assert await hands.names() == ["ExtensionAppliedFor", "ExtensionLapsed"]
    assert (await hands.clock("C11")).voided_at is not None


async def test_lapses_after_the_grant_when_the_clock_has_stopped(hands: Hands) -> None:
    await applies(hands)
    await grants(hands)
    await hands.does(CloseDispatch())
    await hands.office_hears()
    await hands.settle()
    assert await hands.names() == ["ExtensionAppliedFor", "ExtensionGranted", "ExtensionLapsed"]
    assert (await hands.clock("C5")).extensions == ()


async def test_does_the_same_when_everything_is_heard_again(hands: Hands) -> None:
    await applies(hands)
    await grants(hands)
    await hands.settle()
    rows = len(await hands.office.store.read(0, 10_000))
    hands.heard.clear()
    await hands.settle()
    assert len(await hands.office.store.read(0, 10_000)) == rows
