"""统计: periods that are frozen and restated, and appeals against being counted."""

from datetime import datetime
from typing import ClassVar

from contracts.events.published import Published


class PeriodFrozen(Published):
    """The figures of a period stand; ``digest`` proves the table. ``case_id`` is uuid5 of the period."""

    NAME: ClassVar[str] = "accountability.frozen-period.period-frozen.v1"
    period: str
    boundary: str
    as_of: datetime
    digest: str
    by: str
    """Subject."""


class PeriodRestated(Published):
    """Other figures stand in the place of the frozen ones; the old ones stay readable."""

    NAME: ClassVar[str] = "accountability.frozen-period.period-restated.v1"
    period: str
    boundary: str
    number: int
    as_of: datetime
    digest: str
    reason_sealed: str
    by: str
    approved_by: str
    """Subject of the second person; never the proposer."""


class FigureAppealed(Published):
    """A unit appeals against one counted thing: a clock, an assignment, a judgement."""

    NAME: ClassVar[str] = "accountability.figure-appeal.figure-appealed.v1"
    item: str
    unit: str
    reason_sealed: str


class FigureAppealDecided(Published):
    """Accepted, the item stands outside the figures from now on and is shown beside them."""

    NAME: ClassVar[str] = "accountability.figure-appeal.figure-appeal-decided.v1"
    item: str
    unit: str
    accepted: bool
    reason_sealed: str
