"""首席服务员: an enterprise, who serves it, and whether a whistle may speak for it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backbone.testing import NOON, Scenario, walk
from intake.application.enterprises_publishing import ENTERPRISE
from intake.domain.enterprise import (
    AssignServiceOfficer,
    Command,
    EndEnterprise,
    Enterprise,
    EnterpriseEnded,
    EnterpriseRegistered,
    Entry,
    Event,
    Officer,
    RegisterEnterprise,
    RelieveServiceOfficer,
    ServiceOfficerAssigned,
    ServiceOfficerRelieved,
    require_citable,
    valid_credit_code,
)
from intake.domain.refusals import Refused
from tests.domain.intake.stories import HANZHANG, WATER, YUANCUN

CODE = "91350100M000100Y43"
"""The example of the standard."""
MILL = Entry(CODE, "演示·元村面粉厂", YUANCUN, "410923102201")
NUMBER = "NL-QY-2026-000001"
REGISTER = RegisterEnterprise(YUANCUN, MILL, NUMBER)
OFFICER = Officer(YUANCUN, "sealed name", "sealed phone")
ASSIGN = AssignServiceOfficer(YUANCUN, OFFICER)

nothing_yet: Scenario[Command, Event, Enterprise] = Scenario.of(ENTERPRISE)
a_mill = nothing_yet.given(EnterpriseRegistered(NUMBER, MILL))
a_served_mill = a_mill.given(ServiceOfficerAssigned(OFFICER))
a_closed_mill = a_served_mill.given(EnterpriseEnded())


def test_registers_it_once() -> None:
    nothing_yet.when(REGISTER).then(EnterpriseRegistered(NUMBER, MILL)).when(REGISTER).then_nothing()


def test_keeps_its_number_when_the_entry_changes() -> None:
    renamed = replace(MILL, name="演示·元村食品厂")
    a_mill.when(RegisterEnterprise(YUANCUN, renamed, "another")).then(EnterpriseRegistered(NUMBER, renamed))


def test_takes_it_up_again_after_its_end() -> None:
    story = a_closed_mill.when(REGISTER).then(EnterpriseRegistered(NUMBER, MILL))
    assert story.state.officer is None


def test_is_registered_by_its_own_township_or_the_office() -> None:
    theirs = replace(REGISTER, by=HANZHANG)
    nothing_yet.when(theirs).then_refused("enterprise-of-another-township")
    moved = RegisterEnterprise(HANZHANG, replace(MILL, township=HANZHANG), NUMBER)
    a_mill.when(moved).then_refused("enterprise-of-another-township")
    a_mill.when(replace(moved, by=None)).then_states(EnterpriseRegistered)


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"credit_code": "91350100M000100Y44"}, "credit-code-is-wrong"),
        ({"credit_code": ""}, "credit-code-is-wrong"),
        ({"name": ""}, "enterprise-needs-a-name"),
    ],
)
def test_needs_a_true_code_and_a_name(change: dict[str, str], slug: str) -> None:
    nothing_yet.when(replace(REGISTER, entry=replace(MILL, **change))).then_refused(slug)


def test_lies_in_a_township() -> None:
    nowhere = RegisterEnterprise(None, replace(MILL, township=""), NUMBER)
    nothing_yet.when(nowhere).then_refused("enterprise-needs-a-township")


def test_checks_the_last_character_of_a_code() -> None:
    assert valid_credit_code(CODE)
    wrong = [CODE[:-1] + each for each in "0123456789ABCDEFGHJKLMNPQRTUWXY" if each != CODE[-1]]
    assert not any(valid_credit_code(each) for each in wrong)
    assert not valid_credit_code(CODE.lower())
    assert not valid_credit_code(CODE + "0")


def test_names_who_serves_it_and_somebody_else_later() -> None:
    a_mill.when(ASSIGN).then(ServiceOfficerAssigned(OFFICER)).when(ASSIGN).then_nothing()
    other = replace(OFFICER, unit=WATER, name="sealed other name")
    story = a_served_mill.when(AssignServiceOfficer(None, other)).then(ServiceOfficerAssigned(other))
    assert story.state.officer == other


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"name": ""}, "service-officer-needs-a-name"),
        ({"phone": ""}, "service-officer-needs-a-phone"),
        ({"unit": ""}, "service-officer-needs-a-unit"),
    ],
)
def test_names_an_officer_who_can_be_reached(change: dict[str, str], slug: str) -> None:
    a_mill.when(AssignServiceOfficer(YUANCUN, replace(OFFICER, **change))).then_refused(slug)


def test_relieves_the_officer_once() -> None:
    relieve = RelieveServiceOfficer(YUANCUN)
    a_served_mill.when(relieve).then(ServiceOfficerRelieved()).when(relieve).then_nothing()


def test_ends_once_and_its_officer_with_it() -> None:
    end = EndEnterprise(YUANCUN)
    story = a_served_mill.when(end).then(EnterpriseEnded())
    assert story.state.officer is None
    story.when(end).then_nothing()
    story.when(ASSIGN).then_refused("enterprise-ended")


def test_is_nobody_elses() -> None:
    for command in (
        replace(ASSIGN, by=HANZHANG),
        RelieveServiceOfficer(HANZHANG),
        EndEnterprise(HANZHANG),
    ):
        a_mill.when(command).then_refused("unknown-enterprise")
    nothing_yet.when(ASSIGN).then_refused("unknown-enterprise")


def test_is_cited_by_its_own_township_as_long_as_it_is_there() -> None:
    require_citable(YUANCUN, a_mill.state)
    for township, state in ((HANZHANG, a_mill.state), (YUANCUN, nothing_yet.state)):
        with pytest.raises(Refused) as refused:
            require_citable(township, state)
        assert refused.value.slug == "unknown-enterprise"
    with pytest.raises(Refused) as refused:
        require_citable(YUANCUN, a_closed_mill.state)
    assert refused.value.slug == "enterprise-ended"


by = st.sampled_from([None, YUANCUN, HANZHANG])
commands = st.one_of(
    st.builds(RegisterEnterprise, by, st.sampled_from([MILL, replace(MILL, name="")]), st.just(NUMBER)),
    st.builds(AssignServiceOfficer, by, st.sampled_from([OFFICER, replace(OFFICER, unit=WATER)])),
    st.builds(RelieveServiceOfficer, by),
    st.builds(EndEnterprise, by),
)


@given(st.lists(commands, max_size=12))
@settings(max_examples=100, deadline=None)
def test_of_an_enterprise_has_no_officer_after_its_end(asked: list[Command]) -> None:
    state = ENTERPRISE.initial
    for fact in walk(ENTERPRISE, asked):
        state = ENTERPRISE.evolve(state, fact, NOON)
        assert not (state.ended and state.officer)
        assert state.number == NUMBER
