"""权责争议指令: what may be asked of a dispute. ``by`` is the asking person's unit; texts come sealed."""

from dataclasses import dataclass
from datetime import date, datetime

from routing.domain.dispute.facts import Cause, Effect, Filer, Ruling, Way
from routing.domain.responsibility_list import Item


@dataclass(frozen=True, slots=True)
class Standing:
    """How the disputed department stands in the whistle."""

    township: str
    assignment_id: str | None
    reported_in: bool
    ongoing: bool


@dataclass(frozen=True, slots=True)
class FileDispute:
    """A4. ``standing`` is None where there is no such whistle; ``registered`` are the known units.

    Where the desk found no owner (W4), ``issue_ids`` are without one and ``named`` have them meanwhile.
    """

    disputed_department: str
    filed_by: str
    filer: Filer
    legal_basis: str
    matter: str
    registered: frozenset[str]
    whistle: str | None = None
    standing: Standing | None = None
    proposed_owner: str | None = None
    letter: str | None = None
    issue_ids: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AcceptDispute:
    """The establishment office takes it on."""


@dataclass(frozen=True, slots=True)
class NotAcceptDispute:
    """It is no dispute about a duty."""

    reason: str


@dataclass(frozen=True, slots=True)
class OpenNegotiation:
    """Let the units settle it among themselves."""


@dataclass(frozen=True, slots=True)
class OpenCoordination:
    """Lead the talks."""


@dataclass(frozen=True, slots=True)
class GiveStatement:
    """A party's word in a written round."""

    by: str
    words: str


@dataclass(frozen=True, slots=True)
class RecordHearing:
    """The parties met."""

    met_on: date
    units: tuple[str, ...]
    minutes: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision's content with what it is checked against.

    ``beyond_county`` are the named units whose duties the county cannot rule on; ``reported_in`` says whether
    the disputed department has; ``listed`` is the list's line of the ruling's item, if any.
    """

    ruling: Ruling
    registered: frozenset[str]
    beyond_county: frozenset[str]
    reported_in: bool
    listed: Item | None
    at: datetime


@dataclass(frozen=True, slots=True)
class AgreeOnDuty:
    """The units agree, or the list has said it all along (``listed``)."""

    decided: Decided
    way: Way


@dataclass(frozen=True, slots=True)
class SettleAtOnce:
    """The simple way, one record: filed and agreed by telephone or by a cited line of the list."""

    filing: FileDispute
    agreement: AgreeOnDuty


@dataclass(frozen=True, slots=True)
class RuleOnDuty:
    """The establishment office rules, or records the higher level's ruling of what was referred up."""

    decided: Decided
    reconsider_until: datetime
    by_higher_level: bool = False


@dataclass(frozen=True, slots=True)
class ReferUp:
    """It is the higher level's; from people, or because the time was up (``undecided-in-time``)."""

    to: str
    cause: Cause
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RequestReconsideration:
    """Once, within the working days the rules in force at the ruling gave."""

    by: str
    grounds: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DecideReconsideration:
    """``revised`` None: the ruling stands."""

    reason: str
    revised: Decided | None = None


@dataclass(frozen=True, slots=True)
class NoteExecution:
    """What carrying the ruling out came to."""

    number: int
    effect: Effect


Command = (
    FileDispute
    | AcceptDispute
    | NotAcceptDispute
    | OpenNegotiation
    | OpenCoordination
    | GiveStatement
    | RecordHearing
    | AgreeOnDuty
    | SettleAtOnce
    | RuleOnDuty
    | ReferUp
    | RequestReconsideration
    | DecideReconsideration
    | NoteExecution
)
