"""Any sequence of commands: facts replay, nothing happens twice, no issue is lost, there is one lead."""

from collections import Counter
from dataclasses import replace
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from backbone.testing import NOON, walk
from routing.application.publishing import DISPATCH, RESPONSIBILITY_LIST
from routing.application.units_publishing import SUCCESSION, UNIT
from routing.domain import dispatch, responsibility_list, succession, unit
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
    MoveAssignment,
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
    AdoptedCase,
    AppealDecided,
    AppealNoted,
    ChildAdopted,
    CycleOpened,
    DepartmentReportedIn,
    DispatchClosed,
    DispatchIssued,
    DispatchParked,
    DispatchUnparked,
    IssueResult,
    LeadConcluded,
    Mode,
    ParkingRefused,
    ProposalKind,
    WhistleMerged,
)
from routing.domain.dispatch.joining_commands import (
    Adopt,
    AskToCountersign,
    Countersign,
    JoiningPart,
    MergeInto,
)
from routing.domain.dispatch.parking_commands import Park, Unpark
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
from tests.domain.routing.test_record_dispatch import RECORD
from tests.domain.routing.test_register_unit import BUREAU, TOWN

ADOPTED = AdoptedCase("child", YUANCUN, ("well", "pump"), (POWER, FARMING))
JOINING = (JoiningPart(POWER, ("well",)), JoiningPart(FARMING, ("pump",)), JoiningPart(TRANSPORT, ()))
ParkingAnswer = ParkingRefused | DispatchUnparked
"""Whoever waits for an answer gets it."""

departments = st.sampled_from([WATER, FARMING, TRANSPORT, POWER])
issue_ids = st.sampled_from(["ditch", "fields", "road", "elsewhere"])
words = st.sampled_from(["", "sealed words", "sealed other words"])
moments = st.sampled_from([MONDAY_NIGHT, TUESDAY_MORNING])
modes: st.SearchStrategy[Mode] = st.sampled_from(get_args(Mode))
openings = st.sampled_from(
    [
        BLOCKED_DITCH,
        FLOOD,
        replace(FLOOD, dispatch_at=TUESDAY_MORNING),
        replace(FLOOD, emergency=True),
        RECORD,
    ]
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
    st.builds(Park, st.integers(1, 3), departments, moments),
    st.builds(Unpark, st.integers(1, 3), moments),
    st.builds(CloseDispatch),
    st.builds(WithdrawDispatch, st.just(YUANCUN), words, st.booleans()),
    st.builds(ConsentToWithdrawal),
    st.builds(RefuseWithdrawal, words),
    st.builds(NotAcceptWhistle, st.just("own_duty"), words),
    st.builds(NoteAppeal),
    st.builds(DecideAppeal, st.booleans(), words),
    st.builds(Adopt, st.just("child"), st.booleans(), st.just((ADOPTED,)), st.just(JOINING)),
    st.builds(MergeInto, st.sampled_from(["parent", "other parent"])),
    st.builds(
        lambda unit_code, kind, proposal: AskToCountersign(unit_code, unit_code, kind, proposal),
        departments,
        st.sampled_from(get_args(ProposalKind)),
        words,
    ),
    st.builds(
        lambda unit_code, agrees, said: Countersign(unit_code, unit_code, agrees, said),
        departments,
        st.booleans(),
        words,
    ),
    st.builds(OpenCycle, st.integers(1, 5), st.dictionaries(departments, departments, max_size=2)),
    st.builds(MoveAssignment, departments, departments),
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
            assert isinstance(fact, AppealNoted | AppealDecided | CycleOpened | ParkingAnswer), (
                "a fact after the end"
            )
        before, state = state, DISPATCH.evolve(state, fact, NOON)
        if state.assignments:
            leads = [each for each in state.assignments if each.is_lead]
            assert len(leads) == 1, "never two leads, and never none"
            units = [each.assigned.unit for each in state.assignments]
            assert len(units) == len(set(units)), "one assignment for each department"
            answered = [key for each in state.assignments for key in each.assigned.issue_ids]
            assert sorted(answered) == sorted(state.issue_ids), "no issue is lost or answered for twice"
            assert state.issue_ids[: len(before.issue_ids)] == before.issue_ids
            given_ids.update(
                {each.assigned.assignment_id for each in state.assignments}
                - {each.assigned.assignment_id for each in before.assignments}
            )
            assert max(given_ids.values()) == 1, "an assignment id is given once"
        if isinstance(fact, LeadConcluded):
            assert before.parked is None, "what is parked goes on before it is concluded"
            assert [each.issue_id for each in fact.results] == list(state.issue_ids)
            assert fact.cycle == state.cycle
        if isinstance(fact, DispatchParked):
            assert fact.number > before.parking_answered
    stated = [type(fact) for fact in facts]
    assert stated.count(DispatchIssued) <= 1
    assert stated.count(ChildAdopted) <= 1
    assert stated.count(WhistleMerged) <= 1
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
unit_commands = st.one_of(
    st.builds(
        unit.RegisterUnit,
        st.sampled_from([BUREAU, TOWN, replace(BUREAU, tier="busy"), replace(BUREAU, full_name="")]),
    ),
    st.builds(
        unit.RenameUnit,
        st.just(WATER),
        words,
        words,
        st.sampled_from([NEW_YEAR, MONDAY_NIGHT.date()]),
        words,
        st.booleans(),
    ),
)


@given(st.lists(list_commands, max_size=8))
@settings(max_examples=60, deadline=None)
def test_of_the_list_numbers_every_version_once(asked: list[responsibility_list.Command]) -> None:
    facts = walk(RESPONSIBILITY_LIST, asked)
    assert [fact.version for fact in facts] == list(range(1, len(facts) + 1))


@given(st.lists(unit_commands, max_size=8))
@settings(max_examples=60, deadline=None)
def test_of_a_unit_keeps_its_class(asked: list[unit.Command]) -> None:
    registered = [fact for fact in walk(UNIT, asked) if isinstance(fact, unit.UnitRegistered)]
    assert len({fact.entry.unit_class for fact in registered}) <= 1


heirs = st.sampled_from([WATER, FARMING, TRANSPORT, POWER, YUANCUN, "no-such-unit"])
CLASSES: dict[str, unit.UnitClass] = {
    WATER: "department",
    FARMING: "department",
    TRANSPORT: "department",
    POWER: "utility",
    YUANCUN: "township",
}
succession_commands = st.one_of(
    st.builds(
        lambda each, into: succession.MergeUnits(
            each, into, NEW_YEAR, "sealed document", CLASSES, MONDAY_NIGHT.date(), MONDAY_NIGHT
        ),
        heirs,
        heirs,
    ),
    st.builds(
        lambda each, count: succession.EndUnit(
            each, NEW_YEAR, "sealed document", CLASSES, count, MONDAY_NIGHT.date()
        ),
        heirs,
        st.integers(0, 1),
    ),
)


@given(st.lists(succession_commands, max_size=12))
@settings(max_examples=100, deadline=None)
def test_of_a_succession_ends_with_units_that_still_are(asked: list[succession.Command]) -> None:
    facts = walk(SUCCESSION, asked)
    assert len({fact.unit for fact in facts}) == len(facts), "a unit goes once"
    state = SUCCESSION.initial
    for fact in facts:
        state = SUCCESSION.evolve(state, fact, NOON)
        assert not set(state.heirs.values()) & state.gone.keys(), "no heir is gone itself"
