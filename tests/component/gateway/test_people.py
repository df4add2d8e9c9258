"""Who has signed in: everybody for the administrator and the auditor, colleagues for the others."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from backbone.identity import Actor
from backbone.sealing import KeysUnavailable, Sealer, key_id
from contracts.permissions import PEOPLE
from gateway.adapters.machines import PostgresMachines
from gateway.adapters.people import People
from gateway.adapters.sealed_box import SealedBox
from gateway.adapters.sessions import PostgresSessions
from gateway.application.machines import Scope
from gateway.application.provider import Redeemed
from gateway.application.sessions import Lifetimes, Sessions
from gateway.entrypoints.graphql.enums import Role
from tests.backbone.edge import SECRET, Identities
from tests.component.gateway.board import (
    ADMINISTRATOR,
    CLERK,
    DISPATCHER,
    LEADER,
    LIAISON,
    STRANGER,
    WATER,
    YUANCUN,
    Board,
)
from tests.component.gateway.house import ProviderInHand
from tests.component.gateway.test_units_that_change import merged, registered

AUDITOR = Actor("auditor-1", "演示·冯", "auditor", "audit-bureau")
RESIDENT = Actor("resident-1", "演示·陈", "resident", YUANCUN)
HEAD = Actor("head-water", "演示·褚", "department_leader", WATER)
EVERYBODY = (CLERK, LEADER, LIAISON, HEAD, STRANGER, DISPATCHER, RESIDENT)
LIFETIMES = Lifetimes(idle=timedelta(hours=2), absolute=timedelta(hours=12))
PEOPLE_QUERY = """query($unit: String, $role: Role, $text: String, $first: Int! = 50, $after: String) {
  people(unit: $unit, role: $role, text: $text, first: $first, after: $after) { totalCount
    pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { cursor node { subject name role roleName unitCode machineClient firstSignInAt lastSignInAt
      openSessions unit { name } } } } }"""


class Hall:
    """Where people sign in, in front of a board."""

    def __init__(self, board: Board, folder: Path) -> None:
        self.board, self.identities = board, Identities(folder)
        self.provider = ProviderInHand(self.identities)
        self.names = People(board.sealer, LIFETIMES.idle)
        store = PostgresSessions(board.engine, SealedBox(SECRET, "sessions"), self.names)
        self.sessions = Sessions(store, self.provider, self.identities.verifier(), LIFETIMES)

    async def enter(self, *people: Actor) -> str:
        """They sign in, one after the other; the last one's session."""
        session = ""
        for each in people:
            self.provider.person = each
            tokens = self.provider._tokens()
            session = await self.sessions.open(Redeemed(tokens, f"id-of-{each.subject}", None))
        return session

    async def later(self, by: timedelta) -> None:
        """Move the database's clock on."""
        async with self.board.engine.begin() as connection:
            await connection.execute(text("UPDATE clock_offset SET shift = shift + :by"), {"by": by})

    async def people(self, viewer: Actor = ADMINISTRATOR, **asked: Any) -> Mapping[str, Any]:
        """What somebody is told."""
        told: Mapping[str, Any] = (await self.board.ask(PEOPLE_QUERY, viewer, asked))["people"]
        return told

    async def subjects(self, viewer: Actor = ADMINISTRATOR, **asked: Any) -> list[str]:
        """Whom somebody is told of."""
        return [each["node"]["subject"] for each in (await self.people(viewer, **asked))["edges"]]


@pytest.fixture
async def hall(board: Board, tmp_path: Path) -> Hall:
    async with board.engine.begin() as connection:
        await connection.execute(text("UPDATE clock_offset SET shift = '0'"))
    return Hall(board, tmp_path)


def ordered(*people: Actor) -> list[str]:
    return [each.subject for each in sorted(people, key=lambda each: (each.unit, each.subject))]


async def test_whoever_has_signed_in_is_there_with_the_last_claims(hall: Hall) -> None:
    await hall.enter(CLERK)
    await hall.later(timedelta(hours=1))
    await hall.enter(replace(CLERK, name="演示·章", role="township_leader"))

    (edge,) = (await hall.people())["edges"]

    person = edge["node"]
    assert (person["subject"], person["name"], person["role"]) == (
        CLERK.subject,
        "演示·章",
        "TOWNSHIP_LEADER",
    )
    assert (person["roleName"], person["unitCode"], person["machineClient"]) == ("镇街领导", YUANCUN, False)
    assert person["firstSignInAt"] < person["lastSignInAt"]
    assert person["openSessions"] == 2


async def test_claims_that_change_meanwhile_come_with_the_next_renewal(hall: Hall) -> None:
    session = await hall.enter(CLERK)
    before = (await hall.people())["edges"][0]["node"]
    await hall.later(timedelta(minutes=6))
    hall.provider.person = replace(CLERK, role="township_leader")

    await hall.sessions.signed_in(session)

    after = (await hall.people())["edges"][0]["node"]
    assert (before["role"], after["role"]) == ("TOWNSHIP_CLERK", "TOWNSHIP_LEADER")
    assert after["lastSignInAt"] == before["lastSignInAt"]


async def test_only_sessions_that_go_on_are_counted(hall: Hall) -> None:
    session = await hall.enter(CLERK)
    await hall.enter(CLERK, CLERK)
    await hall.sessions.end(session, CLERK.subject)
    assert [each["node"]["openSessions"] for each in (await hall.people())["edges"]] == [2]

    await hall.later(timedelta(hours=2, seconds=1))

    assert [each["node"]["openSessions"] for each in (await hall.people())["edges"]] == [0]


@pytest.mark.parametrize("viewer", [ADMINISTRATOR, AUDITOR])
async def test_administrator_and_auditor_see_everybody(hall: Hall, viewer: Actor) -> None:
    await hall.enter(*EVERYBODY)

    told = await hall.people(viewer)

    assert [each["node"]["subject"] for each in told["edges"]] == ordered(*EVERYBODY)
    assert told["totalCount"] == len(EVERYBODY)


async def test_people_of_a_unit_see_their_colleagues_and_nobody_else(hall: Hall) -> None:
    await hall.enter(*EVERYBODY)

    assert await hall.subjects(LIAISON) == ordered(LIAISON, HEAD)
    assert await hall.subjects(CLERK) == ordered(CLERK, LEADER)
    assert await hall.subjects(STRANGER) == [STRANGER.subject]
    others: list[dict[str, Any]] = [{"unit": YUANCUN}, {"text": CLERK.name}, {"text": CLERK.subject}]
    for asked in others:
        told = await hall.people(LIAISON, **asked)
        assert (told["edges"], told["totalCount"]) == ([], 0)


async def test_a_resident_sees_and_is_nobodys_colleague(hall: Hall) -> None:
    await hall.enter(*EVERYBODY)

    assert await hall.subjects(RESIDENT) == [RESIDENT.subject]
    assert RESIDENT.subject not in await hall.subjects(CLERK)


async def test_colleagues_do_not_see_when_one_comes_and_goes(hall: Hall) -> None:
    await hall.enter(CLERK, LEADER)

    told = {each["node"]["subject"]: each["node"] for each in (await hall.people(CLERK))["edges"]}

    hidden = ("firstSignInAt", "lastSignInAt", "openSessions")
    assert [told[LEADER.subject][each] for each in hidden] == [None] * 3
    assert None not in [told[CLERK.subject][each] for each in hidden]


async def test_colleagues_of_a_merged_unit_are_the_heirs(hall: Hall) -> None:
    await hall.enter(LIAISON, STRANGER)

    await hall.board.tell(registered(WATER, "水利局"), registered(STRANGER.unit, "供电公司"))
    await hall.board.tell(merged(WATER, STRANGER.unit))

    assert await hall.subjects(STRANGER) == ordered(LIAISON, STRANGER)
    assert await hall.subjects(LIAISON) == [LIAISON.subject]


async def test_filters_combine(hall: Hall) -> None:
    await hall.enter(*EVERYBODY)

    assert await hall.subjects(unit=WATER) == ordered(LIAISON, HEAD)
    assert await hall.subjects(role="DEPARTMENT_LIAISON") == ordered(LIAISON, STRANGER)
    assert await hall.subjects(unit=WATER, role="DEPARTMENT_LIAISON") == [LIAISON.subject]
    assert await hall.subjects(text="赵") == [LIAISON.subject]
    assert await hall.subjects(text=" LIAISON-A ") == ordered(LIAISON, STRANGER)
    assert await hall.subjects(text="赵", role="TOWNSHIP_CLERK") == []
    assert await hall.subjects(text="  ") == ordered(*EVERYBODY)


@pytest.mark.parametrize("asked", [{}, {"text": "演示"}])
@pytest.mark.parametrize("size", [1, 3, 7])
async def test_pages_of_any_size_make_up_the_list(hall: Hall, asked: dict[str, Any], size: int) -> None:
    await hall.enter(*EVERYBODY)
    found: list[str] = []
    after, more = None, True
    while more:
        told = await hall.people(first=size, after=after, **asked)
        await hall.enter(CLERK)  # whoever signs in meanwhile moves nobody
        assert told["totalCount"] == len(EVERYBODY)
        assert told["pageInfo"]["hasPreviousPage"] == bool(found)
        found += [each["node"]["subject"] for each in told["edges"]]
        after, more = told["pageInfo"]["endCursor"], told["pageInfo"]["hasNextPage"]

    assert found == ordered(*EVERYBODY)


@pytest.mark.parametrize("after", ["", "nonsense", "WyJhIl0=", "WzEsMl0="])
async def test_a_place_of_no_list_is_refused(hall: Hall, after: str) -> None:
    assert (await hall.board.refusal(PEOPLE_QUERY, CLERK, {"after": after}))["code"] == "bad-cursor"


async def test_a_page_has_a_limit(hall: Hall) -> None:
    for first in (-1, 101):
        refused = await hall.board.refusal(PEOPLE_QUERY, CLERK, {"first": first})
        assert refused["code"] == "page-too-large"


async def test_machine_clients_stand_among_them_for_who_keeps_them(hall: Hall) -> None:
    await hall.enter(LIAISON)
    machines = PostgresMachines(hall.board.engine)
    scope = Scope("department_liaison", WATER, frozenset({"read-cases"}))
    for number, name in enumerate(("巡检系统", "旧系统")):
        client = UUID(int=number + 1)
        key = UUID(int=number + 10)
        await machines.add(client, name, scope, b"hash", timedelta(days=9), by="somebody", issue_key=key)
    await machines.revoke(UUID(int=2), "somebody")

    told = [each["node"] for each in (await hall.people(unit=WATER))["edges"]]

    assert [(each["name"], each["machineClient"]) for each in told] == [
        (LIAISON.name, False),
        ("巡检系统", True),
    ]
    assert told[1]["subject"] == f"machine:{UUID(int=1)}"
    assert told[1]["firstSignInAt"]
    assert (told[1]["lastSignInAt"], told[1]["openSessions"]) == (None, 0)
    assert await hall.subjects(text="巡检") == [told[1]["subject"]]
    assert await hall.subjects(LIAISON) == [LIAISON.subject]


async def test_names_are_ciphertext_and_go_with_their_key(hall: Hall) -> None:
    await hall.enter(LIAISON, HEAD)
    async with hall.board.engine.connect() as connection:
        rows = (await connection.execute(text("SELECT person::text FROM person"))).scalars().all()
    assert LIAISON.name not in "".join(rows)
    assert f"sealed:v1:{key_id('person', LIAISON.subject)}:" in "".join(rows)

    hall.board.ring.destroy(key_id("person", LIAISON.subject))

    names = {each["node"]["subject"]: each["node"]["name"] for each in (await hall.people())["edges"]}
    assert names == {LIAISON.subject: None, HEAD.subject: HEAD.name}
    assert await hall.subjects(text=LIAISON.name) == []
    await hall.enter(LIAISON)
    names = {each["node"]["subject"]: each["node"]["name"] for each in (await hall.people())["edges"]}
    assert names[LIAISON.subject] is None


class KeysAway:
    """The owner of the keys does not answer."""

    async def keys(self, ids: object) -> dict[str, bytes | None]:
        """Away."""
        raise KeysUnavailable


async def test_nobody_is_kept_out_while_names_cannot_be_sealed(hall: Hall) -> None:
    known = hall.names
    known._sealer = Sealer(KeysAway())
    session = await hall.enter(CLERK)
    known._sealer = hall.board.sealer
    assert (await hall.people())["edges"][0]["node"]["name"] is None

    await hall.later(timedelta(minutes=6))
    await hall.sessions.signed_in(session)

    assert (await hall.people())["edges"][0]["node"]["name"] == CLERK.name


async def test_names_that_cannot_be_opened_now_are_not_taken_for_erased(hall: Hall) -> None:
    await hall.enter(CLERK)
    assert hall.board.parts.people is not None
    hall.board.parts.people._sealer = Sealer(KeysAway())

    assert (await hall.board.refusal(PEOPLE_QUERY, CLERK))["code"] == "keys-unavailable"


def test_every_role_of_people_can_be_asked_for() -> None:
    assert {each.value for each in Role} == PEOPLE
