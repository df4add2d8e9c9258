"""What others learn of routing's facts."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from contracts.events import REGISTER
from routing.application.publishing import (
    LIST_KEY,
    publish_dispatch,
    publish_list,
)
from routing.application.units_publishing import publish_unit, unit_key
from routing.domain import dispatch
from routing.domain.dispatch.commands import (
    CloseDispatch,
    ConfirmDispatch,
    GiveFeedback,
    IssueDispatch,
    ReopenDispatch,
)
from routing.domain.dispatch.facts import Issue
from routing.domain.unit import RegisterUnit
from tests.domain.routing.stories import (
    BLOCKED_DITCH,
    CASE,
    CLEANING,
    DUTIES,
    FARMING,
    FIELDS,
    FLOOD,
    ROAD,
    TRANSPORT,
    TUESDAY_MORNING,
    WATER,
    YUANCUN,
    Story,
    a_closed_dispatch,
    a_concluded_dispatch,
    a_final_dispatch,
    a_provisional_dispatch,
    a_reopened_dispatch,
    a_reported_dispatch,
    a_scheduled_dispatch,
    after,
    conclude,
    no_list_yet,
    no_unit_yet,
    nothing_yet,
    report_in,
)
from tests.domain.routing.test_publish_responsibility_list import FIRST
from tests.domain.routing.test_register_unit import BUREAU


def told(story: Story, command: dispatch.Command) -> list[tuple[str, dict[str, Any]]]:
    """What is published of a command: names with data, each valid in the published language."""
    published = []
    for fact in story.when(command).events:
        story = story.given(fact)
        for name, case_id, text in publish_dispatch(fact, story.state, CASE):
            REGISTER[name].model_validate_json(text)
            assert case_id == CASE
            published.append((name, orjson.loads(text)))
    return published


def told_once(story: Story, command: dispatch.Command) -> dict[str, Any]:
    [(_, data)] = told(story, command)
    return data


@pytest.mark.parametrize(
    ("story", "command", "names"),
    [
        (nothing_yet, BLOCKED_DITCH, ["dispatch.dispatch-issued"]),
        (a_scheduled_dispatch, IssueDispatch(DUTIES), ["dispatch.dispatch-issued"]),
        (a_provisional_dispatch, ConfirmDispatch("law"), ["dispatch.dispatch-confirmed"]),
        (a_final_dispatch, report_in(WATER), ["assignment.department-reported-in"]),
        (a_reported_dispatch, GiveFeedback(WATER, WATER, "sealed"), ["assignment.feedback-given"]),
        (a_reported_dispatch, conclude(FARMING), ["assignment.part-concluded"]),
        (a_reported_dispatch, conclude(WATER), ["assignment.lead-concluded"]),
        (a_concluded_dispatch, ReopenDispatch(2), ["dispatch.dispatch-reopened"]),
        (a_concluded_dispatch, CloseDispatch(), ["dispatch.dispatch-closed"]),
        (a_closed_dispatch, CloseDispatch(), []),
    ],
)
def test_has_one_name_for_one_idea(story: Story, command: dispatch.Command, names: list[str]) -> None:
    assert [name for name, _ in told(story, command)] == [f"routing.{name}.v1" for name in names]


def test_tells_the_scheduled_hour() -> None:
    scheduled = told_once(nothing_yet, replace(BLOCKED_DITCH, dispatch_at=TUESDAY_MORNING))
    assert scheduled == {"case_id": CASE, "township": YUANCUN, "dispatch_at": "2026-03-03T00:30:00Z"}


def test_tells_who_has_it_and_what_for() -> None:
    issued = told_once(nothing_yet, FLOOD)
    assert issued["provisional"]
    assert [(each["unit"], each["part"], each["issue_ids"]) for each in issued["assignments"]] == [
        (WATER, "lead", ["ditch", "road"]),
        (TRANSPORT, "assist", []),
        (FARMING, "assist", ["fields"]),
    ]


@pytest.mark.parametrize(
    ("issues", "words"),
    [
        (BLOCKED_DITCH.issues, "按权责清单第1版《沟渠河道堵塞清障和行洪保障》（SL-01）"),
        ((*BLOCKED_DITCH.issues, FIELDS), "分属几家主办"),
        ((ROAD,), "未对应权责清单事项"),
        ((Issue("rubbish", CLEANING.code),), "乡镇自身职责"),
    ],
)
def test_gives_the_reason_in_words(issues: tuple[Issue, ...], words: str) -> None:
    issued = told_once(nothing_yet, replace(FLOOD, issues=issues))
    assert words in issued["reason"]
    assert "{" not in issued["reason"]


def test_names_in_the_reason_whom_it_left_out() -> None:
    issued = told_once(nothing_yet, replace(FLOOD, registered=frozenset({WATER})))
    assert issued["reason"].endswith("；未登记的单位 transport、agriculture-rural 未派")


def test_tells_who_had_reported_in_when_it_is_reopened() -> None:
    reopened = told_once(a_concluded_dispatch, ReopenDispatch(2))
    has = {each["unit"]: each["reported_in"] for each in reopened["assignments"]}
    assert has == {WATER: True, TRANSPORT: False, FARMING: True}
    assert (reopened["cycle"], reopened["township"]) == (2, YUANCUN)


def test_tells_of_no_words_but_sealed_ones() -> None:
    story = after(a_final_dispatch, report_in(WATER))
    reported = told_once(a_final_dispatch, report_in(WATER))
    assert reported["handler_sealed"] == "sealed name"
    assert "first_step_sealed" not in reported
    concluded = told_once(story, conclude(WATER))
    assert concluded["results"] == [{"issue_id": "ditch", "result": "solved"}]
    assert concluded["township"] == YUANCUN


def test_tells_the_first_feedback_of_a_cycle() -> None:
    feedback = GiveFeedback(WATER, WATER, "sealed")
    assert told_once(a_reported_dispatch, feedback)["first"]
    assert told_once(a_reopened_dispatch, feedback)["part"] == "lead"


def test_tells_every_version_of_the_list_whole() -> None:
    [fact] = no_list_yet.when(FIRST).events
    [(name, case_id, text)] = publish_list(fact, no_list_yet.state, LIST_KEY)
    REGISTER[name].model_validate_json(text)
    assert case_id == LIST_KEY
    assert orjson.loads(text)["items"][0]["assists"] == [TRANSPORT]


def test_tells_every_unit() -> None:
    [fact] = no_unit_yet.when(RegisterUnit(BUREAU)).events
    [(name, case_id, text)] = publish_unit(fact, no_unit_yet.state, unit_key(WATER))
    REGISTER[name].model_validate_json(text)
    assert case_id == unit_key(WATER) != unit_key(FARMING)
    assert orjson.loads(text)["name"] == "南乐县水利局"
