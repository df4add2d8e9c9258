"""The dispatch desk over HTTP: confirm and correct."""

from typing import Any
from uuid import uuid4

import pytest

from backbone.identity import Actor
from contracts.events import routing
from tests.component.routing.service import (
    ARRIVAL,
    CLERK,
    DISPATCHER,
    FARMING,
    FARMING_LIAISON,
    POWER,
    TRANSPORT,
    WATER,
    WATER_LIAISON,
    YUANCUN,
    Desk,
    issue,
)

CONFIRM: dict[str, Any] = {"legal_basis": "《防洪法》第六条"}
TO_POWER: dict[str, Any] = {"lead": POWER, "legal_basis": "《电力供应与使用条例》"}


async def test_confirms_with_a_legal_basis(desk: Desk) -> None:
    case = await desk.dispatched(None)
    assert await desk.refused(DISPATCHER, f"/dispatches/{case}/confirm") == (422, "desk-needs-a-legal-basis")
    assert await desk.done(DISPATCHER, f"/dispatches/{case}/confirm", CONFIRM) == case
    fact = (await desk.published(case))[-1]
    assert isinstance(fact, routing.DispatchConfirmed)
    assert (fact.legal_basis, fact.complex, fact.owner_found) == ("《防洪法》第六条", False, True)


async def test_says_when_no_owner_was_found(desk: Desk) -> None:
    case = await desk.dispatched(None)
    await desk.done(DISPATCHER, f"/dispatches/{case}/confirm", {"owner_found": False})
    fact = (await desk.published(case))[-1]
    assert isinstance(fact, routing.DispatchConfirmed)
    assert not fact.owner_found
    await desk.done(DISPATCHER, f"/dispatches/{case}/correct", TO_POWER)


async def test_marks_it_as_complex_with_a_reason(desk: Desk) -> None:
    case = await desk.dispatched(None)
    path = f"/dispatches/{case}/confirm"
    assert await desk.refused(DISPATCHER, path, CONFIRM | {"complex": True}) == (
        422,
        "complex-needs-a-reason",
    )
    await desk.done(DISPATCHER, path, CONFIRM | {"complex": True, "complex_reason": "跨三个乡镇"})
    fact = (await desk.published(case))[-1]
    assert isinstance(fact, routing.DispatchConfirmed)
    assert fact.complex


async def test_corrects_to_the_right_departments(desk: Desk) -> None:
    case = await desk.dispatched(None, None)
    await desk.done(FARMING_LIAISON, f"/dispatches/{case}/assignments/{FARMING}/report-in", ARRIVAL)
    right = TO_POWER | {"assists": [{"unit": FARMING, "issue_ids": [issue(case, 2)]}, {"unit": TRANSPORT}]}
    await desk.done(DISPATCHER, f"/dispatches/{case}/correct", right)
    fact = (await desk.published(case))[-1]
    assert isinstance(fact, routing.DispatchCorrected)
    assert (fact.township, fact.cycle) == (YUANCUN, 1)
    assert [(each.unit, each.provisional) for each in fact.voided] == [(WATER, True)]
    assert [(each.unit, each.part, each.issue_ids) for each in fact.issued] == [
        (POWER, "lead", (issue(case, 1),)),
        (TRANSPORT, "assist", ()),
    ]
    assert [(each.unit, each.issue_ids, each.reported_in) for each in fact.changed] == [
        (FARMING, (issue(case, 2),), True)
    ]
    assert await desk.refused(
        WATER_LIAISON, f"/dispatches/{case}/assignments/{WATER}/report-in", ARRIVAL
    ) == (404, "unknown-case")


async def test_corrects_to_registered_departments_only(desk: Desk) -> None:
    case = await desk.dispatched(None)
    for unknown in ("no-such-bureau", "410923102"):
        body = TO_POWER | {"lead": unknown}
        assert await desk.refused(DISPATCHER, f"/dispatches/{case}/correct", body) == (
            422,
            "unknown-department",
        )


async def test_leaves_a_final_dispatch_alone(desk: Desk) -> None:
    case = await desk.dispatched("SL-01")
    assert await desk.refused(DISPATCHER, f"/dispatches/{case}/confirm", CONFIRM) == (422, "not-provisional")
    assert await desk.refused(DISPATCHER, f"/dispatches/{case}/correct", TO_POWER) == (422, "not-provisional")


@pytest.mark.parametrize(("act", "body"), [("confirm", CONFIRM), ("correct", TO_POWER)])
async def test_does_not_know_a_case_that_is_none(desk: Desk, act: str, body: dict[str, Any]) -> None:
    assert await desk.refused(DISPATCHER, f"/dispatches/{uuid4()}/{act}", body) == (404, "unknown-case")


@pytest.mark.parametrize("actor", [CLERK, WATER_LIAISON])
@pytest.mark.parametrize(("act", "body"), [("confirm", CONFIRM), ("correct", TO_POWER)])
async def test_is_for_dispatchers(desk: Desk, actor: Actor, act: str, body: dict[str, Any]) -> None:
    case = await desk.dispatched(None)
    assert await desk.refused(actor, f"/dispatches/{case}/{act}", body) == (403, "not-permitted")


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("confirm", CONFIRM | {"lead": WATER}),
        ("confirm", {"legal_basis": "长" * 201}),
        ("correct", {"legal_basis": "law"}),
        ("correct", TO_POWER | {"lead": "供电"}),
        ("correct", TO_POWER | {"assists": [WATER]}),
        ("correct", TO_POWER | {"assists": [{"unit": WATER}] * 21}),
    ],
)
async def test_refuses_a_body_that_is_none(desk: Desk, act: str, body: dict[str, Any]) -> None:
    case = await desk.dispatched(None)
    assert await desk.refused(DISPATCHER, f"/dispatches/{case}/{act}", body) == (422, "invalid-request")
