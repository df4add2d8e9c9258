"""Knowing a report that is sent again: senders without idempotency keys repeat what got no answer."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final, Protocol
from uuid import UUID

import orjson

ALIKE: Final = timedelta(hours=24)
"""How long the same words from the same sender are the same report."""


class Resends(Protocol):
    """Where the senders' words are remembered, by fingerprint."""

    async def key_of(self, fingerprint: bytes, new: UUID) -> UUID:
        """The idempotency key of these words: an earlier one of the last ``ALIKE``, else ``new``, kept."""
        ...


def fingerprint(secret: bytes, subject: str, words: Mapping[str, Sequence[str]]) -> bytes:
    """A keyed hash of who sent what: the words hold personal data, and a plain hash could be guessed back."""
    said = orjson.dumps({name: list(values) for name, values in words.items()}, option=orjson.OPT_SORT_KEYS)
    return hmac.new(secret, subject.encode() + b"\0" + said, hashlib.sha256).digest()
