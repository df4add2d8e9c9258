"""机构沿革: rename, merge and end units, and move what a merged unit had open to its heir."""

import asyncio
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import uuid5

from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended, EventStore
from backbone.identity import Actor
from contracts.permissions import permit
from routing.application.directory import Directory, day_of
from routing.application.ports import OpenDispatches
from routing.application.publishing import DISPATCH
from routing.application.units_publishing import SUCCESSION, SUCCESSION_KEY, UNIT, unit_key
from routing.domain.dispatch.commands import MoveAssignment
from routing.domain.dispatch.state import ENDED
from routing.domain.succession import Command, EndUnit, MergeUnits
from routing.domain.unit import RenameUnit, UnitClass

AT_ONCE: Final = 16
"""Most dispatches that are moved at the same time."""


@dataclass(frozen=True, slots=True)
class Decree:
    """From which day on (None: today), and by which document."""

    source_document: str
    effective_from: date | None = None


class Successions:
    """The administrator's commands on units; each raises ``NotPermitted``, ``Refused`` or a store error."""

    def __init__(self, store: EventStore, directory: Directory, open_dispatches: OpenDispatches) -> None:
        self._store, self._directory, self._open = store, directory, open_dispatches

    async def rename(
        self,
        unit: str,
        full_name: str,
        short_name: str,
        decree: Decree,
        actor: Actor,
        context: CommandContext,
    ) -> Appended:
        """改名, from a day on."""
        permit(actor, "rename-unit")
        today = day_of(await self._store.now())
        command = RenameUnit(
            code=unit,
            full_name=full_name,
            short_name=short_name,
            effective_from=decree.effective_from or today,
            source_document=decree.source_document,
            is_no_more=unit in (await self._directory.succession()).gone,
        )
        key = unit_key(unit)
        return (await execute(self._store, UNIT, key, command, context, {"id": key})).appended

    async def merge(
        self, unit: str, into: str, decree: Decree, actor: Actor, context: CommandContext
    ) -> Appended:
        """合并: what the unit has open moves to ``into``, and no clock starts anew."""
        permit(actor, "merge-units")
        now = await self._store.now()
        command = MergeUnits(
            unit=unit,
            into=into,
            effective_from=decree.effective_from or day_of(now),
            source_document=decree.source_document,
            classes=await self._classes(unit, into),
            asked_on=day_of(now),
            at=now,
        )
        return await self._succeed(unit, command, context)

    async def end(self, unit: str, decree: Decree, actor: Actor, context: CommandContext) -> Appended:
        """撤销, without anybody in its place."""
        permit(actor, "end-unit")
        today = day_of(await self._store.now())
        command = EndUnit(
            unit=unit,
            effective_from=decree.effective_from or today,
            source_document=decree.source_document,
            classes=await self._classes(unit),
            open_assignments=await self._open_assignments(unit),
            asked_on=today,
        )
        return await self._succeed(unit, command, context)

    async def move_assignments(self, unit: str, context: CommandContext) -> None:
        """Move what the unit has open to its heir; safe to be asked again."""
        heir = (await self._directory.succession()).heir(unit)
        if heir is None or heir == unit:
            return
        room = asyncio.Semaphore(AT_ONCE)

        async def move(case: str) -> None:
            async with room:
                own = replace(context, command_id=uuid5(context.command_id, case))
                await execute(self._store, DISPATCH, case, MoveAssignment(unit, heir), own)

        async with asyncio.TaskGroup() as group:
            for case in await self._open.naming(unit):
                group.create_task(move(case))

    async def _succeed(self, unit: str, command: Command, context: CommandContext) -> Appended:
        answer = {"id": unit_key(unit)}
        return (await execute(self._store, SUCCESSION, SUCCESSION_KEY, command, context, answer)).appended

    async def _classes(self, *codes: str) -> dict[str, UnitClass]:
        units = await self._directory.units(codes)
        return {code: unit.entry.unit_class for code, unit in units.items() if unit.entry is not None}

    async def _open_assignments(self, unit: str) -> int:
        found = 0
        for case in await self._open.naming(unit):
            dispatch = DISPATCH.fold(await self._store.load(DISPATCH.stream(case)))
            found += dispatch.stage not in ENDED and dispatch.assignment(unit) is not None
        return found
