"""督办、容错、批示、倒查 over HTTP: every route's success, and every refusal with its status and sentence."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from accountability.application.publishing import CLOCK
from accountability.application.publishing_supervision import matter_key
from accountability.domain.clock import StopClock
from accountability.entrypoints.application import application
from backbone.decider import execute
from backbone.identity import Actor
from tests.backbone.edge import SECRET, Identities, client_of
from tests.component.accountability.county import context
from tests.component.accountability.test_supervision import (
    BREACH,
    ORANGE,
    RED,
    SECOND,
    climbed,
    hands,
    late,
    names,
    now,
    supervised,
)
from tests.component.accountability.whistle_hands import (
    COUNTY_LEADER,
    SUPERVISOR,
    TOWN_LEADER,
    TRANSPORT,
    TRANSPORT_LEADER,
    WATER,
    WATER_LEADER,
    WATER_LIAISON,
    YUANCUN,
    Hands,
    case_of,
    moment,
)

__all__ = ["hands", "now"]

REASON, WORDS = {"reason": "理由"}, {"words": "已整改"}
HEARING = {"at": "2026-03-03T12:00:00+08:00", "speaker": "董某", "words": "人手不足"}
CLAIM = {"ground": "force_majeure", "evidence": "断桥"}
GRANT, REFUSE = {"granted": True, "reason": "属实"}, {"granted": False, "reason": "不属实"}
DOCUMENT = {"document": '{"case":1}', "reason": "群众反映"}
ASKED: dict[str, Any] = {"unit": WATER, "color": "ORANGE", "reason": "久拖未办"}


class Asking:
    """People at the edge of accountability, about transport's late report-in."""

    def __init__(
        self, client: httpx.AsyncClient, identities: Identities, hands: Hands, now: list[datetime]
    ) -> None:
        self._client, self._identities = client, identities
        self.hands, self.now = hands, now
        self.matter = ""

    async def late_until(self, until: datetime) -> None:
        """The ladder has been climbed up to a moment."""
        self.matter = await climbed(self.hands, self.now, until)

    async def in_time_after_all(self) -> None:
        """The report-in turns out to have been in time."""
        stop = StopClock(moment("2026-03-03 09:00:00"))
        await execute(self.hands.office.store, CLOCK, self.matter, stop, context("true time"))
        await supervised(self.hands)

    async def post(self, actor: Actor, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        headers = {**self._identities.bearer(actor), "Idempotency-Key": key or str(uuid4())}
        return await self._client.post(path, json=body or {}, headers=headers)

    def path(self, verb: str) -> str:
        """Where a verb is asked: of the case or of the matter."""
        if verb in ("supervise", "instruct", "release-trace-back"):
            return f"/cases/{self.hands.case}/{verb}"
        return f"/matters/{self.matter or uuid4()}/{verb}"

    async def done(self, actor: Actor, verb: str, body: Any = None) -> None:
        response = await self.post(actor, self.path(verb), body)
        assert response.status_code == 200, response.text
        assert response.json()["id"] == self.hands.case
        await supervised(self.hands)

    async def refused(self, actor: Actor, verb: str, body: Any = None, path: str = "") -> tuple[int, str]:
        response = await self.post(actor, path or self.path(verb), body)
        problem = response.json()
        assert problem["title"] != problem["code"], "a refusal without a Chinese sentence"
        assert "{" not in problem["title"], "a sentence without its parameters"
        return response.status_code, problem["code"]


@pytest.fixture
async def asking(hands: Hands, now: list[datetime], tmp_path: Path) -> AsyncIterator[Asking]:
    identities = Identities(tmp_path)
    async with client_of(application(hands.office, (), identities.verifier(), SECRET)) as client:
        yield Asking(client, identities, hands, now)


async def test_an_order_is_heard_issued_replied_to_and_closed(asking: Asking) -> None:
    await asking.late_until(RED)
    assert await asking.refused(SUPERVISOR, "issue-order") == (422, "unit-not-heard-yet")
    assert await asking.refused(SUPERVISOR, "decline-order", REASON) == (422, "unit-not-heard-yet")
    await asking.done(SUPERVISOR, "hear-unit", HEARING)
    await asking.done(SUPERVISOR, "issue-order")
    assert await asking.refused(SUPERVISOR, "hear-unit", HEARING) == (422, "no-order-proposed")
    assert await asking.refused(SUPERVISOR, "close-order", WORDS) == (422, "order-not-replied-to")
    await asking.done(TRANSPORT_LEADER, "reply-to-order", WORDS)
    await asking.done(SUPERVISOR, "close-order", WORDS)
    assert (await names(asking.hands))[-5:] == [
        "UnitHeard",
        "OrderWithdrawn",
        "OrderIssued",
        "OrderReplied",
        "OrderClosed",
    ]
    assert await asking.refused(SUPERVISOR, "refer-to-discipline", REASON) == (422, "matter-settled-already")
    assert await asking.refused(SUPERVISOR, "clear-name", WORDS) == (422, "reproach-was-upheld")
    again = {**ASKED, "unit": TRANSPORT, "clock_id": asking.matter}
    assert await asking.refused(SUPERVISOR, "supervise", again) == (422, "matter-settled-already")


async def test_an_order_is_not_issued_and_the_milder_one_withdrawn(asking: Asking) -> None:
    await asking.late_until(RED)
    await asking.done(SUPERVISOR, "hear-unit", HEARING)
    assert await asking.refused(SUPERVISOR, "decline-order") == (
        422,
        "declining-an-order-needs-a-reason",
    )
    await asking.done(SUPERVISOR, "decline-order", REASON)
    assert await asking.refused(SUPERVISOR, "clear-name", WORDS) == (422, "breach-stands")
    assert await asking.refused(SUPERVISOR, "withdraw-order") == (
        422,
        "withdrawing-an-order-needs-a-reason",
    )
    await asking.done(SUPERVISOR, "withdraw-order", REASON)
    assert (await names(asking.hands))[-2:] == ["OrderDeclined", "OrderWithdrawn"]
    assert await asking.refused(SUPERVISOR, "close-order", WORDS) == (422, "no-order-is-out")
    assert await asking.refused(TRANSPORT_LEADER, "reply-to-order", WORDS) == (422, "no-order-to-reply-to")


async def test_an_order_wants_words(asking: Asking) -> None:
    await asking.late_until(RED)
    ahead = {**HEARING, "at": "2026-03-07T12:00:00+08:00"}
    assert await asking.refused(SUPERVISOR, "hear-unit", ahead) == (422, "hearing-lies-ahead")
    mute = {**HEARING, "words": ""}
    assert await asking.refused(SUPERVISOR, "hear-unit", mute) == (422, "hearing-needs-words")
    nobody = {**HEARING, "speaker": ""}
    assert await asking.refused(SUPERVISOR, "hear-unit", nobody) == (422, "hearing-needs-a-speaker")
    assert await asking.refused(TRANSPORT_LEADER, "reply-to-order") == (422, "reply-needs-words")
    await asking.done(TRANSPORT_LEADER, "reply-to-order", WORDS)
    assert await asking.refused(SUPERVISOR, "close-order") == (422, "closing-an-order-needs-words")
    assert await asking.refused(SUPERVISOR, "refer-to-discipline") == (422, "referral-needs-a-reason")


async def test_an_order_is_of_the_office_and_to_the_unit(asking: Asking) -> None:
    await asking.late_until(RED)
    for verb, body in (("hear-unit", HEARING), ("issue-order", None), ("withdraw-order", REASON)):
        assert await asking.refused(COUNTY_LEADER, verb, body) == (422, "unit-matters-are-the-offices")
    assert await asking.refused(WATER_LEADER, "reply-to-order", WORDS) == (404, "unknown-matter")


OF_A_MATTER: list[tuple[str, Any]] = [
    ("hear-unit", HEARING),
    ("issue-order", None),
    ("decline-order", REASON),
    ("close-order", WORDS),
    ("withdraw-order", REASON),
    ("refer-to-discipline", REASON),
    ("clear-name", WORDS),
    ("claim-exemption", CLAIM),
]


async def test_a_matter_that_is_none_is_not_there(asking: Asking) -> None:
    for verb, body in OF_A_MATTER:
        assert await asking.refused(SUPERVISOR, verb, body) == (404, "unknown-matter"), verb


async def test_a_case_that_is_none_is_not_there(asking: Asking) -> None:
    nowhere = f"/cases/{case_of('nothing')}"
    given = await asking.refused(COUNTY_LEADER, "", WORDS, path=f"{nowhere}/instruct")
    released = await asking.refused(SUPERVISOR, "", DOCUMENT, path=f"{nowhere}/release-trace-back")
    assert {given, released} == {(404, "unknown-case")}


async def test_a_person_takes_a_matter_up(asking: Asking) -> None:
    stranger = {**ASKED, "unit": "health"}
    assert await asking.refused(SUPERVISOR, "supervise", stranger) == (422, "unit-not-concerned")
    assert await asking.refused(COUNTY_LEADER, "supervise", ASKED) == (422, "unit-matters-are-the-offices")
    mute = {**ASKED, "reason": ""}
    assert await asking.refused(SUPERVISOR, "supervise", mute) == (422, "order-needs-a-reason")
    ours = {**ASKED, "unit": "burden-reduction-office"}
    assert await asking.refused(SUPERVISOR, "supervise", ours) == (
        422,
        "office-matters-are-the-county-leaders",
    )
    no_breach = {**ASKED, "unit": TRANSPORT, "clock_id": await late(asking.hands)}
    assert await asking.refused(SUPERVISOR, "supervise", no_breach) == (404, "unknown-matter")
    await asking.done(SUPERVISOR, "supervise", ASKED)
    assert await asking.refused(SUPERVISOR, "supervise", {**ASKED, "reason": "又拖"}) == (
        422,
        "order-is-out-already",
    )
    asking.matter = matter_key(asking.hands.case, WATER, 1)
    assert await asking.refused(SUPERVISOR, "clear-name", WORDS) == (422, "order-is-out-already")
    assert await asking.refused(SUPERVISOR, "refer-to-discipline", REASON) == (422, "no-breach-to-refer")


async def test_a_township_that_is_to_confirm_gets_no_order(asking: Asking) -> None:
    await asking.hands.concludes()
    await asking.hands.settle()
    asked = {**ASKED, "unit": YUANCUN}
    assert await asking.refused(SUPERVISOR, "supervise", asked) == (422, "no-order-for-confirming")


async def test_a_breach_is_referred(asking: Asking) -> None:
    await asking.late_until(ORANGE)
    await asking.done(SUPERVISOR, "refer-to-discipline", REASON)
    assert (await names(asking.hands))[-2:] == ["OrderWithdrawn", "MatterReferred"]
    assert await asking.refused(TRANSPORT_LEADER, "claim-exemption", CLAIM) == (422, "breach-was-referred")


async def test_a_name_is_cleared(asking: Asking) -> None:
    await asking.late_until(ORANGE)
    await asking.in_time_after_all()
    assert await asking.refused(SUPERVISOR, "clear-name") == (422, "clearing-needs-a-statement")
    await asking.done(SUPERVISOR, "clear-name", WORDS)
    assert (await names(asking.hands))[-1] == "NameCleared"
    assert await asking.refused(SUPERVISOR, "refer-to-discipline", REASON) == (422, "no-breach-to-refer")
    assert await asking.refused(TRANSPORT_LEADER, "claim-exemption", CLAIM) == (422, "no-breach-to-exempt")


async def test_an_exemption_is_claimed_and_granted(asking: Asking) -> None:
    await asking.late_until(BREACH)
    assert await asking.refused(SUPERVISOR, "decide-exemption", GRANT) == (422, "no-exemption-claimed")
    mute = {**CLAIM, "evidence": ""}
    assert await asking.refused(TRANSPORT_LEADER, "claim-exemption", mute) == (
        422,
        "exemption-needs-evidence",
    )
    assert await asking.refused(WATER_LEADER, "claim-exemption", CLAIM) == (404, "unknown-matter")
    await asking.done(TRANSPORT_LEADER, "claim-exemption", CLAIM)
    unsaid = {"granted": True, "reason": ""}
    assert await asking.refused(SUPERVISOR, "decide-exemption", unsaid) == (
        422,
        "deciding-an-exemption-needs-a-reason",
    )
    await asking.done(SUPERVISOR, "decide-exemption", GRANT)
    assert await asking.refused(SUPERVISOR, "decide-exemption", REFUSE) == (422, "exemption-decided-already")
    assert await asking.refused(TRANSPORT_LEADER, "claim-exemption", CLAIM) == (
        422,
        "exemption-decided-already",
    )


async def test_an_exemption_is_decided_by_another_and_may_be_refused(asking: Asking) -> None:
    await asking.late_until(BREACH)
    await asking.done(SUPERVISOR, "claim-exemption", CLAIM)
    assert await asking.refused(SUPERVISOR, "decide-exemption", GRANT) == (422, "second-person-needed")
    assert await asking.refused(SECOND, "decide-exemption", GRANT) == (
        422,
        "exemption-is-another-units-to-decide",
    )
    await asking.done(COUNTY_LEADER, "decide-exemption", REFUSE)
    assert (await names(asking.hands))[-1] == "GoodFaithExemptionRefused"


async def test_an_exemption_needs_its_breach_until_it_is_granted(asking: Asking) -> None:
    await asking.late_until(BREACH)
    await asking.done(TRANSPORT_LEADER, "claim-exemption", CLAIM)
    await asking.in_time_after_all()
    assert await asking.refused(SUPERVISOR, "decide-exemption", GRANT) == (422, "no-breach-to-exempt")


async def test_the_county_leader_instructs(asking: Asking) -> None:
    stranger = {**WORDS, "to": ["health"]}
    assert await asking.refused(COUNTY_LEADER, "instruct", stranger) == (422, "unit-not-concerned")
    assert await asking.refused(COUNTY_LEADER, "instruct", {"words": ""}) == (422, "instruction-needs-words")
    await asking.done(COUNTY_LEADER, "instruct", {**WORDS, "to": [WATER]})
    assert await names(asking.hands) == ["InstructionGiven"]


async def test_a_trace_back_is_released_once_per_key(asking: Asking) -> None:
    mute = {**DOCUMENT, "reason": ""}
    assert await asking.refused(SUPERVISOR, "release-trace-back", mute) == (422, "releasing-needs-a-reason")
    key, path = str(uuid4()), asking.path("release-trace-back")
    answers = [await asking.post(SUPERVISOR, path, DOCUMENT, key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert await names(asking.hands) == ["TraceBackReleased"]
    other = await asking.post(SUPERVISOR, path, {**DOCUMENT, "reason": "另一事"}, key)
    assert other.json()["code"] == "idempotency-key-reused"


OF_OTHERS: list[tuple[Actor, str, Any]] = [
    (TRANSPORT_LEADER, "supervise", ASKED),
    (TRANSPORT_LEADER, "hear-unit", HEARING),
    (WATER_LIAISON, "issue-order", None),
    (TOWN_LEADER, "decline-order", REASON),
    (COUNTY_LEADER, "reply-to-order", WORDS),
    (TRANSPORT_LEADER, "close-order", WORDS),
    (TOWN_LEADER, "withdraw-order", REASON),
    (TOWN_LEADER, "refer-to-discipline", REASON),
    (TRANSPORT_LEADER, "clear-name", WORDS),
    (WATER_LIAISON, "claim-exemption", CLAIM),
    (TRANSPORT_LEADER, "decide-exemption", GRANT),
    (SUPERVISOR, "instruct", WORDS),
    (COUNTY_LEADER, "release-trace-back", DOCUMENT),
]


async def test_another_role_is_not_permitted(asking: Asking) -> None:
    for actor, verb, body in OF_OTHERS:
        assert await asking.refused(actor, verb, body) == (403, "not-permitted"), verb


BEYOND_LIMITS: list[tuple[str, Any]] = [
    ("supervise", {**ASKED, "color": "BLUE"}),
    ("supervise", {**ASKED, "clock_id": "not a clock"}),
    ("supervise", {**ASKED, "photo": "x"}),
    ("hear-unit", {**HEARING, "at": "2026-03-03T12:00:00"}),
    ("hear-unit", {**HEARING, "words": "长" * 2_001}),
    ("claim-exemption", {**CLAIM, "ground": "too_busy"}),
    ("decide-exemption", {"granted": "perhaps", "reason": "x"}),
    ("instruct", {**WORDS, "to": ["health"] * 51}),
    ("release-trace-back", {**DOCUMENT, "document": ""}),
]


async def test_a_body_beyond_its_limits_is_refused(asking: Asking) -> None:
    for verb, body in BEYOND_LIMITS:
        actor = COUNTY_LEADER if verb == "instruct" else SUPERVISOR
        assert await asking.refused(actor, verb, body) == (422, "invalid-request"), body
