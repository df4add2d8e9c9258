"""What one caller may still do: a bucket of requests, open connections and subscriptions, in this process.

Each replica counts for itself: behind a balancer a token may do so many times as much as there are replicas.
"""

import math
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from gateway.application.limits import Limits

KNOWN: Final = 10_000
"""Callers remembered at most; whoever is forgotten begins with a full bucket."""


class RateExceeded(Exception):
    """A caller asks too often; ``retry_after`` is in whole seconds."""

    status = 429
    slug = "rate-exceeded"

    def __init__(self, most: int, seconds: int) -> None:
        super().__init__(self.slug)
        self.retry_after = seconds
        self.params: Mapping[str, object] = {"most": most, "seconds": seconds}


class TooManySockets(Exception):
    """A caller has as many connections or subscriptions open as one may have."""

    status = 429
    retry_after = 60

    def __init__(self, slug: str, most: int) -> None:
        super().__init__(slug)
        self.slug = slug
        self.params: Mapping[str, object] = {"most": most}


class Requests:
    """A token bucket for each caller: ``burst`` at once, ``requests_per_minute`` in the long run."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._burst, self._clock = limits.requests_per_minute, limits.burst, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str) -> None:
        """Count one request; raises ``RateExceeded`` when the bucket is empty."""
        now, rate = self._clock(), self._most / 60
        left, since = self._buckets.get(caller, (float(self._burst), now))
        left = min(float(self._burst), left + (now - since) * rate)
        if left < 1:
            raise RateExceeded(self._most, math.ceil((1 - left) / rate))
        self._buckets[caller] = (left - 1, now)
        self._buckets.move_to_end(caller)
        if len(self._buckets) > KNOWN:
            self._buckets.popitem(last=False)


class Sockets:
    """How many connections and subscriptions each caller has open."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._connections: Counter[str] = Counter()
        self._subscriptions: Counter[str] = Counter()

    @contextmanager
    def connection(self) -> Iterator["Connection"]:
        """One connection, whose caller is known once it has said who it is."""
        made = Connection(self)
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
    """A connection that counts from the moment its caller is known."""

    def __init__(self, sockets: Sockets) -> None:
        self._sockets = sockets
        self.caller: str | None = None

    def belongs_to(self, caller: str) -> None:
        """Say once whose it is; raises ``TooManySockets``."""
        if self.caller is None:
            self._sockets.connected(caller)
            self.caller = caller


def _claim(counts: Counter[str], caller: str, most: int, slug: str) -> None:
    if counts[caller] >= most:
        raise TooManySockets(slug, most)
    counts[caller] += 1


def _release(counts: Counter[str], caller: str) -> None:
    counts[caller] -= 1
    if not counts[caller]:
        del counts[caller]
