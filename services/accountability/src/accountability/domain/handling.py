"""办理情形: who leads a whistle and how far it is, by which parking and extension are judged."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, assert_never

from accountability.domain.refusals import require


@dataclass(frozen=True, slots=True)
class NoteDispatch:
    """The whistle is with its departments: for the first time, once more, or open again.

    ``timed``: its handling clock (C5) starts in this cycle.
    """

    township: str
    lead: str
    reported_in: bool
    departments: frozenset[str]
    cycle: int
    timed: bool


@dataclass(frozen=True, slots=True)
class NoteMove:
    """Departments are gone and others have come; ``lead`` None: the lead stays."""

    gone: frozenset[str]
    come: frozenset[str]
    lead: str | None = None
    reported_in: bool = False


@dataclass(frozen=True, slots=True)
class NoteReportIn:
    """The lead has reported in."""


@dataclass(frozen=True, slots=True)
class NoteConclusion:
    """The lead has concluded; the township is to judge."""


@dataclass(frozen=True, slots=True)
class NoteEnd:
    """Closed, withdrawn or not accepted."""


Command = NoteDispatch | NoteMove | NoteReportIn | NoteConclusion | NoteEnd


@dataclass(frozen=True, slots=True)
class DispatchNoted:
    """As ``NoteDispatch``."""

    name: ClassVar[str] = "accountability.handling.dispatch-noted.v1"
    township: str
    lead: str
    reported_in: bool
    departments: tuple[str, ...]
    cycle: int
    timed: bool


@dataclass(frozen=True, slots=True)
class PartsNoted:
    """Who has a part now, and who leads."""

    name: ClassVar[str] = "accountability.handling.parts-noted.v1"
    lead: str
    reported_in: bool
    departments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConclusionNoted:
    """As ``NoteConclusion``."""

    name: ClassVar[str] = "accountability.handling.conclusion-noted.v1"


@dataclass(frozen=True, slots=True)
class EndNoted:
    """As ``NoteEnd``."""

    name: ClassVar[str] = "accountability.handling.end-noted.v1"


Event = DispatchNoted | PartsNoted | ConclusionNoted | EndNoted


class Stage(StrEnum):
    """How far the whistle is."""

    NONE = "none"
    OUT = "out"
    CONCLUDED = "concluded"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Handling:
    """What parking and extension need to know of a whistle."""

    stage: Stage = Stage.NONE
    township: str = ""
    lead: str = ""
    reported_in: bool = False
    departments: frozenset[str] = frozenset()
    cycle: int = 1
    timed_in: int = 1
    """The cycle in which its handling clock (C5) last started."""


INITIAL = Handling()


def decide(command: Command, handling: Handling) -> list[Event]:
    """What is new of it; it only follows, and never refuses."""
    match command:
        case NoteDispatch(township, lead, reported_in, departments, cycle, timed):
            known = handling.stage is Stage.OUT and cycle <= handling.cycle
            if known or cycle < handling.cycle:
                return []
            units = tuple(sorted(departments))
            return [DispatchNoted(township, lead, reported_in, units, cycle, timed)]
        case NoteMove(gone, come, lead, reported_in):
            departments = (handling.departments - gone) | come
            return _parts(handling, lead or handling.lead, reported_in if lead else None, departments)
        case NoteReportIn():
            return _parts(handling, handling.lead, True, handling.departments)
        case NoteConclusion():
            return [ConclusionNoted()] if handling.stage is Stage.OUT else []
        case NoteEnd():
            return [EndNoted()] if handling.stage in (Stage.OUT, Stage.CONCLUDED) else []
        case _:
            assert_never(command)


def _parts(
    handling: Handling, lead: str, reported_in: bool | None, departments: frozenset[str]
) -> list[Event]:
    has = handling.reported_in if reported_in is None else reported_in
    now = replace(handling, lead=lead, reported_in=has, departments=departments)
    if handling.stage is Stage.NONE or now == handling:
        return []
    return [PartsNoted(lead, has, tuple(sorted(departments)))]


def evolve(handling: Handling, event: Event, at: datetime) -> Handling:
    """The situation after a fact."""
    match event:
        case DispatchNoted(township, lead, reported_in, departments, cycle, timed):
            return Handling(
                stage=Stage.OUT,
                township=township or handling.township,
                lead=lead,
                reported_in=reported_in,
                departments=frozenset(departments),
                cycle=cycle,
                timed_in=cycle if timed else handling.timed_in,
            )
        case PartsNoted(lead, reported_in, departments):
            return replace(handling, lead=lead, reported_in=reported_in, departments=frozenset(departments))
        case ConclusionNoted():
            return replace(handling, stage=Stage.CONCLUDED)
        case EndNoted():
            return replace(handling, stage=Stage.ENDED)
        case _:
            assert_never(event)


def require_lead(unit: str, handling: Handling) -> None:
    """A case without a part for one's unit is, to that unit, no case at all."""
    require(unit in handling.departments, "unknown-case")
    require(unit == handling.lead, "only-the-lead-may")


def require_in_hand(handling: Handling) -> None:
    """The departments have it, and the lead has not concluded."""
    require(handling.stage is not Stage.NONE, "unknown-case")
    require(handling.stage is not Stage.CONCLUDED, "lead-has-concluded")
    require(handling.stage is not Stage.ENDED, "whistle-has-ended")


def require_level(first: bool, county_leader: bool) -> None:
    """The office decides the first times, by the rules, the county leader then: nobody acts for another."""
    require(first or county_leader, "second-time-is-the-county-leaders")
    require(not first or not county_leader, "first-time-is-the-offices")
