"""W2: a draft is raised."""

from dataclasses import replace

from intake.domain.whistle.commands import SubmitWhistle
from intake.domain.whistle.facts import WhistleDrafted, WhistleRaised, WhistleSentBack
from tests.domain.intake.stories import (
    AT_ONCE,
    FIREWORKS,
    FLOOD,
    HANZHANG,
    NUMBER,
    RAISED,
    SIGNED,
    YUANCUN,
    a_draft,
    a_raised_whistle,
    a_signed_whistle,
    nothing_yet,
)


def test_awaits_the_leaders_signature() -> None:
    a_draft.when(SubmitWhistle(YUANCUN, NUMBER)).then(RAISED)


def test_is_signed_at_once_when_the_leader_submits_it() -> None:
    a_draft.when(SubmitWhistle(YUANCUN, NUMBER, AT_ONCE)).then(RAISED, SIGNED)


def test_says_that_an_emergency_goes_out_before_it_is_signed() -> None:
    draft = nothing_yet.given(WhistleDrafted(YUANCUN, FIREWORKS))
    draft.when(SubmitWhistle(YUANCUN, NUMBER)).then(WhistleRaised(NUMBER, emergency=True))


def test_keeps_the_number_it_had_before_it_was_sent_back() -> None:
    sent_back = a_raised_whistle.given(WhistleSentBack("sealed reason"))
    sent_back.when(SubmitWhistle(YUANCUN, "NL-2026-000002")).then(RAISED)


def test_changes_nothing_when_delivered_twice() -> None:
    a_raised_whistle.when(SubmitWhistle(YUANCUN, NUMBER)).then_nothing()
    a_signed_whistle.when(SubmitWhistle(YUANCUN, NUMBER)).then_nothing()


def test_needs_what_the_departments_must_know() -> None:
    draft = nothing_yet.given(WhistleDrafted(YUANCUN, replace(FLOOD, departments=())))
    draft.when(SubmitWhistle(YUANCUN, NUMBER)).then_refused("whistle-needs-a-department")


def test_finds_no_draft_of_another_township() -> None:
    a_draft.when(SubmitWhistle(HANZHANG, NUMBER)).then_refused("unknown-case")
