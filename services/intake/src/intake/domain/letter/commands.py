"""来信指令: what may be asked of a letter. Texts come sealed, ``unit`` is a unit code."""

from dataclasses import dataclass
from datetime import datetime

from intake.domain.letter.facts import Content, Rating


@dataclass(frozen=True, slots=True)
class SubmitLetter:
    """A letter reaches the office; ``code_hash`` is of the code with which an anonymous writer reads back."""

    content: Content
    code_hash: str | None = None


@dataclass(frozen=True, slots=True)
class RespondToLetter:
    """The office answers; ``final`` if that resolves it too, ``automatic`` if only a machine said so."""

    content: str
    final: bool = False
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseLetter:
    """脱敏公开: the office lets a unit see these words of the letter and nothing else."""

    unit: str
    words: str


@dataclass(frozen=True, slots=True)
class HandOverLetter:
    """转办: a unit is to look into it; ``words`` releases them to it first, if it has none yet."""

    unit: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class ReportOnLetter:
    """反馈: the unit it was handed to tells the office what it found and did."""

    unit: str
    content: str


@dataclass(frozen=True, slots=True)
class ResolveLetter:
    """The matter is resolved."""

    content: str


@dataclass(frozen=True, slots=True)
class NotAcceptLetter:
    """Not the office's to handle; the reason is told to the writer."""

    reason: str


@dataclass(frozen=True, slots=True)
class ReferLetterUp:
    """上报: a higher authority has to decide; the writer is told which and why."""

    authority: str
    reason: str


@dataclass(frozen=True, slots=True)
class AppraiseLetter:
    """评价: by its writer; ``by_writer`` says whether the asking person has shown to be that."""

    by_writer: bool
    rating: Rating
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class TryCode:
    """查询码: somebody without an account shows a code; ``matches`` says whether it is the writer's."""

    matches: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class PromoteLetter:
    """转哨单: a whistle was drafted from it."""

    whistle: str


@dataclass(frozen=True, slots=True)
class NoteDispute:
    """转权责争议, from routing: a dispute was filed that cites the letter."""

    dispute: str


@dataclass(frozen=True, slots=True)
class MoveLetter:
    """随机构合并移交, from routing: the unit it was handed to is no more, and ``to`` stands in its place."""

    unit: str
    to: str


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


Command = (
    SubmitLetter
    | RespondToLetter
    | ReleaseLetter
    | HandOverLetter
    | ReportOnLetter
    | ResolveLetter
    | NotAcceptLetter
    | ReferLetterUp
    | AppraiseLetter
    | TryCode
    | PromoteLetter
    | NoteDispute
    | MoveLetter
    | RecordLetter
)
