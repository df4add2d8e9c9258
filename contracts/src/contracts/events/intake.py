"""Published by intake: what townships and letter writers say and judge.

Fields that end in ``_sealed`` hold ``sealed:v1:…`` text, never plaintext. Unit fields hold unit codes.
"""

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


class PersonalDataErased(Published):
    """The keys of a person or case were destroyed; readers forget the plaintext."""

    NAME: ClassVar[str] = "intake.personal-data.personal-data-erased.v1"
    key_ids: tuple[str, ...]


class Grid(BaseModel):
    """A unit grid; ``worker`` and ``leader`` are subjects."""

    model_config = ConfigDict(frozen=True)

    code: str
    name: str
    township: str
    villages: tuple[str, ...]
    worker: str
    leader: str


class AdmittedItem(BaseModel):
    """One kind of matter that may be reported to a grid (准入清单)."""

    model_config = ConfigDict(frozen=True)

    code: str
    title: str


class GridNetworkPublished(Published):
    """The grids and the admitted items from now on; belongs to no case."""

    NAME: ClassVar[str] = "intake.grid-network.grid-network-published.v1"
    version: int
    source_document: str
    grids: tuple[Grid, ...]
    items: tuple[AdmittedItem, ...]


class GridReportFiled(Published):
    """网格上报: it goes to the leader in charge of the grid; without a grid, to the township."""

    NAME: ClassVar[str] = "intake.grid-report.grid-report-filed.v1"
    number: str
    source: Literal["resident", "village", "grid_worker", "staff"]
    township: str
    village: str | None = None
    grid: str | None = None
    leader: str | None = None
    """Subject of the leader in charge."""
    item: str | None = None
    """On the admitted list."""
    suggested: tuple[str, ...] = ()
    """Responsibility items that may fit, best first."""
    title_sealed: str
    text_sealed: str
    reporter_sealed: str | None = None
    phone_sealed: str | None = None
    external_number: str | None = None


class GridReportClosed(Published):
    """Closed in the grid or by the township; the reporter is told the reply."""

    NAME: ClassVar[str] = "intake.grid-report.grid-report-closed.v1"
    level: Literal["grid", "township"]
    reply_sealed: str


class GridReportRoutedAway(Published):
    """It belongs elsewhere; ``matter`` says where."""

    NAME: ClassVar[str] = "intake.grid-report.grid-report-routed-away.v1"
    matter: Literal[
        "ordinary",
        "service",
        "permit",
        "emergency_line",
        "litigation",
        "petition",
        "discipline",
        "secret",
    ]


class GridReportPromoted(Published):
    """It goes on as a whistle, which cites it."""

    NAME: ClassVar[str] = "intake.grid-report.grid-report-promoted.v1"
    whistle: str
    """Case id."""


class ReporterAnswered(Published):
    """回告: the reporter was told."""

    NAME: ClassVar[str] = "intake.grid-report.reporter-answered.v1"
    reply_sealed: str
