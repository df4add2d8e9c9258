"""Sending notices outside: HTTP to webhooks and group robots, SMTP for mail."""

import asyncio
import re
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.headerregistry import Address as MailAddress
from email.utils import parsedate_to_datetime
from typing import Final, Literal

import aiosmtplib
import httpx

from gateway.adapters.outward_addresses import Addresses, Way
from gateway.application.outward import (
    SIGNATURE,
    TIMESTAMP,
    AddressRefused,
    Message,
    Target,
    dingtalk_body,
    dingtalk_query,
    mail,
    robot_outcome,
    signature,
    webhook_body,
    wecom_body,
)
from gateway.domain.channels import DELIVERED, ROBOTS, Outcome

SECONDS: Final = 10.0
"""For one message, looking up and answering included."""
MOST_ANSWER_BYTES: Final = 16_384
LONGEST_REST: Final = 3600.0
_MAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")


@dataclass(frozen=True, slots=True)
class Smtp:
    """The mail server notices are handed to."""

    host: str
    port: int
    sender: str
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)


class OutwardSender:
    """Implements ``gateway.application.outward.Sender``."""

    def __init__(
        self,
        addresses: Addresses,
        client: httpx.AsyncClient,
        source: str,
        smtp: Smtp | None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._addresses, self._client, self._source = addresses, client, source
        self._smtp, self._clock = smtp, clock

    async def check(self, target: Target) -> None:
        """Raise ``AddressRefused`` for an address nothing may be sent to."""
        if target.kind == "email":
            if self._smtp is None:
                raise AddressRefused("mail-not-configured")
            if not _MAIL.fullmatch(target.address):
                raise AddressRefused("address-invalid")
            MailAddress(addr_spec=target.address)
            return
        try:
            async with asyncio.timeout(SECONDS):
                await self._addresses.way(target.address)
        except (OSError, UnicodeError) as error:
            raise AddressRefused("address-unknown") from error

    async def send(self, target: Target, message: Message) -> Outcome:
        """Send once."""
        try:
            async with asyncio.timeout(SECONDS):
                if target.kind == "email":
                    return await self._mail(target, message)
                return await self._post(target, message)
        except AddressRefused as refused:
            return Outcome(refused.slug)
        except (TimeoutError, aiosmtplib.SMTPTimeoutError, httpx.TimeoutException):
            return Outcome("timed-out", again=True)
        except (OSError, UnicodeError, httpx.HTTPError, aiosmtplib.SMTPServerDisconnected):
            return Outcome("unreachable", again=True)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            return _mail_outcome(min(each.code for each in refused.recipients))
        except aiosmtplib.SMTPResponseException as refused:
            return _mail_outcome(refused.code)
        except aiosmtplib.SMTPException:
            return Outcome("mail-refused")

    async def _post(self, target: Target, message: Message) -> Outcome:
        now = self._clock()
        body, query, headers = b"", "", {"Content-Type": "application/json; charset=utf-8"}
        match target.kind:
            case "dingtalk":
                body, query = dingtalk_body(message), dingtalk_query(target.secret, int(now * 1000))
            case "wecom":
                body = wecom_body(message)
            case _:
                body = webhook_body(message, self._source)
                headers = {
                    "Content-Type": "application/cloudevents+json; charset=utf-8",
                    TIMESTAMP: str(int(now)),
                    SIGNATURE: signature(target.secret or "", int(now), body),
                }
        way = await self._addresses.way(target.address)
        url = way.url
        if query:
            url = url.copy_with(query="&".join(filter(None, (url.query.decode(), query))).encode())
        async with self._answer(way, url, body, headers | {"Idempotency-Key": str(message.id)}) as response:
            if not response.is_success:
                return _http_outcome(response, self._clock())
            return robot_outcome(await _read(response)) if target.kind in ROBOTS else DELIVERED

    @asynccontextmanager
    async def _answer(
        self, way: Way, url: httpx.URL, body: bytes, headers: dict[str, str]
    ) -> AsyncIterator[httpx.Response]:
        # The address that was looked at is called, whatever the name stands for by now; the certificate
        # still has to be the name's.
        request = self._client.build_request(
            "POST",
            url,
            content=body,
            headers=headers | {"Host": way.netloc, "User-Agent": "chuishao"},
            extensions={"sni_hostname": way.host},
        )
        response = await self._client.send(request, stream=True, follow_redirects=False)
        try:
            yield response
        finally:
            await response.aclose()

    async def _mail(self, target: Target, message: Message) -> Outcome:
        smtp = self._smtp
        if smtp is None:
            raise AddressRefused("mail-not-configured")
        await aiosmtplib.send(
            mail(message, smtp.sender, target.address),
            hostname=smtp.host,
            port=smtp.port,
            username=smtp.user,
            password=smtp.password,
            use_tls=smtp.security == "tls",
            start_tls=smtp.security == "starttls",
            timeout=SECONDS,
        )
        return DELIVERED


def outward_client() -> httpx.AsyncClient:
    """A client that trusts what the machine trusts, asks no proxy and keeps no connection."""
    return httpx.AsyncClient(
        verify=ssl.create_default_context(),
        timeout=SECONDS,
        trust_env=False,
        follow_redirects=False,
        limits=httpx.Limits(max_connections=20, max_keepalive_connections=0),
    )


async def _read(response: httpx.Response) -> bytes:
    found = b""
    async for piece in response.aiter_bytes():
        found += piece
        if len(found) > MOST_ANSWER_BYTES:
            return b""
    return found


def _http_outcome(response: httpx.Response, now: float) -> Outcome:
    status = response.status_code
    again = status >= 500 or status in (408, 425, 429)
    rest = _retry_after(response.headers.get("retry-after"), now) if again else None
    return Outcome(f"http-{status}", again=again, rest_seconds=rest)


def _retry_after(text: str | None, now: float) -> float | None:
    if text is None:
        return None
    try:
        seconds = float(text) if text.isdecimal() else parsedate_to_datetime(text).timestamp() - now
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_REST)


def _mail_outcome(code: int) -> Outcome:
    return Outcome(f"smtp-{code}", again=400 <= code < 500)
