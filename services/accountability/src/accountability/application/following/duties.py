"""权责争议、责任下派审核: the clocks of those who decide."""

from collections.abc import Iterator, Mapping
from typing import Final

from accountability.application.following.reading import OFFICE, Effect, Handler, Reading
from accountability.domain.terms import ClockKind
from contracts.events import routing

ESTABLISHMENT: Final = "establishment-office"
"""编办, whose time C2 is."""
HIGHER_LEVEL: Final = "higher-establishment-office"
"""上一级编办, whose time C2 is after a referral."""


def _filed(reading: Reading, _: routing.DisputeFiled) -> Iterator[Effect]:
    yield reading.start(ClockKind.C2, ESTABLISHMENT)


def _referred_up(reading: Reading, _: routing.DisputeReferredUp) -> Iterator[Effect]:
    yield reading.stop(ClockKind.C2)
    yield reading.start(ClockKind.C2, HIGHER_LEVEL, cycle=2)


def _settled(reading: Reading, _: object) -> Iterator[Effect]:
    yield reading.stop(ClockKind.C2)
    yield reading.stop(ClockKind.C2, cycle=2)


def _proposed(reading: Reading, _: routing.TaskDownProposed) -> Iterator[Effect]:
    yield reading.start(ClockKind.C12, OFFICE)


def _decided(reading: Reading, _: routing.TaskDownDecided) -> Iterator[Effect]:
    yield reading.stop(ClockKind.C12)


HANDLERS: Final[Mapping[str, Handler]] = {
    routing.DisputeFiled.NAME: _filed,
    routing.DisputeReferredUp.NAME: _referred_up,
    routing.DutyRuled.NAME: _settled,
    routing.DutyAgreed.NAME: _settled,
    routing.DisputeNotAccepted.NAME: _settled,
    routing.TaskDownProposed.NAME: _proposed,
    routing.TaskDownDecided.NAME: _decided,
}
"""Fact → what it calls for."""
