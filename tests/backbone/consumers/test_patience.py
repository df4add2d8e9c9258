"""Which failures are waited out, and which park a case."""

import asyncio

import asyncpg
import httpx
import pytest
from nats.errors import ConnectionClosedError
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from backbone.eventstore import Conflict, Fenced, StoreUnavailable
from backbone.jetstream import BrokerUnavailable
from backbone.sealing import KeysUnavailable
from backbone.subscription import OwnerUnavailable, patiently, rest, transient


class Wrapped(Exception):
    """As SQLAlchemy hands on what asyncpg raised."""

    def __init__(self, sqlstate: str | None) -> None:
        self.sqlstate = sqlstate


def answered(status: int) -> httpx.HTTPStatusError:
    request = httpx.Request("GET", "http://intake.test/keys")
    return httpx.HTTPStatusError("no", request=request, response=httpx.Response(status, request=request))


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        httpx.ConnectTimeout("slow"),
        answered(503),
        StoreUnavailable("down"),
        OwnerUnavailable("down"),
        BrokerUnavailable(),
        KeysUnavailable(),
        Conflict("dispatch-1", 3, 4),
        Fenced(),
        ConnectionClosedError(),
        PoolTimeout(),
        asyncpg.ConnectionDoesNotExistError(),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError("another operation is in progress"),
        asyncpg.DeadlockDetectedError(),
        asyncpg.TooManyConnectionsError(),
        OperationalError("SELECT", {}, Wrapped("57P01")),
        DBAPIError("SELECT", {}, Wrapped("40001")),
        DBAPIError("SELECT", {}, Wrapped(None), connection_invalidated=True),
    ],
    ids=lambda error: type(error).__name__,
)
def test_the_worlds_failures_are_waited_out(error: Exception) -> None:
    assert transient(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no such kind"),
        KeyError("case_id"),
        AssertionError(),
        answered(422),
        asyncpg.DataError("invalid input for query argument $1"),
        asyncpg.UniqueViolationError(),
        IntegrityError("INSERT", {}, Wrapped("23505")),
        DBAPIError("SELECT", {}, Wrapped("22P02")),
        DBAPIError("SELECT", {}, Wrapped(None)),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_facts_own_failures_are_not(error: Exception) -> None:
    assert not transient(error)


async def test_a_call_is_repeated_until_the_world_lets_it_through() -> None:
    failures = [ConnectionResetError(), StoreUnavailable("down")]

    async def call() -> str:
        if failures:
            raise failures.pop()
        return "answer"

    assert await patiently(call) == "answer"
    assert not failures


@pytest.mark.parametrize("error", [Fenced("another process"), ValueError("own")])
async def test_a_call_that_is_wrong_fails_at_once(error: Exception) -> None:
    calls = 0

    async def call() -> None:
        nonlocal calls
        calls += 1
        raise error

    with pytest.raises(type(error)):
        await patiently(call)
    assert calls == 1


async def test_a_rest_ends_with_the_work() -> None:
    stop = asyncio.Event()
    resting = asyncio.create_task(rest(stop, 60))
    stop.set()

    await asyncio.wait_for(resting, 1)
