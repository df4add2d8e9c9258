"""Two townships whistle about one matter: one whistle in the end, judged by both, in the running system."""

from tests.system.county import (
    CLERK,
    DESK,
    DITCH,
    OTHER_CLERK,
    OTHER_LEADER,
    POWER,
    WATER,
    ZHANGGUOTUN,
    County,
    arrival,
    assignment,
    clock,
    liaison,
    whistle,
)

MERGED = """query($id: ID!) { case(caseId: $id) { ... on Whistle {
    issues { verdict raisedBy { code } judgedBy { code } } merged { caseId } mergedInto { caseId } } } }"""


async def test_two_whistles_become_one_and_each_township_judges_its_own(county: County) -> None:
    await county.clocks.ordinary_morning()
    parent = (await county.dispatched())["caseId"]
    ditch = whistle(("排水沟堵塞", DITCH), departments=[WATER], township=ZHANGGUOTUN)
    child = (await county.do(OTHER_LEADER, "raiseWhistle", whistle=ditch))["caseId"]
    out = await county.settled(child, "DISPATCHED")
    water_leads = assignment(out, WATER)["assignmentId"]
    before = await county.until(parent, lambda it: clock(it, "C1", POWER) and clock(it, "C5"))

    merge = f'mutation {{ mergeWhistles(caseId: "{child}", withCase: "{parent}") {{ caseId }} }}'
    assert (await county.ask(DESK, merge))["mergeWhistles"]["caseId"] == parent
    gone = await county.settled(child, "MERGED", OTHER_CLERK)
    assert assignment(gone, WATER)["assignmentId"] == water_leads
    void = await county.until(
        child, lambda it: {each["state"] for each in it["clocks"]} <= {"VOIDED", "STOPPED"}
    )
    assert clock(void, "C5")["state"] == clock(void, "C1", WATER)["state"] == "VOIDED"
    joined = await county.until(parent, lambda it: clock(it, "C1", WATER))
    for kind, unit in (("C1", POWER), ("C5", None)):
        assert clock(joined, kind, unit)["due"] == clock(before, kind, unit)["due"], "a parent's clock moved"

    for unit in (WATER, POWER):
        await county.do(liaison(unit), "reportIn", caseId=parent, **arrival())
    await county.do(liaison(POWER), "conclude", caseId=parent, sentence="两处都已办好")
    await county.settled(parent, "AWAITING_CONFIRMATION")
    judge = f'mutation {{ judgeAdoptedIssues(caseId: "{parent}") {{ caseId }} }}'
    await county.ask(OTHER_CLERK, judge)
    await county.do(CLERK, "closeOut", caseId=parent)
    await county.settled(parent, "CLOSED")

    shown = (await county.ask(CLERK, MERGED, id=parent))["case"]
    assert [each["judgedBy"]["code"] for each in shown["issues"]] == [
        each["raisedBy"]["code"] for each in shown["issues"]
    ]
    assert shown["merged"] == [{"caseId": child}]
    theirs = (await county.ask(OTHER_CLERK, MERGED, id=parent))["case"]
    assert [each["raisedBy"]["code"] for each in theirs["issues"]] == [ZHANGGUOTUN]
    assert (await county.ask(OTHER_CLERK, MERGED, id=child))["case"]["mergedInto"] == {"caseId": parent}
