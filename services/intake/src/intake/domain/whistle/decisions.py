"""哨单裁量: what a command makes of a whistle: facts, nothing, or a refusal."""

from typing import assert_never

from intake.domain.refusals import Refused, require
from intake.domain.whistle import endings, merging, recording
from intake.domain.whistle.commands import (
    AppealWhistle,
    AwaitConfirmation,
    CloseOut,
    CloseUnappraised,
    Command,
    DiscardWhistle,
    DraftWhistle,
    Matter,
    NoteAppealDecision,
    NoteDispatch,
    NoteFailedCheck,
    NoteHandling,
    NoteNotAccepted,
    NoteWithdrawal,
    RaiseAgain,
    RaiseWhistle,
    RecordWhistle,
    ReviseDraft,
    Rework,
    SendBackWhistle,
    Signature,
    SignWhistle,
    SubmitWhistle,
    WithdrawWhistle,
)
from intake.domain.whistle.facts import (
    Content,
    DepartmentRating,
    Event,
    IssueJudgement,
    WhistleAwaitingConfirmation,
    WhistleClosed,
    WhistleDiscarded,
    WhistleDispatched,
    WhistleDrafted,
    WhistleHandling,
    WhistleRaised,
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
from intake.domain.whistle.state import Stage, Whistle

_OUT = (Stage.DISPATCHED, Stage.HANDLING, Stage.AWAITING_CONFIRMATION)


def decide(command: Command, whistle: Whistle) -> list[Event]:
    """The facts that follow from a command; raises ``Refused`` with nothing changed."""
    match command:
        case DraftWhistle(unit, matter, content):
            _admit(matter)
            if whistle.content == content:
                return []
            require(whistle.stage is Stage.NONE, "draft-exists")
            return [WhistleDrafted(unit, content)]
        case ReviseDraft(unit, matter, content):
            require_own(unit, whistle)
            _admit(matter)
            if whistle.content == content:
                return []
            require(whistle.stage is Stage.DRAFT, "not-a-draft")
            return [WhistleDrafted(unit, content)]
        case DiscardWhistle(unit):
            require_own(unit, whistle)
            if whistle.stage is Stage.DISCARDED:
                return []
            require(whistle.stage is Stage.DRAFT, "not-a-draft")
            return [WhistleDiscarded()]
        case RaiseWhistle(unit, matter, content, number, signature):
            _admit(matter)
            if whistle.content == content:
                return []
            require(whistle.stage is Stage.NONE, "already-raised")
            return [WhistleDrafted(unit, content), *_raise(content, number, signature)]
        case SubmitWhistle(unit, number, signature):
            require_own(unit, whistle)
            require(whistle.stage is not Stage.DISCARDED, "draft-was-discarded")
            if whistle.stage is not Stage.DRAFT or whistle.content is None:
                return []
            return _raise(whistle.content, whistle.number or number, signature)
        case SendBackWhistle(unit, reason):
            require_own(unit, whistle)
            if whistle.stage in (Stage.DRAFT, Stage.DISCARDED):
                return []
            endings.require_not_withdrawn(whistle)
            require(not whistle.emergency, "emergency-is-out")
            require(not whistle.signed, "already-signed")
            require(reason != "", "send-back-needs-a-reason")
            return [WhistleSentBack(reason)]
        case SignWhistle(unit, signature):
            require_own(unit, whistle)
            if whistle.signed:
                return []
            endings.require_not_withdrawn(whistle)
            require(whistle.stage not in (Stage.DRAFT, Stage.DISCARDED), "not-submitted")
            return [_sign(signature, whistle.emergency)]
        case NoteDispatch(joined, left):
            return _note_dispatch(joined, left, whistle)
        case NoteHandling():
            return [WhistleHandling()] if whistle.stage is Stage.DISPATCHED else []
        case AwaitConfirmation(results, cycle):
            if whistle.stage not in (Stage.DISPATCHED, Stage.HANDLING) or cycle != whistle.cycle:
                return []
            return [WhistleAwaitingConfirmation(_for_every_issue(results, whistle), cycle)]
        case CloseOut(unit, verdicts, ratings, comment):
            require_own(unit, whistle)
            return _close_out(verdicts, ratings, comment, whistle)
        case CloseUnappraised(cycle):
            if whistle.stage is not Stage.AWAITING_CONFIRMATION or cycle != whistle.cycle:
                return []
            return [WhistleClosed(False, (), (), None, cycle)]
        case Rework(unit, reason):
            require_own(unit, whistle)
            if whistle.stage is Stage.HANDLING and whistle.cycle > 1:
                return []
            _awaited(whistle)
            require(reason != "", "rework-needs-a-reason")
            return [WhistleReworked(reason, whistle.cycle + 1)]
        case WithdrawWhistle(unit, reason):
            require_own(unit, whistle)
            return endings.withdraw(reason, whistle)
        case NoteWithdrawal():
            return endings.note_withdrawal(whistle)
        case NoteNotAccepted():
            return endings.note_not_accepted(whistle)
        case AppealWhistle(unit, reason):
            require_own(unit, whistle)
            return endings.appeal(reason, whistle)
        case NoteAppealDecision(granted, cycle):
            return endings.note_appeal_decision(granted, cycle, whistle)
        case RaiseAgain(unit, _, by_office):
            if not by_office:
                require_own(unit, whistle)
            return endings.raise_again(command, whistle)
        case NoteAdoption(adopted, joined):
            return [*merging.note_adoption(adopted, whistle), *_note_dispatch(joined, (), whistle)]
        case NoteMerger(parent):
            return merging.note_merger(parent, whistle)
        case NoteConfirmationWindow():
            return merging.note_window(command, whistle)
        case JudgeAdoptedIssues():
            return merging.judge(command, whistle)
        case NoteFailedCheck():
            return endings.note_failed_check(command, whistle)
        case RecordWhistle():
            return recording.record(command, whistle)
        case _:
            assert_never(command)


def require_own(unit: str, whistle: Whistle) -> None:
    """Another township's whistle is, to this one, no whistle at all."""
    require(whistle.stage is not Stage.NONE and whistle.township == unit, "unknown-case")


def _admit(matter: Matter) -> None:
    require(matter != "emergency_line", "belongs-to-the-emergency-line")
    require(matter != "litigation", "belongs-to-the-court")
    require(matter != "petition", "belongs-to-the-petition-office")
    require(matter != "discipline", "belongs-to-the-discipline-body")
    require(matter != "secret", "secret-is-not-admitted")


def _raise(content: Content, number: str, signature: Signature | None) -> list[Event]:
    recording.require_complete(content)
    emergency = content.kind == "emergency"
    raised: list[Event] = [WhistleRaised(number, emergency)]
    if signature is not None:
        raised.append(_sign(signature, emergency))
    return raised


def _sign(signature: Signature, emergency: bool) -> WhistleSigned:
    """An emergency never waits for the opening hour."""
    return WhistleSigned(signature.signed_by, None if emergency else signature.dispatch_at)


def _note_dispatch(joined: tuple[str, ...], left: tuple[str, ...], whistle: Whistle) -> list[Event]:
    raised_first = whistle.emergency and whistle.stage is Stage.AWAITING_SIGNATURE
    if not (raised_first or whistle.stage is Stage.SIGNED or whistle.stage in _OUT):
        return []
    kept = tuple(unit for unit in whistle.departments if unit not in left or unit in joined)
    departments = tuple(dict.fromkeys((*kept, *joined)))
    if departments == whistle.departments:
        return []
    return [WhistleDispatched(departments)]


def _close_out(
    verdicts: tuple[IssueJudgement, ...],
    ratings: tuple[DepartmentRating, ...],
    comment: str | None,
    whistle: Whistle,
) -> list[Event]:
    rated = {each.unit: each for each in ratings}
    judged = merging.judged_issues(whistle)
    verdicts_of_all = _for_every_issue((*whistle.results, *verdicts), whistle)
    closing = WhistleClosed(
        appraised=True,
        verdicts=tuple(each for each in verdicts_of_all if each.issue_id not in judged),
        ratings=tuple(rated.get(unit, DepartmentRating(unit, "satisfied")) for unit in whistle.departments),
        comment=comment,
        cycle=whistle.cycle,
    )
    if closing == whistle.closing:
        return []
    _awaited(whistle)
    named = {each.issue_id for each in verdicts}
    require(named <= set(_issue_ids(whistle)), "issue-not-in-this-whistle")
    require(named.isdisjoint(judged), "issue-judged-by-its-township")
    require(rated.keys() <= set(whistle.departments), "department-not-dispatched")
    return [closing]


def _awaited(whistle: Whistle) -> None:
    require(whistle.stage is not Stage.MERGED, "whistle-merged")
    if whistle.closing is not None:
        raise Refused("whistle-already-closed" if whistle.closing.appraised else "closed-unappraised")
    require(whistle.stage is Stage.AWAITING_CONFIRMATION, "not-awaiting-confirmation")


def _issue_ids(whistle: Whistle) -> tuple[str, ...]:
    own = whistle.content.issues if whistle.content is not None else ()
    adopted = (issue_id for each in whistle.adopted for issue_id in each.issue_ids)
    return (*(issue.issue_id for issue in own), *adopted)


def _for_every_issue(named: tuple[IssueJudgement, ...], whistle: Whistle) -> tuple[IssueJudgement, ...]:
    """A judgement for each issue of the whistle: the last one named, else solved."""
    known = {each.issue_id: each for each in named}
    return tuple(known.get(each, IssueJudgement(each, "solved")) for each in _issue_ids(whistle))
