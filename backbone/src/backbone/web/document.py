"""An application whose OpenAPI document says what its edge does: problems, and keys that commands need."""

from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI

from backbone.web.problems import MEDIA_TYPE

_PROBLEM: Final = "#/components/schemas/Problem"
_JSON: Final = "application/json"


class DocumentedApp(FastAPI):
    """FastAPI declares errors as plain JSON and takes a header that is checked by hand for optional."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI 3.1 document."""
        if self.openapi_schema is None:
            document = super().openapi()
            for operation in _operations(document):
                _tell_problems(operation)
                _need_key(operation)
        assert self.openapi_schema is not None
        return self.openapi_schema


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()


def _tell_problems(operation: dict[str, Any]) -> None:
    for response in operation["responses"].values():
        content = response.get("content", {})
        if content.get(_JSON, {}).get("schema") == {"$ref": _PROBLEM}:
            content[MEDIA_TYPE] = content.pop(_JSON)


def _need_key(operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "Idempotency-Key":
            parameter["required"] = True
            parameter["schema"] = {"type": "string", "format": "uuid", "title": "Idempotency-Key"}
