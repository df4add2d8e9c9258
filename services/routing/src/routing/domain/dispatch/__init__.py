"""派单: who has a whistle and what each department does with it, one per whistle (W3–W6, W8, A1, A5, A7)."""

from routing.domain.dispatch.commands import Command
from routing.domain.dispatch.decisions import decide
from routing.domain.dispatch.desk import require_dispatched
from routing.domain.dispatch.evolution import evolve
from routing.domain.dispatch.facts import Event
from routing.domain.dispatch.state import INITIAL, Assignment, Dispatch, Stage
from routing.domain.dispatch.work import require_own

__all__ = [
    "INITIAL",
    "Assignment",
    "Command",
    "Dispatch",
    "Event",
    "Stage",
    "decide",
    "evolve",
    "require_dispatched",
    "require_own",
]
