"""时限延长: when a clock may be given more time."""

from datetime import datetime

from accountability.domain.clock.ledger import Running
from accountability.domain.moments import instant
from accountability.domain.refusals import require


def require_extendable(clock: Running | None, amount: int, at: datetime) -> Running:
    """Before its deadline.

    How often, by how much and by whom is decided where it is applied for and granted, by the rules of that
    moment.
    """
    require(clock is not None and not clock.ended, "clock-not-running")
    assert clock is not None
    late = clock.breached_at is not None or (clock.runs and instant(at) > clock.due)
    require(not late, "extension-after-the-deadline")
    require(amount > 0, "limit-must-be-positive")
    return clock
