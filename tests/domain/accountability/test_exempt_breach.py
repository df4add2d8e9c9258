"""容错: claimed by the unit or the office, decided by another person of another unit, once."""

from dataclasses import replace
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from accountability.application.publishing_supervision import EXEMPTION
from accountability.domain import exemption
from accountability.domain.exemption import (
    Breach,
    ClaimExemption,
    DecideExemption,
    ExemptionClaimed,
    ExemptionDecided,
    Ground,
)
from accountability.domain.terms import ClockKind
from backbone.testing import Scenario, walk
from tests.domain.accountability.stories import CASE, WATER

OFFICE = "burden-reduction-office"
BREACH = Breach(CASE, WATER, ClockKind.C1, stands=True)
ADMITTED = frozenset(get_args(Ground))
CLAIM = ClaimExemption(BREACH, WATER, "leader", False, "force_majeure", "sealed evidence", ADMITTED)
FOR_IT = replace(CLAIM, unit=OFFICE, by="supervisor-a", by_office=True)
CLAIMED = ExemptionClaimed(CASE, WATER, ClockKind.C1, "force_majeure", WATER, "leader", "sealed evidence")
GRANT = DecideExemption(BREACH, OFFICE, "supervisor-a", True, "sealed reason")

nothing = Scenario(exemption.decide, exemption.evolve, exemption.INITIAL)
claimed = nothing.given(CLAIMED)
granted = claimed.given(ExemptionDecided(True, OFFICE, "supervisor-a", "sealed reason"))


def test_is_claimed_by_the_unit_whose_breach_it_is() -> None:
    nothing.when(CLAIM).then(CLAIMED).when(CLAIM).then_nothing()
    nothing.when(replace(CLAIM, unit="transport")).then_refused("unknown-matter")
    nothing.when(replace(CLAIM, breach=None)).then_refused("unknown-matter")


def test_is_claimed_by_the_office_for_it() -> None:
    nothing.when(FOR_IT).then(replace(CLAIMED, claimed_by=OFFICE, by="supervisor-a"))


def test_needs_a_breach_that_stands_and_evidence() -> None:
    annulled = replace(CLAIM, breach=replace(BREACH, stands=False))
    nothing.when(annulled).then_refused("no-breach-to-exempt")
    nothing.when(replace(CLAIM, evidence="")).then_refused("exemption-needs-evidence")
    nothing.when(replace(CLAIM, referred=True)).then_refused("breach-was-referred")


def test_rests_on_a_ground_that_the_rules_admit() -> None:
    fewer = replace(CLAIM, admitted=frozenset({"pilot"}))
    nothing.when(fewer).then_refused("exemption-ground-not-admitted")
    nothing.when(replace(fewer, ground="pilot")).then_states(ExemptionClaimed)
    claimed.when(fewer).then_nothing()


def test_is_claimed_once() -> None:
    claimed.when(replace(CLAIM, ground="pilot")).then_refused("exemption-claimed-already")
    granted.when(CLAIM).then_refused("exemption-decided-already")


def test_is_decided_by_another_person_of_another_unit() -> None:
    decided = ExemptionDecided(True, OFFICE, "supervisor-a", "sealed reason")
    claimed.when(GRANT).then(decided).when(GRANT).then_nothing()
    claimed.when(replace(GRANT, by="leader")).then_refused("second-person-needed")
    claimed.when(replace(GRANT, unit=WATER)).then_refused("exemption-is-another-units-to-decide")
    by_office = nothing.given(replace(CLAIMED, claimed_by=OFFICE, by="supervisor-a"))
    second = replace(GRANT, by="supervisor-b")
    by_office.when(second).then_refused("exemption-is-another-units-to-decide")
    by_office.when(replace(second, unit="county-leadership")).then_states(ExemptionDecided)


def test_is_refused_with_a_reason() -> None:
    refuse = replace(GRANT, granted=False)
    claimed.when(refuse).then(ExemptionDecided(False, OFFICE, "supervisor-a", "sealed reason"))
    claimed.when(replace(refuse, reason="")).then_refused("deciding-an-exemption-needs-a-reason")
    granted.when(refuse).then_refused("exemption-decided-already")


def test_is_not_granted_for_a_breach_that_was_annulled() -> None:
    annulled = replace(BREACH, stands=False)
    claimed.when(replace(GRANT, breach=annulled)).then_refused("no-breach-to-exempt")
    nothing.when(GRANT).then_refused("no-exemption-claimed")


people = st.sampled_from(["leader", "supervisor-a", "county-leader"])
units = st.sampled_from([WATER, OFFICE, "county-leadership"])
breaches = st.sampled_from([BREACH, replace(BREACH, stands=False), None])
commands: st.SearchStrategy[exemption.Command] = st.one_of(
    st.builds(
        ClaimExemption,
        breaches,
        units,
        people,
        st.booleans(),
        st.sampled_from(["pilot", "first_minor"]),
        st.sampled_from(["", "sealed"]),
        st.sampled_from([ADMITTED, frozenset({"pilot"})]),
        st.booleans(),
    ),
    st.builds(DecideExemption, breaches, units, people, st.booleans(), st.sampled_from(["", "sealed"])),
)


@given(st.lists(commands, max_size=20))
def test_is_never_decided_by_who_claimed_it(asked: list[exemption.Command]) -> None:
    facts = walk(EXEMPTION, asked)
    claims = [each for each in facts if isinstance(each, ExemptionClaimed)]
    decisions = [each for each in facts if isinstance(each, ExemptionDecided)]
    assert len(decisions) <= len(claims) <= 1
    for claim, decided in zip(claims, decisions, strict=False):
        assert decided.by != claim.by
        assert decided.unit not in (claim.unit, claim.claimed_by)
