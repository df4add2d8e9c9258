"""The bodies of the commands on grids and their reports."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from intake.application.grid_reports import ReportWords
from intake.domain.grid_network import AdmittedItem, Grid, PublishGridNetwork
from intake.domain.grid_report import Matter, Source
from intake.domain.whistle.facts import Ground, Kind
from intake.entrypoints.bodies import Body, Code, Draft, Line, Page

Email = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s]{1,64}@[^@\s]{1,190}$")
]
"""An address by its form; nothing is sent to it."""


class GridEntry(Body):
    """One unit grid."""

    code: Code
    name: Line
    township: Code
    villages: Annotated[tuple[Code, ...], Field(max_length=100)] = ()
    worker: Line
    leader: Line


class ItemEntry(Body):
    """One admitted item."""

    code: Code
    title: Line


class Network(Body):
    """网格和准入清单."""

    version: Annotated[int, Field(ge=1)]
    source_document: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    grids: Annotated[tuple[GridEntry, ...], Field(min_length=1, max_length=5_000)]
    items: Annotated[tuple[ItemEntry, ...], Field(max_length=1_000)] = ()

    def command(self) -> PublishGridNetwork:
        """As the domain takes it."""
        return PublishGridNetwork(
            self.version,
            self.source_document,
            tuple(Grid(**each.model_dump()) for each in self.grids),
            tuple(AdmittedItem(each.code, each.title) for each in self.items),
        )


class Report(Body):
    """上报; ``reporter`` names somebody else than the person who reports."""

    source: Source = "resident"
    matter: Matter = "ordinary"
    title: Line
    text: Page
    township: Code | None = None
    village: Code | None = None
    grid: Code | None = None
    item: Code | None = None
    suggested: Annotated[tuple[Code, ...], Field(max_length=3)] = ()
    reporter: Line | None = None
    phone: Line | None = None
    email: Email | None = None
    external_number: Line | None = None

    def words(self) -> ReportWords:
        """As the application takes it."""
        return ReportWords(
            source=self.source,
            title=self.title,
            text=self.text,
            township=self.township,
            village=self.village,
            grid=self.grid,
            item=self.item,
            suggested=self.suggested,
            reporter=self.reporter,
            phone=self.phone,
            email=self.email,
            external_number=self.external_number,
        )


class RecordedReport(Report):
    """补录: a report made elsewhere."""

    township: Code
    reported_at: AwareDatetime


class Reply(Body):
    """What the reporter is told."""

    reply: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)] = ""


class RouteAway(Body):
    """Where it belongs."""

    matter: Matter


class PromoteReport(Draft):
    """转哨单: the township's own draft; what is left out is taken from the report."""

    kind: Kind = "public_appeal"
    ground: Ground = "cross_department"
