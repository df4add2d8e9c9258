"""Whoever is not known: counted by network address, before anything they show is looked at.

A request that shows nothing takes from its address's bucket. So does one that shows a token, a session or a
key that was not good here lately; if it proves good, the address gets back what it paid. Thus a wrong guess
always costs, however many are tried at once, and an address that has guessed too much lets nothing new in,
while those who are at work behind it go on.
"""

import hashlib
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final, TypeVar

from backbone.identity import Unauthenticated
from gateway.application.allowances import Allowance, Buckets, Requests, TooManySockets
from gateway.application.limits import Limits

T = TypeVar("T")

REMEMBERED: Final = 10_000
"""Proofs that were good lately, by their hashes."""
NETWORK_BITS: Final = 64


class Strangers:
    """Counts unknown callers and their open connections by address."""

    def __init__(self, limits: Limits, buckets: Buckets | None = None) -> None:
        self._limits = limits
        self._requests = Requests(limits, buckets, rate=limits.of_address)
        self._good: OrderedDict[bytes, None] = OrderedDict()
        self._waiting: Counter[str] = Counter()

    async def take(self, address: str) -> Allowance:
        """Count a request of nobody known; raises ``RateExceeded``."""
        return await self._requests.take(_name(address))

    def left(self, address: str) -> Allowance | None:
        """What is left for an address, as far as is known here."""
        return self._requests.left(_name(address))

    def give_back(self, address: str) -> None:
        """The request was of somebody known after all."""
        self._requests.give_back(_name(address))

    async def let_in(self, address: str, shown: str, find: Callable[[], Awaitable[T]]) -> T:
        """Whoever ``shown`` proves, as ``find`` finds them; raises what it raises, and ``RateExceeded``."""
        proof = hashlib.sha256(shown.encode()).digest()
        known = proof in self._good
        if not known:
            await self.take(address)
        try:
            found = await find()
        except Unauthenticated:
            if self._good.pop(proof, 0) is None:
                await self.take(address)
            raise
        except BaseException:
            if not known:  # it could not be looked at
                self.give_back(address)
            raise
        if not known:
            self.give_back(address)
        self._remember(proof)
        return found

    @contextmanager
    def waiting(self, address: str) -> Iterator[Callable[[], None]]:
        """Count a connection whose caller is not known; call what is given once they are.

        Raises ``TooManySockets``.
        """
        if self._waiting[address] >= self._limits.anonymous_connections:
            raise TooManySockets("too-many-anonymous-connections", self._limits.anonymous_connections)
        self._waiting[address] += 1
        counted = True

        def known() -> None:
            nonlocal counted
            if counted:
                counted = False
                self._waiting[address] -= 1
                if not self._waiting[address]:
                    del self._waiting[address]

        try:
            yield known
        finally:
            known()

    def _remember(self, proof: bytes) -> None:
        self._good[proof] = None
        self._good.move_to_end(proof)
        if len(self._good) > REMEMBERED:
            self._good.popitem(last=False)


def address_of(scope: Mapping[str, object]) -> str:
    """Where a request comes from: the peer, or whom a trusted proxy names; of IPv6 the network.

    Whoever has one address of IPv6 has all of its /64.
    """
    client = scope.get("client")
    told = str(client[0]) if isinstance(client, tuple | list) and client else ""
    try:
        address = ip_address(told.partition("%")[0])
    except ValueError:
        return told
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(IPv6Network((address, NETWORK_BITS), strict=False))
    return str(address)


def _name(address: str) -> str:
    return f"address {address}"
