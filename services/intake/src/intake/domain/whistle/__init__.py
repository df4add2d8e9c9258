"""哨单: a township's call for the departments above it, from the draft to the verdict (W1, W2, W3, W5–W8)."""

from intake.domain.whistle.commands import Command
from intake.domain.whistle.decisions import decide, require_own
from intake.domain.whistle.facts import Event
from intake.domain.whistle.state import INITIAL, Stage, Whistle, evolve

__all__ = ["INITIAL", "Command", "Event", "Stage", "Whistle", "decide", "evolve", "require_own"]
