"""Errors over HTTP: RFC 9457 problems with a stable code, two languages, nothing of what was submitted."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import asyncpg
import httpx
import orjson
import pytest
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.responses import Response, StreamingResponse
from structlog.testing import capture_logs

from backbone.eventstore import Conflict, Fenced, KeyReused, StoreUnavailable
from backbone.sealing import KeysUnavailable
from backbone.testing import serving
from backbone.web import CurrentActor, Fault, RuleOf
from backbone.web.problems import no_rules, preferred_language
from tests.backbone.edge import CLERK, KEY, Identities, an_app, client_of

NAME = "王小明"
PHONE = "13800000000"


class Refused(Exception):
    """A domain's refusal, as every service has one."""

    def __init__(self, slug: str, **params: object) -> None:
        super().__init__(slug)
        self.slug, self.params = slug, params


class Contact(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["phone", "visit"]
    name: Annotated[str, Field(max_length=3)]
    phone: str = ""
    count: Annotated[int, Field(ge=1)] = 1

    @field_validator("phone")
    @classmethod
    def _is_a_number(cls, value: str) -> str:
        if not value.isdigit():
            raise ValueError(f"{value} is no phone number")
        return value


FAILURES: dict[str, Exception] = {
    "refused": Refused("already-decided", by="水利局"),
    "refused-elsewhere": Refused("letter-unknown"),
    "not-permitted": Refused("not-permitted", operation="sign"),
    "unknown-case": Refused("unknown-case"),
    "conflict": Conflict("whistle-1", 3, 5),
    "key-reused": KeyReused(KEY),
    "keys": KeysUnavailable(),
    "store": StoreUnavailable(f"insert into event values ('{NAME}')"),
    "connection": ConnectionRefusedError("no server"),
    "shutdown": asyncpg.AdminShutdownError("terminating"),
    "fenced": Fenced("the lease has moved"),
    "closed-pool": asyncpg.InterfaceError("pool is closed"),
    "bad-argument": asyncpg.DataError(f"invalid input: {NAME}"),
    "defect": RuntimeError(f"cannot handle {NAME} {PHONE}"),
    "teapot": HTTPException(418, f"{NAME} is no teapot"),
}


def router() -> APIRouter:
    routes = APIRouter()

    @routes.get("/fail/{how}")
    async def fail(how: str, _actor: CurrentActor) -> None:
        raise FAILURES[how]

    @routes.post("/contacts")
    async def contacts(body: Contact, _actor: CurrentActor) -> str:
        return body.name

    @routes.get("/half")
    async def half(_actor: CurrentActor) -> StreamingResponse:
        async def chunks() -> object:
            yield b"begun"
            raise RuntimeError(f"cannot handle {NAME}")

        return StreamingResponse(chunks())  # type: ignore[arg-type]

    return routes


@pytest.fixture
def identities(tmp_path: Path) -> Identities:
    return Identities(tmp_path)


async def answer(
    identities: Identities,
    method: str,
    path: str,
    *,
    headers: dict[str, str] | None = None,
    rule: RuleOf = no_rules,
    **options: object,
) -> httpx.Response:
    app = an_app(identities, routers=[router()], statuses={"letter-unknown": 404}, rule=rule)
    async with client_of(app) as client:
        return await client.request(
            method,
            path,
            headers={**identities.bearer(CLERK), **(headers or {})},
            **options,  # type: ignore[arg-type]
        )


def a_rule(slug: str, language: str, params: Mapping[str, object]) -> Mapping[str, str] | None:
    """A book of one rule."""
    if slug != "already-decided":
        return None
    return {"id": "W4", "text": f"{language} {params['by']}", "text_en": f"en {params['by']}"}


def broken(slug: str, language: str, params: Mapping[str, object]) -> None:
    """A book that cannot be read."""
    raise LookupError(slug)


async def test_a_refusal_has_a_code_parameters_and_both_languages(identities: Identities) -> None:
    response = await answer(identities, "GET", "/fail/refused")

    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["content-language"] == "zh"
    problem = response.json()
    assert response.headers["x-request-id"] == problem.pop("trace")
    assert problem == {
        "type": "urn:chuishao:problem:already-decided",
        "title": "已经决定（水利局）。",
        "title_en": "Already decided (水利局).",
        "status": 422,
        "detail": "已经决定（水利局）。",
        "code": "already-decided",
        "params": {"by": "水利局"},
        "rule": None,
    }


async def test_a_refusal_names_the_rule_that_refuses(identities: Identities) -> None:
    problem = (await answer(identities, "GET", "/fail/refused", rule=a_rule)).json()

    assert problem["rule"] == {"id": "W4", "text": "zh 水利局", "text_en": "en 水利局"}


async def test_the_rule_is_told_in_the_readers_language(identities: Identities) -> None:
    english = {"Accept-Language": "en"}

    problem = (await answer(identities, "GET", "/fail/refused", headers=english, rule=a_rule)).json()

    assert problem["rule"]["text"] == "en 水利局"


async def test_a_broken_book_of_rules_hides_no_refusal(identities: Identities) -> None:
    problem = (await answer(identities, "GET", "/fail/refused", rule=broken)).json()

    assert (problem["code"], problem["rule"]) == ("already-decided", None)


async def test_an_english_reader_gets_the_detail_in_english(identities: Identities) -> None:
    response = await answer(
        identities, "GET", "/fail/refused", headers={"Accept-Language": "en-GB,en;q=0.9,zh;q=0.4"}
    )

    assert response.headers["content-language"] == "en"
    assert response.json()["detail"] == "Already decided (水利局)."
    assert response.json()["title"] == "已经决定（水利局）。"


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "zh"),
        ("zh-CN", "zh"),
        ("en", "en"),
        ("en;q=0.5, zh;q=0.8", "zh"),
        ("fr, en;q=0.1", "en"),
        ("en, zh", "zh"),
        ("*", "zh"),
        ("en;q=much", "zh"),
        (";;,=,q=1", "zh"),
    ],
)
def test_the_language_is_chinese_unless_english_is_preferred(accept: str, language: str) -> None:
    assert preferred_language(accept) == language


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("refused-elsewhere", 404, "letter-unknown"),
        ("not-permitted", 403, "not-permitted"),
        ("unknown-case", 404, "unknown-case"),
        ("conflict", 409, "concurrent-change"),
        ("key-reused", 422, "idempotency-key-reused"),
        ("keys", 503, "keys-unavailable"),
        ("store", 503, "service-unavailable"),
        ("connection", 503, "service-unavailable"),
        ("shutdown", 503, "service-unavailable"),
        ("fenced", 503, "service-unavailable"),
        ("closed-pool", 503, "service-unavailable"),
        ("bad-argument", 500, "internal-error"),
        ("defect", 500, "internal-error"),
        ("teapot", 418, "invalid-request"),
    ],
)
async def test_each_kind_of_failure_has_its_status_and_code(
    identities: Identities, how: str, status: int, code: str
) -> None:
    response = await answer(identities, "GET", f"/fail/{how}")

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.json()["status"] == status
    assert NAME not in response.text
    assert ("retry-after" in response.headers) == (status == 503)


async def test_a_conflict_names_the_version_and_not_the_stream(identities: Identities) -> None:
    response = await answer(identities, "GET", "/fail/conflict")

    assert response.json()["params"] == {"version": 5}
    assert "whistle" not in response.text


async def test_a_defect_is_logged_with_its_place_but_without_its_text(identities: Identities) -> None:
    with capture_logs() as logs:
        response = await answer(identities, "GET", "/fail/defect")

    failed = next(each for each in logs if each["event"] == "request failed")
    assert failed["error"] == "RuntimeError"
    assert failed["where"][-1].startswith("test_problems.py:")
    assert NAME not in str(logs)
    assert PHONE not in str(logs)
    assert len(response.json()["trace"]) == 32


async def test_an_answer_that_breaks_off_is_cut_and_its_reason_kept(identities: Identities) -> None:
    app = an_app(identities, routers=[router()])
    with capture_logs() as logs:
        async with serving(app) as url, httpx.AsyncClient() as client:
            with pytest.raises(httpx.RemoteProtocolError):
                await client.get(f"{url}/half", headers=identities.bearer(CLERK))

    assert next(each for each in logs if each["event"] == "request failed")["error"] == "RuntimeError"


async def test_an_invalid_body_names_fields_and_rules_but_no_values(identities: Identities) -> None:
    body = {"kind": NAME, "name": "司马相如", "phone": f"Tel {PHONE}", "count": 0, NAME: PHONE}
    response = await answer(identities, "POST", "/contacts", json=body)

    assert response.status_code == 422
    assert response.json()["code"] == "invalid-request"
    assert response.json()["errors"] == [
        {"field": "body.kind", "code": "literal_error", "limits": {"expected": "'phone' or 'visit'"}},
        {"field": "body.name", "code": "string_too_long", "limits": {"max_length": 3}},
        {"field": "body.phone", "code": "value_error"},
        {"field": "body.count", "code": "greater_than_equal", "limits": {"ge": 1}},
        {"field": "body", "code": "extra_forbidden"},
    ]
    for submitted in (NAME, PHONE, "司马相如"):
        assert submitted not in response.text


@pytest.mark.parametrize(
    "content",
    [
        b'{"kind": "phone", "name": "' + NAME.encode(),
        b'{"kind": "\xff"}',
        b"[" * 100_000,
        b"",
        b"null",
        b'{"kind":"phone","name":"\\ud800"}',
    ],
    ids=["cut off", "no UTF-8", "too deep", "empty", "null", "lone surrogate"],
)
async def test_a_body_that_is_no_json_is_an_invalid_request(identities: Identities, content: bytes) -> None:
    response = await answer(
        identities, "POST", "/contacts", content=content, headers={"Content-Type": "application/json"}
    )

    assert (response.status_code, response.json()["code"]) == (422, "invalid-request")
    assert NAME not in response.text


async def test_a_path_that_is_not_there_is_not_found(identities: Identities) -> None:
    response = await answer(identities, "GET", f"/{NAME}")

    assert (response.status_code, response.json()["code"]) == (404, "not-found")


async def test_a_wrong_method_names_the_right_one(identities: Identities) -> None:
    response = await answer(identities, "DELETE", "/contacts")

    assert (response.status_code, response.json()["code"]) == (405, "method-not-allowed")
    assert response.headers["allow"] == "POST"


async def test_a_broken_catalogue_hides_no_problem(identities: Identities) -> None:
    def broken(_slug: str, _language: str, _params: object) -> str:
        raise KeyError("catalogue")

    app = an_app(identities, routers=[router()], sentence=broken)
    async with client_of(app) as client:
        response = await client.get("/fail/refused", headers=identities.bearer(CLERK))

    assert (response.status_code, response.json()["title"]) == (422, "already-decided")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "token-missing"),
        ("Basic dXNlcjpwYXNz", "token-missing"),
        ("Bearer", "token-missing"),
        ("Bearer nonsense", "token-invalid"),
    ],
)
async def test_nobody_enters_without_a_good_token(
    identities: Identities, header: str | None, code: str
) -> None:
    async with client_of(an_app(identities, routers=[router()])) as client:
        headers = {} if header is None else {"Authorization": header}
        response = await client.get("/fail/refused", headers=headers)

    assert (response.status_code, response.json()["code"]) == (401, code)
    assert response.headers["www-authenticate"] == "Bearer"


async def test_an_expired_token_is_said_to_be_expired(identities: Identities) -> None:
    async with client_of(an_app(identities, routers=[router()])) as client:
        response = await client.get("/fail/refused", headers=identities.expired(CLERK))

    assert (response.status_code, response.json()["code"]) == (401, "token-expired")


async def test_a_caller_without_a_token_learns_nothing_of_the_fields(identities: Identities) -> None:
    async with client_of(an_app(identities, routers=[router()])) as client:
        response = await client.post("/contacts", content=orjson.dumps({"kind": 1}))

    assert response.status_code == 401


async def test_a_standard_of_others_has_its_own_form(identities: Identities) -> None:
    def plainly(fault: Fault, path: str, language: str) -> Response:
        return Response(f"{path}: {fault.slug} ({language})", fault.status)

    app = an_app(identities, routers=[router()], fault_forms={"/fail": plainly}, max_body_bytes=10)
    async with client_of(app) as client:
        told = [
            await client.get("/fail/refused", headers=identities.bearer(CLERK) | {"accept-language": "en"}),
            await client.get("/fail/refused"),
            await client.get("/fail/by/nobody"),
            await client.post("/fail/refused", content=b"a" * 11),
            await client.get("/nowhere"),
        ]

    assert [(each.status_code, each.text.partition(" (")[0]) for each in told[:4]] == [
        (422, "/fail/refused: already-decided"),
        (401, "/fail/refused: token-missing"),
        (404, "/fail/by/nobody: not-found"),
        (413, "/fail/refused: request-too-large"),
    ]
    assert told[0].text.endswith("(en)")
    assert told[4].headers["content-type"] == "application/problem+json"
