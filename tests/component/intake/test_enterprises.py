"""Enterprises, their service officers, and whistles raised for them, over HTTP."""

from typing import Any
from uuid import uuid4

import pytest

from backbone.identity import Actor
from contracts.events import intake as published
from tests.component.intake.service import (
    CLERK,
    FLOOD,
    LEADER,
    LIAISON,
    RESIDENT,
    STRANGER,
    SUPERVISOR,
    WATER,
    YUANCUN,
    Desk,
)

MILL: dict[str, Any] = {"credit_code": "91350100M000100Y43", "name": "演示·元村面粉厂"}
OFFICER: dict[str, Any] = {"officer": "张三丰", "phone": "13800000000"}


async def registered(desk: Desk) -> str:
    return await desk.done(CLERK, "/enterprises", MILL)


async def test_registers_an_enterprise_of_the_township_once(desk: Desk) -> None:
    enterprise = await registered(desk)
    assert await desk.done(LEADER, "/enterprises", MILL | {"township": YUANCUN}) == enterprise
    [fact] = await desk.published(enterprise)
    assert isinstance(fact, published.EnterpriseRegistered)
    assert (fact.number, fact.township, fact.name) == ("NL-QY-2026-000001", YUANCUN, MILL["name"])


async def test_names_its_service_officer_under_seal(desk: Desk) -> None:
    enterprise = await registered(desk)
    await desk.done(CLERK, f"/enterprises/{enterprise}/assign-officer", OFFICER)
    await desk.done(SUPERVISOR, f"/enterprises/{enterprise}/assign-officer", OFFICER | {"unit": WATER})
    _, first, second = await desk.published(enterprise)
    assert isinstance(first, published.ServiceOfficerAssigned)
    assert isinstance(second, published.ServiceOfficerAssigned)
    assert (first.unit, second.unit) == (YUANCUN, WATER)
    assert await desk.read(first.officer_sealed) == OFFICER["officer"]
    assert await desk.read(first.phone_sealed) == OFFICER["phone"]
    kept = await desk.everything_kept()
    assert OFFICER["officer"] not in kept
    assert OFFICER["phone"] not in kept


async def test_relieves_the_officer_and_ends(desk: Desk) -> None:
    enterprise = await registered(desk)
    await desk.done(CLERK, f"/enterprises/{enterprise}/assign-officer", OFFICER)
    await desk.done(CLERK, f"/enterprises/{enterprise}/relieve-officer")
    await desk.done(CLERK, f"/enterprises/{enterprise}/end")
    *_, relieved, ended = await desk.published(enterprise)
    assert isinstance(relieved, published.ServiceOfficerRelieved)
    assert isinstance(ended, published.EnterpriseEnded)


async def test_a_whistle_speaks_for_it(desk: Desk) -> None:
    enterprise = await registered(desk)
    case = await desk.done(CLERK, "/whistles", FLOOD | {"enterprise": enterprise})
    drafted, raised = await desk.published(case)
    assert isinstance(drafted, published.WhistleDrafted)
    assert isinstance(raised, published.WhistleRaised)
    assert (drafted.enterprise_id, raised.enterprise_id) == (enterprise, enterprise)


async def test_a_whistle_without_one_says_none(desk: Desk) -> None:
    case = await desk.done(CLERK, "/whistles", FLOOD)
    raised = (await desk.published(case))[-1]
    assert isinstance(raised, published.WhistleRaised)
    assert raised.enterprise_id is None


async def test_refuses_a_whistle_for_an_enterprise_that_is_none(desk: Desk) -> None:
    enterprise = await registered(desk)
    for actor, cited in ((CLERK, str(uuid4())), (STRANGER, enterprise)):
        body = FLOOD | {"enterprise": cited}
        assert await desk.refused(actor, "/whistles", body) == (422, "unknown-enterprise")
        assert await desk.refused(actor, "/whistles/drafts", body) == (422, "unknown-enterprise")
    assert (await desk.post(CLERK, "/whistles", FLOOD | {"enterprise": "no id"})).status_code == 422


async def test_refuses_a_whistle_for_an_enterprise_that_has_ended(desk: Desk) -> None:
    enterprise = await registered(desk)
    body = FLOOD | {"enterprise": enterprise}
    draft = await desk.done(CLERK, "/whistles/drafts", body)
    await desk.done(CLERK, f"/enterprises/{enterprise}/end")
    assert await desk.refused(CLERK, "/whistles", body) == (422, "enterprise-ended")
    assert await desk.refused(CLERK, f"/whistles/{draft}/submit") == (422, "enterprise-ended")
    await desk.done(CLERK, f"/whistles/{draft}/revise", FLOOD)
    await desk.done(CLERK, f"/whistles/{draft}/submit")


async def test_another_township_finds_no_enterprise(desk: Desk) -> None:
    enterprise = await registered(desk)
    path = f"/enterprises/{enterprise}"
    assert await desk.refused(STRANGER, f"{path}/assign-officer", OFFICER) == (422, "unknown-enterprise")
    assert await desk.refused(STRANGER, f"{path}/end") == (422, "unknown-enterprise")
    assert await desk.refused(STRANGER, "/enterprises", MILL) == (422, "enterprise-of-another-township")


@pytest.mark.parametrize("actor", [LIAISON, RESIDENT])
async def test_leaves_enterprises_to_townships_and_the_office(desk: Desk, actor: Actor) -> None:
    assert await desk.refused(actor, "/enterprises", MILL) == (403, "not-permitted")


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"credit_code": "91350100M000100Y44"}, "credit-code-is-wrong"),
        ({"name": " "}, "enterprise-needs-a-name"),
        ({"boss": "张三"}, "invalid-request"),
    ],
)
async def test_refuses_an_entry_that_is_none(desk: Desk, change: dict[str, str], slug: str) -> None:
    assert await desk.refused(CLERK, "/enterprises", MILL | change) == (422, slug)
