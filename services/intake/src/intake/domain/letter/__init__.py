"""意见直通车: a letter to the office, or a resident's online inquiry, until it is appraised."""

from intake.domain.letter.commands import Command
from intake.domain.letter.decisions import decide, require_known
from intake.domain.letter.facts import Channel, Content, Event
from intake.domain.letter.state import INITIAL, Letter, Stage, evolve

__all__ = [
    "INITIAL",
    "Channel",
    "Command",
    "Content",
    "Event",
    "Letter",
    "Stage",
    "decide",
    "evolve",
    "require_known",
]
