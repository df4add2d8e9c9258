"""机构合并的时限: a merged unit's clocks are its heir's, as they stand."""

from collections.abc import Iterator, Mapping
from typing import Final

from accountability.application.following.assignments import OF_AN_ASSIGNMENT, on_handling
from accountability.application.following.reading import Effect, Handler, Reading
from accountability.domain.clock import HandOverClock, VoidClock
from accountability.domain.terms import ClockKind
from contracts.events import routing

MERGED: Final = "unit-merged"
"""Why the clocks of a part are void that went into another part."""
_OF_THE_UNIT: Final = (ClockKind.C1, ClockKind.C10, ClockKind.C13)
"""The clocks of a part that are its unit's time; C15 is the office's."""


def _moved(reading: Reading, it: routing.AssignmentMoved) -> Iterator[Effect]:
    """Nothing starts anew: what runs on the kept part runs on, what ran on the other is void."""
    if it.absorbed is not None:
        for kind in OF_AN_ASSIGNMENT:
            yield reading.on(kind, VoidClock(reading.at, MERGED), it.absorbed.assignment_id)
    if not it.inherited:
        return
    handed_over = HandOverClock(reading.at, it.to)
    for kind in _OF_THE_UNIT:
        yield reading.on(kind, handed_over, it.kept.assignment_id)
    if it.kept.part == "lead":
        yield from on_handling(reading, handed_over, it.cycle)
        for cycle in range(2, it.cycle + 1):
            yield reading.on(ClockKind.C8, handed_over, cycle=cycle)


HANDLERS: Final[Mapping[str, Handler]] = {routing.AssignmentMoved.NAME: _moved}
"""Fact → what it calls for."""
