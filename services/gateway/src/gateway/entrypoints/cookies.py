"""Cookies of the console: bound to this host and to HTTPS, but for development on this machine itself."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.responses import Response

from gateway.adapters.openid import loopback

CSRF_HEADER: Final = "x-csrf-token"


@dataclass(frozen=True, slots=True)
class Place:
    """Where browsers reach the gateway, e.g. ``https://chuishao.example``, without a path."""

    url: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        plain_but_near = parts.scheme == "http" and loopback(parts.hostname)
        if parts.path or parts.query or not parts.hostname or not (parts.scheme == "https" or plain_but_near):
            raise ValueError(
                f"{self.url} is neither https://HOST nor http:// of this machine, without a path"
            )

    @property
    def secure(self) -> bool:
        """Whether browsers reach it over HTTPS."""
        return self.url.startswith("https://")

    @property
    def host(self) -> str:
        """Host and port."""
        return urlsplit(self.url).netloc

    def cookie(self, name: str) -> str:
        """A cookie's full name; with ``__Host-`` a browser takes it from this host over HTTPS only."""
        return f"__Host-chuishao-{name}" if self.secure else f"chuishao-{name}"

    def set(
        self, response: Response, name: str, value: str, *, hidden: bool = True, seconds: int | None = None
    ) -> None:
        """Set a cookie; ``hidden`` from scripts, and gone with the browser unless it has ``seconds``."""
        response.set_cookie(
            self.cookie(name),
            value,
            max_age=seconds,
            path="/",
            secure=self.secure,
            httponly=hidden,
            samesite="lax",
        )

    def clear(self, response: Response, name: str) -> None:
        """Take a cookie away."""
        response.delete_cookie(self.cookie(name), path="/", secure=self.secure, httponly=True, samesite="lax")
