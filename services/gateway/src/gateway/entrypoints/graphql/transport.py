"""graphql-transport-ws as the gateway speaks it: every refusal coded, no message trusted to have its form."""

from collections.abc import Mapping
from typing import cast

import orjson
from graphql import GraphQLError
from starlette.websockets import WebSocketDisconnect
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler
from strawberry.subscriptions.protocols.graphql_transport_ws.types import Message, SubscribeMessage

from gateway.entrypoints.graphql.context import Context, error


class Socket(ASGIWebSocketAdapter):
    """Speaks in text, as graphql-transport-ws wants it; clients close on binary messages."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Send one message."""
        try:
            await self.ws.send_text(orjson.dumps(message).decode())
        except WebSocketDisconnect as gone:
            raise WebSocketDisconnected from gone


class Conversation(BaseGraphQLTransportWSHandler[Context, None]):
    """One connection. Too many operations on it are refused one by one; the connection stays."""

    async def handle_message(self, message: Message) -> None:
        """Take a message; one without the protocol's form ends the connection with 4400."""
        if not _has_form(message):
            await self.handle_invalid_message("Failed to parse message")
            return
        await super().handle_message(message)

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Begin an operation while there is room for one more."""
        most = self.max_subscriptions_per_connection
        fresh = self.connection_acknowledged and message["id"] not in self.operations
        if fresh and most is not None and len(self.operations) >= most:
            found = error("too-many-on-connection", self.context.language, most=most)
            await self._refuse(message["id"], found)
            return
        try:
            # Whoever it is pays for each attempt, before anything of it is read.
            if self.connection_acknowledged:
                await self.context.authenticate_socket()
                await self.context.count()
        except GraphQLError as refused:
            await self._refuse(message["id"], refused)
            return
        asked, longest = len(message["payload"]["query"]), self.context.parts.callers.limits.characters
        if fresh and asked > longest:
            found = error("query-too-long", self.context.language, asked=asked, most=longest)
            await self._refuse(message["id"], found)
            return
        await super().handle_subscribe(message)

    async def _refuse(self, name: str, found: GraphQLError) -> None:
        await self.send_message({"id": name, "type": "error", "payload": [found.formatted]})


def _has_form(message: object) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    if message["type"] not in ("subscribe", "complete"):
        return True
    if not isinstance(message.get("id"), str):
        return False
    if message["type"] == "complete":
        return True
    payload = message.get("payload")
    if not isinstance(payload, dict) or not isinstance(payload.get("query"), str):
        return False
    variables = cast("dict[str, object]", payload).get("variables")
    named = payload.get("operationName")
    return isinstance(variables, dict | None) and isinstance(named, str | None)
