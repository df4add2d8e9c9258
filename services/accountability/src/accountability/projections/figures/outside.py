"""X in the figures: cases, assignments and items outside every rate, and what lets them back in."""

from collections.abc import Mapping
from typing import Final

from accountability.projections.figures.ledger import Ledger
from accountability.projections.figures.tables import exclusions
from accountability.projections.figures.timed import Handler
from backbone.outbox import Delivered
from contracts.events import Published, accountability, intake, routing

CHECK_FAILED: Final = "check-failed"


def exclude(ledger: Ledger, fact: Delivered, target: str, reason: str, *, holds: bool = True) -> None:
    """Let a case, an assignment or an item stand outside, or no longer. Each service has a row of its own."""
    key = f"{fact.service}/{reason}/{target}"
    if holds or ledger.row(exclusions, key) is not None:
        ledger.write(exclusions, key, fact, target=target, reason=reason, holds=holds)


def _decided(ledger: Ledger, fact: Delivered, it: accountability.FigureAppealDecided) -> None:
    if it.accepted:
        exclude(ledger, fact, it.item, "appeal")


def checked(it: accountability.SpotCheckFailed) -> str:
    """Which closing a spot check is about; without a cycle the last one."""
    return f"{it.case_id}/{it.cycle or ''}"


def _check_failed(ledger: Ledger, fact: Delivered, it: accountability.SpotCheckFailed) -> None:
    """No exclusion: what the township judged at the closing is overridden."""
    exclude(ledger, fact, checked(it), CHECK_FAILED)


def _exempted(ledger: Ledger, fact: Delivered, it: accountability.GoodFaithExemptionGranted) -> None:
    """The breach stays a fact; the clock stands outside."""
    exclude(ledger, fact, it.clock_id, "exemption")


def _case(reason: str) -> Handler:
    return lambda ledger, fact, _: exclude(ledger, fact, fact.case_id, reason)


HANDLERS: Final[Mapping[type[Published], Handler]] = {
    intake.WhistleWithdrawn: _case("withdrawn"),
    routing.DispatchWithdrawn: _case("withdrawn"),
    routing.WhistleNotAccepted: _case("not-accepted"),
    intake.WhistleMerged: _case("merged"),
    routing.WhistleMerged: _case("merged"),
    accountability.FigureAppealDecided: _decided,
    accountability.SpotCheckFailed: _check_failed,
    accountability.GoodFaithExemptionGranted: _exempted,
}
"""Published fact → what it changes."""
