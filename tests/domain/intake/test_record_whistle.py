"""补录: a whistle is recorded after the fact, with its whole course, and is closed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intake.domain.whistle import Stage
from intake.domain.whistle.commands import RaiseAgain, RecordWhistle, SignWhistle, WithdrawWhistle
from intake.domain.whistle.facts import (
    Course,
    IssueJudgement,
    RecordedPart,
    WhistleRaisedAgain,
    WhistleRecorded,
)
from tests.domain.intake.stories import (
    AT_ONCE,
    DITCH_SOLVED,
    FARMING,
    FIELDS_PARTLY,
    FIELDS_SOLVED,
    FIREWORKS,
    FLOOD,
    NUMBER,
    WATER,
    YUANCUN,
    a_raised_whistle,
    nothing_yet,
)

SIGNED_AT = datetime(2025, 6, 3, 1, 0, tzinfo=UTC)
"""Tuesday 3 June 2025, 09:00 in China."""
HOUR = timedelta(hours=1)
A_SECOND = timedelta(seconds=1)
TODAY = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
COURSE = Course(
    signed_at=SIGNED_AT,
    dispatched_at=SIGNED_AT + HOUR,
    parts=(RecordedPart(WATER, SIGNED_AT + 5 * HOUR, "satisfied"), RecordedPart(FARMING)),
    concluded_at=SIGNED_AT + 48 * HOUR,
    sentence="sealed sentence",
    results=(DITCH_SOLVED, FIELDS_PARTLY),
    closed_at=SIGNED_AT + 72 * HOUR,
    verdicts=(DITCH_SOLVED, FIELDS_SOLVED),
    feedback_at=SIGNED_AT + 24 * HOUR,
    comment="sealed comment",
)
RECORD = RecordWhistle(
    township=YUANCUN,
    content=FLOOD,
    number=NUMBER,
    external_number="吹哨2025-17",
    course=COURSE,
    recorded_by="supervisor-a",
    approved_by="supervisor-b",
    at=TODAY,
)
RECORDED = WhistleRecorded(YUANCUN, FLOOD, NUMBER, "吹哨2025-17", COURSE, "supervisor-a", "supervisor-b")


def along(**changes: object) -> RecordWhistle:
    """The record with another course."""
    return replace(RECORD, course=replace(COURSE, **changes))  # type: ignore[arg-type]


def test_keeps_the_whole_course_and_is_closed() -> None:
    state = nothing_yet.when(RECORD).then(RECORDED).state
    assert (state.stage, state.departments, state.closed_at) == (
        Stage.CLOSED,
        (WATER, FARMING),
        COURSE.closed_at,
    )
    assert state.closing is not None
    assert state.closing.appraised
    assert [each.unit for each in state.closing.ratings] == [WATER]


def test_may_lack_an_appraisal() -> None:
    silent = (RecordedPart(WATER, SIGNED_AT + 5 * HOUR), RecordedPart(FARMING))
    state = nothing_yet.when(along(verdicts=(), parts=silent)).then_states(WhistleRecorded).state
    assert state.closing is not None
    assert not state.closing.appraised
    nothing_yet.when(along(verdicts=())).then_refused("rating-without-a-verdict")


def test_needs_a_second_person() -> None:
    nothing_yet.when(replace(RECORD, approved_by="")).then_refused("second-person-needed")
    nothing_yet.when(replace(RECORD, approved_by="supervisor-a")).then_refused("recorder-cannot-approve")


@pytest.mark.parametrize(
    ("record", "slug"),
    [
        (replace(RECORD, township=""), "record-needs-a-township"),
        (replace(RECORD, content=replace(FLOOD, village="")), "whistle-needs-a-village"),
        (along(sentence=""), "record-needs-a-conclusion"),
        (along(results=(DITCH_SOLVED,)), "record-needs-a-result"),
        (along(verdicts=(DITCH_SOLVED,)), "record-needs-a-verdict"),
        (along(verdicts=(DITCH_SOLVED, IssueJudgement("road", "solved"))), "record-needs-a-verdict"),
        (along(parts=(RecordedPart(WATER), RecordedPart(FARMING))), "record-needs-the-report-in"),
    ],
)
def test_is_complete(record: RecordWhistle, slug: str) -> None:
    nothing_yet.when(record).then_refused(slug)


@pytest.mark.parametrize(
    ("record", "slug"),
    [
        (along(dispatched_at=SIGNED_AT - A_SECOND), "dispatched-before-it-was-signed"),
        (along(parts=(RecordedPart(WATER, SIGNED_AT),)), "reported-in-before-dispatch"),
        (
            along(parts=(RecordedPart(WATER, COURSE.concluded_at + A_SECOND, "satisfied"),)),
            "concluded-before-report-in",
        ),
        (
            along(parts=(COURSE.parts[0], RecordedPart(FARMING, COURSE.closed_at + A_SECOND))),
            "reported-in-after-closing",
        ),
        (along(feedback_at=SIGNED_AT), "feedback-outside-of-the-work"),
        (along(feedback_at=COURSE.closed_at), "feedback-outside-of-the-work"),
        (along(closed_at=COURSE.concluded_at - A_SECOND), "closed-before-conclusion"),
        (replace(RECORD, at=COURSE.closed_at - A_SECOND), "not-yet-happened"),
    ],
)
def test_keeps_the_times_in_order(record: RecordWhistle, slug: str) -> None:
    nothing_yet.when(record).then_refused(slug)


def test_of_an_emergency_may_be_signed_after_it_went_out_but_not_after_its_closing() -> None:
    emergency = replace(RECORD, content=FIREWORKS, course=replace(COURSE, dispatched_at=SIGNED_AT - HOUR))
    state = nothing_yet.when(emergency).then_states(WhistleRecorded).state
    assert state.emergency
    late = replace(emergency, course=replace(COURSE, signed_at=COURSE.closed_at + A_SECOND))
    nothing_yet.when(late).then_refused("closed-before-it-was-signed")


def test_changes_nothing_when_delivered_twice() -> None:
    nothing_yet.given(RECORDED).when(RECORD).then_nothing()


def test_does_not_overwrite_another_whistle() -> None:
    a_raised_whistle.when(replace(RECORD, content=FIREWORKS)).then_refused("already-raised")


def test_leaves_nothing_to_sign_or_withdraw() -> None:
    recorded = nothing_yet.given(RECORDED)
    recorded.when(SignWhistle(YUANCUN, AT_ONCE)).then_nothing()
    recorded.when(WithdrawWhistle(YUANCUN, "sealed reason")).then_refused("whistle-is-with-the-desk")


def test_can_be_raised_again_within_the_days_after_its_closing_on_paper() -> None:
    recorded = nothing_yet.given(RECORDED)
    soon = RaiseAgain(YUANCUN, "sealed reason", False, 30, COURSE.closed_at + timedelta(days=30))
    recorded.when(soon).then(WhistleRaisedAgain("sealed reason", 1, 2, YUANCUN))
    late = replace(soon, at=TODAY)
    recorded.when(late).then_refused("too-late-to-raise-again")
