"""挂账: a whistle stands still until a day, with a plan and a named owner (W10); one stream per whistle."""

from accountability.domain.parking.commands import Command
from accountability.domain.parking.decisions import decide
from accountability.domain.parking.facts import Event
from accountability.domain.parking.state import INITIAL, Parking, Stage, evolve

__all__ = ["INITIAL", "Command", "Event", "Parking", "Stage", "decide", "evolve"]
