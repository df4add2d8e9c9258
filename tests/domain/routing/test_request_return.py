"""A2: a department says an assignment is another's duty."""

from dataclasses import replace
from datetime import timedelta

import pytest

from routing.domain.dispatch.commands import CloseDispatch, NoteReturnWindow, RequestReturn
from routing.domain.dispatch.facts import ReturnRequested
from tests.domain.routing.stories import (
    EVERYONE,
    FARMING,
    MONDAY_NIGHT,
    POWER,
    WATER,
    YUANCUN,
    a_concluded_dispatch,
    a_final_dispatch,
    a_provisional_dispatch,
    after,
    assigned,
    conclude,
    report_in,
)

LAW = "《电力法》第三十四条"
TO_POWER = RequestReturn(WATER, WATER, LAW, POWER, EVERYONE, MONDAY_NIGHT)
WATERS = assigned(a_final_dispatch, WATER).assignment_id


def test_waits_for_the_office() -> None:
    assert a_final_dispatch.when(TO_POWER).events == [ReturnRequested(WATERS, LAW, POWER)]


def test_adds_nothing_when_it_is_asked_again() -> None:
    after(a_final_dispatch, TO_POWER).when(TO_POWER).then_nothing()


def test_is_decided_before_anything_else_is_asked() -> None:
    waiting = after(a_final_dispatch, TO_POWER)
    waiting.when(replace(TO_POWER, proposed_owner=FARMING)).then_refused("return-requested")


def test_beats_a_report_in_that_comes_after_it() -> None:
    after(a_final_dispatch, TO_POWER).when(report_in(WATER)).then_refused("return-requested")


def test_is_beaten_by_a_report_in_that_came_before_it() -> None:
    after(a_final_dispatch, report_in(WATER)).when(TO_POWER).then_refused("return-after-report-in")


def test_is_in_time_in_the_second_of_the_deadline() -> None:
    until = MONDAY_NIGHT + timedelta(hours=8)
    open_window = after(a_final_dispatch, NoteReturnWindow(WATERS, until))
    last_moment = replace(TO_POWER, at=until + timedelta(microseconds=999_999))
    assert open_window.when(last_moment).events
    too_late = replace(TO_POWER, at=until + timedelta(seconds=1))
    open_window.when(too_late).then_refused("return-window-over")


def test_is_in_time_as_long_as_nobody_has_said_when_the_window_ends() -> None:
    assert a_final_dispatch.when(replace(TO_POWER, at=MONDAY_NIGHT + timedelta(days=30))).events


def test_learns_of_the_window_once_and_only_while_it_matters() -> None:
    note = NoteReturnWindow(WATERS, MONDAY_NIGHT)
    after(a_final_dispatch, note).when(note).then_nothing()
    after(a_final_dispatch, report_in(WATER)).when(note).then_nothing()
    a_final_dispatch.when(NoteReturnWindow("another", MONDAY_NIGHT)).then_nothing()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"legal_basis": ""}, "return-needs-a-basis"),
        ({"proposed_owner": ""}, "return-needs-a-proposed-owner"),
        ({"proposed_owner": WATER}, "return-proposes-itself"),
        ({"proposed_owner": "nobody"}, "unknown-department"),
        ({"by": FARMING}, "not-your-assignment"),
        ({"by": POWER}, "unknown-case"),
        ({"by": YUANCUN}, "unknown-case"),
    ],
)
def test_needs(changes: dict[str, str], refusal: str) -> None:
    a_final_dispatch.when(replace(TO_POWER, **changes)).then_refused(refusal)  # type: ignore[arg-type]


def test_comes_too_late_once_it_is_over() -> None:
    of_farming = replace(TO_POWER, unit=FARMING, by=FARMING)
    concluded = after(a_provisional_dispatch, report_in(WATER), conclude(WATER))
    concluded.when(of_farming).then_refused("lead-already-concluded")
    after(a_concluded_dispatch, CloseDispatch()).when(of_farming).then_refused("dispatch-closed")
