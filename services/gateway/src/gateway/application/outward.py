"""What a notice says outside: number, kind in words, deadline and link, never a text of a case.

DingTalk and WeCom: the formats of their custom group robots as their makers publish them.
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Final, Protocol
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from contracts.catalogue import sentence
from gateway.domain.channels import DELIVERED, Kind, Outcome

_SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
SIGNATURE: Final = "Chuishao-Signature"
TIMESTAMP: Final = "Chuishao-Timestamp"
_TYPES: Final = "chuishao.notice."
_NO_DATA: Final = ("kind", "rung", "unit")
"""Parameters that sentences of notices need; whatever else a notice carries stays inside."""
_BUSY: Final = {-1: 0.0, 130101: 600.0, 410100: 600.0, 90030: 600.0, 45009: 60.0}
"""Answers of robots that pass: the system is busy, or more than 20 messages came within a minute, after
which DingTalk is silent for ten minutes. Seconds of rest by ``errcode``."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a channel leads."""

    kind: Kind
    address: str
    secret: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """One notice on its way; ``id`` is the delivery's and stays the same over all attempts."""

    id: UUID
    kind: str
    zh: str
    en: str
    at: datetime
    link: str
    number: str | None = None
    due: datetime | None = None
    code: str | None = None
    """Of a test message, to be typed in where the channel was made."""


class Sender(Protocol):
    """The way out."""

    async def check(self, target: Target) -> None:
        """Raise ``AddressRefused`` for an address nothing may be sent to."""
        ...

    async def send(self, target: Target, message: Message) -> Outcome:
        """Send once; whatever goes wrong is an outcome."""
        ...


class AddressRefused(Exception):
    """Nothing may be sent to an address."""

    def __init__(self, slug: str, **params: object) -> None:
        super().__init__(slug)
        self.slug, self.params = slug, params


def in_words(kind: str, params: dict[str, Any], language: str) -> str:
    """The sentence of a notice, with its clock by name."""
    told: dict[str, object] = {name: params[name] for name in _NO_DATA if name in params}
    if isinstance(params.get("kind"), str):
        told["kind"] = sentence(f"clock-{params['kind'].lower()}", language)
    if isinstance(params.get("rung"), str):
        told["rung"] = sentence(f"rung-{params['rung'].lower()}", language)
    return sentence(f"notice-{kind}", language, told)


def webhook_body(message: Message, source: str) -> bytes:
    """A CloudEvent 1.0 in JSON."""
    data = {
        "number": message.number,
        "title_zh": message.zh,
        "title_en": message.en,
        "due": None if message.due is None else message.due.isoformat(),
        "link": message.link,
    } | ({"code": message.code} if message.code is not None else {})
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": str(message.id),
            "source": source,
            "type": f"{_TYPES}{message.kind}",
            "time": message.at.isoformat(),
            "datacontenttype": "application/json",
            "data": data,
        }
    )


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """``v1=`` and HMAC-SHA256 in hex over the timestamp in seconds, a full stop and the body."""
    return "v1=" + hmac.digest(secret.encode(), b"%d." % timestamp + body, "sha256").hex()


def dingtalk_query(secret: str | None, milliseconds: int) -> str:
    """``timestamp`` and ``sign`` of a robot with 加签; empty for one that goes by keyword or address."""
    if secret is None:
        return ""
    signed = hmac.digest(secret.encode(), f"{milliseconds}\n{secret}".encode(), "sha256")
    return urlencode({"timestamp": milliseconds, "sign": base64.b64encode(signed).decode()})


def dingtalk_body(message: Message) -> bytes:
    """A markdown message; its title is what the list of chats shows."""
    title = f"吹哨报到: {message.zh}"
    text = "\n\n".join([f"### {title}", *_lines(message, "zh")])
    return orjson.dumps({"msgtype": "markdown", "markdown": {"title": title, "text": text}})


def wecom_body(message: Message) -> bytes:
    """A markdown message of at most 4096 bytes."""
    text = "\n".join([f"**吹哨报到: {message.zh}**", *(f"> {line}" for line in _lines(message, "zh"))])
    return orjson.dumps({"msgtype": "markdown", "markdown": {"content": text}})


def robot_outcome(answer: bytes) -> Outcome:
    """What a robot means: it answers 200 whatever happened, and says the rest in ``errcode``."""
    try:
        code = orjson.loads(answer)["errcode"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return Outcome("answer-not-understood", again=True)
    if code == 0:
        return DELIVERED
    if code in _BUSY:
        return Outcome(f"errcode-{code}", again=True, rest_seconds=_BUSY[code] or None)
    return Outcome(f"errcode-{code}" if isinstance(code, int) else "answer-not-understood")


def mail(message: Message, sender: str, to: str) -> EmailMessage:
    """Plain text in UTF-8, Chinese and then English."""
    found = EmailMessage()
    found["Subject"] = " ".join(filter(None, ("吹哨报到:", message.zh, message.number)))
    found["From"], found["To"] = sender, to
    found["Date"] = format_datetime(message.at)
    found["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2].rstrip('>')}>"
    found["Auto-Submitted"] = "auto-generated"
    parts = [message.zh, *_lines(message, "zh"), "", message.en, *_lines(message, "en")]
    found.set_content("\n".join(parts) + "\n", charset="utf-8", cte="base64")
    return found


def _lines(message: Message, language: str) -> list[str]:
    lines = []
    if message.number is not None:
        lines.append(sentence("outward-number", language, {"number": message.number}))
    if message.due is not None:
        due = f"{message.due.astimezone(_SHANGHAI):%Y-%m-%d %H:%M}"
        lines.append(sentence("outward-due", language, {"due": due}))
    if message.code is not None:
        lines.append(sentence("outward-code", language, {"code": message.code}))
    return [*lines, message.link]
