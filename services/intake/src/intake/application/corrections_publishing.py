"""From the facts of corrections of letters to the published language."""

from typing import Final

from backbone.decider import Aggregate, Codec
from contracts.events import intake as published
from intake.application.publishing import Outbound
from intake.domain import correction


def publish_correction(event: correction.Event, state: correction.Corrections, case_id: str) -> Outbound:
    """What others learn of a correction of a letter's times."""
    what = {
        "case_id": case_id,
        "correction_id": event.correction,
        "fact": event.subject.fact,
        "reason_sealed": event.reason,
        "by": event.by,
    }
    match event:
        case correction.CorrectionProposed(_, _, old_at, new_at):
            times = {"old_at": old_at, "new_at": new_at}
            proposed = published.CorrectionProposed.model_validate(what | times)
            return [(proposed.NAME, case_id, proposed.model_dump_json())]
        case correction.FactCorrected(_, _, old_at, new_at):
            times = {"old_at": old_at, "new_at": new_at}
            corrected = published.FactCorrected.model_validate(
                what | times | {"approved_by": event.approved_by}
            )
            return [(corrected.NAME, case_id, corrected.model_dump_json())]
        case correction.CorrectionDeclined():
            declined = published.CorrectionDeclined.model_validate(what)
            return [(declined.NAME, case_id, declined.model_dump_json())]


CORRECTION: Final[Aggregate[correction.Command, correction.Event, correction.Corrections]] = Aggregate(
    category="correction",
    initial=correction.INITIAL,
    decide=correction.decide,
    evolve=correction.evolve,
    codec=Codec(correction.Event),
    publish=publish_correction,
)
