"""Which transitions the logs show: every step of a case and of its supervision has left its fact."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tests.system.county import County

_FACTS: Final = "SELECT type, stream, data, meta FROM {service}.event"
_CONDITIONS: Final = "approved_with_conditions"
_OWNERS: Final = ("intake", "routing", "accountability")


@dataclass(frozen=True, slots=True)
class Transition:
    """A step of a case; ``fact`` is how the name of its stored fact ends, ``holds`` what its data hold."""

    number: str
    step: str
    fact: str
    holds: Mapping[str, Any] = field(default_factory=dict)
    role: str = ""
    """Who has caused it, if that matters."""


@dataclass(frozen=True, slots=True)
class Exercised:
    """A transition, how often it happened, and in which case first."""

    transition: Transition
    times: int
    example: str


def _t(number: str, step: str, fact: str, role: str = "", /, **holds: Any) -> Transition:
    return Transition(number, step, fact, holds, role)


WHISTLE: Final = (
    _t("W1", "draft", "whistle.whistle-drafted"),
    _t("W1", "draft discarded", "whistle.whistle-discarded"),
    _t("W1", "recorded after the fact", "whistle.whistle-recorded"),
    _t("W1", "from a letter", "letter.letter-promoted"),
    _t("W1", "from a grid report", "grid-report.grid-report-promoted"),
    _t("W2", "raised", "whistle.whistle-raised", emergency=False),
    _t("W2'", "sent back", "whistle.whistle-sent-back"),
    _t("W3", "signed, final", "dispatch.dispatch-issued", provisional=False, scheduled=False),
    _t("W3", "signed, provisional", "dispatch.dispatch-issued", provisional=True),
    _t("W3", "emergency raised first", "whistle.whistle-raised", emergency=True),
    _t("W3", "scheduled for the morning", "dispatch.dispatch-scheduled"),
    _t("W3", "issued in the morning", "dispatch.dispatch-issued", scheduled=True),
    _t("W4", "confirmed", "dispatch.dispatch-confirmed", owner_found=True),
    _t("W4", "no owner found", "dispatch.dispatch-confirmed", owner_found=False),
    _t("W4", "corrected", "dispatch.dispatch-corrected"),
    _t("W4'", "not accepted", "dispatch.whistle-not-accepted"),
    _t("W4'", "appealed", "whistle.whistle-appealed"),
    _t("W4'", "appeal granted", "dispatch.appeal-decided", granted=True),
    _t("W4'", "appeal turned down", "dispatch.appeal-decided", granted=False),
    _t("W5", "in handling", "whistle.whistle-handling"),
    _t("W6", "lead concluded", "assignment.lead-concluded"),
    _t("W7", "closed by the township", "whistle.whistle-closed", appraised=True),
    _t("W7'", "closed unappraised", "whistle.whistle-closed", appraised=False),
    _t("W8", "rework", "whistle.whistle-reworked"),
    _t("W9", "raised again by the township", "whistle.whistle-raised-again", "township_leader"),
    _t("W9", "raised again by the office", "whistle.whistle-raised-again", "office_supervisor"),
    _t("W9", "third cycle escalated", "dispatch.dispatch-escalated", cause="third-cycle"),
    _t("W10", "parking applied for", "parking.parking-applied-for", second=False),
    _t("W10", "objected to", "parking.parking-objected-to"),
    _t("W10", "approved", "parking.parking-approved"),
    _t("W10", "parked", "dispatch.dispatch-parked"),
    _t("W10", "reviewed", "parking.parking-reviewed"),
    _t("W10", "milestone reached", "parking.milestone-reached"),
    _t("W10", "ended early", "parking.parking-ended", cause="early"),
    _t("W10", "ended at sunset", "parking.parking-ended", cause="sunset"),
    _t("W10", "in handling again", "dispatch.dispatch-unparked"),
    _t("W10", "refused", "parking.parking-refused"),
    _t("W10", "lapsed", "parking.parking-lapsed"),
    _t("W10", "a second time", "parking.parking-applied-for", second=True),
    _t("W11", "extension applied for", "extension.extension-applied-for", second=False),
    _t("W11", "granted", "extension.extension-granted"),
    _t("W11", "refused", "extension.extension-refused"),
    _t("W11", "left undecided", "extension.extension-left-undecided"),
    _t("W11", "a second time", "extension.extension-applied-for", second=True),
    _t("W12", "withdrawn before signing", "whistle.whistle-withdrawn", "township_leader"),
    _t("W12", "withdrawn after signing", "dispatch.dispatch-withdrawn", consented=False),
    _t("W12", "withdrawal asked", "dispatch.withdrawal-requested"),
    _t("W12", "withdrawn with consent", "dispatch.dispatch-withdrawn", consented=True),
    _t("W12", "consent refused", "dispatch.withdrawal-refused"),
    _t("W13", "joined by another", "dispatch.child-adopted"),
    _t("W13", "merged", "dispatch.whistle-merged"),
    _t("W13", "adopted issues judged", "whistle.adopted-issues-judged"),
    _t("W14", "blue rung", "clock.ladder-rung-reached", rung="BLUE"),
    _t("W14", "orange rung", "clock.ladder-rung-reached", rung="ORANGE"),
)

_WITHDRAWN: Final = {
    "by hand": "by-hand",
    "raised to red": "raised-to-red",
    "settled otherwise": "settled",
    "exempted": "exempted",
    "breach annulled": "breach-annulled",
    "whistle closed": "whistle-closed",
    "whistle withdrawn": "withdrawn",
    "whistle not accepted": "not-accepted",
    "whistle merged": "merged",
}

SUPERVISION: Final = (
    _t("W14", "red rung", "clock.ladder-rung-reached", rung="RED"),
    _t("督办", "order of the ladder", "supervision-order.order-issued", by_ladder=True),
    _t("督办", "orange, by a person", "supervision-order.order-issued", "office_supervisor", color="ORANGE"),
    _t("督办", "red proposed by the ladder", "supervision-order.order-proposed", "service"),
    _t("督办", "red proposed by a person", "supervision-order.order-proposed", "office_supervisor"),
    _t("督办", "unit heard", "supervision-order.unit-heard"),
    _t(
        "督办", "red issued by the office", "supervision-order.order-issued", "office_supervisor", color="RED"
    ),
    _t("督办", "red issued above it", "supervision-order.order-issued", "county_leader", color="RED"),
    _t("督办", "not issued", "supervision-order.order-declined"),
    _t("督办", "replied to", "supervision-order.order-replied", "department_leader"),
    _t("督办", "replied to by the office", "supervision-order.order-replied", "office_supervisor"),
    _t("督办", "closed", "supervision-order.order-closed", "office_supervisor"),
    _t("督办", "closed above the office", "supervision-order.order-closed", "county_leader"),
    *(
        _t("督办", f"withdrawn, {words}", "supervision-order.order-withdrawn", cause=cause)
        for words, cause in _WITHDRAWN.items()
    ),
    _t("督办", "handed to the heir", "supervision-order.matter-handed-over"),
    _t("移送", "to the discipline body", "supervision-order.matter-referred"),
    _t("正名", "name cleared", "supervision-order.name-cleared"),
    _t("容错", "claimed by the unit", "exemption.exemption-claimed", "department_leader"),
    _t("容错", "claimed by the office", "exemption.exemption-claimed", "office_supervisor"),
    _t("容错", "granted", "exemption.exemption-decided", granted=True),
    _t("容错", "refused", "exemption.exemption-decided", granted=False),
    _t("容错", "matter settled by it", "supervision-order.matter-exempted"),
    _t("批示", "given", "instruction.instruction-given"),
    _t("倒查", "released", "trace-back.trace-back-released"),
    _t("抽查", "drawn", "spot-check.checks-drawn"),
    _t("抽查", "assigned", "spot-check.check-assigned"),
    _t("抽查", "passed", "spot-check.result-recorded", passed=True),
    _t("抽查", "failed", "spot-check.result-recorded", passed=False),
    _t("抽查", "raised again by it", "whistle.whistle-raised-again", "service"),
    _t("申诉", "figure appealed", "figure-appeal.figure-appealed"),
    _t("申诉", "accepted", "figure-appeal.figure-appeal-decided", accepted=True),
    _t("申诉", "turned down", "figure-appeal.figure-appeal-decided", accepted=False),
    _t("定稿", "frozen", "frozen-period.period-frozen"),
    _t("定稿", "restatement proposed", "frozen-period.restatement-proposed"),
    _t("定稿", "restatement declined", "frozen-period.restatement-declined"),
    _t("定稿", "restated", "frozen-period.period-restated"),
)

ASSIGNMENT: Final = (
    _t("A1", "reported in", "assignment.department-reported-in", "department_liaison"),
    _t("A1", "by the duty officer", "assignment.department-reported-in", "duty_officer"),
    _t("A1", "online", "assignment.department-reported-in", mode="online"),
    _t("A1", "in writing", "assignment.department-reported-in", mode="written"),
    _t("A2", "return requested", "assignment.return-requested"),
    _t("A3", "returned", "assignment.assignment-returned", dispatch_error=False),
    _t("A3", "dispatch error", "assignment.assignment-returned", dispatch_error=True),
    _t("A3", "refused", "assignment.return-refused"),
    _t("A3", "third transfer escalated", "dispatch.dispatch-escalated", cause="third-transfer"),
    _t("A4", "disputed by the department", "dispute.dispute-filed", filer="department"),
    _t("A4", "disputed by the township", "dispute.dispute-filed", filer="township"),
    _t("A4", "disputed by the office", "dispute.dispute-filed", filer="office"),
    _t("A5", "own part concluded", "assignment.part-concluded"),
    _t("A6", "released by the office", "assignment.assignment-released", by="office"),
    _t("A6", "released by the township", "assignment.assignment-released", by="township"),
    _t("A6", "released by a ruling", "dispute.ruling-executed", effect="reassigned"),
    _t("A7", "feedback", "assignment.feedback-given"),
    _t("会签", "asked", "dispatch.countersigning-asked"),
    _t("会签", "agreed", "assignment.department-countersigned", agrees=True),
    _t("会签", "objected", "assignment.department-countersigned", agrees=False),
    _t("机构", "moved to the heir", "assignment.assignment-moved"),
    _t("更正", "proposed", "correction.correction-proposed"),
    _t("更正", "corrected", "correction.fact-corrected"),
    _t("更正", "declined", "correction.correction-declined"),
    _t("更正", "breach annulled", "clock.breach-annulled"),
)

DISPUTE: Final = (
    _t("dispute", "accepted", "dispute.dispute-accepted"),
    _t("dispute", "not accepted", "dispute.dispute-not-accepted"),
    _t("dispute", "negotiating", "dispute.negotiation-opened"),
    _t("dispute", "statement", "dispute.statement-given"),
    _t("dispute", "coordinating", "dispute.coordination-opened"),
    _t("dispute", "hearing", "dispute.hearing-recorded"),
    _t("dispute", "ruled", "dispute.duty-ruled", by_higher_level=False),
    _t("dispute", "ruled by the higher level", "dispute.duty-ruled", by_higher_level=True),
    _t("dispute", "agreed by telephone", "dispute.duty-agreed", way="telephone"),
    _t("dispute", "agreed at a meeting", "dispute.duty-agreed", way="meeting"),
    _t("dispute", "as the list says", "dispute.duty-agreed", way="listed"),
    _t("dispute", "referred up, not the county's", "dispute.dispute-referred-up", cause="not-the-countys"),
    _t("dispute", "referred up, time over", "dispute.dispute-referred-up", cause="undecided-in-time"),
    _t("dispute", "reconsideration asked", "dispute.reconsideration-requested"),
    _t("dispute", "ruling stands", "dispute.reconsideration-refused"),
    _t("dispute", "ruling revised", "dispute.duty-ruled", number=2),
    _t("dispute", "executed, reassigned", "dispute.ruling-executed", effect="reassigned"),
    _t("dispute", "executed, nothing to reassign", "dispute.ruling-executed", effect="nothing-to-reassign"),
    _t("dispute", "executed without effect", "dispute.ruling-executed", effect="without-effect"),
    _t("dispute", "list revision drafted", "dispute.list-revision-drafted"),
)

LETTER: Final = (
    _t("letter", "submitted", "letter.letter-submitted"),
    _t("letter", "responded", "letter.letter-responded", final=False),
    _t("letter", "responded and resolved", "letter.letter-responded", final=True),
    _t("letter", "released", "letter.letter-released"),
    _t("letter", "handed over", "letter.letter-handed-over"),
    _t("letter", "reported on", "letter.letter-reported-on"),
    _t("letter", "resolved", "letter.letter-resolved"),
    _t("letter", "not accepted", "letter.letter-not-accepted"),
    _t("letter", "referred up", "letter.letter-referred-up"),
    _t("letter", "appraised", "letter.letter-appraised"),
    _t("letter", "became a dispute", "letter.letter-disputed"),
)

REVIEW: Final = (
    _t("review", "proposed", "task-down-review.task-down-proposed"),
    _t("review", "started", "task-down-review.review-started"),
    _t("review", "hearing", "task-down-review.task-hearing-recorded"),
    _t("review", "approved", "task-down-review.task-down-decided", decision="approved"),
    _t("review", "with conditions", "task-down-review.task-down-decided", decision=_CONDITIONS),
    _t("review", "refused", "task-down-review.task-down-decided", decision="refused", automatic=False),
    _t("review", "refused by the list", "task-down-review.task-down-decided", automatic=True),
    _t("review", "issued", "task-down-review.task-issued"),
    _t("review", "evaluated by the office", "task-down-review.task-evaluated", "office_supervisor"),
    _t("review", "evaluated by a township", "task-down-review.task-evaluated", "township_leader"),
    _t("review", "cited", "task-down-review.review-cited"),
)

REPORT: Final = (
    _t("report", "by a resident", "grid-report.grid-report-filed", "resident"),
    _t("report", "by a grid worker", "grid-report.grid-report-filed", "grid_worker"),
    _t("report", "by the township", "grid-report.grid-report-filed", "township_clerk"),
    _t("report", "closed in the grid", "grid-report.grid-report-closed", level="grid"),
    _t("report", "closed by the township", "grid-report.grid-report-closed", level="township"),
    _t("report", "routed away", "grid-report.grid-report-routed-away"),
    _t("report", "reporter told", "grid-report.reporter-answered"),
)

TRANSITIONS: Final[Sequence[Transition]] = (
    *WHISTLE,
    *SUPERVISION,
    *ASSIGNMENT,
    *DISPUTE,
    *LETTER,
    *REVIEW,
    *REPORT,
)


async def exercised(county: County) -> list[Exercised]:
    """Every transition with what the logs of the three services hold of it."""
    facts: list[tuple[str, str, Mapping[str, Any], str]] = []
    for service in _OWNERS:
        for type_, stream, data, meta in await county.rows(_FACTS.format(service=service)):
            facts.append((type_.rpartition(".v")[0], stream, json.loads(data), json.loads(meta)["role"]))
    found = []
    for each in TRANSITIONS:
        streams = [
            stream
            for name, stream, data, role in facts
            if name.endswith(f".{each.fact}")
            and each.role in ("", role)
            and all(data.get(key) == value for key, value in each.holds.items())
        ]
        found.append(Exercised(each, len(streams), streams[0] if streams else ""))
    return found


def missing(found: Sequence[Exercised]) -> list[str]:
    """The transitions that never happened, by number and step."""
    return [f"{each.transition.number} {each.transition.step}" for each in found if not each.times]
