"""W12: the township takes its whistle back."""

from dataclasses import replace

from routing.domain.dispatch.commands import (
    CloseDispatch,
    ConsentToWithdrawal,
    RefuseWithdrawal,
    WithdrawDispatch,
)
from routing.domain.dispatch.facts import DispatchWithdrawn, WithdrawalRefused, WithdrawalRequested
from tests.domain.routing.stories import (
    WATER,
    YUANCUN,
    a_concluded_dispatch,
    a_final_dispatch,
    a_reported_dispatch,
    a_scheduled_dispatch,
    after,
    conclude,
    nothing_yet,
    report_in,
)

BACK = WithdrawDispatch(YUANCUN, "sealed reason")
ASKING = replace(BACK, ask_consent=True)
a_withdrawal = after(a_reported_dispatch, ASKING)


def test_needs_nobody_before_a_report_in() -> None:
    for story in (a_final_dispatch, a_scheduled_dispatch):
        story.when(BACK).then(DispatchWithdrawn("sealed reason", consented=False))


def test_needs_consent_once_a_department_has_reported_in() -> None:
    a_reported_dispatch.when(BACK).then_refused("withdrawal-needs-consent")
    a_reported_dispatch.when(ASKING).then(WithdrawalRequested("sealed reason"))
    a_withdrawal.when(ConsentToWithdrawal()).then(DispatchWithdrawn("sealed reason", consented=True))


def test_may_be_refused_and_asked_again() -> None:
    refused = a_withdrawal.when(RefuseWithdrawal("sealed no")).then(WithdrawalRefused("sealed no"))
    refused.when(ConsentToWithdrawal()).then_refused("no-withdrawal-requested")
    refused.when(ASKING).then_states(WithdrawalRequested)


def test_ends_the_work_and_beats_a_report_in_that_comes_after_it() -> None:
    gone = after(a_final_dispatch, BACK)
    gone.when(report_in(WATER)).then_refused("dispatch-withdrawn")
    gone.when(CloseDispatch()).then_nothing()


def test_changes_nothing_when_it_is_asked_twice() -> None:
    after(a_final_dispatch, BACK).when(BACK).then_nothing()
    a_withdrawal.when(ASKING).then_nothing()
    after(a_withdrawal, ConsentToWithdrawal()).when(ConsentToWithdrawal()).then_nothing()


def test_gives_way_to_the_leads_conclusion() -> None:
    concluded = after(a_withdrawal, conclude(WATER))
    concluded.when(ConsentToWithdrawal()).then_refused("no-withdrawal-requested")
    a_concluded_dispatch.when(BACK).then_refused("concluded-awaits-your-verdict")
    after(a_concluded_dispatch, CloseDispatch()).when(BACK).then_refused("dispatch-closed")


def test_needs_a_reason_of_each() -> None:
    a_final_dispatch.when(replace(BACK, reason="")).then_refused("withdrawal-needs-a-reason")
    a_withdrawal.when(RefuseWithdrawal("")).then_refused("refusing-a-withdrawal-needs-a-reason")


def test_is_its_own_townships_alone() -> None:
    a_final_dispatch.when(replace(BACK, by="410923101")).then_refused("unknown-case")
    nothing_yet.when(replace(BACK, by="")).then_refused("unknown-case")
