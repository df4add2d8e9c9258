"""来信裁量: what a command makes of a letter: facts, nothing, or a refusal."""

from datetime import datetime
from typing import assert_never

from intake.domain.letter.commands import (
    AppraiseLetter,
    Command,
    HandOverLetter,
    MoveLetter,
    NotAcceptLetter,
    NoteDispute,
    PromoteLetter,
    RecordLetter,
    ReferLetterUp,
    ReleaseLetter,
    ReportOnLetter,
    ResolveLetter,
    RespondToLetter,
    SubmitLetter,
    TryCode,
)
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
from intake.domain.letter.state import TRIES, TRIES_WITHIN, Letter, Stage
from intake.domain.refusals import require


def decide(command: Command, letter: Letter) -> list[Event]:
    """The facts that follow from a command; raises ``Refused`` with nothing changed."""
    match command:
        case SubmitLetter(content, code_hash):
            if letter.content == content:
                return []
            require(letter.stage is Stage.NONE, "letter-exists")
            _readable(content)
            return [LetterSubmitted(content, code_hash)]
        case TryCode(matches, at):
            return _try_code(matches, at, letter)
        case RecordLetter():
            return _record(command, letter)
        case NoteDispute(dispute):
            noted = letter.stage is Stage.NONE or letter.dispute is not None
            return [] if noted else [LetterDisputed(dispute)]
        case MoveLetter(unit, to):
            open_there = unit != to and unit in letter.handed_to and letter.ending is Stage.NONE
            return [LetterMoved(unit, to)] if open_there else []
        case _:
            require_known(letter)
            return _deal(command, letter)


def _deal(
    command: RespondToLetter
    | ReleaseLetter
    | HandOverLetter
    | ReportOnLetter
    | ResolveLetter
    | NotAcceptLetter
    | ReferLetterUp
    | AppraiseLetter
    | PromoteLetter,
    letter: Letter,
) -> list[Event]:
    """What comes of a letter that is there."""
    match command:
        case RespondToLetter(content, final, automatic):
            require(not automatic, "acknowledgement-is-no-response")
            require(content != "", "response-needs-content")
            if letter.response == content:
                return []
            _open(letter)
            responded: list[Event] = [LetterResponded(content, final)]
            return [*responded, LetterResolved(content)] if final else responded
        case ReleaseLetter(unit, words):
            return _release(unit, words, letter)
        case HandOverLetter(unit, words):
            if unit in letter.handed_to:
                return []
            _open(letter)
            known = any(each == unit for each, _ in letter.released)
            require(known or words != "", "not-released-to-this-unit")
            released = _release(unit, words, letter) if words else []
            return [*released, LetterHandedOver(unit)]
        case ReportOnLetter(unit, content):
            require(unit in letter.handed_to, "unknown-case")
            require(content != "", "report-needs-content")
            if (unit, content) in letter.reports:
                return []
            _open(letter)
            return [LetterReportedOn(unit, content)]
        case ResolveLetter(content):
            require(content != "", "resolution-needs-content")
            if letter.ending is Stage.RESOLVED:
                return []
            _open(letter)
            resolved: list[Event] = [LetterResolved(content)]
            return resolved if letter.response is not None else [LetterResponded(content, True), *resolved]
        case NotAcceptLetter(reason):
            if letter.ending is Stage.NOT_ACCEPTED:
                return []
            _open(letter)
            require(reason != "", "not-accepting-needs-a-reason")
            return [LetterNotAccepted(reason)]
        case ReferLetterUp(authority, reason):
            if letter.ending is Stage.REFERRED_UP:
                return []
            _open(letter)
            require(authority != "", "referral-needs-an-authority")
            require(reason != "", "letter-referral-needs-a-reason")
            return [LetterReferredUp(authority, reason)]
        case AppraiseLetter(by_writer, rating, comment):
            require(by_writer, "unknown-case")
            appraised = LetterAppraised(rating, comment)
            if letter.appraisal == appraised:
                return []
            require(letter.appraisal is None, "already-appraised")
            require(letter.ending is not Stage.NONE, "not-answered-yet")
            return [appraised]
        case PromoteLetter(whistle):
            if letter.whistle == whistle:
                return []
            _open(letter)
            require(letter.whistle is None, "letter-became-a-whistle")
            return [LetterPromoted(whistle)]
        case _:
            assert_never(command)


def require_known(letter: Letter) -> None:
    """There is such a letter."""
    require(letter.stage is not Stage.NONE, "unknown-case")


def _release(unit: str, words: str, letter: Letter) -> list[Event]:
    require(words != "", "release-needs-words")
    if (unit, words) in letter.released:
        return []
    _open(letter)
    return [LetterReleased(unit, words)]


def _record(command: RecordLetter, letter: Letter) -> list[Event]:
    content = command.content
    if letter.content == content:
        return []
    require(letter.stage is Stage.NONE, "letter-exists")
    _readable(content)
    require(command.answer != "", "response-needs-content")
    require(command.approved_by != "", "second-person-needed")
    require(command.approved_by != command.recorded_by, "recorder-cannot-approve")
    require(command.submitted_at <= command.responded_at, "answer-before-question")
    require(command.responded_at <= command.resolved_at, "resolution-before-response")
    require(command.resolved_at <= command.at, "not-yet-happened")
    recorded = LetterRecorded(
        content,
        command.answer,
        command.submitted_at,
        command.responded_at,
        command.resolved_at,
        command.recorded_by,
        command.approved_by,
    )
    return [recorded]


def _try_code(matches: bool, at: datetime, letter: Letter) -> list[Event]:
    """The right code opens as long as not too many wrong ones were tried; a wrong one is counted."""
    recent = [each for each in letter.wrong_tries if at - each < TRIES_WITHIN]
    require(len(recent) < TRIES, "too-many-wrong-codes", minutes=int(TRIES_WITHIN.total_seconds()) // 60)
    return [] if matches else [WrongCodeTried(at)]


def _open(letter: Letter) -> None:
    require(letter.ending is not Stage.RESOLVED, "already-resolved")
    require(letter.ending is not Stage.NOT_ACCEPTED, "already-not-accepted")
    require(letter.ending is not Stage.REFERRED_UP, "already-referred-up")


def _readable(content: Content) -> None:
    require(content.text != "", "letter-needs-a-text")
    require(not content.anonymous or content.writer is None, "anonymous-letter-names-nobody")
