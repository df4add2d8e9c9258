"""W13: the issues of merged whistles are the parent's, and the child rests."""

import pytest

from backbone.testing import Scenario
from intake.domain import whistle
from intake.domain.whistle import Stage
from intake.domain.whistle.commands import (
    AwaitConfirmation,
    CloseOut,
    NoteHandling,
    SignWhistle,
)
from intake.domain.whistle.facts import (
    AdoptedIssues,
    IssueJudgement,
    IssuesAdopted,
    WhistleAwaitingConfirmation,
    WhistleClosed,
    WhistleDispatched,
    WhistleMerged,
    WhistleSigned,
)
from intake.domain.whistle.merging_commands import NoteAdoption, NoteMerger
from tests.domain.intake.stories import (
    AT_ONCE,
    DITCH_SOLVED,
    FARMING,
    FIELDS_SOLVED,
    HANZHANG,
    TRANSPORT,
    WATER,
    YUANCUN,
    a_dispatched_whistle,
    a_draft,
    a_raised_emergency,
    a_signed_whistle,
    a_whistle_in_handling,
    nothing_yet,
)

Story = Scenario[whistle.Command, whistle.Event, whistle.Whistle]
ROAD = AdoptedIssues("child", HANZHANG, ("road",), (TRANSPORT,))
ADOPTION = NoteAdoption((ROAD,), (TRANSPORT,))
ROAD_SOLVED = IssueJudgement("road", "solved")


def test_the_issues_and_departments_are_the_parents_now() -> None:
    a_dispatched_whistle.when(ADOPTION).then(
        IssuesAdopted((ROAD,)), WhistleDispatched((WATER, FARMING, TRANSPORT))
    )


def test_the_lead_answers_and_the_parent_closes_for_them_too() -> None:
    adopted = a_whistle_in_handling.given(IssuesAdopted((ROAD,)))
    concluded = adopted.when(AwaitConfirmation((), cycle=1)).then(
        WhistleAwaitingConfirmation((DITCH_SOLVED, FIELDS_SOLVED, ROAD_SOLVED), 1)
    )
    [closed] = concluded.when(CloseOut(YUANCUN)).events
    assert isinstance(closed, WhistleClosed)
    assert closed.verdicts == (DITCH_SOLVED, FIELDS_SOLVED, ROAD_SOLVED)


def test_a_department_that_is_there_already_changes_nothing_but_the_issues() -> None:
    a_dispatched_whistle.when(NoteAdoption((ROAD,), ())).then(IssuesAdopted((ROAD,)))


def test_changes_nothing_when_delivered_twice() -> None:
    adopted = a_dispatched_whistle.when(ADOPTION).then_states(IssuesAdopted, WhistleDispatched)
    adopted.when(ADOPTION).then_nothing()
    merged = a_dispatched_whistle.when(NoteMerger("parent")).then(WhistleMerged("parent"))
    merged.when(NoteMerger("parent")).then_nothing()


@pytest.mark.parametrize(
    "story", [a_signed_whistle, a_dispatched_whistle, a_whistle_in_handling, a_raised_emergency]
)
def test_a_merged_whistle_rests(story: Story) -> None:
    merged = story.when(NoteMerger("parent")).then(WhistleMerged("parent"))
    assert merged.state.stage is Stage.MERGED
    merged.when(CloseOut(YUANCUN)).then_refused("whistle-merged")
    merged.when(NoteHandling()).then_nothing()
    merged.when(AwaitConfirmation((), cycle=1)).then_nothing()


def test_an_emergency_is_signed_also_when_it_was_merged() -> None:
    merged = a_raised_emergency.given(WhistleMerged("parent"))
    signed = merged.when(SignWhistle(YUANCUN, AT_ONCE)).then_states(WhistleSigned)
    assert signed.state.stage is Stage.MERGED


@pytest.mark.parametrize("story", [nothing_yet, a_draft])
def test_what_is_not_out_is_left_alone(story: Story) -> None:
    story.when(ADOPTION).then_nothing()
    story.when(NoteMerger("parent")).then_nothing()
