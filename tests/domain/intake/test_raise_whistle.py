"""W1 and W2 in one: 吹哨."""

from dataclasses import replace

import pytest

from intake.domain.whistle import Stage
from intake.domain.whistle.commands import Matter, RaiseWhistle
from intake.domain.whistle.facts import Content, WhistleDrafted, WhistleRaised, WhistleSigned
from tests.domain.intake.stories import (
    AT_ONCE,
    DRAFTED,
    FIREWORKS,
    FLOOD,
    IN_THE_MORNING,
    MORNING,
    NUMBER,
    RAISED,
    SIGNED,
    YUANCUN,
    a_raised_whistle,
    nothing_yet,
)


def test_awaits_the_leaders_signature() -> None:
    after = nothing_yet.when(RaiseWhistle(YUANCUN, "ordinary", FLOOD, NUMBER)).then(DRAFTED, RAISED)
    assert after.state.stage is Stage.AWAITING_SIGNATURE


def test_is_signed_at_once_when_the_leader_raises_it() -> None:
    raise_it = RaiseWhistle(YUANCUN, "ordinary", FLOOD, NUMBER, AT_ONCE)
    nothing_yet.when(raise_it).then(DRAFTED, RAISED, SIGNED)


def test_goes_out_in_the_morning_when_the_leader_raises_it_at_night() -> None:
    raise_it = RaiseWhistle(YUANCUN, "ordinary", FLOOD, NUMBER, IN_THE_MORNING)
    nothing_yet.when(raise_it).then(DRAFTED, RAISED, WhistleSigned("sealed leader", MORNING))


def test_says_that_an_emergency_goes_out_before_it_is_signed() -> None:
    raise_it = RaiseWhistle(YUANCUN, "ordinary", FIREWORKS, NUMBER)
    nothing_yet.when(raise_it).then(WhistleDrafted(YUANCUN, FIREWORKS), WhistleRaised(NUMBER, emergency=True))


def test_never_lets_an_emergency_wait_for_the_morning() -> None:
    raise_it = RaiseWhistle(YUANCUN, "ordinary", FIREWORKS, NUMBER, IN_THE_MORNING)
    after = nothing_yet.when(raise_it).then_states(WhistleDrafted, WhistleRaised, WhistleSigned)
    assert after.state.signed
    nothing_yet.when(raise_it).then(
        WhistleDrafted(YUANCUN, FIREWORKS), WhistleRaised(NUMBER, emergency=True), SIGNED
    )


def test_changes_nothing_when_delivered_twice() -> None:
    a_raised_whistle.when(RaiseWhistle(YUANCUN, "ordinary", FLOOD, NUMBER)).then_nothing()


def test_does_not_overwrite_another_whistle() -> None:
    other = replace(FLOOD, text="sealed other words")
    a_raised_whistle.when(RaiseWhistle(YUANCUN, "ordinary", other, NUMBER)).then_refused("already-raised")


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (replace(FLOOD, text=""), "whistle-needs-a-text"),
        (replace(FLOOD, village=""), "whistle-needs-a-village"),
        (replace(FLOOD, issues=()), "whistle-needs-an-issue"),
        (replace(FLOOD, departments=()), "whistle-needs-a-department"),
    ],
)
def test_needs_what_the_departments_must_know(content: Content, slug: str) -> None:
    nothing_yet.when(RaiseWhistle(YUANCUN, "ordinary", content, NUMBER)).then_refused(slug)


@pytest.mark.parametrize(
    ("matter", "slug"),
    [
        ("emergency_line", "belongs-to-the-emergency-line"),
        ("litigation", "belongs-to-the-court"),
        ("petition", "belongs-to-the-petition-office"),
        ("discipline", "belongs-to-the-discipline-body"),
        ("secret", "secret-is-not-admitted"),
    ],
)
def test_is_routed_away_when_others_must_handle_it(matter: Matter, slug: str) -> None:
    nothing_yet.when(RaiseWhistle(YUANCUN, matter, FLOOD, NUMBER)).then_refused(slug)
