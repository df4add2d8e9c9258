"""批示、倒查: the county leader instructs, the office releases the timeline of a case."""

from dataclasses import replace

from accountability.domain import instruction, trace_back
from accountability.domain.instruction import GiveInstruction, InstructionGiven
from accountability.domain.trace_back import ReleaseTraceBack, TraceBackReleased
from backbone.testing import Scenario
from tests.domain.accountability.stories import WATER

OFFICE = "burden-reduction-office"
GIVE = GiveInstruction("county-leader-1", frozenset({WATER, OFFICE}), (), "sealed words")
RELEASE = ReleaseTraceBack(True, "d1", "sealed document", "sealed reason", "supervisor-a")

silent = Scenario(instruction.decide, instruction.evolve, instruction.INITIAL)
unreleased = Scenario(trace_back.decide, trace_back.evolve, trace_back.INITIAL)


def test_reaches_everybody_concerned_unless_somebody_is_named() -> None:
    given = InstructionGiven(1, "county-leader-1", (OFFICE, WATER), "sealed words")
    silent.when(GIVE).then(given).when(GIVE).then_nothing()
    silent.when(replace(GIVE, to=(WATER,))).then(replace(given, to=(WATER,)))


def test_is_for_units_of_the_case_and_has_words() -> None:
    silent.when(replace(GIVE, to=("transport",))).then_refused("unit-not-concerned")
    silent.when(replace(GIVE, words="")).then_refused("instruction-needs-words")
    silent.when(replace(GIVE, concerned=frozenset())).then_refused("unknown-case")


def test_counts_on() -> None:
    story = silent.when(GIVE).then_states(InstructionGiven)
    story.when(replace(GIVE, words="sealed more")).then(
        InstructionGiven(2, "county-leader-1", (OFFICE, WATER), "sealed more")
    )


def test_releases_each_state_of_a_case_once() -> None:
    released = TraceBackReleased(1, "d1", "sealed document", "sealed reason", "supervisor-a")
    story = unreleased.when(RELEASE).then(released)
    story.when(RELEASE).then_nothing()
    story.when(replace(RELEASE, digest="d2")).then(replace(released, number=2, digest="d2"))


def test_releases_nothing_without_a_reason_or_a_case() -> None:
    unreleased.when(replace(RELEASE, reason="")).then_refused("releasing-needs-a-reason")
    unreleased.when(replace(RELEASE, known=False)).then_refused("unknown-case")
