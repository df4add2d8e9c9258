"""A report that a client of citizens' reports files: placed, sealed by intake, and taken once."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from gateway.application.commands import CommandRefused, ServiceUnreachable
from gateway.application.limits import Limits
from tests.component.gateway.board import YUANCUN, ZHANGGUOTUN, Board
from tests.component.gateway.reporting import (
    NUMBER,
    OTHER_VILLAGE,
    PUDDLE,
    VILLAGE,
    App,
    code_of,
    opened,
    person,
    prepared,
)


@pytest.fixture
async def empty(board: Board, tmp_path: Path) -> AsyncIterator[App]:
    await prepared(board)
    async with opened(board, tmp_path, jurisdiction_id="nanle.test") as made:
        yield made


@pytest.fixture
async def app(empty: App) -> App:
    """With a key that may file and read."""
    return await empty.with_key()


def sent(app: App) -> dict[str, Any]:
    """The body of the last command to intake."""
    service, path, body, _ = app.board.services.sent[-1]
    assert (service, path) == ("intake", "/grid-reports")
    return dict(body)


def keys(app: App) -> list[object]:
    """The idempotency keys of all commands."""
    return [key for *_, key in app.board.services.sent]


async def test_a_report_becomes_a_grid_report_with_its_number(app: App) -> None:
    answer = await app.post(PUDDLE)

    assert answer.status_code == 200
    (told,) = answer.json()
    assert told["service_request_id"] == NUMBER
    assert "token" not in told
    assert "推定" in told["service_notice"]
    assert sent(app) == {
        "source": "resident",
        "title": "道路积水、破损",
        "text": "村口路面积水,老人出行不便\n来报地址：南乐县元村镇古寺郎村东头"
        "\n（元村镇古寺郎村委会系由地址文字推定，请核实。）",
        "township": YUANCUN,
        "village": VILLAGE,
        "item": "roads",
        "reporter": "沈晚秋",
        "phone": "13900000000",
        "email": "shen@puddle.test",
    }


async def test_it_is_answered_in_xml_if_asked_so(app: App) -> None:
    answer = await app.post(PUDDLE, "xml")

    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    document = ElementTree.fromstring(answer.content)
    assert (document.tag, document.findtext("request/service_request_id")) == ("service_requests", NUMBER)


async def test_nothing_that_names_the_reporter_comes_back(app: App) -> None:
    answer = await app.post(PUDDLE)

    assert not any(PUDDLE[name] in answer.text for name in ("first_name", "last_name", "phone", "email"))


async def test_the_services_are_given_a_token_and_never_the_key(app: App) -> None:
    await app.post(PUDDLE)

    (token,) = app.board.services.tokens
    actor = await app.identities.verifier().verify(token)
    assert (actor.subject, actor.role) == (app.subject, "resident")
    assert app.key not in str(app.board.services.sent)


async def test_a_village_by_its_code_is_no_guess(app: App) -> None:
    for way in ({"address_id": VILLAGE}, {"attribute[village]": VILLAGE}, {"attribute[village][]": VILLAGE}):
        (told,) = (await app.post({"service_code": "roads", "description": "积水", **way})).json()
        assert "推定" not in told["service_notice"]
        assert (sent(app)["village"], sent(app)["text"]) == (VILLAGE, "积水")


async def test_a_township_alone_is_enough(app: App) -> None:
    await app.post({"service_code": "roads", "address_id": ZHANGGUOTUN})

    assert (sent(app)["township"], "village" in sent(app)) == (ZHANGGUOTUN, False)
    assert sent(app)["text"] == "道路积水、破损"


async def test_a_village_and_its_township_agree(app: App) -> None:
    await app.post({"service_code": "roads", "address_id": YUANCUN, "attribute[village]": VILLAGE})

    assert sent(app)["village"] == VILLAGE


async def test_what_the_report_has_no_field_for_stands_in_its_text(app: App) -> None:
    more = {
        "lat": "36.07",
        "long": "115.2",
        "media_url": "https://photos.test/1.jpg",
        "attribute[depth]": "3",
    }
    await app.post({"service_code": "roads", "description": "积水", "address_id": VILLAGE, **more})

    assert sent(app)["text"].split("\n")[1:] == [
        "来报坐标（WGS84）：纬度 36.07，经度 115.2",
        "来报的图片链接（未经核实，系统未下载）：https://photos.test/1.jpg",
        "depth:3",
    ]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ({"first_name": "John", "last_name": "Smith"}, "John Smith"),
        ({"last_name": "沈"}, "沈"),
        ({"phone": "13900000000"}, "未留姓名"),
        ({"email": "a@b.test"}, "未留姓名"),
        ({}, None),
    ],
)
async def test_a_reporter_is_named_as_names_are_written(
    app: App, name: dict[str, str], written: str | None
) -> None:
    await app.post({"service_code": "roads", "address_id": VILLAGE, **name})

    assert sent(app).get("reporter") == written


async def test_the_same_words_within_a_day_are_the_same_report(app: App) -> None:
    await app.post(PUDDLE)
    await app.post({**PUDDLE, "description": " 村口路面积水,老人出行不便\n", "media_url": ""}, "xml")
    await app.later(hours=23)
    await app.post(PUDDLE)
    assert len(set(keys(app))) == 1

    await app.later(hours=2)
    await app.post(PUDDLE)
    assert len(set(keys(app))) == 2


async def test_other_words_or_another_sender_are_another_report(app: App) -> None:
    await app.post(PUDDLE)
    await app.post({**PUDDLE, "description": "又积水了"})
    await (await app.with_key()).post(PUDDLE)

    assert len(set(keys(app))) == 3


async def test_what_got_no_answer_is_sent_again_as_the_same_report(app: App) -> None:
    app.board.services.refusal = ServiceUnreachable("intake")
    assert code_of(await app.post(PUDDLE)) == (503, "service-unreachable")
    app.board.services.refusal = None
    assert (await app.post(PUDDLE)).status_code == 200

    assert len(set(keys(app))) == 1


async def test_nothing_is_kept_of_the_words(app: App) -> None:
    await app.post(PUDDLE)

    async with app.board.engine.connect() as connection:
        kept = (await connection.exec_driver_sql("SELECT resend::text FROM resend")).all()
    assert kept
    assert "13900000000" not in str(kept)
    assert "积水" not in str(kept)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"service_code": ""}, (400, "service-code-missing")),
        ({"service_code": "fly"}, (404, "unknown-service-code")),
        ({"jurisdiction_id": "elsewhere.test"}, (404, "unknown-jurisdiction")),
        ({"address_string": ""}, (400, "place-missing")),
        ({"address_string": "", "lat": "36.07"}, (400, "place-missing")),
        ({"address_string": "", "lat": "36.07", "long": "115.2"}, (400, "place-by-coordinates-only")),
        ({"address_string": "人民路1号"}, (400, "place-unknown")),
        ({"address_string": "元村镇与张果屯镇之间"}, (400, "place-ambiguous")),
        ({"address_id": "110101001001"}, (400, "unknown-address-id")),
        ({"address_id": VILLAGE, "attribute[village]": OTHER_VILLAGE}, (400, "places-disagree")),
        ({"address_id": ZHANGGUOTUN, "attribute[village]": VILLAGE}, (400, "places-disagree")),
        ({"description": "字" * 4_001}, (400, "invalid-request")),
        ({"lat": "north"}, (400, "invalid-request")),
        ({"lat": "nan"}, (400, "invalid-request")),
        ({"email": "nobody"}, (400, "invalid-request")),
        ({"media_url": "javascript:alert(1)"}, (400, "invalid-request")),
        ({"attribute[note]": "字" * 2_001}, (400, "attributes-too-long")),
    ],
)
@pytest.mark.parametrize("format", ["json", "xml"])
async def test_a_report_that_cannot_be_taken_is_refused(
    app: App, change: dict[str, str], expected: tuple[int, str], format: str
) -> None:
    assert code_of(await app.post({**PUDDLE, **change}, format)) == expected
    assert app.board.services.sent == []


async def test_each_wrong_field_is_named(app: App) -> None:
    answer = await app.post({**PUDDLE, "lat": "91", "email": "nobody"})

    assert [each["description"].partition(" ")[2].partition(" ")[0] for each in answer.json()] == [
        "lat",
        "email",
    ]
    assert "nobody" not in answer.text


async def test_what_intake_refuses_is_told_with_its_code(app: App) -> None:
    app.board.services.refusal = CommandRefused(422, {"code": "unknown-grid"})
    assert code_of(await app.post(PUDDLE)) == (400, "unknown-grid")


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        (b"{}", "application/json", (415, "unsupported-media-type")),
        (b"description=%ff", "application/x-www-form-urlencoded", (400, "form-unreadable")),
        (b"\xff=1", "application/x-www-form-urlencoded", (400, "form-unreadable")),
        (b"a=1&" * 300, "application/x-www-form-urlencoded", (400, "form-unreadable")),
        (b"a" * 70_000, "application/x-www-form-urlencoded", (413, "request-too-large")),
    ],
)
async def test_a_form_that_is_none_is_refused(
    app: App, content: bytes, kind: str, expected: tuple[int, str]
) -> None:
    answer = await app.http.post(
        "/open311/v2/requests.json",
        content=content,
        params={"api_key": app.key},
        headers={"Content-Type": kind},
    )

    status, code = code_of(answer)
    assert (status, code) == ((400, code) if expected[0] == 415 else expected)
    assert code == expected[1]


async def test_a_key_of_a_township_reports_for_its_own(empty: App) -> None:
    app = await empty.with_key("township_clerk", ZHANGGUOTUN)

    assert code_of(await app.post(PUDDLE)) == (400, "place-of-another-township")
    assert (await app.post({**PUDDLE, "address_string": "", "address_id": OTHER_VILLAGE})).status_code == 200


async def test_the_key_may_come_as_a_bearer_too(app: App) -> None:
    bearer = {"Authorization": f"Bearer {app.key}"}
    answer = await app.http.post("/open311/v2/requests.json", data=PUDDLE, headers=bearer)

    assert answer.status_code == 200


@pytest.mark.parametrize("format", ["json", "xml"])
async def test_nobody_files_without_a_good_key(empty: App, format: str) -> None:
    assert code_of(await empty.post(PUDDLE, format)) == (403, "api-key-missing")
    for key in ("nonsense", "chuishao_nonsense", "chuishao_" + "0" * 32 + "_" + "x" * 43):
        answer = await empty.post({**PUDDLE, "api_key": key}, format)
        assert code_of(answer) == (403, "machine-key-invalid")
        assert key not in answer.text
    person_s = empty.identities.token(person("resident"))
    assert code_of(await empty.post({**PUDDLE, "api_key": person_s}, format)) == (403, "machine-key-invalid")
    assert empty.board.services.sent == []


async def test_a_key_without_the_scope_files_nothing(empty: App) -> None:
    app = await empty.with_key(operations=frozenset({"read-service-requests"}))

    assert code_of(await app.post(PUDDLE)) == (403, "not-permitted")
    assert app.board.services.sent == []


async def test_a_flood_with_one_key_is_held_back_alone(board: Board, tmp_path: Path) -> None:
    await prepared(board)
    limits = Limits(burst=2, requests_per_minute=1, anonymous_burst=2, anonymous_per_minute=1)
    async with opened(board, tmp_path, limits=limits) as empty:
        app, other = await empty.with_key(), await empty.with_key()
        answers = [await app.post(PUDDLE) for _ in range(3)]
        assert [each.status_code for each in answers] == [200, 200, 429]
        assert code_of(answers[2]) == (429, "rate-exceeded")
        assert (await other.post(PUDDLE)).status_code == 200
        guesses = [await empty.post({**PUDDLE, "api_key": "chuishao_guess"}) for _ in range(3)]
        assert [each.status_code for each in guesses] == [403, 403, 429]
