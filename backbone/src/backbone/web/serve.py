"""Running an application: one socket, one loop, and an orderly end on SIGTERM or SIGINT."""

import asyncio
import contextlib
import errno
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Final

import uvicorn
import uvloop
from fastapi import FastAPI
from starlette.types import ASGIApp

from backbone.web.patience import PatientProtocol

MAX_MESSAGE_BYTES: Final = 1_048_576
"""The largest message over a WebSocket."""


class AddressInUse(Exception):
    """Something else listens on the port; one clear line for the operator."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{host}:{port} is in use")
        self.host, self.port = host, port


class _Server(uvicorn.Server):
    """Ends on a signal and returns, so that what was opened outside the application is closed too."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        signals = (signal.SIGTERM, signal.SIGINT)
        for each in signals:
            loop.add_signal_handler(each, self._end)
        try:
            yield
        finally:
            for each in signals:
                loop.remove_signal_handler(each)

    def _end(self) -> None:
        # The second signal does not wait for open requests.
        self.force_exit = self.should_exit
        self.should_exit = True


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises ``AddressInUse``."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(2048)
        sock.setblocking(False)
    except OSError as error:
        sock.close()
        if error.errno == errno.EADDRINUSE:
            raise AddressInUse(host, port) from None
        raise
    return sock


def configured(app: ASGIApp, *, grace: int = 10, trusted_proxies: str = "") -> uvicorn.Config:
    """How an application is served."""
    return uvicorn.Config(
        app,
        http=PatientProtocol,
        ws_max_size=MAX_MESSAGE_BYTES,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=grace,
        timeout_keep_alive=75,
        proxy_headers=trusted_proxies != "",
        forwarded_allow_ips=trusted_proxies,
    )


async def serve(app: ASGIApp, host: str, port: int, *, grace: int = 10, trusted_proxies: str = "") -> None:
    """Serve until SIGTERM or SIGINT; open requests get ``grace`` seconds. Raises ``AddressInUse``.

    ``trusted_proxies`` (addresses and networks, by comma) may say whom they pass on; nobody else may.
    """
    sock = listen(host, port)
    config = configured(app, grace=grace, trusted_proxies=trusted_proxies)
    try:
        await _Server(config).serve(sockets=[sock])
    finally:
        sock.close()


def run(
    app: FastAPI | Callable[[], AbstractAsyncContextManager[FastAPI]],
    host: str,
    port: int,
    *,
    grace: int = 10,
    trusted_proxies: str = "",
) -> None:
    """Run an application on uvloop until a signal ends it. Raises ``AddressInUse``.

    A service passes an async context manager that opens what it needs, yields the application and closes
    everything afterwards, all in the loop that serves.
    """

    async def main() -> None:
        async with contextlib.nullcontext(app) if isinstance(app, FastAPI) else app() as opened:
            await serve(opened, host, port, grace=grace, trusted_proxies=trusted_proxies)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
