"""The case view: whistles and letters with their issues, departments, clocks and timeline."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from backbone.outbox import Delivered
from backbone.sealing import Sealer, key_id_of
from contracts.events import REGISTER, Published, accountability, intake, routing
from gateway.projections import clocks, directory, letters, whistles
from gateway.projections.facts import ERASED, Fact, Handler, entry, sealed_texts
from gateway.projections.tables import case_keys

NAME: Final = "cases"
VERSION: Final = 1
"""Raised whenever a row would come out differently from the same events; a rebuild then runs beside."""

_HANDLERS: Final[Mapping[type[Published], Handler]] = {
    **whistles.HANDLERS,
    **letters.HANDLERS,
    **clocks.HANDLERS,
    **directory.HANDLERS,
}

_UNTOLD = frozenset(
    {
        accountability.ClockStarted.NAME,
        accountability.ReminderDue.NAME,
        routing.UnitRegistered.NAME,
        routing.ResponsibilityListPublished.NAME,
        accountability.CalendarYearPublished.NAME,
        intake.PersonalDataErased.NAME,
    }
)
"""Facts that make no line in a case's timeline: its clocks are shown beside it."""


class CaseProjection:
    """Applies published events to the case view, inside the transaction that moves its position."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    async def apply(self, connection: AsyncConnection, event: Delivered) -> None:
        """Apply one event; types this view does not know are ignored."""
        model = REGISTER.get(event.type)
        handler = _HANDLERS.get(model) if model is not None else None
        if model is None or handler is None:
            return
        parsed = model.model_validate(event.data)
        texts = sorted(set(sealed_texts(event.data)))
        opened = dict(zip(texts, await self._sealer.open_all(texts, ERASED), strict=True)) if texts else {}
        fact = Fact(event, parsed, opened)
        for statement in handler(fact, parsed):
            await connection.execute(statement)
        if texts:
            keys = {key_id_of(each) for each in texts}
            await connection.execute(
                upsert(case_keys)
                .values([{"case_id": event.case_id, "key_id": key} for key in sorted(keys)])
                .on_conflict_do_nothing()
            )
        if event.type not in _UNTOLD:
            await connection.execute(entry(fact))
