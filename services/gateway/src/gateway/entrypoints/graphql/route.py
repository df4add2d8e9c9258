"""GraphQL over HTTP and, for subscriptions, graphql-transport-ws."""

import contextlib
from typing import Any, Final

import orjson
from fastapi import APIRouter
from fastapi.routing import APIRoute
from graphql import GraphQLError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from strawberry.fastapi import GraphQLRouter
from strawberry.http import GraphQLRequestData
from strawberry.http.base import HTTPException as NotGraphQL  # type: ignore[attr-defined]
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from backbone.web import REFUSAL, Refusal
from gateway.adapters.registered import RegisteredOperations
from gateway.application.limits import Limits
from gateway.entrypoints.callers import bearer_of
from gateway.entrypoints.door import ARRIVED
from gateway.entrypoints.graphql.bounds import asked_hash
from gateway.entrypoints.graphql.context import Context, Parts
from gateway.entrypoints.graphql.schema import build_schema
from gateway.entrypoints.graphql.transport import Conversation, Socket

_DOCUMENT: Final[dict[str, Any]] = {
    "operationId": "graphql",
    "summary": "GraphQL",
    "description": "A query or mutation of schema.graphql; errors stand in the answer, with stable codes.",
    "security": [{"HTTPBearer": []}],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "query": {"type": "string"},
                        "variables": {"type": ["object", "null"]},
                        "operationName": {"type": ["string", "null"]},
                        "extensions": {"type": ["object", "null"]},
                    },
                }
            }
        },
    },
}


def graphql_route(
    parts: Parts,
    *,
    production: bool,
    registered: RegisteredOperations | None = None,
    origin: str | None = None,
) -> APIRouter:
    """``POST /graphql`` and its WebSocket; a request without a good token gets no further.

    ``origin`` is that of our own pages, where a proxy gives this host another name.
    """
    known = registered or RegisteredOperations({})
    limits = parts.callers.limits

    async def context(connection: HTTPConnection) -> Context:
        language = _language(connection.headers.get("accept-language", ""))
        on_socket = connection.scope["type"] == "websocket"
        made = Context(parts, language, connection.scope.get(ARRIVED), on_socket=on_socket)
        if (refusal := connection.scope.get(REFUSAL)) is not None:
            raise refusal
        if not on_socket:
            made.over_http = True
            made.take(
                await parts.verifier.verify(bearer_of(connection.headers.get("authorization", ""))),
                connection.headers.get("authorization", ""),
            )
        return made

    router = _Router(
        build_schema(production=production, limits=limits, registered=known),
        path="/graphql",
        graphql_ide=None,
        allow_queries_via_get=False,
        context_getter=context,
        subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
        allowed_origins=[origin] if origin is not None else [],
        max_subscriptions_per_connection=limits.subscriptions_per_connection,
    )
    router.registered, router.limits = known, limits
    for route in router.routes:
        if isinstance(route, APIRoute):
            route.openapi_extra = _DOCUMENT
    return router


class _Router(GraphQLRouter[Context, None]):
    """Answers in UTF-8 as it is: Chinese text escaped would be three times as long."""

    websocket_adapter_class = Socket
    graphql_transport_ws_handler_class = Conversation
    registered: RegisteredOperations
    limits: Limits

    async def on_ws_connect(self, context: Context) -> Any:
        """Find out whose the connection is; whoever is refused is told why when they subscribe."""
        with contextlib.suppress(GraphQLError):
            await context.authenticate_socket()
        return await super().on_ws_connect(context)

    def encode_json(self, data: object) -> bytes:
        """The response body."""
        return orjson.dumps(data)

    def decode_json(self, data: str | bytes) -> object:
        """A request or message; what nests deeper than a parser bears is no JSON either."""
        return orjson.loads(data)

    def parse_json(self, data: str | bytes) -> Any:
        """The request body, which is an object; strawberry itself refuses a list."""
        content = super().parse_json(data)
        if not isinstance(content, dict | list):
            raise NotGraphQL(400, "A GraphQL request is an object.")
        return content

    async def run(self, *args: Any, **kwargs: Any) -> Any:
        """Execute a request; one that is not GraphQL at all is refused with a problem like everywhere."""
        try:
            return await super().run(*args, **kwargs)
        except NotGraphQL as refused:
            raise HTTPException(refused.status_code) from None

    async def parse_http_body(self, request: Any) -> Any:
        """The operation asked for: by its text, or by the hash of a registered one."""
        data = await super().parse_http_body(request)
        if isinstance(data, GraphQLRequestData) and data.query is None:
            name = asked_hash(data.extensions)
            if name is not None:
                data.query = self.registered.document(name)
                if data.query is None:
                    raise Refusal("unknown-operation", 404)
        if isinstance(data, GraphQLRequestData) and data.query is not None:
            asked, most = len(data.query), self.limits.characters
            if asked > most:
                raise Refusal("query-too-long", 413, asked=asked, most=most)
        return data


def _language(accepted: str) -> str:
    return "en" if accepted.lower().startswith("en") else "zh"
