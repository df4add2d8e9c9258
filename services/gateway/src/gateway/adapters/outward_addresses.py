"""Where webhooks may lead: every address a name stands for is looked at, and the one looked at is called."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

import httpx

from gateway.application.outward import AddressRefused

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
LONGEST_URL: Final = 2_000
_NAT64: Final = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Way:
    """A URL whose name has been looked up: ``url`` has the address in the name's place."""

    url: httpx.URL
    host: str
    netloc: str


def networks_of(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Networks named by commas, e.g. ``10.0.0.0/8``; raises ``ValueError``."""
    return tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())


async def looked_up(host: str, port: int) -> Sequence[str]:
    """Every address of a name."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


class Addresses:
    """Lets through https to public addresses, and whatever leads into the networks named for it."""

    def __init__(
        self, networks: Sequence[IPv4Network | IPv6Network] = (), resolve: Resolve = looked_up
    ) -> None:
        self._networks, self._resolve = networks, resolve

    async def way(self, text: str) -> Way:
        """The way to a URL; raises ``AddressRefused``, or ``OSError`` if its name cannot be looked up."""
        url = self._url(text)
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            found = [ip_address(url.host)]
        except ValueError:
            found = [ip_address(each.partition("%")[0]) for each in await self._resolve(url.host, port)]
        if not found:
            raise OSError("the name has no address")
        # All of them: a name that also stands for an address inside is not believed.
        for each in found:
            inside = any(each in network for network in self._networks if network.version == each.version)
            if not inside and (url.scheme != "https" or not _public(each)):
                raise AddressRefused("address-not-permitted")
        return Way(url.copy_with(host=str(found[0])), url.host, url.netloc.decode("ascii"))

    def _url(self, text: str) -> httpx.URL:
        try:
            url = httpx.URL(text)
        except (httpx.InvalidURL, UnicodeError, TypeError) as error:
            raise AddressRefused("address-invalid") from error
        plain = url.scheme == "http" and bool(self._networks)
        if len(text) > LONGEST_URL or not url.host or url.userinfo or url.fragment:
            raise AddressRefused("address-invalid")
        if url.scheme != "https" and not plain:
            raise AddressRefused("address-needs-https")
        return url


def _public(address: Address) -> bool:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return _public(address.ipv4_mapped)
        if address.sixtofour is not None or address.teredo is not None or address in _NAT64:
            return False
    return address.is_global and not address.is_multicast
