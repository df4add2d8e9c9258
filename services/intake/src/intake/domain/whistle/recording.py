"""补录: a whistle of the past enters with its whole course, closed, and no clock ever runs for it."""

from itertools import pairwise

from intake.domain.refusals import require
from intake.domain.whistle.commands import RecordWhistle
from intake.domain.whistle.facts import Content, Course, Event, IssueJudgement, WhistleRecorded
from intake.domain.whistle.state import Stage, Whistle


def record(command: RecordWhistle, whistle: Whistle) -> list[Event]:
    """By two people; the times on paper are in order and past."""
    content, course = command.content, command.course
    if whistle.content == content:
        return []
    require(whistle.stage is Stage.NONE, "already-raised")
    require_complete(content)
    require(command.township != "", "record-needs-a-township")
    require(command.approved_by != "", "second-person-needed")
    require(command.approved_by != command.recorded_by, "recorder-cannot-approve")
    require(course.sentence != "", "record-needs-a-conclusion")
    _in_order(course, content.kind == "emergency")
    require(course.closed_at <= command.at, "not-yet-happened")
    require(_for_each_issue(course.results, content), "record-needs-a-result")
    if course.verdicts:
        require(_for_each_issue(course.verdicts, content), "record-needs-a-verdict")
    else:
        require(all(part.rating is None for part in course.parts), "rating-without-a-verdict")
    return [
        WhistleRecorded(
            command.township,
            content,
            command.number,
            command.external_number,
            course,
            command.recorded_by,
            command.approved_by,
        )
    ]


def require_complete(content: Content) -> None:
    """What every whistle says."""
    require(content.text != "", "whistle-needs-a-text")
    require(content.village != "", "whistle-needs-a-village")
    require(len(content.issues) > 0, "whistle-needs-an-issue")
    require(len(content.departments) > 0, "whistle-needs-a-department")


def _in_order(course: Course, emergency: bool) -> None:
    # An emergency goes out when it is raised and is signed within a day.
    require(emergency or course.signed_at <= course.dispatched_at, "dispatched-before-it-was-signed")
    require(course.signed_at <= course.closed_at, "closed-before-it-was-signed")
    lead, *assists = course.parts
    require(lead.reported_in_at is not None, "record-needs-the-report-in")
    assert lead.reported_in_at is not None
    for part in course.parts:
        arrived = part.reported_in_at
        require(arrived is None or course.dispatched_at <= arrived, "reported-in-before-dispatch")
    require(lead.reported_in_at <= course.concluded_at, "concluded-before-report-in")
    for part in assists:
        arrived = part.reported_in_at
        require(arrived is None or arrived <= course.closed_at, "reported-in-after-closing")
    steps = (lead.reported_in_at, course.feedback_at or lead.reported_in_at, course.concluded_at)
    require(all(before <= after for before, after in pairwise(steps)), "feedback-outside-of-the-work")
    require(course.concluded_at <= course.closed_at, "closed-before-conclusion")


def _for_each_issue(judgements: tuple[IssueJudgement, ...], content: Content) -> bool:
    return sorted(each.issue_id for each in judgements) == sorted(each.issue_id for each in content.issues)
