"""GraphQL over HTTP and, for subscriptions, graphql-transport-ws."""

from typing import Final

import orjson
from fastapi import APIRouter
from starlette.requests import HTTPConnection
from strawberry.fastapi import GraphQLRouter
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from gateway.entrypoints.graphql.context import Context, Parts
from gateway.entrypoints.graphql.schema import build_schema

SUBSCRIPTIONS_PER_CONSOLE: Final = 16


def graphql_route(parts: Parts, *, production: bool) -> APIRouter:
    """``POST /graphql`` and its WebSocket; a request without a good token gets no further."""

    async def context(connection: HTTPConnection) -> Context:
        made = Context(parts, _language(connection.headers.get("accept-language", "")))
        if connection.scope["type"] == "http":
            made.take(
                await parts.verifier.verify(_bearer(connection)), connection.headers.get("authorization", "")
            )
        return made

    return _Router(
        build_schema(production=production),
        path="/graphql",
        graphql_ide=None,
        allow_queries_via_get=False,
        context_getter=context,
        subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
        max_subscriptions_per_connection=SUBSCRIPTIONS_PER_CONSOLE,
    )


class _Router(GraphQLRouter[Context, None]):
    """Answers in UTF-8 as it is: Chinese text escaped would be three times as long."""

    def encode_json(self, data: object) -> bytes:
        """The response body."""
        return orjson.dumps(data)


def _bearer(connection: HTTPConnection) -> str:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _language(accepted: str) -> str:
    return "en" if accepted.lower().startswith("en") else "zh"
