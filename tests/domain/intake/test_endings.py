"""W12 before signing, W4' with its appeal, and W9."""

from datetime import UTC, datetime, timedelta

from backbone.testing import NOON
from intake.domain.whistle.commands import (
    AppealWhistle,
    CloseOut,
    CloseUnappraised,
    NoteAppealDecision,
    NoteHandling,
    NoteNotAccepted,
    NoteWithdrawal,
    RaiseAgain,
    SendBackWhistle,
    SignWhistle,
    WithdrawWhistle,
)
from intake.domain.whistle.facts import (
    AppealAnswered,
    WhistleAppealed,
    WhistleClosed,
    WhistleHandling,
    WhistleNotAccepted,
    WhistleRaisedAgain,
    WhistleWithdrawn,
)
from tests.domain.intake.stories import (
    AT_ONCE,
    HANZHANG,
    YUANCUN,
    a_concluded_whistle,
    a_dispatched_whistle,
    a_draft,
    a_raised_emergency,
    a_raised_whistle,
    a_signed_whistle,
    a_whistle_in_handling,
    nothing_yet,
)

BACK = WithdrawWhistle(YUANCUN, "sealed reason")
APPEAL = AppealWhistle(YUANCUN, "sealed reason")
TURNED_DOWN = WhistleNotAccepted()
a_refusal = a_dispatched_whistle.given(TURNED_DOWN)
an_appeal = a_refusal.given(WhistleAppealed("sealed reason"))
CLOSED = WhistleClosed(True, (), (), None, 1)
a_closed_whistle = a_concluded_whistle.given(CLOSED)
OFFICE = "burden-reduction-office"


def again(at: datetime = NOON, *, by_office: bool = False, unit: str = YUANCUN) -> RaiseAgain:
    """It came back."""
    return RaiseAgain(unit, "sealed reason", by_office, 30, at)


def test_a_whistle_nobody_else_has_is_withdrawn_at_once() -> None:
    withdrawn = a_raised_whistle.when(BACK).then(WhistleWithdrawn("sealed reason"))
    withdrawn.when(BACK).then_nothing()
    withdrawn.when(SignWhistle(YUANCUN, AT_ONCE)).then_refused("whistle-withdrawn")
    withdrawn.when(SendBackWhistle(YUANCUN, "sealed reason")).then_refused("whistle-withdrawn")


def test_what_is_out_is_withdrawn_at_the_desk() -> None:
    for story in (a_signed_whistle, a_dispatched_whistle, a_raised_emergency, a_closed_whistle):
        story.when(BACK).then_refused("whistle-is-with-the-desk")
    for story in (a_signed_whistle, a_dispatched_whistle, a_whistle_in_handling, a_raised_emergency):
        story.when(NoteWithdrawal()).then(WhistleWithdrawn(None)).when(NoteWithdrawal()).then_nothing()
    a_closed_whistle.when(NoteWithdrawal()).then_nothing()


def test_withdrawing_needs_a_reason_and_more_than_a_draft() -> None:
    a_raised_whistle.when(WithdrawWhistle(YUANCUN, "")).then_refused("withdrawal-needs-a-reason")
    a_draft.when(BACK).then_refused("draft-is-discarded-instead")
    a_raised_whistle.when(WithdrawWhistle(HANZHANG, "x")).then_refused("unknown-case")


def test_the_township_appeals_once() -> None:
    a_dispatched_whistle.when(NoteNotAccepted()).then(TURNED_DOWN)
    a_refusal.when(NoteNotAccepted()).then_nothing()
    a_refusal.when(APPEAL).then(WhistleAppealed("sealed reason"))
    an_appeal.when(APPEAL).then_nothing()
    rejected = an_appeal.when(NoteAppealDecision(False, 1)).then(AppealAnswered(False, 1))
    rejected.when(APPEAL).then_refused("appealed-already")
    rejected.when(NoteAppealDecision(True, 2)).then_nothing()


def test_an_appeal_needs_a_refusal_and_a_reason() -> None:
    a_dispatched_whistle.when(APPEAL).then_refused("nothing-to-appeal")
    a_refusal.when(AppealWhistle(YUANCUN, "")).then_refused("appeal-needs-a-reason")
    a_refusal.when(AppealWhistle(HANZHANG, "x")).then_refused("unknown-case")


def test_a_granted_appeal_puts_it_back_to_the_departments() -> None:
    out = an_appeal.when(NoteAppealDecision(True, 2)).then(AppealAnswered(True, 2))
    out.when(NoteHandling()).then(WhistleHandling())
    assert out.state.cycle == 2


def test_a_closed_whistle_is_raised_again_citing_its_closing() -> None:
    out = a_closed_whistle.when(again()).then(WhistleRaisedAgain("sealed reason", 1, 2, YUANCUN))
    out.when(again()).then_nothing()
    out.when(NoteHandling()).then(WhistleHandling())
    out.when(CloseUnappraised(1)).then_nothing()
    out.when(CloseOut(YUANCUN)).then_refused("not-awaiting-confirmation")


def test_the_township_has_thirty_days_and_the_office_has_not() -> None:
    last = datetime(2026, 4, 1, 15, 59, tzinfo=UTC)  # 23:59 in China on the thirtieth day after 2 March
    assert a_closed_whistle.state.closed_at is not None
    days = last.date() - a_closed_whistle.state.closed_at.date()
    assert days == timedelta(days=30)
    a_closed_whistle.when(again(last)).then_states(WhistleRaisedAgain)
    too_late = last + timedelta(minutes=1)
    a_closed_whistle.when(again(too_late)).then_refused("too-late-to-raise-again")
    by_office = again(too_late, by_office=True, unit=OFFICE)
    a_closed_whistle.when(by_office).then(WhistleRaisedAgain("sealed reason", 1, 2, OFFICE))


def test_raising_again_needs_a_closing_and_a_reason() -> None:
    a_whistle_in_handling.when(again()).then_refused("not-closed")
    a_concluded_whistle.when(again()).then_refused("not-closed")
    a_closed_whistle.when(again(unit=HANZHANG)).then_refused("unknown-case")
    nothing_yet.when(again(by_office=True)).then_refused("unknown-case")
    no_reason = RaiseAgain(YUANCUN, "", False, 30, NOON)
    a_closed_whistle.when(no_reason).then_refused("raising-again-needs-a-reason")
