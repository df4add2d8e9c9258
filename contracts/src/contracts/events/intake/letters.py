"""意见直通车: letters to the office and what becomes of them."""

from datetime import datetime
from typing import ClassVar, Literal

from contracts.events.intake.whistles import Rating
from contracts.events.published import Published


class LetterContent(Published):
    """What a letter says."""

    channel: Literal["express", "inquiry"]
    number: str
    anonymous: bool
    title_sealed: str
    text_sealed: str
    writer_sealed: str | None = None
    township: str | None = None
    """The unit the writer belongs to, where known."""
    external_number: str | None = None
    """留言编号 of an imported letter."""


class LetterSubmitted(LetterContent):
    """A letter reached the office; its two clocks run."""

    NAME: ClassVar[str] = "intake.letter.letter-submitted.v1"


class LetterResponded(Published):
    """The office answered with content."""

    NAME: ClassVar[str] = "intake.letter.letter-responded.v1"
    content_sealed: str
    final: bool = False
    """The response is the resolution too."""


class LetterResolved(Published):
    """The matter of the letter is resolved."""

    NAME: ClassVar[str] = "intake.letter.letter-resolved.v1"
    content_sealed: str


class LetterNotAccepted(Published):
    """Not the office's to handle; explained to the writer."""

    NAME: ClassVar[str] = "intake.letter.letter-not-accepted.v1"
    reason_sealed: str


class LetterReleased(Published):
    """脱敏公开: the unit may see these words, redacted by the office, and nothing else of the letter."""

    NAME: ClassVar[str] = "intake.letter.letter-released.v1"
    unit: str
    words_sealed: str


class LetterHandedOver(Published):
    """转办: the unit looks into it; what it may see was released to it before."""

    NAME: ClassVar[str] = "intake.letter.letter-handed-over.v1"
    unit: str


class LetterMoved(Published):
    """The unit it was handed to went into ``to``, which looks into it from now on, in the same words."""

    NAME: ClassVar[str] = "intake.letter.letter-moved.v1"
    unit: str
    to: str


class LetterReportedOn(Published):
    """The unit told the office what it found and did; the writer is answered by the office."""

    NAME: ClassVar[str] = "intake.letter.letter-reported-on.v1"
    unit: str
    content_sealed: str


class LetterReferredUp(Published):
    """A higher authority has to decide; the writer is told."""

    NAME: ClassVar[str] = "intake.letter.letter-referred-up.v1"
    authority: str
    reason_sealed: str


class LetterAppraised(Published):
    """The writer judged how the letter was dealt with."""

    NAME: ClassVar[str] = "intake.letter.letter-appraised.v1"
    rating: Rating
    comment_sealed: str | None = None


class LetterPromoted(Published):
    """A whistle was drafted from the letter; it cites the letter as its origin."""

    NAME: ClassVar[str] = "intake.letter.letter-promoted.v1"
    whistle: str
    """Case id."""


class LetterDisputed(Published):
    """A dispute was filed that cites the letter."""

    NAME: ClassVar[str] = "intake.letter.letter-disputed.v1"
    dispute: str
    """Case id."""


class LetterRecorded(LetterContent):
    """A letter recorded after the fact (补录) with its outcome; times are those on paper."""

    NAME: ClassVar[str] = "intake.letter.letter-recorded.v1"
    submitted_at: datetime
    responded_at: datetime
    resolved_at: datetime
    answer_sealed: str
    approved_by: str
    """Subject of the second person; never the recorder."""
