"""What people ask of dispatches: permitted, sealed, then decided."""

from collections.abc import Sequence
from dataclasses import dataclass

from backbone.decider import CommandContext
from backbone.eventstore import Appended
from backbone.identity import Actor
from backbone.sealing import key_id
from contracts.permissions import permit
from routing.application.casework import Casework
from routing.domain.dispatch import require_dispatched, require_own
from routing.domain.dispatch.commands import (
    Assist,
    Conclude,
    ConfirmDispatch,
    CorrectDispatch,
    GiveFeedback,
    ReportIn,
    ReportInAndConclude,
)
from routing.domain.dispatch.facts import IssueResult, Mode, Result


@dataclass(frozen=True, slots=True)
class DeskWords:
    """What the desk says beside its decision; ``complex_reason`` is needed where ``complex`` is new."""

    legal_basis: str
    complex: bool = False
    complex_reason: str = ""


@dataclass(frozen=True, slots=True)
class ArrivalWords:
    """Who handles it, in plain words; without ``handler`` it is the person who reports in."""

    phone: str
    mode: Mode
    handler: str | None = None
    first_step: str = ""


@dataclass(frozen=True, slots=True)
class ResultWords:
    """The result of one issue in plain words."""

    issue_id: str
    result: Result
    details: str = ""


class Dispatches(Casework):
    """The desk's and the departments' commands."""

    async def confirm(
        self, case: str, words: DeskWords, owner_found: bool, actor: Actor, context: CommandContext
    ) -> Appended:
        """W4 确认派单."""
        if repeated := await self._begin(actor, "confirm-dispatch", context):
            return repeated
        reason = await self._desk_reason(case, words)
        now = await self._store.now()
        command = ConfirmDispatch(words.legal_basis, owner_found, words.complex, reason, now)
        return await self._execute(case, command, context)

    async def correct(
        self,
        case: str,
        lead: str,
        assists: Sequence[Assist],
        words: DeskWords,
        actor: Actor,
        context: CommandContext,
    ) -> Appended:
        """W4 更正派单."""
        if repeated := await self._begin(actor, "correct-dispatch", context):
            return repeated
        reason = await self._desk_reason(case, words)
        units = (lead, *(each.unit for each in assists))
        command = CorrectDispatch(
            lead=lead,
            assists=tuple(assists),
            registered=await self._directory.registered(units),
            legal_basis=words.legal_basis,
            complex=words.complex,
            complex_reason=reason,
        )
        return await self._execute(case, command, context)

    async def report_in(
        self, case: str, unit: str, words: ArrivalWords, actor: Actor, context: CommandContext
    ) -> Appended:
        """A1 报到."""
        if repeated := await self._begin(actor, "report-in", context):
            return repeated
        await self._own(case, unit, actor)
        return await self._execute(case, await self._arrival(case, unit, words, actor), context)

    async def give_feedback(
        self, case: str, unit: str, content: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """A7 反馈."""
        if repeated := await self._begin(actor, "give-feedback", context):
            return repeated
        await self._own(case, unit, actor)
        [sealed] = await self._seal(case, [content])
        return await self._execute(case, GiveFeedback(unit, actor.unit, sealed), context)

    async def conclude(
        self,
        case: str,
        unit: str,
        sentence: str,
        results: Sequence[ResultWords],
        actor: Actor,
        context: CommandContext,
    ) -> Appended:
        """A5 by an assist, W6 by the lead: 办结."""
        if repeated := await self._begin(actor, "conclude", context):
            return repeated
        await self._own(case, unit, actor)
        return await self._execute(case, await self._ending(case, unit, sentence, results, actor), context)

    async def report_in_and_conclude(
        self,
        case: str,
        unit: str,
        words: ArrivalWords,
        sentence: str,
        results: Sequence[ResultWords],
        actor: Actor,
        context: CommandContext,
    ) -> Appended:
        """A1 and A5 or W6 in one: 报到并办结."""
        permit(actor, "report-in")
        if repeated := await self._begin(actor, "conclude", context):
            return repeated
        await self._own(case, unit, actor)
        command = ReportInAndConclude(
            await self._arrival(case, unit, words, actor),
            await self._ending(case, unit, sentence, results, actor),
        )
        return await self._execute(case, command, context)

    async def _own(self, case: str, unit: str, actor: Actor) -> None:
        """Refused as unknown before anything is sealed for a case the unit has no part in."""
        require_own(unit, actor.unit, await self._dispatch(case))

    async def _desk_reason(self, case: str, words: DeskWords) -> str:
        require_dispatched(await self._dispatch(case))
        [reason] = await self._seal(case, [words.complex_reason])
        return reason

    async def _arrival(self, case: str, unit: str, words: ArrivalWords, actor: Actor) -> ReportIn:
        """The words sealed, name and telephone under the person who gave them."""
        handler = actor.name if words.handler is None else words.handler
        person = key_id("person", actor.subject)
        name, phone = await self._seal_under(person, [handler, words.phone])
        [first_step] = await self._seal(case, [words.first_step])
        return ReportIn(unit, actor.unit, name, phone, words.mode, first_step)

    async def _ending(
        self, case: str, unit: str, sentence: str, results: Sequence[ResultWords], actor: Actor
    ) -> Conclude:
        words, *details = await self._seal(case, [sentence, *(each.details for each in results)])
        return Conclude(
            unit,
            actor.unit,
            words,
            tuple(
                IssueResult(each.issue_id, each.result, sealed or None)
                for each, sealed in zip(results, details, strict=True)
            ),
        )
