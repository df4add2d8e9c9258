"""Errors as Open311 wants them told: a list, in the format that was asked for, with few statuses."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from backbone.web import Fault, preferred_language, said
from contracts.catalogue import sentence
from gateway.entrypoints.open311.answers import MEDIA_TYPES, Error, Format, answer

PATHS: Final = "/open311/"
"""How the paths begin whose errors have this form."""
_STATUSES: Final = {401: 403, 409: 400, 415: 400, 422: 400}
"""403 for a wrong key, 404 for what is not there, 400 for the rest; too large, too often and our own faults
keep the status that every HTTP client knows."""
_SCHEMA: Final[Mapping[str, Any]] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["code", "description"],
        "properties": {"code": {"type": "string"}, "description": {"type": "string"}},
    },
}
RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    status: {
        "description": "errors",
        "content": {
            MEDIA_TYPES["json"]: {"schema": _SCHEMA},
            MEDIA_TYPES["xml"]: {"schema": {"type": "string"}},
        },
    }
    for status in ("4XX", "5XX")
}
"""The errors in the OpenAPI document."""


def told(fault: Fault, path: str, accept_language: str) -> Response:
    """The answer for a fault: one error, and one for each field that is not as it must be."""
    language = preferred_language(accept_language)
    words = said(sentence, fault, language)
    errors = [Error(code=fault.slug, description=words)]
    if fault.errors:
        errors = [
            Error(code=fault.slug, description=f"{words} {each.field} ({each.code})") for each in fault.errors
        ]
    format: Format = "json" if path.endswith(".json") else "xml"
    response = answer("errors", errors, format, _STATUSES.get(fault.status, fault.status))
    for name, value in fault.headers.items():
        if name.lower() != "www-authenticate":
            response.headers[name] = value
    response.headers["Content-Language"] = language
    return response
