"""What is tried on supervision: orders, exemptions, instructions, trace-backs and spot checks."""

from dataclasses import replace
from typing import Final

from accountability.application.publishing_supervision import EXEMPTION, INSTRUCTION, SUPERVISION, TRACE_BACK
from accountability.application.spot_checks import SPOT_CHECKS
from accountability.domain import exemption, instruction, spot_check, supervision, trace_back
from accountability.domain.moments import SECOND
from accountability.domain.supervision import commands as orders
from accountability.domain.supervision.state import OUT, Stage
from tests.domain.accountability.stories import WATER
from tests.domain.accountability.test_exempt_breach import CLAIM, FOR_IT, GRANT
from tests.domain.accountability.test_instruct import GIVE, RELEASE
from tests.domain.accountability.test_spot_checks import ASSIGN, DRAW, FOUND, ONE
from tests.domain.accountability.test_supervise import (
    BY_HAND,
    CLEAR,
    HEAR,
    HINT,
    ISSUE,
    LATER,
    MATTER,
    REFER,
    REPLY_DUE,
    TAKE_UP,
    rung,
)
from tests.domain.transitions.explore import Subject, Trial

OVERDUE: Final = REPLY_DUE + SECOND


def _order(state: supervision.Supervision) -> str:
    """How the matter was settled, else the order that is out, else what is proposed, else what was."""
    out, proposed = state.standing(*OUT), state.standing(Stage.PROPOSED)
    flags: list[str] = []
    base: str = "withdrawn" if state.orders else "none"
    if state.settled is not None:
        base = state.settled.result
    elif out is not None:
        base = f"{out.lower()} {state.orders[out].stage}"
        flags += ["red proposed"] if proposed else []
        flags += ["red declined"] if state.standing(Stage.DECLINED) else []
    elif proposed is not None:
        base = "red proposed"
    if proposed is not None and state.orders[proposed].heard:
        flags.append("heard")
    return ", ".join([base, *flags, *(["cleared"] if state.cleared else [])])


def _exemption(state: exemption.Exemption) -> str:
    if state.claim is None:
        return "none"
    return {None: "claimed", True: "granted", False: "refused"}[state.granted]


def _check(state: spot_check.SpotChecks) -> str:
    """One of the checks that were drawn."""
    if state.drawn is None:
        return "none"
    check = state.checks[ONE]
    if check.passed is not None:
        return "passed" if check.passed else "failed"
    return "assigned" if check.checker else "drawn"


ORDER_TRIALS: Final = (
    Trial(rung("BLUE"), "blue"),
    Trial(replace(rung("ORANGE"), reply_due=REPLY_DUE), "orange"),
    Trial(rung("RED"), "red"),
    Trial(replace(TAKE_UP, reply_due=REPLY_DUE), "orange"),
    Trial(replace(TAKE_UP, color="RED"), "red"),
    Trial(replace(TAKE_UP, confirming=BY_HAND.unit), "of who confirms"),
    Trial(HINT),
    Trial(HEAR),
    Trial(replace(ISSUE, reply_due=REPLY_DUE), "by the office"),
    Trial(replace(ISSUE, county_leader=True), "by the county leader"),
    Trial(orders.DeclineOrder(False, "sealed reason", LATER)),
    Trial(orders.ReplyToOrder(WATER, "sealed reply")),
    Trial(orders.ReplyToOrder("transport", "sealed reply"), "by another unit"),
    Trial(lambda state: orders.NoteReplyDue(state.standing(*OUT) or "ORANGE", OVERDUE)),
    Trial(orders.CloseOrder(False, "sealed words", LATER)),
    Trial(orders.WithdrawOrder(False, "sealed reason")),
    Trial(REFER),
    Trial(CLEAR, "no breach"),
    Trial(replace(CLEAR, stands=True), "the breach stands"),
    Trial(orders.NoteMoot("breach-annulled"), "breach annulled"),
    Trial(orders.NoteMoot("whistle-closed"), "whistle ended"),
    Trial(orders.NoteExempted(MATTER, LATER)),
    Trial(orders.NoteSuccession(WATER, "transport")),
)

EXEMPTION_TRIALS: Final = (
    Trial(CLAIM, "by the unit"),
    Trial(FOR_IT, "by the office"),
    Trial(replace(CLAIM, unit="transport"), "by another unit"),
    Trial(replace(CLAIM, referred=True), "already referred"),
    Trial(GRANT, "granted"),
    Trial(replace(GRANT, granted=False), "refused"),
    Trial(replace(GRANT, by=CLAIM.by), "by the claimant"),
    Trial(replace(GRANT, unit=WATER), "by the unit"),
)

INSTRUCTION_TRIALS: Final = (
    Trial(GIVE),
    Trial(replace(GIVE, words="other sealed words"), "another"),
    Trial(replace(GIVE, to=("transport",)), "to a stranger"),
)

TRACE_BACK_TRIALS: Final = (
    Trial(RELEASE),
    Trial(replace(RELEASE, digest="d2"), "the case has changed"),
    Trial(replace(RELEASE, known=False), "of no case"),
)

CHECK_TRIALS: Final = (
    Trial(DRAW),
    Trial(replace(DRAW, seed=8), "by another seed"),
    Trial(replace(DRAW, cases=()), "nothing closed"),
    Trial(ASSIGN),
    Trial(replace(ASSIGN, checker="checker-2"), "somebody else"),
    Trial(replace(ASSIGN, checker="checker-3", unit=WATER), "of a unit concerned"),
    Trial(replace(FOUND, passed=True), "passed"),
    Trial(FOUND, "failed"),
    Trial(replace(FOUND, by="checker-3"), "by somebody else"),
)

SUBJECTS: Final = (
    Subject("order", "督查单 Supervision order", SUPERVISION, supervision.Command, _order, ORDER_TRIALS),
    Subject("exemption", "容错 Exemption", EXEMPTION, exemption.Command, _exemption, EXEMPTION_TRIALS),
    Subject(
        "instruction", "批示 Instruction", INSTRUCTION, instruction.Command,
        lambda state: "instructed" if state.last else "none", INSTRUCTION_TRIALS,
    ),
    Subject(
        "trace back", "倒查材料 Trace-back", TRACE_BACK, trace_back.Command,
        lambda state: "released" if state.number else "none", TRACE_BACK_TRIALS,
    ),
    Subject("spot check", "抽查 Spot check", SPOT_CHECKS, spot_check.Command, _check, CHECK_TRIALS),
)  # fmt: skip
