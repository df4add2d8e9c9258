"""Grid reports in the case view."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Executable, insert

from contracts.events import Published, intake
from gateway.projections.facts import Fact, Handler, key_of, notice, state
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
        recorded=fact.event.occurred_at is not None,
        created_at=fact.at,
        updated_at=fact.at,
    )
    if fact.event.occurred_at is not None:  # brought in from elsewhere: nobody is waiting for it now
        return (filed,)
    told = notice(str(fact.event.id), it.township, fact, "grid-report", {"leader": it.leader})
    return (filed, told)


def _closed(fact: Fact, it: intake.GridReportClosed) -> Sequence[Executable]:
    ended = "closed_in_grid" if it.level == "grid" else "closed_by_township"
    return (state(fact, ended, answer=fact.plain(it.reply_sealed), closed_at=fact.at),)


HANDLERS: Mapping[type[Published], Handler] = {
    intake.GridReportFiled: _filed,
    intake.GridReportClosed: _closed,
    intake.GridReportRoutedAway: lambda fact, it: (
        state(fact, "routed_away", routed_to=it.matter, closed_at=fact.at),
    ),
    intake.GridReportPromoted: lambda fact, it: (state(fact, "promoted", whistle_id=it.whistle),),
    intake.ReporterAnswered: lambda fact, it: (state(fact, None, answer=fact.plain(it.reply_sealed)),),
}
"""Published fact → what it changes."""
