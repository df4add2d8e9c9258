"""What intake needs from outside its log: opening hours, numbers, sealed files, and the keys of data."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol


class CalendarUnavailable(Exception):
    """The working calendar cannot be asked; a leader can still dispatch at once (``dispatch: "now"``)."""

    status = 503
    retry_after = 5
    slug = "calendar-unavailable"

    def __init__(self) -> None:
        super().__init__(self.slug)
        self.params: dict[str, str] = {}


class OpeningHours(Protocol):
    """The working hours of the county, owned by accountability."""

    async def next_opening(self, at: datetime) -> datetime | None:
        """When work begins next (UTC), None if ``at`` is in working hours; or ``CalendarUnavailable``."""
        ...


class Numbering(Protocol):
    """Running numbers; one may be lost, none is given twice."""

    async def next(self, series: str, year: int) -> int:
        """The next number of a series in a year, from 1."""
        ...


class KeyStore(Protocol):
    """The keys of personal data; satisfies ``backbone.sealing.KeyRing``."""

    async def keys(self, ids: Iterable[str]) -> dict[str, bytes | None]:
        """Key by id, missing ones made now; None means destroyed."""
        ...

    async def destroy(self, ids: Iterable[str]) -> None:
        """Destroy keys for ever; an id that never had a key gets none any more."""
        ...


class HandedLetters(Protocol):
    """Which letters are with which unit."""

    async def ever_with(self, unit: str) -> Sequence[str]:
        """Letters that were handed or moved to the unit, closed ones among them."""
        ...


class Blobs(Protocol):
    """Sealed files, by the id of their attachment; they come in and go out as ciphertext."""

    async def put(self, attachment: str, case: str, content: bytes) -> None:
        """Keep a sealed file; one of the same id stays as it is."""
        ...

    async def get(self, attachment: str) -> bytes | None:
        """A sealed file."""
        ...

    async def drop(self, attachment: str) -> None:
        """Forget a sealed file."""
        ...
