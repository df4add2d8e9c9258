"""来信事实: what a letter says and what has happened to it. Texts and names are sealed strings."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

Channel = Literal["express", "inquiry"]
"""意见直通车, 网络问政."""
Rating = Literal["satisfied", "basically", "dissatisfied"]
"""满意, 基本满意, 不满意."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a letter says, sealed; an anonymous one has no writer. ``external_number`` is the 留言编号."""

    channel: Channel
    number: str
    anonymous: bool
    title: str
    text: str
    writer: str | None = None
    township: str | None = None
    external_number: str | None = None


@dataclass(frozen=True, slots=True)
class LetterSubmitted:
    """It reached the office."""

    name: ClassVar[str] = "intake.letter.letter-submitted.v1"
    content: Content
    code_hash: str | None = None
    """Of the code with which an anonymous writer reads back; never published."""


@dataclass(frozen=True, slots=True)
class LetterResponded:
    """It was answered with content."""

    name: ClassVar[str] = "intake.letter.letter-responded.v1"
    content: str
    final: bool


@dataclass(frozen=True, slots=True)
class LetterReleased:
    """A unit may see these words of it."""

    name: ClassVar[str] = "intake.letter.letter-released.v1"
    unit: str
    words: str


@dataclass(frozen=True, slots=True)
class LetterHandedOver:
    """A unit looks into it."""

    name: ClassVar[str] = "intake.letter.letter-handed-over.v1"
    unit: str


@dataclass(frozen=True, slots=True)
class LetterMoved:
    """The unit it was handed to went into ``to``, which looks into it from now on, in the same words."""

    name: ClassVar[str] = "intake.letter.letter-moved.v1"
    unit: str
    to: str


@dataclass(frozen=True, slots=True)
class LetterReportedOn:
    """The unit told the office what it found and did."""

    name: ClassVar[str] = "intake.letter.letter-reported-on.v1"
    unit: str
    content: str


@dataclass(frozen=True, slots=True)
class LetterResolved:
    """Its matter is resolved."""

    name: ClassVar[str] = "intake.letter.letter-resolved.v1"
    content: str


@dataclass(frozen=True, slots=True)
class LetterNotAccepted:
    """It was explained to the writer why the office cannot handle it."""

    name: ClassVar[str] = "intake.letter.letter-not-accepted.v1"
    reason: str


@dataclass(frozen=True, slots=True)
class LetterReferredUp:
    """A higher authority has it now; ``authority`` is an organisation's name, in plain words."""

    name: ClassVar[str] = "intake.letter.letter-referred-up.v1"
    authority: str
    reason: str


@dataclass(frozen=True, slots=True)
class LetterAppraised:
    """Its writer judged how it was dealt with."""

    name: ClassVar[str] = "intake.letter.letter-appraised.v1"
    rating: Rating
    comment: str | None


@dataclass(frozen=True, slots=True)
class WrongCodeTried:
    """A code was shown that is not the writer's; never published."""

    name: ClassVar[str] = "intake.letter.wrong-code-tried.v1"
    at: datetime


@dataclass(frozen=True, slots=True)
class LetterPromoted:
    """A whistle was drafted from it."""

    name: ClassVar[str] = "intake.letter.letter-promoted.v1"
    whistle: str


@dataclass(frozen=True, slots=True)
class LetterDisputed:
    """A dispute was filed that cites it."""

    name: ClassVar[str] = "intake.letter.letter-disputed.v1"
    dispute: str


@dataclass(frozen=True, slots=True)
class LetterRecorded:
    """It was recorded after the fact; the times are those on paper."""

    name: ClassVar[str] = "intake.letter.letter-recorded.v1"
    content: Content
    answer: str
    submitted_at: datetime
    responded_at: datetime
    resolved_at: datetime
    recorded_by: str
    approved_by: str


Event = (
    LetterSubmitted
    | LetterResponded
    | LetterReleased
    | LetterHandedOver
    | LetterMoved
    | LetterReportedOn
    | LetterResolved
    | LetterNotAccepted
    | LetterReferredUp
    | LetterAppraised
    | WrongCodeTried
    | LetterPromoted
    | LetterDisputed
    | LetterRecorded
)
