"""W4': the office turns a whistle down, and decides the one appeal."""

from routing.domain.dispatch.commands import DecideAppeal, NotAcceptWhistle, NoteAppeal
from routing.domain.dispatch.facts import AppealDecided, AppealNoted, WhistleNotAccepted
from tests.domain.routing.stories import (
    WATER,
    a_closed_dispatch,
    a_final_dispatch,
    a_provisional_dispatch,
    a_reported_dispatch,
    a_scheduled_dispatch,
    after,
    assigned,
    report_in,
)

TURNED_DOWN = NotAcceptWhistle("own_duty", "《权责清单》XZ-01")
GRANTED = DecideAppeal(True, "sealed reason")
REJECTED = DecideAppeal(False, "sealed reason")
a_refusal = after(a_provisional_dispatch, TURNED_DOWN)
an_appeal = after(a_refusal, NoteAppeal())


def test_ends_it_with_a_reason_and_a_basis() -> None:
    a_final_dispatch.when(TURNED_DOWN).then(WhistleNotAccepted("own_duty", "《权责清单》XZ-01"))
    a_refusal.when(report_in(WATER)).then_refused("whistle-not-accepted")
    a_refusal.when(TURNED_DOWN).then_nothing()
    a_final_dispatch.when(NotAcceptWhistle("own_duty", "")).then_refused("desk-needs-a-legal-basis")


def test_comes_too_late_after_a_report_in() -> None:
    a_reported_dispatch.when(TURNED_DOWN).then_refused("department-has-reported-in")
    a_closed_dispatch.when(TURNED_DOWN).then_refused("dispatch-closed")
    a_scheduled_dispatch.when(TURNED_DOWN).then_refused("not-dispatched-yet")


def test_is_appealed_against_once() -> None:
    a_refusal.when(NoteAppeal()).then(AppealNoted())
    an_appeal.when(NoteAppeal()).then_nothing()
    a_final_dispatch.when(NoteAppeal()).then_nothing()


def test_sends_it_out_afresh_when_the_appeal_is_granted() -> None:
    [fact] = an_appeal.when(GRANTED).events
    assert isinstance(fact, AppealDecided)
    assert fact.cycle == 2
    old = {each.assigned.assignment_id for each in a_refusal.state.assignments}
    assert old.isdisjoint(each.assignment_id for each in fact.assignments)
    again = after(an_appeal, GRANTED)
    assert assigned(again, WATER).issue_ids == assigned(a_refusal, WATER).issue_ids
    assert not again.state.provisional
    again.when(report_in(WATER)).then_states(type(a_reported_dispatch_fact))
    again.when(TURNED_DOWN).then_refused("appeal-was-granted")


def test_stays_when_the_appeal_is_rejected() -> None:
    rejected = after(an_appeal, REJECTED)
    rejected.when(report_in(WATER)).then_refused("whistle-not-accepted")
    rejected.when(REJECTED).then_nothing()
    rejected.when(GRANTED).then_refused("no-appeal-to-decide")
    rejected.when(NoteAppeal()).then_nothing()


def test_is_decided_only_on_an_appeal_and_with_a_reason() -> None:
    a_refusal.when(GRANTED).then_refused("no-appeal-to-decide")
    an_appeal.when(DecideAppeal(True, "")).then_refused("appeal-needs-a-reason")


[a_reported_dispatch_fact] = a_final_dispatch.when(report_in(WATER)).events
