"""From the facts of endings and new cycles to the published language."""

from contracts.events import routing as published
from routing.application.publishing_returns import Outbound, assigned, out
from routing.domain.dispatch import Dispatch, facts

EndingFact = (
    facts.WithdrawalRequested
    | facts.WithdrawalRefused
    | facts.DispatchWithdrawn
    | facts.WhistleNotAccepted
    | facts.AppealNoted
    | facts.AppealDecided
    | facts.CycleOpened
)


def publish_ending(event: EndingFact, state: Dispatch, case_id: str) -> Outbound:
    """What others learn; that there is an appeal they know from intake."""
    place = state.township
    match event:
        case facts.WithdrawalRequested(reason):
            asked = published.WithdrawalRequested(case_id=case_id, township=place, reason_sealed=reason)
            return [out(asked)]
        case facts.WithdrawalRefused(reason):
            refused = published.WithdrawalRefused(case_id=case_id, township=place, reason_sealed=reason)
            return [out(refused)]
        case facts.DispatchWithdrawn(reason, consented):
            withdrawn = published.DispatchWithdrawn(
                case_id=case_id, township=place, reason_sealed=reason, consented=consented
            )
            return [out(withdrawn)]
        case facts.WhistleNotAccepted(reason_code, legal_basis):
            not_accepted = published.WhistleNotAccepted(
                case_id=case_id, township=place, reason_code=reason_code, legal_basis=legal_basis
            )
            return [out(not_accepted)]
        case facts.AppealNoted():
            return []
        case facts.AppealDecided(granted, reason, assignments, cycle):
            decided = published.AppealDecided(
                case_id=case_id,
                granted=granted,
                reason_sealed=reason,
                township=place,
                emergency=state.emergency,
                complex=state.complex,
                cycle=cycle,
                assignments=tuple(assigned(each, state) for each in assignments),
            )
            return [out(decided)]
        case facts.CycleOpened(assignments, cycle):
            opened = published.CycleOpened(
                case_id=case_id,
                township=place,
                emergency=state.emergency,
                complex=state.complex,
                cycle=cycle,
                assignments=tuple(assigned(each, state) for each in assignments),
            )
            return [out(opened)]
