"""What a GraphQL request carries: who asks, the read model, the services, and batched loaders."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

from graphql import GraphQLError
from sqlalchemy.ext.asyncio import AsyncConnection
from strawberry.dataloader import DataLoader
from strawberry.fastapi import BaseContext

from backbone.identity import Actor, IdentityUnavailable, ServiceTokens, Unauthenticated, Verifier
from backbone.web import Refusal
from contracts.catalogue import sentence
from contracts.permissions import may
from contracts.rules import rule_told
from gateway.adapters.people import People
from gateway.application.allowances import RateExceeded, TooManySockets
from gateway.application.commands import CommandRefused, Services
from gateway.application.provider import ProviderUnavailable
from gateway.domain.visibility import Viewer
from gateway.entrypoints.callers import Caller, Callers, bearer_of
from gateway.entrypoints.socket import Arrived
from gateway.entrypoints.telling import Telling
from gateway.projections import case_queries, docket, joining_queries, parking_queries, unit_queries
from gateway.projections.attachment_queries import attachments_of
from gateway.projections.case_view import CaseView, NoSuchText
from gateway.projections.changes import CaseChanges
from gateway.projections.duplicates import Asked, Candidate, candidates_of
from gateway.projections.enterprises import enterprises_by_id
from gateway.projections.read_log import note_reading
from gateway.projections.search import SearchTextTooLong

K = TypeVar("K")
T = TypeVar("T")

RENEWED_SECONDS: Final = 5.0
"""How long a subscription may go on after its caller's session or key has ended."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What every request shares."""

    view: CaseView
    services: Services
    changes: CaseChanges
    verifier: Verifier
    tokens: ServiceTokens
    callers: Callers
    telling: Telling | None = None
    """Channels, saved views and feeds; None where nothing leaves, as in many tests."""
    people: People | None = None
    """The names of whoever has signed in; None where nobody does, as in many tests."""


def error(slug: str, language: str, **params: object) -> GraphQLError:
    """A coded error: the message in the reader's language; code, English and the refusing rule beside it."""
    return GraphQLError(sentence(slug, language, params), extensions=_told(slug, language, params))


def refused(problem: CommandRefused, language: str) -> GraphQLError:
    """A service's problem document as a coded GraphQL error."""
    document = problem.problem
    code = str(document.get("code", "internal-error"))
    params = document.get("params") or {}
    return GraphQLError(
        sentence(code, language, params),
        extensions={
            **_told(code, language, params),
            "status": problem.status,
            "errors": document.get("errors", []),
        },
    )


def _told(code: str, language: str, params: Mapping[str, object]) -> dict[str, object]:
    return {
        "code": code,
        "message_en": sentence(code, "en", params),
        "params": params,
        "rule": rule_told(code, language, params),
    }


class Context(BaseContext):
    """One request: its caller is verified before the first field resolves."""

    def __init__(
        self, parts: Parts, language: str, arrived: Arrived | None = None, *, on_socket: bool = False
    ) -> None:
        super().__init__()
        self.parts = parts
        self.language = language
        self.on_socket = on_socket
        self.over_http = False
        self._actor: Actor | None = None
        self._token: str | None = None
        self._arrived = arrived or Arrived()
        self._counted = ""
        self._seen_at = 0.0
        self._now: asyncio.Future[datetime] | None = None
        self._present: asyncio.Future[datetime] | None = None
        self.followed_to: datetime | None = None
        """Up to when a subscription has told everything; None outside one."""
        self.forget()

    def forget(self) -> None:
        """Load everything afresh: a subscription shows each case as it is at that moment."""
        self._now = self._present = None
        self.issues = self._loader(
            lambda connection, keys: joining_queries.issues_of(connection, self.viewer, keys)
        )
        self.adoptions = self._loader(
            lambda connection, keys: joining_queries.adoptions_of(connection, self.viewer, keys)
        )
        self.countersignings = self._loader(joining_queries.countersignings_of)
        self.duplicates: DataLoader[Asked, list[Candidate]] = DataLoader(load_fn=self._duplicates)
        self.assignments = self._loader(case_queries.assignments_of)
        self.parkings = self._loader(parking_queries.parkings_of)
        self.extensions = self._loader(parking_queries.extensions_of)
        self.clocks = self._loader(case_queries.clocks_of)
        self.timeline = self._loader(
            lambda connection, keys: case_queries.timeline_of(connection, self.viewer, keys)
        )
        self.attachments = self._loader(
            lambda connection, keys: attachments_of(connection, self.viewer, keys)
        )
        self.releases = self._loader(
            lambda connection, keys: case_queries.releases_of(connection, self.viewer, keys)
        )
        self.cases = self._loader(
            lambda connection, keys: case_queries.cases_by_id(connection, self.viewer, keys)
        )
        self.units = self._loader(unit_queries.units_by_code)
        self.unit_names = self._loader(unit_queries.names_of)
        self.enterprises = self._loader(enterprises_by_id)
        self.explanations: DataLoader[tuple[str, datetime | None], Any] = DataLoader(load_fn=self._explain)

    def take(self, actor: Actor, authorization: str) -> None:
        """The caller was verified before the first field resolves."""
        self._actor, self._token = actor, authorization.partition(" ")[2]

    async def authenticate_socket(self) -> None:
        """Verify the caller of a subscription: ``authorization`` in the connection's first message, or a
        header or session the connection came with."""
        if self._actor is not None:
            return
        caller = await self._caller()
        with self._told():
            self._arrived.connection.belongs_to(caller.counted, caller.still)
        self.take(caller.actor, f"Bearer {caller.token}")
        self._counted, self._seen_at = caller.counted, time.monotonic()

    async def renew(self) -> None:
        """Verify the caller of a subscription anew, at most every few seconds; raise a coded error if that
        is over, or if it is somebody else by now."""
        if self._actor is None or not self._counted or time.monotonic() - self._seen_at < RENEWED_SECONDS:
            return
        caller = await self._caller()
        if (caller.actor.role, caller.actor.unit) != (self._actor.role, self._actor.unit):
            raise error("token-invalid", self.language)
        self.take(caller.actor, f"Bearer {caller.token}")
        self._seen_at = time.monotonic()

    async def count(self) -> None:
        """Count a subscription as a request; raise a coded error beyond the rate."""
        with self._told():
            await self.parts.callers.requests.take(self._counted)

    @contextmanager
    def subscribed(self) -> Iterator[None]:
        """Count a subscription as long as it lasts; raise a coded error beyond the limit."""
        with self._told(), self.parts.callers.sockets.subscription(self._counted):
            yield

    async def _caller(self) -> Caller:
        given = (self.connection_params or {}).get("authorization")
        with self._told():
            if given is not None:
                word, callers = bearer_of(str(given)), self.parts.callers
                return await callers.strangers.let_in(
                    self._arrived.address, word, partial(callers.by_bearer, word)
                )
            found = await self._arrived.again()
        if found is None:
            raise error("token-missing", self.language)
        return found

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (
            Unauthenticated,
            IdentityUnavailable,
            ProviderUnavailable,
            RateExceeded,
            TooManySockets,
            Refusal,
        ) as problem:
            raise error(problem.slug, self.language, **problem.params) from problem

    @property
    def actor(self) -> Actor:
        """The verified caller; raises ``token-missing`` otherwise."""
        if self._actor is None:
            raise error("token-missing", self.language)
        return self._actor

    @property
    def token(self) -> str:
        """The caller's own token, passed on to the services."""
        _ = self.actor
        return self._token or ""

    @property
    def viewer(self) -> Viewer:
        """The caller as the row-level rule sees them."""
        return Viewer(self.actor.subject, self.actor.role, self.actor.unit)

    def permit(self, operation: str) -> None:
        """Raise ``not-permitted`` unless the caller's role may do this."""
        if not may(self.actor, operation):
            raise error("not-permitted", self.language, operation=operation, role=self.actor.role)

    async def read(self, query: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Run a query on the live case view; refusals of the query become coded errors."""
        try:
            async with self.parts.view.connect() as connection:
                return await query(connection)
        except (
            case_queries.BadCursor,
            case_queries.PageTooLarge,
            NoSuchText,
            SearchTextTooLong,
            docket.TooFarBehind,
        ) as problem:
            raise error(problem.slug, self.language, **problem.params) from problem

    async def shown(self, way: str, case_ids: Collection[str]) -> None:
        """Note who reads which cases, before they are shown."""
        if case_ids:
            await self.read(lambda connection: note_reading(connection, self.viewer, way, case_ids))

    async def now(self) -> datetime:
        """The database's clock, read once per request so that all remaining times agree."""
        if self._now is None:
            self._now = asyncio.ensure_future(self.read(case_queries.now))
        return await self._now

    async def place(self) -> str:
        """Where ``caseChanged`` is gone on from by whoever was shown this answer."""
        if self.followed_to is not None:
            return docket.place(self.followed_to)
        if self._present is None:
            self._present = asyncio.ensure_future(self.read(docket.present))
        return docket.place(await self._present)

    def _loader(
        self, load: Callable[[AsyncConnection, Sequence[str]], Awaitable[Sequence[T]]]
    ) -> DataLoader[str, T]:
        async def many(keys: list[str]) -> Sequence[T]:
            return await self.read(lambda connection: load(connection, keys))

        return DataLoader(load_fn=many)

    async def _duplicates(self, asked: list[Asked]) -> list[list[Candidate]]:
        found = await self.read(lambda connection: candidates_of(connection, asked))
        await self.shown("list", {each.case_id for candidates in found for each in candidates})
        return found

    async def _explain(self, wanted: list[tuple[str, datetime | None]]) -> list[Any]:
        # Asked for by the gateway itself: these clocks were found through the row-level rule.
        answers: dict[datetime | None, Any] = {}
        for as_of in dict.fromkeys(moment for _, moment in wanted):
            params = {"clocks": ",".join(clock_id for clock_id, moment in wanted if moment == as_of)}
            if as_of is not None:
                params["as_of"] = as_of.isoformat()
            answers[as_of] = await self.parts.services.read(
                "accountability", "/explanations", token=self.parts.tokens.token(), params=params
            )
        return [answers[as_of].get(clock_id) for clock_id, as_of in wanted]
