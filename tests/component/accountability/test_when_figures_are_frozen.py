"""Frozen figures stay; what is recorded later shows as a change until two people restate it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from accountability.application.freezing import FiguresBehind, Place
from accountability.domain.figures import Figure, Measure, Period
from accountability.domain.refusals import Refused
from backbone.decider import CommandContext
from backbone.identity import Actor
from contracts.events import accountability
from contracts.permissions import NotPermitted
from tests.component.accountability.county import at, context
from tests.component.accountability.figure_office import (
    COUNTY_LEADER,
    POWER_LEADER,
    SECOND,
    SUPERVISOR,
    WATER,
    WATER_LEADER,
    FigureOffice,
    counted,
    opened,
)
from tests.component.accountability.test_when_figures_are_asked import HOUR, MONDAY, reported, sent

MAY = Place.read("2026-05", "00:00")
AFTER = at("2026-06-01 00:00")
NUMBERS = iter(range(10_000))


def fresh() -> CommandContext:
    """The context of another command."""
    return context(f"command {next(NUMBERS)}")


@pytest.fixture
async def office(fresh_database: str) -> AsyncIterator[FigureOffice]:
    """May is over: six whistles, five of them reported in by water in time."""
    async with opened(fresh_database) as made:
        facts = [told for n in range(6) for told in sent(n, MONDAY)]
        await made.hear(*facts, *(reported(n, MONDAY + HOUR) for n in range(5)), until=AFTER)
        yield made


async def the_silent_one(office: FigureOffice) -> str:
    """The clock that was breached."""
    period = Period.read("2026-05")
    _, found = await office.figures.listed(Measure.REPORT_IN, period, None, SUPERVISOR, unit=WATER)
    [silent] = [each.key for each in found if each.item.breached]
    return silent


async def appeal(office: FigureOffice, *, accepted: bool = True) -> str:
    """Water's leader appeals against the breach, and the office decides."""
    item = await the_silent_one(office)
    await office.freezing.appeal(item, "当日全县停电", WATER_LEADER, fresh())
    await office.freezing.decide_appeal(item, accepted, "属实", SUPERVISOR, fresh())
    await office.rows_written()
    return item


async def test_an_accepted_appeal_stands_outside_and_beside(office: FigureOffice) -> None:
    before = await office.table("2026-05")
    assert counted(before, Figure.REPORT_IN, WATER) == (5, 6, 0, {})

    await appeal(office)

    after = await office.table("2026-05")
    assert counted(after, Figure.REPORT_IN, WATER) == (5, 5, 0, {"appeal": 1})
    assert (await office.table("2026-05", before.standpoint.as_of)).lines == before.lines


async def test_a_refused_appeal_changes_nothing(office: FigureOffice) -> None:
    await appeal(office, accepted=False)

    assert counted(await office.table("2026-05"), Figure.REPORT_IN, WATER) == (5, 6, 0, {})


async def test_an_appeal_is_sealed_wherever_it_is_stored(office: FigureOffice) -> None:
    await appeal(office)

    stored = await office.store.pool.fetch("SELECT data FROM event UNION ALL SELECT data FROM published")
    assert not [row for row in stored if "停电" in row["data"]]
    names = {row.type for row in await office.store.published(0, 10_000)}
    assert accountability.FigureAppealed.NAME in names


async def test_another_unit_appeals_against_nothing_of_ours(office: FigureOffice) -> None:
    item = await the_silent_one(office)

    for stranger, what in ((POWER_LEADER, item), (WATER_LEADER, "no-such-item")):
        with pytest.raises(Refused) as refused:
            await office.freezing.appeal(what, "不属实", stranger, fresh())
        assert refused.value.slug == "unknown-figure-item"


async def test_frozen_figures_stay_and_show_what_has_changed(office: FigureOffice) -> None:
    await office.freezing.freeze(MAY, SUPERVISOR, fresh())
    frozen = await office.table("2026-05")
    assert frozen.frozen is not None
    assert frozen.changes == []

    await appeal(office)

    later = await office.table("2026-05")
    assert later.lines == frozen.lines
    changed = {(each.figure, each.unit, each.kind) for each in later.changes}
    assert (Figure.REPORT_IN, WATER, None) in changed
    [ours] = [
        each
        for each in later.changes
        if (each.figure, each.unit, each.kind) == (Figure.REPORT_IN, WATER, None)
    ]
    assert ours.was is not None
    assert ours.now is not None
    assert (ours.was.denominator, ours.now.denominator) == (6, 5)


async def test_are_restated_when_another_person_approves(office: FigureOffice) -> None:
    await office.freezing.freeze(MAY, SUPERVISOR, fresh())
    await appeal(office)
    before = await office.figures.standpoint()
    await office.freezing.restate(MAY, "采纳申诉", SUPERVISOR, fresh())
    with pytest.raises(Refused) as refused:
        await office.freezing.approve(MAY, 1, SUPERVISOR, fresh())
    assert refused.value.slug == "second-person-needed"
    assert counted(await office.table("2026-05"), Figure.REPORT_IN, WATER) == (5, 6, 0, {})

    await office.freezing.approve(MAY, 1, COUNTY_LEADER, fresh())

    restated = await office.table("2026-05")
    assert counted(restated, Figure.REPORT_IN, WATER) == (5, 5, 0, {"appeal": 1})
    assert restated.frozen is not None
    assert (restated.frozen.number, restated.frozen.approved_by) == (1, COUNTY_LEADER.subject)
    assert counted(await office.table("2026-05", before.as_of), Figure.REPORT_IN, WATER) == (5, 6, 0, {})


async def test_are_frozen_only_when_everything_is_in(office: FigureOffice) -> None:
    office.logs["intake"].cut = True

    with pytest.raises(FiguresBehind):
        await office.freezing.freeze(MAY, SUPERVISOR, fresh())

    office.logs["intake"].cut = False
    await office.freezing.freeze(MAY, SUPERVISOR, fresh())
    assert (await office.table("2026-05")).frozen is not None


async def test_are_not_frozen_before_the_period_is_over(office: FigureOffice) -> None:
    with pytest.raises(Refused) as refused:
        await office.freezing.freeze(Place.read("2026-06", "00:00"), SUPERVISOR, fresh())
    assert refused.value.slug == "period-not-over"


async def test_other_days_are_another_period(office: FigureOffice) -> None:
    await office.freezing.freeze(MAY, SUPERVISOR, fresh())

    assert (await office.table("2026-05", boundary="12:00")).frozen is None
    assert (await office.table("2026-05-01..2026-05-31")).frozen is None


@pytest.mark.parametrize("actor", [WATER_LEADER, COUNTY_LEADER], ids=lambda actor: actor.role)
async def test_are_frozen_by_the_office_alone(office: FigureOffice, actor: Actor) -> None:
    with pytest.raises(NotPermitted):
        await office.freezing.freeze(MAY, actor, fresh())


async def test_a_unit_sees_its_own_figures_and_its_tier_pooled(office: FigureOffice) -> None:
    await office.hear(*sent(50, AFTER + HOUR, "power-supply"), until=AFTER + timedelta(days=3))

    everything = await office.table("2026-06")
    assert {(line.tier, line.unit) for line in everything.lines} == {
        (None, None),
        ("quiet", None),
        ("quiet", "power-supply"),
    }
    power = await office.table("2026-06", actor=POWER_LEADER)
    assert {(line.tier, line.unit) for line in power.lines} == {("quiet", None), ("quiet", "power-supply")}
    assert (await office.table("2026-06", actor=WATER_LEADER)).lines == []
    _, theirs = await office.figures.listed(
        Measure.REPORT_IN, Period.read("2026-06"), None, WATER_LEADER, unit="power-supply"
    )
    assert theirs == ()


async def test_the_bulletin_sets_periods_side_by_side(office: FigureOffice) -> None:
    await office.freezing.freeze(MAY, SECOND, fresh())

    tables = await office.figures.series(Period.read("2026-06"), 3, None, SUPERVISOR)

    assert [table.period.label for table in tables] == ["2026-04", "2026-05", "2026-06"]
    assert [table.frozen is not None for table in tables] == [False, True, False]
    assert counted(tables[1], Figure.REPORT_IN, WATER) == (5, 6, 0, {})
