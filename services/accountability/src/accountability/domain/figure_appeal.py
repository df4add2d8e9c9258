"""统计申诉: a unit asks that one counted thing stand outside its figures, and the office decides."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, assert_never

from accountability.domain.refusals import require


@dataclass(frozen=True, slots=True)
class AppealFigure:
    """Ask that an item be excluded; ``owner`` is the unit whose figures count it."""

    item: str
    case_id: str
    owner: str
    unit: str
    reason: str
    """Sealed."""
    by: str


@dataclass(frozen=True, slots=True)
class DecideFigureAppeal:
    """Exclude the item, or let it count; never by whoever appealed."""

    accepted: bool
    reason: str
    """Sealed."""
    by: str


Command = AppealFigure | DecideFigureAppeal


@dataclass(frozen=True, slots=True)
class FigureAppealed:
    """A unit appeals against being counted."""

    name: ClassVar[str] = "accountability.figure-appeal.figure-appealed.v1"
    item: str
    case_id: str
    unit: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class FigureAppealDecided:
    """The item stands outside from now on, or goes on to count."""

    name: ClassVar[str] = "accountability.figure-appeal.figure-appeal-decided.v1"
    accepted: bool
    reason: str
    by: str


Event = FigureAppealed | FigureAppealDecided


@dataclass(frozen=True, slots=True)
class FigureAppeal:
    """The one appeal that an item has; ``accepted`` is None until it is decided."""

    item: str = ""
    case_id: str = ""
    unit: str = ""
    by: str = ""
    accepted: bool | None = None


INITIAL = FigureAppeal()


def decide(command: Command, appeal: FigureAppeal) -> list[Event]:
    """The facts a command makes, or its refusal."""
    match command:
        case AppealFigure(item, case_id, owner, unit, reason, by):
            require(owner == unit, "unknown-figure-item")  # another unit's item is as if it were not
            if appeal.item:
                require(appeal.accepted is None, "figure-appeal-decided-already")
                return []
            require(reason != "", "reason-missing")
            return [FigureAppealed(item, case_id, unit, reason, by)]
        case DecideFigureAppeal(accepted, reason, by):
            require(appeal.item != "", "no-figure-appeal")
            if appeal.accepted is not None:
                require(appeal.accepted == accepted, "figure-appeal-decided-already")
                return []
            require(appeal.by != by, "second-person-needed")
            require(reason != "", "reason-missing")
            return [FigureAppealDecided(accepted, reason, by)]
        case _:
            assert_never(command)


def evolve(appeal: FigureAppeal, event: Event, at: datetime) -> FigureAppeal:
    """The appeal after a fact."""
    match event:
        case FigureAppealed(item, case_id, unit, _, by):
            return FigureAppeal(item, case_id, unit, by)
        case FigureAppealDecided(accepted):
            return replace(appeal, accepted=accepted)
        case _:
            assert_never(event)
