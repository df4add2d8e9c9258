"""度量: what is counted, and on which side of a rate one counted thing stands."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Measure(StrEnum):
    """What is counted. Clocks lie in the period of their due, the rest in that of the act."""

    REPORT_IN = "C1"
    DISPUTE = "C2"
    RESPONSE = "C3"
    LETTER = "C4"
    HANDLING = "C5"
    FEEDBACK = "C13"
    ASSIGNMENT = "assignment"
    """A department's part in a whistle, by the moment it was dispatched."""
    CLOSING = "closing"
    """One closing of a whistle; a whistle raised again closes again."""
    ISSUE = "issue"
    """One issue judged at a closing."""
    RATING = "rating"
    """One department rated at a closing."""
    PART = "part"
    """One department of an appraised closing."""


CLOCKS: Final = (
    Measure.REPORT_IN,
    Measure.DISPUTE,
    Measure.RESPONSE,
    Measure.LETTER,
    Measure.HANDLING,
    Measure.FEEDBACK,
)

EXCLUSIONS: Final = ("withdrawn", "merged", "not-accepted", "exemption", "appeal", "dispatch-error")
"""X: what stands outside every rate, in the order in which a reason is shown when several hold."""

_VOIDED_AS: Final = {
    "withdrawn": "withdrawn",
    "not-accepted": "not-accepted",
    "merged": "merged",
    "dispatch-corrected": "dispatch-error",
    "dispatch-error": "dispatch-error",
}
"""Why a clock was void → which of X that is."""


class Side(StrEnum):
    """Where a counted thing stands."""

    MET = "met"
    MISSED = "missed"
    OPEN = "open"
    """Not judged yet: beside the rate, not in it."""
    PROVISIONAL = "provisional"
    """Ended between the bounds of a deadline nobody has decreed yet: not judged either."""
    OUT = "out"
    """Excluded."""


@dataclass(frozen=True, slots=True)
class Item:
    """Things counted alike. ``count`` of them stand together, as the data base groups them."""

    measure: Measure
    unit: str
    kind: str = ""
    """Of the case: 群众诉求, 重点工作 …, a letter's channel, a dispute."""
    outcome: str | None = None
    """Clock: on_time, late, provisional, returned. Issue: the verdict. Rating: the rating. Closing: first,
    again. Assignment: right, error. Part: reported_in, silent."""
    breached: bool = False
    ended: str | None = None
    """Why a clock was void; what became of an assignment's return: requested, upheld, refused."""
    excluded: str | None = None
    """Which of X the case, the assignment or the item itself is."""
    in_original: bool | None = None
    """Done by the deadline as it was before any extension; None while it is not done."""
    extended: bool = False
    seconds: int | None = None
    """From start to done (report-in)."""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """The side of an item, with the reason of one that is out."""

    side: Side
    reason: str = ""


def standing(item: Item, *, original: bool = False) -> Standing:
    """The side on which a clock stands, by its deadline or by the original one.

    Silent and overdue is missed. Void without a breach is out; void for one of X is out even with one,
    void for another reason keeps its breach.
    """
    reason = item.excluded or _VOIDED_AS.get(item.ended or "")
    if reason is not None:
        return Standing(Side.OUT, reason)
    if item.outcome == "returned":
        return Standing(Side.OUT, "returned")
    if item.outcome == "provisional":
        return Standing(Side.PROVISIONAL)
    if original and item.in_original is not None:
        return Standing(Side.MET if item.in_original else Side.MISSED)
    if item.breached or item.outcome == "late":
        return Standing(Side.MISSED)
    if item.ended is not None:
        return Standing(Side.OUT, item.ended)
    return Standing(Side.MET if item.outcome == "on_time" else Side.OPEN)
