"""起止事项: what starts each clock and what stops it; the product keeps them, a policy only names them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from accountability.domain.terms import ClockKind, Ending


@dataclass(frozen=True, slots=True)
class Occasion:
    """What starts a clock, what stops it, and what passing its deadline means."""

    start: str
    stop: str
    ending: Ending = Ending.BREACH


OCCASIONS: Mapping[ClockKind, Occasion] = MappingProxyType(
    {
        ClockKind.C0: Occasion("signed", "lead-reported-in"),
        ClockKind.C1: Occasion("dispatched", "reported-in"),
        ClockKind.C2: Occasion("dispute-filed", "dispute-settled"),
        ClockKind.C3: Occasion("letter-submitted", "letter-responded"),
        ClockKind.C4: Occasion("letter-submitted", "letter-resolved"),
        ClockKind.C5: Occasion("dispatched", "closed"),
        ClockKind.C6: Occasion("dispatched-provisionally", "dispatch-confirmed"),
        ClockKind.C7: Occasion("concluded", "verdict-given", Ending.EXPIRE),
        ClockKind.C8: Occasion("reworked", "concluded"),
        ClockKind.C9: Occasion("parked", "parking-reviewed"),
        ClockKind.C10: Occasion("dispatched", "return-requested", Ending.EXPIRE),
        ClockKind.C11: Occasion("extension-requested", "extension-decided"),
        ClockKind.C12: Occasion("task-proposed", "task-decided"),
        ClockKind.C13: Occasion("dispatched", "feedback-given"),
        ClockKind.C14: Occasion("raised-in-an-emergency", "signed"),
        ClockKind.C15: Occasion("return-requested", "return-decided"),
        ClockKind.C16: Occasion("parked", "sunset-reached", Ending.EXPIRE),
    }
)
"""Each word is a sentence of the catalogue, ``occasion-…``."""
