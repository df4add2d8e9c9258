"""Merged whistles at intake: it follows routing, and each township judges what it raised."""

from datetime import datetime, timedelta

from contracts.events import accountability, intake, routing
from intake.application.publishing import WHISTLE
from intake.domain.whistle import Stage
from tests.component.intake.service import (
    CLERK,
    FLOOD,
    HANZHANG,
    LEADER,
    LIAISON,
    STRANGER,
    SUPERVISOR,
    WATER,
    YUANCUN,
    Desk,
)
from tests.component.intake.test_confirming import assigned, issued, lead_concluded, reported_in

POWER = "power-supply"
ROAD = "road-of-the-child"
JUDGE = "judge-adopted-issues"


async def merged(desk: Desk) -> tuple[str, str]:
    """(parent, child): 韩张镇's whistle went into 元村镇's, whose lead has concluded."""
    parent = await desk.done(LEADER, "/whistles", FLOOD)
    child = await desk.done(STRANGER, "/whistles", FLOOD)
    await desk.tell(issued(parent), "routing", 1)
    await desk.tell(issued(child).model_copy(update={"township": HANZHANG}), "routing", 2)
    adopted = routing.AdoptedCase(
        case_id=child, township=HANZHANG, issue_ids=(ROAD,), departments=(POWER, WATER)
    )
    adoption = routing.ChildAdopted(
        case_id=parent,
        township=YUANCUN,
        child=child,
        adopted=(adopted,),
        issued=(assigned(POWER),),
        changed=(),
        emergency=False,
        complex=False,
        cycle=1,
    )
    gone = routing.WhistleMerged(case_id=child, township=HANZHANG, parent=parent)
    for seq, fact in enumerate((adoption, gone, adoption, gone), start=3):
        await desk.tell(fact, "routing", seq)
    await desk.tell(reported_in(parent, WATER, "lead"), "routing", 7)
    results = (routing.IssueResult(issue_id=ROAD, result="partly", details_sealed="sealed"),)
    await desk.tell(lead_concluded(parent, results=results), "routing", 8)
    return parent, child


async def test_the_parent_adopts_once_and_the_child_rests(desk: Desk) -> None:
    parent, child = await merged(desk)
    told = [each for each in await desk.published() if isinstance(each, intake.IssuesAdopted)]
    assert [(each.case_id, [a.case_id for a in each.adopted]) for each in told] == [(parent, [child])]
    rests = [each for each in await desk.published(child) if isinstance(each, intake.WhistleMerged)]
    assert rests == [intake.WhistleMerged(case_id=child, township=HANZHANG, parent=parent)]
    state = WHISTLE.fold(await desk.store.load(WHISTLE.stream(child)))
    assert state.stage is Stage.MERGED
    assert await desk.refused(STRANGER, f"/whistles/{child}/close-out") == (422, "whistle-merged")


async def test_the_childs_township_judges_its_issues_with_one_tap(desk: Desk) -> None:
    parent, _ = await merged(desk)
    await desk.done(STRANGER, f"/whistles/{parent}/{JUDGE}", {"comment": "王某家门前还差一段"})
    judged = (await desk.published(parent))[-1]
    assert isinstance(judged, intake.AdoptedIssuesJudged)
    assert (judged.unit, judged.cycle) == (HANZHANG, 1)
    assert judged.verdicts == (intake.IssueVerdict(issue_id=ROAD, verdict="partly"),)
    assert [each.unit for each in judged.ratings] == [WATER, POWER]
    assert judged.comment_sealed is not None
    assert await desk.read(judged.comment_sealed) == "王某家门前还差一段"
    assert "王某" not in await desk.everything_kept()
    in_its_place = {"verdicts": [{"issue_id": ROAD, "verdict": "solved"}]}
    close = f"/whistles/{parent}/close-out"
    assert await desk.refused(CLERK, close, in_its_place) == (422, "issue-judged-by-its-township")
    await desk.done(CLERK, close)
    closed = (await desk.published(parent))[-1]
    assert isinstance(closed, intake.WhistleClosed)
    assert ROAD not in {each.issue_id for each in closed.verdicts}


async def test_an_early_closing_leaves_the_other_township_its_time(desk: Desk) -> None:
    parent, _ = await merged(desk)
    now = await desk.store.now()
    await desk.tell(window(parent, now + timedelta(days=3)), "accountability", 1)
    await desk.done(CLERK, f"/whistles/{parent}/close-out")
    await desk.done(STRANGER, f"/whistles/{parent}/{JUDGE}")
    other, _ = await merged(desk)
    await desk.tell(window(other, now - timedelta(seconds=1)), "accountability", 2)
    await desk.done(CLERK, f"/whistles/{other}/close-out")
    late = await desk.refused(STRANGER, f"/whistles/{other}/{JUDGE}")
    assert late == (422, "confirmation-window-over")


def window(case: str, due: datetime) -> accountability.ClockStarted:
    return accountability.ClockStarted(
        case_id=case,
        clock_id="c7",
        kind="C7",
        unit=YUANCUN,
        started_at=due - timedelta(days=3),
        due=due,
        earliest=due,
        latest=due,
        provisional=False,
        policy_version="1",
        calendar_version="2026.1",
    )


async def test_only_townships_with_a_share_judge(desk: Desk) -> None:
    parent, child = await merged(desk)
    path = f"/whistles/{parent}/{JUDGE}"
    assert await desk.refused(LIAISON, path) == (403, "not-permitted")
    assert await desk.refused(SUPERVISOR, path) == (403, "not-permitted")
    assert await desk.refused(CLERK, path) == (404, "unknown-case")
    assert await desk.refused(STRANGER, f"/whistles/{child}/{JUDGE}") == (404, "unknown-case")
