"""What is told outside: logs without data, one trace through all parts, spans without queries."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from fastapi import APIRouter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from backbone import telemetry
from backbone.web import CurrentActor
from tests.backbone.edge import CLERK, Identities, an_app, client_of

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TRACE = "0af7651916cd43dd8448eb211c80319c"
NAME = "王小明"


class Log:
    """The lines a service has written."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def log() -> Iterator[Log]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = Log()
    telemetry.configure_logging("sample", stream=written.stream)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_line_is_one_json_object(log: Log) -> None:
    structlog.get_logger("test").info("published", seq=17)

    line = log.lines[0]
    assert (line["service"], line["event"], line["seq"], line["level"]) == ("sample", "published", 17, "info")
    assert line["timestamp"].endswith("Z")


def test_a_line_belongs_to_its_trace(log: Log) -> None:
    with telemetry.following(PARENT):
        structlog.get_logger("test").info("published")

    assert log.lines[0]["trace"] == TRACE


def test_an_exception_shows_kinds_and_places_but_not_its_text(log: Log) -> None:
    try:
        try:
            raise ValueError(f"{NAME} has no number")
        except ValueError as error:
            raise RuntimeError(NAME) from error
    except RuntimeError:
        structlog.get_logger("test").exception("failed")
        logging.getLogger("library").exception("library failed")

    assert [line["error"] for line in log.lines] == ["RuntimeError < ValueError"] * 2
    assert log.lines[0]["where"][0].startswith("test_telemetry.py:")
    assert NAME not in log.text


@pytest.mark.parametrize("field", ["text", "body", "token", "authorization", "password"])
def test_a_field_that_may_carry_data_is_dropped(log: Log, field: str) -> None:
    structlog.get_logger("test").info("received", **{field: NAME}, size=9)

    assert NAME not in log.text
    assert log.lines[0]["size"] == 9


async def test_a_lost_task_is_told_without_its_result(log: Log) -> None:
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.set_exception(ValueError(NAME))
    del future

    assert log.lines[0]["event"] == "Future exception was never retrieved"
    assert NAME not in log.text


def test_libraries_that_quote_urls_are_silent(log: Log) -> None:
    logging.getLogger("httpx").info("HTTP Request: GET http://x/?name=%s", NAME)

    assert log.text == ""


def test_a_trace_is_followed_and_left_again() -> None:
    before = telemetry.traceparent()
    with telemetry.following(PARENT):
        assert telemetry.traceparent() == PARENT
        assert telemetry.trace_id() == TRACE

    assert telemetry.traceparent() == before is None


@pytest.mark.parametrize("parent", [None, "", "nonsense", "00-" + "0" * 32 + "-" + "0" * 16 + "-01"])
def test_without_a_trace_a_new_one_begins(parent: str | None) -> None:
    with telemetry.following(parent):
        first = telemetry.trace_id()
        with telemetry.following(None):
            assert telemetry.trace_id() == first

    assert first is not None
    assert first != "0" * 32


def test_a_unit_of_work_stays_in_its_trace() -> None:
    with telemetry.span("consume", PARENT):
        assert telemetry.trace_id() == TRACE


def test_a_unit_of_work_without_a_trace_gets_one() -> None:
    with telemetry.span("sweep"):
        assert telemetry.trace_id() is not None


async def test_calls_to_other_services_carry_the_trace() -> None:
    seen: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("traceparent"))
        return httpx.Response(200)

    async with telemetry.http_client(transport=httpx.MockTransport(answer)) as client:
        await client.get("http://routing/")
        with telemetry.following(PARENT):
            await client.get("http://routing/")

    assert seen == [None, PARENT]


def test_without_a_collector_nothing_is_traced() -> None:
    assert telemetry.tracing("sample", None) is None


class Recorded:
    """An application whose spans are kept."""

    def __init__(self, folder: Path) -> None:
        self.identities = Identities(folder)
        self.exporter = InMemorySpanExporter()
        self.provider = TracerProvider(shutdown_on_exit=False)
        self.provider.add_span_processor(telemetry.WithoutQuery())
        self.provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        router = APIRouter()

        @router.get("/cases/{case}")
        async def case(case: str, _actor: CurrentActor) -> dict[str, str | None]:
            if case == "broken":
                raise RuntimeError(NAME)
            return {"traceparent": telemetry.traceparent()}

        self.app = an_app(self.identities, routers=[router], tracer_provider=self.provider)

    async def get(self, path: str) -> httpx.Response:
        async with client_of(self.app) as client:
            return await client.get(path, headers={**self.identities.bearer(CLERK), "traceparent": PARENT})


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    return Recorded(tmp_path)


async def test_a_request_is_one_span_of_its_callers_trace(recorded: Recorded) -> None:
    response = await recorded.get("/cases/17")

    (span,) = recorded.exporter.get_finished_spans()
    assert span.name == "GET /cases/{case}"
    assert span.context is not None
    assert f"{span.context.trace_id:032x}" == TRACE
    assert response.json()["traceparent"] == f"00-{TRACE}-{span.context.span_id:016x}-01"


async def test_a_span_does_not_tell_what_was_searched_for(recorded: Recorded) -> None:
    await recorded.get(f"/cases/17?name={NAME}")

    (span,) = recorded.exporter.get_finished_spans()
    assert span.attributes is not None
    assert span.attributes["url.query"] == ""
    assert NAME not in span.to_json()


async def test_a_failed_span_does_not_tell_the_exceptions_text(recorded: Recorded) -> None:
    await recorded.get("/cases/broken")

    (span,) = recorded.exporter.get_finished_spans()
    assert not span.status.is_ok
    assert NAME not in span.to_json()


async def test_health_is_not_traced(recorded: Recorded) -> None:
    await recorded.get("/health/live")

    assert recorded.exporter.get_finished_spans() == ()
