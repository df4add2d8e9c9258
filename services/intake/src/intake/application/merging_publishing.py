"""From the facts of merged whistles to the published language."""

from collections.abc import Sequence

from contracts.events import Published
from contracts.events import intake as published
from intake.domain.whistle import Whistle, facts

MergingFact = (
    facts.IssuesAdopted | facts.WhistleMerged | facts.ConfirmationWindowNoted | facts.AdoptedIssuesJudged
)


def publish_merging(event: MergingFact, state: Whistle, case_id: str) -> Sequence[Published]:
    """What others learn; how long the window is they know from the clock."""
    match event:
        case facts.IssuesAdopted(adopted):
            issues = tuple(
                published.AdoptedIssues(
                    case_id=each.case_id, township=each.township, issue_ids=each.issue_ids
                )
                for each in adopted
            )
            return [published.IssuesAdopted(case_id=case_id, township=state.township, adopted=issues)]
        case facts.WhistleMerged(parent):
            return [published.WhistleMerged(case_id=case_id, township=state.township, parent=parent)]
        case facts.ConfirmationWindowNoted():
            return []
        case facts.AdoptedIssuesJudged(township, verdicts, ratings, comment, cycle):
            judged = published.AdoptedIssuesJudged(
                case_id=case_id,
                unit=township,
                verdicts=tuple(
                    published.IssueVerdict(issue_id=each.issue_id, verdict=each.judgement)
                    for each in verdicts
                ),
                ratings=tuple(
                    published.DepartmentRating(unit=each.unit, rating=each.rating) for each in ratings
                ),
                comment_sealed=comment,
                cycle=cycle,
            )
            return [judged]
