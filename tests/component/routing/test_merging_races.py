"""Merging against concluding, reporting in, withdrawing and merging, on a real log, forced both ways.

Whoever stores first wins; the other decides again on what is then true. No whistle is ever half merged.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from backbone.eventstore import verify
from backbone.eventstore.postgres import PostgresEventStore
from backbone.identity import Actor
from backbone.sealing import MemoryKeyRing
from chuishao.database import create_roles, login
from chuishao.environment import OWNER, SERVICES, role_of
from contracts.events import routing as published
from routing.adapters.open_dispatches import PostgresOpenDispatches
from routing.application.publishing import DISPATCH
from routing.bootstrap import routing
from routing.domain.dispatch import Dispatch, Stage
from routing.entrypoints.http import application
from routing.migrations import migrate
from tests.backbone.edge import SECRET, Identities, client_of
from tests.component.routing.merging import (
    Overtaken,
    conclude,
    merge,
    report_in,
    two_whistles,
)
from tests.component.routing.service import (
    ARRIVAL,
    DISPATCHER,
    POWER,
    POWER_LIAISON,
    WATER,
    WATER_LIAISON,
    YUANCUN,
    Desk,
    OfficeHours,
    issue,
)

PASSWORD = "only for this test"
LEADER = Actor("leader-410923102", "演示·李", "township_leader", YUANCUN)


@dataclass
class Race:
    """Two desks on one log: what ``quick`` does can happen in the middle of what ``slow`` does."""

    slow: Desk
    quick: Desk
    between: Overtaken
    store: PostgresEventStore

    async def dispatch(self, case: str) -> Dispatch:
        """How a dispatch stands."""
        return DISPATCH.fold(await self.store.load(DISPATCH.stream(case)))

    async def facts(self, case: str) -> list[str]:
        """What others have learned of a case."""
        return [type(each).__name__ for each in await self.quick.published(case)]


@pytest.fixture
async def race(fresh_database: str, identities: Identities) -> AsyncIterator[Race]:
    """Prepared by the quick one."""
    roles = (OWNER, *(role_of(service) for service in SERVICES))
    await create_roles(fresh_database, dict.fromkeys(roles, PASSWORD))
    await migrate(login(fresh_database, OWNER, PASSWORD))
    service_url = login(fresh_database, role_of("routing"), PASSWORD)
    async with await PostgresEventStore.open(service_url, service="routing", schema="routing") as store:
        between, keys = Overtaken(store), MemoryKeyRing()
        found = PostgresOpenDispatches(store)
        quick = routing(store, keys, OfficeHours(), found)
        slow = routing(between, keys, OfficeHours(), found)
        async with (
            client_of(application(quick, identities.verifier(), SECRET)) as one,
            client_of(application(slow, identities.verifier(), SECRET)) as other,
        ):
            first = Desk(one, identities, store, keys, quick)
            await first.prepared()
            yield Race(Desk(other, identities, store, keys, slow), first, between, store)
        assert [broken async for broken in verify(store)] == []


async def test_a_conclusion_that_was_quicker_keeps_the_child_out(race: Race) -> None:
    parent, child = await two_whistles(race.quick)
    await report_in(race.quick, WATER_LIAISON, parent)
    race.between.first = lambda: conclude(race.quick, WATER_LIAISON, parent)
    answer = await race.slow.post(DISPATCHER, f"/dispatches/{parent}/merge", {"with_case": child})
    assert (answer.status_code, answer.json()["code"]) == (422, "earlier-whistle-concluded")
    assert await race.facts(parent) == ["DispatchIssued", "DepartmentReportedIn", "LeadConcluded"]
    assert await race.facts(child) == ["DispatchIssued"]
    await report_in(race.quick, POWER_LIAISON, child)  # the child goes on as if nobody had asked


async def test_a_conclusion_that_was_slower_answers_for_the_childs_issues_too(race: Race) -> None:
    parent, child = await two_whistles(race.quick)
    await report_in(race.quick, WATER_LIAISON, parent)
    race.between.first = lambda: merge(race.quick, parent, child)
    await conclude(race.slow, WATER_LIAISON, parent)
    *_, adopted, concluded = await race.quick.published(parent)
    assert isinstance(adopted, published.ChildAdopted)
    assert isinstance(concluded, published.LeadConcluded)
    assert [each.issue_id for each in concluded.results] == [issue(parent, 1), issue(child, 1)]
    assert (await race.dispatch(child)).merged_into == parent


async def test_a_report_in_on_the_child_that_was_quicker_is_kept_as_history(race: Race) -> None:
    parent, child = await two_whistles(race.quick)
    race.between.first = lambda: report_in(race.quick, POWER_LIAISON, child)
    await merge(race.slow, parent, child)
    assert await race.facts(child) == ["DispatchIssued", "DepartmentReportedIn", "WhistleMerged"]
    joined = (await race.dispatch(parent)).assignment(POWER)
    assert joined is not None
    assert joined.reported_in is None  # a fresh report-in is asked for in the parent
    await report_in(race.quick, POWER_LIAISON, parent)


async def test_a_report_in_on_the_child_that_was_slower_is_sent_to_the_parent(race: Race) -> None:
    parent, child = await two_whistles(race.quick)
    race.between.first = lambda: merge(race.quick, parent, child)
    path = f"/dispatches/{child}/assignments/{POWER}/report-in"
    answer = await race.slow.post(POWER_LIAISON, path, ARRIVAL)
    assert (answer.status_code, answer.json()["code"]) == (422, "whistle-merged")
    assert await race.facts(child) == ["DispatchIssued", "WhistleMerged"]
    await report_in(race.quick, POWER_LIAISON, parent)


@pytest.mark.parametrize("merged_first", [True, False])
async def test_a_report_in_on_the_parent_and_merging_both_hold(race: Race, merged_first: bool) -> None:
    parent, child = await two_whistles(race.quick)
    if merged_first:
        race.between.first = lambda: merge(race.quick, parent, child)
        await report_in(race.slow, WATER_LIAISON, parent)
    else:
        race.between.first = lambda: report_in(race.quick, WATER_LIAISON, parent)
        await merge(race.slow, parent, child)
    story = ["ChildAdopted", "DepartmentReportedIn"]
    assert await race.facts(parent) == ["DispatchIssued", *(story if merged_first else story[::-1])]
    state = await race.dispatch(parent)
    water = state.assignment(WATER)
    assert water is not None
    assert water.reported_in is not None
    assert state.issue_ids == (issue(parent, 1), issue(child, 1))


async def test_a_child_that_was_concluded_first_is_left_alone(race: Race) -> None:
    parent, child = await two_whistles(race.quick)
    await report_in(race.quick, POWER_LIAISON, child)
    race.between.first = lambda: conclude(race.quick, POWER_LIAISON, child)
    answer = await race.slow.post(DISPATCHER, f"/dispatches/{parent}/merge", {"with_case": child})
    assert (answer.status_code, answer.json()["code"]) == (422, "later-whistle-concluded")
    assert await race.facts(parent) == ["DispatchIssued"]


async def test_a_conclusion_of_the_child_that_was_slower_is_sent_to_the_parent(race: Race) -> None:
    parent, child = await two_whistles(race.quick)
    await report_in(race.quick, POWER_LIAISON, child)
    race.between.first = lambda: merge(race.quick, parent, child)
    path = f"/dispatches/{child}/assignments/{POWER}/conclude"
    answer = await race.slow.post(POWER_LIAISON, path, {"sentence": "已修复"})
    assert (answer.status_code, answer.json()["code"]) == (422, "whistle-merged")


@pytest.mark.parametrize("withdrawn_first", [True, False])
async def test_a_withdrawal_of_the_parent_and_merging_end_in_one_story(
    race: Race, withdrawn_first: bool
) -> None:
    parent, child = await two_whistles(race.quick)
    withdraw, body = f"/dispatches/{parent}/withdraw", {"reason": "已自行疏通"}
    if withdrawn_first:
        race.between.first = lambda: race.quick.done(LEADER, withdraw, body)
        answer = await race.slow.post(DISPATCHER, f"/dispatches/{parent}/merge", {"with_case": child})
        assert (answer.status_code, answer.json()["code"]) == (422, "earlier-whistle-ended")
        assert (await race.dispatch(child)).stage is Stage.OUT
    else:
        race.between.first = lambda: merge(race.quick, parent, child)
        answer = await race.slow.post(LEADER, withdraw, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "others-share-this-whistle")
        assert (await race.dispatch(parent)).stage is Stage.OUT


async def test_merging_three_whistles_at_once_leaves_one(race: Race) -> None:
    first = await race.quick.dispatched("SL-01")
    second, third = await two_whistles(race.quick)
    pairs = [(first, second), (second, third), (third, first)] * 3
    answers = await asyncio.gather(
        *(
            race.quick.post(DISPATCHER, f"/dispatches/{one}/merge", {"with_case": other})
            for one, other in pairs
        )
    )
    assert {each.status_code for each in answers} <= {200, 422}, [each.text for each in answers]
    states = {case: await race.dispatch(case) for case in (first, second, third)}
    assert {case: each.stage for case, each in states.items()} == {
        first: Stage.OUT,
        second: Stage.MERGED,
        third: Stage.MERGED,
    }
    root = states[first]
    assert sorted(root.issue_ids) == sorted(issue(case, 1) for case in states)
    answered = [key for each in root.assignments for key in each.assigned.issue_ids]
    assert sorted(answered) == sorted(root.issue_ids)
    assert sum(each.is_lead for each in root.assignments) == 1
