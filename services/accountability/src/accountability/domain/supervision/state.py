"""督办状态: which orders of a matter are open, and how it was settled, folded from the facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from accountability.domain.supervision.facts import (
    Color,
    Event,
    HintGiven,
    Matter,
    MatterExempted,
    MatterHandedOver,
    MatterReferred,
    NameCleared,
    OrderClosed,
    OrderDeclined,
    OrderIssued,
    OrderLeftUnanswered,
    OrderProposed,
    OrderReplied,
    OrderWithdrawn,
    Result,
    UnitHeard,
)


class Stage(StrEnum):
    """Where an order stands."""

    PROPOSED = "proposed"
    ISSUED = "issued"
    REPLIED = "replied"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OUT = (Stage.ISSUED, Stage.REPLIED)
"""The unit has it."""


@dataclass(frozen=True, slots=True)
class Order:
    """One order of a matter."""

    stage: Stage
    heard: str = ""
    copy_to: str = ""
    reason: str = ""
    reply: str = ""
    reply_due: datetime | None = None
    overdue: bool = False
    """The time for a reply ran out."""
    taken_back: str = ""
    """Why a person withdrew it, sealed."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How the matter ended, and when."""

    result: Result
    at: datetime


@dataclass(frozen=True, slots=True)
class Supervision:
    """What the next decision needs to know; ``matter`` is None before the first fact."""

    matter: Matter | None = None
    orders: Mapping[Color, Order] = field(default_factory=dict)
    settled: Settled | None = None
    cleared: bool = False
    hint: str = ""
    """The last hint a person gave, sealed."""

    def standing(self, *stages: Stage) -> Color | None:
        """The color of the order at one of these stages; there is at most one proposed, and one out."""
        return next((color for color, order in self.orders.items() if order.stage in stages), None)


INITIAL = Supervision()


def evolve(supervision: Supervision, event: Event, at: datetime) -> Supervision:
    """The matter after a fact; never refuses."""
    match event:
        case OrderProposed(matter, color, _, copy_to, reason):
            proposal = Order(Stage.PROPOSED, copy_to=copy_to, reason=reason)
            return _afresh(supervision, matter, color, proposal)
        case UnitHeard(_, _, words):
            proposed = supervision.standing(Stage.PROPOSED)
            assert proposed is not None, "the unit is heard on what is proposed"
            return _changed(supervision, proposed, heard=words)
        case OrderIssued(matter, color, _, _, copied_to, reason, reply_due):
            order = Order(Stage.ISSUED, copy_to=copied_to, reason=reason, reply_due=reply_due)
            return _afresh(supervision, matter, color, order)
        case HintGiven(matter, reason):
            return replace(_of(supervision, matter), hint=reason)
        case OrderLeftUnanswered(color):
            return _changed(supervision, color, overdue=True)
        case OrderDeclined(color, _, settled_at):
            declined = _changed(supervision, color, stage=Stage.DECLINED)
            if declined.standing(*OUT) is not None:
                return declined  # the milder order goes on
            return replace(declined, settled=Settled("not-pursued", settled_at))
        case OrderReplied(color, reply):
            return _changed(supervision, color, stage=Stage.REPLIED, reply=reply)
        case OrderClosed(color, _, settled_at):
            closed = _changed(supervision, color, stage=Stage.CLOSED)
            return replace(closed, settled=Settled("order-closed", settled_at))
        case OrderWithdrawn(color, cause, reason):
            withdrawn = _changed(supervision, color, stage=Stage.WITHDRAWN, taken_back=reason)
            if cause == "breach-annulled" and supervision.orders[color].stage is Stage.CLOSED:
                return replace(withdrawn, settled=None)
            return withdrawn
        case MatterExempted(matter, settled_at):
            return replace(_of(supervision, matter), settled=Settled("exempted", settled_at))
        case MatterReferred(matter, _, _, settled_at):
            return replace(_of(supervision, matter), settled=Settled("referred", settled_at), cleared=False)
        case MatterHandedOver(_, to):
            assert supervision.matter is not None, "what is handed over is known"
            return replace(supervision, matter=replace(supervision.matter, unit=to))
        case NameCleared(matter):
            return replace(_of(supervision, matter), cleared=True)
        case _:
            assert_never(event)


def _of(supervision: Supervision, matter: Matter) -> Supervision:
    return replace(supervision, matter=supervision.matter or matter)


def _afresh(supervision: Supervision, matter: Matter, color: Color, order: Order) -> Supervision:
    """A new reproach: of it nobody is cleared yet."""
    return replace(_with(_of(supervision, matter), color, order), cleared=False)


def _with(supervision: Supervision, color: Color, order: Order) -> Supervision:
    return replace(supervision, orders={**supervision.orders, color: order})


def _changed(supervision: Supervision, color: Color, **values: object) -> Supervision:
    return _with(supervision, color, replace(supervision.orders[color], **values))  # type: ignore[arg-type]
