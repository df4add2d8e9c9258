"""Any walk over several whistles that may be merged: none is half merged, no issue is lost, one lead each."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from backbone.testing import NOON
from routing.domain import dispatch
from routing.domain.dispatch import Dispatch, Stage, decide, evolve
from routing.domain.dispatch.commands import (
    CloseDispatch,
    Conclude,
    OpenDispatch,
    ReopenDispatch,
    ReportIn,
    WithdrawDispatch,
)
from routing.domain.dispatch.facts import Issue
from routing.domain.dispatch.joining_commands import MergeInto
from routing.domain.dispatch.merging import adoption_of, in_order
from routing.domain.refusals import Refused
from tests.domain.routing.stories import BLOCKED_DITCH, FARMING, POWER, TRANSPORT, WATER

CASES = ("first", "second", "third")
ISSUES = {
    "first": (Issue("ditch", "SL-01"),),
    "second": (Issue("transformer", "DL-01"), Issue("road")),
    "third": (Issue("fields", "NY-01"),),
}
TOWNSHIPS = {"first": "410923101", "second": "410923102", "third": "410923102"}
County = dict[str, Dispatch]


def opening(number: int, case: str) -> OpenDispatch:
    """The n-th whistle, an hour after the one before it."""
    return replace(
        BLOCKED_DITCH,
        case_id=case,
        township=TOWNSHIPS[case],
        issues=ISSUES[case],
        departments=(FARMING, TRANSPORT),
        signed_at=NOON + timedelta(hours=number),
    )


def beginning() -> County:
    """Three whistles that are out."""
    county = dict.fromkeys(CASES, dispatch.INITIAL)
    for number, case in enumerate(CASES):
        county = asked(county, case, opening(number, case))
    return county


def asked(county: County, case: str, command: dispatch.Command) -> County:
    """The county after a command on one whistle, refused or not."""
    try:
        events = decide(command, county[case])
    except Refused:
        return county
    return county | {case: after(county[case], events)}


def merged(county: County, one: str, other: str) -> County:
    """The county after merging: both sides or neither, as one append stores them."""
    try:
        parent, child = in_order(county[one], county[other])
        adopted = decide(adoption_of(child), parent)
        joined = decide(MergeInto(parent.case_id), child)
    except Refused:
        return county
    assert bool(adopted) == bool(joined), "half merged"
    return county | {
        parent.case_id: after(parent, adopted),
        child.case_id: after(child, joined),
    }


def after(state: Dispatch, events: list[dispatch.Event]) -> Dispatch:
    for event in events:
        state = evolve(state, event, NOON)
    return state


cases = st.sampled_from(CASES)
units = st.sampled_from([WATER, FARMING, TRANSPORT, POWER])
commands = st.one_of(
    st.builds(lambda unit: ReportIn(unit, unit, "sealed", "sealed", "on_site"), units),
    st.builds(lambda unit: Conclude(unit, unit, "sealed"), units),
    st.builds(ReopenDispatch, st.integers(2, 3)),
    st.builds(CloseDispatch),
    st.builds(lambda case: WithdrawDispatch(TOWNSHIPS[case], "sealed"), cases),
)
steps = st.lists(
    st.one_of(st.tuples(st.just("merge"), cases, cases), st.tuples(st.just("ask"), cases, commands)),
    max_size=25,
)


@given(steps)
@settings(max_examples=300, deadline=None)
def test_of_several_whistles_keeps_its_promises(walk: list[tuple[str, str, object]]) -> None:
    county = beginning()
    for kind, case, rest in walk:
        before = county
        if kind == "merge":
            assert isinstance(rest, str)
            county = merged(county, case, rest)
        else:
            county = asked(county, case, rest)  # type: ignore[arg-type]
        for name in CASES:
            if before[name].stage is Stage.MERGED:
                assert county[name] == before[name], "a fact on a whistle that was merged"
        holds_together(county)


def holds_together(county: County) -> None:
    """What is true of the whistles at any time."""
    going_on = {name: each for name, each in county.items() if each.stage is not Stage.MERGED}
    answered: list[str] = []
    for each in going_on.values():
        assert sum(part.is_lead for part in each.assignments) == 1, "one lead on each whistle"
        mine = [key for part in each.assignments for key in part.assigned.issue_ids]
        assert sorted(mine) == sorted(each.issue_ids), "no issue is lost or answered for twice"
        answered += mine
    assert sorted(answered) == sorted(issue.issue_id for case in CASES for issue in ISSUES[case])
    for name, each in county.items():
        if each.stage is Stage.MERGED:
            assert each.merged_into is not None
            assert name in {child.case_id for child in county[each.merged_into].adopted}
            roots = [root for root, it in going_on.items() if name in {c.case_id for c in it.adopted}]
            assert len(roots) == 1, "it goes on in exactly one whistle"
            assert county[roots[0]].signed_at < each.signed_at
