"""What people ask of grids and their reports: permitted, sealed, numbered, then decided."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid5

from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended, EventStore
from backbone.identity import Actor
from backbone.sealing import Sealer, key_id
from contracts.permissions import GRID_WORKER, RESIDENT, permit
from intake.application.grid_publishing import GRID_NETWORK, GRID_REPORT
from intake.application.numbers import Numbers
from intake.application.whistles import CASES, IssueWords, Whistles, WhistleWords, new_case
from intake.domain.grid_network import GridNetwork, PublishGridNetwork
from intake.domain.grid_report import (
    CloseGridReport,
    Command,
    Content,
    FileGridReport,
    GridReport,
    Level,
    Matter,
    PromoteGridReport,
    RecordGridReport,
    ReplyToReporter,
    RouteAwayGridReport,
    Source,
    admit,
    require_own,
)
from intake.domain.whistle.facts import Origin

COUNTY: Final = "county"
"""The one stream of the grid network."""


LONGEST_SENTENCE: Final = 2_000
"""Characters of a whistle; a report may be longer."""


@dataclass(frozen=True, slots=True)
class ReportWords:
    """What is reported, in plain words. Without ``reporter`` it is the person who reports."""

    source: Source
    title: str
    text: str
    township: str | None = None
    village: str | None = None
    grid: str | None = None
    item: str | None = None
    suggested: Sequence[str] = ()
    reporter: str | None = None
    phone: str | None = None
    email: str | None = None
    external_number: str | None = None


class GridReports:
    """The commands on grid reports. Each raises ``NotPermitted``, ``Refused`` or what the store raises."""

    def __init__(self, store: EventStore, sealer: Sealer, numbers: Numbers, whistles: Whistles) -> None:
        self._store, self._sealer, self._numbers = store, sealer, numbers
        self._whistles = whistles

    async def publish_network(
        self, command: PublishGridNetwork, actor: Actor, context: CommandContext
    ) -> Appended:
        """Grids and admitted items, from now on."""
        permit(actor, "publish-grid-network")
        return (await execute(self._store, GRID_NETWORK, COUNTY, command, context, {"id": COUNTY})).appended

    async def file(
        self, words: ReportWords, matter: Matter, actor: Actor, context: CommandContext
    ) -> Appended:
        """上报: to the leader in charge; residents name their township, others report in their own."""
        if repeated := await self._begin(actor, "file-grid-report", context):
            return repeated
        admit(matter)  # before a number is spent or a key made
        named = words.township if actor.role == RESIDENT else None
        township = named or actor.unit
        report = new_case(context)
        by_reporter = words.reporter is None
        key = key_id("person", actor.subject) if by_reporter else _reporter_key(report)
        number = await self._numbers.grid_report(await self._store.now())
        content = await self._content(
            report, number, words, township, key, words.reporter or actor.name or None
        )
        return await self._execute(report, FileGridReport(content, matter), context, number)

    async def record(
        self, words: ReportWords, reported_at: datetime, actor: Actor, context: CommandContext
    ) -> Appended:
        """补录: a report made elsewhere, to be dealt with here; it never had a clock."""
        if repeated := await self._begin(actor, "record-grid-report", context):
            return repeated
        report = new_case(context)
        number = await self._numbers.grid_report(reported_at)
        key = _reporter_key(report)
        content = await self._content(report, number, words, words.township or "", key, words.reporter)
        command = RecordGridReport(content, reported_at, await self._store.now())
        context = dataclasses.replace(context, occurred_at=reported_at)
        return await self._execute(report, command, context, number)

    async def close(self, report: str, reply: str, actor: Actor, context: CommandContext) -> Appended:
        """办结: by the grid worker in the grid, by anybody else of the township for the township."""
        if repeated := await self._begin(actor, "close-grid-report", context):
            return repeated
        await self._own(report, actor)
        sealed = await self._seal(report, reply)
        level: Level = "grid" if actor.role == GRID_WORKER else "township"
        command = CloseGridReport(actor.unit, level, sealed)
        return await self._execute(report, command, context)

    async def route_away(
        self, report: str, matter: Matter, actor: Actor, context: CommandContext
    ) -> Appended:
        """分流: it belongs elsewhere."""
        if repeated := await self._begin(actor, "route-away-grid-report", context):
            return repeated
        return await self._execute(report, RouteAwayGridReport(actor.unit, matter), context)

    async def reply(self, report: str, reply: str, actor: Actor, context: CommandContext) -> Appended:
        """回告."""
        if repeated := await self._begin(actor, "reply-to-reporter", context):
            return repeated
        await self._own(report, actor)
        sealed = await self._seal(report, reply)
        return await self._execute(report, ReplyToReporter(actor.unit, sealed), context)

    async def promote(
        self, report: str, words: WhistleWords, actor: Actor, context: CommandContext
    ) -> Appended:
        """转哨单: a draft on the township's own desk that cites the report, in its words if in no others."""
        if repeated := await self._begin(actor, "promote-grid-report", context):
            return repeated
        state = await self._own(report, actor)
        GRID_REPORT.decide(PromoteGridReport(actor.unit, str(uuid5(CASES, "probe"))), state)
        assert state.content is not None, "a report begins with its content"
        if not words.text:
            text = await self._sealer.open(state.content.text, "")
            words = dataclasses.replace(words, text=text[:LONGEST_SENTENCE])
        issues = words.issues or [IssueWords(words.text)]
        village = words.village or state.content.village or ""
        words = dataclasses.replace(words, issues=issues, village=village)
        origin = Origin("grid_report", report)
        whistle = await self._whistles.draft_from(origin, actor.unit, words, actor, context)
        return await self._execute(report, PromoteGridReport(actor.unit, whistle), context)

    async def _begin(self, actor: Actor, operation: str, context: CommandContext) -> Appended | None:
        """Permit; and the first answer to a repeat, before a number is spent or a key made for it."""
        permit(actor, operation)
        return await self._store.answered(context.command_id, context.request_hash)

    async def _execute(
        self, report: str, command: Command, context: CommandContext, number: str | None = None
    ) -> Appended:
        answer = {"id": report} if number is None else {"id": report, "number": number}
        return (await execute(self._store, GRID_REPORT, report, command, context, answer)).appended

    async def _network(self) -> GridNetwork:
        return GRID_NETWORK.fold(await self._store.load(GRID_NETWORK.stream(COUNTY)))

    async def _own(self, report: str, actor: Actor) -> GridReport:
        """The township's own report; refused as unknown before anything is sealed for somebody else's."""
        state = GRID_REPORT.fold(await self._store.load(GRID_REPORT.stream(report)))
        require_own(actor.unit, state)
        return state

    async def _content(
        self,
        report: str,
        number: str,
        words: ReportWords,
        township: str,
        reporter_key: str,
        reporter: str | None,
    ) -> Content:
        """The words sealed under the report, who says them under the person, and the grid they go to."""
        network = await self._network()
        network.admit(words.item)
        grid = network.grid_for(township, words.grid, words.village)
        case = key_id("case", report)
        said = [
            (case, words.title),
            (case, words.text),
            (reporter_key, reporter or ""),
            (reporter_key, words.phone or ""),
            (reporter_key, words.email or ""),
        ]
        closed = iter(await self._sealer.seal_all([pair for pair in said if pair[1]]))
        title, text, name, phone, email = [next(closed) if each else "" for _, each in said]
        return Content(
            number=number,
            source=words.source,
            township=township,
            title=title,
            text=text,
            village=words.village,
            grid=grid.code if grid is not None else words.grid,
            leader=grid.leader if grid is not None else None,
            item=words.item,
            suggested=tuple(words.suggested),
            reporter=name or None,
            phone=phone or None,
            external_number=words.external_number,
            email=email or None,
        )

    async def _seal(self, report: str, text: str) -> str:
        return await self._sealer.seal(key_id("case", report), text) if text else ""


def _reporter_key(report: str) -> str:
    """The key of a reporter who has no account: one per report, because a name does not identify a person."""
    return key_id("person", f"reporter-{report}")
