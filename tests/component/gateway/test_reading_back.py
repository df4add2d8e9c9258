"""查询码 at the gateway: number and code open an anonymous letter, without an account."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from backbone.web import service_app
from contracts.catalogue import sentence
from contracts.events import intake
from gateway.application.commands import CommandRefused, ServiceUnreachable
from gateway.entrypoints.read_back import read_back_router
from tests.backbone.edge import SECRET, Identities
from tests.component.gateway.board import CASE, LEADER, Board, case_number

NUMBER, CODE = "NL-XJ-2026-000001", "7K3M-00AB-XYZ9-QRST"
ASKED: dict[str, Any] = {"number": NUMBER, "code": CODE}


async def a_letter(board: Board, number: str, case_id: str, *, anonymous: bool = True) -> None:
    """Somebody wrote to the office."""
    await board.tell(
        intake.LetterSubmitted(
            case_id=case_id,
            channel="express",
            number=number,
            anonymous=anonymous,
            title_sealed=await board.seal("报表太多", f"case/{case_id}"),
            text_sealed=await board.seal("每周重复填报", f"case/{case_id}"),
        )
    )


@pytest.fixture
async def gate(board: Board, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The gateway without anybody's token, and one anonymous letter."""
    await a_letter(board, NUMBER, CASE)
    app = service_app(
        "gateway",
        store=None,
        verifier=Identities(tmp_path).verifier(),
        sentence=sentence,
        secret=SECRET,
        routers=[read_back_router(board.view, board.services, board.parts.tokens)],  # type: ignore[arg-type]
    )
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="https://chuishao.test") as client:
        yield client


async def test_reads_back_with_number_and_code_alone(board: Board, gate: httpx.AsyncClient) -> None:
    board.services.details = {"state": "resolved"}
    answer = await gate.post("/letters/read-back", json=ASKED | {"number": NUMBER.lower()})
    assert (answer.status_code, answer.json()) == (200, {"state": "resolved"})
    service, path, body, _ = board.services.sent[-1]
    assert (service, path, body) == ("intake", f"/letters/{CASE}/read-back", {"code": CODE})


async def test_appraises_with_a_key(board: Board, gate: httpx.AsyncClient) -> None:
    said = ASKED | {"rating": "satisfied"}
    without = await gate.post("/letters/read-back/appraise", json=said)
    assert (without.status_code, without.json()["code"]) == (400, "idempotency-key-missing")
    key = uuid4()
    done = await gate.post("/letters/read-back/appraise", json=said, headers={"Idempotency-Key": str(key)})
    assert done.json() == {"appraised": True}
    service, path, body, used = board.services.sent[-1]
    assert (service, path, used) == ("intake", f"/letters/{CASE}/read-back/appraise", key)
    assert body == {"code": CODE, "rating": "satisfied", "comment": ""}


async def test_says_the_same_of_no_letter_and_of_one_with_a_name(
    board: Board, gate: httpx.AsyncClient
) -> None:
    await a_letter(board, "NL-XJ-2026-000002", case_number(2), anonymous=False)
    sent = len(board.services.sent)
    for number in ("NL-XJ-2026-000009", "NL-XJ-2026-000002"):
        answer = await gate.post("/letters/read-back", json=ASKED | {"number": number})
        assert (answer.status_code, answer.json()["code"]) == (422, "wrong-read-back-code")
    assert len(board.services.sent) == sent


async def test_passes_on_why_not(board: Board, gate: httpx.AsyncClient) -> None:
    board.services.refusal = CommandRefused(429, {"code": "too-many-wrong-codes", "params": {"minutes": 60}})
    answer = await gate.post("/letters/read-back", json=ASKED)
    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-wrong-codes")
    assert "60" in answer.json()["title"]
    board.services.refusal = ServiceUnreachable("intake")
    assert (await gate.post("/letters/read-back", json=ASKED)).status_code == 503


async def test_shows_the_code_in_the_answer_to_the_submission(board: Board) -> None:
    board.services.details = {"read_back_code": CODE}
    submitted = await board.ask(
        'mutation { submitLetter(title: "报表", text: "太多", anonymous: true) { readBackCode } }', LEADER
    )
    assert submitted["submitLetter"] == {"readBackCode": CODE}
