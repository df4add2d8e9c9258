"""What a service tells about itself: JSON logs without data, traces when a collector is named, metrics."""

import contextlib
import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any, Final, TextIO

import httpx
import structlog
from opentelemetry import context as otel
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import NonRecordingSpan, SpanContext, StatusCode, TraceFlags
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_W3C: Final = TraceContextTextMapPropagator()
_IDS: Final = RandomIdGenerator()
_FRAMES: Final = 5
_UNTOLD: Final = frozenset(
    {"args", "authorization", "body", "caused_by", "kwargs", "password", "text", "token"}
)
"""Log fields that are dropped whoever sets them: they could carry personal data or secrets."""


def configure_logging(service: str, level: str = "INFO", stream: TextIO | None = None) -> None:
    """One JSON object per line for our own logs and those of the libraries.

    Exceptions appear as their types and places; their texts, which may quote data, do not.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _traced,
        without_data,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(allow=()), *shared, _first_line],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                lambda _logger, _method, event: {"service": service, **event},
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # Each request is told once, by the edge; a client library repeating URLs would quote query strings.
    for name in ("httpx", "httpcore", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.WARNING)


def without_data(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop fields that may carry data and reduce an exception to ``error`` (types) and ``where`` (places)."""
    for name in _UNTOLD & event.keys():
        del event[name]
    exception = event.pop("exc_info", None)
    if exception is True:
        exception = sys.exc_info()[1]
    elif isinstance(exception, tuple):
        exception = exception[1]
    if isinstance(exception, BaseException):
        event.update(described(exception))
    return event


def described(exception: BaseException) -> dict[str, Any]:
    """An exception for a log line: ``error`` (its types, outermost first) and ``where`` (its last places)."""
    return {
        "error": " < ".join(_chain(exception)),
        "where": [
            f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(exception.__traceback__)[-_FRAMES:]
        ],
    }


def _chain(exception: BaseException) -> Iterator[str]:
    seen: set[int] = set()
    current: BaseException | None = exception
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield type(current).__name__
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _first_line(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    # Below the first line, asyncio and others print the representation of what failed.
    event["event"] = str(event.get("event", "")).partition("\n")[0]
    return event


def _traced(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if identifier := trace_id():
        event["trace"] = identifier
    return event


class WithoutQuery(SpanProcessor):
    """Blanks the query string that the server span would record: searches quote names."""

    def on_start(self, span: Span, parent_context: otel.Context | None = None) -> None:
        if span.attributes and "url.query" in span.attributes:
            span.set_attribute("url.query", "")

    def on_end(self, span: ReadableSpan) -> None:
        return None


def tracing(service: str, endpoint: str | None, sampled: float = 0.01) -> TracerProvider | None:
    """The process's tracer provider, exporting to an OTLP/HTTP collector; None when no collector is named.

    ``endpoint`` is a base URL such as ``http://collector:4318``. ``sampled`` is the share of the traces begun
    here that are recorded; a caller's decision is followed.
    """
    if not endpoint:
        return None
    provider = TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(sampled)),
        resource=Resource.create({"service.name": service, "service.namespace": "chuishao"}),
    )
    provider.add_span_processor(WithoutQuery())
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return provider


def trace_id() -> str | None:
    """The current trace id, 32 hex digits."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None


def traceparent() -> str | None:
    """The current position as a W3C ``traceparent``, for ``Meta`` and for calls."""
    carrier: dict[str, str] = {}
    _W3C.inject(carrier)
    return carrier.get("traceparent")


@contextlib.contextmanager
def following(parent: str | None) -> Iterator[None]:
    """Within this block the current trace is the parent's, or a new unrecorded one if it has none."""
    context = _W3C.extract({"traceparent": parent}) if parent else otel.get_current()
    if not trace.get_current_span(context).get_span_context().is_valid:
        fresh = SpanContext(
            _IDS.generate_trace_id(), _IDS.generate_span_id(), is_remote=False, trace_flags=TraceFlags(0)
        )
        context = trace.set_span_in_context(NonRecordingSpan(fresh))
    token = otel.attach(context)
    try:
        yield
    finally:
        otel.detach(token)


@contextlib.contextmanager
def span(name: str, parent: str | None = None) -> Iterator[None]:
    """A unit of work, e.g. one consumed event, under a stored ``traceparent``; recorded if its trace is."""
    context = _W3C.extract({"traceparent": parent}) if parent else None
    tracer = trace.get_tracer("chuishao")
    # The library's own handling would record the exception's text.
    with (
        tracer.start_as_current_span(
            name, context=context, record_exception=False, set_status_on_exception=False
        ) as current,
        following(None),
    ):
        try:
            yield
        except Exception as error:
            current.set_attribute("error.type", type(error).__name__)
            current.set_status(StatusCode.ERROR)
            raise


async def _send_traceparent(request: httpx.Request) -> None:
    if position := traceparent():
        request.headers["traceparent"] = position


def http_client(timeout: float = 10.0, connections: int = 100, **options: Any) -> httpx.AsyncClient:
    """A client for calls between services that passes the trace on and ignores proxy settings."""
    return httpx.AsyncClient(
        timeout=timeout,
        limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
        trust_env=False,
        event_hooks={"request": [_send_traceparent]},
        **options,
    )
