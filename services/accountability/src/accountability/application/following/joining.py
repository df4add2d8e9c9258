"""并哨的时限: who joins a whistle has a report-in of its own; the whistle's clocks run on as they are."""

from collections.abc import Iterator, Mapping
from typing import Final

from accountability.application.following.assignments import assigned, profile_of
from accountability.application.following.reading import Effect, Handler, Reading
from contracts.events import routing


def _child_adopted(reading: Reading, it: routing.ChildAdopted) -> Iterator[Effect]:
    """New assists start afresh; a department that was here already has its clocks."""
    profile = profile_of(it.emergency, it.complex)
    yield from assigned(reading, it.issued, profile, it.cycle, it.township)


HANDLERS: Final[Mapping[str, Handler]] = {routing.ChildAdopted.NAME: _child_adopted}
"""Fact → what it calls for; what a merged whistle leaves running is void as with any other end."""
