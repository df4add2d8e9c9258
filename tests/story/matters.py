"""How most whistles of the week begin and go on, and the clocks they leave behind."""

from typing import Final

from tests.story.acts import (
    concludes,
    matter,
    raises,
    reports_in,
    signs,
)
from tests.story.people import (
    BANGS,
    BUS,
    POLICE,
    RESCUE,
    ROADS,
    STREETS,
)
from tests.story.tale import Step, ends

SIMPLE: Final = "C0 C1 C5 C7 C10 C13"
"""The clocks of a whistle with one department."""
JUDGED: Final = "C0 C1 C5 C6 C7 C10 C13"
"""The same where the desk had to look."""
DONE = ends("CLOSED", cycle=1, verdicts="SOLVED", kept=SIMPLE)


def bus(text: str) -> tuple[Step, ...]:
    """Raised and signed: transport's alone."""
    return raises(matter(text, BUS)), signs()


def work(unit: str = ROADS) -> tuple[Step, ...]:
    """Reported in and concluded."""
    return reports_in(unit), concludes(unit)


def unknown(text: str, *departments: str) -> tuple[Step, ...]:
    """Raised and signed without an item: provisional."""
    return raises(matter(text, "-", to=departments or (STREETS,))), signs()


def fireworks(text: str) -> dict[str, object]:
    """An emergency of rescue's, with the police."""
    return matter(text, BANGS, to=(RESCUE, POLICE), kind="EMERGENCY")
