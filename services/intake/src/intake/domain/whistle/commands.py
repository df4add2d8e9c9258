"""哨单指令: what may be asked of a whistle. ``unit`` is the asking person's unit code; texts come sealed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from intake.domain.whistle.facts import Content, Course, DepartmentRating, IssueJudgement
from intake.domain.whistle.merging_commands import (
    JudgeAdoptedIssues,
    NoteAdoption,
    NoteConfirmationWindow,
    NoteMerger,
)

Matter = Literal["ordinary", "emergency_line", "litigation", "petition", "discipline", "secret"]
"""What the township says it is about; all but the first are routed away with an address."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A leader's signature; ``dispatch_at`` is the scheduled hour of dispatch, None for at once."""

    signed_by: str
    dispatch_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DraftWhistle:
    """W1: keep a draft."""

    unit: str
    matter: Matter
    content: Content


@dataclass(frozen=True, slots=True)
class ReviseDraft:
    """W1: put other words into the draft."""

    unit: str
    matter: Matter
    content: Content


@dataclass(frozen=True, slots=True)
class DiscardWhistle:
    """W1: throw the draft away."""

    unit: str


@dataclass(frozen=True, slots=True)
class RaiseWhistle:
    """W1 and W2 in one, and W3 too when the leader raises it himself (``signature``)."""

    unit: str
    matter: Matter
    content: Content
    number: str
    signature: Signature | None = None


@dataclass(frozen=True, slots=True)
class SubmitWhistle:
    """W2: raise the draft; a number given before is kept."""

    unit: str
    number: str
    signature: Signature | None = None


@dataclass(frozen=True, slots=True)
class SendBackWhistle:
    """W2': the leader wants other words."""

    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class SignWhistle:
    """W3: the leader signs."""

    unit: str
    signature: Signature


@dataclass(frozen=True, slots=True)
class NoteDispatch:
    """W3, W4, from routing: these departments have it now, those no longer."""

    joined: tuple[str, ...]
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteHandling:
    """W5, from routing: the lead has reported in."""


@dataclass(frozen=True, slots=True)
class AwaitConfirmation:
    """W6, from routing: the lead has concluded in this cycle; an issue without a result counts as solved."""

    results: tuple[IssueJudgement, ...]
    cycle: int


@dataclass(frozen=True, slots=True)
class CloseOut:
    """W7, 属实·满意: what is not named is judged as the lead reported it, and rated satisfied."""

    unit: str
    verdicts: tuple[IssueJudgement, ...] = ()
    ratings: tuple[DepartmentRating, ...] = ()
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class CloseUnappraised:
    """W7', from accountability: the time for confirming this cycle has run out."""

    cycle: int


@dataclass(frozen=True, slots=True)
class Rework:
    """W8: the township leader is not content."""

    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class WithdrawWhistle:
    """W12 before signing; after that the desk decides."""

    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class NoteWithdrawal:
    """W12, from routing: the desk's dispatch is withdrawn."""


@dataclass(frozen=True, slots=True)
class NoteNotAccepted:
    """W4', from routing: the office does not accept it."""


@dataclass(frozen=True, slots=True)
class AppealWhistle:
    """W4': the township disagrees."""

    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class NoteAppealDecision:
    """W4', from routing: the office has decided; ``cycle`` is the new one if granted."""

    granted: bool
    cycle: int


@dataclass(frozen=True, slots=True)
class RaiseAgain:
    """W9: the township within the rules' days, or the office (``by_office``) after a failed check."""

    unit: str
    reason: str
    by_office: bool
    within_days: int
    at: datetime
    rules_version: int = 0
    """Of the rules in force; 0 for the default ones."""


@dataclass(frozen=True, slots=True)
class NoteFailedCheck:
    """W9, from accountability: a spot check of the closing of ``cycle`` failed; None is the last one."""

    unit: str
    finding: str
    cycle: int | None = None


@dataclass(frozen=True, slots=True)
class RecordWhistle:
    """补录: a closed whistle of the past, recorded by one subject and approved by another, at ``at``."""

    township: str
    content: Content
    number: str
    external_number: str | None
    course: Course
    recorded_by: str
    approved_by: str
    at: datetime


Command = (
    DraftWhistle
    | ReviseDraft
    | DiscardWhistle
    | RaiseWhistle
    | SubmitWhistle
    | SendBackWhistle
    | SignWhistle
    | NoteDispatch
    | NoteHandling
    | AwaitConfirmation
    | CloseOut
    | CloseUnappraised
    | Rework
    | WithdrawWhistle
    | NoteWithdrawal
    | NoteNotAccepted
    | AppealWhistle
    | NoteAppealDecision
    | RaiseAgain
    | NoteFailedCheck
    | NoteAdoption
    | NoteMerger
    | NoteConfirmationWindow
    | JudgeAdoptedIssues
    | RecordWhistle
)
