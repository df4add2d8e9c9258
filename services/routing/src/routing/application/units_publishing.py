"""From the facts of units and their succession to the published language; a merger sets off a move."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import uuid5

from backbone.decider import Aggregate, Codec
from backbone.eventstore import Deadline
from contracts.events import routing as published
from routing.application.publishing import NAMES
from routing.application.publishing_returns import Outbound, out
from routing.domain import succession, unit

SUCCESSION_KEY: Final = str(uuid5(NAMES, "succession"))
"""The one register of the county: the key of its stream."""
MOVE_ASSIGNMENTS: Final = ("move-assignments", "move-assignments-again")
"""The timers of a merger, under the code of the unit that is no more.

The second finds what was dispatched to it by a decision that was on its way when the units were merged.
"""
ON_ITS_WAY: Final = timedelta(minutes=1)
"""Longer than any decision takes from reading who there is to being stored."""


def unit_key(code: str) -> str:
    """The key of a unit's stream and its published ``case_id``."""
    return str(uuid5(NAMES, f"unit/{code}"))


def publish_unit(event: unit.Event, state: unit.Unit, key: str) -> Outbound:
    """What others learn of a unit."""
    match event:
        case unit.UnitRegistered(entry):
            fact = published.UnitRegistered(
                case_id=key,
                code=entry.code,
                name=entry.full_name,
                short_name=entry.short_name,
                unit_class=entry.unit_class,
                tier=entry.tier,
                duty_desk_phone=entry.duty_desk_phone,
                ruled_by_county=entry.ruled_by_county,
                villages=tuple(published.Village(code=each.code, name=each.name) for each in entry.villages),
            )
            return [out(fact)]
        case unit.UnitRenamed(full_name, short_name, effective_from, source_document):
            assert state.entry is not None, "a unit begins with its entry"
            renamed = published.UnitRenamed(
                case_id=key,
                code=state.entry.code,
                name=full_name,
                short_name=short_name,
                effective_from=effective_from,
                source_document=source_document,
            )
            return [out(renamed)]


def publish_succession(event: succession.Event, state: succession.Succession, key: str) -> Outbound:
    """What others learn of who stands in whose place, told as a fact of the unit that is no more."""
    case_id = unit_key(event.unit)
    match event:
        case succession.UnitMerged(code, into, effective_from, source_document):
            merged = published.UnitMerged(
                case_id=case_id,
                code=code,
                into=into,
                effective_from=effective_from,
                source_document=source_document,
            )
            return [out(merged)]
        case succession.UnitEnded(code, effective_from, source_document):
            ended = published.UnitEnded(
                case_id=case_id, code=code, effective_from=effective_from, source_document=source_document
            )
            return [out(ended)]


def succession_deadlines(
    events: Sequence[succession.Event], state: succession.Succession, key: str
) -> Sequence[Deadline]:
    """A merger moves what is open, as soon as it stands and once more after a while."""
    return [
        Deadline(event.unit, name, event.at + wait)
        for event in events
        if isinstance(event, succession.UnitMerged)
        for name, wait in zip(MOVE_ASSIGNMENTS, (timedelta(0), ON_ITS_WAY), strict=True)
    ]


UNIT: Final[Aggregate[unit.Command, unit.Event, unit.Unit]] = Aggregate(
    category="unit",
    initial=unit.INITIAL,
    decide=unit.decide,
    evolve=unit.evolve,
    codec=Codec(unit.Event),
    publish=publish_unit,
)
SUCCESSION: Final[Aggregate[succession.Command, succession.Event, succession.Succession]] = Aggregate(
    category="succession",
    initial=succession.INITIAL,
    decide=succession.decide,
    evolve=succession.evolve,
    codec=Codec(succession.Event),
    publish=publish_succession,
    deadlines=succession_deadlines,
)
