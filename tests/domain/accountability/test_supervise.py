"""督办: hints, orders of the ladder, orders a person issues after hearing the unit, and their ends."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accountability.application.publishing_supervision import SUPERVISION
from accountability.domain import supervision
from accountability.domain.moments import SECOND, shown
from accountability.domain.refusals import Refused
from accountability.domain.supervision.commands import (
    ClearName,
    CloseOrder,
    DeclineOrder,
    GiveHint,
    HearUnit,
    IssueOrder,
    NoteExempted,
    NoteMoot,
    NoteReplyDue,
    NoteRung,
    NoteSuccession,
    ReferToDiscipline,
    ReplyToOrder,
    Supervise,
    WithdrawOrder,
)
from accountability.domain.supervision.facts import (
    HintGiven,
    Matter,
    MatterExempted,
    MatterHandedOver,
    MatterReferred,
    NameCleared,
    OrderClosed,
    OrderDeclined,
    OrderIssued,
    OrderLeftUnanswered,
    OrderProposed,
    OrderReplied,
    OrderWithdrawn,
    UnitHeard,
)
from accountability.domain.supervision.replying import color_of, reply_by, reply_timers
from accountability.domain.terms import ClockKind
from backbone.testing import Scenario, walk
from tests.domain.accountability.stories import CASE, WATER, at, book

NOON = at("2026-05-09 12:00")
LATER = at("2026-05-13 09:00")
TOWNSHIP = "410923102"
OFFICE = "burden-reduction-office"
MATTER = Matter(CASE, WATER, "office", ClockKind.C1)
OURS = Matter(CASE, OFFICE, "county-leader", ClockKind.C6)
BY_HAND = Matter(CASE, WATER, "office")
ORANGE = OrderIssued(MATTER, "ORANGE", True, NOON)
RED = OrderProposed(MATTER, "RED", LATER, "county-supervision-office")
HEAR = HearUnit(False, NOON, LATER, "sealed who", "sealed words")
ISSUE = IssueOrder(False, LATER)
REPLY_DUE = at("2026-05-14 00:00")
TAKE_UP = Supervise(BY_HAND, False, frozenset({WATER, TOWNSHIP}), "", "ORANGE", "sealed reason", NOON)
HINT = GiveHint(BY_HAND, False, frozenset({WATER, TOWNSHIP}), "", "sealed hint", NOON)
REFER = ReferToDiscipline(MATTER, True, "discipline-inspection", "sealed reason", LATER)
CLEAR = ClearName(MATTER, False, "sealed statement")

nothing = Scenario(supervision.decide, supervision.evolve, supervision.INITIAL)
orange = nothing.given(ORANGE)
waiting = nothing.given(replace(ORANGE, reply_due=REPLY_DUE))
replied = orange.given(OrderReplied("ORANGE", "sealed reply"))
closed = replied.given(OrderClosed("ORANGE", "sealed words", LATER))
proposed = nothing.given(RED)
heard = proposed.given(UnitHeard(NOON, "sealed who", "sealed words"))
ours = nothing.given(OrderProposed(OURS, "RED", LATER))


def rung(name: str, matter: Matter = MATTER) -> NoteRung:
    """The ladder as it is by default."""
    copy_to = "county-supervision-office" if name == "RED" else ""
    return NoteRung(matter, name, name == "RED", copy_to, LATER)  # type: ignore[arg-type]


def test_is_no_order_at_the_blue_rung() -> None:
    nothing.when(rung("BLUE")).then_nothing()


def test_issues_the_orange_order_by_itself() -> None:
    nothing.when(rung("ORANGE")).then(OrderIssued(MATTER, "ORANGE", True, LATER))


def test_only_proposes_the_red_one() -> None:
    nothing.when(rung("RED")).then(RED)
    orange.when(rung("RED")).then(RED)


def test_states_every_rung_once() -> None:
    orange.when(rung("ORANGE")).then_nothing()
    proposed.when(rung("RED")).then_nothing()


def test_never_orders_a_township_that_is_to_confirm() -> None:
    nothing.when(rung("ORANGE", replace(MATTER, kind=ClockKind.C7))).then_nothing()
    confirming = replace(TAKE_UP, matter=replace(BY_HAND, unit=TOWNSHIP), confirming=TOWNSHIP)
    nothing.when(confirming).then_refused("no-order-for-confirming")


def test_climbs_no_further_once_the_matter_is_settled() -> None:
    closed.when(rung("RED")).then_nothing()


def test_issues_the_red_order_after_hearing_the_unit() -> None:
    proposed.when(ISSUE).then_refused("unit-not-heard-yet")
    issued = OrderIssued(MATTER, "RED", False, LATER, "county-supervision-office")
    heard.when(ISSUE).then(issued).when(ISSUE).then_nothing()


def test_raises_the_orange_order_to_red() -> None:
    both = orange.given(RED, UnitHeard(NOON, "sealed who", "sealed words"))
    issued = OrderIssued(MATTER, "RED", False, LATER, "county-supervision-office")
    both.when(ISSUE).then(OrderWithdrawn("ORANGE", "raised-to-red"), issued)


def test_records_who_said_what_when() -> None:
    said = UnitHeard(NOON, "sealed who", "sealed words")
    proposed.when(HEAR).then(said).when(HEAR).then_nothing()
    proposed.when(replace(HEAR, speaker="")).then_refused("hearing-needs-a-speaker")
    proposed.when(replace(HEAR, words="")).then_refused("hearing-needs-words")
    proposed.when(replace(HEAR, at=LATER, asked_at=NOON)).then_refused("hearing-lies-ahead")
    orange.when(HEAR).then_refused("no-order-proposed")
    orange.when(ISSUE).then_nothing()
    nothing.when(HEAR).then_refused("unknown-matter")


def test_lets_the_office_be_convinced() -> None:
    decline = DeclineOrder(False, "sealed reason", LATER)
    proposed.when(decline).then_refused("unit-not-heard-yet")
    heard.when(replace(decline, reason="")).then_refused("declining-an-order-needs-a-reason")
    declined = heard.when(decline).then(OrderDeclined("RED", "sealed reason", LATER))
    declined.when(decline).then_nothing()
    declined.when(ISSUE).then_refused("matter-settled-already", result="not-pursued", on="2026-05-13")
    nothing.given(ORANGE).when(decline).then_refused("no-order-proposed")


def test_leaves_the_orange_order_when_the_red_one_is_declined() -> None:
    both = orange.given(RED, UnitHeard(NOON, "sealed who", "sealed words"))
    declined = both.when(DeclineOrder(False, "sealed reason", LATER)).then(
        OrderDeclined("RED", "sealed reason", LATER)
    )
    declined.when(ReplyToOrder(WATER, "sealed reply")).then(OrderReplied("ORANGE", "sealed reply"))


def test_is_replied_to_by_the_unit_itself() -> None:
    reply = ReplyToOrder(WATER, "sealed reply")
    orange.when(reply).then(OrderReplied("ORANGE", "sealed reply")).when(reply).then_nothing()
    orange.when(ReplyToOrder("transport", "sealed")).then_refused("unknown-matter")
    orange.when(ReplyToOrder(WATER, "")).then_refused("reply-needs-words")
    proposed.when(reply).then_refused("no-order-to-reply-to")


def test_is_closed_when_the_reply_is_accepted() -> None:
    close = CloseOrder(False, "sealed words", LATER)
    replied.when(close).then(OrderClosed("ORANGE", "sealed words", LATER)).when(close).then_nothing()
    replied.when(replace(close, words="")).then_refused("closing-an-order-needs-words")
    orange.when(close).then_refused("order-not-replied-to")
    proposed.when(close).then_refused("no-order-is-out")


def test_takes_back_a_proposal_with_the_order_that_is_closed() -> None:
    both = replied.given(RED)
    both.when(CloseOrder(False, "sealed words", LATER)).then(
        OrderWithdrawn("RED", "settled"), OrderClosed("ORANGE", "sealed words", LATER)
    )


def test_is_withdrawn_by_a_person_with_a_reason() -> None:
    withdraw = WithdrawOrder(False, "sealed reason")
    withdrawn = orange.when(withdraw).then(OrderWithdrawn("ORANGE", "by-hand", "sealed reason"))
    withdrawn.when(withdraw).then_nothing()
    orange.when(WithdrawOrder(False, "")).then_refused("withdrawing-an-order-needs-a-reason")
    closed.when(withdraw).then_refused("no-order-is-out")


def test_does_not_hold_when_its_breach_is_annulled() -> None:
    for story in (orange, replied, closed):
        story.when(NoteMoot("breach-annulled")).then(OrderWithdrawn("ORANGE", "breach-annulled"))
    proposed.when(NoteMoot("breach-annulled")).then(OrderWithdrawn("RED", "breach-annulled"))
    nothing.when(NoteMoot("breach-annulled")).then_nothing()


def test_is_muted_when_the_whistle_has_ended_unless_it_was_replied_to() -> None:
    orange.when(NoteMoot("whistle-closed")).then(OrderWithdrawn("ORANGE", "whistle-closed"))
    proposed.when(NoteMoot("merged")).then(OrderWithdrawn("RED", "merged"))
    replied.when(NoteMoot("whistle-closed")).then_nothing()


def test_is_taken_up_by_a_person_on_any_case() -> None:
    issued = OrderIssued(BY_HAND, "ORANGE", False, NOON, "", "sealed reason")
    nothing.when(TAKE_UP).then(issued).when(TAKE_UP).then_nothing()
    red = replace(TAKE_UP, color="RED")
    nothing.when(red).then(OrderProposed(BY_HAND, "RED", NOON, "county-supervision-office", "sealed reason"))
    nothing.when(replace(TAKE_UP, reason="")).then_refused("order-needs-a-reason")
    nothing.when(replace(TAKE_UP, concerned=frozenset())).then_refused("unit-not-concerned")
    orange.when(TAKE_UP).then_refused("order-is-out-already")


def test_leaves_each_to_whose_it_is() -> None:
    nothing.when(replace(TAKE_UP, county_leader=True)).then_refused("unit-matters-are-the-offices")
    ours.when(HEAR).then_refused("office-matters-are-the-county-leaders")
    ours.when(replace(HEAR, county_leader=True)).then_states(UnitHeard)


def test_pursues_no_matter_twice() -> None:
    settled = {"result": "order-closed", "on": "2026-05-13"}
    closed.when(REFER).then_refused("matter-settled-already", **settled)
    closed.when(replace(TAKE_UP, matter=MATTER)).then_refused("matter-settled-already", **settled)
    exempted = orange.when(NoteExempted(MATTER, LATER)).then(
        OrderWithdrawn("ORANGE", "exempted"), MatterExempted(MATTER, LATER)
    )
    exempted.when(NoteExempted(MATTER, LATER)).then_nothing()
    exempted.when(REFER).then_refused("matter-settled-already", result="exempted")


def test_is_referred_to_the_discipline_body_apart() -> None:
    referred = MatterReferred(MATTER, "discipline-inspection", "sealed reason", LATER)
    orange.when(REFER).then(OrderWithdrawn("ORANGE", "settled"), referred).when(REFER).then_nothing()
    nothing.when(replace(REFER, stands=False)).then_refused("no-breach-to-refer")
    nothing.when(replace(REFER, reason="")).then_refused("referral-needs-a-reason")


def test_clears_a_name_when_the_reproach_does_not_hold() -> None:
    cleared = NameCleared(MATTER, "sealed statement")
    annulled = closed.given(OrderWithdrawn("ORANGE", "breach-annulled"))
    annulled.when(CLEAR).then(cleared).when(CLEAR).then_nothing()
    nothing.when(CLEAR).then(cleared)
    nothing.given(MatterExempted(MATTER, LATER)).when(replace(CLEAR, stands=True)).then(cleared)
    nothing.when(replace(CLEAR, stands=True)).then_refused("breach-stands")
    nothing.when(replace(CLEAR, statement="")).then_refused("clearing-needs-a-statement")
    closed.when(CLEAR).then_refused("reproach-was-upheld")
    orange.when(CLEAR).then_refused("order-is-out-already")


def test_clears_a_name_of_every_reproach_anew() -> None:
    again = nothing.given(NameCleared(MATTER, "sealed statement"), ORANGE)
    withdrawn = again.when(WithdrawOrder(False, "sealed reason")).then_states(OrderWithdrawn)
    withdrawn.when(CLEAR).then(NameCleared(MATTER, "sealed statement"))


def test_takes_back_one_order_at_a_time() -> None:
    both = orange.given(RED)
    first = WithdrawOrder(False, "sealed reason")
    once = both.when(first).then(OrderWithdrawn("ORANGE", "by-hand", "sealed reason"))
    once.when(first).then_nothing()
    once.when(WithdrawOrder(False, "another")).then(OrderWithdrawn("RED", "by-hand", "another"))


def test_gives_a_hint_that_wants_no_reply() -> None:
    hinted = nothing.when(HINT).then(HintGiven(BY_HAND, "sealed hint", NOON))
    hinted.when(HINT).then_nothing()
    hinted.when(ReplyToOrder(WATER, "sealed reply")).then_refused("no-order-to-reply-to")
    hinted.when(replace(HINT, reason="another hint")).then_states(HintGiven)
    hinted.when(TAKE_UP).then_states(OrderIssued).when(replace(HINT, reason="third hint")).then_states(
        HintGiven
    )


def test_gives_a_hint_to_a_unit_that_has_a_part_and_is_not_only_to_confirm() -> None:
    nothing.when(replace(HINT, reason="")).then_refused("hint-needs-words")
    elsewhere = replace(HINT, matter=replace(BY_HAND, unit="transport"))
    nothing.when(elsewhere).then_refused("unit-not-concerned")
    confirming = replace(HINT, matter=replace(BY_HAND, unit=TOWNSHIP), confirming=TOWNSHIP)
    nothing.when(confirming).then_refused("no-order-for-confirming")
    nothing.when(replace(HINT, matter=OURS)).then_refused("office-matters-are-the-county-leaders")
    closed.when(replace(HINT, matter=MATTER)).then_refused("matter-settled-already")


def test_says_until_when_an_order_is_replied_to() -> None:
    by_rung = replace(rung("ORANGE"), reply_due=REPLY_DUE)
    nothing.when(by_rung).then(OrderIssued(MATTER, "ORANGE", True, LATER, reply_due=REPLY_DUE))
    by_hand = replace(TAKE_UP, reply_due=REPLY_DUE)
    issued = OrderIssued(BY_HAND, "ORANGE", False, NOON, "", "sealed reason", REPLY_DUE)
    nothing.when(by_hand).then(issued)
    red = OrderIssued(MATTER, "RED", False, LATER, "county-supervision-office", "", REPLY_DUE)
    heard.when(replace(ISSUE, reply_due=REPLY_DUE)).then(red)


def test_states_once_that_nobody_replied_in_time() -> None:
    late = NoteReplyDue("ORANGE", REPLY_DUE + SECOND)
    waiting.when(replace(late, at=REPLY_DUE)).then_nothing()
    overdue = waiting.when(late).then(OrderLeftUnanswered("ORANGE", REPLY_DUE))
    overdue.when(late).then_nothing()
    overdue.when(ReplyToOrder(WATER, "sealed reply")).then(OrderReplied("ORANGE", "sealed reply"))


def test_waits_for_no_reply_that_came_or_is_not_wanted_any_more() -> None:
    late = NoteReplyDue("ORANGE", REPLY_DUE + SECOND)
    waiting.given(OrderReplied("ORANGE", "sealed reply")).when(late).then_nothing()
    waiting.given(OrderWithdrawn("ORANGE", "by-hand", "sealed")).when(late).then_nothing()
    orange.when(late).then_nothing()
    nothing.when(late).then_nothing()


def test_watches_over_a_reply_with_a_timer() -> None:
    issued = OrderIssued(MATTER, "RED", False, LATER, reply_due=REPLY_DUE)
    raised = reply_timers([OrderWithdrawn("ORANGE", "raised-to-red"), issued])
    assert [(each.name, each.at) for each in raised] == [
        ("reply-ORANGE", None),
        ("reply-RED", REPLY_DUE + SECOND),
    ]
    assert [each.at for each in reply_timers([OrderReplied("RED", "sealed")])] == [None]
    assert reply_timers([ORANGE]) == ()
    assert color_of("reply-RED") == "RED"
    with pytest.raises(Refused, match="unknown-timer"):
        color_of("reply-BLUE")


def test_counts_the_days_for_a_reply_by_the_working_calendar() -> None:
    holiday = book().calendar
    assert shown(reply_by(3, at("2026-04-30 10:00"), holiday)) == "2026-05-08 24:00"
    assert shown(reply_by(3, at("2026-05-08 10:00"), holiday)) == "2026-05-12 24:00"


def test_goes_on_with_the_heir_of_a_merged_unit() -> None:
    to = NoteSuccession(WATER, "agriculture")
    handed = orange.when(to).then(MatterHandedOver(WATER, "agriculture"))
    handed.when(to).then_nothing()
    handed.when(ReplyToOrder("agriculture", "sealed")).then_states(OrderReplied)
    closed.when(to).then_nothing()


leaders = st.booleans()
words = st.sampled_from(["", "sealed", "sealed more"])
moments = st.sampled_from([NOON, LATER])
commands: st.SearchStrategy[supervision.Command] = st.one_of(
    st.sampled_from(["BLUE", "ORANGE", "RED"]).map(rung),
    st.builds(
        Supervise,
        st.just(MATTER),
        leaders,
        st.just(frozenset({WATER})),
        st.just(""),
        st.sampled_from(["ORANGE", "RED"]),
        words,
        moments,
        st.just(REPLY_DUE),
    ),
    st.builds(GiveHint, st.just(MATTER), leaders, st.just(frozenset({WATER})), st.just(""), words, moments),
    st.builds(NoteReplyDue, st.sampled_from(["ORANGE", "RED"]), st.sampled_from([LATER, REPLY_DUE + SECOND])),
    st.builds(HearUnit, leaders, moments, st.just(LATER), words, words),
    st.builds(IssueOrder, leaders, moments, st.just(REPLY_DUE)),
    st.builds(DeclineOrder, leaders, words, moments),
    st.builds(ReplyToOrder, st.sampled_from([WATER, "transport"]), words),
    st.builds(CloseOrder, leaders, words, moments),
    st.builds(WithdrawOrder, leaders, words),
    st.builds(ReferToDiscipline, st.just(MATTER), st.booleans(), st.just("discipline"), words, moments),
    st.builds(ClearName, st.just(MATTER), st.booleans(), words),
    st.sampled_from([NoteMoot("breach-annulled"), NoteMoot("whistle-closed")]),
    st.builds(NoteExempted, st.just(MATTER), moments),
    st.just(NoteSuccession(WATER, "agriculture")),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(commands, max_size=25))
def test_is_settled_once_and_replied_to_only_when_out(asked: list[supervision.Command]) -> None:
    facts = walk(SUPERVISION, asked)
    out: set[str] = set()
    open_proposals: set[str] = set()
    answered: set[str] = set()
    for fact in facts:
        match fact:
            case OrderProposed(_, color):
                assert not open_proposals
                open_proposals.add(color)
            case OrderIssued(_, color):
                assert not out, "one order is out at a time"
                out.add(color)
                answered.discard(color)
                open_proposals.discard(color)
            case OrderReplied(color):
                assert color in out
                answered.add(color)
            case OrderLeftUnanswered(color):
                assert color in out - answered, "late is only what waits"
            case OrderClosed(color) | OrderDeclined(color) | OrderWithdrawn(color):
                out.discard(color)
                open_proposals.discard(color)
            case _:
                pass
