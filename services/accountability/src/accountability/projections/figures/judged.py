"""Judgements in the figures: what kind of case it is, how it was closed, judged and rated."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from accountability.domain.figures import Measure
from accountability.projections.figures.dispatched import LEAD
from accountability.projections.figures.ledger import Ledger
from accountability.projections.figures.tables import judgements, subjects
from accountability.projections.figures.timed import Handler
from backbone.outbox import Delivered
from contracts.events import Published, intake

_Judged = tuple[Measure, str, str]
"""Measure, what is judged, the word of the judgement."""


def _kind(ledger: Ledger, fact: Delivered, it: intake.WhistleContent) -> None:
    _named(ledger, fact, it.kind)


def _channel(ledger: Ledger, fact: Delivered, it: intake.LetterContent) -> None:
    _named(ledger, fact, it.channel)


def _named(ledger: Ledger, fact: Delivered, kind: str) -> None:
    known = ledger.row(subjects, fact.case_id)
    if known is None or known["kind"] != kind:
        ledger.write(subjects, fact.case_id, fact, kind=kind)


def _judge(
    ledger: Ledger, fact: Delivered, at: datetime, cycle: int, judged: Iterable[_Judged], by: str = ""
) -> None:
    """An issue is judged once at a closing; a department is rated by each township (``by``) for itself.

    Its own township's later verdict takes the place of the closing's, and counts where the closing does.
    """
    for measure, subject, outcome in judged:
        key = f"{measure.value}/{fact.case_id}/{cycle}/{subject}"
        known = ledger.row(judgements, key) if measure is Measure.ISSUE else None
        ledger.write(
            judgements,
            f"{key}/{by}" if by and measure is not Measure.ISSUE else key,
            fact,
            measure=measure.value,
            case_id=fact.case_id,
            cycle=cycle,
            subject=subject,
            at=at if known is None else known["at"],
            outcome=outcome,
        )


def _closing(
    cycle: int, appraised: bool, verdicts: Iterable[intake.IssueVerdict], ratings: Iterable[_Judged]
) -> Iterator[_Judged]:
    """What a closing is counted as; one nobody appraised is not satisfied, and not dissatisfied either."""
    yield Measure.CLOSING, LEAD, "again" if cycle > 1 else "first"
    if appraised:
        yield Measure.PART, LEAD, "appraised"
        yield from ((Measure.ISSUE, each.issue_id, each.verdict) for each in verdicts)
        yield from ratings


def _closed(ledger: Ledger, fact: Delivered, it: intake.WhistleClosed) -> None:
    ratings = ((Measure.RATING, each.unit, each.rating) for each in it.ratings)
    judged = _closing(it.cycle, it.appraised, it.verdicts, ratings)
    _judge(ledger, fact, fact.effective_at, it.cycle, judged)


def _judged_by_another(ledger: Ledger, fact: Delivered, it: intake.AdoptedIssuesJudged) -> None:
    """The township of a merged whistle judges its own issues in the parent."""
    judged: list[_Judged] = [(Measure.ISSUE, each.issue_id, each.verdict) for each in it.verdicts]
    judged += [(Measure.RATING, each.unit, each.rating) for each in it.ratings]
    _judge(ledger, fact, fact.effective_at, it.cycle, judged, it.unit)


def _recorded(ledger: Ledger, fact: Delivered, it: intake.WhistleRecorded) -> None:
    _named(ledger, fact, it.kind)
    rated = [(each.unit, each.rating) for each in it.departments if each.rating is not None]
    ratings = ((Measure.RATING, unit, rating) for unit, rating in rated)
    _judge(ledger, fact, it.closed_at, 1, _closing(1, it.appraised, it.verdicts, ratings))


HANDLERS: Final[Mapping[type[Published], Handler]] = {
    intake.WhistleRaised: _kind,
    intake.WhistleSigned: _kind,
    intake.LetterSubmitted: _channel,
    intake.LetterRecorded: _channel,
    intake.WhistleClosed: _closed,
    intake.AdoptedIssuesJudged: _judged_by_another,
    intake.WhistleRecorded: _recorded,
}
"""Published fact → what it changes."""
