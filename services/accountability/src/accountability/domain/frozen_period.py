"""定稿统计: the figures of a period are frozen once, and change only by an approved restatement.

One proposes a restatement with its reason, another approves it; every version stays.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, assert_never

from accountability.domain.refusals import require


@dataclass(frozen=True, slots=True)
class FrozenTable:
    """A table as it is shown: the canonical text, what proves it, and the moment it is of."""

    as_of: datetime
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class FreezePeriod:
    """Let the figures of a period that is over stand as they are."""

    period: str
    boundary: str
    ends: datetime
    table: FrozenTable
    by: str


@dataclass(frozen=True, slots=True)
class RestatePeriod:
    """Propose that another table take the place of the one that stands."""

    table: FrozenTable
    reason: str
    """Sealed."""
    by: str


@dataclass(frozen=True, slots=True)
class ApproveRestatement:
    """Let a proposed table stand; never by whoever proposed it."""

    number: int
    by: str


@dataclass(frozen=True, slots=True)
class DeclineRestatement:
    """Turn a proposed table down."""

    number: int
    by: str
    reason: str
    """Sealed."""


Command = FreezePeriod | RestatePeriod | ApproveRestatement | DeclineRestatement


@dataclass(frozen=True, slots=True)
class PeriodFrozen:
    """The figures of the period stand."""

    name: ClassVar[str] = "accountability.frozen-period.period-frozen.v1"
    period: str
    boundary: str
    table: FrozenTable
    by: str


@dataclass(frozen=True, slots=True)
class RestatementProposed:
    """Other figures were proposed under the next number."""

    name: ClassVar[str] = "accountability.frozen-period.restatement-proposed.v1"
    number: int
    table: FrozenTable
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class PeriodRestated:
    """The proposed figures stand from now on."""

    name: ClassVar[str] = "accountability.frozen-period.period-restated.v1"
    number: int
    by: str


@dataclass(frozen=True, slots=True)
class RestatementDeclined:
    """The proposed figures were turned down."""

    name: ClassVar[str] = "accountability.frozen-period.restatement-declined.v1"
    number: int
    by: str
    reason: str


Event = PeriodFrozen | RestatementProposed | PeriodRestated | RestatementDeclined


@dataclass(frozen=True, slots=True)
class Version:
    """A table that stands or stood; ``number`` 0 is the frozen one."""

    number: int
    table: FrozenTable
    at: datetime
    by: str
    approved_by: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A restatement nobody has decided yet."""

    number: int
    table: FrozenTable
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class FrozenPeriod:
    """The tables of one period that stood one after another, and a proposal that waits."""

    period: str = ""
    boundary: str = ""
    versions: tuple[Version, ...] = ()
    waiting: Proposal | None = None
    proposed: int = 0
    approved: frozenset[int] = frozenset()
    declined: frozenset[int] = frozenset()

    @property
    def stands(self) -> Version | None:
        """The table that is shown."""
        return self.versions[-1] if self.versions else None


INITIAL = FrozenPeriod()


def decide(command: Command, period: FrozenPeriod) -> list[Event]:
    """The facts a command makes, or its refusal."""
    match command:
        case FreezePeriod(label, boundary, ends, table, by):
            if period.versions:
                return []
            require(table.as_of >= ends, "period-not-over", period=label)
            return [PeriodFrozen(label, boundary, table, by)]
        case RestatePeriod(table, reason, by):
            stands = period.stands
            require(stands is not None, "period-not-frozen")
            assert stands is not None
            waiting = period.waiting
            if waiting is not None and (waiting.table.digest, waiting.by) == (table.digest, by):
                return []
            require(waiting is None, "restatement-waits-already")
            require(reason != "", "reason-missing")
            require(table.digest != stands.table.digest, "nothing-to-restate")
            return [RestatementProposed(period.proposed + 1, table, reason, by)]
        case ApproveRestatement(number, by):
            _known(number, period)
            require(number not in period.declined, "restatement-declined", number=number)
            if number in period.approved:
                return []
            assert period.waiting is not None, "what is neither approved nor declined waits"
            require(period.waiting.by != by, "second-person-needed")
            return [PeriodRestated(number, by)]
        case DeclineRestatement(number, by, reason):
            _known(number, period)
            require(number not in period.approved, "restatement-approved", number=number)
            require(reason != "", "reason-missing")
            return [] if number in period.declined else [RestatementDeclined(number, by, reason)]
        case _:
            assert_never(command)


def evolve(period: FrozenPeriod, event: Event, at: datetime) -> FrozenPeriod:
    """The period after a fact."""
    match event:
        case PeriodFrozen(label, boundary, table, by):
            return replace(period, period=label, boundary=boundary, versions=(Version(0, table, at, by),))
        case RestatementProposed(number, table, reason, by):
            return replace(period, waiting=Proposal(number, table, reason, by), proposed=number)
        case PeriodRestated(number, by):
            waiting = period.waiting
            assert waiting is not None, "a restatement was proposed before"
            version = Version(number, waiting.table, at, waiting.by, by, waiting.reason)
            return replace(
                period,
                versions=(*period.versions, version),
                waiting=None,
                approved=period.approved | {number},
            )
        case RestatementDeclined(number):
            return replace(period, waiting=None, declined=period.declined | {number})
        case _:
            assert_never(event)


def _known(number: int, period: FrozenPeriod) -> None:
    require(1 <= number <= period.proposed, "unknown-restatement", number=number)
