"""督办: orders to a unit that is late, their hearing, reply and end; instructions of the county leader."""

from datetime import datetime
from typing import ClassVar, Literal

from contracts.events.accountability.clocks import ClockKind
from contracts.events.published import Published

OrderColor = Literal["ORANGE", "RED"]
"""橙色, 红色督查单; the blue one is the rung itself, a hint that needs no reply."""
Authority = Literal["office", "county-leader"]
"""Who issues and closes: the office; of the office's own lateness the county leader."""
WithdrawalCause = Literal[
    "breach-annulled",
    "exempted",
    "raised-to-red",
    "settled",
    "whistle-closed",
    "withdrawn",
    "not-accepted",
    "merged",
    "by-hand",
]
"""What made an order moot, or that a person withdrew it."""


class MatterFact(Published):
    """A fact of one matter: the breach of a clock (``matter_id`` is its id), or what a person took up.

    ``unit`` is the unit concerned.
    """

    matter_id: str
    unit: str
    kind: ClockKind | None = None


class OrderProposed(MatterFact):
    """W14: an order waits for a person, who hears the unit before issuing it."""

    NAME: ClassVar[str] = "accountability.supervision-order.order-proposed.v1"
    color: OrderColor
    authority: Authority
    at: datetime
    reason_sealed: str | None = None


class UnitHeard(MatterFact):
    """W14: what the unit said before an order was issued, and who said it."""

    NAME: ClassVar[str] = "accountability.supervision-order.unit-heard.v1"
    at: datetime
    speaker_sealed: str
    words_sealed: str


class OrderIssued(MatterFact):
    """W14: an order to the unit, which replies to it."""

    NAME: ClassVar[str] = "accountability.supervision-order.order-issued.v1"
    color: OrderColor
    authority: Authority
    by_ladder: bool
    at: datetime
    copied_to: str | None = None
    """县委督查室, for a red one."""
    reason_sealed: str | None = None
    reply_due: datetime | None = None
    """Until when the unit replies, by the case rules; None: issued before there was a limit."""


class HintGiven(MatterFact):
    """蓝色提示: a person draws the unit's attention to something; it wants no reply and settles nothing."""

    NAME: ClassVar[str] = "accountability.supervision-order.hint-given.v1"
    authority: Authority
    at: datetime
    reason_sealed: str


class OrderLeftUnanswered(MatterFact):
    """Nobody has replied to the order by ``due``; unit and authority are told, and a reply still counts."""

    NAME: ClassVar[str] = "accountability.supervision-order.order-left-unanswered.v1"
    color: OrderColor
    authority: Authority
    due: datetime


class OrderDeclined(MatterFact):
    """W14: having heard the unit, no order is issued."""

    NAME: ClassVar[str] = "accountability.supervision-order.order-declined.v1"
    color: OrderColor
    reason_sealed: str
    settled: bool = True
    """No other order of the matter is out: it is not pursued again."""


class OrderReplied(MatterFact):
    """W14: the unit's leader says what is done about it."""

    NAME: ClassVar[str] = "accountability.supervision-order.order-replied.v1"
    color: OrderColor
    reply_sealed: str


class OrderClosed(MatterFact):
    """W14: the reply is accepted; the matter is not pursued again."""

    NAME: ClassVar[str] = "accountability.supervision-order.order-closed.v1"
    color: OrderColor
    content_sealed: str


class OrderWithdrawn(MatterFact):
    """W14: it does not hold any more; it stays visible as withdrawn."""

    NAME: ClassVar[str] = "accountability.supervision-order.order-withdrawn.v1"
    color: OrderColor
    cause: WithdrawalCause
    reason_sealed: str | None = None


class MatterReferred(MatterFact):
    """W14: handed to the discipline body, apart from any order; the matter is not pursued again here."""

    NAME: ClassVar[str] = "accountability.supervision-order.matter-referred.v1"
    to: str
    reason_sealed: str


class MatterHandedOver(MatterFact):
    """The unit is no more: what is open goes on with ``unit``, in whose place it stands."""

    NAME: ClassVar[str] = "accountability.supervision-order.matter-handed-over.v1"
    was: str


class NameCleared(MatterFact):
    """澄清正名: a reproach against the unit was unfounded."""

    NAME: ClassVar[str] = "accountability.supervision-order.name-cleared.v1"
    content_sealed: str


class InstructionGiven(Published):
    """批示: what the county leader wants done in a case; ``number`` counts from 1."""

    NAME: ClassVar[str] = "accountability.instruction.instruction-given.v1"
    number: int
    unit: str
    to: tuple[str, ...]
    content_sealed: str
