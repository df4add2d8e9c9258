"""首接承诺: of the promise to the township (C0), how much time the desk took and how much the departments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Split:
    """Seconds; together the whole time from the promise's begin on."""

    desk: int
    department: int


def split(begin: datetime, end: datetime, leads: Iterable[Span]) -> Split:
    """What of the time from ``begin`` to ``end`` a lead department had the whistle; the rest is the desk's.

    ``leads`` are the times in which a report-in clock of a lead ran. A department that got it by mistake had
    no clock to answer for: that time is the desk's.
    """
    whole = int((end - begin).total_seconds())
    covered, reached = 0, begin
    for since, until in sorted(leads):
        first, last = max(since, reached), min(until, end)
        if first < last:
            covered += int((last - first).total_seconds())
            reached = last
    return Split(whole - covered, covered)
