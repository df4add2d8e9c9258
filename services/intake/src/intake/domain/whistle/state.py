"""哨单状态: where a whistle stands, folded from its facts."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from intake.domain.whistle.facts import (
    Content,
    Event,
    IssueJudgement,
    WhistleAwaitingConfirmation,
    WhistleClosed,
    WhistleDiscarded,
    WhistleDispatched,
    WhistleDrafted,
    WhistleHandling,
    WhistleRaised,
    WhistleReworked,
    WhistleSentBack,
    WhistleSigned,
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
            return replace(whistle, stage=Stage.AWAITING_CONFIRMATION, results=results)
        case WhistleClosed():
            return replace(whistle, stage=Stage.CLOSED, closing=event)
        case WhistleReworked(_, cycle):
            return replace(whistle, stage=Stage.HANDLING, cycle=cycle)
        case _:
            assert_never(event)
