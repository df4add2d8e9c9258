"""From the facts of corrections to the published language."""

from typing import Final

from backbone.decider import Aggregate, Codec
from contracts.events import routing as published
from routing.application.publishing_returns import Outbound, out
from routing.domain import correction


def publish_correction(event: correction.Event, state: correction.Corrections, case_id: str) -> Outbound:
    """What others learn of a correction of a whistle's times."""
    subject = event.subject
    what = {
        "case_id": case_id,
        "correction_id": event.correction,
        "fact": subject.fact,
        "assignment_id": subject.assignment_id,
        "unit": subject.unit,
        "part": subject.part,
        "cycle": subject.cycle,
        "reason_sealed": event.reason,
        "by": event.by,
    }
    match event:
        case correction.CorrectionProposed(_, _, old_at, new_at):
            times = {"old_at": old_at, "new_at": new_at}
            return [out(published.CorrectionProposed.model_validate(what | times))]
        case correction.FactCorrected(_, _, old_at, new_at):
            corrected = {"old_at": old_at, "new_at": new_at, "approved_by": event.approved_by}
            return [out(published.FactCorrected.model_validate(what | corrected))]
        case correction.CorrectionDeclined():
            return [out(published.CorrectionDeclined.model_validate(what))]


CORRECTION: Final[Aggregate[correction.Command, correction.Event, correction.Corrections]] = Aggregate(
    category="correction",
    initial=correction.INITIAL,
    decide=correction.decide,
    evolve=correction.evolve,
    codec=Codec(correction.Event),
    publish=publish_correction,
)
