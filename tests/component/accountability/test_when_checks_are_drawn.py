"""抽查 over a real store: what can be drawn, drawing it again, assigning it, and what is found."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import uuid4

import pytest

from accountability.adapters.rule_streams import PostgresRuleStreams
from accountability.application.case_rules import CaseRulesDesk, RulesChange
from accountability.application.freezing import Place
from accountability.application.rules import Rules
from accountability.application.spot_checks import Checks
from accountability.domain.calendar import SourceDocument
from accountability.domain.refusals import Refused
from accountability.projections.figures.view import FigureView
from backbone.decider import CommandContext
from backbone.eventstore import Meta
from backbone.identity import Actor
from backbone.sealing import MemoryKeyRing, Sealer
from contracts.events import REGISTER, accountability
from tests.component.accountability.county import at
from tests.component.accountability.figure_office import WATER, FigureOffice, opened
from tests.component.accountability.test_when_figures_are_asked import (
    HOUR,
    MONDAY,
    ended,
    reported,
    sent,
)
from tests.component.accountability.whistle_hands import SUPERVISOR, TOWN_LEADER

MAY = Place.read("2026-05", "00:00")
ADMINISTRATOR = Actor("administrator-1", "演示·管一", "administrator", "government-services-data")
SECOND_ADMINISTRATOR = Actor("administrator-2", "演示·管二", "administrator", "government-services-data")
CHECKER = Actor("dispatcher-1", "演示·孙", "office_dispatcher", "burden-reduction-office")


def asks() -> CommandContext:
    return CommandContext(uuid4(), b"r" * 32, Meta("somebody", "somebody", "somewhere"))


@pytest.fixture
async def office(fresh_database: str) -> AsyncIterator[FigureOffice]:
    """Six whistles were closed in May; it is June."""
    async with opened(fresh_database) as made:
        facts = [told for n in range(6) for told in [*sent(n, MONDAY), reported(n, MONDAY + HOUR)]]
        facts += [told for n in range(6) for told in ended(n, MONDAY + 5 * HOUR)]
        await made.hear(*facts, until=at("2026-06-01 09:00"))
        yield made


@pytest.fixture
def checks(office: FigureOffice) -> Checks:
    view = FigureView(office.projector, office.logs, wait=1.0)
    rules = Rules(office.store, PostgresRuleStreams(office.store))
    return Checks(office.store, Sealer(MemoryKeyRing()), rules, view)


async def test_draw_once_and_the_same_again(office: FigureOffice, checks: Checks) -> None:
    tried = await checks.trial(MAY, 7, None, SUPERVISOR)
    assert (tried.population, len(tried.drawn), tried.recorded) == (6, 1, None)
    await checks.draw(MAY, 7, SUPERVISOR, asks())
    again = await checks.trial(MAY, None, None, SUPERVISOR)
    assert again.recorded is not None
    assert (again.drawn, again.digest) == (again.recorded.drawn, again.recorded.digest)
    assert again.drawn == tried.drawn
    with pytest.raises(Refused, match="checks-drawn-already"):
        await checks.draw(MAY, 8, SUPERVISOR, asks())


async def test_draw_by_the_rules_in_force_and_keep_to_the_ones_of_the_draw(
    office: FigureOffice, checks: Checks
) -> None:
    desk = CaseRulesDesk(office.store, Sealer(MemoryKeyRing()))
    half = {"spot_check": {"per_cent": 50, "weight": 2, "unappraised": 0, "fast": 0, "fast_seconds": 0}}
    change = RulesChange(date(2026, 6, 1), None, SourceDocument("抽查办法"), half)
    await desk.propose(change, ADMINISTRATOR, asks())
    assert len((await checks.trial(MAY, 7, None, SUPERVISOR)).drawn) == 1, "a proposal binds nobody"
    await desk.approve(1, SECOND_ADMINISTRATOR, asks())
    assert len((await checks.trial(MAY, 7, None, SUPERVISOR)).drawn) == 3
    await checks.draw(MAY, 7, SUPERVISOR, asks())
    back = {"spot_check": {"per_cent": 10, "weight": 1, "unappraised": 2, "fast": 2, "fast_seconds": 7200}}
    change = RulesChange(date(2026, 6, 1), None, SourceDocument("抽查办法(修订)"), back)
    await desk.propose(change, ADMINISTRATOR, asks())
    await desk.approve(2, SECOND_ADMINISTRATOR, asks())
    drawn = (await checks.trial(MAY, None, None, SUPERVISOR)).drawn
    assert [each.weight for each in drawn] == [2, 2, 2]


async def test_make_a_seed_and_keep_it(checks: Checks) -> None:
    with pytest.raises(Refused, match="seed-missing"):
        await checks.trial(MAY, None, None, SUPERVISOR)
    await checks.draw(MAY, None, SUPERVISOR, asks())
    assert (await checks.trial(MAY, None, None, SUPERVISOR)).recorded is not None


async def test_publish_what_was_found_sealed(office: FigureOffice, checks: Checks) -> None:
    await checks.draw(MAY, 7, SUPERVISOR, asks())
    [drawn] = (await checks.trial(MAY, None, None, SUPERVISOR)).drawn
    with pytest.raises(Refused, match="checker-is-concerned"):
        await checks.assign(MAY, drawn.case_id, "leader", WATER, SUPERVISOR, asks())
    await checks.assign(MAY, drawn.case_id, CHECKER.subject, CHECKER.unit, SUPERVISOR, asks())
    with pytest.raises(Refused, match="only-the-checker-may"):
        await checks.record(MAY, drawn.case_id, "site", "现场", True, "", TOWN_LEADER, asks())
    await checks.record(MAY, drawn.case_id, "resident", "李某", False, "仍未解决", CHECKER, asks())
    rows = await office.store.published(0, 10_000, drawn.case_id)
    facts = [REGISTER[row.type].model_validate_json(row.data) for row in rows if "spot-check" in row.type]
    assert [type(each).__name__ for each in facts] == [
        "SpotCheckDrawn",
        "SpotCheckAssigned",
        "SpotCheckFailed",
    ]
    failed = facts[-1]
    assert isinstance(failed, accountability.SpotCheckFailed)
    assert (failed.cycle, failed.unit) == (1, "burden-reduction-office")
    assert "李某" not in rows[-1].data
