"""Sessions of people at the console: opened by a login, kept by use, ended by sign-out here or at the
provider, or by an administrator.

The browser holds a random id, the database its hash and the sealed tokens. Each request is made with the
person's own access token, renewed at the provider when it has run out; the provider may rotate the refresh
token, so one request renews and the others wait for it.
"""

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from backbone.identity import Actor, Unauthenticated, Verifier
from gateway.application.provider import (
    LoginFailed,
    Logout,
    LogoutRefused,
    Provider,
    ProviderUnavailable,
    Redeemed,
    Tokens,
)

EARLY: Final = timedelta(seconds=20)
"""An access token is renewed so long before its end, so that it lasts through the request."""
TOUCH: Final = timedelta(minutes=1)
"""Use of a session is written down at most so often."""


class SessionEnded(Unauthenticated):
    """No such session, or it has ended."""

    def __init__(self) -> None:
        super().__init__("session-ended")


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long a session lasts: unused, and at all."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True)
class Session:
    """A live session as stored; ``now`` is the clock it was read by."""

    key: bytes = field(repr=False)
    subject: str
    tokens: Tokens
    access_ends_at: datetime
    seen_at: datetime
    ends_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whoever uses a session now: the person, their token for the services, and the session's end."""

    actor: Actor
    token: str = field(repr=False)
    key: bytes = field(repr=False)
    ends_at: datetime


class SessionStore(Protocol):
    """Where sessions are."""

    async def open(self, key: bytes, actor: Actor, redeemed: Redeemed, lifetimes: Lifetimes) -> bool:
        """Keep a new session, its person's claims, and its opening in the record; False if the provider has
        ended it meanwhile."""
        ...

    async def seen(self, actor: Actor) -> None:
        """Somebody's claims are these now."""
        ...

    async def find(self, key: bytes, idle: timedelta) -> Session | None:
        """A session that has neither ended nor been unused for too long."""
        ...

    async def touch(self, key: bytes) -> None:
        """It was used now."""
        ...

    def renewing(
        self, key: bytes, idle: timedelta
    ) -> AbstractAsyncContextManager[tuple[Session | None, Callable[[Tokens], None]]]:
        """Hold a session alone; the tokens given to the function are kept when the block ends well."""
        ...

    async def end(self, key: bytes, act: str, by: str) -> Tokens | None:
        """End a session and say so in the record; its tokens, None if it had ended already."""
        ...

    async def end_all(self, subject: str, by: str) -> list[Tokens]:
        """End every session of a person; what their tokens were."""
        ...

    async def end_told(self, logout: Logout) -> list[Tokens] | None:
        """End what the provider has ended; what the tokens were, None if it told so before."""
        ...

    async def live(self, key: bytes, idle: timedelta) -> bool:
        """Whether a session goes on; asking is no use of it."""
        ...


class Sessions:
    """Opens, renews and ends sessions."""

    def __init__(
        self, store: SessionStore, provider: Provider, verifier: Verifier, lifetimes: Lifetimes
    ) -> None:
        self._store, self._provider, self._verifier = store, provider, verifier
        self._lifetimes = lifetimes

    async def open(self, redeemed: Redeemed) -> str:
        """A new session for somebody the services would let in; its id, which is shown nowhere again.

        Raises ``Unauthenticated``: ``NotMapped`` for somebody without a role here, ``SessionEnded`` for
        somebody who signed out at the provider before arriving here.
        """
        session_id = secrets.token_urlsafe(32)
        try:
            actor = await self._verifier.verify(redeemed.tokens.access)
            if not await self._store.open(key_of(session_id), actor, redeemed, self._lifetimes):
                raise SessionEnded
        except Unauthenticated:
            await self._forget(redeemed.tokens)
            raise
        return session_id

    async def signed_in(self, session_id: str) -> SignedIn:
        """Who uses a session; raises ``SessionEnded``, ``ProviderUnavailable`` or ``Unauthenticated``."""
        key = key_of(session_id)
        session = await self._store.find(key, self._lifetimes.idle)
        if session is None:
            raise SessionEnded
        renewed = session.access_ends_at - EARLY <= session.now
        if renewed:
            session = await self._renewed(key)
        actor = await self._verifier.verify(session.tokens.access)
        if renewed:
            await self._store.seen(actor)
        if session.now - session.seen_at >= TOUCH:
            await self._store.touch(key)
        return SignedIn(actor, session.tokens.access, key, session.ends_at)

    async def end(self, session_id: str, by: str) -> str | None:
        """Sign out here and at the provider; where the browser goes to sign out there itself, if anywhere."""
        tokens = await self._store.end(key_of(session_id), "signed-out", by)
        if tokens is None:
            return None
        await self._forget(tokens)
        return await self._provider.logout_url(tokens.identity)

    async def end_all(self, subject: str, by: str) -> int:
        """End every session of a person, here and at the provider; how many there were."""
        ended = await self._store.end_all(subject, by)
        for tokens in ended:
            await self._forget(tokens)
        return len(ended)

    async def told(self, token: str) -> Callable[[], Awaitable[None]]:
        """End what a logout token of the provider says has ended there; what is left to do at the provider.

        Raises ``LogoutRefused`` or ``ProviderUnavailable``.
        """
        ended = await self._store.end_told(await self._provider.logout(token))
        if ended is None:
            raise LogoutRefused("used before")

        async def forget() -> None:
            for tokens in ended:
                await self._forget(tokens)

        return forget

    async def live(self, key: bytes) -> None:
        """Raise ``SessionEnded`` unless a session goes on; asking keeps none alive."""
        if not await self._store.live(key, self._lifetimes.idle):
            raise SessionEnded

    async def _renewed(self, key: bytes) -> Session:
        refused = False
        async with self._store.renewing(key, self._lifetimes.idle) as (session, keep):
            if session is None:
                raise SessionEnded
            if session.access_ends_at - EARLY > session.now:
                return session  # another request has renewed it meanwhile
            if session.tokens.refresh is not None:
                try:
                    fresh = await self._provider.refresh(session.tokens.refresh)
                    keep(fresh)
                except LoginFailed:
                    refused = True
                except ProviderUnavailable:
                    if session.access_ends_at <= session.now:
                        raise
                    return session
            elif session.access_ends_at > session.now:
                return session  # used to its end
            else:
                refused = True
        if refused:
            await self._store.end(key, "session-expired", "gateway")
            raise SessionEnded
        found = await self._store.find(key, self._lifetimes.idle)
        if found is None:
            raise SessionEnded
        return found

    async def _forget(self, tokens: Tokens) -> None:
        if tokens.refresh is not None:
            await self._provider.revoke(tokens.refresh)


def key_of(session_id: str) -> bytes:
    """The hash that stands for a session in the database."""
    return hashlib.sha256(session_id.encode()).digest()
