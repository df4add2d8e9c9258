"""网格: reports from the grids and what becomes of them."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from contracts.events.published import Published


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
    email_sealed: str | None = None
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
    outcome: Literal["closed", "withdrawn", "not_accepted", "discarded"] | None = None
    """How the whistle it became has ended, where the system told the reporter by itself."""
