"""HTTP as the services speak it: whoever sends a request endlessly or drop by drop is not waited for."""

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class PatientProtocol(HttpToolsProtocol):
    """Closes a connection whose request does not arrive; uvicorn itself would wait for ever.

    While a request is being answered nothing is awaited of its sender, nor while the application itself is
    slow to read.
    """

    HEAD_SECONDS: ClassVar = 20.0
    """From the connection, or the first byte of a further request, to the end of its headers."""
    HEAD_BYTES: ClassVar = 65_536
    """The longest request line and headers."""
    BODY_SECONDS: ClassVar = 30.0
    BODY_RATE: ClassVar = 16_384
    """A body gets these seconds, and one more for so many bytes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._in_head, self._head_bytes, self._body_bytes = True, 0, 0
        self._since = 0.0
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a first request."""
        super().connection_made(transport)
        self._wait(self.HEAD_SECONDS, self._close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bound what is kept of headers that do not end."""
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > self.HEAD_BYTES:
                self.send_400_response("The request line and headers are too long.")

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._in_head, self._head_bytes = True, 0
        self._wait(self.HEAD_SECONDS, self._close)

    def on_headers_complete(self) -> None:
        """Its headers are here, its body may follow."""
        self._in_head, self._body_bytes = False, 0
        self._since = self.loop.time()
        self._wait(self.BODY_SECONDS, self._hurry)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Some of its body is here."""
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """All of it is here."""
        self._wait_no_more()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """What follows is for another protocol."""
        self._wait_no_more()
        super().handle_websocket_upgrade()

    def _hurry(self) -> None:
        left = self._since + self.BODY_SECONDS + self._body_bytes / self.BODY_RATE - self.loop.time()
        if self.flow.read_paused:
            left = max(left, 1.0)
        if left > 0:
            self._wait(left, self._hurry)
        else:
            self._close()

    def _close(self) -> None:
        self._wait_no_more()
        self.transport.close()

    def _wait(self, seconds: float, then: Any) -> None:
        self._wait_no_more()
        self._waiting = self.loop.call_later(seconds, then)

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
