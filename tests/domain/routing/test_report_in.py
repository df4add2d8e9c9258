"""A1: 报到."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from routing.domain.dispatch.facts import DepartmentReportedIn, Mode
from tests.domain.routing.stories import (
    FARMING,
    POWER,
    TRANSPORT,
    TUESDAY_MORNING,
    WATER,
    a_closed_dispatch,
    a_concluded_dispatch,
    a_final_dispatch,
    a_provisional_dispatch,
    a_reopened_dispatch,
    a_scheduled_dispatch,
    after,
    assigned,
    nothing_yet,
    report_in,
)

WATER_REPORTS_IN = report_in(WATER)


def test_names_the_handler_with_phone_and_mode() -> None:
    lead = assigned(a_final_dispatch, WATER)
    story = a_final_dispatch.when(replace(WATER_REPORTS_IN, first_step="sealed step")).then(
        DepartmentReportedIn(lead.assignment_id, "on_site", "sealed name", "sealed phone", "sealed step")
    )
    water = story.state.assignment(WATER)
    assert water is not None
    assert water.reported_in == "on_site"


def test_needs_no_first_step() -> None:
    story = a_final_dispatch.when(WATER_REPORTS_IN).then_states(DepartmentReportedIn)
    assert story.state.assignment(FARMING) is not None


@pytest.mark.parametrize("mode", get_args(Mode))
def test_takes_every_mode(mode: Mode) -> None:
    a_final_dispatch.when(replace(WATER_REPORTS_IN, mode=mode)).then_states(DepartmentReportedIn)


def test_does_not_wait_for_the_desk() -> None:
    a_provisional_dispatch.when(WATER_REPORTS_IN).then_states(DepartmentReportedIn)


def test_is_accepted_when_late() -> None:
    next_week = a_final_dispatch.at(TUESDAY_MORNING + timedelta(days=7))
    next_week.when(report_in(FARMING)).then_states(DepartmentReportedIn)
    a_concluded_dispatch.when(report_in(TRANSPORT)).then_states(DepartmentReportedIn)


def test_changes_nothing_when_a_colleague_taps_too() -> None:
    colleague = replace(WATER_REPORTS_IN, handler="sealed colleague")
    after(a_final_dispatch, WATER_REPORTS_IN).when(colleague).then_nothing()


def test_is_refused_when_it_says_something_else() -> None:
    other = replace(WATER_REPORTS_IN, mode="written")
    after(a_final_dispatch, WATER_REPORTS_IN).when(other).then_refused("already-reported-in")


def test_is_not_asked_again_after_rework() -> None:
    a_reopened_dispatch.when(WATER_REPORTS_IN).then_nothing()


def test_needs_a_name_and_a_telephone() -> None:
    a_final_dispatch.when(replace(WATER_REPORTS_IN, handler="")).then_refused("handler-needs-a-name")
    a_final_dispatch.when(replace(WATER_REPORTS_IN, phone="")).then_refused("handler-needs-a-phone")


def test_is_never_done_for_another_department() -> None:
    for_water = replace(WATER_REPORTS_IN, by=FARMING)
    a_final_dispatch.when(for_water).then_refused("not-your-assignment")
    for_nobody = replace(WATER_REPORTS_IN, unit=POWER)
    a_final_dispatch.when(for_nobody).then_refused("not-your-assignment")


def test_finds_no_case_that_is_not_ones_own() -> None:
    outsider = report_in(POWER)
    for story in (nothing_yet, a_scheduled_dispatch, a_final_dispatch):
        story.when(outsider).then_refused("unknown-case")
    a_final_dispatch.when(replace(WATER_REPORTS_IN, by=POWER)).then_refused("unknown-case")


def test_comes_too_late_for_a_closed_whistle() -> None:
    a_closed_dispatch.when(report_in(TRANSPORT)).then_refused("dispatch-closed")
