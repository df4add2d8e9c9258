"""The acts of supervision: orders, exemptions, instructions, checks, trace-backs, and figures that stand."""

from datetime import datetime
from typing import Any, Final

from tests.story.people import COUNTY_LEADER, SECOND_SUPERVISOR, SUPERVISOR
from tests.story.tale import Act, MatterOf
from tests.system.county import SHANGHAI, Person

BY_HAND: Final = ""
"""Stands in the place of a clock's kind where a person took the matter up."""
HALF_PERIOD: Final = "2026-04-27..2026-05-08"
"""What is frozen in the week."""
CHECKED: Final = "2026-04"
"""Whose closed whistles are checked."""
SEED: Final = 20_260_507


def _on(verb: str, kind: str, by: Person, **words: Any) -> Act:
    return Act(by, verb, {"matterId": MatterOf(kind)} | words)


def supervises(unit: str, color: str = "ORANGE", by: Person = SUPERVISOR, late: str = "") -> Act:
    """督办, by a person; ``late`` is the kind of the clock, if it is a breach."""
    words: dict[str, Any] = {"unit": unit, "color": color, "reason": "久拖未办"}
    return Act(by, "supervise", words | ({"clockId": MatterOf(late)} if late else {}))


def hears(kind: str, by: Person = SUPERVISOR) -> Act:
    """听取陈述, that Monday at half past eight."""
    at = datetime(2026, 4, 27, 8, 30, tzinfo=SHANGHAI).isoformat()
    return _on("hearUnit", kind, by, at=at, speaker="演示·陈述人", words="人手不足,已安排")


def issues(kind: str, by: Person = SUPERVISOR) -> Act:
    """签发督查单."""
    return _on("issueOrder", kind, by)


def declines_order(kind: str, by: Person = SUPERVISOR) -> Act:
    """不予签发."""
    return _on("declineOrder", kind, by, reason="陈述属实")


def replies(kind: str, by: Person) -> Act:
    """督查单回复."""
    return _on("replyToOrder", kind, by, words="已整改")


def closes_order(kind: str, by: Person = SUPERVISOR) -> Act:
    """督查单销号."""
    return _on("closeOrder", kind, by, words="同意销号")


def gives_up(kind: str, by: Person = SUPERVISOR) -> Act:
    """撤回督查单."""
    return _on("withdrawOrder", kind, by, reason="已另行办理")


def refers(kind: str, by: Person = SUPERVISOR) -> Act:
    """移送."""
    return _on("referToDiscipline", kind, by, reason="涉嫌失职")


def clears_name(kind: str, by: Person = SUPERVISOR) -> Act:
    """澄清正名."""
    return _on("clearName", kind, by, words="经核实,原督办不成立")


def claims(kind: str, by: Person) -> Act:
    """申请容错."""
    words = {"clockId": MatterOf(kind), "ground": "FORCE_MAJEURE", "evidence": "暴雨断桥,附气象证明"}
    return Act(by, "claimExemption", words)


def decides(kind: str, granted: bool, by: Person = SUPERVISOR) -> Act:
    """决定容错."""
    words = {"clockId": MatterOf(kind), "granted": granted, "reason": "经核实"}
    return Act(by, "decideExemption", words)


def instructs(by: Person = COUNTY_LEADER, *to: str) -> Act:
    """批示."""
    return Act(by, "instruct", {"words": "请按期办结并报告"} | ({"to": list(to)} if to else {}))


def releases_trace_back(by: Person = SUPERVISOR) -> Act:
    """倒查材料发布."""
    return Act(by, "releaseTraceBack", {"reason": "群众反映强烈"})


def draws(period: str = CHECKED, seed: int = SEED) -> Act:
    """抽样."""
    return Act(SUPERVISOR, "drawSpotChecks", {"period": period, "seed": seed})


def assigns(checker: Person) -> Act:
    """指派核查人."""
    words = {"period": CHECKED, "checker": checker.subject, "unit": checker.unit}
    return Act(SUPERVISOR, "assignSpotCheck", words)


def finds(passed: bool, by: Person) -> Act:
    """抽查结果."""
    words: dict[str, Any] = {"period": CHECKED, "way": "RESIDENT", "asked": "演示·村民", "passed": passed}
    return Act(by, "recordSpotCheck", words | ({} if passed else {"finding": "回访称问题仍在"}))


def appeals(kind: str, by: Person) -> Act:
    """统计申诉."""
    return Act(by, "appealFigure", {"item": MatterOf(kind), "reason": "当日全县停电"})


def decides_appeal(kind: str, accepted: bool) -> Act:
    """裁定统计申诉."""
    words = {"item": MatterOf(kind), "accepted": accepted, "reason": "经核实"}
    return Act(SUPERVISOR, "decideFigureAppeal", words)


def freezes(period: str = HALF_PERIOD) -> Act:
    """定稿."""
    return Act(SUPERVISOR, "freezePeriod", {"period": period})


def restates() -> Act:
    """提出更正定稿."""
    return Act(SUPERVISOR, "restatePeriod", {"period": HALF_PERIOD, "reason": "采纳统计申诉"})


def decides_restatement(number: int, approved: bool, by: Person = SECOND_SUPERVISOR) -> Act:
    """核准或否决更正."""
    words = {"period": HALF_PERIOD, "number": number, "approved": approved}
    return Act(by, "decideRestatement", words | ({} if approved else {"reason": "请附材料"}))
