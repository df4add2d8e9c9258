"""哨单: what a township whistles for, and how it judges the outcome."""

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from contracts.events.published import Published

Kind = Literal["public_appeal", "key_work", "joint_enforcement", "emergency"]
"""群众诉求, 重点工作, 综合执法, 应急处置."""

Ground = Literal["cross_department", "no_power", "owner_unclear"]
"""跨部门, 无权限, 权属不清."""

Verdict = Literal["solved", "partly", "unsolved", "explained"]
"""已解决, 部分解决, 未解决, 已解释."""

Rating = Literal["satisfied", "basically", "dissatisfied"]
"""满意, 基本满意, 不满意."""


class WhistleIssue(BaseModel):
    """One 问题项 of a whistle."""

    model_config = ConfigDict(frozen=True)

    issue_id: str
    text_sealed: str
    item_code: str | None = None
    """The responsibility item the clerk accepted, if any."""


class IssueVerdict(BaseModel):
    """The township's judgement of one issue."""

    model_config = ConfigDict(frozen=True)

    issue_id: str
    verdict: Verdict


class DepartmentRating(BaseModel):
    """The township's rating of one department."""

    model_config = ConfigDict(frozen=True)

    unit: str
    rating: Rating


class Origin(BaseModel):
    """What a whistle was made from."""

    model_config = ConfigDict(frozen=True)

    type: Literal["letter", "grid_report"]
    origin_case_id: str
    """A citation: whoever may not see that case finds nothing there."""


class WhistleContent(Published):
    """What a whistle says; shared by the drafted and the raised fact."""

    number: str | None = None
    township: str
    village: str
    kind: Kind
    ground: Ground
    text_sealed: str
    issues: tuple[WhistleIssue, ...]
    departments: tuple[str, ...]
    raised_by_sealed: str
    tried_sealed: str | None = None
    origin: Origin | None = None
    enterprise_id: str | None = None
    """The enterprise for which its service officer speaks."""


class WhistleDrafted(WhistleContent):
    """W1: a draft stands (or was changed); only its township sees it."""

    NAME: ClassVar[str] = "intake.whistle.whistle-drafted.v1"


class WhistleDiscarded(Published):
    """W1: the draft was thrown away."""

    NAME: ClassVar[str] = "intake.whistle.whistle-discarded.v1"


class WhistleRaised(WhistleContent):
    """W2: the whistle is raised; it awaits the leader's signature.

    An emergency goes out at once (routing dispatches on this fact) and is signed within 24 hours.
    """

    NAME: ClassVar[str] = "intake.whistle.whistle-raised.v1"
    emergency: bool


class WhistleSentBack(Published):
    """W2': the leader sends it back to draft."""

    NAME: ClassVar[str] = "intake.whistle.whistle-sent-back.v1"
    reason_sealed: str


class WhistleSigned(WhistleContent):
    """W3: signed by the leader; carries everything routing needs. ``dispatch_at`` None means at once."""

    NAME: ClassVar[str] = "intake.whistle.whistle-signed.v1"
    emergency: bool
    signed_by_sealed: str
    dispatch_at: datetime | None = None


class WhistleHandling(Published):
    """W5: the lead has reported in."""

    NAME: ClassVar[str] = "intake.whistle.whistle-handling.v1"


class WhistleAwaitingConfirmation(Published):
    """W6: the lead has concluded; the township is asked to confirm."""

    NAME: ClassVar[str] = "intake.whistle.whistle-awaiting-confirmation.v1"
    cycle: int


class WhistleClosed(Published):
    """W7, W7': 销哨. ``appraised`` is False when the confirmation time ran out."""

    NAME: ClassVar[str] = "intake.whistle.whistle-closed.v1"
    appraised: bool
    verdicts: tuple[IssueVerdict, ...] = ()
    ratings: tuple[DepartmentRating, ...] = ()
    comment_sealed: str | None = None
    cycle: int


class WhistleReworked(Published):
    """W8: the township leader sends it back into handling."""

    NAME: ClassVar[str] = "intake.whistle.whistle-reworked.v1"
    reason_sealed: str
    cycle: int


class WhistleWithdrawn(Published):
    """W12 before signing; after it, the desk states the withdrawal."""

    NAME: ClassVar[str] = "intake.whistle.whistle-withdrawn.v1"
    reason_sealed: str


class WhistleAppealed(Published):
    """W4': the township appeals against not being accepted; the office decides."""

    NAME: ClassVar[str] = "intake.whistle.whistle-appealed.v1"
    township: str
    reason_sealed: str


class WhistleRaisedAgain(Published):
    """W9: the closed matter is out again, one cycle on."""

    NAME: ClassVar[str] = "intake.whistle.whistle-raised-again.v1"
    township: str
    reason_sealed: str
    closed_cycle: int
    """The cycle whose closing it cites."""
    cycle: int
    by: str
    """The unit that raises it: the township, or the office after a failed check."""
