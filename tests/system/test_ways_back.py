"""Returned, turned down, withdrawn, raised again: the ways back, over GraphQL through the running system."""

import pytest

from backbone.testing import eventually
from tests.system.county import (
    CLERK,
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
    clock,
    liaison,
)


async def ask(county: County, person: Person, verb: str, case: Case, words: str = "") -> None:
    """A command on a case; ``words`` are its other arguments."""
    await county.ask(person, f'mutation {{ {verb}(caseId: "{case["caseId"]}" {words}) {{ caseId }} }}')


def of(case: Case, kind: str, assignment_unit: str) -> str:
    """The state of a department's clock."""
    return str(clock(case, kind, assignment_unit)["state"])


async def test_a_department_hands_it_back_and_another_takes_it(county: County) -> None:
    await county.clocks.ordinary_morning()
    case = await county.dispatched()
    await county.until(case["caseId"], lambda it: clock(it, "C10", POWER))
    power_leader = Person("department_leader", POWER)
    await ask(county, power_leader, "requestReturn", case, f'legalBasis: "三定" proposedOwner: "{WATER}"')
    with pytest.raises(Refused) as refused:
        await county.do(liaison(POWER), "reportIn", caseId=case["caseId"], **arrival())
    assert refused.value.code == "return-requested"
    await county.until(case["caseId"], lambda it: clock(it, "C15"))
    await ask(county, DESK, "acceptReturn", case, f'unit: "{POWER}" legalBasis: "三定"')
    shown = await county.until(
        case["caseId"], lambda it: clock(it, "C1", WATER) and of(it, "C1", POWER) == "STOPPED"
    )
    assert (clock(shown, "C1", POWER)["outcome"], of(shown, "C1", WATER)) == ("RETURNED", "RUNNING")
    assert clock(shown, "C5")["state"] == "RUNNING"
    await county.do(liaison(WATER), "reportIn", caseId=case["caseId"], **arrival())
    await county.settled(case["caseId"], "HANDLING")


async def test_a_withdrawal_after_a_report_in_asks_the_office(county: County) -> None:
    await county.clocks.ordinary_morning()
    case = await county.handled()
    with pytest.raises(Refused) as refused:
        await ask(county, LEADER, "withdrawWhistle", case, 'reason: "已修好"')
    assert refused.value.code == "withdrawal-needs-consent"
    await ask(county, LEADER, "withdrawWhistle", case, 'reason: "已修好" askConsent: true')
    await ask(county, DESK, "consentToWithdrawal", case)
    await county.until(case["caseId"], lambda it: clock(it, "C5").get("state") == "VOIDED")
    await county.settled(case["caseId"], "WITHDRAWN")


async def test_a_granted_appeal_sends_it_out_again(county: County) -> None:
    await county.clocks.ordinary_morning()
    case = await county.dispatched()
    await ask(county, DESK, "notAcceptWhistle", case, 'reasonCode: OWN_DUTY legalBasis: "清单"')
    await county.settled(case["caseId"], "NOT_ACCEPTED")
    await county.until(case["caseId"], lambda it: clock(it, "C5").get("state") == "VOIDED")
    await ask(county, LEADER, "appealWhistle", case, 'reason: "跨乡镇"')
    await county.noted("intake", case["caseId"], "whistle-appealed")

    async def decided() -> bool:
        try:  # routing may not have heard of the appeal yet
            await ask(county, SUPERVISOR, "decideAppeal", case, 'granted: true reason: "属实"')
        except Refused as refused:
            if refused.code != "no-appeal-to-decide":
                raise
            return False
        return True

    await eventually(decided, WAIT_SECONDS)
    again = await county.until(
        case["caseId"], lambda it: clock(it, "C5", cycle=2) and clock(it, "C1", POWER, cycle=2)
    )
    assert clock(again, "C1", POWER, cycle=2)["state"] == "RUNNING"
    await county.do(liaison(POWER), "reportIn", caseId=case["caseId"], **arrival())
    await county.settled(case["caseId"], "HANDLING")


async def test_a_closed_whistle_comes_back(county: County) -> None:
    await county.clocks.ordinary_morning()
    case = await county.concluded()
    await county.do(CLERK, "closeOut", caseId=case["caseId"])
    await county.settled(case["caseId"], "CLOSED")
    await ask(county, LEADER, "raiseAgain", case, 'reason: "又烧了"')
    await county.until(case["caseId"], lambda it: clock(it, "C8"))
    again = await county.settled(case["caseId"], "DISPATCHED")
    assert again["cycle"] == 2
    done = {"caseId": case["caseId"], "sentence": "换了新的", **arrival()}
    await county.do(liaison(POWER), "reportInAndConclude", **done)
    await county.settled(case["caseId"], "AWAITING_CONFIRMATION")
    await county.do(CLERK, "closeOut", caseId=case["caseId"])
    await county.settled(case["caseId"], "CLOSED")
