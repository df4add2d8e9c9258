"""督办事实: what becomes of a matter: its orders, and how it was settled. Texts are sealed."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from accountability.domain.terms import ClockKind

Color = Literal["ORANGE", "RED"]
"""橙色, 红色; the blue hint is the rung itself, or ``HintGiven`` by a person."""
Authority = Literal["office", "county-leader"]
"""Whose orders they are: of the office's own lateness the county leader's."""
Result = Literal["order-closed", "not-pursued", "exempted", "referred"]
"""How a matter was settled: 销号, 不予督办, 容错, 移送. It is not pursued a second time."""
MootCause = Literal["breach-annulled", "whistle-closed", "withdrawn", "not-accepted", "merged"]
WithdrawalCause = Literal[MootCause, "exempted", "raised-to-red", "settled", "by-hand"]


@dataclass(frozen=True, slots=True)
class Matter:
    """What is pursued: ``unit`` is late on clock ``kind``, or a person took it up (``kind`` None)."""

    case_id: str
    unit: str
    authority: Authority
    kind: ClockKind | None = None


@dataclass(frozen=True, slots=True)
class OrderProposed:
    """An order waits for a person; ``copy_to`` will get a copy."""

    name: ClassVar[str] = "accountability.supervision-order.order-proposed.v1"
    matter: Matter
    color: Color
    at: datetime
    copy_to: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class UnitHeard:
    """What the unit said at ``at``, and who said it."""

    name: ClassVar[str] = "accountability.supervision-order.unit-heard.v1"
    at: datetime
    speaker: str
    words: str


@dataclass(frozen=True, slots=True)
class OrderIssued:
    """The unit has an order to reply to."""

    name: ClassVar[str] = "accountability.supervision-order.order-issued.v1"
    matter: Matter
    color: Color
    by_ladder: bool
    at: datetime
    copied_to: str = ""
    reason: str = ""
    reply_due: datetime | None = None
    """The last second of the day by which the unit replies; None: issued before there was a limit."""


@dataclass(frozen=True, slots=True)
class HintGiven:
    """The unit's attention was drawn to something; it wants no reply."""

    name: ClassVar[str] = "accountability.supervision-order.hint-given.v1"
    matter: Matter
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderLeftUnanswered:
    """The order was not replied to by ``due``."""

    name: ClassVar[str] = "accountability.supervision-order.order-left-unanswered.v1"
    color: Color
    due: datetime


@dataclass(frozen=True, slots=True)
class OrderDeclined:
    """Having heard the unit, no order is issued."""

    name: ClassVar[str] = "accountability.supervision-order.order-declined.v1"
    color: Color
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderReplied:
    """The unit says what is done about it."""

    name: ClassVar[str] = "accountability.supervision-order.order-replied.v1"
    color: Color
    reply: str


@dataclass(frozen=True, slots=True)
class OrderClosed:
    """The reply is accepted."""

    name: ClassVar[str] = "accountability.supervision-order.order-closed.v1"
    color: Color
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderWithdrawn:
    """An order, or a proposal of one, does not hold any more."""

    name: ClassVar[str] = "accountability.supervision-order.order-withdrawn.v1"
    color: Color
    cause: WithdrawalCause
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MatterExempted:
    """The breach was in good faith."""

    name: ClassVar[str] = "accountability.supervision-order.matter-exempted.v1"
    matter: Matter
    at: datetime


@dataclass(frozen=True, slots=True)
class MatterReferred:
    """Handed to another body."""

    name: ClassVar[str] = "accountability.supervision-order.matter-referred.v1"
    matter: Matter
    to: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MatterHandedOver:
    """``to`` stands in the place of unit ``was``."""

    name: ClassVar[str] = "accountability.supervision-order.matter-handed-over.v1"
    was: str
    to: str


@dataclass(frozen=True, slots=True)
class NameCleared:
    """The reproach was unfounded."""

    name: ClassVar[str] = "accountability.supervision-order.name-cleared.v1"
    matter: Matter
    statement: str


Event = (
    OrderProposed
    | UnitHeard
    | OrderIssued
    | HintGiven
    | OrderLeftUnanswered
    | OrderDeclined
    | OrderReplied
    | OrderClosed
    | OrderWithdrawn
    | MatterExempted
    | MatterReferred
    | MatterHandedOver
    | NameCleared
)
