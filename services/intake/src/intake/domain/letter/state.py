"""来信状态: where a letter stands, folded from its facts."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never

from intake.domain.letter.facts import (
    Content,
    Event,
    LetterAppraised,
    LetterDisputed,
    LetterHandedOver,
    LetterMoved,
    LetterNotAccepted,
    LetterPromoted,
    LetterRecorded,
    LetterReferredUp,
    LetterReleased,
    LetterReportedOn,
    LetterResolved,
    LetterResponded,
    LetterSubmitted,
    WrongCodeTried,
)

TRIES: Final = 5
"""Wrong codes that may be shown within ``TRIES_WITHIN``."""
TRIES_WITHIN: Final = timedelta(hours=1)


class Stage(StrEnum):
    """Where a letter stands."""

    NONE = "none"
    SUBMITTED = "submitted"
    RESPONDED = "responded"
    HANDLING = "handling"
    RESOLVED = "resolved"
    NOT_ACCEPTED = "not_accepted"
    REFERRED_UP = "referred_up"
    APPRAISED = "appraised"


@dataclass(frozen=True, slots=True)
class Letter:
    """What the next decision needs to know."""

    stage: Stage = Stage.NONE
    content: Content | None = None
    response: str | None = None
    released: tuple[tuple[str, str], ...] = ()
    """(unit, the words it may see), the newest of each unit."""
    handed_to: tuple[str, ...] = ()
    reports: tuple[tuple[str, str], ...] = ()
    """(unit, what it told the office last)."""
    ending: Stage = Stage.NONE
    """How it ended: resolved, not accepted or referred up."""
    appraisal: LetterAppraised | None = None
    whistle: str | None = None
    dispute: str | None = None
    code_hash: str | None = None
    wrong_tries: tuple[datetime, ...] = ()
    """When wrong codes were shown last, as many as are counted."""


INITIAL = Letter()


def evolve(letter: Letter, event: Event, at: datetime) -> Letter:
    """The letter after a fact; never refuses."""
    match event:
        case LetterSubmitted(content, code_hash):
            return Letter(Stage.SUBMITTED, content, code_hash=code_hash)
        case WrongCodeTried(tried_at):
            return replace(letter, wrong_tries=(*letter.wrong_tries, tried_at)[-TRIES:])
        case LetterResponded(content):
            handled = letter.stage is Stage.HANDLING
            stage = Stage.HANDLING if handled else Stage.RESPONDED
            return replace(letter, stage=stage, response=content)
        case LetterReleased(unit, words):
            return replace(letter, released=_newest(letter.released, unit, words))
        case LetterHandedOver(unit):
            return replace(letter, stage=Stage.HANDLING, handed_to=(*letter.handed_to, unit))
        case LetterMoved(unit, to):
            return _moved(letter, unit, to)
        case LetterReportedOn(unit, content):
            return replace(letter, reports=_newest(letter.reports, unit, content))
        case LetterResolved():
            return replace(letter, stage=Stage.RESOLVED, ending=Stage.RESOLVED)
        case LetterNotAccepted():
            return replace(letter, stage=Stage.NOT_ACCEPTED, ending=Stage.NOT_ACCEPTED)
        case LetterReferredUp():
            return replace(letter, stage=Stage.REFERRED_UP, ending=Stage.REFERRED_UP)
        case LetterAppraised():
            return replace(letter, stage=Stage.APPRAISED, appraisal=event)
        case LetterPromoted(whistle):
            return replace(letter, stage=Stage.HANDLING, whistle=whistle)
        case LetterDisputed(dispute):
            handled = letter.ending is Stage.NONE
            return replace(letter, stage=Stage.HANDLING if handled else letter.stage, dispute=dispute)
        case LetterRecorded(content, answer):
            return Letter(Stage.RESOLVED, content, answer, ending=Stage.RESOLVED)
        case _:
            assert_never(event)


def _moved(letter: Letter, unit: str, to: str) -> Letter:
    """What the one may see the other may, unless it was given words of its own."""
    handed = dict.fromkeys(to if each == unit else each for each in letter.handed_to)
    words = dict(letter.released)
    released = letter.released if to in words or unit not in words else (*letter.released, (to, words[unit]))
    return replace(letter, handed_to=tuple(handed), released=released)


def _newest(pairs: tuple[tuple[str, str], ...], unit: str, words: str) -> tuple[tuple[str, str], ...]:
    return (*(pair for pair in pairs if pair[0] != unit), (unit, words))
