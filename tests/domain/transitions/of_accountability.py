"""What is tried on parkings and extensions."""

from typing import Final

from accountability.application.publishing_parkings import EXTENSION, PARKING
from accountability.domain import extension, parking
from accountability.domain.extension import commands as extensions
from accountability.domain.parking import commands as parkings
from tests.domain.accountability.parking_stories import (
    APPLY,
    IN_HAND,
    MONDAY,
    MORE_TIME,
    YUANCUN,
    handling_clock,
)
from tests.domain.accountability.stories import WATER
from tests.domain.transitions.explore import Subject, Trial


def _parking(state: parking.Parking) -> str:
    second = state.applied is not None and state.applied.second
    return f"{state.stage}, second time" if second else str(state.stage)


def _extension(state: extension.Extension) -> str:
    return str(state.stage)


PARKING_TRIALS: Final = (
    Trial(APPLY),
    Trial(parkings.ObjectToParking(YUANCUN, IN_HAND, "sealed reason")),
    Trial(parkings.ApproveParking(False, IN_HAND, MONDAY), "by the office"),
    Trial(parkings.ApproveParking(True, IN_HAND, MONDAY), "by the county leader"),
    Trial(parkings.RefuseParking(False, "sealed reason"), "by the office"),
    Trial(parkings.RefuseParking(True, "sealed reason"), "by the county leader"),
    Trial(lambda state: parkings.NoteParked(state.number)),
    Trial(lambda state: parkings.NoteParkingRefused(state.number, "lead-concluded")),
    Trial(parkings.ReviewParking(WATER, False, IN_HAND, "sealed words")),
    Trial(parkings.ReachMilestone(WATER, IN_HAND, 1)),
    Trial(parkings.EndParking(WATER, False, IN_HAND, "sealed reason", MONDAY)),
    Trial(lambda state: parkings.EndAtSunset(state.number, MONDAY)),
    Trial(parkings.NoteOvertaken("whistle-ended", MONDAY)),
)

EXTENSION_TRIALS: Final = (
    Trial(MORE_TIME),
    Trial(extensions.GrantExtension(False, handling_clock(), MORE_TIME.limits, MORE_TIME.at)),
    Trial(extensions.RefuseExtension(False, "sealed reason")),
    Trial(extensions.NoteUndecided("decision-overdue", MORE_TIME.at)),
    Trial(extensions.NoteOvertaken("clock-stopped")),
    Trial(lambda state: extensions.NoteOvertaken("clock-stopped", state.number), "in vain"),
)

SUBJECTS: Final = (
    Subject("parking", "挂账 Parking", PARKING, parking.Command, _parking, PARKING_TRIALS),
    Subject("extension", "延期 Extension", EXTENSION, extension.Command, _extension, EXTENSION_TRIALS),
)
