"""权责争议: departments disown a duty, and the establishment office (编办) says whose it is."""

from routing.domain.dispute.commands import Command
from routing.domain.dispute.decisions import decide
from routing.domain.dispute.facts import Event
from routing.domain.dispute.state import INITIAL, UNDECIDED, Dispute, Stage, evolve

__all__ = ["INITIAL", "UNDECIDED", "Command", "Dispute", "Event", "Stage", "decide", "evolve"]
