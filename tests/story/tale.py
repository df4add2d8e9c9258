"""What a tale is made of: acts of people, moments to wait for, marks between tales, and how it ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from tests.story.people import YUANCUN
from tests.system.county import SHANGHAI, Person


@dataclass(frozen=True, slots=True)
class CaseOf:
    """Stands for the case id of a code."""

    code: str


@dataclass(frozen=True, slots=True)
class IssueOf:
    """Stands for the id of the n-th issue, from 1, of the tale's own whistle."""

    number: int


@dataclass(frozen=True, slots=True)
class VillageHere:
    """Stands for a village of the tale's township."""


@dataclass(frozen=True, slots=True)
class LastCorrection:
    """Stands for the correction proposed last in the tale's own case."""


@dataclass(frozen=True, slots=True)
class MatterOf:
    """Stands for what is pursued in the tale's own case: the first clock of a kind, else (``""``) by hand."""

    kind: str


@dataclass(frozen=True, slots=True)
class Act:
    """A person gives a command about the tale's own case; ``words`` are its other arguments.

    ``opens``: the code by which the case it makes is known. ``about``: another case than the tale's own.
    ``refused``: the slug it is to be refused with.
    """

    person: Person
    verb: str
    words: Mapping[str, Any] = field(default_factory=dict)
    opens: str = ""
    about: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class At:
    """Nothing more happens in this tale before a moment."""

    moment: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """Tells the other tales that this one is so far."""

    name: str


@dataclass(frozen=True, slots=True)
class Await:
    """Nothing more happens in this tale before another has come to a mark."""

    mark: str


@dataclass(frozen=True, slots=True)
class Find:
    """The tale's own case is the one a person finds by what it holds: nobody was told its id."""

    person: Person
    type: str
    holds: Mapping[str, Any]


Step = Act | At | Mark | Await | Find

OUTCOMES: Final = (
    *("kept", "late", "returned", "void", "void_late", "expired"),
    *("running", "overdue", "paused", "paused_late"),
)
"""How a clock can stand; ``late`` breached and stopped, ``overdue`` breached and still running."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What the gateway is to show when all is over; None is not asked for.

    ``verdicts``: one word per issue, between blanks, ``-`` for none. ``parts``: department and state of each
    assignment that matters. ``clocks``: outcome → kinds between blanks, a kind as often as there are clocks.
    ``orders``: each as ``clock color unit state [cause]``, ``-`` for no clock. ``results``: shared results.
    """

    state: str
    cycle: int | None = None
    verdicts: str | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    clocks: Mapping[str, str] = field(default_factory=dict)
    orders: tuple[str, ...] | None = None
    results: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Tale:
    """One case from its first word to its end."""

    code: str
    title: str
    steps: tuple[Step, ...]
    ending: Ending
    town: str = YUANCUN
    calls: int | None = None
    """The most requests it may take, where that is promised."""

    @property
    def acts(self) -> tuple[Act, ...]:
        """What people do in it."""
        return tuple(step for step in self.steps if isinstance(step, Act))


def ends(
    state: str,
    *,
    cycle: int | None = None,
    verdicts: str | None = None,
    parts: Mapping[str, str] | None = None,
    orders: tuple[str, ...] | None = None,
    results: tuple[str, ...] | None = None,
    **clocks: str,
) -> Ending:
    """An ending; what is left of the arguments are outcomes of clocks (``OUTCOMES``)."""
    assert set(clocks) <= set(OUTCOMES), clocks
    return Ending(state, cycle, verdicts, parts or {}, clocks, orders, results)


def refused(act: Act, slug: str) -> Act:
    """The same act, which is to be refused."""
    return replace(act, refused=slug)


MONDAY: Final = datetime(2026, 4, 27, 8, 40, tzinfo=SHANGHAI)
"""The first day of the week before May Day: a holiday until Tuesday 5 May, and Saturday 9 May is worked."""


def on(days: int, hour: int, minute: int = 0, second: int = 0) -> At:
    """So many days after that Monday, at an hour."""
    day = (MONDAY + timedelta(days=days)).replace(hour=0, minute=0)
    return At(day + timedelta(hours=hour, minutes=minute, seconds=second))
