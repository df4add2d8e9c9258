"""From the facts of parking to the published language."""

from contracts.events import Published
from contracts.events import routing as published
from routing.application.publishing_returns import Outbound, out
from routing.domain.dispatch import Dispatch, facts

ParkingFact = facts.DispatchParked | facts.ParkingRefused | facts.DispatchUnparked


def publish_parking(event: ParkingFact, state: Dispatch, case_id: str) -> Outbound:
    """What others learn: whether the dispatch stands still, and since when."""
    fact: Published
    if isinstance(event, facts.ParkingRefused):
        fact = published.ParkingRefused(case_id=case_id, number=event.number, cause=event.cause)
        return [out(fact)]
    lead = state.lead
    assert lead is not None, "what is dispatched has a lead"
    parked = isinstance(event, facts.DispatchParked)
    model = published.DispatchParked if parked else published.DispatchUnparked
    fact = model(
        case_id=case_id,
        number=event.number,
        unit=lead.assigned.unit,
        township=state.township,
        cycle=state.cycle,
        at=event.at,
    )
    return [out(fact)]
