"""办件规则试算: what comes next for an open whistle by one set of rules and by another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from accountability.domain.case_rules import CaseRules
from accountability.domain.parking.facts import Ground

Subject = Literal["extension-by", "extension-most", "parking-by", "raising-again"]
"""谁决定下一次延期, 下一次延期最长多少, 谁决定下一次挂账, 再次吹哨是否提级."""
_GROUNDS: Final[tuple[Ground, ...]] = get_args(Ground)


@dataclass(frozen=True, slots=True)
class Situation:
    """Where an open whistle stands: its lead, and what happened to it so far.

    ``length`` is the original length of its handling clock, in that clock's own unit.
    """

    case_id: str
    unit: str
    length: int
    extensions: int
    parkings: int
    cycle: int


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would come otherwise: who decides, how much, or whether it escalates; ``ground`` of a parking."""

    case_id: str
    unit: str
    subject: Subject
    ground: Ground | None
    old: str
    new: str


def compare(old: CaseRules, new: CaseRules, situation: Situation) -> Sequence[Foreseen]:
    """What the next decision on a whistle is by the new rules, where it is another than by the old."""
    before, after = _next(old, situation), _next(new, situation)
    return [
        Foreseen(situation.case_id, situation.unit, subject, ground, before[subject, ground], value)
        for (subject, ground), value in after.items()
        if before[subject, ground] != value
    ]


def _next(rules: CaseRules, situation: Situation) -> Mapping[tuple[Subject, Ground | None], str]:
    """``office``, ``county-leader`` or ``nobody``; an amount; ``escalates`` or ``handled``."""
    found: dict[tuple[Subject, Ground | None], str] = {}
    limits, more = rules.extensions, situation.extensions
    possible = more < limits.most and limits.longest(situation.length) > 0
    found["extension-by", None] = _decider(more < limits.office_decides) if possible else "nobody"
    found["extension-most", None] = str(limits.longest(situation.length)) if possible else "0"
    for ground in _GROUNDS:
        rule = rules.ground(ground)
        level = "nobody" if rule is None else _decider(situation.parkings < rule.office_decides)
        found["parking-by", ground] = level
    escalates = situation.cycle + 1 >= rules.cycles_that_escalate
    found["raising-again", None] = "escalates" if escalates else "handled"
    return found


def _decider(office: bool) -> str:
    return "office" if office else "county-leader"
