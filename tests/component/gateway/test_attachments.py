"""Attachments through the gateway: who sees a case whole adds and fetches them, nobody else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from backbone.identity import Actor
from backbone.web import current_actor, service_app
from contracts.catalogue import sentence
from contracts.events import intake, routing
from gateway.application.commands import CommandRefused
from gateway.entrypoints.attachments import BODIES, attachments_router, name_in
from tests.component.gateway.board import (
    ADMINISTRATOR,
    CASE,
    CLERK,
    DISPATCHER,
    LIAISON,
    OTHER_CLERK,
    STRANGER,
    WATER,
    Board,
    case_number,
)
from tests.component.gateway.test_letters_handled import a_released_letter
from tests.component.gateway.test_read_log import log

PHOTO = "77777777-7777-5777-8777-777777777777"
NAME = "荻花渡口.jpg"
CONTENT = b"\xff\xd8\xff the content"
PATH = f"/cases/{CASE}/attachments"
ASKED = """query($id: ID!) { case(caseId: $id) { attachments {
  attachmentId name mediaType size sha256 removedAt erased unit { code } } timeline { title } } }"""


@dataclass
class Counter:
    """The routes of attachments, and who calls."""

    client: httpx.AsyncClient
    board: Board
    caller: Actor = CLERK

    async def send(
        self, caller: Actor = CLERK, case: str = CASE, content: bytes = CONTENT, key: UUID | None = None
    ) -> httpx.Response:
        """A file for a case."""
        self.caller = caller
        headers = {
            "Idempotency-Key": str(key or uuid4()),
            "Content-Type": "image/jpeg",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(NAME)}",
        }
        return await self.client.post(f"/cases/{case}/attachments", content=content, headers=headers)

    async def fetch(self, caller: Actor, case: str = CASE, attachment: str = PHOTO) -> httpx.Response:
        """A file of a case."""
        self.caller = caller
        self.board.services.answers[f"{PATH}/{PHOTO}"] = CONTENT
        return await self.client.get(f"/cases/{case}/attachments/{attachment}")

    async def remove(self, caller: Actor, reason: str = "") -> httpx.Response:
        """A file taken away."""
        self.caller = caller
        headers = {"Idempotency-Key": str(uuid4())}
        return await self.client.post(f"{PATH}/{PHOTO}/remove", json={"reason": reason}, headers=headers)


@pytest.fixture
async def counter(empty: Counter, dispatched: Board) -> Counter:
    """The routes over a board with a whistle on it."""
    assert empty.board is dispatched
    return empty


@pytest.fixture
async def empty(board: Board) -> AsyncIterator[Counter]:
    """The routes over a board with nothing on it yet."""
    app: FastAPI = service_app(
        "gateway",
        store=None,
        verifier=board.parts.verifier,
        sentence=sentence,
        secret=b"0" * 32,
        routers=[attachments_router(board.parts.view, board.services, board.parts.tokens)],
        max_body_bytes=100,
        larger_bodies={BODIES: 1_000},
    )
    board.services.details = {"attachment": PHOTO}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        made = Counter(client, board)
        app.dependency_overrides[current_actor] = lambda: made.caller
        yield made


async def added(board: Board, case: str = CASE, unit: str = CLERK.unit) -> None:
    """Intake has a photo."""
    name = await board.seal(NAME, f"case/{case}")
    fact = intake.AttachmentAdded(
        case_id=case,
        attachment_id=PHOTO,
        unit=unit,
        name_sealed=name,
        media_type="image/jpeg",
        size=len(CONTENT),
        sha256="ab" * 32,
    )
    await board.tell(fact)


async def shown(board: Board, actor: Actor) -> list[dict[str, Any]]:
    """The attachments somebody sees."""
    found: list[dict[str, Any]] = (await board.ask(ASKED, actor, {"id": CASE}))["case"]["attachments"]
    return found


@pytest.mark.parametrize("caller", [CLERK, LIAISON, DISPATCHER], ids=lambda it: it.role)
async def test_is_passed_on_in_the_name_of_who_sees_the_case(counter: Counter, caller: Actor) -> None:
    key = uuid4()
    answer = await counter.send(caller, key=key)

    assert answer.json() == {"case_id": CASE, "attachment_id": PHOTO, "stale": False}
    services = counter.board.services
    assert services.sent == [("intake", PATH, {"content": CONTENT}, key)]
    assert services.headers == {
        "X-For-Subject": caller.subject,
        "X-For-Role": caller.role,
        "X-For-Unit": caller.unit,
        "Content-Type": "image/jpeg",
        "X-File-Name": quote(NAME),
    }
    assert services.tokens == [counter.board.parts.tokens.token()]


@pytest.mark.parametrize("caller", [STRANGER, OTHER_CLERK], ids=["stranger", "other township"])
async def test_a_case_of_others_is_as_unknown_as_none(counter: Counter, caller: Actor) -> None:
    await added(counter.board)
    for theirs, none in (
        (await counter.send(caller), await counter.send(caller, case=str(uuid4()))),
        (await counter.fetch(caller), await counter.fetch(CLERK, attachment=str(uuid4()))),
        (await counter.fetch(caller), await counter.fetch(CLERK, case=case_number(9))),
        (await counter.remove(caller), await counter.fetch(CLERK, attachment=str(uuid4()))),
    ):
        assert theirs.status_code == 404
        assert theirs.json() | {"trace": ""} == none.json() | {"trace": ""}
        assert {**theirs.headers, "x-request-id": ""} == {**none.headers, "x-request-id": ""}
    assert counter.board.services.sent == []


async def test_is_saved_and_never_shown_as_a_page(counter: Counter) -> None:
    await added(counter.board)
    answer = await counter.fetch(LIAISON)

    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote(NAME)}"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["cache-control"] == "no-store"


async def test_whoever_fetches_one_is_written_down(counter: Counter) -> None:
    await added(counter.board)
    await counter.fetch(STRANGER)
    await counter.fetch(LIAISON)

    (entry,) = await log(counter.board)
    assert (entry["way"], entry["subject"], entry["caseIds"]) == ("attachment", LIAISON.subject, [CASE])


async def test_is_shown_with_its_case(counter: Counter) -> None:
    await added(counter.board)

    assert await shown(counter.board, LIAISON) == [
        {
            "attachmentId": PHOTO,
            "name": NAME,
            "mediaType": "image/jpeg",
            "size": len(CONTENT),
            "sha256": "ab" * 32,
            "removedAt": None,
            "erased": False,
            "unit": {"code": CLERK.unit},
        }
    ]
    case = (await counter.board.ask(ASKED, LIAISON, {"id": CASE}))["case"]
    assert f"添加附件（{len(CONTENT)} 字节）" in [line["title"] for line in case["timeline"]]


async def test_one_that_was_removed_is_told_of_and_not_given(counter: Counter) -> None:
    await added(counter.board)
    await counter.board.tell(
        intake.AttachmentRemoved(case_id=CASE, attachment_id=PHOTO, unit=CLERK.unit, reason_sealed=None)
    )

    assert (await counter.fetch(CLERK)).json()["code"] == "unknown-attachment"
    (row,) = await shown(counter.board, CLERK)
    assert row["removedAt"] is not None


async def test_says_that_it_was_erased(counter: Counter) -> None:
    await added(counter.board)
    counter.board.ring.destroy(f"case/{CASE}")
    erased = intake.PersonalDataErased(case_id=str(uuid4()), key_ids=(f"case/{CASE}",))
    await counter.board.tell(erased)

    answer = await counter.fetch(CLERK)
    assert (answer.status_code, answer.json()["code"]) == (410, "attachment-erased")
    (row,) = await shown(counter.board, CLERK)
    assert (row["erased"], NAME in row["name"]) == (True, False)


async def test_a_rebuild_after_the_erasure_says_so_too(counter: Counter) -> None:
    board = counter.board
    name = await board.seal(NAME)
    board.ring.destroy(f"case/{CASE}")
    await board.tell(
        intake.AttachmentAdded(
            case_id=CASE,
            attachment_id=PHOTO,
            unit=WATER,
            name_sealed=name,
            media_type="image/jpeg",
            size=1,
            sha256="ab" * 32,
        )
    )
    (row,) = await shown(board, CLERK)
    assert row["erased"] is True


async def test_a_unit_that_sees_released_words_only_sees_none(empty: Counter) -> None:
    await a_released_letter(empty.board)
    await added(empty.board)

    assert await shown(empty.board, LIAISON) == []
    assert [each["attachmentId"] for each in await shown(empty.board, DISPATCHER)] == [PHOTO]
    assert (await empty.fetch(LIAISON)).json()["code"] == "unknown-attachment"
    assert (await empty.send(LIAISON)).json()["code"] == "unknown-case"


async def test_is_taken_away_in_the_name_of_who_asks(counter: Counter) -> None:
    await added(counter.board)
    assert (await counter.remove(DISPATCHER, "有旁人面容")).status_code == 200

    ((service, path, body, _),) = counter.board.services.sent
    assert (service, path, body) == ("intake", f"{PATH}/{PHOTO}/remove", {"reason": "有旁人面容"})
    assert counter.board.services.headers["X-For-Role"] == "office_dispatcher"


async def test_says_what_intake_says(counter: Counter) -> None:
    problem = {"code": "attachment-too-large", "params": {"limit": 10}}
    counter.board.services.refusal = CommandRefused(422, problem)
    answer = await counter.send()
    assert (answer.status_code, answer.json()["code"], answer.json()["params"]) == (
        422,
        "attachment-too-large",
        {"limit": 10},
    )


async def test_is_bounded_before_it_reaches_intake(counter: Counter) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield bytes(100)

    headers = {"Idempotency-Key": str(uuid4()), "Content-Type": "image/jpeg"}
    told = await counter.send(content=bytes(1_001))
    untold = await counter.client.post(PATH, content=endless(), headers=headers)
    assert [told.status_code, untold.status_code] == [413, 413]
    assert counter.board.services.sent == []
    other = await counter.client.post(f"{PATH}/{PHOTO}/remove", json={"reason": "x" * 200}, headers=headers)
    assert other.status_code == 413


async def test_needs_a_key_and_a_role(counter: Counter) -> None:
    assert (await counter.client.post(PATH, content=CONTENT)).json()["code"] == "idempotency-key-missing"
    assert (await counter.send(ADMINISTRATOR)).json()["code"] == "not-permitted"
    assert (await counter.remove(ADMINISTRATOR)).json()["code"] == "not-permitted"


async def test_a_dispute_takes_none(counter: Counter) -> None:
    dispute = case_number(5)
    filed = routing.DisputeFiled(
        case_id=dispute,
        disputed_department=WATER,
        filed_by=WATER,
        filer="department",
        legal_basis="《农业法》",
        matter_sealed=await counter.board.seal("农田积水", f"case/{dispute}"),
        parties=(WATER, CLERK.unit),
    )
    await counter.board.tell(filed)
    assert (await counter.send(DISPATCHER, case=dispute)).json()["code"] == "no-attachments-here"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("", ""),
        ("attachment", ""),
        ('attachment; filename="a.jpg"', "a.jpg"),
        ("attachment; filename*=UTF-8''%E5%9B%BE.jpg", "图.jpg"),
        ("attachment; filename*=utf-8''%FF", "\ufffd"),
    ],
)
def test_reads_the_name_of_a_file(header: str, name: str) -> None:
    assert name_in(header) == name
