"""抽查 over HTTP: every route's success, and every refusal with its status and sentence."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from accountability.application.spot_checks import Checks
from accountability.entrypoints.application import SERVICE, STATUSES
from accountability.entrypoints.checks_http import checks_router
from backbone.identity import Actor
from backbone.web import service_app
from contracts.catalogue import sentence
from tests.backbone.edge import SECRET, Identities, client_of
from tests.component.accountability.figure_office import WATER, WATER_LEADER, FigureOffice
from tests.component.accountability.test_when_checks_are_drawn import CHECKER, checks, office
from tests.component.accountability.whistle_hands import COUNTY_LEADER, SUPERVISOR

__all__ = ["checks", "office"]

MAY, NOTHING = "/spot-checks/2026-05", "/spot-checks/2026-04"
ASSIGNED = {"checker": CHECKER.subject, "unit": CHECKER.unit}
PASSED: dict[str, Any] = {"way": "resident", "asked": "李某", "passed": True}
FAILED = {**PASSED, "passed": False, "finding": "仍未解决"}
RESIDENT = Actor("resident-1", "演示·居", "resident", "410923102")


class Asking:
    """People at the edge of accountability."""

    def __init__(self, client: httpx.AsyncClient, identities: Identities, office: FigureOffice) -> None:
        self._client, self._identities, self.office = client, identities, office

    async def tried(self, actor: Actor = SUPERVISOR, /, path: str = MAY, **query: str) -> httpx.Response:
        """What a seed draws."""
        return await self._client.get(f"{path}/draw", params=query, headers=self._identities.bearer(actor))

    async def post(
        self, path: str, body: Any = None, actor: Actor = SUPERVISOR, key: str | None = None
    ) -> httpx.Response:
        """A command."""
        headers = {**self._identities.bearer(actor), "Idempotency-Key": key or str(uuid4())}
        return await self._client.post(path, json=body or {}, headers=headers)

    async def done(self, path: str, body: Any = None, actor: Actor = SUPERVISOR) -> None:
        """A command that is taken."""
        answer = await self.post(path, body, actor)
        assert answer.status_code == 200, answer.text

    async def refused(self, path: str, body: Any = None, actor: Actor = SUPERVISOR) -> tuple[int, str]:
        """A command that is not."""
        return told(await self.post(path, body, actor))

    async def drawn(self) -> str:
        """Where the one check is that May's draw comes to."""
        await self.done(f"{MAY}/draw", {"seed": 7})
        [one] = (await self.tried()).json()["drawn"]
        return f"{MAY}/cases/{one['case_id']}"


def told(answer: httpx.Response) -> tuple[int, str]:
    """Status and slug of a refusal, which has a sentence."""
    problem = answer.json()
    assert problem["title"] != problem["code"], "a refusal without a Chinese sentence"
    assert "{" not in problem["title"], "a sentence without its parameters"
    return answer.status_code, problem["code"]


@pytest.fixture
async def asking(office: FigureOffice, checks: Checks, tmp_path: Path) -> AsyncIterator[Asking]:
    identities = Identities(tmp_path)
    app = service_app(
        SERVICE,
        store=office.store,
        verifier=identities.verifier(),
        sentence=sentence,
        secret=SECRET,
        statuses=STATUSES,
        routers=[checks_router(checks)],
    )
    async with client_of(app) as client:
        yield Asking(client, identities, office)


async def test_a_draw_is_tried_recorded_once_and_drawn_again(asking: Asking) -> None:
    assert told(await asking.tried()) == (422, "seed-missing")
    trial = (await asking.tried(seed="7")).json()
    assert (trial["seed"], trial["population"], len(trial["drawn"]), trial["recorded"]) == (7, 6, 1, None)
    key = str(uuid4())
    answers = [await asking.post(f"{MAY}/draw", {"seed": 7}, key=key) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    again = (await asking.tried()).json()
    assert (again["drawn"], again["digest"]) == (trial["drawn"], trial["digest"])
    assert (again["recorded"]["same"], again["recorded"]["by"]) == (True, SUPERVISOR.subject)
    other = (await asking.tried(seed="8")).json()
    assert (other["seed"], other["recorded"]["seed"]) == (8, 7)
    assert await asking.refused(f"{MAY}/draw", {"seed": 8}) == (422, "checks-drawn-already")


async def test_a_draw_without_a_seed_makes_one(asking: Asking) -> None:
    await asking.done(f"{MAY}/draw")
    assert (await asking.tried()).json()["recorded"]["same"] is True


async def test_a_draw_is_of_a_period_that_is_over_and_has_closings(asking: Asking) -> None:
    assert await asking.refused("/spot-checks/2026-06/draw", {"seed": 7}) == (422, "period-not-over")
    assert await asking.refused(f"{NOTHING}/draw", {"seed": 7}) == (422, "nothing-to-check")
    assert await asking.refused("/spot-checks/2026-13/draw") == (422, "period-unreadable")
    assert await asking.refused(f"{MAY}/draw?boundary=09:00") == (422, "boundary-unknown")
    ahead = await asking.tried(seed="7", as_of="2030-01-01T00:00:00Z")
    assert told(ahead) == (422, "as-of-in-the-future")


async def test_a_draw_waits_for_what_is_not_in(asking: Asking) -> None:
    asking.office.logs["intake"].cut = True
    answer = await asking.post(f"{MAY}/draw", {"seed": 7})
    assert told(answer) == (503, "figures-behind")
    assert int(answer.headers["Retry-After"]) > 0


async def test_a_check_is_assigned_and_passed(asking: Asking) -> None:
    check = await asking.drawn()
    assert await asking.refused(f"{check}/record", PASSED) == (422, "check-not-assigned")
    concerned = {"checker": "leader", "unit": WATER}
    assert await asking.refused(f"{check}/assign", concerned) == (422, "checker-is-concerned")
    nobody = {**ASSIGNED, "checker": ""}
    assert await asking.refused(f"{check}/assign", nobody) == (422, "check-needs-a-checker")
    await asking.done(f"{check}/assign", ASSIGNED)
    assert await asking.refused(f"{check}/record", PASSED) == (422, "only-the-checker-may")
    unasked = {**PASSED, "asked": ""}
    assert await asking.refused(f"{check}/record", unasked, CHECKER) == (422, "check-needs-who-was-asked")
    await asking.done(f"{check}/record", PASSED, CHECKER)
    assert await asking.refused(f"{check}/record", FAILED, CHECKER) == (422, "check-is-done")
    another = {**ASSIGNED, "checker": "somebody else"}
    assert await asking.refused(f"{check}/assign", another) == (422, "check-is-done")


async def test_a_check_fails_with_a_finding(asking: Asking) -> None:
    check = await asking.drawn()
    await asking.done(f"{check}/assign", ASSIGNED)
    unsaid = {**FAILED, "finding": ""}
    assert await asking.refused(f"{check}/record", unsaid, CHECKER) == (422, "failed-check-needs-a-finding")
    await asking.done(f"{check}/record", FAILED, CHECKER)
    assert await asking.refused(f"{check}/record", PASSED, CHECKER) == (422, "check-is-done")


async def test_a_check_that_is_none_is_not_there(asking: Asking) -> None:
    await asking.drawn()
    nowhere = f"{MAY}/cases/{uuid4()}"
    assert await asking.refused(f"{nowhere}/assign", ASSIGNED) == (404, "unknown-check")
    assert await asking.refused(f"{nowhere}/record", PASSED, CHECKER) == (404, "unknown-check")


async def test_another_role_is_not_permitted(asking: Asking) -> None:
    nowhere = f"{MAY}/cases/{uuid4()}"
    assert told(await asking.tried(WATER_LEADER, seed="7")) == (403, "not-permitted")
    assert await asking.refused(f"{MAY}/draw", {"seed": 7}, COUNTY_LEADER) == (403, "not-permitted")
    assert await asking.refused(f"{nowhere}/assign", ASSIGNED, COUNTY_LEADER) == (403, "not-permitted")
    assert await asking.refused(f"{nowhere}/record", PASSED, RESIDENT) == (403, "not-permitted")


async def test_a_body_beyond_its_limits_is_refused(asking: Asking) -> None:
    nowhere = f"{MAY}/cases/{uuid4()}"
    for path, body in (
        (f"{MAY}/draw", {"seed": -1}),
        (f"{MAY}/draw", {"seed": 2**31}),
        (f"{MAY}/draw", {"seed": 7, "cases": []}),
        (f"{nowhere}/assign", {**ASSIGNED, "unit": "Not a code"}),
        (f"{nowhere}/record", {**PASSED, "way": "township"}),
        (f"{nowhere}/record", {**FAILED, "finding": "长" * 2_001}),
    ):
        assert await asking.refused(path, body) == (422, "invalid-request"), body
