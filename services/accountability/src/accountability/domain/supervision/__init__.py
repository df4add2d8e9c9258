"""督办: a matter (a breach, or what a person took up) and the orders that pursue it; a stream per matter."""

from accountability.domain.supervision.commands import Command
from accountability.domain.supervision.decisions import decide
from accountability.domain.supervision.facts import Event
from accountability.domain.supervision.state import INITIAL, Supervision, evolve

__all__ = ["INITIAL", "Command", "Event", "Supervision", "decide", "evolve"]
