"""What one caller may still do: requests over all replicas, connections and subscriptions on this one."""

import math
import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol

from gateway.application.limits import Limits, Rate

KNOWN: Final = 10_000
"""Callers remembered at most; whoever is forgotten here is asked for in the shared buckets."""
PORTIONS: Final = 30
"""A replica takes this part of a burst at a time."""
ALONE_SECONDS: Final = 5.0
"""A replica that could not reach the shared buckets counts by itself so long before it tries again."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a rate after a request, as far as this replica knows without asking."""

    rate: Rate
    left: int
    seconds: int
    """Until the bucket is full again, or gives one more if nothing is left."""

    def headers(self) -> Mapping[str, str]:
        """The fields of draft-ietf-httpapi-ratelimit-headers."""
        return {
            "RateLimit-Policy": f'"{self.rate.of}";q={self.rate.burst};w={self.rate.window}',
            "RateLimit": f'"{self.rate.of}";r={self.left};t={self.seconds}',
        }


class RateExceeded(Exception):
    """Somebody asks too often; ``retry_after`` is in whole seconds."""

    status = 429
    slug = "rate-exceeded"

    def __init__(self, rate: Rate, seconds: int) -> None:
        super().__init__(self.slug)
        self.retry_after = seconds
        self.params: Mapping[str, object] = {"most": rate.per_minute, "seconds": seconds}
        self.allowance = Allowance(rate, 0, seconds)


class AnonymousRateExceeded(RateExceeded):
    """Too much comes from an address without a proof that is good."""

    slug = "anonymous-rate-exceeded"


class TooManySockets(Exception):
    """A caller has as many connections or subscriptions open as one may have."""

    status = 429
    retry_after = 60

    def __init__(self, slug: str, most: int) -> None:
        super().__init__(slug)
        self.slug = slug
        self.params: Mapping[str, object] = {"most": most}


@dataclass(frozen=True, slots=True)
class Taken:
    """What a bucket gave: so many requests, and what is left in it."""

    granted: int
    left: float


class BucketsAway(Exception):
    """The place where the buckets are does not answer in time."""


class Buckets(Protocol):
    """A token bucket for each caller, with a rate."""

    async def take(self, caller: str, most: int) -> Taken:
        """As many requests as there are, at most so many; raises ``BucketsAway``."""
        ...


class OwnBuckets:
    """Buckets of this process alone."""

    def __init__(
        self, limits: Limits, clock: Callable[[], float] = time.monotonic, rate: Rate | None = None
    ) -> None:
        rate = rate or limits.of_caller
        self._rate, self._burst, self._clock = rate.per_second, rate.burst, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def take(self, caller: str, most: int) -> Taken:
        """Count here."""
        now = self._clock()
        left, since = self._left.get(caller, (float(self._burst), now))
        left = min(float(self._burst), left + max(0.0, now - since) * self._rate)
        granted = min(most, int(left))
        self._left[caller] = (left - granted, now)
        _bound(self._left, caller)
        return Taken(granted, left - granted)


@dataclass(slots=True)
class _Held:
    """What this process may let pass for a caller without asking, or until when it need not ask."""

    requests: int = 0
    refused_until: float = float("-inf")
    left: float = 0.0
    """What the bucket had when it was asked last, and when that was."""
    asked_at: float = float("-inf")


class Requests:
    """Lets requests pass as long as their caller's bucket has some, shared by all replicas.

    A replica takes from the shared bucket by portions and lets so many pass by itself, because asking costs
    as much as a small query. What it took it has paid for: in the long run no caller gets more than the rate
    over all replicas; at once it is the burst and at most a portion for each replica. While the shared
    buckets are away each replica counts alone, so that a counter that fails shuts nobody out and lets no
    flood in.
    """

    def __init__(
        self,
        limits: Limits,
        shared: Buckets | None = None,
        clock: Callable[[], float] = time.monotonic,
        rate: Rate | None = None,
    ) -> None:
        """Without a ``rate`` that of a caller; ``shared`` has the same one."""
        self._rate, self._clock = rate or limits.of_caller, clock
        self._shared, self._own = shared, OwnBuckets(limits, clock, self._rate)
        self._exceeded = RateExceeded if self._rate.of == "caller" else AnonymousRateExceeded
        self.portion = max(1, self._rate.burst // PORTIONS)
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._alone_until = float("-inf")

    async def take(self, caller: str) -> Allowance:
        """Count one request; raises ``RateExceeded`` when the bucket is empty."""
        held = self._held.setdefault(caller, _Held())
        _bound(self._held, caller)
        if held.requests == 0:
            # Whoever floods is refused from here, without asking each time.
            self._refuse(held.refused_until - self._clock())
            taken = await self._taken(caller)
            held.left, held.asked_at = taken.left, self._clock()
            if taken.granted == 0:
                seconds = (1 - taken.left) / self._rate.per_second
                held.refused_until = self._clock() + seconds
                self._refuse(seconds)
            held.requests += taken.granted
        held.requests -= 1
        return self._left(held)

    def left(self, caller: str) -> Allowance | None:
        """What is left for a caller, as far as is known here."""
        held = self._held.get(caller)
        return None if held is None else self._left(held)

    def give_back(self, caller: str) -> None:
        """Count one request less; it stays with this replica."""
        held = self._held.get(caller)
        if held is not None:
            held.requests = min(held.requests + 1, self._rate.burst)

    def _left(self, held: _Held) -> Allowance:
        dripped = (self._clock() - held.asked_at) * self._rate.per_second
        left = min(float(self._rate.burst), held.left + dripped + held.requests)
        missing = max(1.0, self._rate.burst - left) if left >= 1 else 1 - left
        return Allowance(self._rate, int(left), math.ceil(missing / self._rate.per_second))

    def _refuse(self, seconds: float) -> None:
        if seconds > 0:
            raise self._exceeded(self._rate, math.ceil(seconds))

    async def _taken(self, caller: str) -> Taken:
        if self._shared is not None and self._clock() >= self._alone_until:
            try:
                return await self._shared.take(caller, self.portion)
            except BucketsAway:
                self._alone_until = self._clock() + ALONE_SECONDS
        return await self._own.take(caller, 1)


def _bound(kept: OrderedDict[str, Any], caller: str) -> None:
    kept.move_to_end(caller)
    if len(kept) > KNOWN:
        kept.popitem(last=False)


class Sockets:
    """How many connections and subscriptions each caller has open."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._connections: Counter[str] = Counter()
        self._subscriptions: Counter[str] = Counter()

    @contextmanager
    def connection(self, introduced: Callable[[], None] | None = None) -> Iterator["Connection"]:
        """One connection, whose caller is known once it has said who it is."""
        made = Connection(self, introduced)
        try:
            yield made
        finally:
            if made.caller is not None:
                _release(self._connections, made.caller)

    def connected(self, caller: str) -> None:
        """Count a connection; raises ``TooManySockets``."""
        _claim(self._connections, caller, self._limits.connections, "too-many-connections")

    @contextmanager
    def subscription(self, caller: str) -> Iterator[None]:
        """Count a subscription as long as it lasts; raises ``TooManySockets``."""
        _claim(self._subscriptions, caller, self._limits.subscriptions, "too-many-subscriptions")
        try:
            yield
        finally:
            _release(self._subscriptions, caller)


class Connection:
    """A connection that counts from the moment its caller is known; ``introduced`` is called then."""

    def __init__(self, sockets: Sockets, introduced: Callable[[], None] | None = None) -> None:
        self._sockets, self._introduced = sockets, introduced
        self.caller: str | None = None
        self.still: Callable[[], Awaitable[object]] | None = None
        """Raises when its caller is let in no more; None as long as nobody knows whose it is."""

    def belongs_to(self, caller: str, still: Callable[[], Awaitable[object]]) -> None:
        """Say once whose it is; raises ``TooManySockets``."""
        if self.caller is None:
            self._sockets.connected(caller)
            self.caller, self.still = caller, still
            if self._introduced is not None:
                self._introduced()


def _claim(counts: Counter[str], caller: str, most: int, slug: str) -> None:
    if counts[caller] >= most:
        raise TooManySockets(slug, most)
    counts[caller] += 1


def _release(counts: Counter[str], caller: str) -> None:
    counts[caller] -= 1
    if not counts[caller]:
        del counts[caller]
