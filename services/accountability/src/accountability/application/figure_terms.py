"""The terms figures are weighed by: every version there ever was, and what one would change in a table."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from accountability.application.figure_publishing import FIGURE_POLICY, POLICY_KEY
from accountability.application.figures import Figures, FigureTable
from accountability.domain.figure_policy import (
    FigureTermsApproved,
    FigureTermsProposed,
    ProposeFigureTerms,
    TermsVersion,
    decide,
)
from accountability.domain.figures import Period
from accountability.domain.figures.sheet import differences
from accountability.domain.moments import day_of
from backbone.eventstore import EventStore
from backbone.identity import Actor
from contracts.permissions import permit


@dataclass(frozen=True, slots=True)
class TermsEntry:
    """One version with who did what."""

    version: TermsVersion
    state: Literal["proposed", "approved"]
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None


class FigureTermsRecord:
    """Questions about the record of figure terms; they store nothing."""

    def __init__(self, store: EventStore, figures: Figures) -> None:
        self._store, self._figures = store, figures

    async def entries(self, actor: Actor) -> tuple[TermsVersion | None, Sequence[TermsEntry]]:
        """The terms of a period that begins today, None where the default ones hold; and every version."""
        permit(actor, "read-directory")
        history = await self._store.load(FIGURE_POLICY.stream(POLICY_KEY))
        entries: dict[int, TermsEntry] = {}
        for stored in history:
            at = stored.effective_at
            match FIGURE_POLICY.codec.decode(stored.type, stored.data):
                case FigureTermsProposed(version, by):
                    entries[version.number] = TermsEntry(version, "proposed", by, at)
                case FigureTermsApproved(number, by):
                    entries[number] = replace(entries[number], state="approved", decided_by=by, decided_at=at)
        today = day_of(await self._store.now())
        return FIGURE_POLICY.fold(history).in_force(today), list(entries.values())

    async def tried(self, proposal: ProposeFigureTerms, period: Period, actor: Actor) -> FigureTable:
        """The figures of a period as they would be by a document, and what of them would be otherwise.

        The days of the document are left aside: any period shows what its weights do. Raises ``Refused``.
        """
        permit(actor, "try-policy")
        decide(proposal, FIGURE_POLICY.fold(await self._store.load(FIGURE_POLICY.stream(POLICY_KEY))))
        standpoint = await self._figures.standpoint()
        as_they_are = await self._figures.live(period, standpoint)
        other = await self._figures.live(period, standpoint, proposal.terms)
        return replace(other, changes=differences(as_they_are.lines, other.lines))
