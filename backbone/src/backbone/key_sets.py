"""An identity provider's public keys: kept, fetched anew when they age or rotate; the algorithms allowed."""

import asyncio
import time
from pathlib import Path
from typing import Any, Final

import httpx
import orjson
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

ALGORITHMS: Final = ("Ed25519", "EdDSA", "ES256", "PS256", "RS256")
MAX_JWKS_BYTES: Final = 262_144


class Registry(JWSRegistry):
    """Allows our algorithms only, without the library's warning that ``EdDSA`` has a newer name."""

    def get_alg(self, name: str) -> Any:
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError(f"algorithm {name!r} is not allowed")
        return self.algorithms[name]


REGISTRY: Final = Registry(strict_check_header=False)


class KeySource:
    """One key set, from a file or over HTTP, kept until it is old or a key is missing from it."""

    def __init__(
        self,
        location: str,
        client: httpx.AsyncClient | None = None,
        *,
        ttl: float = 300.0,
        pause: float = 5.0,
    ) -> None:
        self.location, self._client = location, client
        self._ttl, self._pause = ttl, pause
        self._keys: KeySet | None = None
        self._tried = self._loaded = float("-inf")
        self._lock = asyncio.Lock()

    @property
    def remote(self) -> bool:
        """Whether the set comes over HTTP: then it is a provider's and not our own."""
        return self.location.startswith(("http://", "https://"))

    async def keys(self, *, again: bool = False) -> KeySet | None:
        """The set; ``again`` asks for a newer one, which is granted at most every ``pause`` seconds."""
        if not self._due(again):
            return self._keys
        async with self._lock:
            if self._due(again):
                self._tried = time.monotonic()
                try:
                    content = await self._fetch()
                    self._keys = KeySet.import_key_set(content)
                    self._loaded = time.monotonic()
                except (OSError, ValueError, KeyError, TypeError, httpx.HTTPError, JoseError):
                    # The old keys stay good: a provider that is down must not lock everyone out.
                    return self._keys
        return self._keys

    def _due(self, again: bool) -> bool:
        now = time.monotonic()
        if now - self._tried < self._pause:
            return False
        return again or now - self._loaded >= self._ttl

    async def _fetch(self) -> Any:
        if not self.remote:
            return _key_set(Path(self.location).read_bytes())
        if self._client is not None:
            return await self._get(self._client)
        async with httpx.AsyncClient(timeout=5.0, trust_env=False) as client:
            return await self._get(client)

    async def _get(self, client: httpx.AsyncClient) -> Any:
        body = b""
        async with client.stream("GET", self.location, timeout=5.0) as response:
            response.raise_for_status()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MAX_JWKS_BYTES:
                    raise ValueError("the key set is too large")
        return _key_set(body)


def _key_set(body: bytes) -> dict[str, Any]:
    if len(body) > MAX_JWKS_BYTES:
        raise ValueError("the key set is too large")
    keys = orjson.loads(body)["keys"]
    # Symmetric keys have no place here: whoever can verify with one could also sign with it. Keys for
    # encryption cannot sign either.
    return {
        "keys": [
            key for key in keys if key.get("kty") in ("OKP", "RSA", "EC") and key.get("use", "sig") == "sig"
        ]
    }
