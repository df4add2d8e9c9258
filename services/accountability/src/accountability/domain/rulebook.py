"""规则册: the working calendar and the policies a decision about a clock is made with."""

from dataclasses import dataclass

from accountability.domain.calendar import Calendar
from accountability.domain.terms import PolicyBook


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All published calendar years and approved policies; decisions pick the versions a clock has pinned."""

    calendar: Calendar
    policies: PolicyBook
