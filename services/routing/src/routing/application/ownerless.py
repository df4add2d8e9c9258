"""Asking whose duty it is when the desk found no owner (W4): the office files a dispute, once."""

from typing import Final

from backbone.decider import CommandContext, execute
from backbone.eventstore import EventStore
from backbone.sealing import Sealer, key_id
from contracts.catalogue import sentence
from routing.application.disputes_publishing import DISPUTE, dispute_about
from routing.application.publishing import DISPATCH
from routing.application.standing import standing_of
from routing.domain.dispute.commands import FileDispute
from routing.domain.refusals import Refused

OFFICE: Final = "burden-reduction-office"
"""减负办, whose desk it is."""


class OwnerlessDuties:
    """Files the dispute of a whistle without an owner; safe to be asked again."""

    def __init__(self, store: EventStore, sealer: Sealer) -> None:
        self._store, self._sealer = store, sealer

    async def ask(self, whistle: str, context: CommandContext) -> None:
        """File it about the provisional lead's part, unless an owner was found or a dispute is there."""
        dispatch = DISPATCH.fold(await self._store.load(DISPATCH.stream(whistle)))
        lead = dispatch.lead
        if lead is None or not dispatch.provisional:
            return
        dispute = dispute_about(whistle, lead.assigned.assignment_id)
        if await self._store.load(DISPUTE.stream(dispute)):
            return
        units = tuple(each.assigned.unit for each in dispatch.assignments)
        spoken = dispatch.desk.legal_basis if dispatch.desk is not None else ""
        matter = sentence("no-owner-found", "zh", {"issues": len(dispatch.issue_ids)})
        filing = FileDispute(
            disputed_department=lead.assigned.unit,
            filed_by=OFFICE,
            filer="office",
            legal_basis=spoken or sentence("no-owner-found-basis", "zh"),
            matter=await self._sealer.seal(key_id("case", dispute), matter),
            registered=frozenset(units),
            whistle=whistle,
            standing=standing_of(dispatch, lead.assigned.unit),
            issue_ids=dispatch.issue_ids,
            named=units,
        )
        try:
            await execute(self._store, DISPUTE, dispute, filing, context)
        except Refused:
            return  # the whistle has ended, or its parties have filed it themselves
