"""Who calls and what is asked once: the bearer's actor, the idempotency key, and the context of a command."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID, uuid5

import orjson
from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict
from pydantic_core import to_jsonable_python

from backbone import telemetry
from backbone.decider import CommandContext
from backbone.eventstore import Appended, Meta
from backbone.identity import SERVICE_ROLE, Actor, Unauthenticated, Verifier
from backbone.web.problems import Refusal

COMMANDS: Final = UUID("6f1d8a0e-53b5-5d0c-9d5b-0c9c5a1d7c11")
"""Namespace of command ids made from callers' keys: apart from the ids that timers and reactors compute."""

REFUSAL: Final = "chuishao.refusal"
"""Where in a request's scope an outer layer leaves the exception that says why it let nobody in."""

_bearer = HTTPBearer(auto_error=False, description="JWT, aud=chuishao")


@dataclass(frozen=True, slots=True)
class Gate:
    """What the dependencies need of the service; kept in ``app.state.gate``."""

    service: str
    verifier: Verifier
    secret: bytes


def _gate(request: Request) -> Gate:
    gate: Gate = request.app.state.gate
    return gate


Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
KeyHeader = Annotated[str | None, Header(alias="Idempotency-Key", description="A UUID made by the caller")]


async def current_actor(request: Request, credentials: Bearer) -> Actor:
    """The actor of the request's bearer token; 401 without a good one."""
    if (refusal := request.scope.get(REFUSAL)) is not None:
        raise refusal
    if credentials is None:
        raise Unauthenticated("token-missing")
    return await _gate(request).verifier.verify(credentials.credentials)


CurrentActor = Annotated[Actor, Depends(current_actor)]


class AsksWhoCalls:
    """A dependency that lets nobody in unknown, where a standard has another place for the proof."""


def is_service(actor: Actor) -> bool:
    """Whether a service asks, and no person."""
    return actor.role == SERVICE_ROLE


async def service_actor(request: Request, actor: CurrentActor) -> Actor:
    """The calling service; 403 for anybody else."""
    if not is_service(actor):
        raise Refusal("not-permitted", 403, operation=request.url.path)
    return actor


ServiceActor = Annotated[Actor, Depends(service_actor)]


async def idempotency_key(key: KeyHeader = None) -> UUID:
    """The caller's key of this command; 400 if it is missing or no UUID."""
    if not key:
        raise Refusal("idempotency-key-missing", 400)
    try:
        return UUID(key)
    except ValueError:
        raise Refusal("idempotency-key-invalid", 400) from None


IdempotencyKey = Annotated[UUID, Depends(idempotency_key)]


@dataclass(frozen=True, slots=True)
class Call:
    """One command over HTTP: who, with which key, on which path."""

    actor: Actor
    key: UUID
    path: str
    secret: bytes

    def context(
        self,
        operation: str,
        body: BaseModel | Mapping[str, Any] | None = None,
        *,
        at: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> CommandContext:
        """The context to execute this command with; see ``command_context``."""
        return command_context(
            self.actor,
            self.key,
            operation,
            body,
            path=self.path,
            secret=self.secret,
            at=at,
            occurred_at=occurred_at,
        )


async def current_call(request: Request, credentials: Bearer, key: KeyHeader = None) -> Call:
    """Actor and key of a command; 401 and 400 as above."""
    # Called here and not declared as dependencies: each level costs FastAPI a tenth of a small request.
    actor = await current_actor(request, credentials)
    return Call(actor, await idempotency_key(key), request.url.path, _gate(request).secret)


CurrentCall = Annotated[Call, Depends(current_call)]


def command_context(
    actor: Actor,
    key: UUID,
    operation: str,
    body: BaseModel | Mapping[str, Any] | None,
    *,
    path: str,
    secret: bytes,
    at: datetime | None = None,
    occurred_at: datetime | None = None,
) -> CommandContext:
    """A command's identity from the caller's key and a keyed hash of what was asked.

    The hash is HMAC-SHA256 over subject, operation, path and canonical body: bodies hold personal data, and a
    plain hash of a short text can be guessed back. The command id is derived from the key, not equal to it,
    so no caller can take the id of a timer's or another service's command.
    """
    command_id = uuid5(COMMANDS, str(key))
    parts = (actor.subject.encode(), operation.encode(), path.encode(), canonical(body))
    digest = hmac.new(secret, digestmod=hashlib.sha256)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    meta = Meta(
        actor=actor.subject,
        role=actor.role,
        unit=actor.unit,
        correlation=str(command_id),
        traceparent=telemetry.traceparent(),
    )
    return CommandContext(command_id, digest.digest(), meta, at=at, occurred_at=occurred_at)


def canonical(body: BaseModel | Mapping[str, Any] | None) -> bytes:
    """A body as JSON with sorted names; text that no database keeps (NUL, lone surrogates) is refused."""
    value = body.model_dump(mode="json") if isinstance(body, BaseModel) else to_jsonable_python(body)
    try:
        content = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        raise Refusal("invalid-request", 422) from None
    if b"\\u0000" in content and _has_nul(value):
        raise Refusal("invalid-request", 422)
    return content


def _has_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, Mapping):
        return any(_has_nul(name) or _has_nul(each) for name, each in value.items())
    return isinstance(value, list) and any(_has_nul(each) for each in value)


class Accepted(BaseModel):
    """The answer to a command: wait for ``published_seq`` of ``service`` to read its effect."""

    model_config = ConfigDict(extra="allow")

    service: str
    published_seq: int
    id: str


def accepted(service: str, appended: Appended, id: str | UUID | None = None) -> Accepted:
    """The stored answer of a command with its position; ``id`` is for answers that hold none."""
    answer = dict(orjson.loads(appended.answer))
    answer.setdefault("id", "" if id is None else str(id))
    return Accepted(**{**answer, "service": service, "published_seq": appended.published_seq})
