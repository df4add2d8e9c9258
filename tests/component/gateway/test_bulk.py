"""Many cases at once: one command and one result per case."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

import pytest

from gateway.application.commands import Accepted, CommandRefused, ServiceUnreachable
from gateway.entrypoints.graphql.bulk_mutations import MOST
from tests.component.gateway.board import CASE, CLERK, DISPATCHER, LEADER, LIAISON, Board, case_number

KEY = UUID("33333333-3333-4333-8333-333333333333")
ITEMS = "done failed items { caseId done stale case { caseId } error { code message rule { id } } }"
CLOSE_OUT = (
    f"mutation($ids: [ID!]!, $key: UUID) {{ closeOutAll(caseIds: $ids, idempotencyKey: $key) {{ {ITEMS} }} }}"
)
OTHER = case_number(2)


class Picky:
    """Services that refuse one case."""

    def __init__(self, board: Board, refused: str, problem: Exception) -> None:
        self._board, self._refused, self._problem = board, refused, problem

    async def __call__(
        self, service: str, path: str, body: Mapping[str, Any], *, token: str, key: UUID
    ) -> Accepted:
        """Take a command, or not."""
        self._board.services.sent.append((service, path, dict(body), key))
        if self._refused in path:
            raise self._problem
        return Accepted(service, 1, CASE, {})


async def test_answers_for_each_case_in_the_order_given(dispatched: Board) -> None:
    found = (await dispatched.ask(CLOSE_OUT, CLERK, {"ids": [CASE, OTHER, CASE]}))["closeOutAll"]

    assert (found["done"], found["failed"]) == (2, 0)
    assert [item["caseId"] for item in found["items"]] == [CASE, OTHER]
    assert {path for _, path, _, _ in dispatched.services.sent} == {
        f"/whistles/{CASE}/close-out",
        f"/whistles/{OTHER}/close-out",
    }


@pytest.mark.parametrize(
    ("problem", "code", "rule"),
    [
        (
            CommandRefused(422, {"code": "not-awaiting-confirmation", "params": {}}),
            "not-awaiting-confirmation",
            {"id": "W7"},
        ),
        (ServiceUnreachable("intake"), "service-unreachable", None),
    ],
)
async def test_one_that_fails_does_not_keep_the_others(
    dispatched: Board,
    problem: Exception,
    code: str,
    rule: dict[str, str] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dispatched.services, "command", Picky(dispatched, OTHER, problem))

    found = (await dispatched.ask(CLOSE_OUT, CLERK, {"ids": [OTHER, CASE]}))["closeOutAll"]

    assert (found["done"], found["failed"]) == (1, 1)
    bad, good = found["items"]
    assert (bad["done"], bad["case"], bad["error"]["code"]) == (False, None, code)
    assert bad["error"]["message"]
    assert bad["error"]["rule"] == rule
    assert (good["done"], good["case"]["caseId"], good["error"]) == (True, CASE, None)


async def test_an_id_that_is_none_fails_alone(dispatched: Board) -> None:
    found = (await dispatched.ask(CLOSE_OUT, CLERK, {"ids": ["../keys", CASE]}))["closeOutAll"]

    assert [item["done"] for item in found["items"]] == [False, True]
    assert found["items"][0]["error"]["code"] == "unknown-case"
    assert found["items"][0]["error"]["rule"] == {"id": "sight"}


async def test_a_repeat_repeats_every_command_under_its_own_key(dispatched: Board) -> None:
    for _ in range(2):
        await dispatched.ask(CLOSE_OUT, CLERK, {"ids": [CASE, OTHER], "key": str(KEY)})

    keys = [key for *_, key in dispatched.services.sent]
    assert sorted(keys[:2]) == sorted(keys[2:]) == sorted([uuid5(KEY, CASE), uuid5(KEY, OTHER)])


async def test_refuses_more_than_one_call_holds_before_any_is_done(dispatched: Board) -> None:
    ids = [case_number(n) for n in range(MOST + 1)]

    refusal = await dispatched.refusal(CLOSE_OUT, CLERK, {"ids": ids})

    assert refusal["code"] == "too-many-cases"
    assert dispatched.services.sent == []


async def test_a_role_that_may_not_is_refused_as_a_whole(dispatched: Board) -> None:
    assert (await dispatched.refusal(CLOSE_OUT, LIAISON, {"ids": [CASE]}))["code"] == "not-permitted"
    assert dispatched.services.sent == []


@pytest.mark.parametrize(
    ("mutation", "actor", "path"),
    [
        (f'signWhistles(caseIds: ["{CASE}"])', LEADER, f"/whistles/{CASE}/sign"),
        (
            f'reportInToAll(caseIds: ["{CASE}"], handler: "王五", phone: "1")',
            LIAISON,
            f"/dispatches/{CASE}/assignments/water-resources/report-in",
        ),
        (
            f'concludeAll(caseIds: ["{CASE}"], sentence: "已清淤")',
            LIAISON,
            f"/dispatches/{CASE}/assignments/water-resources/conclude",
        ),
        (
            f'confirmDispatches(caseIds: ["{CASE}"], legalBasis: "《防洪法》第八条")',
            DISPATCHER,
            f"/dispatches/{CASE}/confirm",
        ),
    ],
    ids=["sign", "report in", "conclude", "confirm"],
)
async def test_passes_each_command_on(dispatched: Board, mutation: str, actor: Any, path: str) -> None:
    await dispatched.ask(f"mutation {{ {mutation} {{ {ITEMS} }} }}", actor)

    assert [sent[1] for sent in dispatched.services.sent] == [path]
