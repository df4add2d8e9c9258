"""补录: what the office records of whistles that went their way on paper or by telephone."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended, EventStore
from backbone.identity import Actor
from backbone.sealing import Sealer, key_id
from contracts.permissions import permit
from intake.application.numbers import Numbers
from intake.application.publishing import WHISTLE
from intake.application.whistles import new_case
from intake.domain.whistle.commands import RecordWhistle
from intake.domain.whistle.facts import (
    Content,
    Course,
    Ground,
    Issue,
    IssueJudgement,
    Judgement,
    Kind,
    RecordedPart,
)


@dataclass(frozen=True, slots=True)
class RecordedIssue:
    """One 问题项 in plain words, with the lead's result and the township's verdict, if it gave one."""

    text: str
    result: Judgement
    verdict: Judgement | None = None
    item_code: str | None = None


@dataclass(frozen=True, slots=True)
class RecordedWords:
    """What paper says, in plain words; of ``parts`` the first leads, ``raised_by`` is a name."""

    township: str
    village: str
    kind: Kind
    ground: Ground
    text: str
    issues: Sequence[RecordedIssue]
    parts: Sequence[RecordedPart]
    signed_at: datetime
    dispatched_at: datetime
    concluded_at: datetime
    sentence: str
    closed_at: datetime
    approved_by: str
    feedback_at: datetime | None = None
    comment: str = ""
    raised_by: str = ""
    external_number: str | None = None


class RecordedWhistles:
    """Records whistles after the fact. Raises ``NotPermitted``, ``Refused`` or what the store raises."""

    def __init__(self, store: EventStore, sealer: Sealer, numbers: Numbers) -> None:
        self._store, self._sealer, self._numbers = store, sealer, numbers

    async def record(self, words: RecordedWords, actor: Actor, context: CommandContext) -> Appended:
        """补录: a closed whistle with its course and the second person; it is known from its signing on."""
        permit(actor, "record-whistle")
        if repeated := await self._store.answered(context.command_id, context.request_hash):
            return repeated
        case = new_case(context)
        number = await self._numbers.whistle(words.signed_at)
        content, course = await self._sealed(case, words)
        command = RecordWhistle(
            township=words.township,
            content=content,
            number=number,
            external_number=words.external_number,
            course=course,
            recorded_by=actor.subject,
            approved_by=words.approved_by,
            at=await self._store.now(),
        )
        context = dataclasses.replace(context, occurred_at=words.signed_at)
        answer = {"id": case, "number": number}
        return (await execute(self._store, WHISTLE, case, command, context, answer)).appended

    async def _sealed(self, case: str, words: RecordedWords) -> tuple[Content, Course]:
        """Content and course with their texts sealed under the case, the name under a person of its own."""
        said = [words.text, words.sentence, words.comment, *(each.text for each in words.issues)]
        # One key per whistle: a name on paper does not identify a person.
        name = (key_id("person", f"raiser-{case}"), words.raised_by)
        pairs = [*((key_id("case", case), text) for text in said), name]
        sealed = iter(await self._sealer.seal_all([pair for pair in pairs if pair[1]]))
        text, sentence, comment, *issues, raised_by = [next(sealed) if each else "" for _, each in pairs]
        ids = [str(uuid5(UUID(case), f"issue/{n}")) for n in range(1, len(words.issues) + 1)]
        told = list(zip(ids, words.issues, strict=True))
        content = Content(
            village=words.village,
            kind=words.kind,
            ground=words.ground,
            text=text,
            issues=tuple(
                Issue(issue_id, sealed_text, each.item_code)
                for (issue_id, each), sealed_text in zip(told, issues, strict=True)
            ),
            departments=tuple(each.unit for each in words.parts),
            raised_by=raised_by,
        )
        course = Course(
            signed_at=words.signed_at,
            dispatched_at=words.dispatched_at,
            parts=tuple(words.parts),
            concluded_at=words.concluded_at,
            sentence=sentence,
            results=tuple(IssueJudgement(issue_id, each.result) for issue_id, each in told),
            closed_at=words.closed_at,
            verdicts=tuple(
                IssueJudgement(issue_id, each.verdict) for issue_id, each in told if each.verdict is not None
            ),
            feedback_at=words.feedback_at,
            comment=comment or None,
        )
        return content, course
