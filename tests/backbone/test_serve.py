"""Running a service as a process: it begins on its port and ends in order."""

import asyncio
import signal
import socket
import sys
from pathlib import Path

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from backbone.testing import eventually
from backbone.web import AddressInUse, listen
from backbone.web.serve import configured

PROGRAM = """
import asyncio, contextlib, sys
from pathlib import Path
from backbone.web import run
from fastapi import APIRouter
from tests.backbone.edge import Identities, an_app

router = APIRouter()

@router.get("/slow")
async def slow() -> str:
    print("asked", flush=True)
    await asyncio.sleep(0.5)
    return "done"

async def work(stop):
    await stop.wait()
    print("worked", flush=True)

@contextlib.asynccontextmanager
async def opened():
    print("opened", flush=True)
    yield an_app(Identities(Path(sys.argv[1])), routers=[router], tasks={"work": work})
    print("closed", flush=True)

run(opened, "127.0.0.1", int(sys.argv[2]))
print("left", flush=True)
"""


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_lets_open_requests_end_and_closes_everything_in_order(
    tmp_path: Path, ending: signal.Signals
) -> None:
    port = free_port()
    output = tmp_path / "output"
    with output.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", PROGRAM, str(tmp_path), str(port)),
            stdout=file,
            stderr=file,
            cwd=Path(__file__).parents[2],
        )
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:

                async def up() -> bool:
                    try:
                        return (await client.get("/health/ready")).status_code == 200
                    except httpx.TransportError:
                        return False

                await eventually(up, timeout=20)
                asking = asyncio.create_task(client.get("/slow"))
                await eventually(lambda: "asked" in output.read_text())
                process.send_signal(ending)
                assert (await asking).text == '"done"'
            async with asyncio.timeout(15):
                assert await process.wait() == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    told = [line for line in output.read_text().splitlines() if line in STORY]
    assert told == STORY


STORY = ["opened", "asked", "worked", "closed", "left"]


def test_a_used_port_is_said_in_one_line() -> None:
    first = listen("127.0.0.1", 0)
    port = first.getsockname()[1]
    try:
        with pytest.raises(AddressInUse, match=f"127.0.0.1:{port} is in use"):
            listen("127.0.0.1", port)
    finally:
        first.close()


@pytest.mark.parametrize(
    ("trusted", "forwarded", "client"),
    [
        ("", "203.0.113.9", "127.0.0.1"),
        ("192.0.2.1", "203.0.113.9", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.0/8", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
    ],
    ids=["nobody is trusted", "another is", "the peer is", "the last is the one it saw"],
)
async def test_only_a_trusted_proxy_says_who_asks(trusted: str, forwarded: str, client: str) -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["client"][0])

    async def nothing(*_: object) -> Message:
        return {}

    config = configured(app, trusted_proxies=trusted)
    config.load()
    headers = [(b"x-forwarded-for", forwarded.encode())]
    scope = {"type": "http", "client": ("127.0.0.1", 1), "headers": headers, "scheme": "http"}
    await config.loaded_app(scope, nothing, nothing)

    assert seen == [client]
