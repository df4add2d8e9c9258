"""From intake's facts about grids and their reports to the published language."""

from collections.abc import Sequence
from typing import Final

from backbone.decider import Aggregate, Codec
from contracts.events import Published
from contracts.events import intake as published
from intake.application.publishing import NOBODY_IN_PARTICULAR
from intake.domain import grid_network, grid_report

Outbound = Sequence[tuple[str, str, str]]


def _out(fact: Published) -> tuple[str, str, str]:
    return fact.NAME, fact.case_id, fact.model_dump_json(exclude_none=True)


def publish_grid_report(event: grid_report.Event, state: grid_report.GridReport, case_id: str) -> Outbound:
    """What others learn of a report's fact."""
    match event:
        case grid_report.GridReportFiled(content):
            return [_out(_filed(content, case_id))]
        case grid_report.GridReportClosed(level, reply):
            return [_out(published.GridReportClosed(case_id=case_id, level=level, reply_sealed=reply))]
        case grid_report.GridReportRoutedAway(matter):
            return [_out(published.GridReportRoutedAway(case_id=case_id, matter=matter))]
        case grid_report.GridReportPromoted(whistle):
            return [_out(published.GridReportPromoted(case_id=case_id, whistle=whistle))]
        case grid_report.ReporterAnswered(reply, outcome):
            return [_out(published.ReporterAnswered(case_id=case_id, reply_sealed=reply, outcome=outcome))]


def _filed(content: grid_report.Content, case_id: str) -> published.GridReportFiled:
    return published.GridReportFiled(
        case_id=case_id,
        number=content.number,
        source=content.source,
        township=content.township,
        village=content.village,
        grid=content.grid,
        leader=content.leader,
        item=content.item,
        suggested=content.suggested,
        title_sealed=content.title,
        text_sealed=content.text,
        reporter_sealed=content.reporter,
        phone_sealed=content.phone,
        email_sealed=content.email,
        external_number=content.external_number,
    )


def publish_grid_network(event: grid_network.Event, state: grid_network.GridNetwork, key: str) -> Outbound:
    """The whole network, which belongs to no case."""
    network = published.GridNetworkPublished(
        case_id=NOBODY_IN_PARTICULAR,
        version=event.version,
        source_document=event.source_document,
        grids=tuple(
            published.Grid(
                code=each.code,
                name=each.name,
                township=each.township,
                villages=each.villages,
                worker=each.worker,
                leader=each.leader,
            )
            for each in event.grids
        ),
        items=tuple(published.AdmittedItem(code=each.code, title=each.title) for each in event.items),
    )
    return [_out(network)]


GRID_REPORT: Final[Aggregate[grid_report.Command, grid_report.Event, grid_report.GridReport]] = Aggregate(
    category="grid-report",
    initial=grid_report.INITIAL,
    decide=grid_report.decide,
    evolve=grid_report.evolve,
    codec=Codec(grid_report.Event),
    publish=publish_grid_report,
)
GRID_NETWORK: Final[Aggregate[grid_network.Command, grid_network.Event, grid_network.GridNetwork]] = (
    Aggregate(
        category="grid-network",
        initial=grid_network.INITIAL,
        decide=grid_network.decide,
        evolve=grid_network.evolve,
        codec=Codec(grid_network.Event),
        publish=publish_grid_network,
    )
)
