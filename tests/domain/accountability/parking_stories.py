"""A whistle in the hands of its lead, and beginnings that the stories of parking and extension share."""

from dataclasses import replace
from datetime import date
from typing import get_args

from accountability.domain import extension, handling, parking
from accountability.domain.clock import Running
from accountability.domain.extension.commands import ApplyForExtension, ExtensionLimits
from accountability.domain.extension.facts import ExtensionAppliedFor
from accountability.domain.handling import Handling
from accountability.domain.parking.commands import ApplyForParking
from accountability.domain.parking.facts import (
    Ground,
    Milestone,
    ParkingAppliedFor,
    ParkingApproved,
    ParkingBegun,
    ParkingEnded,
)
from accountability.domain.terms import ClockKind, Profile
from backbone.testing import Scenario
from tests.domain.accountability.stories import WATER, at, running, started

YUANCUN, TRANSPORT = "410923102", "transport"
MONDAY = at("2026-03-02 10:00")
JUNE = date(2026, 6, 30)
IN_HAND = Handling(
    stage=handling.Stage.OUT,
    township=YUANCUN,
    lead=WATER,
    reported_in=True,
    departments=frozenset({WATER, TRANSPORT}),
)
CONCLUDED = replace(IN_HAND, stage=handling.Stage.CONCLUDED)
ENDED = replace(IN_HAND, stage=handling.Stage.ENDED)
STEPS = (Milestone(1, date(2026, 4, 30), "sealed survey"), Milestone(2, JUNE, "sealed dredging"))
APPLY = ApplyForParking(
    by=WATER,
    handling=IN_HAND,
    ground="season_or_term",
    plan="sealed plan",
    milestones=STEPS,
    owner="sealed owner",
    sunset=JUNE,
    admitted=frozenset(get_args(Ground)),
    most_days=180,
    office_decides=1,
    at=MONDAY,
)
APPLIED = ParkingAppliedFor(
    1, WATER, YUANCUN, "season_or_term", "sealed plan", STEPS, "sealed owner", JUNE, second=False
)
APPROVED = ParkingApproved(1, WATER, MONDAY)

nothing = Scenario(parking.decide, parking.evolve, parking.INITIAL)
applied = nothing.given(APPLIED)
approved = applied.given(APPROVED)
parked = approved.given(ParkingBegun(1))
ended = parked.given(ParkingEnded(1, at("2026-04-01 10:00"), "early", WATER, "sealed reason"))
applied_again = ended.given(replace(APPLIED, number=2, second=True))

no_extension = Scenario(extension.decide, extension.evolve, extension.INITIAL)
CLOCK_ID = "c0000000-0000-5000-8000-000000000001"


def handling_clock(moment: str = "2026-03-02 10:00", profile: Profile = Profile.ORDINARY) -> Running:
    """C5 as it stands after its start."""
    return running(started(ClockKind.C5, moment, profile))


LIMITS = ExtensionLimits(most=2, office_decides=1, per_cent=100)
MORE_TIME = ApplyForExtension(
    by=WATER,
    handling=IN_HAND,
    clock_id=CLOCK_ID,
    clock=handling_clock(),
    amount=5,
    reason="sealed reason",
    limits=LIMITS,
    at=at("2026-03-04 10:00"),
)
ASKED = ExtensionAppliedFor(
    1,
    WATER,
    CLOCK_ID,
    5,
    "working-days",
    "sealed reason",
    handling_clock().due,
    second=False,
)
asked = no_extension.given(ASKED)
