"""No false breach: what is due is judged by facts, however late they come to whoever keeps the clock."""

import contextlib
import os
import signal
from collections.abc import Iterator

from tests.system.county import (
    CLERK,
    DAY,
    HOUR,
    POWER,
    SECOND,
    SECRET_TEXT,
    County,
    arrival,
    clock,
    liaison,
    moment,
    true_times,
)
from tests.system.launched import Launched


@contextlib.contextmanager
def frozen(launcher: Launched, part: str) -> Iterator[None]:
    """A part that neither works nor answers inside the block, but has not ended."""
    [pid] = [each.pid for each in launcher.system.parts if each.name == part]
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def test_counts_what_was_done_in_time_while_nobody_kept_the_clock(
    county: County, county_launcher: Launched
) -> None:
    await county.clocks.ordinary_morning()
    case = await county.dispatched()
    case_id = case["caseId"]
    case = await county.until(case_id, lambda it: clock(it, "C1") and clock(it, "C13"))
    due = moment(clock(case, "C1")["due"])

    with frozen(county_launcher, "accountability"):
        await county.clocks.move_to(due - 60 * SECOND)
        await county.do(liaison(POWER), "reportIn", caseId=case_id, **arrival())
        await county.clocks.move_to(due + HOUR)

    case = await county.until(case_id, lambda it: clock(it, "C1")["state"] == "STOPPED")
    assert clock(case, "C1")["outcome"] == "ON_TIME"
    assert moment(clock(case, "C1")["endedAt"]) < due
    case = await county.until(case_id, lambda it: clock(it, "C0")["state"] == "STOPPED")
    assert clock(case, "C0")["outcome"] == "ON_TIME"
    assert await county.facts("accountability", case_id, "clock-breached") == []
    assert await county.facts("accountability", case_id, "breach-annulled") == []


async def test_says_that_a_breach_is_unconfirmed_while_a_service_does_not_answer(
    county: County, county_launcher: Launched
) -> None:
    await county.clocks.ordinary_morning()
    case = await county.dispatched()
    case_id = case["caseId"]
    case = await county.until(case_id, lambda it: clock(it, "C1") and clock(it, "C13"))
    due = moment(clock(case, "C1")["due"])

    with frozen(county_launcher, "routing"):
        await county.clocks.move_to(due + SECOND)
        case = await county.until(case_id, lambda it: clock(it, "C1")["state"] == "OVERDUE_UNCONFIRMED")
        assert "routing" in clock(case, "C1")["waitingFor"]
        assert clock(case, "C1")["breachedAt"] is None
        assert await county.facts("accountability", case_id, "clock-breached") == []

    case = await county.until(case_id, lambda it: clock(it, "C1")["breachedAt"])
    assert moment(clock(case, "C1")["breachedAt"]) == due
    assert (clock(case, "C1")["state"], clock(case, "C1")["waitingFor"]) == ("RUNNING", [])
    await county.noted("accountability", case_id, "clock-breached", times=2)
    await true_times(county, case_id)


async def test_does_not_close_over_a_verdict_given_in_time(county: County, county_launcher: Launched) -> None:
    await county.clocks.ordinary_morning()
    case = await county.concluded()
    case_id = case["caseId"]
    due = moment(clock(case, "C7")["due"])

    with frozen(county_launcher, "accountability"):
        await county.clocks.move_to(due - 60 * SECOND)
        closing = {"caseId": case_id, "comment": f"{SECRET_TEXT}可以"}
        await county.do(CLERK, "closeOut", **closing)
        await county.clocks.move_to(due + DAY)

    case = await county.settled(case_id, "CLOSED")
    assert case["appraised"] is True
    case = await county.until(case_id, lambda it: clock(it, "C7")["state"] == "STOPPED")
    assert clock(case, "C7")["outcome"] == "ON_TIME"
    assert await county.facts("accountability", case_id, "clock-expired") == []
