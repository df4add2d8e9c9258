"""默认时限: the limits a new county starts with, proposals like any other; DOMAIN.md § 6 is their table.

Our readings where the table leaves a choice: the 30 minutes of an emergency (C6, C15) are calendar time, as
nobody waits for the office to open; C0 has no ladder, because its two parts (C6, C1) have their own; C2, C3,
C4, C6, C11, C12 and C15 are the office's own clocks, so their rungs go to the county leader.
"""

from datetime import date, time

from accountability.domain.calendar import SourceDocument
from accountability.domain.policy import ProposePolicy
from accountability.domain.terms import (
    Anchor,
    ClockKind,
    Ending,
    Profile,
    ProfileLimit,
    ReminderRule,
    RungRule,
    Terms,
    calendar_days,
    seconds,
    working_days,
    working_hours,
)
from accountability.domain.working_time import Limit

EFFECTIVE_FROM = date(2000, 1, 1)
NINE = time(9)

LADDER = (
    RungRule("BLUE", 0, to="unit"),
    RungRule("ORANGE", 1, to="department-head"),
    RungRule("RED", 3, to="office-supervisor", proposed=True, copy_to="county-supervision-office"),
)
OFFICE_LADDER = (
    RungRule("BLUE", 0, to="county-leader"),
    RungRule("ORANGE", 1, to="county-leader"),
    RungRule("RED", 3, to="county-leader", proposed=True),
)
DAY_BEFORE = (ReminderRule("remind-1", Anchor.WORKING_DAYS_BEFORE_DUE, 1, to="unit", clock_time=NINE),)
REPORT_IN = (
    ReminderRule("remind-1", Anchor.SECONDS_BEFORE_DUE, 12 * 3600, to="unit"),
    ReminderRule("remind-2", Anchor.SECONDS_BEFORE_DUE, 4 * 3600, to="unit"),
    ReminderRule("remind-3", Anchor.SECONDS_BEFORE_DUE, 3600, to="unit", always=True),
)
CONFIRMATION = (
    ReminderRule("remind-1", Anchor.COUNTED_DAY, 2, to="unit", clock_time=NINE),
    ReminderRule("remind-2", Anchor.COUNTED_DAY, 3, to="unit", clock_time=NINE),
)


def _limits(
    ordinary: Limit, emergency: Limit | None = None, complex_: Limit | None = None
) -> tuple[ProfileLimit, ...]:
    given = ((Profile.ORDINARY, ordinary), (Profile.EMERGENCY, emergency), (Profile.COMPLEX, complex_))
    return tuple(ProfileLimit(profile, limit) for profile, limit in given if limit is not None)


DEFAULT_TERMS: dict[ClockKind, Terms] = {
    ClockKind.C0: Terms(_limits(seconds(24), seconds(2))),
    ClockKind.C1: Terms(_limits(seconds(24), seconds(2)), reminders=REPORT_IN, ladder=LADDER),
    ClockKind.C2: Terms(_limits(working_days(3)), reminders=DAY_BEFORE, ladder=OFFICE_LADDER),
    ClockKind.C3: Terms(_limits(working_days(3)), reminders=DAY_BEFORE, ladder=OFFICE_LADDER),
    ClockKind.C4: Terms(_limits(working_days(7)), reminders=DAY_BEFORE, ladder=OFFICE_LADDER),
    ClockKind.C5: Terms(
        _limits(working_days(7), seconds(24), working_days(10)), reminders=DAY_BEFORE, ladder=LADDER
    ),
    ClockKind.C6: Terms(_limits(working_hours(4), seconds(0.5)), ladder=OFFICE_LADDER),
    ClockKind.C7: Terms(_limits(working_days(3)), Ending.EXPIRE, reminders=CONFIRMATION),
    ClockKind.C8: Terms(_limits(working_days(3)), reminders=DAY_BEFORE, ladder=LADDER),
    ClockKind.C9: Terms(_limits(calendar_days(30)), reminders=DAY_BEFORE, ladder=LADDER),
    ClockKind.C10: Terms(_limits(working_hours(8)), Ending.EXPIRE),
    ClockKind.C11: Terms(_limits(working_days(1)), reminders=DAY_BEFORE, ladder=OFFICE_LADDER),
    ClockKind.C12: Terms(_limits(working_days(5)), reminders=DAY_BEFORE, ladder=OFFICE_LADDER),
    ClockKind.C13: Terms(_limits(working_days(3), seconds(12)), reminders=DAY_BEFORE, ladder=LADDER),
    ClockKind.C14: Terms(_limits(seconds(24)), ladder=LADDER[:1]),
    ClockKind.C15: Terms(_limits(working_hours(4), seconds(0.5)), ladder=OFFICE_LADDER),
    ClockKind.C16: Terms(_limits(calendar_days(180)), Ending.EXPIRE, reminders=DAY_BEFORE),
}


def default_proposals(source: SourceDocument, by: str) -> tuple[ProposePolicy, ...]:
    """One proposal per clock, in force from 2000-01-01 so that old records have a policy too."""
    return tuple(
        ProposePolicy(kind, "", terms, EFFECTIVE_FROM, None, source, by)
        for kind, terms in DEFAULT_TERMS.items()
    )
