"""Limits no clock measures are a record with a source, proposed by one person and approved by another."""

import json
from dataclasses import replace
from datetime import date

import pytest

from accountability.application.case_rules_publishing import CASE_RULES, DEFAULTS, rules_out
from accountability.domain.calendar import SourceDocument
from accountability.domain.case_rules import (
    ApproveCaseRules,
    CaseRules,
    CaseRulesApproved,
    CaseRulesDeclined,
    CaseRulesProposed,
    DeclineCaseRules,
    GroundRule,
    ProposeCaseRules,
    RulesVersion,
)
from accountability.domain.spot_check import DrawPolicy
from backbone.testing import Scenario
from contracts.events.accountability import DEFAULT_RULES

DOCUMENT = SourceDocument("南乐县吹哨报到办理规则", "南减办〔2026〕5号", date(2026, 2, 1))
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
ANNE, BORIS = "supervisor-1", "supervisor-2"
STRICTER = replace(DEFAULTS, most_extensions=1)
PROPOSE = ProposeCaseRules(STRICTER, MARCH, None, DOCUMENT, ANNE)
PROPOSED = CaseRulesProposed(RulesVersion(1, STRICTER, MARCH, None, DOCUMENT), ANNE)

nothing = Scenario.of(CASE_RULES)
proposed = nothing.given(PROPOSED)
approved = proposed.given(CaseRulesApproved(1, BORIS))
declined = proposed.given(CaseRulesDeclined(1, BORIS, "sealed reason"))


def test_come_into_force_by_a_document_and_two_people() -> None:
    nothing.when(PROPOSE).then(PROPOSED)
    proposed.when(ApproveCaseRules(1, ANNE)).then_refused("second-person-needed")
    proposed.when(ApproveCaseRules(1, BORIS)).then(CaseRulesApproved(1, BORIS))


def test_are_the_defaults_of_the_design_until_then() -> None:
    assert proposed.state.in_force(APRIL) is None
    assert rules_out(DEFAULTS) == DEFAULT_RULES
    assert (DEFAULTS.representatives, DEFAULTS.days_to_raise_again, DEFAULTS.most_extensions) == (20, 30, 2)
    assert (DEFAULTS.cycles_that_escalate, DEFAULTS.transfers_that_escalate) == (3, 3)
    assert (DEFAULTS.reconsideration_days, len(DEFAULTS.parking_grounds)) == (3, 5)
    assert (DEFAULTS.duplicate_days, DEFAULTS.duplicate_likeness) == (14, 0.2)
    assert (DEFAULTS.office_decides_extensions, DEFAULTS.extension_per_cent) == (1, 100)
    assert (len(DEFAULTS.exemption_grounds), DEFAULTS.reply_days) == (6, 3)
    assert DEFAULTS.spot_check == DrawPolicy(10, 1, 2, 2, 2 * 3600)


def test_of_an_old_record_mean_what_held_before_there_was_more_to_say() -> None:
    name, written = CASE_RULES.codec.encode(PROPOSED)
    record = json.loads(written)
    later = (
        "office_decides_extensions",
        "extension_per_cent",
        "exemption_grounds",
        "spot_check",
        "reply_days",
    )
    for each in later:
        del record["version"]["rules"][each]
    assert CASE_RULES.codec.decode(name, json.dumps(record)) == PROPOSED


def test_hold_on_their_days_and_not_before_or_after() -> None:
    [(version, _)] = approved.state.proposed
    assert approved.state.in_force(date(2026, 2, 28)) is None
    assert approved.state.in_force(MARCH) == version
    ending = replace(version, effective_to=APRIL)
    until = nothing.given(CaseRulesProposed(ending, ANNE), CaseRulesApproved(1, BORIS))
    assert until.state.in_force(APRIL) == ending
    assert until.state.in_force(date(2026, 4, 2)) is None


def test_yield_to_those_that_begin_later_and_on_one_day_to_the_newer() -> None:
    later = RulesVersion(2, DEFAULTS, APRIL, None, DOCUMENT)
    newer = RulesVersion(3, replace(DEFAULTS, most_extensions=5), APRIL, None, DOCUMENT)
    both = approved.given(CaseRulesProposed(later, ANNE), CaseRulesApproved(2, BORIS))
    three = both.given(CaseRulesProposed(newer, ANNE), CaseRulesApproved(3, BORIS))
    assert both.state.in_force(date(2026, 3, 31)) == both.state.proposed[0][0]
    assert both.state.in_force(APRIL) == later
    assert three.state.in_force(APRIL) == newer


def test_are_declined_for_a_reason_and_cannot_come_into_force_then() -> None:
    proposed.when(DeclineCaseRules(1, BORIS, " ")).then_refused("reason-missing")
    proposed.when(DeclineCaseRules(1, BORIS, "sealed reason")).then(
        CaseRulesDeclined(1, BORIS, "sealed reason")
    )
    declined.when(ApproveCaseRules(1, BORIS)).then_refused("policy-proposal-declined")
    approved.when(DeclineCaseRules(1, BORIS, "sealed reason")).then_refused("policy-already-approved")


def test_are_known_before_they_are_decided() -> None:
    nothing.when(ApproveCaseRules(1, BORIS)).then_refused("unknown-policy-proposal")
    proposed.when(DeclineCaseRules(2, BORIS, "x")).then_refused("unknown-policy-proposal")


@pytest.mark.parametrize(
    ("rules", "slug"),
    [
        (replace(DEFAULTS, representatives=0), "limit-must-be-positive"),
        (replace(DEFAULTS, days_to_raise_again=0), "limit-must-be-positive"),
        (replace(DEFAULTS, most_extensions=-1), "limit-must-be-positive"),
        (
            replace(DEFAULTS, parking_grounds=(GroundRule("legal_obstacle", 0, 1),)),
            "limit-must-be-positive",
        ),
        (
            replace(DEFAULTS, parking_grounds=(GroundRule("legal_obstacle", None, -1),)),
            "limit-must-be-positive",
        ),
        (
            replace(DEFAULTS, parking_grounds=(GroundRule("legal_obstacle", 30, 0),) * 2),
            "parking-ground-stands-twice",
        ),
        (replace(DEFAULTS, office_decides_extensions=-1), "limit-must-be-positive"),
        (replace(DEFAULTS, extension_per_cent=0), "limit-must-be-positive"),
        (replace(DEFAULTS, reply_days=0), "limit-must-be-positive"),
        (replace(DEFAULTS, spot_check=DrawPolicy(per_cent=0)), "limit-must-be-positive"),
        (replace(DEFAULTS, spot_check=DrawPolicy(fast=-1)), "limit-must-be-positive"),
        (replace(DEFAULTS, spot_check=DrawPolicy(per_cent=101)), "share-out-of-range"),
        (replace(DEFAULTS, exemption_grounds=("pilot", "pilot")), "exemption-ground-stands-twice"),
        (replace(DEFAULTS, duplicate_days=367), "duplicates-too-far-apart"),
        (replace(DEFAULTS, duplicate_days=-1), "duplicates-too-far-apart"),
        (replace(DEFAULTS, duplicate_likeness=1.1), "likeness-out-of-range"),
    ],
)
def test_are_refused_with_limits_that_make_no_sense(rules: CaseRules, slug: str) -> None:
    nothing.when(replace(PROPOSE, rules=rules)).then_refused(slug)


def test_are_refused_without_a_source_and_with_an_end_before_their_beginning() -> None:
    unsourced = replace(PROPOSE, source=SourceDocument(" ", "", None))
    nothing.when(unsourced).then_refused("source-document-missing")
    backwards = replace(PROPOSE, effective_to=date(2026, 2, 1))
    nothing.when(backwards).then_refused("policy-ends-before-it-begins")


def test_change_nothing_when_delivered_twice() -> None:
    proposed.when(PROPOSE).then_nothing()
    approved.when(ApproveCaseRules(1, BORIS)).then_nothing()
    declined.when(DeclineCaseRules(1, BORIS, "sealed reason")).then_nothing()
