"""The units of the county as intake follows them: who can get a letter, and who stands in whose place."""

import asyncio
from collections.abc import Iterable
from typing import Final
from uuid import UUID, uuid5

from backbone.decider import Aggregate, Codec, CommandContext, execute
from backbone.eventstore import EventStore
from intake.domain import followed_unit
from intake.domain.followed_unit import Command, FollowedUnit

_UNITS: Final = UUID("f6d3a4e8-51b0-5f7c-8a19-0c6e2b7d4f10")
FOLLOWED_UNIT: Final[Aggregate[Command, followed_unit.Event, FollowedUnit]] = Aggregate(
    category="followed-unit",
    initial=followed_unit.INITIAL,
    decide=followed_unit.decide,
    evolve=followed_unit.evolve,
    codec=Codec(followed_unit.Event),
    publish=lambda _event, _state, _key: (),
)


async def note(store: EventStore, command: Command, context: CommandContext) -> None:
    """Keep what routing says of a unit."""
    await execute(store, FOLLOWED_UNIT, _key(command.code), command, context)


async def unit_of(store: EventStore, code: str) -> FollowedUnit:
    """What is known of a unit by now."""
    return FOLLOWED_UNIT.fold(await store.load(FOLLOWED_UNIT.stream(_key(code))))


async def stands_for(store: EventStore, unit: str, units: Iterable[str]) -> str:
    """The one of the units that a unit answers for: itself, or one in whose place it stands by now."""
    named = tuple(units)
    if unit in named:
        return unit
    heirs = await asyncio.gather(*(_heir(store, each) for each in named))
    return next((each for each, heir in zip(named, heirs, strict=True) if heir == unit), unit)


async def _heir(store: EventStore, code: str) -> str:
    """Who stands in a unit's place in the end; the unit itself as long as it is there."""
    seen: set[str] = set()
    while code not in seen:
        seen.add(code)
        code = (await unit_of(store, code)).heir or code
    return code


def _key(code: str) -> str:
    return str(uuid5(_UNITS, code))
