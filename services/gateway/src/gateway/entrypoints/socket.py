"""What a subscription's connection came with: a way to its caller, and its place among their connections."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from gateway.application.allowances import Connection, Sockets
from gateway.application.limits import Limits
from gateway.entrypoints.callers import Caller


async def nobody() -> Caller | None:
    """A connection that came with nothing."""
    return None


@dataclass(frozen=True, slots=True)
class Arrived:
    """A connection: ``again`` finds its caller by header or session, None if it came with neither."""

    again: Callable[[], Awaitable[Caller | None]] = nobody
    connection: Connection = field(default_factory=lambda: Connection(Sockets(Limits())))
