"""The working calendar at the gateway: as far as it is published, and until when that reaches."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from backbone.identity import Actor
from gateway.application.commands import ServiceUnreachable
from tests.component.gateway.board import ADMINISTRATOR, CLERK, LIAISON, Board, ServicesInHand

ASKED = """{ calendar { coverage coveredUntil daysLeft years { year version source makeUpDays
  holidays { name first last } specialDays { day kind note } } } }"""
TOLD: Mapping[str, Any] = {
    "status": "ends-soon",
    "covered_until": "2026-12-31",
    "days_left": 40,
    "years": [
        {
            "year": 2026,
            "version": 2,
            "source": "国务院办公厅关于2026年部分节假日安排的通知",
            "holidays": [{"name": "春节", "first": "2026-02-15", "last": "2026-02-23"}],
            "make_up_days": ["2026-02-14", "2026-02-28"],
            "special_days": [{"day": "2026-05-11", "kind": "morning-only", "note": "停电检修"}],
        }
    ],
}


class CalendarOffice(ServicesInHand):
    """The service that keeps the calendar."""

    told: Mapping[str, Any] | None = TOLD

    async def read(self, service: str, path: str, *, token: str, params: Mapping[str, str]) -> Any:
        """Answer for the calendar."""
        assert (service, path, dict(params)) == ("accountability", "/calendar", {})
        assert token
        if self.told is None:
            raise ServiceUnreachable("accountability")
        return self.told


@pytest.fixture
def office(board: Board) -> CalendarOffice:
    """The board asks it."""
    office = CalendarOffice()
    board.parts = replace(board.parts, services=office)
    return office


@pytest.mark.parametrize("actor", [CLERK, LIAISON, ADMINISTRATOR], ids=lambda actor: actor.role)
async def test_is_shown_to_everybody(board: Board, office: CalendarOffice, actor: Actor) -> None:
    (year,) = (found := (await board.ask(ASKED, actor))["calendar"])["years"]

    assert (found["coverage"], found["coveredUntil"], found["daysLeft"]) == ("ENDS_SOON", "2026-12-31", 40)
    assert (year["year"], year["version"], year["makeUpDays"]) == (2026, 2, ["2026-02-14", "2026-02-28"])
    assert year["holidays"] == [{"name": "春节", "first": "2026-02-15", "last": "2026-02-23"}]
    assert year["specialDays"] == [{"day": "2026-05-11", "kind": "MORNING_ONLY", "note": "停电检修"}]


async def test_says_so_when_nothing_is_published(board: Board, office: CalendarOffice) -> None:
    office.told = {**TOLD, "covered_until": None, "days_left": 0, "years": []}

    found = (await board.ask(ASKED))["calendar"]

    assert (found["coveredUntil"], found["years"]) == (None, [])


async def test_names_the_service_that_is_away(board: Board, office: CalendarOffice) -> None:
    office.told = None

    assert (await board.refusal(ASKED))["code"] == "service-unreachable"
