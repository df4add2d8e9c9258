"""A1 with A5 or W6: 报到并办结, when it is already done."""

from dataclasses import replace

from routing.domain.dispatch.commands import ReportInAndConclude
from routing.domain.dispatch.facts import DepartmentReportedIn, LeadConcluded, PartConcluded
from tests.domain.routing.stories import (
    FARMING,
    POWER,
    TRANSPORT,
    WATER,
    a_closed_dispatch,
    a_concluded_dispatch,
    a_final_dispatch,
    a_reported_dispatch,
    after,
    conclude,
    report_in,
)

WATER_HAS_DONE_IT = ReportInAndConclude(report_in(WATER), conclude(WATER))
FARMING_HAS_DONE_IT = ReportInAndConclude(report_in(FARMING), conclude(FARMING))


def test_does_both_for_the_lead() -> None:
    a_final_dispatch.when(WATER_HAS_DONE_IT).then_states(DepartmentReportedIn, LeadConcluded)


def test_does_both_for_an_assist() -> None:
    a_final_dispatch.when(FARMING_HAS_DONE_IT).then_states(DepartmentReportedIn, PartConcluded)


def test_only_concludes_for_who_has_reported_in() -> None:
    a_reported_dispatch.when(WATER_HAS_DONE_IT).then_states(LeadConcluded)


def test_changes_nothing_when_delivered_twice() -> None:
    after(a_final_dispatch, WATER_HAS_DONE_IT).when(WATER_HAS_DONE_IT).then_nothing()
    a_concluded_dispatch.when(WATER_HAS_DONE_IT).then_nothing()


def test_does_neither_when_one_is_refused() -> None:
    nameless = replace(WATER_HAS_DONE_IT, report_in=replace(report_in(WATER), handler=""))
    a_final_dispatch.when(nameless).then_refused("handler-needs-a-name")
    wordless = replace(WATER_HAS_DONE_IT, conclude=replace(conclude(WATER), sentence=""))
    a_final_dispatch.when(wordless).then_refused("conclusion-needs-a-sentence")


def test_speaks_of_one_department() -> None:
    mixed = ReportInAndConclude(report_in(WATER), conclude(FARMING))
    a_final_dispatch.when(mixed).then_refused("not-your-assignment")
    a_final_dispatch.when(ReportInAndConclude(report_in(POWER), conclude(POWER))).then_refused("unknown-case")


def test_comes_too_late_for_a_closed_whistle() -> None:
    unfinished = ReportInAndConclude(report_in(TRANSPORT), conclude(TRANSPORT))
    a_closed_dispatch.when(unfinished).then_refused("dispatch-closed")
