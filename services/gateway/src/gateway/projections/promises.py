"""The split of a late promise to the township, from the rows of its case."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import RowMapping

from gateway.domain.promise import Split, split

PROMISE: Final = "C0"
_REPORT_IN: Final = "C1"


def split_of(
    promise: RowMapping, assignments: Iterable[RowMapping], clocks: Iterable[RowMapping], now: datetime
) -> Split | None:
    """Whose time it was, up to ``now`` while nobody has reported in; None for a promise that was kept."""
    if promise["kind"] != PROMISE or promise["breached_at"] is None:
        return None
    end = promise["ended_at"] or now
    leads = {each["assignment_id"] for each in assignments if each["part"] == "lead"}
    held = [
        (each["started_at"], each["ended_at"] or end)
        for each in clocks
        if each["kind"] == _REPORT_IN and each["assignment_id"] in leads and each["state"] != "voided"
    ]
    return split(promise["started_at"], end, held)
