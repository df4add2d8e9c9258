"""W3: the scheduled hour has come."""

from dataclasses import replace

from backbone.eventstore import Deadline
from routing.application.publishing import ISSUE_DISPATCH, dispatch_deadlines
from routing.domain.dispatch.commands import IssueDispatch
from routing.domain.dispatch.facts import DispatchIssued
from tests.domain.routing.stories import (
    BLOCKED_DITCH,
    CASE,
    DITCHES,
    DUTIES,
    FARMING,
    TRANSPORT,
    TUESDAY_MORNING,
    WATER,
    a_final_dispatch,
    a_scheduled_dispatch,
    after,
    assigned,
    nothing_yet,
)


def test_sends_it_out_as_it_would_have_gone_at_once() -> None:
    story = a_scheduled_dispatch.when(IssueDispatch(DUTIES)).then_states(DispatchIssued)
    assert story.state.assignments == after(nothing_yet, BLOCKED_DITCH).state.assignments


def test_says_that_it_was_scheduled() -> None:
    [fact] = a_scheduled_dispatch.when(IssueDispatch(DUTIES)).events
    assert isinstance(fact, DispatchIssued)
    assert fact.scheduled


def test_follows_the_list_of_the_hour_it_goes_out() -> None:
    over_night = replace(DUTIES, number=2, items=(replace(DITCHES, lead=FARMING, assists=()),))
    story = after(a_scheduled_dispatch, IssueDispatch(over_night))
    assert assigned(story, FARMING).part == "lead"
    assert assigned(story, WATER).part == "assist"


def test_still_tells_whom_it_left_out() -> None:
    waiting = replace(BLOCKED_DITCH, departments=("no-such-bureau", WATER), dispatch_at=TUESDAY_MORNING)
    [fact] = after(nothing_yet, waiting).when(IssueDispatch(DUTIES)).events
    assert isinstance(fact, DispatchIssued)
    assert fact.left_out == ("no-such-bureau",)
    assert [each.unit for each in fact.assignments] == [WATER, TRANSPORT]


def test_changes_nothing_when_it_is_out_already_or_was_never_asked_for() -> None:
    for story in (nothing_yet, a_final_dispatch, after(a_scheduled_dispatch, IssueDispatch(DUTIES))):
        story.when(IssueDispatch(DUTIES)).then_nothing()


def test_is_woken_by_a_timer_of_the_case() -> None:
    scheduling = nothing_yet.when(replace(BLOCKED_DITCH, dispatch_at=TUESDAY_MORNING))
    assert dispatch_deadlines(scheduling.events, scheduling.before.state, CASE) == [
        Deadline(CASE, ISSUE_DISPATCH, TUESDAY_MORNING)
    ]
    at_once = nothing_yet.when(BLOCKED_DITCH)
    assert dispatch_deadlines(at_once.events, at_once.before.state, CASE) == []
