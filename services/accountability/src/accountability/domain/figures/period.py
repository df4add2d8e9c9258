"""统计周期: a year, quarter, month, 19th to 18th or days of one's own; days begin at 00:00 or 12:00."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from accountability.domain.moments import DAY, instant, on
from accountability.domain.refusals import Refused, require

MIDNIGHT: Final = time(0)
NOON: Final = time(12)
BOUNDARIES: Final = (MIDNIGHT, NOON)
LONGEST_DAYS: Final = 3_660
"""Ten years: a longer period is a slip of the pen."""

_YEAR = re.compile(r"(\d{4})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_NINETEENTH = re.compile(r"19th:(\d{4})-(\d{2})")
_CUSTOM = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days from ``first`` to ``last``, each beginning at ``boundary`` in Asia/Shanghai.

    ``label`` is how it is asked for: ``2026``, ``2026-10``, ``2026-Q3``, ``19th:2026-10`` (19 September to
    18 October: a period is named after the month it ends in) or ``2026-10-01..2026-10-15``.
    """

    label: str
    first: date
    last: date
    boundary: time = MIDNIGHT

    @classmethod
    def read(cls, label: str, boundary: str = "00:00") -> "Period":
        """The period of a label; ``Refused`` if it is none."""
        clock = _boundary(boundary)
        try:
            first, last = _days(label)
        except ValueError:
            raise Refused("period-unreadable", period=label) from None
        require(first <= last, "period-ends-before-it-begins", period=label)
        require((last - first).days < LONGEST_DAYS, "period-too-long", most=LONGEST_DAYS)
        return cls(label, first, last, clock)

    @property
    def begin(self) -> datetime:
        """The first instant, in UTC."""
        return on(self.first, self.boundary)

    @property
    def end(self) -> datetime:
        """The instant after the last, in UTC."""
        return on(self.last + DAY, self.boundary)

    def holds(self, at: datetime) -> bool:
        """Whether an act lies in the period; one in the first second of a day belongs to that day."""
        return self.begin <= instant(at) < self.end

    def holds_deadline(self, due: datetime) -> bool:
        """Whether a deadline lies in the period; one at 24:00 belongs to the day that ends then."""
        return self.begin < instant(due) <= self.end

    def before(self) -> "Period":
        """The period of the same kind that comes right before."""
        eve = self.first - DAY
        clock = self.boundary.strftime("%H:%M")
        if _YEAR.fullmatch(self.label):
            return Period.read(f"{eve:%Y}", clock)
        if _MONTH.fullmatch(self.label):
            return Period.read(f"{eve:%Y-%m}", clock)
        if _QUARTER.fullmatch(self.label):
            return Period.read(f"{eve:%Y}-Q{(eve.month + 2) // 3}", clock)
        if _NINETEENTH.fullmatch(self.label):
            return Period.read(f"19th:{eve:%Y-%m}", clock)
        return Period.read(f"{eve - (self.last - self.first)}..{eve}", clock)


def _boundary(text: str) -> time:
    for each in BOUNDARIES:
        if text == each.strftime("%H:%M"):
            return each
    raise Refused("boundary-unknown", boundary=text)


def _days(label: str) -> tuple[date, date]:
    """First and last day of a label; ``ValueError`` if it has none."""
    if found := _YEAR.fullmatch(label):
        year = int(found[1])
        return date(year, 1, 1), date(year, 12, 31)
    if found := _MONTH.fullmatch(label):
        return _months(int(found[1]), int(found[2]), 1)
    if found := _QUARTER.fullmatch(label):
        return _months(int(found[1]), 3 * int(found[2]) - 2, 3)
    if found := _NINETEENTH.fullmatch(label):
        last = date(int(found[1]), int(found[2]), 18)
        return (last.replace(day=1) - DAY).replace(day=19), last
    if found := _CUSTOM.fullmatch(label):
        return date.fromisoformat(found[1]), date.fromisoformat(found[2])
    raise ValueError(label)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    after = month - 1 + count
    return date(year, month, 1), date(year + after // 12, after % 12 + 1, 1) - DAY
