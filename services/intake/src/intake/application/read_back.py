"""查询码: whoever wrote without a name reads back and appraises with a code, and needs no account."""

import dataclasses
import hashlib
import hmac
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended, EventStore, Meta
from backbone.sealing import Sealer, key_id
from intake.application.publishing import LETTER
from intake.domain.letter import Letter, Stage
from intake.domain.letter.commands import AppraiseLetter, TryCode
from intake.domain.letter.facts import (
    Event,
    LetterNotAccepted,
    LetterReferredUp,
    LetterResolved,
    LetterResponded,
    Rating,
)
from intake.domain.refusals import Refused

ERASED: Final = "〔个人信息已删除〕"
_LETTERS: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
"""RFC 4648's digits as Crockford's, which no two of look alike."""
_ALIKE: Final = str.maketrans("OIL", "011")
_BYTES: Final = 10
"""80 bits: sixteen digits."""
_SHOWN: Final = 4
"""Digits in a group."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the office told the writer, in plain words."""

    kind: str
    at: datetime
    text: str
    authority: str | None = None
    """Who has it now, where it was referred up."""


@dataclass(frozen=True, slots=True)
class ReadBack:
    """How a letter stands, for its writer."""

    number: str
    state: Stage
    answers: tuple[Answer, ...]
    appraised: bool


def code_of(secret: bytes, command: UUID) -> str:
    """The code of the letter that a command submits; the same for a repeat, not to be had from the log."""
    digest = hmac.new(secret, b"read-back/" + command.bytes, hashlib.sha256).digest()[:_BYTES]
    digits = b32encode(digest).decode().translate(_LETTERS)
    return "-".join(digits[n : n + _SHOWN] for n in range(0, len(digits), _SHOWN))


def hash_of(letter: str, code: str) -> str:
    """What is kept of a code, however it was typed."""
    typed = "".join(each for each in code.upper().translate(_ALIKE) if each.isalnum())
    return hashlib.sha256(f"{letter}/{typed}".encode()).hexdigest()


class ReadBacks:
    """Opens a letter to its code. Raises ``Refused`` with the same words for no letter and a wrong code."""

    def __init__(self, store: EventStore, sealer: Sealer) -> None:
        self._store, self._sealer = store, sealer

    async def read(self, letter: str, code: str, context: CommandContext) -> ReadBack:
        """State and the office's answers."""
        state = await self._opened(letter, code, context)
        assert state.content is not None, "what has a code has content"
        told = [
            answer
            for stored in await self._store.load(LETTER.stream(letter))
            if (answer := _answer(LETTER.codec.decode(stored.type, stored.data), stored.effective_at))
        ]
        texts = await self._sealer.open_all([each.text for each in told], ERASED)
        answers = tuple(dataclasses.replace(each, text=text) for each, text in zip(told, texts, strict=True))
        return ReadBack(state.content.number, state.stage, answers, state.appraisal is not None)

    async def appraise(
        self, letter: str, code: str, rating: Rating, comment: str, context: CommandContext
    ) -> Appended:
        """评价 by the writer, leaving no trace."""
        if repeated := await self._store.answered(context.command_id, context.request_hash):
            return repeated
        await self._opened(letter, code, dataclasses.replace(context, command_id=_beside(context)))
        sealed = await self._sealer.seal(key_id("case", letter), comment) if comment else None
        nobody = dataclasses.replace(context, meta=Meta("anonymous", "resident", ""))
        command = AppraiseLetter(True, rating, sealed)
        return (await execute(self._store, LETTER, letter, command, nobody, {"id": letter})).appended

    async def holds(self, letter: str, code: str) -> bool:
        """Whether the code is this letter's."""
        state = LETTER.fold(await self._store.load(LETTER.stream(letter)))
        return state.code_hash == hash_of(letter, code)

    async def _opened(self, letter: str, code: str, context: CommandContext) -> Letter:
        """The letter, if the code is its own and not too many others were tried; a wrong one is counted."""
        state = LETTER.fold(await self._store.load(LETTER.stream(letter)))
        if state.code_hash is None:
            raise Refused("wrong-read-back-code")
        matches = hmac.compare_digest(state.code_hash, hash_of(letter, code))
        trying = TryCode(matches, await self._store.now())
        nobody = dataclasses.replace(context, meta=Meta("anonymous", "resident", ""))
        if matches:
            LETTER.decide(trying, state)
            return state
        await execute(self._store, LETTER, letter, trying, nobody)
        raise Refused("wrong-read-back-code")


def _beside(context: CommandContext) -> UUID:
    """The id of the try that goes before a command."""
    return UUID(bytes=hashlib.sha256(b"try/" + context.command_id.bytes).digest()[:16], version=5)


def _answer(fact: Event, at: datetime) -> Answer | None:
    """What the writer is told by a fact, its words still sealed; a final response is told as the end."""
    match fact:
        case LetterResponded(content, final=False):
            return Answer("responded", at, content)
        case LetterResolved(content):
            return Answer("resolved", at, content)
        case LetterNotAccepted(reason):
            return Answer("not_accepted", at, reason)
        case LetterReferredUp(authority, reason):
            return Answer("referred_up", at, reason, authority)
        case _:
            return None
