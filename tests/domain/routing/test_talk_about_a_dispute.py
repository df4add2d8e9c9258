"""权责争议: taking a dispute on, written rounds, hearings, and not accepting it."""

from datetime import date

import pytest

from routing.domain import dispute
from routing.domain.dispute.commands import (
    AcceptDispute,
    GiveStatement,
    NotAcceptDispute,
    OpenCoordination,
    OpenNegotiation,
    RecordHearing,
)
from routing.domain.dispute.facts import (
    CoordinationOpened,
    DisputeAccepted,
    DisputeNotAccepted,
    HearingRecorded,
    NegotiationOpened,
    StatementGiven,
)
from tests.domain.routing.dispute_stories import (
    a_filed_dispute,
    a_ruled_dispute,
    an_accepted_dispute,
    no_dispute_yet,
)
from tests.domain.routing.stories import FARMING, TRANSPORT, WATER, YUANCUN

HEARING = RecordHearing(date(2026, 3, 5), (WATER, FARMING), "sealed minutes")
TALKS: list[dispute.Command] = [
    OpenNegotiation(),
    OpenCoordination(),
    GiveStatement(WATER, "sealed words"),
    HEARING,
]


def test_goes_from_filed_over_negotiating_to_coordinating() -> None:
    accepted = a_filed_dispute.when(AcceptDispute()).then(DisputeAccepted())
    negotiating = accepted.when(OpenNegotiation()).then(NegotiationOpened())
    coordinating = negotiating.when(OpenCoordination()).then(CoordinationOpened())
    assert coordinating.state.stage is dispute.Stage.COORDINATING
    coordinating.when(OpenNegotiation()).then_refused("already-coordinating")


def test_may_be_coordinated_at_once() -> None:
    an_accepted_dispute.when(OpenCoordination()).then(CoordinationOpened())


def test_changes_nothing_when_delivered_twice() -> None:
    an_accepted_dispute.when(AcceptDispute()).then_nothing()
    for talk in TALKS:
        an_accepted_dispute.when(talk).then_states(*_kinds(talk)).when(talk).then_nothing()


def test_counts_the_rounds_of_each_party() -> None:
    story = an_accepted_dispute
    story = story.when(GiveStatement(WATER, "first")).then(StatementGiven(WATER, 1, "first"))
    story = story.when(GiveStatement(YUANCUN, "also")).then(StatementGiven(YUANCUN, 1, "also"))
    story.when(GiveStatement(WATER, "second")).then(StatementGiven(WATER, 2, "second"))


def test_is_no_case_to_those_who_are_no_party() -> None:
    an_accepted_dispute.when(GiveStatement(TRANSPORT, "words")).then_refused("unknown-case")
    no_dispute_yet.when(AcceptDispute()).then_refused("unknown-case")


def test_wants_words_minutes_and_two_sides() -> None:
    an_accepted_dispute.when(GiveStatement(WATER, "")).then_refused("statement-needs-words")
    silent = RecordHearing(date(2026, 3, 5), (WATER, FARMING), "")
    an_accepted_dispute.when(silent).then_refused("hearing-needs-minutes")
    alone = RecordHearing(date(2026, 3, 5), (WATER, WATER), "sealed minutes")
    an_accepted_dispute.when(alone).then_refused("hearing-needs-two-units")


@pytest.mark.parametrize("talk", TALKS)
def test_begins_when_it_is_accepted_and_ends_when_it_is_settled(talk: dispute.Command) -> None:
    a_filed_dispute.when(talk).then_refused("accept-the-dispute-first")
    a_ruled_dispute.when(talk).then_refused("dispute-is-settled")
    a_ruled_dispute.when(AcceptDispute()).then_refused("dispute-is-settled")


def test_is_not_accepted_with_a_reason() -> None:
    refused = a_filed_dispute.when(NotAcceptDispute("sealed reason")).then(
        DisputeNotAccepted("sealed reason")
    )
    refused.when(NotAcceptDispute("sealed afresh")).then_nothing()
    an_accepted_dispute.when(NotAcceptDispute("")).then_refused("declining-a-dispute-needs-a-reason")
    a_ruled_dispute.when(NotAcceptDispute("sealed reason")).then_refused("dispute-is-settled")


def _kinds(talk: dispute.Command) -> list[type[dispute.Event]]:
    kinds: dict[type[dispute.Command], type[dispute.Event]] = {
        OpenNegotiation: NegotiationOpened,
        OpenCoordination: CoordinationOpened,
        GiveStatement: StatementGiven,
        RecordHearing: HearingRecorded,
    }
    return [kinds[type(talk)]]
