"""权责争议: what is said and decided about whose duty it is."""

from datetime import date, datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from contracts.events.published import Published


class Share(BaseModel):
    """What an assisting unit has to do by a ruling; public."""

    model_config = ConfigDict(frozen=True)

    unit: str
    duty: str


class Ruling(BaseModel):
    """Whose duty it is; public. Without ``valid_until`` it holds until another ruling or list version."""

    model_config = ConfigDict(frozen=True)

    duty: str
    lead: str
    legal_basis: str
    assists: tuple[Share, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    precedent: bool = False
    item_code: str | None = None


class DisputeFiled(Published):
    """A4: a duty is disowned or has no owner. ``case_id`` is the dispute's; clock C2 starts."""

    NAME: ClassVar[str] = "routing.dispute.dispute-filed.v1"
    disputed_department: str
    filed_by: str
    filer: Literal["department", "township", "office"]
    legal_basis: str
    matter_sealed: str
    whistle: str | None = None
    """The case id of the whistle it is about, if any; its clocks run on."""
    assignment_id: str | None = None
    township: str | None = None
    proposed_owner: str | None = None
    letter: str | None = None
    """The case id of the letter it cites, if one became it."""
    issue_ids: tuple[str, ...] = ()
    """The issues of the whistle the desk found no owner for; empty if somebody disowned a duty."""
    parties: tuple[str, ...]
    """Codes of the units whose case it is."""


class DisputeAccepted(Published):
    """The establishment office takes the dispute on."""

    NAME: ClassVar[str] = "routing.dispute.dispute-accepted.v1"


class DisputeNotAccepted(Published):
    """It is no dispute about a duty; C2 stops."""

    NAME: ClassVar[str] = "routing.dispute.dispute-not-accepted.v1"
    reason_sealed: str


class NegotiationOpened(Published):
    """The units are to settle it among themselves."""

    NAME: ClassVar[str] = "routing.dispute.negotiation-opened.v1"


class CoordinationOpened(Published):
    """The establishment office leads the talks."""

    NAME: ClassVar[str] = "routing.dispute.coordination-opened.v1"


class StatementGiven(Published):
    """A party's word in a written round."""

    NAME: ClassVar[str] = "routing.dispute.statement-given.v1"
    unit: str
    round: int
    content_sealed: str


class HearingRecorded(Published):
    """The parties met; the content is the minutes."""

    NAME: ClassVar[str] = "routing.dispute.hearing-recorded.v1"
    met_on: date
    units: tuple[str, ...]
    content_sealed: str


class DutyAgreed(Published):
    """The units agree, or the list has said it all along; C2 stops."""

    NAME: ClassVar[str] = "routing.dispute.duty-agreed.v1"
    whistle: str | None = None
    ruling: Ruling
    way: Literal["telephone", "meeting", "listed"]
    blameless: tuple[str, ...] = ()
    parties: tuple[str, ...]


class DutyRuled(Published):
    """It is ruled whose duty it is; C2 stops. ``number`` 2 revises the first after reconsideration.

    ``blameless`` reported in first though it was not theirs; reconsideration suspends nothing.
    """

    NAME: ClassVar[str] = "routing.dispute.duty-ruled.v1"
    whistle: str | None = None
    ruling: Ruling
    number: int
    by_higher_level: bool
    reconsider_until: datetime | None = None
    blameless: tuple[str, ...] = ()
    parties: tuple[str, ...]


class ListRevisionDrafted(Published):
    """What a ruling would have the next version of the responsibility list say."""

    NAME: ClassVar[str] = "routing.dispute.list-revision-drafted.v1"
    replaces: str | None = None
    """Code of the line it would take the place of."""
    duty: str
    lead: str
    assists: tuple[str, ...] = ()
    legal_basis: str


class DisputeReferredUp(Published):
    """It is the higher level's to decide: C2 stops, and a new C2 runs for that level."""

    NAME: ClassVar[str] = "routing.dispute.dispute-referred-up.v1"
    to: str
    cause: Literal["not-the-countys", "undecided-in-time", "referred-by-the-office"]
    reason_sealed: str | None = None


class ReconsiderationRequested(Published):
    """A party asks to look at the ruling again; the ruling holds meanwhile."""

    NAME: ClassVar[str] = "routing.dispute.reconsideration-requested.v1"
    unit: str
    reason_sealed: str


class ReconsiderationRefused(Published):
    """The ruling stands."""

    NAME: ClassVar[str] = "routing.dispute.reconsideration-refused.v1"
    reason_sealed: str


class RulingExecuted(Published):
    """The ruling was carried out on the whistle; without effect where it was concluded or closed."""

    NAME: ClassVar[str] = "routing.dispute.ruling-executed.v1"
    whistle: str | None = None
    number: int
    effect: Literal["reassigned", "nothing-to-reassign", "without-effect"]
