"""意见直通车: a letter to the office, or a resident's online inquiry, answered and resolved."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal, assert_never

from intake.domain.refusals import require

Channel = Literal["express", "inquiry"]
"""意见直通车, 网络问政."""


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
class SubmitLetter:
    """A letter reaches the office."""

    content: Content


@dataclass(frozen=True, slots=True)
class RespondToLetter:
    """The office answers; ``final`` if that resolves it too, ``automatic`` if only a machine said so."""

    content: str
    final: bool = False
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class ResolveLetter:
    """The matter is resolved."""

    content: str


@dataclass(frozen=True, slots=True)
class NotAcceptLetter:
    """Not the office's to handle; the reason is told to the writer."""

    reason: str


@dataclass(frozen=True, slots=True)
class RecordLetter:
    """补录: a letter with its outcome, recorded by one subject and approved by another, at ``at``."""

    content: Content
    answer: str
    submitted_at: datetime
    responded_at: datetime
    resolved_at: datetime
    recorded_by: str
    approved_by: str
    at: datetime


Command = SubmitLetter | RespondToLetter | ResolveLetter | NotAcceptLetter | RecordLetter


@dataclass(frozen=True, slots=True)
class LetterSubmitted:
    """It reached the office."""

    name: ClassVar[str] = "intake.letter.letter-submitted.v1"
    content: Content


@dataclass(frozen=True, slots=True)
class LetterResponded:
    """It was answered with content."""

    name: ClassVar[str] = "intake.letter.letter-responded.v1"
    content: str
    final: bool


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


Event = LetterSubmitted | LetterResponded | LetterResolved | LetterNotAccepted | LetterRecorded


class Stage(StrEnum):
    """Where a letter stands."""

    NONE = "none"
    SUBMITTED = "submitted"
    RESPONDED = "responded"
    RESOLVED = "resolved"
    NOT_ACCEPTED = "not_accepted"


@dataclass(frozen=True, slots=True)
class Letter:
    """What the next decision needs to know."""

    stage: Stage = Stage.NONE
    content: Content | None = None
    response: str | None = None


INITIAL = Letter()


def evolve(letter: Letter, event: Event, at: datetime) -> Letter:
    """The letter after a fact; never refuses."""
    match event:
        case LetterSubmitted(content):
            return Letter(Stage.SUBMITTED, content)
        case LetterResponded(content):
            return replace(letter, stage=Stage.RESPONDED, response=content)
        case LetterResolved():
            return replace(letter, stage=Stage.RESOLVED)
        case LetterNotAccepted():
            return replace(letter, stage=Stage.NOT_ACCEPTED)
        case LetterRecorded(content, answer):
            return Letter(Stage.RESOLVED, content, answer)
        case _:
            assert_never(event)


def decide(command: Command, letter: Letter) -> list[Event]:
    """The facts that follow from a command; raises ``Refused`` with nothing changed."""
    match command:
        case SubmitLetter(content):
            if letter.content == content:
                return []
            require(letter.stage is Stage.NONE, "letter-exists")
            _readable(content)
            return [LetterSubmitted(content)]
        case RespondToLetter(content, final, automatic):
            require_known(letter)
            require(not automatic, "acknowledgement-is-no-response")
            require(content != "", "response-needs-content")
            if letter.response == content:
                return []
            _open(letter)
            responded: list[Event] = [LetterResponded(content, final)]
            return [*responded, LetterResolved(content)] if final else responded
        case ResolveLetter(content):
            require_known(letter)
            require(content != "", "resolution-needs-content")
            if letter.stage is Stage.RESOLVED:
                return []
            _open(letter)
            resolved: list[Event] = [LetterResolved(content)]
            answered = letter.stage is Stage.RESPONDED
            return resolved if answered else [LetterResponded(content, final=True), *resolved]
        case NotAcceptLetter(reason):
            require_known(letter)
            if letter.stage is Stage.NOT_ACCEPTED:
                return []
            _open(letter)
            require(reason != "", "not-accepting-needs-a-reason")
            return [LetterNotAccepted(reason)]
        case RecordLetter(
            content, answer, submitted_at, responded_at, resolved_at, recorded_by, approved_by, at
        ):
            if letter.content == content:
                return []
            require(letter.stage is Stage.NONE, "letter-exists")
            _readable(content)
            require(answer != "", "response-needs-content")
            require(approved_by != "", "second-person-needed")
            require(approved_by != recorded_by, "recorder-cannot-approve")
            require(submitted_at <= responded_at, "answer-before-question")
            require(responded_at <= resolved_at, "resolution-before-response")
            require(resolved_at <= at, "not-yet-happened")
            return [
                LetterRecorded(
                    content, answer, submitted_at, responded_at, resolved_at, recorded_by, approved_by
                )
            ]
        case _:
            assert_never(command)


def require_known(letter: Letter) -> None:
    require(letter.stage is not Stage.NONE, "unknown-case")


def _open(letter: Letter) -> None:
    require(letter.stage is not Stage.RESOLVED, "already-resolved")
    require(letter.stage is not Stage.NOT_ACCEPTED, "already-not-accepted")


def _readable(content: Content) -> None:
    require(content.text != "", "letter-needs-a-text")
    require(not content.anonymous or content.writer is None, "anonymous-letter-names-nobody")
