"""The case view: whistles and letters with their issues, departments, clocks and timeline."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from backbone.outbox import Delivered
from backbone.sealing import Sealer, key_id_of
from contracts.events import REGISTER, Published, accountability, intake, routing
from gateway.projections import (
    attachments,
    case_rules,
    checks,
    clocks,
    corrections,
    directory,
    docket,
    duties,
    endings,
    enterprises,
    grid_reports,
    joining,
    letters,
    parkings,
    recorded,
    returns,
    search,
    supervisions,
    whistles,
)
from gateway.projections.facts import ERASED, Fact, Handler, entry, sealed_texts
from gateway.projections.tables import case_keys, entries

NAME: Final = "cases"
VERSION: Final = 25
"""Raised whenever a row would come out differently from the same events; a rebuild then runs beside."""

_HANDLERS: Final[Mapping[type[Published], Handler]] = {
    **whistles.HANDLERS,
    **returns.HANDLERS,
    **endings.HANDLERS,
    **letters.HANDLERS,
    **grid_reports.HANDLERS,
    **duties.HANDLERS,
    **recorded.HANDLERS,
    **joining.HANDLERS,
    **parkings.HANDLERS,
    **clocks.HANDLERS,
    **supervisions.HANDLERS,
    **checks.HANDLERS,
    **corrections.HANDLERS,
    **attachments.HANDLERS,
    **directory.HANDLERS,
    **case_rules.HANDLERS,
    **enterprises.HANDLERS,
}

_UNTOLD = frozenset(
    {
        accountability.ClockStarted.NAME,
        accountability.ReminderDue.NAME,
        routing.UnitRegistered.NAME,
        routing.UnitRenamed.NAME,
        intake.GridNetworkPublished.NAME,
        intake.EnterpriseRegistered.NAME,
        intake.ServiceOfficerAssigned.NAME,
        intake.ServiceOfficerRelieved.NAME,
        intake.EnterpriseEnded.NAME,
        routing.UnitMerged.NAME,
        routing.UnitEnded.NAME,
        routing.ResponsibilityListPublished.NAME,
        accountability.CalendarYearPublished.NAME,
        intake.PersonalDataErased.NAME,
        intake.IssuesAdopted.NAME,
        intake.WhistleMerged.NAME,
        *parkings.UNTOLD,
        *supervisions.UNTOLD,
        *checks.UNTOLD,
        *case_rules.UNTOLD,
    }
)
"""Facts that make no line in a case's timeline: its clocks are shown beside it."""


class CaseProjection:
    """Applies published events to the case view, inside the transaction that moves its position."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    async def apply(self, connection: AsyncConnection, event: Delivered) -> None:
        """Apply one event; types this view does not know are ignored."""
        await self.apply_many(connection, [event])

    async def apply_many(self, connection: AsyncConnection, events: Sequence[Delivered]) -> None:
        """Apply events in order: one request for all their keys, one statement for all timeline lines."""
        known = [(event, model) for event in events if (model := REGISTER.get(event.type)) in _HANDLERS]
        texts = sorted({text for event, _ in known for text in sealed_texts(event.data)})
        opened = dict(zip(texts, await self._sealer.open_all(texts, ERASED), strict=True)) if texts else {}
        beside = _Beside(connection)
        for event, model in known:
            assert model is not None
            parsed = model.model_validate(event.data)
            fact = Fact(event, parsed, opened)
            if isinstance(parsed, intake.PersonalDataErased | accountability.BreachAnnulled):
                await beside.write()  # what is to be forgotten, or withdrawn, has to be there
            for statement in _HANDLERS[model](fact, parsed):
                await connection.execute(statement)
            beside.keep(fact)
        await beside.write()
        await search.index(connection, _reworded(known))
        await docket.note_changes(connection, {event.case_id for event, _ in known})


def _reworded(events: Iterable[tuple[Delivered, object]]) -> frozenset[str]:
    """The cases whose words a batch may have changed."""
    spoken = {event.case_id for event, _ in events if any(sealed_texts(event.data))}
    forgotten = {
        key.removeprefix("case/")
        for event, model in events
        if model is intake.PersonalDataErased
        for key in event.data["key_ids"]
        if key.startswith("case/")
    }
    return frozenset(spoken | forgotten)


def _stays(model: Published) -> bool:
    """A clock that was handed over or computed again, and is due when it was."""
    if not isinstance(model, accountability.ClockMoved) or model.cause != "recomputed":
        return False
    return model.due == model.old_due and model.outcome is None


class _Beside:
    """Rows that nothing else in a batch reads: timeline lines, and which case uses which key."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._entries: list[dict[str, Any]] = []
        self._keys: dict[tuple[str, str], None] = {}

    def keep(self, fact: Fact) -> None:
        """Remember what a fact leaves beside its case."""
        if fact.event.type not in _UNTOLD and not _stays(fact.model):
            self._entries.append(entry(fact))
        for text in sealed_texts(fact.event.data):
            self._keys[fact.case_id, key_id_of(text)] = None

    async def write(self) -> None:
        """Write what was kept."""
        if self._keys:
            rows = [{"case_id": case_id, "key_id": key} for case_id, key in self._keys]
            await self._connection.execute(upsert(case_keys).on_conflict_do_nothing(), rows)
        if self._entries:
            await self._connection.execute(insert(entries), self._entries)
        self._keys, self._entries = {}, []
