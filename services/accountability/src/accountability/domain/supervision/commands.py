"""督办指令: what may be asked of a matter. ``county_leader`` says who asks; texts and names come sealed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from accountability.domain.supervision.facts import Color, Matter, MootCause


@dataclass(frozen=True, slots=True)
class NoteRung:
    """The ladder has reached a rung of the matter's clock."""

    matter: Matter
    rung: Literal["BLUE", "ORANGE", "RED"]
    proposed: bool
    copy_to: str
    at: datetime
    reply_due: datetime | None = None
    """Until when an order of this rung is replied to; None: without a limit."""


@dataclass(frozen=True, slots=True)
class Supervise:
    """W14, by a person: an orange order at once, a red one proposed. ``concerned`` are the units of the case.

    ``confirming`` is the township that is only to confirm what was concluded (C7), if any.
    """

    matter: Matter
    county_leader: bool
    concerned: frozenset[str]
    confirming: str
    color: Color
    reason: str
    at: datetime
    reply_due: datetime | None = None
    """Until when an order that goes out at once is replied to; None: without a limit."""


@dataclass(frozen=True, slots=True)
class GiveHint:
    """W14 蓝色提示, by a person: as ``Supervise``, but no order, and nothing to reply to."""

    matter: Matter
    county_leader: bool
    concerned: frozenset[str]
    confirming: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HearUnit:
    """Record what the unit said, and when; ``asked_at`` is the present."""

    county_leader: bool
    at: datetime
    asked_at: datetime
    speaker: str
    words: str


@dataclass(frozen=True, slots=True)
class IssueOrder:
    """Issue what was proposed, to be replied to by ``reply_due``; None: without a limit."""

    county_leader: bool
    at: datetime
    reply_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeclineOrder:
    """Do not issue what was proposed."""

    county_leader: bool
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReplyToOrder:
    """By the unit."""

    unit: str
    reply: str


@dataclass(frozen=True, slots=True)
class NoteReplyDue:
    """The time for a reply to the order of a color is over; ``at`` is the present."""

    color: Color
    at: datetime


@dataclass(frozen=True, slots=True)
class CloseOrder:
    """Accept the reply."""

    county_leader: bool
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WithdrawOrder:
    """Take the order back, or the proposal where none is out."""

    county_leader: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ReferToDiscipline:
    """Hand a breach to the discipline body; ``stands`` says whether there is a breach that holds."""

    matter: Matter
    stands: bool
    to: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ClearName:
    """State that a reproach was unfounded; ``stands`` says whether the breach holds."""

    matter: Matter
    stands: bool
    statement: str


@dataclass(frozen=True, slots=True)
class NoteMoot:
    """The breach was annulled, or the whistle has ended."""

    cause: MootCause


@dataclass(frozen=True, slots=True)
class NoteExempted:
    """The breach was found to be in good faith."""

    matter: Matter
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteSuccession:
    """A merged unit's part is its heir's."""

    was: str
    to: str


Command = (
    NoteRung
    | Supervise
    | GiveHint
    | HearUnit
    | IssueOrder
    | DeclineOrder
    | ReplyToOrder
    | NoteReplyDue
    | CloseOrder
    | WithdrawOrder
    | ReferToDiscipline
    | ClearName
    | NoteMoot
    | NoteExempted
    | NoteSuccession
)
