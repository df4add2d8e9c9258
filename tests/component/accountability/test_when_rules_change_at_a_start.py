"""A clock started while its rules are replaced, by a process that has not noticed, gets the new ones."""

from datetime import date

import pytest

from accountability.domain.calendar import SpecialKind
from accountability.domain.calendar_year import AddSpecialDay
from accountability.domain.clock import Running
from accountability.domain.terms import ClockKind
from accountability.entrypoints.policy_bodies import PolicyDocument
from contracts.events import intake
from contracts.events.accountability import ClockMoved
from tests.component.accountability.county import LETTER, County, at, context
from tests.component.accountability.test_policies import ADMINISTRATOR, FIVE_DAYS, SECOND
from tests.component.accountability.test_when_a_year_is_published import DECREE, PUBLISH

CLOSED_MONDAY = AddSpecialDay(2026, date(2026, 5, 11), SpecialKind.CLOSED, "暴雨停工", DECREE)


def moves(county: County) -> list[ClockMoved]:
    """What moved, in the order it was told."""
    told = [each for each in county.store.facts if each.type == ClockMoved.NAME]
    return [ClockMoved.model_validate_json(each.data) for each in told]


@pytest.fixture
async def late(county: County) -> County:
    """A process that has read the rules just now, and will not ask again for a second."""
    replica = county.replica()
    await replica.rules.current()
    return replica


async def started_meanwhile(county: County, late: County, *, kind: str = "C4") -> tuple[Running, Running]:
    """A letter comes to the late process; its clock before and after the rules were applied."""
    after = len(county.store.facts)
    await late.hears(intake.LetterSubmitted(**LETTER))
    before = await county.clock(kind)
    await county.apply_rules(after)
    return before, await county.clock(kind)


async def test_of_the_calendar(county: County, late: County) -> None:
    await county.calendars.change(CLOSED_MONDAY, context("closed"))

    before, after = await started_meanwhile(county, late)

    assert (before.due, after.due) == (at("2026-05-19 00:00"), at("2026-05-20 00:00"))
    assert {(each.kind, each.cause) for each in moves(county)} == {("C3", "recomputed"), ("C4", "recomputed")}


async def test_of_a_policy(county: County, late: County) -> None:
    await county.policies.propose(
        PolicyDocument.model_validate(FIVE_DAYS).change(), ADMINISTRATOR, context("five")
    )
    await county.policies.approve(ClockKind.C4, "", 2, SECOND, context("approved"))

    before, after = await started_meanwhile(county, late)

    assert (before.due, after.due) == (at("2026-05-19 00:00"), at("2026-05-15 00:00"))
    assert (before.schedule.policy_version, after.schedule.policy_version) == ("C4.1", "C4.2")
    assert [each.kind for each in moves(county)] == ["C4"]


async def test_what_started_by_the_rules_in_force_is_left_alone(county: County) -> None:
    _, after = await started_meanwhile(county, county)

    assert after.due == at("2026-05-19 00:00")
    assert moves(county) == []


async def test_what_started_before_a_year_was_published_is_moved_by_the_publication(county: County) -> None:
    county.now[0] = at("2026-12-29 10:00")
    await county.hears(intake.LetterSubmitted(**LETTER))
    (start, *_) = [row for row in county.store.facts if row.type.endswith("clock-started.v1")]
    county.now[0] = at("2026-12-29 10:01")
    await county.calendars.change(PUBLISH, context("publish"))

    await county.apply_rules(start.seq - 1)

    assert {each.at for each in moves(county)} == {at("2026-12-29 10:01")}
    assert len(await county.calendars.moved(2027)) == 2
