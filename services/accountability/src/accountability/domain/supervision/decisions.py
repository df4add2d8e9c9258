"""督办裁量: what a command makes of a matter: facts, nothing, or a refusal."""

from datetime import datetime
from typing import assert_never

from accountability.domain.moments import day_of, instant
from accountability.domain.refusals import require
from accountability.domain.supervision.commands import (
    ClearName,
    CloseOrder,
    Command,
    DeclineOrder,
    GiveHint,
    HearUnit,
    IssueOrder,
    NoteExempted,
    NoteMoot,
    NoteReplyDue,
    NoteRung,
    NoteSuccession,
    ReferToDiscipline,
    ReplyToOrder,
    Supervise,
    WithdrawOrder,
)
from accountability.domain.supervision.facts import (
    Authority,
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
    UnitHeard,
    WithdrawalCause,
)
from accountability.domain.supervision.state import OUT, Stage, Supervision
from accountability.domain.terms import ClockKind

COPIED_TO = "county-supervision-office"
"""县委督查室, which gets a copy of a red order."""


def decide(command: Command, supervision: Supervision) -> list[Event]:
    """The facts that follow from a command; raises ``Refused`` with nothing changed."""
    match command:
        case NoteRung():
            return _climb(command, supervision)
        case Supervise():
            return _supervise(command, supervision)
        case GiveHint():
            return _hint(command, supervision)
        case HearUnit():
            return _hear(command, supervision)
        case IssueOrder():
            return _issue(command, supervision)
        case DeclineOrder():
            return _decline(command, supervision)
        case ReplyToOrder():
            return _reply(command, supervision)
        case NoteReplyDue(color, at):
            return _reply_due(supervision, color, instant(at))
        case CloseOrder():
            return _close(command, supervision)
        case WithdrawOrder():
            return _withdraw(command, supervision)
        case ReferToDiscipline():
            return _refer(command, supervision)
        case ClearName():
            return _clear(command, supervision)
        case NoteMoot(cause):
            return _moot(supervision, cause)
        case NoteExempted(matter, at):
            if supervision.settled is not None:
                return []
            open_ = _withdrawn(supervision, "exempted", *OUT, Stage.PROPOSED)
            return [*open_, MatterExempted(supervision.matter or matter, instant(at))]
        case NoteSuccession(was, to):
            known = supervision.matter is not None and supervision.matter.unit == was != to
            open_order = supervision.standing(Stage.PROPOSED, *OUT) is not None
            return [MatterHandedOver(was, to)] if known and open_order else []
        case _:
            assert_never(command)


def _climb(command: NoteRung, supervision: Supervision) -> list[Event]:
    """Blue is a hint and no order; to a township that is to confirm (C7) none ever goes."""
    if command.rung == "BLUE" or command.matter.kind is ClockKind.C7:
        return []
    if supervision.settled is not None or command.rung in supervision.orders:
        return []
    at, color = instant(command.at), command.rung
    if command.proposed:
        return [OrderProposed(command.matter, color, at, command.copy_to)]
    superseded = supervision.standing(*OUT) is not None
    if superseded:
        return []
    return [OrderIssued(command.matter, color, True, at, command.copy_to, "", command.reply_due)]


def _supervise(command: Supervise, supervision: Supervision) -> list[Event]:
    matter = _addressed(command)
    require(command.reason != "", "order-needs-a-reason")
    order = supervision.orders.get(command.color)
    if order is not None and order.stage in (Stage.PROPOSED, *OUT):
        require(order.reason == command.reason, "order-is-out-already")
        return []
    _require_unsettled(supervision)
    open_ = supervision.standing(Stage.PROPOSED if command.color == "RED" else Stage.ISSUED, *OUT)
    require(open_ is None or (command.color == "RED" and open_ == "ORANGE"), "order-is-out-already")
    at = instant(command.at)
    if command.color == "RED":
        return [OrderProposed(matter, "RED", at, COPIED_TO, command.reason)]
    return [OrderIssued(matter, "ORANGE", False, at, "", command.reason, command.reply_due)]


def _hint(command: GiveHint, supervision: Supervision) -> list[Event]:
    """Nothing waits for it, and it stands beside whatever order is out."""
    matter = _addressed(command)
    require(command.reason != "", "hint-needs-words")
    if supervision.hint == command.reason:
        return []
    _require_unsettled(supervision)
    return [HintGiven(matter, command.reason, instant(command.at))]


def _addressed(command: Supervise | GiveHint) -> Matter:
    """The matter, where whoever asks may write to its unit."""
    matter = command.matter
    _require_authority(command.county_leader, matter.authority)
    require(matter.unit in command.concerned, "unit-not-concerned")
    require(matter.unit != command.confirming, "no-order-for-confirming")
    return matter


def _hear(command: HearUnit, supervision: Supervision) -> list[Event]:
    _own(supervision, command.county_leader)
    color = supervision.standing(Stage.PROPOSED)
    require(color is not None, "no-order-proposed")
    assert color is not None
    require(command.speaker != "", "hearing-needs-a-speaker")
    require(command.words != "", "hearing-needs-words")
    require(command.at <= command.asked_at, "hearing-lies-ahead")
    if supervision.orders[color].heard == command.words:
        return []
    return [UnitHeard(instant(command.at), command.speaker, command.words)]


def _issue(command: IssueOrder, supervision: Supervision) -> list[Event]:
    matter = _own(supervision, command.county_leader)
    color = supervision.standing(Stage.PROPOSED)
    if color is None and supervision.standing(*OUT) is not None:
        return []
    _require_unsettled(supervision)
    require(color is not None, "no-order-proposed")
    assert color is not None
    order = supervision.orders[color]
    require(order.heard != "", "unit-not-heard-yet")
    raised = _withdrawn(supervision, "raised-to-red", *OUT)
    at = instant(command.at)
    issued = OrderIssued(matter, color, False, at, order.copy_to, order.reason, command.reply_due)
    return [*raised, issued]


def _decline(command: DeclineOrder, supervision: Supervision) -> list[Event]:
    _own(supervision, command.county_leader)
    color = supervision.standing(Stage.PROPOSED)
    if color is None and supervision.standing(Stage.DECLINED) is not None:
        return []
    require(color is not None, "no-order-proposed")
    assert color is not None
    require(supervision.orders[color].heard != "", "unit-not-heard-yet")
    require(command.reason != "", "declining-an-order-needs-a-reason")
    return [OrderDeclined(color, command.reason, instant(command.at))]


def _reply(command: ReplyToOrder, supervision: Supervision) -> list[Event]:
    """Another unit's matter is to a unit no matter at all. A reply may be added to until it is accepted."""
    require(supervision.matter is not None and supervision.matter.unit == command.unit, "unknown-matter")
    color = supervision.standing(*OUT)
    require(color is not None, "no-order-to-reply-to")
    assert color is not None
    require(command.reply != "", "reply-needs-words")
    if supervision.orders[color].reply == command.reply:
        return []
    return [OrderReplied(color, command.reply)]


def _reply_due(supervision: Supervision, color: Color, at: datetime) -> list[Event]:
    """Stated once; a reply in the second of the deadline is in time."""
    order = supervision.orders.get(color)
    if order is None or order.stage is not Stage.ISSUED or order.overdue or order.reply_due is None:
        return []
    return [OrderLeftUnanswered(color, order.reply_due)] if at > order.reply_due else []


def _close(command: CloseOrder, supervision: Supervision) -> list[Event]:
    _own(supervision, command.county_leader)
    if supervision.standing(Stage.CLOSED) is not None:
        return []
    color = supervision.standing(*OUT)
    require(color is not None, "no-order-is-out")
    assert color is not None
    require(supervision.orders[color].stage is Stage.REPLIED, "order-not-replied-to")
    require(command.words != "", "closing-an-order-needs-words")
    proposed = _withdrawn(supervision, "settled", Stage.PROPOSED)
    return [*proposed, OrderClosed(color, command.words, instant(command.at))]


def _withdraw(command: WithdrawOrder, supervision: Supervision) -> list[Event]:
    _own(supervision, command.county_leader)
    color = supervision.standing(*OUT)
    if color is None:
        if any(order.taken_back == command.reason != "" for order in supervision.orders.values()):
            return []  # said twice, it does not take the proposal, too
        color = supervision.standing(Stage.PROPOSED)
    if color is None and supervision.standing(Stage.WITHDRAWN) is not None:
        return []
    require(color is not None, "no-order-is-out")
    assert color is not None
    require(command.reason != "", "withdrawing-an-order-needs-a-reason")
    return [OrderWithdrawn(color, "by-hand", command.reason)]


def _refer(command: ReferToDiscipline, supervision: Supervision) -> list[Event]:
    """It takes the place of the orders that are open: one matter is pursued in one way."""
    if supervision.settled is not None and supervision.settled.result == "referred":
        return []
    _require_unsettled(supervision)
    require(command.stands, "no-breach-to-refer")
    require(command.reason != "", "referral-needs-a-reason")
    open_ = _withdrawn(supervision, "settled", *OUT, Stage.PROPOSED)
    matter = supervision.matter or command.matter
    return [*open_, MatterReferred(matter, command.to, command.reason, instant(command.at))]


def _clear(command: ClearName, supervision: Supervision) -> list[Event]:
    """While the reproach holds, nobody is cleared of it."""
    if supervision.cleared:
        return []
    upheld = supervision.settled is not None and supervision.settled.result in ("order-closed", "referred")
    exempted = supervision.settled is not None and supervision.settled.result == "exempted"
    require(not upheld, "reproach-was-upheld")
    require(not command.stands or exempted, "breach-stands")
    require(supervision.standing(Stage.PROPOSED, *OUT) is None, "order-is-out-already")
    require(command.statement != "", "clearing-needs-a-statement")
    return [NameCleared(supervision.matter or command.matter, command.statement)]


def _moot(supervision: Supervision, cause: WithdrawalCause) -> list[Event]:
    """Without its breach no order holds, not even one that was closed; an end leaves what was replied to."""
    if cause == "breach-annulled":
        return _withdrawn(supervision, cause, *OUT, Stage.PROPOSED, Stage.CLOSED)
    return _withdrawn(supervision, cause, Stage.ISSUED, Stage.PROPOSED)


def _withdrawn(supervision: Supervision, cause: WithdrawalCause, *stages: Stage) -> list[Event]:
    open_: list[Color] = [color for color, order in supervision.orders.items() if order.stage in stages]
    return [OrderWithdrawn(color, cause) for color in open_]


def _own(supervision: Supervision, county_leader: bool) -> Matter:
    require(supervision.matter is not None, "unknown-matter")
    assert supervision.matter is not None
    _require_authority(county_leader, supervision.matter.authority)
    return supervision.matter


def _require_authority(county_leader: bool, authority: Authority) -> None:
    """Nobody is judge in the own matter, and nobody acts for another role."""
    require(county_leader or authority == "office", "office-matters-are-the-county-leaders")
    require(not county_leader or authority == "county-leader", "unit-matters-are-the-offices")


def _require_unsettled(supervision: Supervision) -> None:
    """One matter is not pursued twice."""
    settled = supervision.settled
    if settled is not None:
        require(False, "matter-settled-already", result=settled.result, on=day_of(settled.at).isoformat())
