"""A record of case rules reaches intake: how long a township may raise a closed whistle again."""

from datetime import date

from contracts.events import accountability, intake
from intake.application.followed_rules import FOLLOWED_RULES, FOLLOWED_RULES_KEY
from tests.component.intake.service import LEADER, SUPERVISOR, WATER, Desk
from tests.component.intake.test_recording_whistles import ON_PAPER

RECORD = "c0000000-0000-5000-8000-0000000000aa"
MARCH_2, MARCH_3 = date(2026, 3, 2), date(2026, 3, 3)
REASON = {"reason": "沟渠再次堵塞"}


def approved(days: int, number: int = 1, day: date = MARCH_2) -> accountability.CaseRulesApproved:
    """A record with its own time to raise a whistle again."""
    return accountability.CaseRulesApproved(
        case_id=RECORD,
        number=number,
        effective_from=day,
        source_document="南减办〔2026〕5号",
        rules=accountability.CaseRules(days_to_raise_again=days),
    )


async def closed(desk: Desk, day: str) -> str:
    """A whistle of last winter, closed on a day at 10:00; it is Monday 2 March 2026."""
    times = {
        "signed_at": "2026-01-02T09:00:00+08:00",
        "dispatched_at": "2026-01-02T09:30:00+08:00",
        "concluded_at": "2026-01-05T16:00:00+08:00",
        "closed_at": f"{day}T10:00:00+08:00",
    }
    departments = [{"unit": WATER, "reported_in_at": "2026-01-02T14:00:00+08:00"}]
    return await desk.done(SUPERVISOR, "/whistles/record", ON_PAPER | times | {"departments": departments})


async def test_gives_thirty_days_until_a_record_arrives(desk: Desk) -> None:
    case, late = await closed(desk, "2026-01-31"), await closed(desk, "2026-01-30")
    await desk.done(LEADER, f"/whistles/{case}/raise-again", REASON)
    assert await desk.refused(LEADER, f"/whistles/{late}/raise-again", REASON) == (
        422,
        "too-late-to-raise-again",
    )


async def test_gives_as_many_days_as_the_record_in_force_and_names_them(desk: Desk) -> None:
    early, case = await closed(desk, "2026-02-10"), await closed(desk, "2026-02-10")
    await desk.tell(approved(5, day=MARCH_3), "accountability", 1)
    await desk.done(LEADER, f"/whistles/{early}/raise-again", REASON)
    await desk.tell(approved(19, 2), "accountability", 2)
    problem = (await desk.post(LEADER, f"/whistles/{case}/raise-again", REASON)).json()
    assert problem["code"] == "too-late-to-raise-again"
    assert "19日" in problem["title"]
    assert problem["rule"]["id"] == "case-rules:2", "the version that refuses"
    await desk.tell(approved(20, 3), "accountability", 3)
    await desk.done(LEADER, f"/whistles/{case}/raise-again", REASON)
    raised = [each for each in await desk.published(early) if isinstance(each, intake.WhistleRaisedAgain)]
    assert len(raised) == 1, "what was raised before stays raised"


async def test_is_noted_once_however_often_it_comes(desk: Desk) -> None:
    for seq in (1, 2):
        await desk.tell(approved(5), "accountability", seq)
    assert len(await desk.store.load(FOLLOWED_RULES.stream(FOLLOWED_RULES_KEY))) == 1
