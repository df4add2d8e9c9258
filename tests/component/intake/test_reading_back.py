"""查询码 over HTTP: an anonymous writer reads back and appraises with a code that is shown once."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from backbone.eventstore.memory import MemoryEventStore
from backbone.identity import Actor
from contracts.events import intake
from intake.application.read_back import code_of, hash_of
from tests.component.intake.service import LETTER, RESIDENT, SUPERVISOR, Desk

GATEWAY = Actor("service:gateway", "", "service", "gateway")
NAMELESS: dict[str, Any] = LETTER | {"anonymous": True}


async def submitted(desk: Desk) -> tuple[str, str]:
    """An anonymous letter and its code."""
    answer = (await desk.post(RESIDENT, "/letters", NAMELESS)).json()
    return str(answer["id"]), str(answer["read_back_code"])


async def read(desk: Desk, letter: str, code: str) -> httpx.Response:
    """What the gateway asks for whoever shows a code."""
    return await desk.post(GATEWAY, f"/letters/{letter}/read-back", {"code": code})


async def test_shows_the_code_at_submission_and_keeps_its_hash_alone(desk: Desk) -> None:
    key = uuid4()
    first = (await desk.post(RESIDENT, "/letters", NAMELESS, key)).json()
    again = (await desk.post(RESIDENT, "/letters", NAMELESS, key)).json()
    assert first["read_back_code"] == again["read_back_code"], "a repeat of the same request is no second one"
    kept = await desk.everything_kept()
    assert first["read_back_code"] not in kept
    assert first["read_back_code"].replace("-", "") not in kept
    assert hash_of(first["id"], first["read_back_code"]) in kept
    [fact] = await desk.published(first["id"])
    assert "code" not in fact.model_dump_json()
    named = (await desk.post(RESIDENT, "/letters", LETTER)).json()
    assert "read_back_code" not in named


async def test_tells_state_and_answers_and_nothing_else(desk: Desk) -> None:
    letter, code = await submitted(desk)
    assert (await read(desk, letter, code)).json()["state"] == "submitted"
    await desk.done(SUPERVISOR, f"/letters/{letter}/respond", {"content": "正在核实"})
    await desk.registered("water")
    await desk.done(SUPERVISOR, f"/letters/{letter}/release", {"unit": "water", "words": "内部转办"})
    await desk.done(SUPERVISOR, f"/letters/{letter}/resolve", {"content": "已取消三张报表"})
    typed = code.lower().replace("-", " ")
    told = (await read(desk, letter, typed)).json()
    assert (told["state"], told["appraised"]) == ("resolved", False)
    assert [(each["kind"], each["text"]) for each in told["answers"]] == [
        ("responded", "正在核实"),
        ("resolved", "已取消三张报表"),
    ]


async def test_lets_the_writer_appraise_once_and_leave_no_trace(desk: Desk) -> None:
    letter, code = await submitted(desk)
    path, key = f"/letters/{letter}/read-back/appraise", uuid4()
    body = {"code": code, "rating": "basically", "comment": "快"}
    early = await desk.post(GATEWAY, path, body)
    assert early.json()["code"] == "not-answered-yet"
    await desk.done(SUPERVISOR, f"/letters/{letter}/resolve", {"content": "已取消三张报表"})
    for _ in range(2):
        assert (await desk.post(GATEWAY, path, body, key)).status_code == 200
    appraised = [each for each in await desk.published(letter) if isinstance(each, intake.LetterAppraised)]
    assert [each.rating for each in appraised] == ["basically"]
    wrong = await desk.post(GATEWAY, path, body | {"code": "0000-0000-0000-0000"})
    assert wrong.json()["code"] == "wrong-read-back-code"
    rows = await desk.store.published(0, 100, letter)
    assert '"actor":"anonymous"' in rows[-1].meta.replace(" ", "")


async def test_says_the_same_of_no_letter_of_a_named_one_and_of_a_wrong_code(desk: Desk) -> None:
    letter, _ = await submitted(desk)
    named = await desk.done(RESIDENT, "/letters", LETTER)
    answers = [
        (await read(desk, each, "0000-0000-0000-0000")).json() for each in (letter, named, str(uuid4()))
    ]
    assert [each["code"] for each in answers] == ["wrong-read-back-code"] * 3
    assert len({each["title"] for each in answers}) == 1


async def test_closes_for_an_hour_after_too_many_wrong_codes(desk: Desk) -> None:
    letter, code = await submitted(desk)
    for _ in range(5):
        assert (await read(desk, letter, "0000-0000-0000-0000")).status_code == 422
    closed = await read(desk, letter, code)
    assert (closed.status_code, closed.json()["code"]) == (429, "too-many-wrong-codes")
    assert isinstance(desk.store, MemoryEventStore)
    desk.store.advance(timedelta(hours=1))
    assert (await read(desk, letter, code)).status_code == 200
    assert len(await desk.published(letter)) == 1, "tries are nobody else's business"


async def test_is_asked_by_the_gateway_alone(desk: Desk) -> None:
    letter, code = await submitted(desk)
    for actor in (RESIDENT, SUPERVISOR):
        answer = await desk.post(actor, f"/letters/{letter}/read-back", {"code": code})
        assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")


def test_a_code_follows_from_secret_and_command_and_is_easy_to_type() -> None:
    one = code_of(b"s" * 32, UUID(int=1))
    assert one == code_of(b"s" * 32, UUID(int=1)) != code_of(b"t" * 32, UUID(int=1))
    assert one != code_of(b"s" * 32, UUID(int=2))
    assert [len(group) for group in one.split("-")] == [4, 4, 4, 4]
    assert not set(one) & set("ILOU")
    assert hash_of("letter", one) == hash_of("letter", one.replace("0", "o").replace("1", "l"))
    assert hash_of("letter", one) != hash_of("other", one)
