"""Waiting: which failures are the world's and pass, which are the event's and stay, and how long to rest."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar

import asyncpg
import httpx
from nats.errors import Error as NatsError
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from backbone.eventstore import Conflict, Fenced, StoreUnavailable
from backbone.jetstream import BrokerUnavailable
from backbone.sealing import KeysUnavailable
from backbone.subscription.owner_log import OwnerUnavailable

T = TypeVar("T")

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
"""Seconds between two tries."""

_WORLD = (
    OSError,  # with it TimeoutError and ConnectionError
    StoreUnavailable,
    OwnerUnavailable,
    BrokerUnavailable,
    KeysUnavailable,
    Conflict,
    Fenced,
    NatsError,
    httpx.TransportError,
    InterfaceError,
    PoolTimeout,
    asyncpg.PostgresConnectionError,
    asyncpg.InternalClientError,  # of a connection that broke between two operations
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.TransactionRollbackError,
    asyncpg.ReadOnlySQLTransactionError,
)
_CLASSES = ("08", "25006", "40", "53", "55P03", "57")
"""Beginnings of the SQLSTATEs of the same."""


def transient(error: BaseException) -> bool:
    """Whether the same event may well be applied another time; everything else is poison."""
    if isinstance(error, asyncpg.InterfaceError):
        # asyncpg's DataError is one too, and a ValueError: it stays.
        return not isinstance(error, ValueError)
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", "") or "")
        return error.connection_invalidated or isinstance(error, InterfaceError) or state.startswith(_CLASSES)
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code >= 500
    return isinstance(error, _WORLD)


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """The call's result, however long the world fails; ``Fenced`` and the call's own errors come through."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await call()
        except Exception as error:
            if isinstance(error, Fenced) or not transient(error):
                raise
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def rest(stop: asyncio.Event, seconds: float) -> None:
    """Sleep, but no longer than until ``stop`` is set."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait until they are gone."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
