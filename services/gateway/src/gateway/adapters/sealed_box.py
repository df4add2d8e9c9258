"""Keys made from the gateway's own secret: sealing what sessions hold, and proofs bound to a session."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterable

from backbone.sealing import Sealer


class _OneKey:
    """A ring that has the same key under every id; the id still binds a text to its place."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    async def keys(self, ids: Iterable[str]) -> dict[str, bytes | None]:
        """The key, whatever is asked."""
        return dict.fromkeys(ids, self._key)


class SealedBox:
    """Seals under a key for one purpose; another purpose has another key of the same secret."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        key = hmac.digest(secret, f"chuishao gateway {purpose}".encode(), "sha256")
        self._sealer = Sealer(_OneKey(key))
        self._proof_key = hmac.digest(key, b"proof", "sha256")

    async def seal(self, place: str, text: str) -> str:
        """Ciphertext that opens only for the same place (letters, digits, ``-`` and ``_``)."""
        return await self._sealer.seal(f"gateway/{place}", text)

    async def open(self, place: str, sealed: str) -> str:
        """The text; raises ``ValueError`` or ``Unreadable`` for anything sealed elsewhere or altered."""
        if not sealed.startswith(f"sealed:v1:gateway/{place}:"):
            raise ValueError("sealed for another place")
        return await self._sealer.open(sealed, "")

    def proof(self, place: str) -> str:
        """A word that only this gateway can make for a place."""
        return urlsafe_b64encode(hmac.digest(self._proof_key, place.encode(), "sha256")).decode().rstrip("=")
