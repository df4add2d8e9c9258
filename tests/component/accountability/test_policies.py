"""A policy over HTTP: proposed by one person, approved by another, and applied to the open clocks."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from accountability.application.publishing import CLOCK, clock_id
from accountability.domain.clock import ExtendClock
from accountability.entrypoints.http import clocks_router
from accountability.entrypoints.policies_http import policies_router
from backbone.decider import execute
from backbone.eventstore import PublishedEvent
from backbone.identity import Actor
from backbone.outbox import envelope, read_envelope
from backbone.web import service_app
from contracts.catalogue import sentence
from contracts.events import intake, routing
from contracts.events.accountability import ClockMoved, PolicyApproved, PolicyDeclined, PolicyProposed
from tests.backbone.edge import SECRET, Identities, client_of
from tests.component.accountability.county import (
    CASE,
    LETTER,
    SEALED,
    TRANSPORT,
    WATER,
    YUANCUN,
    County,
    at,
    context,
)

SUPERVISOR = Actor("supervisor-1", "演示·督一", "office_supervisor", "burden-reduction-office")
ADMINISTRATOR = Actor("administrator-1", "演示·管一", "administrator", "government-services-data")
SECOND = Actor("administrator-2", "演示·管二", "administrator", "government-services-data")
LEADER = Actor("county-leader-1", "演示·县", "county_leader", "county-leadership")
AUDITOR = Actor("auditor-1", "演示·审", "auditor", "audit")
CLERK = Actor("clerk-1", "演示·张", "township_clerk", YUANCUN)
SOURCE = {"title": "南乐县吹哨报到时限规定", "number": "南减办〔2026〕3号", "issued": "2026-05-06"}
FIVE_DAYS = {
    "clock": "C4",
    "effective_from": "2026-05-01",
    "source": SOURCE,
    "limits": {"ordinary": {"working_days": 5}},
}
C4 = clock_id(CASE, "C4", CASE, 1)


@dataclass
class Office:
    """People at accountability's edge, over the county's memory."""

    client: httpx.AsyncClient
    identities: Identities
    county: County

    async def post(self, actor: Actor, path: str, body: Mapping[str, Any]) -> httpx.Response:
        headers = {**self.identities.bearer(actor), "Idempotency-Key": str(uuid4())}
        return await self.client.post(path, json=dict(body), headers=headers)

    async def done(self, actor: Actor, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        response = await self.post(actor, path, body)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def refused(self, actor: Actor, path: str, body: Mapping[str, Any]) -> tuple[int, str]:
        before = len(self.county.store.events)
        response = await self.post(actor, path, body)
        problem = response.json()
        assert len(self.county.store.events) == before
        assert "{" not in problem["title"]
        return response.status_code, problem["code"]

    async def get(self, actor: Actor, path: str, **query: str) -> Any:
        response = await self.client.get(path, params=query, headers=self.identities.bearer(actor))
        assert response.status_code == 200, response.text
        return response.json()

    async def versions(self, clock: str = "C4", actor: Actor = SUPERVISOR) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.get(actor, "/policies", clock=clock)
        return found

    async def approved(self, document: Mapping[str, Any], number: int = 2) -> None:
        """Proposed, approved by another, and followed by the open clocks."""
        await self.done(ADMINISTRATOR, "/policies", document)
        path = f"/policies/{document['clock']}/{number}/approve"
        before = len(self.county.store.facts)
        await self.done(SECOND, path, {"scope": document.get("scope", "")})
        await self.follow(self.county.store.facts[before:])

    async def follow(self, facts: list[PublishedEvent], name: str = "follow") -> None:
        """What was published reaches the open clocks, as in the service."""
        for row in facts:
            event = read_envelope(envelope("accountability", self.county.store.epoch, row))
            await self.county.policies.follow(event, lambda n, seq=row.seq: context(f"{name}/{seq}/{n}"))  # type: ignore[misc]

    def facts(self, model: type[Any]) -> list[Any]:
        """The published facts of a kind, without those of the installation."""
        return [
            model.model_validate_json(each.data)
            for each in self.county.store.facts
            if each.type == model.NAME and '"actor":"installation"' not in each.meta
        ]


@pytest.fixture
async def office(county: County, tmp_path: Path) -> AsyncIterator[Office]:
    """On Friday 8 May 2026, 10:00, a letter has just come: due after 7 working days, on 19 May 24:00."""
    await county.hears(intake.LetterSubmitted(**LETTER))
    identities = Identities(tmp_path)
    app = service_app(
        "accountability",
        store=county.store,
        verifier=identities.verifier(),
        sentence=sentence,
        secret=SECRET,
        routers=[policies_router(county.policies), clocks_router(county.readings)],
    )
    async with client_of(app) as client:
        yield Office(client, identities, county)


async def test_shows_every_default_with_its_source_and_what_starts_and_stops_it(office: Office) -> None:
    found = await office.get(CLERK, "/policies")

    assert [each["version"] for each in found] == [f"C{n}.1" for n in range(17)]
    assert all(each["in_force"] and each["source"] for each in found)
    response = next(each for each in found if each["clock"] == "C3")
    assert (response["start"], response["stop"], response["ending"]) == (
        "letter-submitted",
        "letter-responded",
        "breach",
    )
    (limit,) = response["limits"]
    assert (limit["profile"], limit["unit"], limit["amount"]) == ("ordinary", "working-days", 3)
    assert (limit["amount_zh"], limit["amount_en"]) == ("3个工作日", "3 working days")


async def test_a_dry_run_lists_what_would_move_and_stores_nothing(office: Office) -> None:
    before = len(office.county.store.events)

    tried = (await office.post(SUPERVISOR, "/policies/dry-run", FIVE_DAYS)).json()

    assert (tried["version"], tried["open_clocks"], tried["moved"], tried["would_breach"]) == (
        "C4.2",
        1,
        1,
        0,
    )
    (move,) = tried["moves"]
    assert (move["clock_id"], at_of(move["old_due"]), at_of(move["due"])) == (
        C4,
        at("2026-05-19 00:00"),
        at("2026-05-15 00:00"),
    )
    assert len(office.county.store.events) == before


async def test_a_dry_run_counts_what_would_be_breached_by_it(office: Office) -> None:
    office.county.now[0] = at("2026-05-15 09:00")

    tried = (await office.post(SUPERVISOR, "/policies/dry-run", FIVE_DAYS)).json()

    assert (tried["moved"], tried["would_breach"]) == (1, 1)
    assert tried["moves"][0]["would_breach"]


async def test_a_proposal_is_no_policy_until_another_person_approves_it(office: Office) -> None:
    await office.done(ADMINISTRATOR, "/policies", FIVE_DAYS)

    assert [each["state"] for each in await office.versions()] == ["approved", "proposed"]
    assert await office.refused(ADMINISTRATOR, "/policies/C4/2/approve", {}) == (422, "second-person-needed")
    await office.done(SECOND, "/policies/C4/2/approve", {})
    first, second = await office.versions()
    assert (first["in_force"], second["in_force"]) == (False, True)
    assert (second["proposed_by"], second["decided_by"]) == (ADMINISTRATOR.subject, SECOND.subject)


async def test_what_a_document_leaves_out_stays_as_it_is(office: Office) -> None:
    await office.done(ADMINISTRATOR, "/policies", FIVE_DAYS)

    first, second = await office.versions()

    assert [(each["profile"], each["amount_zh"]) for each in second["limits"]] == [("ordinary", "5个工作日")]
    for part in ("reminders", "ladder", "hours", "quiet", "ending"):
        assert second[part] == first[part]


async def test_approval_moves_the_open_clocks_and_the_old_deadline_stays_visible(office: Office) -> None:
    await office.approved(FIVE_DAYS)

    clock = await office.county.clock("C4")
    assert (clock.due, clock.schedule.policy_version) == (at("2026-05-15 00:00"), "C4.2")
    (moved,) = office.facts(ClockMoved)
    assert (moved.old_due, moved.policy_version) == (at("2026-05-19 00:00"), "C4.2")
    assert (await office.county.clock("C3")).schedule.policy_version == "C3.1"


async def test_a_clock_that_started_before_its_days_keeps_the_version_it_has_pinned(office: Office) -> None:
    await office.approved({**FIVE_DAYS, "effective_from": "2026-05-09"})

    clock = await office.county.clock("C4")
    assert (clock.due, clock.schedule.policy_version) == (at("2026-05-19 00:00"), "C4.1")


async def test_judged_clocks_never_move(office: Office) -> None:
    await office.county.hears(
        intake.LetterResolved(case_id=CASE, content_sealed=SEALED), at("2026-05-08 11:00")
    )
    before = [each for each in office.county.store.events if each.type.startswith("accountability.clock")]

    tried = (await office.post(SUPERVISOR, "/policies/dry-run", FIVE_DAYS)).json()
    await office.approved(FIVE_DAYS)

    assert tried["open_clocks"] == 0
    assert before == [
        each for each in office.county.store.events if each.type.startswith("accountability.clock")
    ]


async def test_a_policy_of_one_township_moves_its_clocks_only(office: Office) -> None:
    other = "c0000000-0000-5000-8000-000000000009"
    issued = routing.DispatchIssued(
        case_id=CASE,
        township=YUANCUN,
        emergency=False,
        complex=False,
        provisional=False,
        assignments=(WATER,),
        cycle=1,
        reason="清单唯一",
    )
    elsewhere = issued.model_copy(
        update={"case_id": other, "township": "410923104", "assignments": (TRANSPORT,)}
    )
    await office.county.hears(issued)
    await office.county.hears(elsewhere)

    longer = {
        "clock": "C1",
        "scope": YUANCUN,
        "effective_from": "2026-05-01",
        "source": SOURCE,
        "limits": {"ordinary": {"hours": 12}},
    }
    await office.approved(longer, number=1)

    here = await office.county.clock("C1", WATER.assignment_id)
    assert (here.due, here.schedule.policy_version) == (at("2026-05-08 22:00"), f"C1@{YUANCUN}.1")
    there = clock_id(other, "C1", TRANSPORT.assignment_id, 1)
    assert (await office.county.readings.clock(there)).clock.schedule.policy_version == "C1.1"


async def test_the_clocks_follow_once_however_often_the_fact_comes(office: Office) -> None:
    await office.approved(FIVE_DAYS)
    before = len(office.county.store.events)

    await office.follow(office.county.store.facts, "again after a crash")
    await office.follow(office.county.store.facts)

    assert len(office.county.store.events) == before


async def test_a_clock_that_cannot_change_keeps_its_policy_and_the_dry_run_says_so(office: Office) -> None:
    await execute(
        office.county.store,
        CLOCK,
        C4,
        ExtendClock(office.county.now[0], 2, "雨季", await office.county.rules.current()),
        context("extend"),
    )
    in_hours = {**FIVE_DAYS, "limits": {"ordinary": {"hours": 120}}}

    tried = (await office.post(SUPERVISOR, "/policies/dry-run", in_hours)).json()
    await office.approved(in_hours)

    assert [(each["clock_id"], each["reason"]) for each in tried["kept"]] == [
        (C4, "extended-in-another-unit")
    ]
    assert (await office.county.clock("C4")).schedule.policy_version == "C4.1"


async def test_is_declined_for_a_reason_that_is_sealed_wherever_it_is_kept(office: Office) -> None:
    await office.done(ADMINISTRATOR, "/policies", FIVE_DAYS)
    await office.done(SECOND, "/policies/C4/2/decline", {"reason": "与上级文件不符"})

    (declined,) = office.facts(PolicyDeclined)
    assert declined.reason_sealed.startswith("sealed:")
    store = office.county.store
    kept = [each.data for each in store.events] + [each.data for each in store.facts]
    assert not any("与上级文件不符" in each for each in kept)
    assert (await office.versions())[1]["reason"] == "与上级文件不符"
    assert await office.refused(SECOND, "/policies/C4/2/approve", {}) == (422, "policy-proposal-declined")
    nothing = {"reason": " "}
    assert await office.refused(SECOND, "/policies/C4/2/decline", nothing) == (422, "reason-missing")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"start": "reported-in"}, "policy-changes-start-or-stop"),
        ({"stop": "closed"}, "policy-changes-start-or-stop"),
        ({"ending": "expire", "ladder": []}, "policy-changes-the-ending"),
        (
            {"ladder": [{"rung": "RED", "working_days": 1, "to": "unit"}]},
            "red-rung-waits-for-a-person",
        ),
        ({"effective_from": "1999-01-01"}, "no-policy-in-force"),
        ({"effective_to": "2026-04-30"}, "policy-ends-before-it-begins"),
        ({"limits": {"ordinary": None}}, "policy-needs-an-ordinary-limit"),
        ({"limits": {"ordinary": {"working_days": 0}}}, "invalid-request"),
        ({"limits": {"ordinary": {"working_days": 3, "hours": 4}}}, "invalid-request"),
        ({"reminders": [{"at": "09:00"}]}, "invalid-request"),
        ({"judged_clocks": True}, "invalid-request"),
        ({"scope": "元村镇"}, "invalid-request"),
    ],
)
async def test_a_document_may_not_say_everything(office: Office, change: Any, code: str) -> None:
    for path in ("/policies", "/policies/dry-run"):
        assert (await office.refused(ADMINISTRATOR, path, {**FIVE_DAYS, **change}))[1] == code


async def test_only_administrators_change_policies(office: Office) -> None:
    for path, body in (
        ("/policies", FIVE_DAYS),
        ("/policies/dry-run", FIVE_DAYS),
        ("/policies/C4/1/approve", {}),
        ("/policies/C4/1/decline", {"reason": "不行"}),
    ):
        assert await office.refused(CLERK, path, body) == (403, "not-permitted")
        if path != "/policies/dry-run":
            for reader in (SUPERVISOR, LEADER, AUDITOR):
                assert await office.refused(reader, path, body) == (403, "not-permitted")
    assert {each["proposed_by"] for each in await office.versions(actor=CLERK)} == {None}


@pytest.mark.parametrize("reader", [SUPERVISOR, LEADER, AUDITOR], ids=lambda each: each.role)
async def test_the_office_and_who_stands_above_it_try_policies_and_see_who_wants_them(
    office: Office, reader: Actor
) -> None:
    await office.done(ADMINISTRATOR, "/policies", FIVE_DAYS)

    assert (await office.post(reader, "/policies/dry-run", FIVE_DAYS)).json()["moved"] == 1
    assert (await office.get(reader, "/policies/C4/2/dry-run"))["moved"] == 1
    assert (await office.versions(actor=reader))[-1]["proposed_by"] == ADMINISTRATOR.subject


async def test_what_was_proposed_can_be_tried_before_it_is_approved(office: Office) -> None:
    await office.done(ADMINISTRATOR, "/policies", FIVE_DAYS)

    tried = await office.get(SECOND, "/policies/C4/2/dry-run")

    assert (tried["version"], tried["moved"]) == ("C4.2", 1)
    missing = await office.client.get("/policies/C4/9/dry-run", headers=office.identities.bearer(SECOND))
    assert missing.json()["code"] == "unknown-policy-proposal"


async def test_others_learn_the_terms_and_where_they_come_from(office: Office) -> None:
    await office.approved({**FIVE_DAYS, "reminders": [{"working_days_before": 2, "at": "09:00"}]})

    (proposed,), (approved,) = office.facts(PolicyProposed), office.facts(PolicyApproved)
    assert (proposed.version, approved.version) == ("C4.2", "C4.2")
    assert approved.source_document == "南乐县吹哨报到时限规定 南减办〔2026〕3号"
    assert (approved.start, approved.stop, approved.ending) == (
        "letter-submitted",
        "letter-resolved",
        "breach",
    )
    assert [(each.profile, each.unit, each.amount) for each in approved.limits] == [
        ("ordinary", "working-days", 5)
    ]
    clock = await office.county.clock("C4")
    assert [each.at for each in clock.reminders] == [at("2026-05-12 09:00")]


async def test_the_offices_open_by_the_hours_of_the_policy_of_reporting_in(office: Office) -> None:
    readings, monday = office.county.readings, at("2026-05-11 07:00")
    assert (await readings.next_opening(monday)).at == at("2026-05-11 08:30")
    hours = {"morning": ["09:15", "12:00"], "afternoon": ["14:00", "17:30"]}
    await office.approved({**FIVE_DAYS, "clock": "C1", "limits": {}, "hours": hours})
    assert (await readings.next_opening(monday)).at == at("2026-05-11 09:15")


async def test_a_clock_is_explained_as_of_a_past_moment_and_for_ever_the_same(office: Office) -> None:
    then = at("2026-05-08 12:00")
    office.county.now[0] = at("2026-05-08 13:00")
    path = f"/clocks/{C4}"
    before = await office.get(SUPERVISOR, path, as_of=then.isoformat())
    await office.approved(FIVE_DAYS)
    office.county.now[0] = at("2026-05-20 09:00")
    await office.county.hears(intake.LetterResolved(case_id=CASE, content_sealed=SEALED))

    after = await office.get(SUPERVISOR, path, as_of=then.isoformat())

    assert after == before
    assert (at_of(after["due"]), after["policy_version"]) == (at("2026-05-19 00:00"), "C4.1")
    assert (after["outcome"], after["breached_at"]) == (None, None)
    now = await office.get(SUPERVISOR, path)
    assert (now["outcome"], now["policy_version"]) == ("late", "C4.2")
    assert "C4.2" in "".join(now["explanation"]["zh"])
    listed = await office.get(SUPERVISOR, "/explanations", clocks=C4, as_of=then.isoformat())
    assert listed[C4] == before["explanation"]


async def test_nothing_is_explained_as_of_the_future_or_before_the_start(office: Office) -> None:
    headers = office.identities.bearer(SUPERVISOR)
    future = {"as_of": at("2026-05-08 10:01").isoformat()}
    early = {"as_of": at("2026-05-08 09:59").isoformat()}

    refused = await office.client.get(f"/clocks/{C4}", params=future, headers=headers)
    unknown = await office.client.get(f"/clocks/{C4}", params=early, headers=headers)

    assert (refused.status_code, refused.json()["code"]) == (422, "moment-to-come")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown-clock")


def at_of(text: str) -> datetime:
    """An instant of an answer."""
    return datetime.fromisoformat(text)
