"""Grid reports in the case view, and what may be reported."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Executable, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.events import Published, intake
from gateway.projections.facts import Fact, Handler, key_of, notice, state
from gateway.projections.grid_tables import filings, grid_networks
from gateway.projections.tables import cases


def _filed(fact: Fact, it: intake.GridReportFiled) -> Sequence[Executable]:
    filed = insert(cases).values(
        case_id=fact.case_id,
        type="grid_report",
        number=it.number,
        state="reported",
        township=it.township,
        village=it.village,
        source=it.source,
        grid=it.grid,
        leader=it.leader,
        item=it.item,
        suggested=list(it.suggested),
        external_number=it.external_number,
        title=fact.plain(it.title_sealed),
        text=fact.plain(it.text_sealed) or "",
        raised_by=fact.plain(it.reporter_sealed),
        raised_by_key=key_of(it.reporter_sealed),
        phone=fact.plain(it.phone_sealed),
        email=fact.plain(it.email_sealed),
        recorded=fact.event.occurred_at is not None,
        created_at=fact.at,
        updated_at=fact.at,
    )
    by = insert(filings).values(case_id=fact.case_id, filed_by=fact.event.actor)
    if fact.event.occurred_at is not None:  # brought in from elsewhere: nobody is waiting for it now
        return (filed, by)
    told = notice(str(fact.event.id), it.township, fact, "grid-report", {"leader": it.leader})
    return (filed, by, told)


def _ends(fact: Fact) -> Executable:
    return update(filings).where(filings.c.case_id == fact.case_id).values(ended_at=fact.at)


def _closed(fact: Fact, it: intake.GridReportClosed) -> Sequence[Executable]:
    ended = "closed_in_grid" if it.level == "grid" else "closed_by_township"
    closed = state(fact, ended, answer=fact.plain(it.reply_sealed), closed_at=fact.at)
    return (closed, _ends(fact))


def _answered(fact: Fact, it: intake.ReporterAnswered) -> Sequence[Executable]:
    told = state(fact, None, answer=fact.plain(it.reply_sealed))
    return (told,) if it.outcome is None else (told, _ends(fact))


def _network(fact: Fact, it: intake.GridNetworkPublished) -> Sequence[Executable]:
    admitted = [each.model_dump() for each in it.items]
    values = {"source_document": it.source_document, "admitted": admitted, "published_at": fact.at}
    kept = upsert(grid_networks).values(version=it.version, **values)
    return (kept.on_conflict_do_update(index_elements=["version"], set_=values),)


HANDLERS: Mapping[type[Published], Handler] = {
    intake.GridReportFiled: _filed,
    intake.GridReportClosed: _closed,
    intake.GridReportRoutedAway: lambda fact, it: (
        state(fact, "routed_away", routed_to=it.matter, closed_at=fact.at),
        _ends(fact),
    ),
    intake.GridReportPromoted: lambda fact, it: (state(fact, "promoted", whistle_id=it.whistle),),
    intake.ReporterAnswered: _answered,
    intake.GridNetworkPublished: _network,
}
"""Published fact → what it changes."""
