"""延期: the lead asks for more time before its handling clock runs out (W11); one stream per whistle."""

from accountability.domain.extension.commands import Command
from accountability.domain.extension.decisions import decide
from accountability.domain.extension.facts import Event
from accountability.domain.extension.state import INITIAL, Extension, evolve

__all__ = ["INITIAL", "Command", "Event", "Extension", "decide", "evolve"]
