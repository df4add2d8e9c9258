"""办件规则(跟随): the limits that approved records set for decisions of routing, noted as they come."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Rules:
    """Fewest representatives heard, cycle and transfer that escalate, working days to question a ruling."""

    representatives: int
    cycles_that_escalate: int
    transfers_that_escalate: int
    reconsideration_days: int


@dataclass(frozen=True, slots=True)
class NoteRules:
    """A record was approved; it holds for commands from its first day to its last."""

    number: int
    effective_from: date
    effective_to: date | None
    rules: Rules


@dataclass(frozen=True, slots=True)
class RulesNoted:
    """As ``NoteRules``."""

    name: ClassVar[str] = "routing.followed-rules.rules-noted.v1"
    number: int
    effective_from: date
    effective_to: date | None
    rules: Rules


Command = NoteRules
Event = RulesNoted


@dataclass(frozen=True, slots=True)
class FollowedRules:
    """Every record there was."""

    noted: tuple[RulesNoted, ...] = ()

    def in_force(self, day: date) -> Rules | None:
        """The rules of a day, if a record holds then."""
        latest = self._latest(day)
        return None if latest is None else latest.rules

    def version_in_force(self, day: date) -> int:
        """Their version; 0 for the default ones."""
        latest = self._latest(day)
        return 0 if latest is None else latest.number

    def _latest(self, day: date) -> RulesNoted | None:
        # Of the records that hold then the one that began last, of those the newest.
        fitting = [
            each
            for each in self.noted
            if each.effective_from <= day and (each.effective_to is None or day <= each.effective_to)
        ]
        return max(fitting, key=lambda each: (each.effective_from, each.number), default=None)


INITIAL = FollowedRules()


def decide(command: Command, followed: FollowedRules) -> list[Event]:
    """What is new of it; it only follows, and never refuses."""
    if any(each.number == command.number for each in followed.noted):
        return []
    return [RulesNoted(command.number, command.effective_from, command.effective_to, command.rules)]


def evolve(followed: FollowedRules, event: Event, at: datetime) -> FollowedRules:
    """The records after a fact."""
    return FollowedRules((*followed.noted, event))
