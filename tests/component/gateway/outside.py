"""The world outside: receivers of webhooks and mail on this machine, and a board that tells them."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import httpx
import orjson
from sqlalchemy import text

from backbone.identity import Actor
from gateway.adapters.outward_addresses import Addresses, networks_of
from gateway.adapters.outward_sender import OutwardSender, Smtp, outward_client
from gateway.application.deliveries import QuietHoursUnknown
from gateway.entrypoints.telling import Telling
from tests.backbone.edge import SECRET
from tests.component.gateway.board import WATER, Board

HOME = "https://chuishao.test"
WATER_LEADER = Actor("leader-water-resources", "演示·水", "department_leader", WATER)
NOW = datetime(2026, 5, 8, 2, 0, tzinfo=UTC)
"""Friday, ten in the morning in Nanle."""


@dataclass
class Request:
    """What a receiver got."""

    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return orjson.loads(self.body)


@dataclass
class Receiver:
    """A web server of one page that answers as the test says."""

    port: int = 0
    got: list[Request] = field(default_factory=list)
    status: int = 200
    answer: bytes = b'{"errcode":0,"errmsg":"ok"}'
    extra: str = ""
    hold: asyncio.Event | None = None
    """Answer only once it is set."""

    def url(self, path: str = "/hook") -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in head[1:] if line)
            }
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            self.got.append(Request(head[0].split()[1], headers, body))
            if self.hold is not None:
                await self.hold.wait()
            writer.write(
                f"HTTP/1.1 {self.status} X\r\nContent-Length: {len(self.answer)}\r\n{self.extra}"
                "Connection: close\r\n\r\n".encode()
                + self.answer
            )
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@dataclass
class PostOffice:
    """A mail server that keeps what it is handed."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    refuse: str = ""
    """What it says to a recipient instead of yes."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak SMTP with one client."""
        writer.write(b"220 mail.test\r\n")
        while line := (await reader.readline()).decode().strip().upper():
            if line.startswith("RCPT") and self.refuse:
                writer.write(f"{self.refuse}\r\n".encode())
            elif line == "DATA":
                writer.write(b"354 go on\r\n")
                told = (await reader.readuntil(b"\r\n.\r\n")).removesuffix(b".\r\n")
                read: Any = message_from_bytes(told, policy=policy.default)
                self.mails.append(read)
                writer.write(b"250 kept\r\n")
            elif line == "QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 yes\r\n")
        writer.close()


@dataclass
class QuietHoursInHand:
    """Quiet hours as a test sets them."""

    until: datetime | None = None
    away: bool = False

    async def release(self, at: datetime) -> datetime:
        """At once, or when the test says."""
        if self.away:
            raise QuietHoursUnknown
        return self.until or at


@dataclass
class Outside:
    """A board with the ways out."""

    board: Board
    telling: Telling
    hook: Receiver
    post: PostOffice
    quiet: QuietHoursInHand

    async def at(self, moment: datetime) -> None:
        """Set the database's clock."""
        async with self.board.engine.begin() as connection:
            await connection.execute(
                text("UPDATE clock_offset SET shift = :moment - clock_timestamp()"), {"moment": moment}
            )

    async def later(self, **by: float) -> None:
        """Move the database's clock on."""
        async with self.board.engine.begin() as connection:
            await connection.execute(
                text("UPDATE clock_offset SET shift = shift + :by"), {"by": timedelta(**by)}
            )

    async def now(self) -> datetime:
        """The database's clock."""
        return datetime.fromisoformat(str((await self.rows("SELECT chuishao_now()"))[0][0]))

    async def rows(self, statement: str) -> list[Any]:
        """What the database holds."""
        async with self.board.engine.connect() as connection:
            return list((await connection.execute(text(statement))).all())

    async def made(self, actor: Actor = WATER_LEADER, **changes: Any) -> dict[str, Any]:
        """A channel that is not proved yet, and its secret."""
        wanted = {"kind": "WEBHOOK", "name": "平台", "address": self.hook.url()} | changes
        told = await self.board.ask(
            """mutation($channel: ChannelInput!) { createChannel(channel: $channel) {
                 secret channel { channelId kind name address unitCode verifiedAt personal dutyDesk } } }""",
            actor,
            {"channel": wanted},
        )
        payload: dict[str, Any] = told["createChannel"]
        return payload

    async def open(self, actor: Actor = WATER_LEADER, **changes: Any) -> tuple[str, str]:
        """A proved channel: its id and secret; nothing received by it is left."""
        made = await self.made(actor, **changes)
        channel = made["channel"]["channelId"]
        told = await self.board.ask(f'mutation {{ testChannel(channelId: "{channel}") {{ result }} }}', actor)
        assert told["testChannel"]["result"] == "ok"
        await self.confirm(channel, self.code(), actor)
        self.hook.got.clear()
        self.post.mails.clear()
        await self.later(seconds=1)
        return channel, made["secret"] or ""

    def code(self) -> str:
        """The code in the last test message."""
        told = self.post.mails[-1].get_content() if self.post.mails else self.hook.got[-1].body.decode()
        found = re.search(r'(?:验证码:|"code":")(\d{6})', told)
        assert found is not None, told
        return found[1]

    async def confirm(self, channel: str, code: str, actor: Actor = WATER_LEADER) -> dict[str, Any]:
        """Type a code in."""
        return await self.board.ask(
            f'mutation {{ confirmChannel(channelId: "{channel}", code: "{code}")'
            " { channel { verifiedAt } } }",
            actor,
        )

    async def deliver(self) -> int:
        """Queue what is new and send everything that is due; how many attempts that took."""
        await self.telling.deliveries.queue()
        tried = 0
        while await self.telling.deliveries.deliver_one():
            tried += 1
        return tried

    async def log(self, channel: str, actor: Actor = WATER_LEADER) -> list[dict[str, Any]]:
        """The deliveries as the unit's leader sees them."""
        told = await self.board.ask(
            f'{{ deliveries(channel: "{channel}")'
            " { deliveryId caseId kind state attempts result deliveredAt nextAt resentBy } }",
            actor,
        )
        found: list[dict[str, Any]] = told["deliveries"]
        return found


@asynccontextmanager
async def outside(board: Board) -> AsyncIterator[Outside]:
    """The ways out of a board, leading to this machine."""
    hook, post, quiet = Receiver(), PostOffice(), QuietHoursInHand()
    async with board.engine.begin() as connection:
        await connection.execute(text("TRUNCATE delivery, channel, saved_view, calendar_feed"))
        await connection.execute(
            text(
                "INSERT INTO gateway_cases_a.units (code, name, short_name, unit_class, tier,"
                " ruled_by_county, villages) VALUES (:water, '水利局', '水利局', 'department', 'county',"
                " true, '[]'), ('transport', '交通局', '交通局', 'department', 'county', true, '[]')"
            ),
            {"water": WATER},
        )
    web = await asyncio.start_server(hook.serve, "127.0.0.1")
    mail = await asyncio.start_server(post.serve, "127.0.0.1")
    hook.port, post.port = (each.sockets[0].getsockname()[1] for each in (web, mail))
    smtp = Smtp("127.0.0.1", post.port, "chuishao@nanle.test", security="none")
    async with outward_client() as client:
        sender = sender_to(client, smtp)
        view: Any = board.view
        telling = Telling.of(board.engine, SECRET, view, quiet, sender, HOME)
        board.parts = replace(board.parts, telling=telling)
        made = Outside(board, telling, hook, post, quiet)
        await made.at(NOW)
        try:
            yield made
        finally:
            web.close()
            mail.close()
            async with board.engine.begin() as connection:
                await connection.execute(text("UPDATE clock_offset SET shift = '0'"))


def sender_to(client: httpx.AsyncClient, smtp: Smtp | None, networks: str = "127.0.0.0/8") -> OutwardSender:
    """A sender that may reach this machine."""
    return OutwardSender(Addresses(networks_of(networks)), client, HOME, smtp)
