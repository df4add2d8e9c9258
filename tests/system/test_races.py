"""Two people at once: one story comes of it, and everybody who may see the case sees that one."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import pytest

from backbone.testing import eventually
from tests.system.county import (
    CLERK,
    DAY,
    DESK,
    LEADER,
    POWER,
    SUPERVISOR,
    WAIT_SECONDS,
    WATER,
    Case,
    County,
    Person,
    Refused,
    arrival,
    burnt_well,
    clock,
    liaison,
    moment,
)
from tests.system.launched import Launched
from tests.system.test_no_false_breach import frozen

Act = Callable[[County, str], Awaitable[object]]
POWER_LEADER: Final = Person("department_leader", POWER)


async def withdraw(county: County, case_id: str) -> object:
    """The township's leader takes it back."""
    return await county.ask(
        LEADER, f'mutation {{ withdrawWhistle(caseId: "{case_id}", reason: "已修好") {{ caseId }} }}'
    )


async def report_in(county: County, case_id: str) -> object:
    """The department's liaison reports in."""
    return await county.do(liaison(POWER), "reportIn", caseId=case_id, **arrival())


async def hand_back(county: County, case_id: str) -> object:
    """The department's leader asks to return it."""
    words = f'caseId: "{case_id}", legalBasis: "三定", proposedOwner: "{WATER}"'
    return await county.ask(POWER_LEADER, f"mutation {{ requestReturn({words}) {{ caseId }} }}")


async def apply_for_parking(county: County, case_id: str) -> None:
    """The department's leader applies for parking, sixty days long."""
    today = (await county.clocks.now()).date()
    due, sunset = today + 20 * DAY, today + 60 * DAY
    words = (
        f'caseId: "{case_id}", ground: AWAITING_FUNDS, plan: "列入明年计划", owner: "演示·王",'
        f' milestones: [{{due: "{due}", words: "立项"}}], sunset: "{sunset}"'
    )
    await county.ask(POWER_LEADER, f"mutation {{ applyForParking({words}) {{ caseId }} }}")


async def approve(county: County, case_id: str) -> object:
    """The office's supervisor lets it stand still."""
    return await county.ask(SUPERVISOR, f'mutation {{ approveParking(caseId: "{case_id}") {{ caseId }} }}')


async def conclude(county: County, case_id: str) -> object:
    """The lead's liaison concludes."""
    return await county.do(liaison(POWER), "conclude", caseId=case_id, sentence="已修好")


async def outcome(act: Awaitable[object]) -> str:
    """The slug of a refusal; empty if it went through."""
    try:
        await act
    except Refused as refused:
        return refused.code
    return ""


async def told_alike(county: County, case_id: str, person: Person, state: str) -> bool:
    """Whether somebody sees the case in a state with the timeline that the county leader sees."""
    shown, seen = await county.case(case_id), await county.case(case_id, person)
    types = [[each["type"] for each in case["timeline"]] for case in (shown, seen)]
    return seen["state"] == state and not seen["settling"] and types[0] == types[1]


async def one_story(county: County, case_id: str, state: str) -> Case:
    """The case in a state, the same for the township, the department, the office and the county leader."""
    shown = await county.settled(case_id, state)
    for person in (CLERK, LEADER, DESK, liaison(POWER), POWER_LEADER):
        # What the clocks still state arrives for all of them alike, but not in one moment.
        await eventually(lambda: told_alike(county, case_id, person, state), WAIT_SECONDS, interval=0.1)  # noqa: B023
    return shown


PAIRS: Final[dict[str, tuple[Act, Act, str, str, str, str]]] = {
    "withdraw and report in": (
        withdraw,
        report_in,
        "WITHDRAWN",
        "dispatch-withdrawn",
        "HANDLING",
        "withdrawal-needs-consent",
    ),
    "return and report in": (
        hand_back,
        report_in,
        "DISPATCHED",
        "return-requested",
        "HANDLING",
        "return-after-report-in",
    ),
}
"""The two acts; the state if the first wins and what the second then hears; the same the other way."""


async def fresh(county: County) -> str:
    """A whistle that is out and whose return window is open."""
    case = await county.dispatched(burnt_well(), now=True)
    await county.until(case["caseId"], lambda it: clock(it, "C10", POWER))
    await county.noted("accountability", case["caseId"], "clock-started", times=4)
    return str(case["caseId"])


@pytest.mark.parametrize("pair", PAIRS)
async def test_the_first_wins_and_the_second_hears_why(county: County, pair: str) -> None:
    one, other, if_one, told_other, if_other, told_one = PAIRS[pair]
    await county.clocks.ordinary_morning()

    case_id = await fresh(county)
    await one(county, case_id)
    assert await outcome(other(county, case_id)) == told_other
    await one_story(county, case_id, if_one)

    case_id = await fresh(county)
    await other(county, case_id)
    assert await outcome(one(county, case_id)) == told_one
    await one_story(county, case_id, if_other)


@pytest.mark.parametrize("pair", PAIRS)
async def test_of_two_at_once_exactly_one_goes_through(county: County, pair: str) -> None:
    one, other, if_one, told_other, if_other, told_one = PAIRS[pair]
    await county.clocks.ordinary_morning()
    for _ in range(4):
        case_id = await fresh(county)
        said = await asyncio.gather(outcome(one(county, case_id)), outcome(other(county, case_id)))
        assert tuple(said) in {("", told_other), (told_one, "")}
        await one_story(county, case_id, if_one if said[0] == "" else if_other)


async def test_the_verdict_first_leaves_nothing_for_the_expiry(county: County) -> None:
    await county.clocks.ordinary_morning()
    case = await county.concluded()
    due = moment(clock(case, "C7")["due"])

    await county.do(CLERK, "closeOut", caseId=case["caseId"])
    await county.clocks.move_to(due + DAY)

    shown = await one_story(county, case["caseId"], "CLOSED")
    assert shown["appraised"] is True
    assert await county.facts("accountability", case["caseId"], "clock-expired") == []


async def test_the_expiry_first_leaves_nothing_for_the_verdict(
    county: County, county_launcher: Launched
) -> None:
    await county.clocks.ordinary_morning()
    case = await county.concluded()
    due = moment(clock(case, "C7")["due"])

    await county.clocks.move_to(due + DAY)
    shown = await one_story(county, case["caseId"], "CLOSED")

    assert shown["appraised"] is False
    assert await outcome(county.do(CLERK, "closeOut", caseId=case["caseId"])) == "closed-unappraised"


async def test_a_verdict_before_the_expiry_is_stated_is_the_only_closing(
    county: County, county_launcher: Launched
) -> None:
    """What cannot be asked for its head delays the expiry; the clerk is quicker, though late."""
    await county.clocks.ordinary_morning()
    case = await county.concluded()
    case_id, due = case["caseId"], moment(clock(case, "C7")["due"])

    with frozen(county_launcher, "routing"):
        await county.clocks.move_to(due + DAY)
        assert await outcome(county.do(CLERK, "closeOut", caseId=case_id)) == ""

    shown = await one_story(county, case_id, "CLOSED")
    assert shown["appraised"] is True
    assert len(await county.facts("intake", case_id, "whistle-closed")) == 1


async def test_approving_a_parking_and_concluding_at_once_end_in_one_story(county: County) -> None:
    await county.clocks.ordinary_morning()
    for _ in range(3):
        case_id = str((await county.handled())["caseId"])
        await apply_for_parking(county, case_id)
        approved, concluded = await asyncio.gather(
            outcome(approve(county, case_id)), outcome(conclude(county, case_id))
        )
        # Approved and then found concluded, it lapses; found parked, the lead hears that it stands still.
        assert (approved, concluded) in {("", ""), ("", "whistle-is-parked"), ("parking-not-applied-for", "")}
        await one_story(county, case_id, "PARKED" if concluded else "AWAITING_CONFIRMATION")
