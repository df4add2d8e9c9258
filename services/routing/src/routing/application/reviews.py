"""What people ask of task-down reviews: permitted, sealed, then decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import uuid5

from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended
from backbone.identity import Actor
from contracts.permissions import DEPARTMENT_LEADER, OFFICE_SUPERVISOR, TOWNSHIP_LEADER
from routing.application.casework import Casework
from routing.application.publishing import NAMES
from routing.application.reviews_publishing import TASK_DOWN_REVIEW
from routing.domain.refusals import require
from routing.domain.responsibility_list import Item
from routing.domain.task_down_review import Command, TaskDownReview
from routing.domain.task_down_review.commands import (
    CiteReview,
    DecideTaskDown,
    EvaluateTask,
    IssueTask,
    ProposeTaskDown,
    RecordTaskHearing,
    StartReview,
)
from routing.domain.task_down_review.facts import Decision, Evaluation


@dataclass(frozen=True, slots=True)
class TaskWords:
    """What a department wants to pass down, with its answers to both questions in plain words."""

    measure: str
    townships: Sequence[str]
    resources: str
    capacity: str
    item_code: str | None = None
    cites: Sequence[str] = ()


class Reviews(Casework):
    """The commands on reviews. Each raises ``NotPermitted``, ``Refused`` or what the store raises."""

    async def propose(self, words: TaskWords, actor: Actor, context: CommandContext) -> Appended:
        """提请审核."""
        if repeated := await self._begin(actor, "propose-task-down", context):
            return repeated
        case = str(uuid5(NAMES, f"task-down-review/{context.command_id}"))
        entries = await self._directory.entries(words.townships)
        resources, capacity = await self._seal(case, [words.resources, words.capacity])
        command = ProposeTaskDown(
            department=actor.unit,
            measure=words.measure,
            townships=tuple(words.townships),
            known=frozenset(code for code, each in entries.items() if each.unit_class == "township"),
            resources=resources,
            capacity=capacity,
            item_code=words.item_code,
            item=await self._item(words.item_code),
            cites=tuple(words.cites),
        )
        return await self._run(case, command, context)

    async def start(
        self, case: str, item_code: str | None, actor: Actor, context: CommandContext
    ) -> Appended:
        """开始审核; the office may name the line of the list that is meant."""
        if repeated := await self._begin(actor, "start-review", context):
            return repeated
        return await self._run(case, StartReview(item_code, await self._item(item_code)), context)

    async def record_hearing(
        self,
        case: str,
        met_on: date,
        representatives: int,
        units: tuple[str, ...],
        minutes: str,
        actor: Actor,
        context: CommandContext,
    ) -> Appended:
        """基层代表座谈纪要."""
        if repeated := await self._begin(actor, "record-task-hearing", context):
            return repeated
        await self._known(case)
        [sealed] = await self._seal(case, [minutes])
        now = await self._store.now()
        least = (await self._directory.case_rules(now)).representatives
        version = await self._directory.case_rules_version(now)
        command = RecordTaskHearing(met_on, representatives, units, sealed, least, version)
        return await self._run(case, command, context)

    async def decide(
        self,
        case: str,
        decision: Decision,
        answers: tuple[bool | None, bool | None],
        reason: str,
        conditions: str,
        actor: Actor,
        context: CommandContext,
    ) -> Appended:
        """审核结论; ``answers``: 是否配套保障资源, 是否超出基层能力."""
        if repeated := await self._begin(actor, "decide-task-down", context):
            return repeated
        await self._known(case)
        why, terms = await self._seal(case, [reason, conditions])
        return await self._run(case, DecideTaskDown(decision, *answers, why, terms), context)

    async def issue(self, case: str, document: str, actor: Actor, context: CommandContext) -> Appended:
        """下发."""
        if repeated := await self._begin(actor, "issue-task", context):
            return repeated
        proposed = TASK_DOWN_REVIEW.fold(await self._store.load(TASK_DOWN_REVIEW.stream(case))).proposed
        own = [proposed.department] if proposed is not None else []
        unit = await self._directory.speaks_as(actor.unit, own)
        return await self._run(case, IssueTask(unit, document), context)

    async def evaluate(
        self, case: str, evaluation: Evaluation, words: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """后评估, by a township it went to or the office."""
        if repeated := await self._begin(actor, "evaluate-task", context):
            return repeated
        review = await self._known(case)
        by_office = actor.role == OFFICE_SUPERVISOR
        assert review.proposed is not None
        require(by_office or actor.unit in review.proposed.townships, "unknown-case")
        [sealed] = await self._seal(case, [words])
        return await self._run(case, EvaluateTask(actor.unit, by_office, evaluation, sealed), context)

    async def cite(self, case: str, cited_by: str, actor: Actor, context: CommandContext) -> Appended:
        """后案引用, by the office or a unit that had part in it: for any other there is no such review."""
        if repeated := await self._begin(actor, "cite-review", context):
            return repeated
        proposed = (await self._known(case)).proposed
        assert proposed is not None
        parties = (proposed.department, *proposed.townships)
        if actor.role in (DEPARTMENT_LEADER, TOWNSHIP_LEADER):
            require(await self._directory.speaks_as(actor.unit, parties) in parties, "unknown-case")
        return await self._run(case, CiteReview(cited_by), context)

    async def _item(self, code: str | None) -> Item | None:
        duties = await self._directory.duties(await self._store.now()) if code else None
        return duties.item(code) if duties and code else None

    async def _known(self, case: str) -> TaskDownReview:
        review = TASK_DOWN_REVIEW.fold(await self._store.load(TASK_DOWN_REVIEW.stream(case)))
        require(review.proposed is not None, "unknown-case")
        return review

    async def _run(self, case: str, command: Command, context: CommandContext) -> Appended:
        return (await execute(self._store, TASK_DOWN_REVIEW, case, command, context, {"id": case})).appended
