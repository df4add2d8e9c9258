"""哨单状态: where a whistle stands, folded from its facts."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from intake.domain.whistle.facts import (
    AdoptedIssues,
    AdoptedIssuesJudged,
    AppealAnswered,
    ConfirmationWindowNoted,
    Content,
    DepartmentRating,
    Event,
    IssueJudgement,
    IssuesAdopted,
    WhistleAppealed,
    WhistleAwaitingConfirmation,
    WhistleClosed,
    WhistleDiscarded,
    WhistleDispatched,
    WhistleDrafted,
    WhistleHandling,
    WhistleMerged,
    WhistleNotAccepted,
    WhistleRaised,
    WhistleRaisedAgain,
    WhistleRecorded,
    WhistleReworked,
    WhistleSentBack,
    WhistleSigned,
    WhistleWithdrawn,
)


class Stage(StrEnum):
    """Where it stands; an emergency passes ``awaiting_signature`` and is dispatched before it is signed."""

    NONE = "none"
    DRAFT = "draft"
    DISCARDED = "discarded"
    AWAITING_SIGNATURE = "awaiting_signature"
    SIGNED = "signed"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    NOT_ACCEPTED = "not_accepted"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Whistle:
    """What the next decision, or the next published fact, needs to know."""

    stage: Stage = Stage.NONE
    township: str = ""
    content: Content | None = None
    number: str | None = None
    emergency: bool = False
    signed: bool = False
    departments: tuple[str, ...] = ()
    """Who has it, by unit code; empty before dispatch."""
    results: tuple[IssueJudgement, ...] = ()
    cycle: int = 1
    closing: WhistleClosed | None = None
    closed_at: datetime | None = None
    raised_again: bool = False
    """Out again since its last closing, and not concluded yet."""
    appealed: bool = False
    appeal: AppealAnswered | None = None
    adopted: tuple[AdoptedIssues, ...] = ()
    """Issues of whistles that go on in this one."""
    judged: tuple[AdoptedIssuesJudged, ...] = ()
    """What other townships have said of their issues in this cycle."""
    confirmation: ConfirmationWindowNoted | None = None
    """Until when this cycle may be judged, as far as accountability has said."""


INITIAL = Whistle()


def evolve(whistle: Whistle, event: Event, at: datetime) -> Whistle:
    """The whistle after a fact; never refuses."""
    match event:
        case WhistleDrafted(township, content):
            return replace(whistle, stage=Stage.DRAFT, township=township, content=content)
        case WhistleDiscarded():
            return replace(whistle, stage=Stage.DISCARDED)
        case WhistleRaised(number, emergency):
            return replace(whistle, stage=Stage.AWAITING_SIGNATURE, number=number, emergency=emergency)
        case WhistleSentBack():
            return replace(whistle, stage=Stage.DRAFT)
        case WhistleSigned():
            waited = whistle.stage is Stage.AWAITING_SIGNATURE
            return replace(whistle, stage=Stage.SIGNED if waited else whistle.stage, signed=True)
        case WhistleDispatched(departments):
            went_out = whistle.stage in (Stage.AWAITING_SIGNATURE, Stage.SIGNED)
            stage = Stage.DISPATCHED if went_out else whistle.stage
            return replace(whistle, stage=stage, departments=departments)
        case WhistleHandling():
            return replace(whistle, stage=Stage.HANDLING)
        case WhistleAwaitingConfirmation(results):
            return replace(whistle, stage=Stage.AWAITING_CONFIRMATION, results=results, raised_again=False)
        case WhistleClosed():
            return replace(whistle, stage=Stage.CLOSED, closing=event, closed_at=at)
        case WhistleReworked(_, cycle):
            return replace(whistle, stage=Stage.HANDLING, cycle=cycle, judged=())
        case WhistleWithdrawn():
            return replace(whistle, stage=Stage.WITHDRAWN)
        case WhistleNotAccepted():
            return replace(whistle, stage=Stage.NOT_ACCEPTED)
        case WhistleAppealed():
            return replace(whistle, appealed=True)
        case AppealAnswered(granted, cycle):
            answered = replace(whistle, appeal=event)
            return replace(answered, stage=Stage.DISPATCHED, cycle=cycle) if granted else answered
        case WhistleRaisedAgain(_, _, cycle):
            return replace(
                whistle,
                stage=Stage.DISPATCHED,
                cycle=cycle,
                results=(),
                closing=None,
                closed_at=None,
                raised_again=True,
                judged=(),
            )
        case IssuesAdopted(adopted):
            return replace(whistle, adopted=(*whistle.adopted, *adopted))
        case WhistleMerged():
            return replace(whistle, stage=Stage.MERGED)
        case ConfirmationWindowNoted():
            return replace(whistle, confirmation=event)
        case AdoptedIssuesJudged():
            return replace(whistle, judged=(*whistle.judged, event))
        case WhistleRecorded():
            return _recorded(event)
        case _:
            assert_never(event)


def _recorded(event: WhistleRecorded) -> Whistle:
    course = event.course
    ratings = tuple(
        DepartmentRating(part.unit, part.rating) for part in course.parts if part.rating is not None
    )
    appraised = bool(course.verdicts)
    return Whistle(
        stage=Stage.CLOSED,
        township=event.township,
        content=event.content,
        number=event.number,
        emergency=event.content.kind == "emergency",
        signed=True,
        departments=event.content.departments,
        results=course.results,
        closing=WhistleClosed(appraised, course.verdicts, ratings, course.comment, 1),
        closed_at=course.closed_at,
    )
