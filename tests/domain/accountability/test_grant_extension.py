"""批准延期: in time, by the office, the second time by the county leader; undecided is not granted."""

from dataclasses import replace

from accountability.domain.extension.commands import (
    GrantExtension,
    NoteOvertaken,
    NoteUndecided,
    RefuseExtension,
)
from accountability.domain.extension.facts import (
    ExtensionGranted,
    ExtensionLapsed,
    ExtensionLeftUndecided,
    ExtensionRefused,
)
from tests.domain.accountability.parking_stories import (
    ASKED,
    LIMITS,
    MORE_TIME,
    asked,
    handling_clock,
    no_extension,
)
from tests.domain.accountability.stories import at

THURSDAY = at("2026-03-05 10:00")
GRANT = GrantExtension(False, handling_clock(), LIMITS, THURSDAY)
granted = asked.given(ExtensionGranted(1, THURSDAY))
undecided = asked.given(ExtensionLeftUndecided(1, "decision-overdue", THURSDAY))
asked_again = no_extension.given(replace(ASKED, second=True))


def test_states_the_grant() -> None:
    asked.when(GRANT).then(ExtensionGranted(1, THURSDAY))


def test_changes_nothing_when_delivered_twice() -> None:
    granted.when(GRANT).then_nothing()
    refused = asked.given(ExtensionRefused(1, "sealed"))
    refused.when(RefuseExtension(False, "sealed")).then_nothing()


def test_needs_an_application() -> None:
    no_extension.when(GRANT).then_refused("no-extension-applied-for")
    undecided.when(GRANT).then_refused("no-extension-applied-for")
    no_extension.when(RefuseExtension(False, "sealed")).then_refused("no-extension-applied-for")


def test_comes_too_late_after_the_deadline() -> None:
    late = replace(GRANT, at=at("2026-03-12 00:00:01"))
    asked.when(late).then_refused("extension-after-the-deadline")


def test_is_refused_where_the_rules_have_become_stricter() -> None:
    stricter = replace(GRANT, limits=replace(LIMITS, per_cent=50))
    asked.when(stricter).then_refused("extension-exceeds-the-original", most=3)


def test_is_the_county_leaders_the_second_time() -> None:
    asked_again.when(GRANT).then_refused("second-time-is-the-county-leaders")
    asked_again.when(replace(GRANT, county_leader=True)).then(ExtensionGranted(1, THURSDAY))
    asked.when(replace(GRANT, county_leader=True)).then_refused("first-time-is-the-offices")
    asked_again.when(RefuseExtension(False, "sealed")).then_refused("second-time-is-the-county-leaders")


def test_is_refused_with_a_reason() -> None:
    asked.when(RefuseExtension(False, "sealed")).then(ExtensionRefused(1, "sealed"))
    asked.when(RefuseExtension(False, "")).then_refused("refusing-an-extension-needs-a-reason")


def test_is_not_granted_when_nobody_decides() -> None:
    asked.when(NoteUndecided("clock-overdue", THURSDAY)).then(
        ExtensionLeftUndecided(1, "clock-overdue", THURSDAY)
    )
    granted.when(NoteUndecided("clock-overdue", THURSDAY)).then_nothing()
    undecided.when(NoteUndecided("clock-overdue", THURSDAY)).then_nothing()


def test_lapses_when_there_is_nothing_to_extend() -> None:
    asked.when(NoteOvertaken("lead-concluded")).then(ExtensionLapsed(1, "lead-concluded"))
    granted.when(NoteOvertaken("clock-stopped", 1)).then(ExtensionLapsed(1, "clock-stopped"))
    granted.when(NoteOvertaken("lead-concluded")).then_nothing()
    asked.when(NoteOvertaken("clock-stopped", 1)).then_nothing()


def test_leaves_the_lead_free_to_ask_again() -> None:
    undecided.when(MORE_TIME).then(replace(ASKED, number=2))
