"""挂账裁量: what a command makes of a parking: facts, nothing, or a refusal."""

from typing import assert_never

from accountability.domain.handling import require_in_hand, require_lead, require_level
from accountability.domain.moments import DAY, day_of, end_of, instant
from accountability.domain.parking.commands import (
    ApplyForParking,
    ApproveParking,
    Command,
    EndAtSunset,
    EndParking,
    NoteOvertaken,
    NoteParked,
    NoteParkingRefused,
    ObjectToParking,
    ReachMilestone,
    RefuseParking,
    ReviewParking,
)
from accountability.domain.parking.facts import (
    EndCause,
    Event,
    MilestoneReached,
    ParkingAppliedFor,
    ParkingApproved,
    ParkingBegun,
    ParkingEnded,
    ParkingLapsed,
    ParkingObjectedTo,
    ParkingRefused,
    ParkingReviewed,
)
from accountability.domain.parking.state import OPEN, Parking, Stage
from accountability.domain.refusals import require


def decide(command: Command, parking: Parking) -> list[Event]:
    """The facts that follow from a command; raises ``Refused`` with nothing changed."""
    match command:
        case ApplyForParking():
            return _apply(command, parking)
        case ObjectToParking():
            return _object(command, parking)
        case ApproveParking():
            return _approve(command, parking)
        case RefuseParking():
            return _refuse(command, parking)
        case ReviewParking():
            return _review(command, parking)
        case ReachMilestone():
            return _reach(command, parking)
        case EndParking():
            return _end(command, parking)
        case EndAtSunset(number, at):
            standing = parking.stage is Stage.PARKED and number == parking.number
            return [ParkingEnded(number, at, "sunset")] if standing else []
        case NoteParked(number):
            waits = parking.unanswered and number == parking.number
            return [ParkingBegun(number)] if waits else []
        case NoteParkingRefused(number, cause):
            waits = parking.unanswered and number == parking.number
            return [ParkingLapsed(number, cause)] if waits else []
        case NoteOvertaken():
            return _overtaken(command, parking)
        case _:
            assert_never(command)


def _apply(command: ApplyForParking, parking: Parking) -> list[Event]:
    require_lead(command.by, command.handling)
    applied = parking.applied
    if parking.stage is Stage.APPLIED and applied is not None:
        same = (applied.lead, applied.ground, applied.sunset) == (command.by, command.ground, command.sunset)
        require(same, "parking-applied-for-already")
        return []
    require(parking.stage not in OPEN, "already-parked")
    require_in_hand(command.handling)
    require(command.handling.reported_in, "parking-before-reporting-in")
    require(command.plan != "", "parking-needs-a-plan")
    require(command.owner != "", "parking-needs-an-owner")
    version = command.rules_version
    require(command.ground in command.admitted, "parking-ground-not-admitted", rules_version=version)
    today = day_of(command.at)
    require(today < command.sunset, "sunset-must-lie-ahead")
    short = (command.sunset - today) <= command.most_days * DAY
    require(short, "sunset-too-far", most=command.most_days, rules_version=version)
    require(len(command.milestones) > 0, "parking-needs-milestones")
    for each in command.milestones:
        require(each.text != "", "milestone-needs-words")
        require(today <= each.due <= command.sunset, "milestone-outside-the-parking")
    return [
        ParkingAppliedFor(
            number=parking.number + 1,
            lead=command.by,
            township=command.handling.township,
            ground=command.ground,
            plan=command.plan,
            milestones=command.milestones,
            owner=command.owner,
            sunset=command.sunset,
            second=parking.times >= command.office_decides,
        )
    ]


def _object(command: ObjectToParking, parking: Parking) -> list[Event]:
    require(command.handling.township == command.by != "", "unknown-case")
    require(parking.stage in OPEN, "no-parking-to-object-to")
    if parking.objected:
        return []
    require(command.reason != "", "objection-needs-a-reason")
    return [ParkingObjectedTo(parking.number, command.reason)]


def _approve(command: ApproveParking, parking: Parking) -> list[Event]:
    if parking.stage in (Stage.APPROVED, Stage.PARKED):
        return []
    applied = _applied(parking)
    require_level(not applied.second, command.county_leader)
    require_in_hand(command.handling)
    require(day_of(command.at) < applied.sunset, "sunset-must-lie-ahead")
    return [ParkingApproved(parking.number, command.handling.lead, instant(command.at))]


def _refuse(command: RefuseParking, parking: Parking) -> list[Event]:
    if parking.stage is Stage.REFUSED:
        return []
    applied = _applied(parking)
    require_level(not applied.second, command.county_leader)
    require(command.reason != "", "refusing-parking-needs-a-reason")
    return [ParkingRefused(parking.number, command.reason)]


def _review(command: ReviewParking, parking: Parking) -> list[Event]:
    _concerned(command, parking)
    if parking.stage is Stage.PARKED and parking.reviewed == command.words != "":
        return []
    require(parking.stage is Stage.PARKED, "not-parked")
    require(command.words != "", "review-needs-words")
    return [ParkingReviewed(parking.number, parking.round, command.by, command.words)]


def _reach(command: ReachMilestone, parking: Parking) -> list[Event]:
    applied = _concerned(command, parking)
    require(command.milestone in [each.number for each in applied.milestones], "unknown-milestone")
    if command.milestone in parking.reached:
        return []
    require(parking.stage is Stage.PARKED, "not-parked")
    return [MilestoneReached(parking.number, command.milestone, command.by)]


def _end(command: EndParking, parking: Parking) -> list[Event]:
    """After its day it has ended with that day, whoever notices."""
    applied = _concerned(command, parking)
    if parking.stage is Stage.ENDED:
        return []
    require(parking.stage is Stage.PARKED, "not-parked")
    require(command.reason != "", "ending-parking-needs-a-reason")
    at, sunset = instant(command.at), end_of(applied.sunset)
    cause: EndCause = "early" if at <= sunset else "sunset"
    return [ParkingEnded(parking.number, min(at, sunset), cause, command.by, command.reason)]


def _overtaken(command: NoteOvertaken, parking: Parking) -> list[Event]:
    """What is approved but not answered yet, routing itself answers."""
    if parking.stage is Stage.APPLIED:
        return [ParkingLapsed(parking.number, command.cause)]
    if parking.stage is not Stage.PARKED or parking.approved_at is None or parking.applied is None:
        return []
    at = min(max(instant(command.at), parking.approved_at), end_of(parking.applied.sunset))
    return [ParkingEnded(parking.number, at, command.cause)]


def _applied(parking: Parking) -> ParkingAppliedFor:
    require(parking.stage is Stage.APPLIED, "no-parking-applied-for")
    assert parking.applied is not None, "what is applied for was"
    return parking.applied


def _concerned(command: ReviewParking | ReachMilestone | EndParking, parking: Parking) -> ParkingAppliedFor:
    """The lead's to do, of some things also the office's."""
    by_office = not isinstance(command, ReachMilestone) and command.by_office
    if not by_office:
        require_lead(command.by, command.handling)
    require(parking.applied is not None, "not-parked")
    assert parking.applied is not None
    return parking.applied
