"""网格上报: what residents, villages, grid workers and staff report; small matters are closed low."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal, assert_never

from intake.domain.refusals import require

Source = Literal["resident", "village", "grid_worker", "staff"]
"""群众, 村(社区), 网格员, 干部."""
Outcome = Literal["closed", "withdrawn", "not_accepted", "discarded"]
"""已销哨, 已撤回, 未予受理, 草稿已弃."""
Level = Literal["grid", "township"]
"""一格解决, 镇街解决."""
Matter = Literal[
    "ordinary",
    "service",
    "permit",
    "emergency_line",
    "litigation",
    "petition",
    "discipline",
    "secret",
]
"""What it is about; all but the first are routed away with an address."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is reported; texts, name, phone, email sealed, the rest codes. ``leader`` is the one in charge."""

    number: str
    source: Source
    township: str
    title: str
    text: str
    village: str | None = None
    grid: str | None = None
    leader: str | None = None
    item: str | None = None
    """On the admitted list."""
    suggested: tuple[str, ...] = ()
    """Responsibility items that may fit, best first; people decide."""
    reporter: str | None = None
    phone: str | None = None
    external_number: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class FileGridReport:
    """上报."""

    content: Content
    matter: Matter = "ordinary"


@dataclass(frozen=True, slots=True)
class RecordGridReport:
    """补录: a report made at ``reported_at`` elsewhere, brought in at ``at``."""

    content: Content
    reported_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class CloseGridReport:
    """办结 in the grid or by the township; ``reply`` is what the reporter is told (回告)."""

    unit: str
    level: Level
    reply: str


@dataclass(frozen=True, slots=True)
class RouteAwayGridReport:
    """分流: it belongs elsewhere; the reporter is told the address."""

    unit: str
    matter: Matter


@dataclass(frozen=True, slots=True)
class PromoteGridReport:
    """转哨单: it takes departments; a whistle was drafted from it."""

    unit: str
    whistle: str


@dataclass(frozen=True, slots=True)
class ReplyToReporter:
    """回告: how it stands, or how it ended."""

    unit: str
    reply: str


@dataclass(frozen=True, slots=True)
class TellOutcome:
    """回告 by the system: the whistle it became has ended so in this cycle; the reporter is told once."""

    whistle: str
    outcome: Outcome
    cycle: int
    reply: str


Command = (
    FileGridReport
    | RecordGridReport
    | CloseGridReport
    | RouteAwayGridReport
    | PromoteGridReport
    | ReplyToReporter
    | TellOutcome
)


@dataclass(frozen=True, slots=True)
class GridReportFiled:
    """It was reported."""

    name: ClassVar[str] = "intake.grid-report.grid-report-filed.v1"
    content: Content


@dataclass(frozen=True, slots=True)
class GridReportClosed:
    """It was closed at this level, and the reporter told."""

    name: ClassVar[str] = "intake.grid-report.grid-report-closed.v1"
    level: Level
    reply: str


@dataclass(frozen=True, slots=True)
class GridReportRoutedAway:
    """It belongs elsewhere."""

    name: ClassVar[str] = "intake.grid-report.grid-report-routed-away.v1"
    matter: Matter


@dataclass(frozen=True, slots=True)
class GridReportPromoted:
    """It goes on as a whistle, which cites it."""

    name: ClassVar[str] = "intake.grid-report.grid-report-promoted.v1"
    whistle: str


@dataclass(frozen=True, slots=True)
class ReporterAnswered:
    """The reporter was told; by the system when the whistle had come to this ``outcome`` in ``cycle``."""

    name: ClassVar[str] = "intake.grid-report.reporter-answered.v1"
    reply: str
    outcome: Outcome | None = None
    cycle: int | None = None


Event = GridReportFiled | GridReportClosed | GridReportRoutedAway | GridReportPromoted | ReporterAnswered


class Stage(StrEnum):
    """Where a report stands."""

    NONE = "none"
    REPORTED = "reported"
    CLOSED_IN_GRID = "closed_in_grid"
    CLOSED_BY_TOWNSHIP = "closed_by_township"
    ROUTED_AWAY = "routed_away"
    PROMOTED = "promoted"


@dataclass(frozen=True, slots=True)
class GridReport:
    """What the next decision needs to know."""

    stage: Stage = Stage.NONE
    content: Content | None = None
    reply: str | None = None
    """What the reporter was told last."""
    whistle: str | None = None
    told: frozenset[tuple[str, int]] = frozenset()
    """The outcomes of its whistle, by cycle, that the reporter knows."""


INITIAL = GridReport()


def evolve(report: GridReport, event: Event, at: datetime) -> GridReport:
    """The report after a fact; never refuses."""
    match event:
        case GridReportFiled(content):
            return GridReport(Stage.REPORTED, content)
        case GridReportClosed(level, reply):
            stage = Stage.CLOSED_IN_GRID if level == "grid" else Stage.CLOSED_BY_TOWNSHIP
            return replace(report, stage=stage, reply=reply)
        case GridReportRoutedAway():
            return replace(report, stage=Stage.ROUTED_AWAY)
        case GridReportPromoted(whistle):
            return replace(report, stage=Stage.PROMOTED, whistle=whistle)
        case ReporterAnswered(reply, outcome, cycle):
            told = {(outcome, cycle)} if outcome is not None and cycle is not None else set()
            return replace(report, reply=reply, told=report.told | told)
        case _:
            assert_never(event)


def decide(command: Command, report: GridReport) -> list[Event]:
    """The facts that follow from a command; raises ``Refused`` with nothing changed."""
    match command:
        case FileGridReport(content, matter):
            admit(matter)
            return _file(content, report)
        case RecordGridReport(content, reported_at, at):
            require(reported_at <= at, "not-yet-happened")
            return _file(content, report)
        case CloseGridReport(unit, level, reply):
            require_own(unit, report)
            require(reply != "", "reporter-must-be-told")
            if report.stage in (Stage.CLOSED_IN_GRID, Stage.CLOSED_BY_TOWNSHIP):
                return []
            _open(report)
            return [GridReportClosed(level, reply)]
        case RouteAwayGridReport(unit, matter):
            require_own(unit, report)
            require(matter != "ordinary", "routing-away-needs-a-matter")
            if report.stage is Stage.ROUTED_AWAY:
                return []
            _open(report)
            return [GridReportRoutedAway(matter)]
        case PromoteGridReport(unit, whistle):
            require_own(unit, report)
            if report.whistle == whistle:
                return []
            _open(report)
            return [GridReportPromoted(whistle)]
        case ReplyToReporter(unit, reply):
            require_own(unit, report)
            require(reply != "", "reporter-must-be-told")
            return [] if report.reply == reply else [ReporterAnswered(reply)]
        case TellOutcome(whistle, outcome, cycle, reply):
            waits = report.whistle == whistle and (outcome, cycle) not in report.told
            return [ReporterAnswered(reply, outcome, cycle)] if waits else []
        case _:
            assert_never(command)


def require_own(unit: str, report: GridReport) -> None:
    """Another township's report is, to this one, none at all."""
    content = report.content
    require(content is not None and content.township == unit, "unknown-case")


def admit(matter: Matter) -> None:
    """Refuse what belongs elsewhere, with the address."""
    require(matter != "service", "belongs-to-the-service-desk")
    require(matter != "permit", "belongs-to-the-permit-window")
    require(matter != "emergency_line", "belongs-to-the-emergency-line")
    require(matter != "litigation", "belongs-to-the-court")
    require(matter != "petition", "belongs-to-the-petition-office")
    require(matter != "discipline", "belongs-to-the-discipline-body")
    require(matter != "secret", "secret-is-not-admitted")


def _file(content: Content, report: GridReport) -> list[Event]:
    if report.content == content:
        return []
    require(report.stage is Stage.NONE, "report-exists")
    require(content.township != "", "report-needs-a-township")
    require(content.text != "", "report-needs-a-text")
    return [GridReportFiled(content)]


def _open(report: GridReport) -> None:
    ended = report.stage in (Stage.CLOSED_IN_GRID, Stage.CLOSED_BY_TOWNSHIP)
    require(not ended, "report-already-closed")
    require(report.stage is not Stage.ROUTED_AWAY, "report-routed-away")
    require(report.stage is not Stage.PROMOTED, "report-became-a-whistle")
