"""并哨: a merged whistle rests; who raised its issues judges them in the parent (W13)."""

from typing import Final

from intake.domain.refusals import require
from intake.domain.whistle.facts import (
    AdoptedIssues,
    AdoptedIssuesJudged,
    ConfirmationWindowNoted,
    DepartmentRating,
    Event,
    IssueJudgement,
    IssuesAdopted,
    WhistleMerged,
)
from intake.domain.whistle.merging_commands import JudgeAdoptedIssues, NoteConfirmationWindow
from intake.domain.whistle.state import Stage, Whistle

_OUT: Final = (Stage.SIGNED, Stage.DISPATCHED, Stage.HANDLING, Stage.AWAITING_CONFIRMATION)


def note_adoption(adopted: tuple[AdoptedIssues, ...], whistle: Whistle) -> list[Event]:
    """The desk has decided."""
    if not _is_out(whistle):
        return []
    known = {each.case_id for each in whistle.adopted}
    new = tuple(each for each in adopted if each.case_id not in known)
    return [IssuesAdopted(new)] if new else []


def note_merger(parent: str, whistle: Whistle) -> list[Event]:
    """The desk has decided; an emergency may not even be signed yet."""
    return [WhistleMerged(parent)] if _is_out(whistle) else []


def note_window(command: NoteConfirmationWindow, whistle: Whistle) -> list[Event]:
    """Only of use where another township has a say."""
    noted = ConfirmationWindowNoted(command.cycle or whistle.cycle, command.until)
    of_use = bool(whistle.adopted) and whistle.stage is not Stage.MERGED
    return [noted] if of_use and whistle.confirmation != noted else []


def judge(command: JudgeAdoptedIssues, whistle: Whistle) -> list[Event]:
    """From the conclusion until the parent is closed, and in any case as long as C7 would have run."""
    mine = [each for each in whistle.adopted if each.township == command.unit]
    require(bool(mine), "unknown-case")
    require(command.unit != whistle.township, "judged-by-closing-out")
    issue_ids = [issue_id for each in mine for issue_id in each.issue_ids]
    judged = AdoptedIssuesJudged(
        command.unit,
        _verdicts(command.verdicts, issue_ids, whistle),
        _ratings(command.ratings, mine, whistle),
        command.comment,
        whistle.cycle,
    )
    before = next((each for each in whistle.judged if each.township == command.unit), None)
    if before is not None:
        # The comment is sealed afresh each time, so a repeat is known by the rest.
        same = (before.verdicts, before.ratings) == (judged.verdicts, judged.ratings)
        require(same, "adopted-issues-judged-already")
        return []
    require(whistle.stage is not Stage.MERGED, "whistle-merged")
    awaited = whistle.stage is Stage.AWAITING_CONFIRMATION
    require(awaited or whistle.stage is Stage.CLOSED, "not-awaiting-confirmation")
    window = whistle.confirmation
    over = (
        window is not None
        and window.cycle == whistle.cycle
        and command.at.replace(microsecond=0) > window.until
    )
    require(awaited or not over, "confirmation-window-over")
    require({each.issue_id for each in command.verdicts} <= set(issue_ids), "issue-not-in-this-whistle")
    rateable = {each.unit for each in judged.ratings}
    require({each.unit for each in command.ratings} <= rateable, "department-not-dispatched")
    return [judged]


def judged_issues(whistle: Whistle) -> frozenset[str]:
    """Issues that their own townships have judged in this cycle: nobody judges them in their place."""
    return frozenset(each.issue_id for judged in whistle.judged for each in judged.verdicts)


def _is_out(whistle: Whistle) -> bool:
    raised_first = whistle.emergency and whistle.stage is Stage.AWAITING_SIGNATURE
    return raised_first or whistle.stage in _OUT


def _verdicts(
    named: tuple[IssueJudgement, ...], issue_ids: list[str], whistle: Whistle
) -> tuple[IssueJudgement, ...]:
    known = {each.issue_id: each for each in (*whistle.results, *named)}
    return tuple(known.get(each, IssueJudgement(each, "solved")) for each in issue_ids)


def _ratings(
    named: tuple[DepartmentRating, ...], mine: list[AdoptedIssues], whistle: Whistle
) -> tuple[DepartmentRating, ...]:
    """The departments that came for its issues and are still there; all of them if none is."""
    came = {unit for each in mine for unit in each.departments}
    rated = {each.unit: each for each in named}
    here = [unit for unit in whistle.departments if unit in came] or list(whistle.departments)
    return tuple(rated.get(unit, DepartmentRating(unit, "satisfied")) for unit in here)
