"""What figures are made from: the port to whoever keeps the counted things, as of any moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from accountability.domain.figures import Item, Measure, Period


@dataclass(frozen=True, slots=True)
class Standpoint:
    """The moment an answer is of, and whether everything recorded by then is in it."""

    as_of: datetime
    behind: tuple[str, ...] = ()
    """Services whose facts were not all in, or that could not be asked."""
    held: int = 0
    """Cases set aside with an error: an operator has to look at them."""

    @property
    def complete(self) -> bool:
        """Whether the answer is the same for ever."""
        return not self.behind and not self.held


@dataclass(frozen=True, slots=True)
class Member:
    """A unit as it was called and compared at a moment."""

    code: str
    name: str
    short_name: str
    tier: str


@dataclass(frozen=True, slots=True)
class Counted:
    """One counted thing with what it is about; ``at`` is the due of a clock, else the moment of the act."""

    key: str
    case_id: str
    at: datetime
    item: Item
    original_due: datetime | None = None
    done_at: datetime | None = None


class NotYet(Exception):
    """The moment asked for has not come."""

    status = 422
    slug = "as-of-in-the-future"

    def __init__(self, as_of: datetime, now: datetime) -> None:
        super().__init__(self.slug)
        self.params: Mapping[str, object] = {"as_of": as_of.isoformat(), "now": now.isoformat()}


class FigureFacts(Protocol):
    """The counted things of the county."""

    async def standpoint(self, asked: datetime | None) -> Standpoint:
        """Wait until everything recorded by a moment (None: by now) is in, or say what is not.

        Raises ``NotYet`` for a moment to come.
        """
        ...

    async def items(self, period: Period, as_of: datetime) -> Sequence[Item]:
        """The counted things of a period, alike ones together."""
        ...

    async def members(self, as_of: datetime) -> Mapping[str, Member]:
        """The units by code."""
        ...

    async def listed(
        self, measure: Measure, period: Period, as_of: datetime, unit: str | None, after: str, limit: int
    ) -> Sequence[Counted]:
        """The counted things of one measure one by one, by key, from after a key on."""
        ...

    async def find(self, key: str, as_of: datetime) -> Counted | None:
        """One counted thing."""
        ...
