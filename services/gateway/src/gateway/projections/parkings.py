"""Parking and extension in the case view: what was asked for, what became of it, and who is told."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, insert, update

from contracts.events import Published, accountability, routing
from gateway.projections.facts import ERASED, Fact, Handler, answered, key_of, notice, state, waits
from gateway.projections.parking_tables import extensions, milestones, parkings
from gateway.projections.returns import COUNTY_LEADER, OFFICE
from gateway.projections.tables import cases


def _told(
    fact: Fact, kind: str, *units: str, params: Mapping[str, Any] | None = None
) -> Sequence[Executable]:
    """A notice to each unit."""
    return [notice(f"{fact.event.id}/{unit}", unit, fact, kind, params or {}) for unit in units]


def _decider(second: bool) -> str:
    return COUNTY_LEADER if second else OFFICE


def _parking(fact: Fact, number: int, **values: Any) -> Executable:
    return (
        update(parkings)
        .where(parkings.c.case_id == fact.case_id, parkings.c.number == number)
        .values(**values)
    )


def _extension(fact: Fact, number: int, **values: Any) -> Executable:
    return (
        update(extensions)
        .where(extensions.c.case_id == fact.case_id, extensions.c.number == number)
        .values(**values)
    )


def _parking_applied_for(fact: Fact, it: accountability.ParkingAppliedFor) -> Sequence[Executable]:
    steps = [
        {
            "case_id": fact.case_id,
            "parking": it.number,
            "number": each.number,
            "due": each.due,
            "text": fact.plain(each.text_sealed) or "",
        }
        for each in it.milestones
    ]
    return (
        insert(parkings).values(
            case_id=fact.case_id,
            number=it.number,
            unit=it.unit,
            state="applied",
            second=it.second,
            ground=it.ground,
            plan=fact.plain(it.plan_sealed) or "",
            owner=fact.plain(it.owner_sealed) or "",
            owner_key=key_of(it.owner_sealed),
            sunset=it.sunset,
            applied_at=fact.at,
        ),
        insert(milestones).values(steps),
        state(fact, None),
        *_told(fact, "parking-applied-for", _decider(it.second), it.township),
    )


def _parking_objected_to(fact: Fact, it: accountability.ParkingObjectedTo) -> Sequence[Executable]:
    return (
        _parking(fact, it.number, objection=fact.plain(it.reason_sealed)),
        state(fact, None),
        *_told(fact, "parking-objected-to", OFFICE),
    )


def _parking_approved(fact: Fact, it: accountability.ParkingApproved) -> Sequence[Executable]:
    return (_parking(fact, it.number, state="approved", approved_at=it.at), waits(fact, "parking"))


def _parking_refused(fact: Fact, it: accountability.ParkingRefused) -> Sequence[Executable]:
    return (
        _parking(fact, it.number, state="refused", reason=fact.plain(it.reason_sealed), ended_at=fact.at),
        state(fact, None),
        *_told(fact, "parking-refused", it.unit, it.township),
    )


def _parked(fact: Fact, it: routing.DispatchParked) -> Sequence[Executable]:
    return (
        _parking(fact, it.number, state="parked"),
        state(fact, "parked", answered="parking"),
        *_told(fact, "parked", it.unit, it.township),
    )


def _parking_reviewed(fact: Fact, it: accountability.ParkingReviewed) -> Sequence[Executable]:
    return (
        _parking(fact, it.number, review=fact.plain(it.content_sealed), reviewed_at=fact.at),
        state(fact, None),
    )


def _milestone_reached(fact: Fact, it: accountability.MilestoneReached) -> Sequence[Executable]:
    return (
        update(milestones)
        .where(
            milestones.c.case_id == fact.case_id,
            milestones.c.parking == it.number,
            milestones.c.number == it.milestone,
        )
        .values(reached_at=fact.at),
        state(fact, None),
    )


def _parking_ended(fact: Fact, it: accountability.ParkingEnded) -> Sequence[Executable]:
    ended = {"cause": it.cause, "ended_at": it.at, "reason": fact.plain(it.reason_sealed)}
    return (
        _parking(fact, it.number, state="ended", **ended),
        waits(fact, "unparking"),
        *_told(fact, "parking-ended", it.lead, it.township, params={"cause": it.cause}),
    )


def _parking_lapsed(fact: Fact, it: accountability.ParkingLapsed) -> Sequence[Executable]:
    return (
        _parking(fact, it.number, state="lapsed", cause=it.cause, ended_at=fact.at),
        state(fact, None),
        *_told(fact, "parking-lapsed", it.unit, it.township, params={"cause": it.cause}),
    )


def _unparked(fact: Fact, _: routing.DispatchUnparked) -> Sequence[Executable]:
    """It is in handling again, unless it has ended meanwhile."""
    standing = cases.c.case_id == fact.case_id, cases.c.state == "parked"
    return (
        update(cases).where(*standing).values(state="handling"),
        state(fact, None, answered="unparking"),
    )


def _extension_applied_for(fact: Fact, it: accountability.ExtensionAppliedFor) -> Sequence[Executable]:
    return (
        insert(extensions).values(
            case_id=fact.case_id,
            number=it.number,
            unit=it.unit,
            clock_id=it.clock_id,
            state="applied",
            second=it.second,
            amount=it.amount,
            measure=it.measure,
            reason=fact.plain(it.reason_sealed) or "",
            due_before=it.due,
            applied_at=fact.at,
        ),
        state(fact, None),
        *_told(fact, "extension-applied-for", _decider(it.second)),
    )


def _extension_granted(fact: Fact, it: accountability.ExtensionGranted) -> Sequence[Executable]:
    return (
        _extension(fact, it.number, state="granted", decided_at=it.at),
        waits(fact, "extension"),
        *_told(fact, "extension-granted", it.unit),
    )


def _extension_refused(fact: Fact, it: accountability.ExtensionRefused) -> Sequence[Executable]:
    refusal = fact.plain(it.reason_sealed)
    return (
        _extension(fact, it.number, state="refused", refusal=refusal, decided_at=fact.at),
        state(fact, None),
        *_told(fact, "extension-refused", it.unit),
    )


def _extension_left_undecided(fact: Fact, it: accountability.ExtensionLeftUndecided) -> Sequence[Executable]:
    return (
        _extension(fact, it.number, state="undecided", cause=it.cause, decided_at=it.at),
        state(fact, None),
        *_told(fact, "extension-left-undecided", it.unit),
    )


def _extension_lapsed(fact: Fact, it: accountability.ExtensionLapsed) -> Sequence[Executable]:
    return (
        _extension(fact, it.number, state="lapsed", cause=it.cause, decided_at=fact.at),
        state(fact, None, answered="extension"),
        *_told(fact, "extension-lapsed", it.unit),
    )


def erased(keys: Sequence[str], gone: Sequence[str]) -> Sequence[Executable]:
    """What is forgotten with the keys of persons, and with the cases ``gone``."""
    return (
        update(parkings)
        .where(parkings.c.case_id.in_(gone))
        .values(plan=ERASED, objection=None, reason=None, review=None),
        update(milestones).where(milestones.c.case_id.in_(gone)).values(text=ERASED),
        update(extensions).where(extensions.c.case_id.in_(gone)).values(reason=ERASED, refusal=None),
        update(parkings).where(parkings.c.owner_key.in_(keys)).values(owner=ERASED),
    )


HANDLERS: Mapping[type[Published], Handler] = {
    accountability.ParkingAppliedFor: _parking_applied_for,
    accountability.ParkingObjectedTo: _parking_objected_to,
    accountability.ParkingApproved: _parking_approved,
    accountability.ParkingRefused: _parking_refused,
    routing.DispatchParked: _parked,
    routing.ParkingRefused: lambda fact, _: (answered(fact, "parking"),),
    accountability.ParkingReviewed: _parking_reviewed,
    accountability.MilestoneReached: _milestone_reached,
    accountability.ParkingEnded: _parking_ended,
    accountability.ParkingLapsed: _parking_lapsed,
    routing.DispatchUnparked: _unparked,
    accountability.ExtensionAppliedFor: _extension_applied_for,
    accountability.ExtensionGranted: _extension_granted,
    accountability.ExtensionRefused: _extension_refused,
    accountability.ExtensionLeftUndecided: _extension_left_undecided,
    accountability.ExtensionLapsed: _extension_lapsed,
}
"""Published fact → what it changes."""
UNTOLD = frozenset({routing.DispatchParked.NAME, routing.ParkingRefused.NAME, routing.DispatchUnparked.NAME})
"""Routing's answers make no line of their own: the decisions they answer do."""
