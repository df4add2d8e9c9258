"""权责争议事实: who disowns a duty, what was said about it, and whose it is. Texts come sealed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

Filer = Literal["department", "township", "office"]
"""部门, 镇街, 减负办或编办."""
Way = Literal["telephone", "meeting", "listed"]
"""电话商定, 会商一致, 权责清单已有规定."""
Cause = Literal["not-the-countys", "undecided-in-time", "referred-by-the-office"]
"""垂直管理或公用企业, 逾期未裁, 编办主动报请."""
Effect = Literal["reassigned", "nothing-to-reassign", "without-effect"]
"""已调整派单, 派单无需调整, 哨单已办结或销哨."""


@dataclass(frozen=True, slots=True)
class Share:
    """What an assisting unit has to do; ``duty`` is public, like the ruling."""

    unit: str
    duty: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whose duty it is. All of it is public; ``valid_until`` None: until another ruling or list version."""

    duty: str
    lead: str
    legal_basis: str
    assists: tuple[Share, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    precedent: bool = False
    item_code: str | None = None
    """The line of the responsibility list it speaks of, if there is one."""

    @property
    def units(self) -> tuple[str, ...]:
        """The lead, then the assists."""
        return (self.lead, *(each.unit for each in self.assists))


@dataclass(frozen=True, slots=True)
class DisputeFiled:
    """A4: a duty is disowned, or found without an owner; the whistle's clocks run on."""

    name: ClassVar[str] = "routing.dispute.dispute-filed.v1"
    disputed_department: str
    filed_by: str
    filer: Filer
    legal_basis: str
    matter: str
    whistle: str | None
    assignment_id: str | None
    township: str | None
    proposed_owner: str | None
    letter: str | None = None
    """The letter it cites, if one became it."""
    issue_ids: tuple[str, ...] = ()
    """The issues of the whistle it is about, if no owner was found for them."""
    named: tuple[str, ...] = ()
    """The departments that have them meanwhile."""


@dataclass(frozen=True, slots=True)
class DisputeAccepted:
    """The establishment office takes it on."""

    name: ClassVar[str] = "routing.dispute.dispute-accepted.v1"


@dataclass(frozen=True, slots=True)
class DisputeNotAccepted:
    """It is no dispute about a duty."""

    name: ClassVar[str] = "routing.dispute.dispute-not-accepted.v1"
    reason: str


@dataclass(frozen=True, slots=True)
class NegotiationOpened:
    """The units are to settle it among themselves."""

    name: ClassVar[str] = "routing.dispute.negotiation-opened.v1"


@dataclass(frozen=True, slots=True)
class CoordinationOpened:
    """The establishment office leads the talks."""

    name: ClassVar[str] = "routing.dispute.coordination-opened.v1"


@dataclass(frozen=True, slots=True)
class StatementGiven:
    """A party's word in a written round; ``round`` counts its own words."""

    name: ClassVar[str] = "routing.dispute.statement-given.v1"
    unit: str
    round: int
    words: str


@dataclass(frozen=True, slots=True)
class HearingRecorded:
    """The parties met; ``minutes`` is what was said."""

    name: ClassVar[str] = "routing.dispute.hearing-recorded.v1"
    met_on: date
    units: tuple[str, ...]
    minutes: str


@dataclass(frozen=True, slots=True)
class DutyAgreed:
    """The units agree, or the list has said it all along."""

    name: ClassVar[str] = "routing.dispute.duty-agreed.v1"
    ruling: Ruling
    way: Way
    at: datetime
    blameless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DutyRuled:
    """It is ruled whose duty it is; ``number`` 2 revises the first after reconsideration.

    ``blameless`` received it first and reported in, though it was not theirs: their time counts as such.
    """

    name: ClassVar[str] = "routing.dispute.duty-ruled.v1"
    ruling: Ruling
    number: int
    by_higher_level: bool
    at: datetime
    reconsider_until: datetime | None
    blameless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListRevisionDrafted:
    """What the next version of the list is to say; people decide whether it will."""

    name: ClassVar[str] = "routing.dispute.list-revision-drafted.v1"
    replaces: str | None
    duty: str
    lead: str
    assists: tuple[str, ...]
    legal_basis: str


@dataclass(frozen=True, slots=True)
class DisputeReferredUp:
    """It is the higher level's to decide."""

    name: ClassVar[str] = "routing.dispute.dispute-referred-up.v1"
    to: str
    cause: Cause
    reason: str | None


@dataclass(frozen=True, slots=True)
class ReconsiderationRequested:
    """A unit asks to look at the ruling again; the ruling holds meanwhile."""

    name: ClassVar[str] = "routing.dispute.reconsideration-requested.v1"
    unit: str
    grounds: str


@dataclass(frozen=True, slots=True)
class ReconsiderationRefused:
    """The ruling stands."""

    name: ClassVar[str] = "routing.dispute.reconsideration-refused.v1"
    reason: str


@dataclass(frozen=True, slots=True)
class RulingExecuted:
    """The ruling of this number was carried out on the whistle, as far as there was anything to do."""

    name: ClassVar[str] = "routing.dispute.ruling-executed.v1"
    number: int
    effect: Effect


Event = (
    DisputeFiled
    | DisputeAccepted
    | DisputeNotAccepted
    | NegotiationOpened
    | CoordinationOpened
    | StatementGiven
    | HearingRecorded
    | DutyAgreed
    | DutyRuled
    | ListRevisionDrafted
    | DisputeReferredUp
    | ReconsiderationRequested
    | ReconsiderationRefused
    | RulingExecuted
)
