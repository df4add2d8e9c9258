"""办理情形: who leads and how far it is, as routing says."""

from dataclasses import replace

from accountability.domain import handling
from accountability.domain.handling import (
    ConclusionNoted,
    DispatchNoted,
    EndNoted,
    NoteConclusion,
    NoteDispatch,
    NoteEnd,
    NoteMove,
    NoteReportIn,
    PartsNoted,
)
from backbone.testing import Scenario
from tests.domain.accountability.parking_stories import TRANSPORT, YUANCUN
from tests.domain.accountability.stories import WATER

NOTE = NoteDispatch(YUANCUN, WATER, False, frozenset({WATER, TRANSPORT}), 1, timed=True)
NOTED = DispatchNoted(YUANCUN, WATER, False, (TRANSPORT, WATER), 1, timed=True)
nothing = Scenario(handling.decide, handling.evolve, handling.INITIAL)
out = nothing.given(NOTED)


def test_notes_a_dispatch_once() -> None:
    nothing.when(NOTE).then(NOTED).when(NOTE).then_nothing()


def test_notes_the_next_cycle_and_keeps_where_handling_was_timed() -> None:
    concluded = out.when(NoteConclusion()).then(ConclusionNoted())
    again = concluded.when(replace(NOTE, cycle=2, timed=False, township="")).then_states(DispatchNoted)
    assert (again.state.cycle, again.state.timed_in, again.state.township) == (2, 1, YUANCUN)
    concluded.when(replace(NOTE, cycle=2)).then_states(DispatchNoted)


def test_notes_a_report_in_once() -> None:
    arrived = out.when(NoteReportIn()).then(PartsNoted(WATER, True, (TRANSPORT, WATER)))
    arrived.when(NoteReportIn()).then_nothing()


def test_notes_another_lead_and_its_own_report_in() -> None:
    move = NoteMove(frozenset({WATER}), frozenset(), TRANSPORT, True)
    out.when(move).then(PartsNoted(TRANSPORT, True, (TRANSPORT,))).when(move).then_nothing()


def test_keeps_the_lead_when_only_assists_move() -> None:
    move = NoteMove(frozenset({TRANSPORT}), frozenset({"power-supply"}))
    out.when(move).then(PartsNoted(WATER, False, ("power-supply", WATER)))


def test_notes_an_end_once_and_nothing_before_a_dispatch() -> None:
    out.when(NoteEnd()).then(EndNoted()).when(NoteEnd()).then_nothing()
    for command in (NoteEnd(), NoteConclusion(), NoteReportIn()):
        nothing.when(command).then_nothing()
