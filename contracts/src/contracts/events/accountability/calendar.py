"""工作日历: what the working calendar says."""

from datetime import date
from typing import ClassVar

from contracts.events.published import Published


class CalendarYearPublished(Published):
    """The working days of a year are decreed (or corrected). ``case_id`` is uuid5 of the year."""

    NAME: ClassVar[str] = "accountability.calendar-year.calendar-year-published.v1"
    year: int
    version: int
    source_document: str
    holidays: tuple[date, ...]
    make_up_days: tuple[date, ...]
