"""ProposePolicy, ApprovePolicy, DeclinePolicy: two people change a policy, and nonsense is refused."""

from dataclasses import replace
from datetime import date, time

import pytest

from accountability.domain import policy
from accountability.domain.calendar import SourceDocument, WorkingHours
from accountability.domain.default_policies import DEFAULT_TERMS, default_proposals
from accountability.domain.policy import (
    ApprovePolicy,
    Command,
    DeclinePolicy,
    Event,
    PolicyApproved,
    PolicyDeclined,
    PolicyProposed,
    PolicyRecord,
    ProposePolicy,
)
from accountability.domain.terms import (
    Anchor,
    ClockKind,
    Ending,
    Profile,
    ProfileLimit,
    QuietHours,
    ReminderRule,
    RungRule,
    Terms,
    working_days,
)
from backbone.testing import Scenario
from tests.domain.accountability.stories import TABLE

C3 = DEFAULT_TERMS[ClockKind.C3]
PROPOSAL = ProposePolicy(ClockKind.C3, "", C3, date(2026, 1, 1), None, TABLE, by="clerk")


def record() -> Scenario[Command, Event, PolicyRecord]:
    """The record of C3 in the county, from nothing."""
    return Scenario(policy.decide, policy.evolve, policy.INITIAL)


def proposed() -> Scenario[Command, Event, PolicyRecord]:
    """After the first proposal."""
    return record().when(PROPOSAL).then_states(PolicyProposed)


def test_is_in_force_once_another_person_has_approved_it() -> None:
    assert proposed().state.versions == ()
    approved = proposed().when(ApprovePolicy(1, "leader")).then(PolicyApproved(1, "leader"))
    assert [version.label for version in approved.state.versions] == ["C3.1"]


def test_is_never_approved_by_whoever_proposed_it() -> None:
    proposed().when(ApprovePolicy(1, "clerk")).then_refused("second-person-needed")


def test_keeps_every_version() -> None:
    first = proposed().when(ApprovePolicy(1, "leader")).then_states(PolicyApproved)
    longer = replace(PROPOSAL, effective_from=date(2026, 7, 1))
    second = first.when(longer).then_states(PolicyProposed).when(ApprovePolicy(2, "leader"))
    versions = second.then_states(PolicyApproved).state.versions
    assert [(version.label, version.effective_from) for version in versions] == [
        ("C3.1", date(2026, 1, 1)),
        ("C3.2", date(2026, 7, 1)),
    ]


def test_changes_nothing_the_second_time() -> None:
    proposed().when(PROPOSAL).then_nothing()
    approved = proposed().when(ApprovePolicy(1, "leader")).then_states(PolicyApproved)
    approved.when(ApprovePolicy(1, "leader")).then_nothing()
    declined = proposed().when(DeclinePolicy(1, "leader", "与上级文件不符")).then_states(PolicyDeclined)
    declined.when(DeclinePolicy(1, "leader", "与上级文件不符")).then_nothing()


def test_is_declined_for_a_reason_and_then_for_good() -> None:
    proposed().when(DeclinePolicy(1, "leader", "")).then_refused("reason-missing")
    declined = proposed().when(DeclinePolicy(1, "leader", "与上级文件不符")).then_states(PolicyDeclined)
    declined.when(ApprovePolicy(1, "leader")).then_refused("policy-proposal-declined", number=1)
    approved = proposed().when(ApprovePolicy(1, "leader")).then_states(PolicyApproved)
    approved.when(DeclinePolicy(1, "leader", "晚了")).then_refused("policy-already-approved", number=1)


def test_refuses_to_decide_what_nobody_proposed() -> None:
    record().when(ApprovePolicy(1, "leader")).then_refused("unknown-policy-proposal", number=1)
    record().when(DeclinePolicy(1, "leader", "–")).then_refused("unknown-policy-proposal", number=1)


REMINDER = ReminderRule("remind-1", Anchor.WORKING_DAYS_BEFORE_DUE, 1, "unit", time(9))


@pytest.mark.parametrize(
    ("terms", "slug"),
    [
        (Terms(()), "policy-needs-an-ordinary-limit"),
        (
            Terms((ProfileLimit(Profile.EMERGENCY, working_days(1)),)),
            "policy-needs-an-ordinary-limit",
        ),
        (Terms((*C3.limits, *C3.limits)), "policy-limits-a-profile-twice"),
        (Terms((ProfileLimit(Profile.ORDINARY, working_days(0)),)), "limit-must-be-positive"),
        (
            replace(C3, hours=WorkingHours(morning=(time(8, 30), time(14)))),
            "working-hours-out-of-order",
        ),
        (replace(C3, quiet=QuietHours(begin=time(7))), "quiet-hours-out-of-order"),
        (replace(C3, ending=Ending.EXPIRE), "expiring-clock-has-no-ladder"),
        (
            replace(C3, ladder=(RungRule("ORANGE", 1, "unit"), RungRule("BLUE", 0, "unit"))),
            "ladder-out-of-order",
        ),
        (
            replace(C3, ladder=(RungRule("BLUE", 0, "unit"), RungRule("BLUE", 1, "unit"))),
            "name-stands-twice",
        ),
        (replace(C3, reminders=(REMINDER, REMINDER)), "name-stands-twice"),
        (replace(C3, reminders=(replace(REMINDER, name="soon"),)), "reminder-incomplete"),
        (replace(C3, reminders=(replace(REMINDER, clock_time=None),)), "reminder-incomplete"),
        (replace(C3, reminders=(replace(REMINDER, amount=0),)), "reminder-incomplete"),
    ],
)
def test_refuses_terms_no_clock_could_keep(terms: Terms, slug: str) -> None:
    record().when(replace(PROPOSAL, terms=terms)).then_refused(slug)


def test_needs_a_source_and_an_order_of_days() -> None:
    record().when(replace(PROPOSAL, source=SourceDocument(" "))).then_refused("source-document-missing")
    backwards = replace(PROPOSAL, effective_to=date(2025, 12, 31))
    record().when(backwards).then_refused("policy-ends-before-it-begins")


@pytest.mark.parametrize("proposal", default_proposals(TABLE, by="clerk"), ids=lambda each: each.kind)
def test_accepts_every_default(proposal: ProposePolicy) -> None:
    record().when(proposal).then_states(PolicyProposed)
    assert proposal.effective_from == date(2000, 1, 1)
