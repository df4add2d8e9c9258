"""What people ask of letters: permitted, sealed, numbered, then decided."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended, EventStore, Meta
from backbone.identity import Actor
from backbone.sealing import Sealer, key_id, key_id_of
from contracts.permissions import TOWNSHIP_CLERK, TOWNSHIP_LEADER, permit
from intake.application.followed_units import stands_for, unit_of
from intake.application.numbers import Numbers
from intake.application.publishing import LETTER
from intake.application.read_back import hash_of
from intake.application.whistles import CASES, Whistles, WhistleWords, new_case
from intake.domain.letter import Channel, Command, Content, Letter, require_known
from intake.domain.letter.commands import (
    AppraiseLetter,
    HandOverLetter,
    NotAcceptLetter,
    PromoteLetter,
    RecordLetter,
    ReferLetterUp,
    ReleaseLetter,
    ReportOnLetter,
    ResolveLetter,
    RespondToLetter,
    SubmitLetter,
)
from intake.domain.letter.facts import Rating
from intake.domain.whistle.facts import Origin


@dataclass(frozen=True, slots=True)
class LetterWords:
    """What a writer says, in plain words. Without ``writer`` it is the person who submits it."""

    channel: Channel
    title: str
    text: str
    anonymous: bool = False
    writer: str | None = None
    township: str | None = None
    external_number: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a letter of the past ended: the answer and the times on paper."""

    answer: str
    submitted_at: datetime
    responded_at: datetime
    resolved_at: datetime
    approved_by: str


class Letters:
    """The commands on letters. Each raises ``NotPermitted``, ``Refused`` or what the store raises."""

    def __init__(self, store: EventStore, sealer: Sealer, numbers: Numbers, whistles: Whistles) -> None:
        self._store, self._sealer, self._numbers = store, sealer, numbers
        self._whistles = whistles

    async def submit(
        self, words: LetterWords, actor: Actor, context: CommandContext, code: str = ""
    ) -> Appended:
        """意见直通车: a letter reaches the office; an anonymous one leaves no trace of its writer."""
        if repeated := await self._begin(actor, "submit-letter", context):
            return repeated
        letter = new_case(context)
        number = await self._numbers.letter(await self._store.now())
        township = words.township
        if words.anonymous:
            context = dataclasses.replace(context, meta=Meta("anonymous", actor.role, ""))
        elif township is None and actor.role in (TOWNSHIP_CLERK, TOWNSHIP_LEADER):
            township = actor.unit
        by_writer = words.writer is None
        name = actor.name if by_writer else words.writer
        key = key_id("person", actor.subject) if by_writer else _writer_key(letter)
        writer = None if words.anonymous or not name else (key, name)
        content, _ = await self._content(letter, number, words, township, writer)
        code_hash = hash_of(letter, code) if words.anonymous and code else None
        return await self._execute(letter, SubmitLetter(content, code_hash), context, number)

    async def record(
        self, words: LetterWords, outcome: Outcome, actor: Actor, context: CommandContext
    ) -> Appended:
        """补录: a letter after the fact, with its outcome, its times and the second person."""
        if repeated := await self._begin(actor, "record-letter", context):
            return repeated
        letter = new_case(context)
        number = await self._numbers.letter(outcome.submitted_at)
        writer = (_writer_key(letter), words.writer) if words.writer and not words.anonymous else None
        content, answer = await self._content(letter, number, words, words.township, writer, outcome.answer)
        command = RecordLetter(
            content=content,
            answer=answer,
            submitted_at=outcome.submitted_at,
            responded_at=outcome.responded_at,
            resolved_at=outcome.resolved_at,
            recorded_by=actor.subject,
            approved_by=outcome.approved_by,
            at=await self._store.now(),
        )
        context = dataclasses.replace(context, occurred_at=outcome.submitted_at)
        return await self._execute(letter, command, context, number)

    async def respond(
        self, letter: str, content: str, final: bool, automatic: bool, actor: Actor, context: CommandContext
    ) -> Appended:
        """The office answers with content."""
        if repeated := await self._begin(actor, "respond-to-letter", context):
            return repeated
        sealed = await self._seal(letter, content)
        return await self._execute(letter, RespondToLetter(sealed, final, automatic), context)

    async def release(
        self, letter: str, unit: str, words: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """脱敏公开: a unit may see these words and nothing else of the letter."""
        if repeated := await self._begin(actor, "release-letter", context):
            return repeated
        (await unit_of(self._store, unit)).can_get_cases(unit)
        return await self._execute(letter, ReleaseLetter(unit, await self._seal(letter, words)), context)

    async def hand_over(
        self, letter: str, unit: str, words: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """转办: a unit looks into it; ``words`` are what it may see, unless they were released before."""
        if repeated := await self._begin(actor, "hand-over-letter", context):
            return repeated
        (await unit_of(self._store, unit)).can_get_cases(unit)
        return await self._execute(letter, HandOverLetter(unit, await self._seal(letter, words)), context)

    async def report_on(self, letter: str, content: str, actor: Actor, context: CommandContext) -> Appended:
        """反馈: the unit it was handed to, or who stands in its place, tells the office what it found."""
        if repeated := await self._begin(actor, "report-on-letter", context):
            return repeated
        handed_to = (await self._letter(letter)).handed_to
        unit = await stands_for(self._store, actor.unit, handed_to)
        # Nothing is sealed for a letter that, to this unit, does not exist.
        sealed = await self._seal(letter, content) if unit in handed_to else ""
        return await self._execute(letter, ReportOnLetter(unit, sealed), context)

    async def refer_up(
        self, letter: str, authority: str, reason: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """上报: a higher authority has to decide."""
        if repeated := await self._begin(actor, "refer-letter-up", context):
            return repeated
        command = ReferLetterUp(authority, await self._seal(letter, reason))
        return await self._execute(letter, command, context)

    async def appraise(
        self,
        letter: str,
        rating: Rating,
        comment: str | None,
        receipt: UUID | None,
        actor: Actor,
        context: CommandContext,
    ) -> Appended:
        """评价, by the writer; of an anonymous letter by whoever has its receipt, and leaving no trace.

        ``receipt`` is the command the letter was submitted with: the letter's id follows from it.
        """
        if repeated := await self._begin(actor, "appraise-letter", context):
            return repeated
        content = (await self._letter(letter)).content
        if content is None or content.writer is None:
            by_writer = receipt is not None and str(uuid5(CASES, str(receipt))) == letter
            context = dataclasses.replace(context, meta=Meta("anonymous", actor.role, ""))
        else:
            by_writer = key_id_of(content.writer) == key_id("person", actor.subject)
        sealed = await self._seal(letter, comment) if by_writer and comment else None
        return await self._execute(letter, AppraiseLetter(by_writer, rating, sealed), context)

    async def promote(
        self, letter: str, township: str, words: WhistleWords, actor: Actor, context: CommandContext
    ) -> Appended:
        """转哨单: put a draft that cites the letter on a township's desk, in the office's words."""
        if repeated := await self._begin(actor, "promote-letter", context):
            return repeated
        probe = PromoteLetter(str(uuid5(CASES, f"probe/{context.command_id}")))
        LETTER.decide(probe, await self._letter(letter))  # refused before a draft is made
        origin = Origin("letter", letter)
        whistle = await self._whistles.draft_from(origin, township, words, actor, context)
        return await self._execute(letter, PromoteLetter(whistle), context)

    async def resolve(self, letter: str, content: str, actor: Actor, context: CommandContext) -> Appended:
        """The matter is resolved."""
        if repeated := await self._begin(actor, "resolve-letter", context):
            return repeated
        return await self._execute(letter, ResolveLetter(await self._seal(letter, content)), context)

    async def not_accept(self, letter: str, reason: str, actor: Actor, context: CommandContext) -> Appended:
        """Not the office's to handle; explained."""
        if repeated := await self._begin(actor, "not-accept-letter", context):
            return repeated
        return await self._execute(letter, NotAcceptLetter(await self._seal(letter, reason)), context)

    async def _begin(self, actor: Actor, operation: str, context: CommandContext) -> Appended | None:
        """Permit; and the first answer to a repeat, before a number is spent or a key made for it."""
        permit(actor, operation)
        return await self._store.answered(context.command_id, context.request_hash)

    async def _execute(
        self, letter: str, command: Command, context: CommandContext, number: str | None = None
    ) -> Appended:
        answer = {"id": letter} if number is None else {"id": letter, "number": number}
        return (await execute(self._store, LETTER, letter, command, context, answer)).appended

    async def _content(
        self,
        letter: str,
        number: str,
        words: LetterWords,
        township: str | None,
        writer: tuple[str, str] | None,
        answer: str = "",
    ) -> tuple[Content, str]:
        """The content and the answer, sealed under the letter and the writer with one request for keys."""
        texts = [words.title, words.text, answer]
        pairs = [(key_id("case", letter), each) for each in texts if each]
        sealed = iter(await self._sealer.seal_all([*pairs, *([writer] if writer else [])]))
        title, text, answered = [next(sealed) if each else "" for each in texts]
        content = Content(
            channel=words.channel,
            number=number,
            anonymous=words.anonymous,
            title=title,
            text=text,
            writer=next(sealed, None),
            township=township,
            external_number=words.external_number,
        )
        return content, answered

    async def _letter(self, letter: str) -> Letter:
        return LETTER.fold(await self._store.load(LETTER.stream(letter)))

    async def _seal(self, letter: str, text: str) -> str:
        """Seal words about a letter that exists, so that nobody makes keys for what does not."""
        require_known(await self._letter(letter))
        return await self._sealer.seal(key_id("case", letter), text) if text else ""


def _writer_key(letter: str) -> str:
    """The key of a writer who has no account: one per letter, because a name does not identify a person."""
    return key_id("person", f"writer-{letter}")
