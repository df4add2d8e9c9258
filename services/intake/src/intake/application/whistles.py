"""What people ask of whistles: permitted, sealed, numbered, then decided."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID, uuid5

from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended, EventStore
from backbone.identity import Actor
from backbone.sealing import Sealer, key_id
from contracts.permissions import OFFICE_SUPERVISOR, TOWNSHIP_LEADER, permit
from intake.application.enterprises_publishing import ENTERPRISE
from intake.application.followed_rules import rules_at
from intake.application.numbers import Numbers
from intake.application.ports import OpeningHours
from intake.application.publishing import WHISTLE
from intake.domain.enterprise import require_citable
from intake.domain.whistle import Command, Stage, Whistle, require_own
from intake.domain.whistle.commands import (
    AppealWhistle,
    CloseOut,
    DiscardWhistle,
    DraftWhistle,
    Matter,
    RaiseAgain,
    RaiseWhistle,
    ReviseDraft,
    Rework,
    SendBackWhistle,
    Signature,
    SignWhistle,
    SubmitWhistle,
    WithdrawWhistle,
)
from intake.domain.whistle.facts import Content, DepartmentRating, Ground, Issue, IssueJudgement, Kind, Origin

Dispatch = Literal["default", "now"]
"""When a signed whistle goes out: at the next opening hour if signed outside them, or at once."""
CASES: Final = UUID("6f6f5f5e-7d0a-5c57-9a0f-3a4d7b1c2e10")
"""Namespace of case ids: uuid5 of the idempotency key, so a repeated request names the same case."""


@dataclass(frozen=True, slots=True)
class IssueWords:
    """One 问题项 in plain words."""

    text: str
    item_code: str | None = None


@dataclass(frozen=True, slots=True)
class WhistleWords:
    """What a township writes, in plain words; ``departments`` are unit codes."""

    matter: Matter
    village: str
    kind: Kind
    ground: Ground
    text: str
    issues: Sequence[IssueWords]
    departments: Sequence[str]
    tried: str | None = None
    enterprise: str | None = None
    """The id of an enterprise of the township, for which its service officer speaks."""


def new_case(context: CommandContext) -> str:
    """The id of the case that a command opens."""
    return str(uuid5(CASES, str(context.command_id)))


class Whistles:
    """The commands on whistles. Each raises ``NotPermitted``, ``Refused`` or what the store raises."""

    def __init__(
        self, store: EventStore, sealer: Sealer, numbers: Numbers, opening_hours: OpeningHours
    ) -> None:
        self._store, self._sealer = store, sealer
        self._numbers, self._opening_hours = numbers, opening_hours

    async def draft(self, words: WhistleWords, actor: Actor, context: CommandContext) -> Appended:
        """W1 起草."""
        if repeated := await self._begin(actor, "draft-whistle", context):
            return repeated
        await self._citable(words.enterprise, actor.unit)
        case = new_case(context)
        content = await self._content(case, words, actor)
        return await self._execute(case, DraftWhistle(actor.unit, words.matter, content), context)

    async def draft_from(
        self, origin: Origin, township: str, words: WhistleWords, actor: Actor, context: CommandContext
    ) -> str:
        """W1: put a draft that cites its origin on a township's desk; answers its case id.

        The caller has permitted it. The draft has a command of its own that follows from the caller's, so a
        repeat after a crash between the two finds it there and adds nothing.
        """
        own = dataclasses.replace(context, command_id=uuid5(CASES, f"draft/{context.command_id}"))
        case = new_case(own)
        if await self._store.answered(own.command_id, own.request_hash) is None:
            await self._citable(words.enterprise, township)
            content = await self._content(case, words, actor, origin)
            await self._execute(case, DraftWhistle(township, words.matter, content), own)
        return case

    async def revise(self, case: str, words: WhistleWords, actor: Actor, context: CommandContext) -> Appended:
        """W1 改稿."""
        if repeated := await self._begin(actor, "draft-whistle", context):
            return repeated
        whistle = await self._own(case, actor)
        origin = whistle.content.origin if whistle.content is not None else None
        await self._citable(words.enterprise, actor.unit)
        content = await self._content(case, words, actor, origin)
        return await self._execute(case, ReviseDraft(actor.unit, words.matter, content), context)

    async def discard(self, case: str, actor: Actor, context: CommandContext) -> Appended:
        """W1 弃稿."""
        if repeated := await self._begin(actor, "discard-whistle", context):
            return repeated
        return await self._execute(case, DiscardWhistle(actor.unit), context)

    async def raise_whistle(
        self, words: WhistleWords, dispatch: Dispatch, actor: Actor, context: CommandContext
    ) -> Appended:
        """W1 and W2 吹哨; by the leader, W3 too."""
        if repeated := await self._begin(actor, "raise-whistle", context):
            return repeated
        await self._citable(words.enterprise, actor.unit)
        case = new_case(context)
        content = await self._content(case, words, actor)
        signature = await self._own_signature(actor, dispatch, urgent=words.kind == "emergency")
        number = await self._numbers.whistle(await self._store.now())
        command = RaiseWhistle(actor.unit, words.matter, content, number, signature)
        return await self._execute(case, command, context, number=number)

    async def submit(self, case: str, dispatch: Dispatch, actor: Actor, context: CommandContext) -> Appended:
        """W2 提交; by the leader, W3 too."""
        if repeated := await self._begin(actor, "submit-whistle", context):
            return repeated
        whistle = await self._own(case, actor)
        if whistle.stage is Stage.DRAFT and whistle.content is not None:
            await self._citable(whistle.content.enterprise, actor.unit)
        urgent = whistle.content is not None and whistle.content.kind == "emergency"
        signature = await self._own_signature(actor, dispatch, urgent=urgent)
        number = whistle.number or await self._numbers.whistle(await self._store.now())
        return await self._execute(case, SubmitWhistle(actor.unit, number, signature), context, number=number)

    async def send_back(self, case: str, reason: str, actor: Actor, context: CommandContext) -> Appended:
        """W2' 退回修改."""
        if repeated := await self._begin(actor, "send-back-whistle", context):
            return repeated
        await self._own(case, actor)
        sealed = await self._seal(case, reason)
        return await self._execute(case, SendBackWhistle(actor.unit, sealed), context)

    async def sign(self, case: str, dispatch: Dispatch, actor: Actor, context: CommandContext) -> Appended:
        """W3 签发."""
        if repeated := await self._begin(actor, "sign-whistle", context):
            return repeated
        whistle = await self._own(case, actor)
        signature = await self._signature(actor, dispatch, urgent=whistle.emergency or whistle.signed)
        return await self._execute(case, SignWhistle(actor.unit, signature), context)

    async def close_out(
        self,
        case: str,
        verdicts: Sequence[IssueJudgement],
        ratings: Sequence[DepartmentRating],
        comment: str | None,
        actor: Actor,
        context: CommandContext,
    ) -> Appended:
        """W7 销哨."""
        if repeated := await self._begin(actor, "close-out-whistle", context):
            return repeated
        await self._own(case, actor)
        sealed = await self._seal(case, comment) if comment else None
        command = CloseOut(actor.unit, tuple(verdicts), tuple(ratings), sealed)
        return await self._execute(case, command, context)

    async def rework(self, case: str, reason: str, actor: Actor, context: CommandContext) -> Appended:
        """W8 返工."""
        if repeated := await self._begin(actor, "rework-whistle", context):
            return repeated
        await self._own(case, actor)
        sealed = await self._seal(case, reason)
        return await self._execute(case, Rework(actor.unit, sealed), context)

    async def withdraw(self, case: str, reason: str, actor: Actor, context: CommandContext) -> Appended:
        """W12 撤哨, before signing."""
        if repeated := await self._begin(actor, "withdraw-whistle", context):
            return repeated
        await self._own(case, actor)
        sealed = await self._seal(case, reason)
        return await self._execute(case, WithdrawWhistle(actor.unit, sealed), context)

    async def appeal(self, case: str, reason: str, actor: Actor, context: CommandContext) -> Appended:
        """W4' 申诉."""
        if repeated := await self._begin(actor, "appeal-whistle", context):
            return repeated
        await self._own(case, actor)
        sealed = await self._seal(case, reason)
        return await self._execute(case, AppealWhistle(actor.unit, sealed), context)

    async def raise_again(self, case: str, reason: str, actor: Actor, context: CommandContext) -> Appended:
        """W9 重新吹哨."""
        if repeated := await self._begin(actor, "raise-again", context):
            return repeated
        by_office = actor.role == OFFICE_SUPERVISOR
        if not by_office:
            await self._own(case, actor)
        sealed = await self._seal(case, reason)
        now = await self._store.now()
        rules, version = await rules_at(self._store, now)
        command = RaiseAgain(actor.unit, sealed, by_office, rules.days_to_raise_again, now, version)
        return await self._execute(case, command, context)

    async def _begin(self, actor: Actor, operation: str, context: CommandContext) -> Appended | None:
        """Permit; and the first answer to a repeat, before a number is spent or a key made for it."""
        permit(actor, operation)
        return await self._store.answered(context.command_id, context.request_hash)

    async def _execute(
        self, case: str, command: Command, context: CommandContext, number: str | None = None
    ) -> Appended:
        answer = {"id": case} if number is None else {"id": case, "number": number}
        return (await execute(self._store, WHISTLE, case, command, context, answer)).appended

    async def _own(self, case: str, actor: Actor) -> Whistle:
        """The township's own whistle; refused as unknown before anything is sealed for somebody else's."""
        whistle = WHISTLE.fold(await self._store.load(WHISTLE.stream(case)))
        require_own(actor.unit, whistle)
        return whistle

    async def _content(
        self, case: str, words: WhistleWords, actor: Actor, origin: Origin | None = None
    ) -> Content:
        """The words, sealed under the case, the name under the person, with one request for both keys."""
        texts = [words.text, *(each.text for each in words.issues), words.tried or ""]
        pairs = [(key_id("case", case), text) for text in texts if text]
        *sealed, raised_by = await self._sealer.seal_all([*pairs, (_person(actor), actor.name)])
        closed = iter(sealed)
        text, *issues, tried = [next(closed) if text else "" for text in texts]
        return Content(
            village=words.village,
            kind=words.kind,
            ground=words.ground,
            text=text,
            issues=tuple(
                Issue(str(uuid5(UUID(case), f"issue/{n}")), sealed_text, each.item_code)
                for n, (sealed_text, each) in enumerate(zip(issues, words.issues, strict=True), start=1)
            ),
            departments=tuple(dict.fromkeys(words.departments)),
            raised_by=raised_by,
            tried=tried or None,
            origin=origin,
            enterprise=words.enterprise,
        )

    async def _citable(self, enterprise: str | None, township: str) -> None:
        """Refuse an enterprise that is not the township's, or is served no more, before a key is made."""
        if enterprise is not None:
            history = await self._store.load(ENTERPRISE.stream(enterprise))
            require_citable(township, ENTERPRISE.fold(history))

    async def _own_signature(self, actor: Actor, dispatch: Dispatch, *, urgent: bool) -> Signature | None:
        """A leader who raises a whistle signs it by that."""
        if actor.role != TOWNSHIP_LEADER:
            return None
        return await self._signature(actor, dispatch, urgent=urgent)

    async def _signature(self, actor: Actor, dispatch: Dispatch, *, urgent: bool) -> Signature:
        signed_by = await self._sealer.seal(_person(actor), actor.name)
        if urgent or dispatch == "now":
            return Signature(signed_by)
        return Signature(signed_by, await self._opening_hours.next_opening(await self._store.now()))

    async def _seal(self, case: str, text: str) -> str:
        return await self._sealer.seal(key_id("case", case), text) if text else ""


def _person(actor: Actor) -> str:
    return key_id("person", actor.subject)
