"""The auditor reads the published events of each service as they are stored, page by page."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from backbone.eventstore import PublishedEvent
from backbone.identity import Actor
from backbone.outbox import envelope
from gateway.application.commands import ServiceUnreachable
from tests.component.gateway.board import CASE, CLERK, Board, ServicesInHand

ASKED = """query($service: EventSource!, $caseId: ID, $first: Int = 50, $after: String) {
  events(service: $service, caseId: $caseId, first: $first, after: $after) {
    edges { cursor node { eventId seq type caseId recordedAt occurredAt actor unitCode data } }
    pageInfo { hasNextPage hasPreviousPage endCursor } } }"""
AUDITOR = Actor("auditor-1", "演示·郑", "auditor", "audit-bureau")
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
META = '{"actor":"clerk-7","role":"township_clerk","unit":"410923102"}'


def published(seq: int) -> dict[str, Any]:
    """An event as its service gives it out."""
    event = PublishedEvent(
        seq, uuid4(), "intake.whistle.whistle-raised.v1", CASE, f'{{"n":{seq}}}', META, None, NOON
    )
    told: dict[str, Any] = orjson.loads(envelope("intake", UUID(int=1), event))
    return told


class Archive(ServicesInHand):
    """A service with five events."""

    away = False
    wanted: list[dict[str, str]]

    async def read(self, service: str, path: str, *, token: str, params: Mapping[str, str]) -> Any:
        """A page of them."""
        assert (service, path) == ("intake", "/published")
        assert token
        if self.away:
            raise ServiceUnreachable("intake")
        self.wanted.append(dict(params))
        after, limit = int(params["after"]), int(params["limit"])
        return [published(seq) for seq in range(after + 1, 6)][:limit]


@pytest.fixture
def archive(board: Board) -> Archive:
    """The board asks it."""
    archive = Archive()
    archive.wanted = []
    board.parts = replace(board.parts, services=archive)
    return archive


async def test_shows_them_page_by_page_in_their_order(board: Board, archive: Archive) -> None:
    seen: list[int] = []
    after: str | None = None
    while True:
        asked = {"service": "INTAKE", "first": 2, "after": after}
        page = (await board.ask(ASKED, AUDITOR, asked))["events"]
        seen += [edge["node"]["seq"] for edge in page["edges"]]
        assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [1, 2, 3, 4, 5]


async def test_shows_an_event_as_it_is_stored(board: Board, archive: Archive) -> None:
    found = await board.ask(ASKED, AUDITOR, {"service": "INTAKE", "caseId": CASE, "first": 1})

    (edge,) = found["events"]["edges"]
    node = edge["node"]
    assert archive.wanted == [{"after": "0", "limit": "2", "case": CASE}]
    assert (node["type"], node["caseId"], node["data"]) == (
        "intake.whistle.whistle-raised.v1",
        CASE,
        {"n": 1},
    )
    assert (node["actor"], node["unitCode"], node["occurredAt"]) == ("clerk-7", "410923102", None)
    assert datetime.fromisoformat(node["recordedAt"]) == NOON


async def test_shows_them_to_nobody_else(board: Board, archive: Archive) -> None:
    assert (await board.refusal(ASKED, CLERK, {"service": "INTAKE"}))["code"] == "not-permitted"
    assert archive.wanted == []


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "٣", "9" * 19, "9" * 40])
async def test_refuses_a_place_it_never_gave(board: Board, archive: Archive, after: str) -> None:
    refused = await board.refusal(ASKED, AUDITOR, {"service": "INTAKE", "after": after})
    assert refused["code"] == "bad-cursor"


@pytest.mark.parametrize("first", [-1, 101])
async def test_refuses_a_page_beyond_the_limit(board: Board, archive: Archive, first: int) -> None:
    refused = await board.refusal(ASKED, AUDITOR, {"service": "INTAKE", "first": first})
    assert refused["code"] == "page-too-large"


async def test_says_so_when_the_service_is_away(board: Board, archive: Archive) -> None:
    archive.away = True
    refused = await board.refusal(ASKED, AUDITOR, {"service": "INTAKE"})
    assert refused["code"] == "service-unreachable"
