"""终结与再启: withdrawn, not accepted and appealed against, or raised again (W4', W9, W12)."""

from datetime import date, datetime, timedelta, timezone
from typing import Final

from intake.domain.refusals import Refused, require
from intake.domain.whistle.commands import NoteFailedCheck, RaiseAgain
from intake.domain.whistle.facts import (
    AppealAnswered,
    Event,
    WhistleAppealed,
    WhistleNotAccepted,
    WhistleRaisedAgain,
    WhistleWithdrawn,
)
from intake.domain.whistle.state import Stage, Whistle

CHINA: Final = timezone(timedelta(hours=8))
_AT_WORK: Final = (Stage.HANDLING, Stage.AWAITING_CONFIRMATION)


def withdraw(reason: str, whistle: Whistle) -> list[Event]:
    """Here only what nobody else has yet; a draft is discarded instead."""
    if whistle.stage is Stage.WITHDRAWN:
        return []
    require(whistle.stage not in (Stage.DRAFT, Stage.DISCARDED), "draft-is-discarded-instead")
    waits = whistle.stage is Stage.AWAITING_SIGNATURE and not whistle.emergency
    require(waits, "whistle-is-with-the-desk")
    require(reason != "", "withdrawal-needs-a-reason")
    return [WhistleWithdrawn(reason)]


def note_withdrawal(whistle: Whistle) -> list[Event]:
    """The desk has decided; an emergency may not even be signed yet."""
    return [WhistleWithdrawn(None)] if _is_out(whistle) or whistle.stage in _AT_WORK else []


def note_not_accepted(whistle: Whistle) -> list[Event]:
    """The office has decided, before anybody reported in."""
    return [WhistleNotAccepted()] if _is_out(whistle) else []


def appeal(reason: str, whistle: Whistle) -> list[Event]:
    """Once."""
    if whistle.appealed and whistle.appeal is None:
        return []
    require(not whistle.appealed, "appealed-already")
    require(whistle.stage is Stage.NOT_ACCEPTED, "nothing-to-appeal")
    require(reason != "", "appeal-needs-a-reason")
    return [WhistleAppealed(reason)]


def note_appeal_decision(granted: bool, cycle: int, whistle: Whistle) -> list[Event]:
    """The office has decided."""
    waits = whistle.stage is Stage.NOT_ACCEPTED and whistle.appealed and whistle.appeal is None
    return [AppealAnswered(granted, cycle)] if waits else []


def raise_again(command: RaiseAgain, whistle: Whistle) -> list[Event]:
    """The problem came back, or a check has failed; the closing is cited."""
    require(whistle.stage not in (Stage.NONE, Stage.DRAFT, Stage.DISCARDED), "unknown-case")
    if whistle.raised_again:
        return []
    closing, closed_at = whistle.closing, whistle.closed_at
    if closing is None or closed_at is None:
        raise Refused("not-closed")
    last = _day(closed_at) + timedelta(days=command.within_days)  # the last one included
    in_time = command.by_office or _day(command.at) <= last
    version = command.rules_version
    require(in_time, "too-late-to-raise-again", days=command.within_days, rules_version=version)
    require(command.reason != "", "raising-again-needs-a-reason")
    return [WhistleRaisedAgain(command.reason, closing.cycle, whistle.cycle + 1, command.unit)]


def note_failed_check(command: NoteFailedCheck, whistle: Whistle) -> list[Event]:
    """The office raises it again by the check; whoever was quicker has done so already."""
    closing = whistle.closing
    if closing is None or command.cycle not in (None, closing.cycle):
        return []
    return [WhistleRaisedAgain(command.finding, closing.cycle, whistle.cycle + 1, command.unit)]


def require_not_withdrawn(whistle: Whistle) -> None:
    """Nothing more is done with what the township took back."""
    require(whistle.stage is not Stage.WITHDRAWN, "whistle-withdrawn")


def _is_out(whistle: Whistle) -> bool:
    raised_first = whistle.emergency and whistle.stage is Stage.AWAITING_SIGNATURE
    return raised_first or whistle.stage in (Stage.SIGNED, Stage.DISPATCHED)


def _day(at: datetime) -> date:
    return at.astimezone(CHINA).date()
