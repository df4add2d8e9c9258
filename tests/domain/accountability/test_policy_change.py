"""PolicyChange: a document changes what it names, and never what no policy decides."""

from dataclasses import replace
from datetime import date

import pytest

from accountability.domain import policy
from accountability.domain.default_policies import DEFAULT_TERMS
from accountability.domain.occasions import OCCASIONS
from accountability.domain.policy import Command, Event, PolicyProposed, PolicyRecord
from accountability.domain.policy_change import PolicyChange
from accountability.domain.refusals import Refused
from accountability.domain.terms import (
    ClockKind,
    Ending,
    Profile,
    RungRule,
    seconds,
    working_days,
)
from backbone.testing import Scenario
from tests.domain.accountability.stories import TABLE

C5 = DEFAULT_TERMS[ClockKind.C5]
FIVE = PolicyChange(
    ClockKind.C5, "", date(2026, 7, 1), None, TABLE, limits={Profile.ORDINARY: working_days(5)}
)


def record() -> Scenario[Command, Event, PolicyRecord]:
    """The record of C5 in the county, from nothing."""
    return Scenario(policy.decide, policy.evolve, policy.INITIAL)


def test_keeps_whatever_it_does_not_name() -> None:
    terms = FIVE.proposal(C5, by="clerk").terms
    assert terms.limit(Profile.ORDINARY) == working_days(5)
    assert terms.limit(Profile.EMERGENCY) == seconds(24)
    assert replace(terms, limits=C5.limits) == C5


def test_takes_the_limit_of_a_kind_of_case_away() -> None:
    change = replace(FIVE, limits={Profile.COMPLEX: None})
    assert change.proposal(C5, by="clerk").terms.limit(Profile.COMPLEX) == working_days(7)


@pytest.mark.parametrize("change", [{"start": "signed"}, {"stop": "concluded"}])
def test_refuses_to_change_what_starts_or_stops_a_clock(change: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        replace(FIVE, **change).proposal(C5, by="clerk")  # type: ignore[arg-type]
    assert refused.value.slug == "policy-changes-start-or-stop"


def test_may_name_start_and_stop_as_they_are() -> None:
    named = replace(FIVE, start="dispatched", stop="closed", ending=Ending.BREACH)
    assert named.proposal(C5, by="clerk") == FIVE.proposal(C5, by="clerk")


def test_refuses_to_turn_a_breach_into_an_expiry() -> None:
    mild = replace(FIVE, ending=Ending.EXPIRE, ladder=())
    record().when(mild.proposal(C5, by="clerk")).then_refused("policy-changes-the-ending", clock="C5")


def test_refuses_a_red_order_that_no_person_issues() -> None:
    harsh = replace(FIVE, ladder=(RungRule("RED", 0, to="unit"),))
    record().when(harsh.proposal(C5, by="clerk")).then_refused("red-rung-waits-for-a-person")


@pytest.mark.parametrize("kind", list(ClockKind))
def test_finds_in_every_default_the_ending_its_clock_has(kind: ClockKind) -> None:
    assert DEFAULT_TERMS[kind].ending is OCCASIONS[kind].ending
    proposal = replace(FIVE, kind=kind, limits={}).proposal(DEFAULT_TERMS[kind], by="clerk")
    record().when(proposal).then_states(PolicyProposed)
