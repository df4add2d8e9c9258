"""The published events of all services; importing this fills the register."""

from contracts.events import accountability, intake, routing
from contracts.events.published import REGISTER, Published

__all__ = ["REGISTER", "Published", "accountability", "intake", "routing"]
