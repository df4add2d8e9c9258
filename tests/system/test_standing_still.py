"""挂账、延期 through the running system: time stands still, goes on by itself, and is lengthened."""

from datetime import datetime, time, timedelta

import pytest

from backbone.testing import eventually
from tests.system.county import (
    POWER,
    SHANGHAI,
    SUPERVISOR,
    WAIT_SECONDS,
    County,
    Person,
    Refused,
    clock,
    liaison,
)
from tests.system.test_ways_back import ask

POWER_LEADER = Person("department_leader", POWER)
DAY = timedelta(days=1)


def moment(text: str) -> datetime:
    """A time as GraphQL tells it."""
    return datetime.fromisoformat(text)


async def test_a_whistle_stands_still_until_its_sunset(county: County) -> None:
    monday = await county.clocks.ordinary_morning()
    case = await county.handled()
    due = moment(clock(case, "C5")["due"])
    sunset, milestone = (monday + 9 * DAY).date(), (monday + 2 * DAY).date()
    words = (
        f'ground: SEASON_OR_TERM plan: "汛后施工" owner: "张建国" sunset: "{sunset}"'
        f' milestones: [{{due: "{milestone}", words: "勘测"}}]'
    )

    async def applied() -> bool:
        try:  # accountability may not have heard of the report-in yet
            await ask(county, POWER_LEADER, "applyForParking", case, words)
        except Refused as refused:
            if refused.code not in ("unknown-case", "parking-before-reporting-in"):
                raise
            return False
        return True

    await eventually(applied, WAIT_SECONDS)
    await ask(county, SUPERVISOR, "approveParking", case)
    parked = await county.settled(case["caseId"], "PARKED")
    parked = await county.until(case["caseId"], lambda it: clock(it, "C5")["state"] == "PAUSED")
    ends = datetime.combine(sunset + DAY, time(0), SHANGHAI)
    assert moment(clock(parked, "C16")["due"]) == ends
    with pytest.raises(Refused) as refused:
        await county.do(liaison(POWER), "conclude", caseId=case["caseId"], sentence="已修好")
    assert refused.value.code == "whistle-is-parked"
    await county.clocks.move_to(ends + timedelta(hours=9))
    gone_on = await county.settled(case["caseId"], "HANDLING")
    gone_on = await county.until(case["caseId"], lambda it: clock(it, "C5")["state"] == "RUNNING")
    assert clock(gone_on, "C16")["state"] == "EXPIRED"
    assert moment(clock(gone_on, "C5")["due"]) > due
    assert clock(gone_on, "C5")["breachedAt"] is None
    await county.do(liaison(POWER), "conclude", caseId=case["caseId"], sentence="已修好")
    await county.settled(case["caseId"], "AWAITING_CONFIRMATION")


async def test_more_time_is_granted_once_by_the_office(county: County) -> None:
    await county.clocks.ordinary_morning()
    case = await county.handled()

    async def applied() -> bool:
        try:
            await ask(county, POWER_LEADER, "applyForExtension", case, 'amount: 3 reason: "设备未到"')
        except Refused as refused:
            if refused.code != "unknown-case":
                raise
            return False
        return True

    await eventually(applied, WAIT_SECONDS)
    await county.until(case["caseId"], lambda it: clock(it, "C11").get("state") == "RUNNING")
    await ask(county, SUPERVISOR, "grantExtension", case)
    longer = await county.until(
        case["caseId"],
        lambda it: clock(it, "C5")["due"] != clock(it, "C5")["originalDue"] and not it["settling"],
    )
    assert clock(longer, "C5")["originalDue"] == clock(case, "C5")["due"]
    stopped = await county.until(case["caseId"], lambda it: clock(it, "C11")["state"] == "STOPPED")
    assert clock(stopped, "C11")["outcome"] == "ON_TIME"
