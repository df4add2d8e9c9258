"""What one may ask for, told before it is refused."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from backbone.identity import Actor
from gateway.application.commands import ServiceUnreachable
from gateway.application.limits import Limits
from gateway.entrypoints.callers import Callers
from tests.component.gateway.board import CLERK, Board

TAKEN: dict[str, Any] = {
    "bytes": 10_000_000,
    "per_case": 20,
    "name_characters": 120,
    "types": [{"media_type": "image/jpeg", "endings": [".jpg", ".jpeg"]}],
}
RESIDENT = Actor("resident-1", "演示·沈", "resident", "410923102")


class IntakeSays:
    """Intake, which is asked for what it takes."""

    def __init__(self, away: bool = False) -> None:
        self.away = away

    async def read(self, service: str, path: str, *, token: str, params: Mapping[str, str]) -> Any:
        """The limits of attachments."""
        assert (service, path, params, bool(token)) == ("intake", "/attachment-limits", {}, True)
        if self.away:
            raise ServiceUnreachable(service)
        return TAKEN


def limited(board: Board, services: IntakeSays, **changes: Any) -> None:
    """Let the board have other limits."""
    callers = Callers(board.parts.verifier, Limits(**changes))
    board.parts = replace(board.parts, services=services, callers=callers)  # type: ignore[arg-type]


@pytest.mark.parametrize("actor", [CLERK, RESIDENT])
async def test_shows_what_a_file_may_be_before_it_is_sent(board: Board, actor: Actor) -> None:
    limited(board, IntakeSays())
    query = "{ limits { attachments { bytes perCase nameCharacters types { mediaType endings } } } }"

    assert (await board.ask(query, actor))["limits"]["attachments"] == {
        "bytes": 10_000_000,
        "perCase": 20,
        "nameCharacters": 120,
        "types": [{"mediaType": "image/jpeg", "endings": [".jpg", ".jpeg"]}],
    }


async def test_the_door_may_be_narrower_than_what_intake_takes(board: Board) -> None:
    limited(board, IntakeSays(), upload_bytes=1_000)

    assert await board.ask("{ limits { attachments { bytes } } }", CLERK) == {
        "limits": {"attachments": {"bytes": 1_000}}
    }


async def test_shows_the_limits_that_are_set(board: Board) -> None:
    limited(
        board, IntakeSays(away=True), depth=9, repeats=4, body_bytes=2_000, subscriptions_per_connection=3
    )

    found = await board.ask(
        "{ limits { operation { depth aliases tokens characters repeats cost bodyBytes seconds }"
        " caller { requestsPerMinute burst connections subscriptions subscriptionsPerConnection }"
        " anonymous { requestsPerMinute burst connections introductionSeconds }"
        " lists { page pageUnlessAsked searchCharacters searchWords bulkCases exportRows }"
        " channels { ofUnit ofPerson } } }",
        CLERK,
    )

    operation, caller = found["limits"]["operation"], found["limits"]["caller"]
    assert (operation["depth"], operation["bodyBytes"], operation["seconds"]) == (9, 2_000, 30.0)
    assert (operation["characters"], operation["repeats"]) == (50_000, 4)
    assert (caller["requestsPerMinute"], caller["subscriptionsPerConnection"]) == (3_000, 3)
    assert found["limits"]["anonymous"] == {
        "requestsPerMinute": 1_200,
        "burst": 300,
        "connections": 100,
        "introductionSeconds": 10.0,
    }


@pytest.mark.parametrize(
    ("limit", "beyond", "code"),
    [
        ("page", "cases(first: {}) {{ totalCount }}", "page-too-large"),
        ("searchCharacters", 'cases(filter: {{text: "{}"}}) {{ totalCount }}', "search-text-too-long"),
        ("bulkCases", "signWhistles(caseIds: [{}]) {{ done }}", "too-many-cases"),
    ],
)
async def test_one_more_than_is_told_is_refused(board: Board, limit: str, beyond: str, code: str) -> None:
    most = (await board.ask(f"{{ limits {{ lists {{ {limit} }} }} }}", CLERK))["limits"]["lists"][limit]
    asked = {"page": most + 1, "searchCharacters": "水" * (most + 1), "bulkCases": '"x", ' * (most + 1)}
    kind = "mutation" if limit == "bulkCases" else "query"
    actor = replace(CLERK, role="township_leader") if limit == "bulkCases" else CLERK

    assert (await board.refusal(f"{kind} {{ {beyond.format(asked[limit])} }}", actor))["code"] == code


async def test_says_so_when_intake_cannot_be_asked(board: Board) -> None:
    limited(board, IntakeSays(away=True))

    told = await board.refusal("{ limits { attachments { bytes } } }", CLERK)
    assert told["code"] == "service-unreachable"
