"""Parking and extension, with what others learn of them; handling stays here."""

from typing import Any, Final

from accountability.application.publishing import Outbound
from accountability.domain import extension, handling, parking
from accountability.domain.extension import facts as extensions
from accountability.domain.parking import facts as parkings
from backbone.decider import Aggregate, Codec
from contracts.events import Published
from contracts.events import accountability as published


def _out(fact: Published) -> Outbound:
    return [(fact.NAME, fact.case_id, fact.model_dump_json(exclude_none=True))]


def publish_parking(event: parking.Event, state: parking.Parking, case_id: str) -> Outbound:
    """What others learn of a parking's fact; that it has begun, routing has said."""
    applied = state.applied
    assert applied is not None, "a parking's first fact applies for it"
    who: dict[str, Any] = {"case_id": case_id, "number": event.number}
    lead, township = applied.lead, applied.township
    match event:
        case parkings.ParkingAppliedFor():
            return _out(_applied_for(event, case_id))
        case parkings.ParkingObjectedTo(_, reason):
            return _out(published.ParkingObjectedTo(**who, unit=township, reason_sealed=reason))
        case parkings.ParkingApproved(_, leading, at):
            approved = published.ParkingApproved(
                **who, unit=leading, township=township, at=at, sunset=applied.sunset
            )
            return _out(approved)
        case parkings.ParkingRefused(_, reason):
            return _out(published.ParkingRefused(**who, unit=lead, township=township, reason_sealed=reason))
        case parkings.ParkingBegun():
            return []
        case parkings.ParkingReviewed(_, round_, by, words):
            return _out(published.ParkingReviewed(**who, round=round_, unit=by, content_sealed=words))
        case parkings.MilestoneReached(_, milestone, by):
            return _out(published.MilestoneReached(**who, milestone=milestone, unit=by))
        case parkings.ParkingEnded(_, at, cause, by, reason):
            ended = published.ParkingEnded(
                **who, at=at, cause=cause, lead=lead, township=township, unit=by, reason_sealed=reason
            )
            return _out(ended)
        case parkings.ParkingLapsed(_, cause):
            return _out(published.ParkingLapsed(**who, cause=cause, unit=lead, township=township))


def _applied_for(event: parkings.ParkingAppliedFor, case_id: str) -> published.ParkingAppliedFor:
    return published.ParkingAppliedFor(
        case_id=case_id,
        number=event.number,
        unit=event.lead,
        township=event.township,
        ground=event.ground,
        plan_sealed=event.plan,
        milestones=tuple(
            published.Milestone(number=each.number, due=each.due, text_sealed=each.text)
            for each in event.milestones
        ),
        owner_sealed=event.owner,
        sunset=event.sunset,
        second=event.second,
    )


def publish_extension(event: extension.Event, state: extension.Extension, case_id: str) -> Outbound:
    """What others learn of an extension's fact."""
    applied = state.applied
    assert applied is not None, "an extension's first fact applies for it"
    who: dict[str, Any] = {"case_id": case_id, "number": event.number, "unit": applied.lead}
    match event:
        case extensions.ExtensionAppliedFor():
            asked = published.ExtensionAppliedFor(
                **who,
                clock_id=event.clock_id,
                amount=event.amount,
                measure=event.unit,
                reason_sealed=event.reason,
                due=event.due,
                second=event.second,
            )
            return _out(asked)
        case extensions.ExtensionGranted(_, at):
            granted = published.ExtensionGranted(
                **who, clock_id=applied.clock_id, amount=applied.amount, at=at, second=applied.second
            )
            return _out(granted)
        case extensions.ExtensionRefused(_, reason):
            return _out(published.ExtensionRefused(**who, reason_sealed=reason))
        case extensions.ExtensionLeftUndecided(_, cause, at):
            return _out(published.ExtensionLeftUndecided(**who, cause=cause, at=at))
        case extensions.ExtensionLapsed(_, cause):
            return _out(published.ExtensionLapsed(**who, cause=cause))


HANDLING: Final[Aggregate[handling.Command, handling.Event, handling.Handling]] = Aggregate(
    category="handling",
    initial=handling.INITIAL,
    decide=handling.decide,
    evolve=handling.evolve,
    codec=Codec(handling.Event),
    publish=lambda _event, _state, _key: (),
)
PARKING: Final[Aggregate[parking.Command, parking.Event, parking.Parking]] = Aggregate(
    category="parking",
    initial=parking.INITIAL,
    decide=parking.decide,
    evolve=parking.evolve,
    codec=Codec(parking.Event),
    publish=publish_parking,
)
EXTENSION: Final[Aggregate[extension.Command, extension.Event, extension.Extension]] = Aggregate(
    category="extension",
    initial=extension.INITIAL,
    decide=extension.decide,
    evolve=extension.evolve,
    codec=Codec(extension.Event),
    publish=publish_extension,
)
