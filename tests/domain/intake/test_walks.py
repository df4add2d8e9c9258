"""Any sequence of commands: facts replay to the same state, and nothing happens twice or out of turn."""

from hypothesis import given, settings
from hypothesis import strategies as st

from backbone.testing import NOON, walk
from intake.application.grid_publishing import GRID_REPORT
from intake.application.publishing import LETTER, WHISTLE
from intake.domain import grid_report, letter, whistle
from intake.domain.letter import commands as letter_command
from intake.domain.letter import facts as letter_facts
from intake.domain.whistle.commands import (
    AppealWhistle,
    AwaitConfirmation,
    CloseOut,
    CloseUnappraised,
    DiscardWhistle,
    DraftWhistle,
    NoteAppealDecision,
    NoteDispatch,
    NoteFailedCheck,
    NoteHandling,
    NoteNotAccepted,
    NoteWithdrawal,
    RaiseAgain,
    RaiseWhistle,
    ReviseDraft,
    Rework,
    SendBackWhistle,
    SignWhistle,
    SubmitWhistle,
    WithdrawWhistle,
)
from intake.domain.whistle.facts import (
    AdoptedIssues,
    AdoptedIssuesJudged,
    AppealAnswered,
    ConfirmationWindowNoted,
    DepartmentRating,
    IssueJudgement,
    IssuesAdopted,
    WhistleAppealed,
    WhistleAwaitingConfirmation,
    WhistleClosed,
    WhistleDispatched,
    WhistleDrafted,
    WhistleHandling,
    WhistleMerged,
    WhistleRaised,
    WhistleRaisedAgain,
    WhistleRecorded,
    WhistleReworked,
    WhistleSentBack,
    WhistleSigned,
)
from intake.domain.whistle.merging_commands import (
    JudgeAdoptedIssues,
    NoteAdoption,
    NoteConfirmationWindow,
    NoteMerger,
)
from tests.domain.intake.stories import (
    AT_ONCE,
    FARMING,
    FIELDS_PARTLY,
    FIREWORKS,
    FLOOD,
    HANZHANG,
    IN_THE_MORNING,
    MORNING,
    NUMBER,
    POTHOLE,
    PUDDLE,
    TRANSPORT,
    WATER,
    YUANCUN,
)
from tests.domain.intake.test_record_letter import RECORD
from tests.domain.intake.test_record_whistle import RECORD as RECORD_WHISTLE

ROAD = AdoptedIssues("child", HANZHANG, ("road",), (TRANSPORT,))
OWN = AdoptedIssues("own", YUANCUN, ("well",), ())
ROAD_SOLVED = IssueJudgement("road", "solved")
units = st.sampled_from([YUANCUN, YUANCUN, YUANCUN, HANZHANG])
contents = st.sampled_from([FLOOD, FIREWORKS])
signatures = st.sampled_from([AT_ONCE, IN_THE_MORNING])
cycles = st.integers(1, 3)
departments = st.lists(st.sampled_from([WATER, FARMING, TRANSPORT]), unique=True, max_size=3).map(tuple)
words = st.sampled_from(["", "sealed words"])
verdicts = st.sampled_from([(), (FIELDS_PARTLY,)])
ratings = st.sampled_from([(), (DepartmentRating(WATER, "dissatisfied"),)])
matters = st.sampled_from(["ordinary", "ordinary", "ordinary", "petition"])
numbers = st.just(NUMBER)

BESIDE = (
    WhistleSigned,
    WhistleDispatched,
    IssuesAdopted,
    AdoptedIssuesJudged,
    ConfirmationWindowNoted,
)
"""Facts that leave the whistle where it is on its way."""
whistle_commands = st.one_of(
    st.builds(DraftWhistle, units, matters, contents),
    st.builds(ReviseDraft, units, matters, contents),
    st.builds(DiscardWhistle, units),
    st.builds(RaiseWhistle, units, matters, contents, numbers, st.none() | signatures),
    st.builds(SubmitWhistle, units, numbers, st.none() | signatures),
    st.builds(SendBackWhistle, units, words),
    st.builds(SignWhistle, units, signatures),
    st.builds(NoteDispatch, departments, departments),
    st.builds(NoteHandling),
    st.builds(AwaitConfirmation, verdicts, cycles),
    st.builds(CloseOut, units, verdicts, ratings),
    st.builds(CloseUnappraised, cycles),
    st.builds(Rework, units, words),
    st.builds(WithdrawWhistle, units, words),
    st.builds(NoteWithdrawal),
    st.builds(NoteNotAccepted),
    st.builds(AppealWhistle, units, words),
    st.builds(NoteAppealDecision, st.booleans(), cycles),
    st.builds(NoteAdoption, st.sampled_from([(), (ROAD,), (ROAD, OWN)]), departments),
    st.builds(NoteMerger, st.just("parent")),
    st.builds(NoteConfirmationWindow, st.none() | cycles, st.sampled_from([MORNING, NOON])),
    st.builds(
        JudgeAdoptedIssues,
        units,
        st.sampled_from([(), (ROAD_SOLVED,), (IssueJudgement("road", "unsolved"),)]),
        st.just(()),
        st.none() | words,
        st.just(NOON),
    ),
    st.builds(RaiseAgain, units, words, st.booleans(), st.integers(0, 400), st.just(NOON)),
    st.just(RECORD_WHISTLE),
    st.builds(NoteFailedCheck, st.just("burden-reduction-office"), words, st.none() | cycles),
)
a_recorded_way: list[whistle.Command] = [
    RECORD_WHISTLE,
    RaiseAgain(YUANCUN, "sealed words", True, 30, NOON),
]
a_good_way: list[whistle.Command] = [
    RaiseWhistle(YUANCUN, "ordinary", FLOOD, NUMBER),
    SignWhistle(YUANCUN, AT_ONCE),
    NoteDispatch((WATER, FARMING)),
    NoteHandling(),
    AwaitConfirmation((), cycle=1),
]
"""Random commands alone seldom get far: many walks begin somewhere along this way."""


def commands_along_the_way() -> st.SearchStrategy[list[whistle.Command]]:
    good = st.integers(0, len(a_good_way)).map(lambda steps: a_good_way[:steps])
    beginnings = good | st.integers(1, 2).map(lambda steps: a_recorded_way[:steps])
    return st.tuples(beginnings, st.lists(whistle_commands, max_size=25)).map(
        lambda both: [*both[0], *both[1]]
    )


@given(commands_along_the_way())
@settings(max_examples=150, deadline=None)
def test_of_a_whistle_keeps_its_promises(commands: list[whistle.Command]) -> None:
    facts = walk(WHISTLE, commands)
    stated = [type(fact) for fact in facts]
    assert stated.count(WhistleSigned) <= 1
    assert stated.count(WhistleClosed) <= 1 + stated.count(WhistleRaisedAgain)
    assert stated.count(WhistleAppealed) <= 1
    assert {fact.number for fact in facts if isinstance(fact, WhistleRaised)} <= {NUMBER}
    assert stated.count(WhistleMerged) <= 1
    emergency, cycle, issues = False, 1, {"ditch", "fields"}
    judged_elsewhere: set[str] = set()
    for place, fact in enumerate(facts):
        before = stated[:place]
        match fact:
            case WhistleRaised():
                emergency = fact.emergency
                assert before[-1] in (WhistleDrafted, WhistleSentBack)
            case WhistleSigned():
                assert WhistleRaised in before
                assert not (emergency and fact.dispatch_at)
            case WhistleRecorded():
                assert before == []
            case WhistleDispatched():
                assert WhistleSigned in before or emergency or stated[0] is WhistleRecorded
            case IssuesAdopted():
                issues = issues | {key for each in fact.adopted for key in each.issue_ids}
            case AdoptedIssuesJudged():
                assert fact.township == HANZHANG, "the parent's own township judges by closing out"
                assert {each.issue_id for each in fact.verdicts} == {"road"}
                assert fact.cycle == cycle
                judged_elsewhere = {"road"}
            case WhistleMerged():
                assert set(stated[place + 1 :]) <= {WhistleSigned}
            case WhistleHandling():
                assert WhistleDispatched in before or stated[0] is WhistleRecorded
            case WhistleAwaitingConfirmation():
                assert {each.issue_id for each in fact.results} == issues
                assert fact.cycle == cycle
            case WhistleReworked() | WhistleRaisedAgain():
                assert fact.cycle == cycle + 1
                cycle, judged_elsewhere = fact.cycle, set()
            case AppealAnswered():
                assert before.count(WhistleAppealed) == 1
                cycle = fact.cycle if fact.granted else cycle
            case WhistleClosed():
                # Never without the lead's conclusion; and every issue is judged, or none was asked.
                moves = [each for each in before if each not in BESIDE]
                assert moves[-1] is WhistleAwaitingConfirmation
                judged = {each.issue_id for each in fact.verdicts}
                assert judged == (issues - judged_elsewhere if fact.appraised else set())
                later = [each for each in stated[place + 1 :] if each not in BESIDE]
                assert later[:1] in ([], [WhistleRaisedAgain])
            case _:
                pass


letter_commands = st.one_of(
    st.builds(letter_command.SubmitLetter, st.just(POTHOLE)),
    st.builds(letter_command.RespondToLetter, words, st.booleans(), st.booleans()),
    st.builds(letter_command.ReleaseLetter, units, words),
    st.builds(letter_command.HandOverLetter, units, words),
    st.builds(letter_command.ReportOnLetter, units, words),
    st.builds(letter_command.ResolveLetter, words),
    st.builds(letter_command.NotAcceptLetter, words),
    st.builds(letter_command.ReferLetterUp, words, words),
    st.builds(letter_command.AppraiseLetter, st.booleans(), st.sampled_from(["satisfied", "basically"])),
    st.builds(letter_command.PromoteLetter, st.sampled_from(["one", "other"])),
    st.builds(letter_command.TryCode, st.just(True), st.just(NOON)),
    st.builds(letter_command.NoteDispute, st.sampled_from(["one", "other"])),
    st.builds(letter_command.MoveLetter, units, units),
    st.just(RECORD),
)


@given(st.lists(letter_commands, max_size=14).map(lambda rest: [letter_command.SubmitLetter(POTHOLE), *rest]))
@settings(max_examples=150, deadline=None)
def test_of_a_letter_keeps_its_promises(commands: list[letter.Command]) -> None:
    facts = walk(LETTER, commands)
    stated = [type(fact) for fact in facts]
    assert stated[0] is letter_facts.LetterSubmitted
    assert stated.count(letter_facts.LetterSubmitted) == 1
    endings = (
        letter_facts.LetterResolved,
        letter_facts.LetterNotAccepted,
        letter_facts.LetterReferredUp,
    )
    ends = [place for place, each in enumerate(stated) if each in endings]
    assert len(ends) <= 1
    if ends:
        # Nothing comes after the ending but the writer's word and a dispute that cites it.
        assert set(stated[ends[0] + 1 :]) <= {letter_facts.LetterAppraised, letter_facts.LetterDisputed}
    if letter_facts.LetterResolved in stated:
        assert letter_facts.LetterResponded in stated
    for once in (letter_facts.LetterAppraised, letter_facts.LetterPromoted, letter_facts.LetterDisputed):
        assert stated.count(once) <= 1
    if letter_facts.LetterAppraised in stated:
        assert ends
    for place, fact in enumerate(facts):
        before = facts[:place]
        if isinstance(fact, letter_facts.LetterHandedOver):
            # No unit ever gets a letter without the office's redaction of it.
            assert any(
                isinstance(each, letter_facts.LetterReleased) and each.unit == fact.unit for each in before
            )
        if isinstance(fact, letter_facts.LetterReportedOn):
            moved = (each for each in before if isinstance(each, letter_facts.LetterMoved))
            assert letter_facts.LetterHandedOver(fact.unit) in before or fact.unit in (it.to for it in moved)


report_commands = st.one_of(
    st.builds(grid_report.FileGridReport, st.just(PUDDLE), st.just("ordinary")),
    st.builds(grid_report.CloseGridReport, units, st.sampled_from(["grid", "township"]), words),
    st.builds(grid_report.RouteAwayGridReport, units, st.sampled_from(["ordinary", "service"])),
    st.builds(grid_report.PromoteGridReport, units, st.sampled_from(["one", "other"])),
    st.builds(grid_report.ReplyToReporter, units, words),
    st.builds(
        grid_report.TellOutcome,
        st.sampled_from(["one", "other"]),
        st.sampled_from(["closed", "withdrawn", "not_accepted"]),
        st.integers(1, 2),
        st.just("sealed outcome"),
    ),
)


@given(st.lists(report_commands, max_size=10).map(lambda rest: [grid_report.FileGridReport(PUDDLE), *rest]))
@settings(max_examples=100, deadline=None)
def test_of_a_grid_report_keeps_its_promises(commands: list[grid_report.Command]) -> None:
    facts = walk(GRID_REPORT, commands)
    stated = [type(fact) for fact in facts]
    assert stated[0] is grid_report.GridReportFiled
    assert stated.count(grid_report.GridReportFiled) == 1
    ends = (
        grid_report.GridReportClosed,
        grid_report.GridReportRoutedAway,
        grid_report.GridReportPromoted,
    )
    assert sum(stated.count(each) for each in ends) <= 1
    for fact in facts:
        if isinstance(fact, grid_report.GridReportClosed | grid_report.ReporterAnswered):
            assert fact.reply
    told = [
        (fact.outcome, fact.cycle)
        for fact in facts
        if isinstance(fact, grid_report.ReporterAnswered) and fact.outcome is not None
    ]
    assert len(told) == len(set(told))
    assert not told or grid_report.GridReportPromoted in stated
