"""Role × operation, checked before anything is read or stored."""

from backbone.identity import Actor
from contracts.permissions import allowed


class NotPermitted(Exception):
    """The role may not ask for this; the edge answers 403."""

    status = 403
    slug = "not-permitted"

    def __init__(self, role: str, operation: str) -> None:
        super().__init__(f"{role} may not {operation}")
        self.params = {"role": role, "operation": operation}


def permit(actor: Actor, operation: str) -> None:
    """Raise ``NotPermitted`` unless the actor's role may ask for the operation."""
    if not allowed(actor.role, operation):
        raise NotPermitted(actor.role, operation)
