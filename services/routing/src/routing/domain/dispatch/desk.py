"""派单台: the office confirms or corrects a provisional dispatch (W4)."""

from routing.domain.dispatch.commands import ConfirmDispatch, CorrectDispatch
from routing.domain.dispatch.facts import Assigned, DispatchConfirmed, DispatchCorrected, Event
from routing.domain.dispatch.opening import assign
from routing.domain.dispatch.state import Dispatch, Stage
from routing.domain.refusals import require


def confirm(command: ConfirmDispatch, dispatch: Dispatch) -> list[Event]:
    """The provisional departments are right; or nobody's duty was found, and they stay provisional."""
    require_dispatched(dispatch)
    confirmed = DispatchConfirmed(
        command.legal_basis,
        command.owner_found,
        dispatch.complex or command.complex,
        command.complex_reason or None,
        None if command.owner_found else command.at,
    )
    match dispatch.desk:
        case DispatchConfirmed(confirmed.legal_basis, confirmed.owner_found, confirmed.complex):
            return []  # its reason is sealed afresh each time, so a repeat is known by the rest
    _still_open(dispatch)
    if command.owner_found:
        require(command.legal_basis != "", "desk-needs-a-legal-basis")
    _complex_with_reason(command.complex, command.complex_reason, dispatch)
    return [confirmed]


def correct(command: CorrectDispatch, dispatch: Dispatch) -> list[Event]:
    """Other departments are right: the wrong ones are void, the right ones start afresh, the rest go on."""
    require_dispatched(dispatch)
    wanted = _wanted(command, dispatch)
    has = {each.assigned.unit: each.assigned for each in dispatch.assignments}
    corrected = DispatchCorrected(
        command.legal_basis,
        dispatch.complex or command.complex,
        command.complex_reason or None,
        voided=tuple(each for unit, each in has.items() if unit not in {want.unit for want in wanted}),
        issued=tuple(want for want in wanted if want.unit not in has),
        changed=tuple(
            Assigned(has[want.unit].assignment_id, want.unit, want.part, want.issue_ids, provisional=False)
            for want in wanted
            if want.unit in has and not _same_work(want, has[want.unit])
        ),
    )
    moves = corrected.voided or corrected.issued or corrected.changed
    spoken = dispatch.desk is not None and dispatch.desk.legal_basis == command.legal_basis
    if spoken and not moves and not dispatch.provisional:
        return []
    if command.by_ruling:
        require_open(dispatch)
    else:
        _still_open(dispatch)
    require(command.legal_basis != "", "desk-needs-a-legal-basis")
    _complex_with_reason(command.complex, command.complex_reason, dispatch)
    if not moves:
        return [DispatchConfirmed(corrected.legal_basis, True, corrected.complex, corrected.complex_reason)]
    require(dispatch.stage is not Stage.CONCLUDED, "lead-already-concluded")
    return [corrected]


def _wanted(command: CorrectDispatch, dispatch: Dispatch) -> tuple[Assigned, ...]:
    """The departments as they are to be, with fresh ids where a department is new."""
    units = tuple(dict.fromkeys((command.lead, *(each.unit for each in command.assists))))
    for unit in units:
        require(unit in command.registered, "unknown-department", unit=unit)
    named: dict[str, str] = {}
    for each in command.assists:
        require(each.unit != command.lead, "lead-cannot-assist")
        for issue_id in each.issue_ids:
            require(named.setdefault(issue_id, each.unit) == each.unit, "issue-answered-twice")
    require(named.keys() <= set(dispatch.issue_ids), "issue-not-dispatched")
    answerable = {issue_id: named.get(issue_id, command.lead) for issue_id in dispatch.issue_ids}
    return assign(dispatch.case_id, units, answerable, False, dispatch.cycle, dispatch.given_ids)


def _same_work(want: Assigned, has: Assigned) -> bool:
    return want.part == has.part and set(want.issue_ids) == set(has.issue_ids)


def require_dispatched(dispatch: Dispatch) -> None:
    require(dispatch.stage is not Stage.NONE, "unknown-case")
    require(dispatch.stage is not Stage.SCHEDULED, "not-dispatched-yet")


def require_open(dispatch: Dispatch) -> None:
    """Nothing can be done on a dispatch that has ended."""
    require(dispatch.stage is not Stage.CLOSED, "dispatch-closed")
    require(dispatch.stage is not Stage.WITHDRAWN, "dispatch-withdrawn")
    require(dispatch.stage is not Stage.NOT_ACCEPTED, "whistle-not-accepted")
    require(dispatch.stage is not Stage.MERGED, "whistle-merged")


def _still_open(dispatch: Dispatch) -> None:
    require_open(dispatch)
    require(dispatch.provisional, "not-provisional")


def _complex_with_reason(complex_: bool, reason: str, dispatch: Dispatch) -> None:
    require(not complex_ or dispatch.complex or reason != "", "complex-needs-a-reason")
