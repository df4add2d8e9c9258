"""抽查: strata, weights and a seed that draws the same for everybody; checkers, and what they found."""

from dataclasses import replace
from hashlib import sha256
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from accountability.application.spot_checks import SPOT_CHECKS
from accountability.domain import spot_check
from accountability.domain.spot_check import DRAW_POLICY, ClosedCase, digest, draw
from accountability.domain.spot_check.checking import (
    AssignCheck,
    CheckAssigned,
    ChecksDrawn,
    DrawChecks,
    RecordResult,
    ResultRecorded,
)
from accountability.domain.spot_check.drawing import weight
from backbone.testing import Scenario, walk
from tests.domain.accountability.stories import at

END, NOW = at("2026-10-31 24:00"), at("2026-11-03 10:00")
CASES = tuple(
    ClosedCase(f"case-{n:03}", 1, "department" if n % 3 else "vertical", "public_appeal", True, 86_400)
    for n in range(60)
)
DRAW = DrawChecks("2026-10", END, 7, DRAW_POLICY, CASES, NOW, "supervisor-a")
DRAWN = ChecksDrawn("2026-10", 7, DRAW_POLICY, 60, digest(CASES), draw(CASES, 7), NOW, "supervisor-a")
ONE = DRAWN.drawn[0].case_id
ASSIGN = AssignCheck(ONE, "checker-1", "burden-reduction-office", frozenset({"water-resources", "410923102"}))
FOUND = RecordResult(ONE, "checker-1", "resident", "sealed who", False, "sealed finding", NOW)

nothing = Scenario(spot_check.decide, spot_check.evolve, spot_check.INITIAL)
drawn = nothing.given(DRAWN)
assigned = drawn.given(CheckAssigned(ONE, "checker-1", "burden-reduction-office"))
done = assigned.given(ResultRecorded(ONE, "resident", "sealed who", False, "sealed finding", NOW))


def test_draw_the_same_whatever_the_order() -> None:
    assert draw(reversed(CASES), 7) == draw(CASES, 7)
    assert draw(CASES, 8) != draw(CASES, 7)


def test_can_be_drawn_again_by_hand() -> None:
    tickets = {each.case_id: sha256(f"7/{each.case_id}/1/0".encode()).hexdigest() for each in CASES}
    verticals = sorted((each.case_id for each in CASES if each.tier == "vertical"), key=lambda c: tickets[c])
    mine = [each.case_id for each in draw(CASES, 7) if each.stratum == "vertical/public_appeal"]
    assert mine == verticals[::-1][:2]


cases = st.lists(
    st.builds(
        ClosedCase,
        st.uuids().map(str),
        st.just(1),
        st.sampled_from(["a", "b"]),
        st.sampled_from(["public_appeal", "key_work"]),
        st.booleans(),
        st.none() | st.integers(0, 100_000),
    ),
    unique_by=lambda each: each.case_id,
    max_size=60,
)


@given(cases, st.integers(0, 2**31 - 1))
def test_take_a_tenth_of_every_stratum_and_never_none(closed: list[ClosedCase], seed: int) -> None:
    found = draw(closed, seed)
    assert len({each.case_id for each in found}) == len(found) >= len(closed) / 10
    for stratum in {(each.tier, each.kind) for each in closed}:
        size = sum((each.tier, each.kind) == stratum for each in closed)
        assert sum(each.stratum == "/".join(stratum) for each in found) == ceil(size / 10)


def test_weigh_what_nobody_appraised_and_what_was_too_fast() -> None:
    case = CASES[0]
    assert weight(case) == 1
    assert weight(replace(case, appraised=False)) == 3
    assert weight(replace(case, seconds=600)) == 3
    assert [weight(replace(case, seconds=each)) for each in (2 * 3600 - 1, 2 * 3600)] == [3, 1]
    assert weight(replace(case, appraised=False, seconds=600)) == 5


def test_draw_heavy_cases_more_often() -> None:
    heavy = replace(CASES[1], appraised=False, seconds=60)
    pool = [heavy, *(each for each in CASES if each.tier == "department" and each != CASES[1])]
    times = sum(heavy.case_id in {each.case_id for each in draw(pool, seed)} for seed in range(300))
    light = sum(CASES[2].case_id in {each.case_id for each in draw(pool, seed)} for seed in range(300))
    assert times > 2 * light > 0


def test_are_drawn_once_when_the_period_is_over() -> None:
    nothing.when(DRAW).then(DRAWN).when(DRAW).then_nothing()
    drawn.when(replace(DRAW, seed=8)).then_refused("checks-drawn-already", seed=7)
    nothing.when(replace(DRAW, as_of=at("2026-10-30 10:00"))).then_refused("period-not-over")
    nothing.when(replace(DRAW, cases=())).then_refused("nothing-to-check")


def test_are_made_by_somebody_who_is_not_concerned() -> None:
    made = CheckAssigned(ONE, "checker-1", "burden-reduction-office")
    drawn.when(ASSIGN).then(made).when(ASSIGN).then_nothing()
    drawn.when(replace(ASSIGN, unit="water-resources")).then_refused("checker-is-concerned")
    drawn.when(replace(ASSIGN, unit="410923102")).then_refused("checker-is-concerned")
    drawn.when(replace(ASSIGN, checker="")).then_refused("check-needs-a-checker")
    drawn.when(replace(ASSIGN, check="another")).then_refused("unknown-check")
    done.when(replace(ASSIGN, checker="checker-2")).then_refused("check-is-done")


def test_say_who_was_asked_and_what_was_found() -> None:
    found = ResultRecorded(ONE, "resident", "sealed who", False, "sealed finding", NOW)
    assigned.when(FOUND).then(found).when(FOUND).then_nothing()
    assigned.when(replace(FOUND, finding="", passed=True)).then_states(ResultRecorded)
    assigned.when(replace(FOUND, finding="")).then_refused("failed-check-needs-a-finding")
    assigned.when(replace(FOUND, asked="")).then_refused("check-needs-who-was-asked")
    assigned.when(replace(FOUND, by="checker-2")).then_refused("only-the-checker-may")
    drawn.when(FOUND).then_refused("check-not-assigned")
    done.when(replace(FOUND, passed=True)).then_refused("check-is-done")


keys = st.sampled_from([ONE, DRAWN.drawn[1].case_id, "another"])
people = st.sampled_from(["checker-1", "checker-2", ""])
commands: st.SearchStrategy[spot_check.Command] = st.one_of(
    st.sampled_from([DRAW, replace(DRAW, seed=8)]),
    st.builds(
        AssignCheck, keys, people, st.just("office"), st.sampled_from([frozenset(), frozenset({"office"})])
    ),
    st.builds(
        RecordResult,
        keys,
        people,
        st.just("site"),
        st.sampled_from(["", "sealed"]),
        st.booleans(),
        st.sampled_from(["", "sealed"]),
        st.just(NOW),
    ),
)


@given(st.lists(commands, max_size=20))
def test_have_one_result_each(asked: list[spot_check.Command]) -> None:
    facts = walk(SPOT_CHECKS, asked)
    results = [each.check for each in facts if isinstance(each, ResultRecorded)]
    assert len(results) == len(set(results))
