"""Sealing personal data: AES-GCM under keys that can be destroyed, so that a fact stays and its words go."""

import re
import time
from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from os import urandom
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import quote

import httpx
import stamina
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PREFIX: Final = "sealed:v1:"
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
MAX_CHARS: Final = 100_000
"""The longest text that is sealed, in characters."""
MAX_IDS: Final = 500
"""The most key ids in one request for keys."""
_KEY_ID: Final = re.compile(r"[a-z]{1,32}/[^\s:/]{1,300}")
_SEALED: Final = re.compile(r"sealed:v1:[a-z]{1,32}/[^\s:/]{1,300}:[A-Za-z0-9+/]+={0,2}")

T = TypeVar("T")


class TextTooLong(Exception):
    """A text beyond the limit; ``params`` names the limit in characters."""

    slug = "text-too-long"

    def __init__(self, limit: int) -> None:
        super().__init__(self.slug)
        self.params: Mapping[str, object] = {"limit": limit}


class KeysUnavailable(Exception):
    """The owner of the keys does not answer; nothing was sealed or opened."""

    status = 503
    retry_after = 2
    slug = "keys-unavailable"

    def __init__(self) -> None:
        super().__init__(self.slug)
        self.params: Mapping[str, object] = {}


class KeyDestroyed(Exception):
    """A text cannot be sealed any more because its key was destroyed on request."""

    slug = "personal-data-erased"

    def __init__(self) -> None:
        super().__init__(self.slug)
        self.params: Mapping[str, object] = {}


class Unreadable(Exception):
    """A sealed text was altered or its key is another one."""


class KeyRing(Protocol):
    """Gives the keys of texts; the owner makes the missing ones."""

    async def keys(self, ids: Iterable[str]) -> dict[str, bytes | None]:
        """Key by id, each 32 bytes; ``None`` means destroyed. Raises ``KeysUnavailable``."""
        ...


def key_id(kind: str, name: str) -> str:
    """The id of a key, e.g. ``case/<case id>`` or ``person/<subject>``, with odd characters quoted."""
    return f"{kind}/{quote(name, safe='')}"


def sealed(value: object) -> bool:
    """Whether a value is a sealed text."""
    return isinstance(value, str) and value.startswith(PREFIX) and _SEALED.fullmatch(value) is not None


def key_id_of(text: str) -> str:
    """The key id of a sealed text; ``ValueError`` for anything else."""
    if not sealed(text):
        raise ValueError("not a sealed text")
    return text[len(PREFIX) :].rpartition(":")[0]


def encode_keys(keys: Mapping[str, bytes | None]) -> dict[str, Any]:
    """The answer to ``POST /keys {"ids": […]}``: ``{"keys": {id: base64}, "destroyed": [id]}``."""
    return {
        "keys": {each: b64encode(key).decode() for each, key in keys.items() if key is not None},
        "destroyed": [each for each, key in keys.items() if key is None],
    }


def decode_keys(answer: Any, ids: Iterable[str]) -> dict[str, bytes | None]:
    """Read such an answer for the ids asked; ``ValueError`` if one is missing or malformed."""
    destroyed = set(answer["destroyed"])
    keys: dict[str, bytes | None] = {}
    for each in ids:
        if each in destroyed:
            keys[each] = None
            continue
        key = b64decode(answer["keys"][each], validate=True)
        if len(key) != KEY_BYTES:
            raise ValueError(f"the key {each} has {len(key)} bytes")
        keys[each] = key
    return keys


class MemoryKeyRing:
    """Keys in memory, made when first asked for; for tests and single processes."""

    def __init__(self) -> None:
        self._keys: dict[str, bytes | None] = {}

    async def keys(self, ids: Iterable[str]) -> dict[str, bytes | None]:
        """Key by id; missing ones are made, destroyed ones are ``None``."""
        return {each: self._keys.setdefault(each, urandom(KEY_BYTES)) for each in ids}

    def destroy(self, key: str) -> None:
        """Destroy a key for good."""
        self._keys[key] = None


class HttpKeyRing:
    """Keys from their owner over HTTP; ``size`` are kept, each for ``ttl`` s so that erasure takes effect."""

    def __init__(
        self,
        base_url: str,
        headers: Callable[[], Mapping[str, str]],
        *,
        client: httpx.AsyncClient,
        ttl: float = 60.0,
        size: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``headers`` gives the Authorization header of each call, e.g. ``ServiceTokens.headers``."""
        self._url, self._headers, self._client = f"{base_url.rstrip('/')}/keys", headers, client
        self._ttl, self._size, self._clock = ttl, size, clock
        self._kept: OrderedDict[str, tuple[float, bytes | None]] = OrderedDict()

    async def keys(self, ids: Iterable[str]) -> dict[str, bytes | None]:
        """Key by id; one request per 500 that are not kept. Raises ``KeysUnavailable``."""
        now = self._clock()
        found: dict[str, bytes | None] = {}
        missing: list[str] = []
        for each in dict.fromkeys(ids):
            kept = self._kept.get(each)
            if kept is not None and kept[0] > now:
                found[each] = kept[1]
            else:
                missing.append(each)
        for start in range(0, len(missing), MAX_IDS):
            page = missing[start : start + MAX_IDS]
            fetched = await self._ask(page)
            found.update(fetched)
            for each, key in fetched.items():
                self._kept[each] = (self._clock() + self._ttl, key)
                self._kept.move_to_end(each)
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return found

    def forget(self, ids: Iterable[str]) -> None:
        """Ask the owner again for these keys, as after an erasure."""
        for each in ids:
            self._kept.pop(each, None)

    async def _ask(self, ids: Sequence[str]) -> dict[str, bytes | None]:
        try:
            async for attempt in stamina.retry_context(
                on=httpx.TransportError, attempts=3, timeout=5.0, wait_initial=0.05, wait_max=0.5
            ):
                with attempt:
                    response = await self._client.post(
                        self._url, json={"ids": list(ids)}, headers=dict(self._headers())
                    )
                    response.raise_for_status()
                    return decode_keys(response.json(), ids)
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise KeysUnavailable from error
        raise KeysUnavailable


class Sealer:
    """Seals and opens texts with the keys of a ring."""

    def __init__(self, ring: KeyRing, max_chars: int = MAX_CHARS) -> None:
        self._ring, self._max_chars = ring, max_chars

    async def seal(self, key: str, text: str) -> str:
        """``sealed:v1:<key id>:<base64 of nonce and ciphertext>``; never the same twice."""
        return (await self.seal_all([(key, text)]))[0]

    async def seal_all(self, texts: Sequence[tuple[str, str]]) -> list[str]:
        """Seal (key id, text) pairs in order, with one request for their keys."""
        for key, text in texts:
            if not _KEY_ID.fullmatch(key):
                raise ValueError(f"{key!r} is no key id")
            if len(text) > self._max_chars:
                raise TextTooLong(self._max_chars)
        keys = await self._ring.keys(dict.fromkeys(key for key, _ in texts))
        return [_seal(key, keys[key], text) for key, text in texts]

    async def open(self, text: str, placeholder: str) -> str:
        """The words of a sealed text, or the placeholder if its key was destroyed."""
        return (await self.open_all([text], placeholder))[0]

    async def open_all(self, texts: Sequence[str], placeholder: str) -> list[str]:
        """Open sealed texts in order, with one request for their keys."""
        ids = [key_id_of(text) for text in texts]
        keys = await self._ring.keys(dict.fromkeys(ids)) if ids else {}
        return [_open(text, each, keys[each], placeholder) for text, each in zip(texts, ids, strict=True)]

    async def open_in(self, value: T, placeholder: str) -> T:
        """A copy of a JSON value with every sealed text in it opened, with one request for all keys."""
        found: dict[str, None] = {}
        _collect(value, found)
        if not found:
            return value
        opened = dict(zip(found, await self.open_all(list(found), placeholder), strict=True))
        return _replace(value, opened)  # type: ignore[no-any-return]


def _seal(key: str, secret: bytes | None, text: str) -> str:
    if secret is None:
        raise KeyDestroyed
    nonce = urandom(NONCE_BYTES)
    # The key id is authenticated too, so a ciphertext cannot be moved under another name.
    content = nonce + AESGCM(secret).encrypt(nonce, text.encode(), key.encode())
    return f"{PREFIX}{key}:{b64encode(content).decode()}"


def _open(text: str, key: str, secret: bytes | None, placeholder: str) -> str:
    if secret is None:
        return placeholder
    try:
        content = b64decode(text.rpartition(":")[2], validate=True)
        return AESGCM(secret).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], key.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable(f"the text sealed under {key} cannot be opened") from error


def _collect(value: object, found: dict[str, None]) -> None:
    if isinstance(value, str):
        if sealed(value):
            found[value] = None
    elif isinstance(value, Mapping):
        for each in value.values():
            _collect(each, found)
    elif isinstance(value, list | tuple):
        for each in value:
            _collect(each, found)


def _replace(value: Any, opened: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return opened.get(value, value)
    if isinstance(value, Mapping):
        return {name: _replace(each, opened) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_replace(each, opened) for each in value]
    return value
