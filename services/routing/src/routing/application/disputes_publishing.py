"""From the facts of disputes to the published language, and the timer that carries a ruling out."""

from collections.abc import Sequence
from typing import Final
from uuid import uuid5

from backbone.decider import Aggregate, Codec
from backbone.eventstore import Deadline
from contracts.events import Published
from contracts.events import routing as published
from routing.application.publishing import NAMES
from routing.domain import dispute
from routing.domain.dispute import facts

EXECUTE_RULING: Final = "execute-ruling"
"""The timer that is due with the decision: what it changes on the whistle is changed for certain."""


def dispute_about(whistle: str, assignment_id: str) -> str:
    """The case id of the one dispute about an assignment: whoever files it again is led to it."""
    return str(uuid5(NAMES, f"dispute/{whistle}/{assignment_id}"))


def publish_dispute(
    event: dispute.Event, state: dispute.Dispute, case_id: str
) -> Sequence[tuple[str, str, str]]:
    """What others learn of a dispute's fact; ``state`` is the one after it."""
    fact = _published(event, state, case_id)
    return [(fact.NAME, fact.case_id, fact.model_dump_json(exclude_none=True))]


def _published(event: dispute.Event, state: dispute.Dispute, case_id: str) -> Published:
    assert state.filed is not None, "a dispute's first fact files it"
    whistle = state.filed.whistle
    match event:
        case facts.DisputeFiled():
            return published.DisputeFiled(
                case_id=case_id,
                disputed_department=event.disputed_department,
                filed_by=event.filed_by,
                filer=event.filer,
                legal_basis=event.legal_basis,
                matter_sealed=event.matter,
                whistle=event.whistle,
                assignment_id=event.assignment_id,
                township=event.township,
                proposed_owner=event.proposed_owner,
                letter=event.letter,
                issue_ids=event.issue_ids,
                parties=state.parties,
            )
        case facts.DisputeAccepted():
            return published.DisputeAccepted(case_id=case_id)
        case facts.DisputeNotAccepted(reason):
            return published.DisputeNotAccepted(case_id=case_id, reason_sealed=reason)
        case facts.NegotiationOpened():
            return published.NegotiationOpened(case_id=case_id)
        case facts.CoordinationOpened():
            return published.CoordinationOpened(case_id=case_id)
        case facts.StatementGiven(unit, number, words):
            return published.StatementGiven(case_id=case_id, unit=unit, round=number, content_sealed=words)
        case facts.HearingRecorded(met_on, units, minutes):
            return published.HearingRecorded(
                case_id=case_id, met_on=met_on, units=units, content_sealed=minutes
            )
        case facts.DutyAgreed(ruling, way, _, blameless):
            return published.DutyAgreed(
                case_id=case_id,
                whistle=whistle,
                ruling=_ruling(ruling),
                way=way,
                blameless=blameless,
                parties=state.parties,
            )
        case facts.DutyRuled(ruling):
            return published.DutyRuled(
                case_id=case_id,
                whistle=whistle,
                ruling=_ruling(ruling),
                number=event.number,
                by_higher_level=event.by_higher_level,
                reconsider_until=event.reconsider_until,
                blameless=event.blameless,
                parties=state.parties,
            )
        case facts.ListRevisionDrafted():
            return published.ListRevisionDrafted(
                case_id=case_id,
                replaces=event.replaces,
                duty=event.duty,
                lead=event.lead,
                assists=event.assists,
                legal_basis=event.legal_basis,
            )
        case facts.DisputeReferredUp(to, cause, reason):
            return published.DisputeReferredUp(case_id=case_id, to=to, cause=cause, reason_sealed=reason)
        case facts.ReconsiderationRequested(unit, grounds):
            return published.ReconsiderationRequested(case_id=case_id, unit=unit, reason_sealed=grounds)
        case facts.ReconsiderationRefused(reason):
            return published.ReconsiderationRefused(case_id=case_id, reason_sealed=reason)
        case facts.RulingExecuted(number, effect):
            return published.RulingExecuted(case_id=case_id, whistle=whistle, number=number, effect=effect)


def _ruling(ruling: facts.Ruling) -> published.Ruling:
    return published.Ruling(
        duty=ruling.duty,
        lead=ruling.lead,
        legal_basis=ruling.legal_basis,
        assists=tuple(published.Share(unit=each.unit, duty=each.duty) for each in ruling.assists),
        valid_from=ruling.valid_from,
        valid_until=ruling.valid_until,
        precedent=ruling.precedent,
        item_code=ruling.item_code,
    )


def dispute_deadlines(
    events: Sequence[dispute.Event], state: dispute.Dispute, case_id: str
) -> Sequence[Deadline]:
    """A decision is carried out as soon as it stands."""
    return [
        Deadline(case_id, EXECUTE_RULING, event.at)
        for event in events
        if isinstance(event, facts.DutyRuled | facts.DutyAgreed)
    ]


DISPUTE: Final[Aggregate[dispute.Command, dispute.Event, dispute.Dispute]] = Aggregate(
    category="dispute",
    initial=dispute.INITIAL,
    decide=dispute.decide,
    evolve=dispute.evolve,
    codec=Codec(dispute.Event),
    publish=publish_dispute,
    deadlines=dispute_deadlines,
)
