"""Requests that never end, at the server itself: nobody waits for them, and others are served meanwhile."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from backbone.testing import eventually
from backbone.web.patience import PatientProtocol

LINE = b"POST / HTTP/1.1\r\nHost: x\r\n"


class Hasty(PatientProtocol):
    HEAD_SECONDS = 0.3
    BODY_SECONDS = 0.3
    BODY_RATE = 1_000_000


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers how long the body was; slowly for ``/slow``."""
    assert scope["type"] == "http"
    length, more = 0, True
    if scope["path"] == "/slow":
        await asyncio.sleep(0.7)
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length, more = length + len(message.get("body", b"")), message.get("more_body", False)
    body = str(length).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Quiet(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def server(protocol: type[HttpToolsProtocol]) -> AsyncIterator[int]:
    """A port where the app is served."""
    config = uvicorn.Config(echo, host="127.0.0.1", port=0, log_config=None, http=protocol, lifespan="off")
    made = Quiet(config)
    task = asyncio.create_task(made.serve())
    await eventually(lambda: made.started)
    try:
        yield made.servers[0].sockets[0].getsockname()[1]
    finally:
        made.should_exit = True
        await task


async def answer(port: int, chunks: Callable[[], AsyncIterator[bytes]]) -> bytes:
    """What is sent back until the connection is closed, or one answer is complete."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def send() -> None:
        with contextlib.suppress(ConnectionError):
            async for chunk in chunks():
                writer.write(chunk)
                await writer.drain()

    sending = asyncio.create_task(send())
    told = b""
    try:
        async with asyncio.timeout(30):
            while not told.endswith(b"\r\n\r\n12") and (chunk := await reader.read(1_000)):
                told += chunk
    except ConnectionError:
        pass
    finally:
        sending.cancel()
        writer.close()
    return told


def dripping(head: bytes, drop: bytes) -> Callable[[], AsyncIterator[bytes]]:
    """A beginning, and then a drop every now and then, without end."""

    async def chunks() -> AsyncIterator[bytes]:
        yield head
        while True:
            await asyncio.sleep(0.05)
            yield drop

    return chunks


def at_once(content: bytes) -> Callable[[], AsyncIterator[bytes]]:
    """Everything in one piece."""

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    return chunks


@pytest.mark.parametrize(
    "chunks",
    [
        at_once(b""),
        dripping(b"POST /", b"x"),
        dripping(LINE, b"a: b\r\n"),
        dripping(LINE + b"Content-Length: 1000000\r\n\r\n", b"x"),
        dripping(LINE + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["nothing", "a line", "headers", "a body", "chunks"],
)
async def test_what_comes_drop_by_drop_is_not_waited_for(chunks: Callable[[], AsyncIterator[bytes]]) -> None:
    async with server(Hasty) as port:
        assert await answer(port, chunks) == b""


@pytest.mark.parametrize("header", [b"a: " + b"x" * 70_000, b"".join(b"a: bcdefg\r\n" for _ in range(9_000))])
async def test_headers_without_end_are_not_kept(header: bytes) -> None:
    async with server(PatientProtocol) as port:
        assert (await answer(port, at_once(LINE + header))).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("path", [b"/", b"/slow"], ids=["at once", "slower than any request may come"])
async def test_what_has_come_is_answered(path: bytes) -> None:
    request = b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\n" + b"x" * 12
    async with server(Hasty) as port:
        assert (await answer(port, at_once(request))).endswith(b"\r\n\r\n12")


async def test_a_long_body_that_keeps_its_pace_is_read() -> None:
    class Steady(Hasty):
        BODY_RATE = 10

    async def chunks() -> AsyncIterator[bytes]:
        yield LINE + b"Content-Length: 12\r\n\r\n"
        for _ in range(12):
            await asyncio.sleep(0.06)
            yield b"x"

    async with server(Steady) as port:
        assert (await answer(port, chunks)).endswith(b"\r\n\r\n12")
