"""Any sequence of commands: facts replay, nothing happens twice, no issue is lost, there is one lead."""

from collections import Counter
from dataclasses import replace
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from backbone.testing import NOON, walk
from routing.application.publishing import DISPATCH, RESPONSIBILITY_LIST, UNIT
from routing.domain import dispatch, responsibility_list, unit
from routing.domain.dispatch.commands import (
    AcceptReturn,
    Assist,
    CloseDispatch,
    Conclude,
    ConfirmDispatch,
    ConsentToWithdrawal,
    CorrectDispatch,
    DecideAppeal,
    GiveFeedback,
    IssueDispatch,
    NotAcceptWhistle,
    NoteAppeal,
    NoteReturnWindow,
    OpenCycle,
    RefuseReturn,
    RefuseWithdrawal,
    ReleaseAssignment,
    ReopenDispatch,
    ReportIn,
    ReportInAndConclude,
    RequestReturn,
    WithdrawDispatch,
)
from routing.domain.dispatch.facts import (
    AppealDecided,
    AppealNoted,
    CycleOpened,
    DepartmentReportedIn,
    DispatchClosed,
    DispatchIssued,
    IssueResult,
    LeadConcluded,
    Mode,
)
from routing.domain.dispatch.state import ENDED
from tests.domain.routing.stories import (
    BLOCKED_DITCH,
    DUTIES,
    EVERYONE,
    FARMING,
    FLOOD,
    ITEMS,
    MONDAY_NIGHT,
    NEW_YEAR,
    POWER,
    TRANSPORT,
    TUESDAY_MORNING,
    WATER,
    YUANCUN,
    a_final_dispatch,
    assigned,
)
from tests.domain.routing.test_register_unit import BUREAU, TOWN

departments = st.sampled_from([WATER, FARMING, TRANSPORT, POWER])
issue_ids = st.sampled_from(["ditch", "fields", "road", "elsewhere"])
words = st.sampled_from(["", "sealed words", "sealed other words"])
moments = st.sampled_from([MONDAY_NIGHT, TUESDAY_MORNING])
modes: st.SearchStrategy[Mode] = st.sampled_from(get_args(Mode))
openings = st.sampled_from(
    [BLOCKED_DITCH, FLOOD, replace(FLOOD, dispatch_at=TUESDAY_MORNING), replace(FLOOD, emergency=True)]
)
assists = st.lists(
    st.builds(Assist, departments, st.lists(issue_ids, max_size=2).map(tuple)), max_size=3
).map(tuple)
results = st.lists(
    st.builds(IssueResult, issue_ids, st.sampled_from(["solved", "partly"]), st.none() | words), max_size=2
).map(tuple)


@st.composite
def report_ins(draw: st.DrawFn) -> ReportIn:
    unit_code = draw(departments)
    by = draw(st.sampled_from([unit_code, unit_code, unit_code, WATER]))
    return ReportIn(unit_code, by, draw(words), draw(words), draw(modes), draw(words))


@st.composite
def conclusions(draw: st.DrawFn) -> Conclude:
    unit_code = draw(departments)
    return Conclude(unit_code, unit_code, draw(words), draw(results))


commands = st.one_of(
    openings,
    st.builds(IssueDispatch, st.sampled_from([None, DUTIES])),
    st.builds(ConfirmDispatch, words, st.booleans(), st.booleans(), words),
    st.builds(CorrectDispatch, departments, assists, st.just(EVERYONE), words, st.booleans(), words),
    report_ins(),
    st.builds(lambda unit_code, content: GiveFeedback(unit_code, unit_code, content), departments, words),
    conclusions(),
    st.builds(ReportInAndConclude, report_ins(), conclusions()),
    st.builds(NoteReturnWindow, st.just(assigned(a_final_dispatch, WATER).assignment_id), moments),
    st.builds(
        lambda unit_code, basis, owner, at: RequestReturn(unit_code, unit_code, basis, owner, EVERYONE, at),
        departments,
        words,
        departments,
        moments,
    ),
    st.builds(AcceptReturn, departments, st.just("") | departments, st.booleans(), words, st.just(EVERYONE)),
    st.builds(RefuseReturn, departments, words),
    st.builds(ReleaseAssignment, departments, st.just("township"), st.just(YUANCUN), words),
    st.builds(ReopenDispatch, st.integers(1, 4)),
    st.builds(CloseDispatch),
    st.builds(WithdrawDispatch, st.just(YUANCUN), words, st.booleans()),
    st.builds(ConsentToWithdrawal),
    st.builds(RefuseWithdrawal, words),
    st.builds(NotAcceptWhistle, st.just("own_duty"), words),
    st.builds(NoteAppeal),
    st.builds(DecideAppeal, st.booleans(), words),
    st.builds(OpenCycle, st.integers(1, 5)),
)
beginnings = st.lists(openings, min_size=1, max_size=1)


@given(beginnings, st.lists(commands, max_size=30))
@settings(max_examples=200, deadline=None)
def test_of_a_dispatch_keeps_its_promises(
    beginning: list[dispatch.Command], rest: list[dispatch.Command]
) -> None:
    facts = walk(DISPATCH, [*beginning, *rest])
    state, given_ids = DISPATCH.initial, Counter[str]()
    for fact in facts:
        if state.stage in ENDED:
            assert isinstance(fact, AppealNoted | AppealDecided | CycleOpened), "a fact after the end"
        before, state = state, DISPATCH.evolve(state, fact, NOON)
        if state.assignments:
            leads = [each for each in state.assignments if each.is_lead]
            assert len(leads) == 1, "never two leads, and never none"
            units = [each.assigned.unit for each in state.assignments]
            assert len(units) == len(set(units)), "one assignment for each department"
            answered = [key for each in state.assignments for key in each.assigned.issue_ids]
            assert sorted(answered) == sorted(state.issue_ids), "no issue is lost or answered for twice"
            assert state.issue_ids == (before.issue_ids or state.issue_ids)
            given_ids.update(
                {each.assigned.assignment_id for each in state.assignments}
                - {each.assigned.assignment_id for each in before.assignments}
            )
            assert max(given_ids.values()) == 1, "an assignment id is given once"
        if isinstance(fact, LeadConcluded):
            assert [each.issue_id for each in fact.results] == list(state.issue_ids)
            assert fact.cycle == state.cycle
    stated = [type(fact) for fact in facts]
    assert stated.count(DispatchIssued) <= 1
    assert stated.count(DispatchClosed) <= 1 + stated.count(CycleOpened)
    assert stated.count(AppealDecided) <= stated.count(AppealNoted) <= 1
    reported = Counter(fact.assignment_id for fact in facts if isinstance(fact, DepartmentReportedIn))
    assert max(reported.values(), default=0) <= 1


list_commands = st.builds(
    responsibility_list.PublishResponsibilityList,
    st.sampled_from([NEW_YEAR, MONDAY_NIGHT.date()]),
    words,
    st.lists(st.sampled_from(ITEMS), max_size=4).map(tuple),
    st.just(EVERYONE),
)
unit_commands = st.builds(
    unit.RegisterUnit,
    st.sampled_from([BUREAU, TOWN, replace(BUREAU, tier="busy"), replace(BUREAU, full_name="")]),
)


@given(st.lists(list_commands, max_size=8))
@settings(max_examples=60, deadline=None)
def test_of_the_list_numbers_every_version_once(asked: list[responsibility_list.Command]) -> None:
    facts = walk(RESPONSIBILITY_LIST, asked)
    assert [fact.version for fact in facts] == list(range(1, len(facts) + 1))


@given(st.lists(unit_commands, max_size=8))
@settings(max_examples=60, deadline=None)
def test_of_a_unit_keeps_its_class(asked: list[unit.Command]) -> None:
    facts = walk(UNIT, asked)
    assert len({fact.entry.unit_class for fact in facts}) <= 1
