"""What the domain allows is what the rules allow: the generated table equals the one written by hand."""

from dataclasses import replace

import pytest

from accountability.domain.supervision.state import Stage
from tests.domain.transitions.document import FILE, SUBJECTS, document
from tests.domain.transitions.expected import TABLE, Unreadable, differences, sections
from tests.domain.transitions.explore import Subject, explore, untried

EXPECTED = sections(TABLE.read_text(encoding="utf-8"))
LETTER = next(each for each in SUBJECTS if each.key == "letter")
ORDER = next(each for each in SUBJECTS if each.key == "order")


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: str(subject.key))
def test_allow_what_the_rules_allow_and_nothing_else(subject: Subject) -> None:
    assert differences(explore(subject), EXPECTED[subject.key]) == []


def test_are_expected_of_every_subject_and_of_no_other() -> None:
    assert EXPECTED.keys() == {each.key for each in SUBJECTS}


def test_try_every_command_there_is() -> None:
    assert untried(SUBJECTS) == []


def test_lead_to_every_stage_there_is() -> None:
    for subject in SUBJECTS:
        if subject.key in ("lead", "assist") or not hasattr(subject.aggregate.initial, "stage"):
            continue
        stages = {str(each) for each in type(subject.aggregate.initial.stage)}
        assert stages - {row.state.split(", ")[0] for row in explore(subject)} == set(), subject.key


def test_lead_an_order_to_every_stage_there_is() -> None:
    states = " ".join(row.state for row in explore(ORDER))
    assert {each for each in Stage if each not in states} == set()


def test_are_documented_as_they_are() -> None:
    assert FILE.read_text(encoding="utf-8") == document()


def test_miss_a_transition_that_the_domain_no_longer_has() -> None:
    rows = [row for row in explore(LETTER) if row.command != "ResolveLetter"]
    assert "missing: resolved handling → ResolveLetter → resolved" in differences(rows, EXPECTED["letter"])


def test_name_a_transition_that_no_rule_knows() -> None:
    lines = [each for each in EXPECTED["letter"] if each[2] != "ReferLetterUp"]
    assert "surplus: handling → ReferLetterUp → referred_up" in differences(explore(LETTER), lines)


def test_name_a_transition_that_ends_elsewhere() -> None:
    rows = [
        replace(row, to="submitted") if (row.state, row.to) == ("responded", "resolved") else row
        for row in explore(LETTER)
    ]
    told = differences(rows, EXPECTED["letter"])
    assert "missing: resolved responded → ResolveLetter → resolved" in told
    assert "surplus: responded → ResolveLetter → submitted" in told


def test_name_a_command_that_nobody_tries() -> None:
    trials = [each for each in LETTER.trials if type(each.command).__name__ != "ResolveLetter"]
    told = untried([replace(LETTER, trials=trials)])
    assert told == ["intake.domain.letter.commands.ResolveLetter has no instance among the trials of letter"]


def test_refuse_a_line_about_a_state_that_is_not_there() -> None:
    line = ("resolved", "forgotten", "ResolveLetter", "resolved")
    with pytest.raises(Unreadable, match="no state is forgotten"):
        differences(explore(LETTER), [line])
