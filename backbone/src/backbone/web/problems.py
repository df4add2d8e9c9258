"""Refusals and errors as RFC 9457 problems: a stable code, a sentence in two languages, no internals."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
import orjson
import structlog
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from backbone import telemetry
from backbone.eventstore import Conflict, Fenced, KeyReused, StoreUnavailable

Sentence = Callable[[str, str, Mapping[str, object]], str]
"""(slug, ``zh`` or ``en``, parameters) → the sentence; an unknown slug answers itself."""
RuleOf = Callable[[str, str, Mapping[str, object]], Mapping[str, str] | None]
"""(slug, ``zh`` or ``en``, parameters) → the rule that refuses: ``id``, ``text`` so, ``text_en``;
None where no rule refuses."""

MEDIA_TYPE: Final = "application/problem+json"
STATUSES: Final[Mapping[str, int]] = {"not-permitted": 403, "unknown-case": 404}
"""Statuses of refusals that every service may raise; any other refusal is 422."""

_HTTP_SLUGS: Final = {
    404: "not-found",
    405: "method-not-allowed",
    413: "request-too-large",
    415: "unsupported-media-type",
}
_LIMITS: Final = frozenset(
    {
        "decimal_places",
        "expected",
        "expected_tags",
        "ge",
        "gt",
        "le",
        "lt",
        "max_digits",
        "max_length",
        "min_length",
        "multiple_of",
        "pattern",
    }
)
_FIELD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_MAX_ERRORS: Final = 50

log = structlog.get_logger("chuishao.problems")


class Refusal(Exception):
    """A request the edge itself refuses; services raise their own refusals with ``slug`` and ``params``."""

    def __init__(self, slug: str, status: int, **params: object) -> None:
        super().__init__(slug)
        self.slug, self.status = slug, status
        self.params: Mapping[str, object] = params


class Invalid(BaseModel):
    """One invalid field: where, which rule, and the rule's limits; never the submitted value."""

    field: str
    code: str
    limits: dict[str, Any] | None = None


class RefusingRule(BaseModel):
    """The rule that refuses: its stable name, and its words in the caller's language and in English."""

    id: str
    text: str
    text_en: str


class Problem(BaseModel):
    """The body of every error answer (RFC 9457); ``rule`` is null where something is away or failed."""

    type: str
    title: str
    title_en: str
    status: int
    detail: str
    code: str
    params: dict[str, Any]
    rule: RefusingRule | None
    trace: str | None = None
    errors: list[Invalid] | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What an exception means to the caller."""

    status: int
    slug: str
    params: Mapping[str, object] = field(default_factory=dict)
    errors: Sequence[Invalid] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def unexpected(self) -> bool:
        """Whether it is our defect rather than the caller's."""
        return self.status == 500


def fault_of(error: BaseException, statuses: Mapping[str, int]) -> Fault:
    """The meaning of an exception; anything unknown is ``internal-error`` without details."""
    match error:
        case RequestValidationError():
            return Fault(422, "invalid-request", errors=invalid_fields(error.errors()))
        case Conflict():
            return Fault(409, "concurrent-change", {"version": error.actual})
        case KeyReused():
            return Fault(422, "idempotency-key-reused")
        case HTTPException():
            return _of_http(error)
        case _ if isinstance(getattr(error, "slug", None), str):
            return _of_refusal(error, statuses)
        case _ if _store_unavailable(error):
            return Fault(503, "service-unavailable", headers={"Retry-After": "2"})
        case _:
            return Fault(500, "internal-error")


def _of_http(error: HTTPException) -> Fault:
    # FastAPI answers 400 where it cannot even parse a body; for the caller that is an invalid request too.
    status = 422 if error.status_code == 400 else error.status_code
    slug = _HTTP_SLUGS.get(status, "invalid-request" if status < 500 else "internal-error")
    allowed = {"allow", "retry-after", "connection"}
    headers = {name: value for name, value in (error.headers or {}).items() if name.lower() in allowed}
    return Fault(status, slug, dict(getattr(error, "params", {})), headers=headers)


def _of_refusal(error: BaseException, statuses: Mapping[str, int]) -> Fault:
    slug: str = error.slug  # type: ignore[attr-defined]
    status = getattr(error, "status", None) or statuses.get(slug) or 422
    headers: dict[str, str] = {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if status in (429, 503):
        headers["Retry-After"] = str(getattr(error, "retry_after", 2))
    return Fault(status, slug, dict(getattr(error, "params", {})), headers=headers)


def _store_unavailable(error: BaseException) -> bool:
    if isinstance(error, asyncpg.InterfaceError):
        # Closed connections and pools; values that do not fit their column are our defect.
        return not isinstance(error, ValueError)
    return isinstance(
        error,
        ConnectionError
        | TimeoutError
        | Fenced
        | StoreUnavailable
        | asyncpg.PostgresConnectionError
        | asyncpg.InsufficientResourcesError
        | asyncpg.OperatorInterventionError
        | asyncpg.LockNotAvailableError,
    )


def invalid_fields(errors: Sequence[Any]) -> list[Invalid]:
    """Field, rule and limits of each validation error; submitted values and unknown names are left out."""
    found = []
    for error in errors[:_MAX_ERRORS]:
        limits = {name: value for name, value in (error.get("ctx") or {}).items() if name in _LIMITS}
        path = ".".join(_part(each) for each in error.get("loc", ()))
        code = str(error.get("type", "invalid"))
        if code == "extra_forbidden":
            path = path.rpartition(".")[0]
        found.append(Invalid(field=path, code=code, limits=_plain(limits) or None))
    return found


def _part(each: object) -> str:
    if isinstance(each, int):
        return str(each)
    text = str(each)
    return text if _FIELD.fullmatch(text) else "*"


def _plain(limits: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int | float | str) else str(value) for name, value in limits.items()
    }


def preferred_language(accept: str) -> str:
    """``zh`` or ``en`` by an Accept-Language header; ``zh`` unless English is preferred."""
    weights = {"zh": 0.0, "en": 0.0}
    for part in accept.split(","):
        tag, _, parameter = part.strip().partition(";")
        name, _, value = parameter.strip().partition("=")
        try:
            weight = float(value) if name.strip() == "q" else 1.0
        except ValueError:
            weight = 0.0
        primary = tag.strip().lower().partition("-")[0]
        if primary in weights:
            weights[primary] = max(weights[primary], weight)
    return "en" if weights["en"] > weights["zh"] else "zh"


FaultForm = Callable[[Fault, str, str], Response]
"""(fault, path, Accept-Language) → an error as a standard that is not ours wants it told."""


def no_rules(slug: str, language: str, params: Mapping[str, object]) -> None:
    """Where no rules are known."""


@dataclass(frozen=True, slots=True)
class Words:
    """How faults are told: in which sentences, by which rules, and where in another form."""

    sentence: Sentence
    rule: RuleOf = no_rules
    forms: Mapping[str, FaultForm] = field(default_factory=dict)


def fault_response(fault: Fault, path: str, accept_language: str, words: Words) -> Response:
    """The answer for a fault: a problem, unless the path begins like one that has a form of its own."""
    form = next((each for beginning, each in words.forms.items() if path.startswith(beginning)), None)
    if form is not None:
        return form(fault, path, accept_language)
    return problem_response(fault, accept_language, words, telemetry.trace_id())


def problem_response(fault: Fault, accept_language: str, words: Words, trace: str | None) -> Response:
    """The answer for a fault in the caller's language."""
    language = preferred_language(accept_language)
    title = said(words.sentence, fault, "zh")
    title_en = said(words.sentence, fault, "en")
    problem = Problem(
        type=f"urn:chuishao:problem:{fault.slug}",
        title=title,
        title_en=title_en,
        status=fault.status,
        detail=title_en if language == "en" else title,
        code=fault.slug,
        params=dict(fault.params),
        rule=_rule(words.rule, fault, language),
        trace=trace,
        errors=list(fault.errors) or None,
    )
    return Response(
        orjson.dumps({"rule": None, **problem.model_dump(mode="json", exclude_none=True)}),
        fault.status,
        headers={**fault.headers, "Content-Language": language, "Vary": "Accept-Language"},
        media_type=MEDIA_TYPE,
    )


def _rule(rule: RuleOf, fault: Fault, language: str) -> RefusingRule | None:
    try:
        told = rule(fault.slug, language, fault.params)
    except Exception as error:
        log.error("rule missing", code=fault.slug, **telemetry.described(error))
        return None
    return None if told is None else RefusingRule(**told)


def said(sentence: Sentence, fault: Fault, language: str) -> str:
    """A fault in words; its slug if there are none."""
    try:
        return sentence(fault.slug, language, fault.params)
    except Exception as error:
        # A broken catalogue must not hide the problem that was to be told.
        log.error("sentence missing", code=fault.slug, **telemetry.described(error))
        return fault.slug
