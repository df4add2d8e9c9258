"""补录: a letter is recorded after the fact, with its outcome."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intake.domain.letter import Stage
from intake.domain.letter.commands import RecordLetter, RespondToLetter
from intake.domain.letter.facts import LetterRecorded
from tests.domain.intake.stories import POTHOLE, a_letter, no_letter_yet

ASKED = datetime(2019, 4, 24, 8, 3, 40, tzinfo=UTC)
ANSWERED = datetime(2019, 5, 9, 1, 49, 10, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)
TODAY = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
RECORD = RecordLetter(
    content=POTHOLE,
    answer="sealed answer",
    submitted_at=ASKED,
    responded_at=ANSWERED,
    resolved_at=ANSWERED,
    recorded_by="supervisor-a",
    approved_by="supervisor-b",
    at=TODAY,
)
RECORDED = LetterRecorded(POTHOLE, "sealed answer", ASKED, ANSWERED, ANSWERED, "supervisor-a", "supervisor-b")


def test_keeps_the_outcome_and_the_times_on_paper() -> None:
    after = no_letter_yet.when(RECORD).then(RECORDED)
    assert after.state.stage is Stage.RESOLVED


def test_needs_a_second_person() -> None:
    no_letter_yet.when(replace(RECORD, approved_by="")).then_refused("second-person-needed")
    no_letter_yet.when(replace(RECORD, approved_by="supervisor-a")).then_refused("recorder-cannot-approve")


@pytest.mark.parametrize(
    ("record", "slug"),
    [
        (replace(RECORD, responded_at=ASKED - A_SECOND), "answer-before-question"),
        (replace(RECORD, resolved_at=ANSWERED - A_SECOND), "resolution-before-response"),
        (replace(RECORD, at=ANSWERED - A_SECOND), "not-yet-happened"),
    ],
)
def test_keeps_the_times_in_order(record: RecordLetter, slug: str) -> None:
    no_letter_yet.when(record).then_refused(slug)


def test_takes_an_answer_in_the_second_of_the_question() -> None:
    at_once = replace(RECORD, responded_at=ASKED, resolved_at=ASKED)
    no_letter_yet.when(at_once).then_states(LetterRecorded)


def test_needs_an_answer_and_a_text() -> None:
    no_letter_yet.when(replace(RECORD, answer="")).then_refused("response-needs-content")
    silent = replace(RECORD, content=replace(POTHOLE, text=""))
    no_letter_yet.when(silent).then_refused("letter-needs-a-text")


def test_changes_nothing_when_delivered_twice() -> None:
    no_letter_yet.given(RECORDED).when(RECORD).then_nothing()


def test_does_not_overwrite_another_letter() -> None:
    other = replace(RECORD, content=replace(POTHOLE, text="sealed other words"))
    a_letter.when(other).then_refused("letter-exists")


def test_leaves_nothing_to_answer() -> None:
    no_letter_yet.given(RECORDED).when(RespondToLetter("sealed more")).then_refused("already-resolved")
