"""What is tried on figures that stand, appeals against them, policies, rules and calendar years."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from accountability.application.case_rules_publishing import CASE_RULES
from accountability.application.figure_publishing import FIGURE_APPEAL, FIGURE_POLICY, FROZEN_PERIOD
from accountability.application.publishing import CALENDAR_YEAR, POLICY
from accountability.domain import (
    calendar_year,
    case_rules,
    figure_appeal,
    figure_policy,
    frozen_period,
    policy,
)
from accountability.domain.calendar_year import CorrectYear, WithdrawSpecialDay
from tests.domain.accountability.test_appeal_figure import ACCEPT, APPEAL, LEADER
from tests.domain.accountability.test_calendar_year import NOTICE, ORDER, PUBLISH, STORM
from tests.domain.accountability.test_case_rules import PROPOSE as PROPOSE_RULES
from tests.domain.accountability.test_figure_policy import ANNE, BORIS
from tests.domain.accountability.test_figure_policy import PROPOSE as PROPOSE_TERMS
from tests.domain.accountability.test_freeze_period import FIRST, FREEZE, RESTATE, SECOND
from tests.domain.accountability.test_policy_record import PROPOSAL
from tests.domain.transitions.explore import Subject, Trial


def _appeal(state: figure_appeal.FigureAppeal) -> str:
    if not state.item:
        return "none"
    return {None: "appealed", True: "accepted", False: "turned down"}[state.accepted]


def _period(state: frozen_period.FrozenPeriod) -> str:
    """Whether it stands as it was frozen or restated, and what became of the last proposal."""
    base = ("none", "frozen", "restated")[min(len(state.versions), 2)]
    if state.waiting is not None:
        return f"{base}, waiting"
    return f"{base}, declined" if state.proposed in state.declined else base


def _restate(state: frozen_period.FrozenPeriod) -> frozen_period.RestatePeriod:
    """Whichever of two tables does not stand."""
    stands = state.stands
    return replace(RESTATE, table=SECOND if stands is None or stands.table == FIRST else FIRST)


def _as_it_stands(state: frozen_period.FrozenPeriod) -> frozen_period.Command:
    return replace(RESTATE, table=state.stands.table if state.stands else FIRST)


def _last(command: Callable[[int], Any]) -> Callable[[Any], Any]:
    """A command about the latest proposal, the first one where there is none."""
    return lambda state: command(max(_proposed(state), 1))


def _proposed(state: Any) -> int:
    return state.proposed if isinstance(state.proposed, int) else len(state.proposed)


def _proposal(state: Any) -> str:
    """What became of the latest proposal."""
    number = _proposed(state)
    if not number:
        return "none"
    if number in state.approved:
        return "approved"
    return "declined" if number in getattr(state, "declined", ()) else "proposed"


def _year(state: calendar_year.CalendarYear) -> str:
    latest = state.latest
    if latest is None:
        return "none"
    base = "published" if latest.make_up_days == PUBLISH.make_up_days else "corrected"
    return f"{base}, special day" if latest.special_days else base


APPEAL_TRIALS: Final = (
    Trial(APPEAL),
    Trial(replace(APPEAL, unit="transport"), "by another unit"),
    Trial(ACCEPT, "accepted"),
    Trial(replace(ACCEPT, accepted=False), "turned down"),
    Trial(replace(ACCEPT, by=LEADER), "by whoever appealed"),
)

PERIOD_TRIALS: Final = (
    Trial(FREEZE),
    Trial(replace(FREEZE, ends=FIRST.as_of.replace(year=2027)), "not over"),
    Trial(_restate),
    Trial(lambda state: replace(_restate(state), by=BORIS), "by another"),
    Trial(_as_it_stands, "as it stands"),
    Trial(_last(lambda number: frozen_period.ApproveRestatement(number, BORIS))),
    Trial(_last(lambda number: frozen_period.ApproveRestatement(number, ANNE)), "by the proposer"),
    Trial(_last(lambda number: frozen_period.DeclineRestatement(number, BORIS, "sealed reason"))),
)

TERMS_TRIALS: Final = (
    Trial(PROPOSE_TERMS),
    Trial(replace(PROPOSE_TERMS, by=BORIS), "another"),
    Trial(_last(lambda number: figure_policy.ApproveFigureTerms(number, "supervisor-3"))),
    Trial(_last(lambda number: figure_policy.ApproveFigureTerms(number, ANNE)), "by the proposer"),
)

POLICY_TRIALS: Final = (
    Trial(PROPOSAL),
    Trial(replace(PROPOSAL, effective_from=PROPOSAL.effective_from.replace(month=2)), "another"),
    Trial(_last(lambda number: policy.ApprovePolicy(number, "leader"))),
    Trial(_last(lambda number: policy.ApprovePolicy(number, PROPOSAL.by)), "by the proposer"),
    Trial(_last(lambda number: policy.DeclinePolicy(number, "leader", "sealed reason"))),
)

RULES_TRIALS: Final = (
    Trial(PROPOSE_RULES),
    Trial(replace(PROPOSE_RULES, effective_from=PROPOSE_RULES.effective_from.replace(month=4)), "another"),
    Trial(_last(lambda number: case_rules.ApproveCaseRules(number, BORIS))),
    Trial(_last(lambda number: case_rules.ApproveCaseRules(number, ANNE)), "by the proposer"),
    Trial(_last(lambda number: case_rules.DeclineCaseRules(number, BORIS, "sealed reason"))),
)

YEAR_TRIALS: Final = (
    Trial(PUBLISH),
    Trial(replace(PUBLISH, make_up_days=()), "other days"),
    Trial(CorrectYear(PUBLISH.year, PUBLISH.holidays, (), NOTICE)),
    Trial(STORM),
    Trial(WithdrawSpecialDay(STORM.year, STORM.day, ORDER)),
)

SUBJECTS: Final = (
    Subject(
        "figure appeal",
        "统计申诉 Figure appeal",
        FIGURE_APPEAL,
        figure_appeal.Command,
        _appeal,
        APPEAL_TRIALS,
    ),
    Subject(
        "frozen period",
        "定稿统计 Frozen period",
        FROZEN_PERIOD,
        frozen_period.Command,
        _period,
        PERIOD_TRIALS,
    ),
    Subject(
        "figure terms", "统计口径 Figure terms", FIGURE_POLICY, figure_policy.Command, _proposal, TERMS_TRIALS
    ),
    Subject("policy", "时限政策 Policy", POLICY, policy.Command, _proposal, POLICY_TRIALS),
    Subject("case rules", "办件规则 Case rules", CASE_RULES, case_rules.Command, _proposal, RULES_TRIALS),
    Subject(
        "calendar year", "日历年 Calendar year", CALENDAR_YEAR, calendar_year.Command, _year, YEAR_TRIALS
    ),
)
