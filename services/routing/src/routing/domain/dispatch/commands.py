"""派单指令: what may be asked of a dispatch.

``by`` is the asking person's unit code; texts and names come sealed, and empty if nothing was said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from routing.domain.dispatch.facts import Issue, IssueResult, Mode, NotAcceptedReason, ReleasedBy
from routing.domain.dispatch.joining_commands import Adopt, AskToCountersign, Countersign, MergeInto
from routing.domain.dispatch.parking_commands import Park, Unpark
from routing.domain.dispatch.recording import RecordDispatch
from routing.domain.responsibility_list import Version
from routing.domain.succession import INITIAL as NOBODY_GONE
from routing.domain.succession import Succession


@dataclass(frozen=True, slots=True)
class OpenDispatch:
    """W3, from intake: the township has whistled. ``dispatch_at`` is the scheduled hour, None for at once.

    ``registered`` are the departments among the named that exist; ``duties`` is the list in force, if any.
    """

    case_id: str
    township: str
    emergency: bool
    issues: tuple[Issue, ...]
    departments: tuple[str, ...]
    registered: frozenset[str]
    dispatch_at: datetime | None
    duties: Version | None
    at: datetime
    signed_at: datetime | None = None
    """When intake says it came into force: signed, or raised in an emergency."""


@dataclass(frozen=True, slots=True)
class IssueDispatch:
    """W3, from the timer: the scheduled hour has come; ``duties`` is the list in force, if any.

    ``succession``: which of the departments that were named are no more by now.
    """

    duties: Version | None
    succession: Succession = NOBODY_GONE


@dataclass(frozen=True, slots=True)
class ConfirmDispatch:
    """W4: the provisional departments are right; or no owner was found (``owner_found`` False) at ``at``."""

    legal_basis: str
    owner_found: bool = True
    complex: bool = False
    complex_reason: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Assist:
    """An assist the desk names, with the issues it answers for."""

    unit: str
    issue_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CorrectDispatch:
    """W4: others are right. An issue that no assist answers for is the lead's.

    ``registered`` are the departments among the named that exist. ``by_ruling``: it carries out what was
    decided in a dispute, also where the dispatch was final.
    """

    lead: str
    assists: tuple[Assist, ...]
    registered: frozenset[str]
    legal_basis: str
    complex: bool = False
    complex_reason: str = ""
    by_ruling: bool = False


@dataclass(frozen=True, slots=True)
class ReportIn:
    """A1: the department of ``unit`` takes it on, with a named handler."""

    unit: str
    by: str
    handler: str
    phone: str
    mode: Mode
    first_step: str = ""


@dataclass(frozen=True, slots=True)
class GiveFeedback:
    """A7: how it stands."""

    unit: str
    by: str
    content: str


@dataclass(frozen=True, slots=True)
class Conclude:
    """A5 by an assist for its part, W6 by the lead for the whistle; an issue not named is solved."""

    unit: str
    by: str
    sentence: str
    results: tuple[IssueResult, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportInAndConclude:
    """A1 and A5 or W6 in one, when it is already done."""

    report_in: ReportIn
    conclude: Conclude


@dataclass(frozen=True, slots=True)
class NoteReturnWindow:
    """A2, from accountability: until when the department may ask to return it (C10)."""

    assignment_id: str
    until: datetime


@dataclass(frozen=True, slots=True)
class RequestReturn:
    """A2: the department says it is another's duty; ``registered`` holds the proposed owner if it exists."""

    unit: str
    by: str
    legal_basis: str
    proposed_owner: str
    registered: frozenset[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class AcceptReturn:
    """A3, by the office: ``to`` has it now, the proposed owner if empty.

    ``dispatch_error``: it should never have gone there, so its clock is void. ``registered`` are the
    departments among the named that exist. ``escalating_transfer`` by the rules in force.
    """

    unit: str
    to: str
    dispatch_error: bool
    legal_basis: str
    registered: frozenset[str]
    escalating_transfer: int


@dataclass(frozen=True, slots=True)
class RefuseReturn:
    """A3, by the office: it stays the department's."""

    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReleaseAssignment:
    """A6: the office, a ruling or the township (``by``) no longer needs this assist."""

    unit: str
    by: ReleasedBy
    by_unit: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReopenDispatch:
    """W8, from intake: the township sent it back; ``cycle`` is the new one."""

    cycle: int


@dataclass(frozen=True, slots=True)
class CloseDispatch:
    """W7, W7', from intake: the whistle is closed."""


@dataclass(frozen=True, slots=True)
class WithdrawDispatch:
    """W12, by the township; ``ask_consent`` if a department has reported in already."""

    by: str
    reason: str
    ask_consent: bool = False


@dataclass(frozen=True, slots=True)
class ConsentToWithdrawal:
    """W12, by the office."""


@dataclass(frozen=True, slots=True)
class RefuseWithdrawal:
    """W12, by the office: the work goes on."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotAcceptWhistle:
    """W4', by the office, before any report-in."""

    reason_code: NotAcceptedReason
    legal_basis: str


@dataclass(frozen=True, slots=True)
class NoteAppeal:
    """W4', from intake: the township appeals."""


@dataclass(frozen=True, slots=True)
class DecideAppeal:
    """W4', by the office; ``heirs`` as in ``OpenCycle``."""

    granted: bool
    reason: str
    heirs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenCycle:
    """W9, from intake: the township or the office has raised it again; ``cycle`` is the new one.

    ``heirs``: unit that is no more → the unit in its place. ``escalating_cycle`` by the rules in force.
    """

    cycle: int
    heirs: Mapping[str, str] = field(default_factory=dict)
    escalating_cycle: int = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class MoveAssignment:
    """机构合并: ``unit`` is no more, its part is ``to``'s from now on."""

    unit: str
    to: str


Command = (
    OpenDispatch
    | IssueDispatch
    | ConfirmDispatch
    | CorrectDispatch
    | ReportIn
    | GiveFeedback
    | Conclude
    | ReportInAndConclude
    | NoteReturnWindow
    | RequestReturn
    | AcceptReturn
    | RefuseReturn
    | ReleaseAssignment
    | ReopenDispatch
    | CloseDispatch
    | WithdrawDispatch
    | ConsentToWithdrawal
    | RefuseWithdrawal
    | NotAcceptWhistle
    | NoteAppeal
    | Adopt
    | MergeInto
    | AskToCountersign
    | Countersign
    | DecideAppeal
    | OpenCycle
    | RecordDispatch
    | Park
    | Unpark
    | MoveAssignment
)
