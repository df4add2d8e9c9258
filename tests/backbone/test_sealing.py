"""Sealed texts: opened by their key only, and gone with it."""

import base64
from collections.abc import Callable

import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.sealing import (
    HttpKeyRing,
    KeyDestroyed,
    KeysUnavailable,
    MemoryKeyRing,
    Sealer,
    TextTooLong,
    Unreadable,
    encode_keys,
    key_id,
    key_id_of,
    sealed,
)

CASE = "case/9f7b0d4e"
PERSON = "person/clerk-1"
GONE = "（已删除）"
WORDS = "两村农田积水,联系人张三 13800000000"


class KeyOwner:
    """The owner's ``POST /keys`` over a fake network; counts requests, may be down."""

    def __init__(self) -> None:
        self.ring = MemoryKeyRing()
        self.asked: list[list[str]] = []
        self.authorizations: list[str | None] = []
        self.fails: list[httpx.Response | httpx.TransportError] = []
        self.client = httpx.AsyncClient(transport=httpx.MockTransport(self.answer))

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.authorizations.append(request.headers.get("authorization"))
        if self.fails:
            failure = self.fails.pop(0)
            if isinstance(failure, httpx.Response):
                return failure
            raise failure
        ids = orjson.loads(request.content)["ids"]
        self.asked.append(ids)
        return httpx.Response(200, json=encode_keys(await self.ring.keys(ids)))

    def keyring(
        self, *, ttl: float = 60.0, size: int = 100, clock: Callable[[], float] = lambda: 0.0
    ) -> HttpKeyRing:
        return HttpKeyRing(
            "http://intake",
            lambda: {"Authorization": "Bearer service"},
            client=self.client,
            ttl=ttl,
            size=size,
            clock=clock,
        )


@pytest.fixture
def ring() -> MemoryKeyRing:
    return MemoryKeyRing()


@pytest.fixture
def owner() -> KeyOwner:
    return KeyOwner()


async def test_words_come_back_and_do_not_show(ring: MemoryKeyRing) -> None:
    sealer = Sealer(ring)
    text = await sealer.seal(CASE, WORDS)

    assert sealed(text)
    assert key_id_of(text) == CASE
    assert "13800000000" not in base64.b64decode(text.rpartition(":")[2]).decode("latin-1")
    assert await sealer.open(text, GONE) == WORDS


@given(text=st.text(max_size=200))
async def test_any_text_comes_back(text: str) -> None:
    # A lone surrogate is no text; the edge refuses it before anything is sealed.
    words = text.encode("utf-8", "ignore").decode()
    sealer = Sealer(MemoryKeyRing())

    assert await sealer.open(await sealer.seal(CASE, words), GONE) == words


async def test_the_same_words_never_look_the_same(ring: MemoryKeyRing) -> None:
    sealer = Sealer(ring)

    assert await sealer.seal(CASE, WORDS) != await sealer.seal(CASE, WORDS)


async def test_a_destroyed_key_leaves_the_placeholder(ring: MemoryKeyRing) -> None:
    sealer = Sealer(ring)
    text = await sealer.seal(CASE, WORDS)
    other = await sealer.seal(PERSON, "张三")

    ring.destroy(CASE)

    assert await sealer.open_all([text, other], GONE) == [GONE, "张三"]


async def test_nothing_is_sealed_under_a_destroyed_key(ring: MemoryKeyRing) -> None:
    ring.destroy(CASE)

    with pytest.raises(KeyDestroyed) as refusal:
        await Sealer(ring).seal(CASE, WORDS)
    assert refusal.value.slug == "personal-data-erased"


async def test_an_altered_text_is_unreadable(ring: MemoryKeyRing) -> None:
    sealer = Sealer(ring)
    text = await sealer.seal(CASE, WORDS)
    head, _, content = text.rpartition(":")
    raw = bytearray(base64.b64decode(content))
    raw[-1] ^= 1

    with pytest.raises(Unreadable) as error:
        await sealer.open(f"{head}:{base64.b64encode(raw).decode()}", GONE)
    assert WORDS not in str(error.value)


async def test_a_text_cannot_be_moved_under_another_key_of_the_same_bytes() -> None:
    class OneKey:
        async def keys(self, ids: object) -> dict[str, bytes | None]:
            return {CASE: b"k" * 32, PERSON: b"k" * 32}

    sealer = Sealer(OneKey())
    text = await sealer.seal(CASE, WORDS)

    with pytest.raises(Unreadable):
        await sealer.open(text.replace(CASE, PERSON), GONE)


async def test_a_text_beyond_the_limit_is_refused(ring: MemoryKeyRing) -> None:
    with pytest.raises(TextTooLong) as refusal:
        await Sealer(ring, max_chars=10).seal(CASE, "字" * 11)

    assert (refusal.value.slug, refusal.value.params) == ("text-too-long", {"limit": 10})


@pytest.mark.parametrize("bad", ["", "case", "case/", "Case/1", "case/a:b", "case/a b"])
async def test_a_malformed_key_id_is_refused(ring: MemoryKeyRing, bad: str) -> None:
    with pytest.raises(ValueError, match="no key id"):
        await Sealer(ring).seal(bad, WORDS)


def test_an_odd_subject_becomes_a_key_id() -> None:
    assert key_id("person", "oidc|a:b/c") == "person/oidc%7Ca%3Ab%2Fc"


@pytest.mark.parametrize("value", ["", "text", "sealed:v1:", "sealed:v1:case/1:", "sealed:v2:case/1:AA==", 7])
def test_other_values_are_not_sealed(value: object) -> None:
    assert not sealed(value)


async def test_every_text_in_a_value_is_opened_with_one_request(owner: KeyOwner) -> None:
    sealer = Sealer(owner.keyring())
    first, second = await sealer.seal_all([(CASE, "积水"), (PERSON, "张三")])
    owner.asked.clear()
    reader = Sealer(owner.keyring())

    opened = await reader.open_in({"issues": [{"text": first, "code": "A1"}], "by": second, "n": 3}, GONE)

    assert opened == {"issues": [{"text": "积水", "code": "A1"}], "by": "张三", "n": 3}
    assert [sorted(ids) for ids in owner.asked] == [[CASE, PERSON]]


async def test_a_value_without_sealed_text_asks_nobody(owner: KeyOwner) -> None:
    assert await Sealer(owner.keyring()).open_in({"a": ["b", 1, None]}, GONE) == {"a": ["b", 1, None]}
    assert owner.asked == []


async def test_keys_are_asked_for_as_a_service_and_kept(owner: KeyOwner) -> None:
    keyring = owner.keyring()

    first = await keyring.keys([CASE, PERSON, CASE])
    second = await keyring.keys([PERSON, CASE])

    assert first == second
    assert owner.asked == [[CASE, PERSON]]
    assert owner.authorizations == ["Bearer service"]


async def test_an_erasure_takes_effect_when_the_kept_key_is_old(owner: KeyOwner) -> None:
    now = [0.0]
    keyring = owner.keyring(ttl=60.0, clock=lambda: now[0])
    await keyring.keys([CASE])
    owner.ring.destroy(CASE)

    assert (await keyring.keys([CASE]))[CASE] is not None
    now[0] = 61.0
    assert await keyring.keys([CASE]) == {CASE: None}


async def test_an_erasure_takes_effect_at_once_when_told(owner: KeyOwner) -> None:
    keyring = owner.keyring()
    await keyring.keys([CASE])
    owner.ring.destroy(CASE)

    keyring.forget([CASE])

    assert await keyring.keys([CASE]) == {CASE: None}


async def test_no_more_keys_are_kept_than_allowed(owner: KeyOwner) -> None:
    keyring = owner.keyring(size=2)
    await keyring.keys(["case/1", "case/2", "case/3"])
    owner.asked.clear()

    await keyring.keys(["case/2", "case/3"])
    await keyring.keys(["case/1"])

    assert owner.asked == [["case/1"]]


async def test_many_keys_come_in_pages(owner: KeyOwner) -> None:
    ids = [f"case/{n}" for n in range(1_201)]

    keys = await owner.keyring(size=2_000).keys(ids)

    assert list(keys) == ids
    assert [len(page) for page in owner.asked] == [500, 500, 201]


async def test_a_lost_connection_is_tried_again(owner: KeyOwner) -> None:
    owner.fails = [httpx.ConnectError("down"), httpx.ReadError("reset")]

    assert (await owner.keyring().keys([CASE]))[CASE] is not None


@pytest.mark.parametrize(
    "failure",
    [
        [httpx.ConnectError("down")] * 3,
        [httpx.Response(503)],
        [httpx.Response(200, json={"keys": {}, "destroyed": []})],
        [httpx.Response(200, json={"keys": {CASE: "AA=="}, "destroyed": []})],
        [httpx.Response(200, text="<html>")],
    ],
    ids=["down", "refused", "key missing", "short key", "no JSON"],
)
async def test_without_keys_nothing_is_sealed(
    owner: KeyOwner, failure: list[httpx.Response | httpx.TransportError]
) -> None:
    owner.fails = list(failure)

    with pytest.raises(KeysUnavailable) as refusal:
        await Sealer(owner.keyring()).seal(CASE, WORDS)
    assert (refusal.value.slug, refusal.value.status) == ("keys-unavailable", 503)
