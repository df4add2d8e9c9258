"""Case rules over HTTP: proposed by one person, approved by another, and binding the next decision only."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from accountability.domain.refusals import Refused
from accountability.entrypoints.case_rules_http import case_rules_router
from backbone.identity import Actor
from backbone.web import service_app
from contracts.catalogue import sentence
from contracts.events import accountability as published
from tests.backbone.edge import SECRET, Identities, client_of
from tests.component.accountability.test_extension import applies, grants
from tests.component.accountability.test_parking import hands, now, parked
from tests.component.accountability.whistle_hands import (
    COUNTY_LEADER,
    SUPERVISOR,
    TOWN_LEADER,
    WATER,
    WATER_LEADER,
    Hands,
    moment,
    wish,
)

__all__ = ["hands", "now"]

ADMINISTRATOR = Actor("administrator-1", "演示·管一", "administrator", "government-services-data")
SECOND = Actor("administrator-2", "演示·管二", "administrator", "government-services-data")
SOURCE = {"title": "南乐县吹哨报到办理规则", "number": "南减办〔2026〕5号"}
ONE_EXTENSION = {"effective_from": "2026-03-02", "source": SOURCE, "rules": {"most_extensions": 1}}


@dataclass
class Office:
    """People at the edge of accountability."""

    client: httpx.AsyncClient
    identities: Identities
    hands: Hands

    async def post(self, actor: Actor, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        headers = {**self.identities.bearer(actor), "Idempotency-Key": key or str(uuid4())}
        return await self.client.post(f"/case-rules{path}", json=body or {}, headers=headers)

    async def refused(self, actor: Actor, path: str, body: Any = None) -> tuple[int, str]:
        response = await self.post(actor, path, body)
        problem = response.json()
        assert problem["title"] != problem["code"], "a refusal without a Chinese sentence"
        return response.status_code, problem["code"]

    async def versions(self, actor: Actor = SUPERVISOR) -> list[dict[str, Any]]:
        response = await self.client.get("/case-rules", headers=self.identities.bearer(actor))
        assert response.status_code == 200, response.text
        found: list[dict[str, Any]] = response.json()
        return found

    async def approved(self, document: dict[str, Any], number: int = 1) -> None:
        """Proposed by one, approved by another."""
        assert (await self.post(ADMINISTRATOR, "", document)).status_code == 200
        assert (await self.post(SECOND, f"/{number}/approve")).status_code == 200

    async def told(self) -> list[published.CaseRulesApproved]:
        """What others have learned."""
        rows = await self.hands.office.store.published(0, 500)
        name = published.CaseRulesApproved.NAME
        return [
            published.CaseRulesApproved.model_validate_json(each.data) for each in rows if each.type == name
        ]


@pytest.fixture
async def office(hands: Hands, tmp_path: Path) -> AsyncIterator[Office]:
    identities = Identities(tmp_path)
    app = service_app(
        "accountability",
        store=hands.office.store,
        verifier=identities.verifier(),
        sentence=sentence,
        secret=SECRET,
        routers=[case_rules_router(hands.office.case_rules, hands.office.rules_trial)],
    )
    async with client_of(app) as client:
        yield Office(client, identities, hands)


async def test_are_the_defaults_until_two_people_have_changed_them(office: Office) -> None:
    [default] = await office.versions()
    assert (default["number"], default["state"], default["in_force"]) == (0, "default", True)
    assert default["rules"] == published.DEFAULT_RULES.model_dump(mode="json")
    assert (await office.post(ADMINISTRATOR, "", ONE_EXTENSION)).status_code == 200
    assert await office.told() == []
    assert await office.refused(ADMINISTRATOR, "/1/approve") == (422, "second-person-needed")
    assert (await office.post(SECOND, "/1/approve")).status_code == 200
    default, changed = await office.versions()
    assert (default["in_force"], changed["in_force"], changed["state"]) == (False, True, "approved")
    assert (changed["proposed_by"], changed["decided_by"]) == (ADMINISTRATOR.subject, SECOND.subject)
    [told] = await office.told()
    assert told.rules == published.DEFAULT_RULES.model_copy(update={"most_extensions": 1})
    assert (told.number, told.source_document) == (1, "南乐县吹哨报到办理规则 南减办〔2026〕5号")


async def test_keep_what_a_document_does_not_name_as_it_is_on_its_first_day(office: Office) -> None:
    await office.approved(ONE_EXTENSION)
    later = {"effective_from": "2026-04-01", "source": SOURCE, "rules": {"representatives": 30}}
    await office.approved(later, 2)
    earlier = {"effective_from": "2026-02-01", "source": SOURCE, "rules": {"representatives": 30}}
    await office.approved(earlier, 3)
    _, _, told, before = await office.versions()
    assert (told["rules"]["most_extensions"], told["rules"]["representatives"]) == (1, 30)
    assert before["rules"]["most_extensions"] == 2


async def test_are_declined_for_a_reason_that_is_kept_sealed(office: Office) -> None:
    await office.post(ADMINISTRATOR, "", ONE_EXTENSION)
    assert await office.refused(SECOND, "/1/decline", {"reason": " "}) == (422, "reason-missing")
    assert (await office.post(SECOND, "/1/decline", {"reason": "与市里不一致"})).status_code == 200
    _, declined = await office.versions()
    assert (declined["state"], declined["reason"]) == ("declined", "与市里不一致")
    kept = [row.data for row in await office.hands.office.store.read(0, 10_000)]
    assert not any("与市里不一致" in text for text in kept)


async def test_are_changed_by_those_who_may_and_read_by_everybody(office: Office) -> None:
    await office.post(ADMINISTRATOR, "", ONE_EXTENSION)
    for path, body in (("", ONE_EXTENSION), ("/1/approve", None), ("/1/decline", {"reason": "x"})):
        for other in (TOWN_LEADER, SUPERVISOR, COUNTY_LEADER):
            assert await office.refused(other, path, body) == (403, "not-permitted")
    _, proposed = await office.versions(TOWN_LEADER)
    assert (proposed["proposed_by"], proposed["state"]) == (None, "proposed")


async def test_are_answered_once_per_key(office: Office) -> None:
    key = str(uuid4())
    first = await office.post(ADMINISTRATOR, "", ONE_EXTENSION, key)
    again = await office.post(ADMINISTRATOR, "", ONE_EXTENSION, key)
    assert first.json() == again.json()
    assert len(await office.versions()) == 2


@pytest.mark.parametrize(
    "rules", [{"unknown": 1}, {"most_extensions": 0}, {"duplicate_likeness": 2}, {"parking_grounds": ["x"]}]
)
async def test_are_refused_where_they_cannot_be_read(office: Office, rules: dict[str, Any]) -> None:
    assert await office.refused(ADMINISTRATOR, "", ONE_EXTENSION | {"rules": rules}) == (
        422,
        "invalid-request",
    )


async def test_bind_the_next_extension_and_leave_the_granted_one(office: Office, hands: Hands) -> None:
    await applies(hands)
    await grants(hands)
    await hands.settle()
    await office.approved(ONE_EXTENSION)
    with pytest.raises(Refused) as refused:
        await applies(hands, 2)
    assert (refused.value.slug, refused.value.params) == (
        "extended-as-often-as-allowed",
        {"most": 1, "rules_version": 1},
    )
    assert len((await hands.clock("C5")).extensions) == 1


async def test_bind_nobody_before_their_first_day(office: Office, hands: Hands, now: list[datetime]) -> None:
    await applies(hands)
    await grants(hands)
    await hands.settle()
    await office.approved(ONE_EXTENSION | {"effective_from": "2026-03-04"})
    now[0] = moment("2026-03-03 23:59:59")
    await applies(hands, 2)
    now[0] = moment("2026-03-04 00:00:00")
    with pytest.raises(Refused, match="extended-as-often-as-allowed"):
        await hands.office.extensions.grant(hands.case, COUNTY_LEADER, hands.asks())


async def test_say_which_grounds_a_parking_may_have_how_long_and_who_decides(
    office: Office, hands: Hands
) -> None:
    async def applying(sunset: date) -> None:
        words = wish(sunset, date(2026, 3, 20))
        await hands.office.parkings.apply(hands.case, words, WATER_LEADER, hands.asks())

    season = {"ground": "season_or_term", "most_days": 60, "office_decides": 0}
    money = {"ground": "awaiting_funds"}
    await office.approved(ONE_EXTENSION | {"rules": {"parking_grounds": [money]}})
    with pytest.raises(Refused, match="parking-ground-not-admitted"):
        await applying(date(2026, 4, 1))
    await office.approved(ONE_EXTENSION | {"rules": {"parking_grounds": [money, season]}}, 2)
    with pytest.raises(Refused) as refused:
        await applying(date(2026, 6, 30))
    assert (refused.value.slug, refused.value.params) == (
        "sunset-too-far",
        {"most": 60, "rules_version": 2},
    )
    await applying(date(2026, 4, 1))
    with pytest.raises(Refused, match="second-time-is-the-county-leaders"):
        await hands.office.parkings.approve(hands.case, SUPERVISOR, hands.asks())
    await hands.office.parkings.approve(hands.case, COUNTY_LEADER, hands.asks())


async def tried(office: Office, actor: Actor, document: dict[str, Any] | None, number: int = 1) -> Any:
    """What a document, or else a proposal, would do."""
    headers = office.identities.bearer(actor)
    if document is None:
        response = await office.client.get(f"/case-rules/{number}/dry-run", headers=headers)
    else:
        response = await office.client.post("/case-rules/dry-run", json=document, headers=headers)
    return response.json()


def foreseen(found: Any) -> list[tuple[str, str | None, str, str]]:
    """What would come otherwise."""
    return [(each["subject"], each["ground"], each["old"], each["new"]) for each in found["foreseen"]]


async def test_show_first_which_open_whistles_are_treated_otherwise(office: Office, hands: Hands) -> None:
    await applies(hands)
    await grants(hands)
    await hands.settle()
    before = len(await hands.office.store.read(0, 10_000))
    season = {"ground": "season_or_term", "office_decides": 0}
    rules = {"most_extensions": 1, "cycles_that_escalate": 2, "parking_grounds": [season]}
    found = await tried(office, SUPERVISOR, ONE_EXTENSION | {"rules": rules})
    assert [each["name"] for each in found["changes"]] == [
        "cycles_that_escalate",
        "most_extensions",
        "parking_grounds",
    ]
    assert (found["number"], found["open_whistles"], found["concerned"]) == (None, 1, 1)
    assert {each["case_id"] for each in found["foreseen"]} == {hands.case}
    assert {each["unit"] for each in found["foreseen"]} == {WATER}
    assert foreseen(found) == [
        ("extension-by", None, "county-leader", "nobody"),
        ("extension-most", None, "7", "0"),
        ("parking-by", "awaiting_funds", "office", "nobody"),
        ("parking-by", "beyond_county", "office", "nobody"),
        ("parking-by", "legal_obstacle", "office", "nobody"),
        ("parking-by", "pending_judgment", "office", "nobody"),
        ("parking-by", "season_or_term", "office", "county-leader"),
        ("raising-again", None, "handled", "escalates"),
    ]
    assert len(await hands.office.store.read(0, 10_000)) == before, "nothing is stored"


async def test_are_tried_as_they_were_proposed_and_nothing_comes_of_what_changes_no_open_case(
    office: Office,
) -> None:
    more = {"office_decides_extensions": 2, "extension_per_cent": 50}
    await office.post(ADMINISTRATOR, "", ONE_EXTENSION | {"rules": more})
    found = await tried(office, COUNTY_LEADER, None)
    assert (found["number"], foreseen(found)) == (1, [("extension-most", None, "7", "3")])
    later = await tried(office, COUNTY_LEADER, ONE_EXTENSION | {"rules": {"reply_days": 5}})
    assert [(each["name"], each["old"], each["new"]) for each in later["changes"]] == [("reply_days", 3, 5)]
    assert (later["concerned"], later["foreseen"]) == (0, [])
    unknown = await tried(office, COUNTY_LEADER, None, 7)
    assert unknown["code"] == "unknown-policy-proposal"
    for path, body in (("/dry-run", ONE_EXTENSION),):
        assert await office.refused(TOWN_LEADER, path, body) == (403, "not-permitted")


async def test_say_who_decides_an_extension_and_how_long_it_may_be(office: Office, hands: Hands) -> None:
    rules = {"office_decides_extensions": 2, "extension_per_cent": 200, "most_extensions": 3}
    await office.approved(ONE_EXTENSION | {"rules": rules})
    for number, (days, decider) in enumerate(((14, SUPERVISOR), (1, SUPERVISOR), (2, COUNTY_LEADER)), 1):
        await applies(hands, days)
        await hands.office.extensions.grant(hands.case, decider, hands.asks())
        await hands.settle()
        assert len((await hands.clock("C5")).extensions) == number
    assert (await hands.clock("C5")).limit.amount == 7 + 17


async def test_leave_a_parking_that_was_approved_before(
    office: Office, hands: Hands, now: list[datetime]
) -> None:
    await parked(hands, now)
    await office.approved(ONE_EXTENSION | {"rules": {"parking_grounds": []}})
    assert (await hands.clock("C16")).stopped_at is None
    assert (await hands.clock("C5")).paused_at is not None
