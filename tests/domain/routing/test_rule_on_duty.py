"""裁定: whose duty it is, by ruling, agreement or the level above, and what follows from it."""

from dataclasses import replace
from datetime import date

from routing.domain import dispute
from routing.domain.dispute.commands import AcceptDispute, NoteExecution, ReferUp, RuleOnDuty
from routing.domain.dispute.facts import (
    DisputeFiled,
    DisputeReferredUp,
    DutyAgreed,
    DutyRuled,
    ListRevisionDrafted,
    Ruling,
    RulingExecuted,
    Share,
)
from tests.domain.routing.dispute_stories import (
    AT_ONCE,
    BEYOND_US,
    BY_TELEPHONE,
    BY_THE_LIST,
    FIELDS_ARE_FARMINGS,
    MONDAY_NIGHT,
    POWERS,
    RULE,
    RULED,
    WATER_AFTER_ALL,
    WEDNESDAY,
    a_filed_dispute,
    a_referred_dispute,
    a_ruled_dispute,
    an_accepted_dispute,
    an_agreed_dispute,
    no_dispute_yet,
)
from tests.domain.routing.stories import FARMING, POWER, WATER

REVISION = ListRevisionDrafted("NY-01", "农田积水排涝", FARMING, (WATER,), "《农业法》第十九条")
EXPIRED = ReferUp("city", "undecided-in-time")


def test_names_the_owner_drafts_the_list_and_clears_who_came_first() -> None:
    ruled = DutyRuled(FIELDS_ARE_FARMINGS, 1, False, WEDNESDAY, MONDAY_NIGHT, blameless=(WATER,))
    an_accepted_dispute.when(RULE).then(ruled, REVISION)


def test_clears_nobody_who_stayed_silent_or_whose_duty_it_is() -> None:
    for decided in (replace(RULED, reported_in=False), WATER_AFTER_ALL):
        outcome = an_accepted_dispute.when(RuleOnDuty(decided, MONDAY_NIGHT))
        assert [each.blameless for each in outcome.events if isinstance(each, DutyRuled)] == [()]


def test_changes_nothing_when_delivered_twice() -> None:
    a_ruled_dispute.when(RULE).then_nothing()
    an_agreed_dispute.when(AT_ONCE).then_nothing()
    a_referred_dispute.when(BEYOND_US).then_nothing()


def test_rules_once() -> None:
    a_ruled_dispute.when(RuleOnDuty(WATER_AFTER_ALL, MONDAY_NIGHT)).then_refused("already-ruled")
    an_agreed_dispute.when(RULE).then_refused("dispute-is-settled")
    a_filed_dispute.when(RULE).then_refused("accept-the-dispute-first")


def test_leaves_vertical_and_utility_units_to_the_higher_level() -> None:
    for ruling in (POWERS.ruling, replace(FIELDS_ARE_FARMINGS, assists=(Share(POWER, "停电配合"),))):
        beyond = RuleOnDuty(replace(RULED, ruling=ruling), MONDAY_NIGHT)
        an_accepted_dispute.when(beyond).then_refused("not-the-countys-to-rule", unit=POWER)


def test_records_what_the_higher_level_ruled_on_what_was_referred_up() -> None:
    a_referred_dispute.when(RULE).then_refused("referred-to-the-higher-level")
    theirs = RuleOnDuty(POWERS, MONDAY_NIGHT, by_higher_level=True)
    story = a_referred_dispute.when(theirs).then_states(DutyRuled, ListRevisionDrafted)
    assert isinstance(story.state.decided, DutyRuled)
    assert story.state.decided.reconsider_until is None
    an_accepted_dispute.when(theirs).then_refused("not-referred-up")


def test_is_complete() -> None:
    def refused(slug: str, **changes: object) -> None:
        ruling = replace(FIELDS_ARE_FARMINGS, **changes)  # type: ignore[arg-type]
        an_accepted_dispute.when(RuleOnDuty(replace(RULED, ruling=ruling), MONDAY_NIGHT)).then_refused(slug)

    refused("unknown-department", lead="no-such-bureau")
    refused("unit-named-twice", lead=WATER)
    refused("ruling-names-the-duty", duty="")
    refused("ruling-needs-a-legal-basis", legal_basis="")
    refused("assist-needs-a-duty", assists=(Share(WATER, ""),))
    refused("validity-ends-before-it-begins", valid_until=date(2026, 1, 1))


def test_settles_in_one_record_what_a_telephone_call_has_settled() -> None:
    agreed = DutyAgreed(FIELDS_ARE_FARMINGS, "telephone", WEDNESDAY, blameless=(WATER,))
    story = no_dispute_yet.when(AT_ONCE).then_states(DisputeFiled, DutyAgreed, ListRevisionDrafted)
    assert story.state.decided == agreed
    meeting = replace(AT_ONCE, agreement=replace(BY_TELEPHONE, way="meeting"))
    no_dispute_yet.when(meeting).then_refused("meetings-take-the-long-way")


def test_settles_in_one_record_what_the_list_says_and_drafts_no_revision() -> None:
    story = no_dispute_yet.when(replace(AT_ONCE, agreement=BY_THE_LIST)).then_states(DisputeFiled, DutyAgreed)
    assert story.state.stage is dispute.Stage.AGREED
    wrong = replace(BY_THE_LIST, decided=replace(BY_THE_LIST.decided, ruling=FIELDS_ARE_FARMINGS))
    no_dispute_yet.when(replace(AT_ONCE, agreement=wrong)).then_refused("list-says-otherwise")


def test_may_be_agreed_until_it_is_decided() -> None:
    an_accepted_dispute.when(BY_TELEPHONE).then_states(DutyAgreed, ListRevisionDrafted)
    a_ruled_dispute.when(BY_TELEPHONE).then_refused("dispute-is-settled")


def test_goes_up_with_an_addressee_and_a_reason() -> None:
    referred = DisputeReferredUp("市委编办", "not-the-countys", "sealed reason")
    a_filed_dispute.when(BEYOND_US).then(referred)
    an_accepted_dispute.when(replace(BEYOND_US, to="")).then_refused("referral-needs-an-addressee")
    an_accepted_dispute.when(replace(BEYOND_US, reason="")).then_refused("referring-a-dispute-needs-a-reason")
    a_ruled_dispute.when(BEYOND_US).then_refused("dispute-is-settled")
    no_dispute_yet.when(BEYOND_US).then_refused("unknown-case")


def test_goes_up_by_itself_when_the_time_is_over_and_nothing_was_decided() -> None:
    an_accepted_dispute.when(EXPIRED).then(DisputeReferredUp("city", "undecided-in-time", None))
    for decided in (a_ruled_dispute, an_agreed_dispute, a_referred_dispute, no_dispute_yet):
        decided.when(EXPIRED).then_nothing()


def test_is_carried_out_once() -> None:
    executed = a_ruled_dispute.when(NoteExecution(1, "reassigned")).then(RulingExecuted(1, "reassigned"))
    executed.when(NoteExecution(1, "without-effect")).then_nothing()
    a_ruled_dispute.when(NoteExecution(2, "reassigned")).then_nothing()
    a_filed_dispute.when(NoteExecution(1, "reassigned")).then_nothing()


def test_knows_the_units_it_named() -> None:
    assert Ruling("d", FARMING, "b", (Share(WATER, "x"),)).units == (FARMING, WATER)
    assert an_accepted_dispute.when(AcceptDispute()).then_nothing().state.ruling is None
