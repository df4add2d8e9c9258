"""问题项: the issues of a whistle, those of whistles that go on in it included, and who has judged them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Executable, func, or_, select, update

from contracts.events import intake
from gateway.projections.facts import Fact
from gateway.projections.tables import adoptions, cases, issues


def held(case_id: str) -> ColumnElement[bool]:
    """The issues a whistle raised, and those of whistles that go on in it."""
    children = select(adoptions.c.child_id).where(adoptions.c.parent_id == case_id)
    return or_(issues.c.case_id == case_id, issues.c.case_id.in_(children))


def closed_issues(fact: Fact, it: intake.WhistleClosed) -> Sequence[Executable]:
    """The verdicts of a closing; who has judged its own issues before keeps its name on them."""
    closer = select(cases.c.township).where(cases.c.case_id == fact.case_id).scalar_subquery()
    return tuple(
        update(issues)
        .where(held(fact.case_id), issues.c.issue_id == each.issue_id)
        .values(verdict=each.verdict, judged_by=func.coalesce(issues.c.judged_by, closer))
        for each in it.verdicts
    )


def judged_issues(fact: Fact, it: intake.AdoptedIssuesJudged) -> Sequence[Executable]:
    """The verdicts of a township on the issues it has raised in another whistle."""
    return (
        *(
            update(issues)
            .where(held(fact.case_id), issues.c.issue_id == each.issue_id)
            .values(verdict=each.verdict, judged_by=it.unit)
            for each in it.verdicts
        ),
        update(adoptions)
        .where(adoptions.c.parent_id == fact.case_id, adoptions.c.township == it.unit)
        .values(
            judged_at=fact.at,
            comment=fact.plain(it.comment_sealed),
            ratings=[each.model_dump() for each in it.ratings],
        ),
    )


def unjudged_issues(case_id: str) -> Sequence[Executable]:
    """A new cycle: results and verdicts were of the one before."""
    return (
        update(issues)
        .where(held(case_id))
        .values(result=None, result_details=None, verdict=None, judged_by=None),
        update(adoptions)
        .where(adoptions.c.parent_id == case_id)
        .values(judged_at=None, comment=None, ratings=[]),
    )
