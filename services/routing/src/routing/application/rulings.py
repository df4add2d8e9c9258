"""Carrying a decided dispute out on its whistle: the right departments get it."""

from dataclasses import replace
from uuid import uuid5

from backbone.decider import CommandContext, execute
from backbone.eventstore import EventStore
from routing.application.directory import Directory
from routing.application.disputes_publishing import DISPUTE
from routing.application.publishing import DISPATCH
from routing.domain.dispatch import Dispatch, Stage
from routing.domain.dispatch.commands import Assist, CorrectDispatch
from routing.domain.dispatch.facts import DispatchCorrected
from routing.domain.dispute.commands import NoteExecution
from routing.domain.dispute.facts import DisputeFiled, Effect, Ruling
from routing.domain.refusals import Refused
from routing.domain.succession import Succession


class Rulings:
    """Executes rulings and agreements; safe to be asked again."""

    def __init__(self, store: EventStore, directory: Directory) -> None:
        self._store, self._directory = store, directory

    async def carry_out(self, case: str, context: CommandContext) -> None:
        """Change the departments of the whistle as decided; what comes too late leaves only the precedent."""
        dispute = DISPUTE.fold(await self._store.load(DISPUTE.stream(case)))
        if dispute.filed is None or dispute.ruling is None:
            return
        effect = await self._reassign(dispute.filed, dispute.ruling, context)
        noting = replace(context, command_id=uuid5(context.command_id, "note-execution"))
        await execute(self._store, DISPUTE, case, NoteExecution(dispute.number, effect), noting)

    async def _reassign(self, filed: DisputeFiled, ruling: Ruling, context: CommandContext) -> Effect:
        if filed.whistle is None:
            return "nothing-to-reassign"
        succession = await self._directory.succession()
        ruling, disputed = _as_it_is_now(ruling, filed.disputed_department, succession)
        registered = await self._directory.registered(ruling.units)
        if ruling.lead not in registered:
            return "without-effect"  # a township's own duty: its whistle is withdrawn or not accepted
        try:
            await execute(
                self._store,
                DISPATCH,
                filed.whistle,
                lambda dispatch: _correction(dispatch, disputed, ruling, registered),
                context,
            )
        except Refused:
            return "without-effect"
        dispatch = DISPATCH.fold(await self._store.load(DISPATCH.stream(filed.whistle)))
        spoken = dispatch.desk
        moved = isinstance(spoken, DispatchCorrected) and spoken.legal_basis == ruling.legal_basis
        if dispatch.stage is not Stage.OUT and not moved:
            return "without-effect"
        return "reassigned" if moved else "nothing-to-reassign"


def _as_it_is_now(ruling: Ruling, disputed: str, succession: Succession) -> tuple[Ruling, str]:
    """Ruling and disputed department, with heirs for units that were merged since the decision."""
    lead = succession.heir(ruling.lead) or ruling.lead
    shares = {(succession.heir(each.unit) or each.unit): each for each in ruling.assists}
    assists = tuple(replace(each, unit=unit) for unit, each in shares.items() if unit != lead)
    return replace(ruling, lead=lead, assists=assists), succession.heir(disputed) or disputed


def _correction(
    dispatch: Dispatch, disputed: str, ruling: Ruling, registered: frozenset[str]
) -> CorrectDispatch:
    """The ruled units; others stay as assists with their issues, except the one that disowned the duty."""
    has = {each.assigned.unit: each for each in dispatch.assignments}
    stay = [unit for unit in has if unit not in (*ruling.units, disputed)]
    assisting = [each.unit for each in ruling.assists if each.unit in registered]
    return CorrectDispatch(
        lead=ruling.lead,
        assists=tuple(
            Assist(unit, has[unit].assigned.issue_ids if unit in has and not has[unit].is_lead else ())
            for unit in (*assisting, *stay)
        ),
        registered=registered | frozenset(stay),
        legal_basis=ruling.legal_basis,
        by_ruling=True,
    )
