"""复议: once, within three working days, and the ruling holds meanwhile."""

from dataclasses import replace
from datetime import timedelta

from routing.domain import dispute
from routing.domain.dispute.commands import DecideReconsideration, NoteExecution, RuleOnDuty
from routing.domain.dispute.facts import (
    DutyRuled,
    ListRevisionDrafted,
    ReconsiderationRefused,
    ReconsiderationRequested,
    RulingExecuted,
)
from tests.domain.routing.dispute_stories import (
    AGAIN,
    MONDAY_NIGHT,
    POWERS,
    RULED,
    WATER_AFTER_ALL,
    a_questioned_ruling,
    a_referred_dispute,
    a_ruled_dispute,
    an_accepted_dispute,
    an_agreed_dispute,
)
from tests.domain.routing.stories import FARMING, TRANSPORT, WATER

UPHOLD = DecideReconsideration("sealed reason")
REVISE = DecideReconsideration("sealed reason", WATER_AFTER_ALL)


def test_suspends_nothing() -> None:
    story = a_ruled_dispute.when(AGAIN).then(ReconsiderationRequested(FARMING, "sealed grounds"))
    assert story.state.stage is dispute.Stage.RULED
    executed = story.when(NoteExecution(1, "reassigned")).then(RulingExecuted(1, "reassigned"))
    executed.when(UPHOLD).then(ReconsiderationRefused("sealed reason"))


def test_is_in_time_in_the_last_second() -> None:
    last = replace(AGAIN, at=MONDAY_NIGHT + timedelta(milliseconds=900))
    a_ruled_dispute.when(last).then(ReconsiderationRequested(FARMING, "sealed grounds"))
    late = replace(AGAIN, at=MONDAY_NIGHT + timedelta(seconds=1))
    until = MONDAY_NIGHT.isoformat()
    a_ruled_dispute.when(late).then_refused("reconsideration-too-late", until=until)


def test_is_asked_for_once_by_a_party() -> None:
    a_questioned_ruling.when(AGAIN).then_nothing()
    a_questioned_ruling.when(replace(AGAIN, by=WATER)).then_refused("reconsideration-only-once")
    a_ruled_dispute.when(replace(AGAIN, by=TRANSPORT)).then_refused("unknown-case")
    a_ruled_dispute.when(replace(AGAIN, grounds="")).then_refused("reconsideration-needs-grounds")


def test_is_for_rulings_of_the_county() -> None:
    for undecided in (an_accepted_dispute, an_agreed_dispute):
        undecided.when(AGAIN).then_refused("only-a-ruling-is-reconsidered")
    theirs = RuleOnDuty(POWERS, MONDAY_NIGHT, by_higher_level=True)
    ruled_above = a_referred_dispute.when(theirs).then_states(DutyRuled, ListRevisionDrafted)
    ruled_above.when(AGAIN).then_refused("ruled-by-the-higher-level")


def test_revises_the_ruling_once() -> None:
    revised = a_questioned_ruling.when(REVISE).then_states(DutyRuled, ListRevisionDrafted)
    assert revised.state.number == 2
    assert revised.state.stage is dispute.Stage.RULED
    revised.when(REVISE).then_nothing()
    revised.when(UPHOLD).then_refused("already-reconsidered")
    upheld = a_questioned_ruling.when(UPHOLD).then(ReconsiderationRefused("sealed reason"))
    upheld.when(UPHOLD).then_nothing()
    upheld.when(REVISE).then_refused("already-reconsidered")


def test_needs_a_request_a_reason_and_a_change_the_county_may_make() -> None:
    a_ruled_dispute.when(UPHOLD).then_refused("no-reconsideration-requested")
    a_questioned_ruling.when(DecideReconsideration("")).then_refused("reconsideration-needs-a-reason")
    same = DecideReconsideration("sealed reason", RULED)
    a_questioned_ruling.when(same).then_refused("revision-changes-nothing")
    beyond = DecideReconsideration("sealed reason", POWERS)
    a_questioned_ruling.when(beyond).then_refused("not-the-countys-to-rule")
