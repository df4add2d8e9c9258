"""权责争议状态: how far a dispute is, folded from its facts."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from routing.domain.dispute.facts import (
    CoordinationOpened,
    DisputeAccepted,
    DisputeFiled,
    DisputeNotAccepted,
    DisputeReferredUp,
    DutyAgreed,
    DutyRuled,
    Event,
    HearingRecorded,
    ListRevisionDrafted,
    NegotiationOpened,
    ReconsiderationRefused,
    ReconsiderationRequested,
    Ruling,
    RulingExecuted,
    StatementGiven,
)


class Stage(StrEnum):
    """Where it stands."""

    NONE = "none"
    FILED = "filed"
    ACCEPTED = "accepted"
    NEGOTIATING = "negotiating"
    COORDINATING = "coordinating"
    RULED = "ruled"
    AGREED = "agreed"
    NOT_ACCEPTED = "not_accepted"
    REFERRED_UP = "referred_up"
    EXECUTED = "executed"


TALKING = frozenset({Stage.ACCEPTED, Stage.NEGOTIATING, Stage.COORDINATING})
"""It was taken on, and nothing is decided."""
UNDECIDED = TALKING | {Stage.FILED}
"""It is still the county's to decide."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """What the next decision, or the next published fact, needs to know."""

    stage: Stage = Stage.NONE
    filed: DisputeFiled | None = None
    statements: tuple[StatementGiven, ...] = ()
    """The last one of each party."""
    hearing: HearingRecorded | None = None
    decided: DutyRuled | DutyAgreed | None = None
    request: ReconsiderationRequested | None = None
    refused: bool = False
    """The reconsideration left the ruling as it was."""
    referred: DisputeReferredUp | None = None

    @property
    def number(self) -> int:
        """The number of the ruling that holds; an agreement is the first."""
        return self.decided.number if isinstance(self.decided, DutyRuled) else 1

    @property
    def ruling(self) -> Ruling | None:
        """The ruling that holds, or the agreement."""
        return self.decided.ruling if self.decided else None

    @property
    def parties(self) -> tuple[str, ...]:
        """The units whose case it is: they may speak, and see it."""
        if self.filed is None:
            return ()
        filed = self.filed
        named = (filed.disputed_department, *filed.named, filed.filed_by, filed.proposed_owner)
        ruled = self.ruling.units if self.ruling else ()
        return tuple(dict.fromkeys(each for each in (*named, filed.township, *ruled) if each))

    @property
    def reconsidered(self) -> bool:
        """Whether the one reconsideration was decided."""
        return self.refused or self.number > 1


INITIAL = Dispute()


def evolve(dispute: Dispute, event: Event, at: datetime) -> Dispute:
    """The dispute after a fact; never refuses."""
    match event:
        case DisputeFiled():
            return replace(dispute, stage=Stage.FILED, filed=event)
        case DisputeAccepted():
            return replace(dispute, stage=Stage.ACCEPTED)
        case DisputeNotAccepted():
            return replace(dispute, stage=Stage.NOT_ACCEPTED)
        case NegotiationOpened():
            return replace(dispute, stage=Stage.NEGOTIATING)
        case CoordinationOpened():
            return replace(dispute, stage=Stage.COORDINATING)
        case StatementGiven(unit):
            others = tuple(each for each in dispute.statements if each.unit != unit)
            return replace(dispute, statements=(*others, event))
        case HearingRecorded():
            return replace(dispute, hearing=event)
        case DutyAgreed():
            return replace(dispute, stage=Stage.AGREED, decided=event)
        case DutyRuled():
            return replace(dispute, stage=Stage.RULED, decided=event)
        case DisputeReferredUp():
            return replace(dispute, stage=Stage.REFERRED_UP, referred=event)
        case ReconsiderationRequested():
            return replace(dispute, request=event)
        case ReconsiderationRefused():
            return replace(dispute, refused=True)
        case RulingExecuted():
            return replace(dispute, stage=Stage.EXECUTED)
        case ListRevisionDrafted():
            return dispute
        case _:
            assert_never(event)
