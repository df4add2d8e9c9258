"""哨单事实: what a whistle says and what has happened to it. Texts and names are sealed strings."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

Kind = Literal["public_appeal", "key_work", "joint_enforcement", "emergency"]
"""群众诉求, 重点工作, 综合执法, 应急处置."""
Ground = Literal["cross_department", "no_power", "owner_unclear"]
"""跨部门, 无权限, 权属不清."""
Judgement = Literal["solved", "partly", "unsolved", "explained"]
"""已解决, 部分解决, 未解决, 已解释: the lead's result and the township's verdict of an issue."""
Rating = Literal["satisfied", "basically", "dissatisfied"]
"""满意, 基本满意, 不满意."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One 问题项; ``item_code`` is the responsibility item the clerk accepted, if any."""

    issue_id: str
    text: str
    item_code: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """What a whistle was made from: a letter or a grid report, by its case id."""

    type: Literal["letter", "grid_report"]
    case_id: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a whistle says; ``departments`` are unit codes, the first named first."""

    village: str
    kind: Kind
    ground: Ground
    text: str
    issues: tuple[Issue, ...]
    departments: tuple[str, ...]
    raised_by: str
    tried: str | None = None
    origin: Origin | None = None
    enterprise: str | None = None
    """The id of the enterprise for which its service officer speaks, if it does."""


@dataclass(frozen=True, slots=True)
class IssueJudgement:
    """How one issue stands in somebody's judgement."""

    issue_id: str
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class DepartmentRating:
    """The township's rating of one department."""

    unit: str
    rating: Rating


@dataclass(frozen=True, slots=True)
class RecordedPart:
    """What paper says of one department; the first of them leads. None: paper does not say."""

    unit: str
    reported_in_at: datetime | None = None
    rating: Rating | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """How a whistle of the past went, by the times on paper; without verdicts nobody appraised it."""

    signed_at: datetime
    dispatched_at: datetime
    parts: tuple[RecordedPart, ...]
    concluded_at: datetime
    sentence: str
    results: tuple[IssueJudgement, ...]
    closed_at: datetime
    verdicts: tuple[IssueJudgement, ...] = ()
    feedback_at: datetime | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class WhistleDrafted:
    """W1: a draft stands, or was changed."""

    name: ClassVar[str] = "intake.whistle.whistle-drafted.v1"
    township: str
    content: Content


@dataclass(frozen=True, slots=True)
class WhistleDiscarded:
    """W1: the draft was thrown away."""

    name: ClassVar[str] = "intake.whistle.whistle-discarded.v1"


@dataclass(frozen=True, slots=True)
class WhistleRaised:
    """W2: it awaits the leader's signature; an emergency goes out at once."""

    name: ClassVar[str] = "intake.whistle.whistle-raised.v1"
    number: str
    emergency: bool


@dataclass(frozen=True, slots=True)
class WhistleSentBack:
    """W2': the leader sent it back to draft."""

    name: ClassVar[str] = "intake.whistle.whistle-sent-back.v1"
    reason: str


@dataclass(frozen=True, slots=True)
class WhistleSigned:
    """W3: signed; dispatched at ``dispatch_at``, or at once if None."""

    name: ClassVar[str] = "intake.whistle.whistle-signed.v1"
    signed_by: str
    dispatch_at: datetime | None


@dataclass(frozen=True, slots=True)
class WhistleDispatched:
    """W3, W4: it is with these departments (all of them, by unit code)."""

    name: ClassVar[str] = "intake.whistle.whistle-dispatched.v1"
    departments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhistleHandling:
    """W5: the lead has reported in."""

    name: ClassVar[str] = "intake.whistle.whistle-handling.v1"


@dataclass(frozen=True, slots=True)
class WhistleAwaitingConfirmation:
    """W6: the lead has concluded with a result for every issue."""

    name: ClassVar[str] = "intake.whistle.whistle-awaiting-confirmation.v1"
    results: tuple[IssueJudgement, ...]
    cycle: int


@dataclass(frozen=True, slots=True)
class WhistleClosed:
    """W7 with the township's appraisal, W7' without: the confirmation time ran out."""

    name: ClassVar[str] = "intake.whistle.whistle-closed.v1"
    appraised: bool
    verdicts: tuple[IssueJudgement, ...]
    ratings: tuple[DepartmentRating, ...]
    comment: str | None
    cycle: int


@dataclass(frozen=True, slots=True)
class WhistleReworked:
    """W8: back into handling, one cycle on."""

    name: ClassVar[str] = "intake.whistle.whistle-reworked.v1"
    reason: str
    cycle: int


@dataclass(frozen=True, slots=True)
class WhistleWithdrawn:
    """W12: taken back by the township, here before signing, else at the desk (``reason`` None)."""

    name: ClassVar[str] = "intake.whistle.whistle-withdrawn.v1"
    reason: str | None


@dataclass(frozen=True, slots=True)
class WhistleNotAccepted:
    """W4': the office does not accept it."""

    name: ClassVar[str] = "intake.whistle.whistle-not-accepted.v1"


@dataclass(frozen=True, slots=True)
class WhistleAppealed:
    """W4': the township appeals, once."""

    name: ClassVar[str] = "intake.whistle.whistle-appealed.v1"
    reason: str


@dataclass(frozen=True, slots=True)
class AppealAnswered:
    """W4': granted, it is with the departments once more, one cycle on."""

    name: ClassVar[str] = "intake.whistle.appeal-answered.v1"
    granted: bool
    cycle: int


@dataclass(frozen=True, slots=True)
class WhistleRaisedAgain:
    """W9: it came back; ``closed_cycle`` cites the closing, ``by`` is the raising unit's code."""

    name: ClassVar[str] = "intake.whistle.whistle-raised-again.v1"
    reason: str
    closed_cycle: int
    cycle: int
    by: str


@dataclass(frozen=True, slots=True)
class WhistleRecorded:
    """补录: it was recorded after the fact, closed; ``external_number`` is the one on paper."""

    name: ClassVar[str] = "intake.whistle.whistle-recorded.v1"
    township: str
    content: Content
    number: str
    external_number: str | None
    course: Course
    recorded_by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class AdoptedIssues:
    """The issues of a whistle that goes on in this one, and the departments that came for them."""

    case_id: str
    township: str
    issue_ids: tuple[str, ...]
    departments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IssuesAdopted:
    """W13: the issues of other whistles are this one's now."""

    name: ClassVar[str] = "intake.whistle.issues-adopted.v1"
    adopted: tuple[AdoptedIssues, ...]


@dataclass(frozen=True, slots=True)
class WhistleMerged:
    """W13: it goes on in its parent."""

    name: ClassVar[str] = "intake.whistle.whistle-merged.v1"
    parent: str


@dataclass(frozen=True, slots=True)
class ConfirmationWindowNoted:
    """Accountability has said until when this cycle may be judged (C7)."""

    name: ClassVar[str] = "intake.whistle.confirmation-window-noted.v1"
    cycle: int
    until: datetime


@dataclass(frozen=True, slots=True)
class AdoptedIssuesJudged:
    """W13: a township whose whistle was merged has judged its own issues."""

    name: ClassVar[str] = "intake.whistle.adopted-issues-judged.v1"
    township: str
    verdicts: tuple[IssueJudgement, ...]
    ratings: tuple[DepartmentRating, ...]
    comment: str | None
    cycle: int


Event = (
    WhistleDrafted
    | WhistleDiscarded
    | WhistleRaised
    | WhistleSentBack
    | WhistleSigned
    | WhistleDispatched
    | WhistleHandling
    | WhistleAwaitingConfirmation
    | WhistleClosed
    | WhistleReworked
    | WhistleWithdrawn
    | WhistleNotAccepted
    | WhistleAppealed
    | AppealAnswered
    | WhistleRaisedAgain
    | IssuesAdopted
    | WhistleMerged
    | ConfirmationWindowNoted
    | AdoptedIssuesJudged
    | WhistleRecorded
)
