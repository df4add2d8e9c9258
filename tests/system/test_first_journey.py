"""The first journey: over GraphQL, through four services, NATS and PostgreSQL, and back to who asked."""

import asyncio
from collections import Counter
from datetime import datetime, time

from backbone.testing import eventually
from tests.system.county import (
    BANGS,
    CLERK,
    DAY,
    DESK,
    FIELDS,
    HOUR,
    LEADER,
    OFFICE,
    POLICE,
    POWER,
    RESCUE,
    ROADS,
    SECOND,
    SECRET_NAME,
    SECRET_PHONE,
    SECRET_TEXT,
    SHANGHAI,
    SUPERVISOR,
    WAIT_SECONDS,
    WATER,
    YUANCUN,
    Case,
    County,
    Refused,
    arrival,
    assignment,
    blocked_ditch,
    burnt_well,
    clock,
    end_of,
    liaison,
    moment,
    the_lead,
    true_times,
    whistle,
)


async def test_takes_five_actions_of_three_people(county: County) -> None:
    await county.clocks.ordinary_morning()
    before = county.calls

    raised = await county.do(CLERK, "raiseWhistle", whistle=burnt_well())
    case_id = raised["caseId"]
    await county.do(LEADER, "signWhistle", caseId=case_id)
    await county.noted("routing", case_id, "dispatch-issued")
    await county.do(liaison(POWER), "reportIn", caseId=case_id, **arrival())
    await county.do(liaison(POWER), "conclude", caseId=case_id, sentence=f"{SECRET_TEXT}边已换新变压器")
    await county.noted("intake", case_id, "whistle-awaiting-confirmation")
    closed = await county.do(CLERK, "closeOut", caseId=case_id)

    assert county.calls - before == 5
    assert closed["case"]["state"] == "CLOSED"
    case = await county.settled(case_id, "CLOSED")
    assert case["appraised"] is True
    assert [(issue["result"], issue["verdict"]) for issue in case["issues"]] == [("SOLVED", "SOLVED")]
    part = the_lead(case)
    assert (part["unitCode"], part["state"], part["rating"]) == (POWER, "CONCLUDED", "SATISFIED")
    assert (part["handler"], part["phone"]) == (f"{SECRET_NAME}经手", SECRET_PHONE)
    assert (case["raisedBy"], case["signedBy"]) == (CLERK.name, LEADER.name)
    assert case["number"].startswith(f"NL-{(await county.clocks.now()).year}-")
    case = await stopped(county, case_id, "C0", "C1", "C5", "C7", "C10", "C13")
    assert {each["outcome"] for each in case["clocks"]} == {"ON_TIME"}


async def test_takes_three_when_the_leader_whistles_and_the_work_is_done_already(county: County) -> None:
    await county.clocks.ordinary_morning()
    before = county.calls

    raised = await county.do(LEADER, "raiseWhistle", whistle=burnt_well())
    case_id = raised["caseId"]
    await county.noted("routing", case_id, "dispatch-issued")
    done = {"caseId": case_id, "sentence": f"{SECRET_TEXT}已修好", **arrival()}
    await county.do(liaison(POWER), "reportInAndConclude", **done)
    await county.noted("intake", case_id, "whistle-awaiting-confirmation")
    await county.do(CLERK, "closeOut", caseId=case_id)

    assert county.calls - before == 3
    await county.settled(case_id, "CLOSED")
    await stopped(county, case_id, "C0", "C1", "C5", "C7", "C10", "C13")


async def test_goes_the_long_way_with_several_departments_and_a_rework(county: County) -> None:
    await county.clocks.ordinary_morning()
    case = await county.dispatched(blocked_ditch())
    case_id = case["caseId"]
    assert case["provisional"] is True
    assert {each["unitCode"]: each["part"] for each in case["assignments"]} == {
        WATER: "LEAD",
        FIELDS: "ASSIST",
        ROADS: "ASSIST",
    }
    ditch, crops, again = (issue["issueId"] for issue in case["issues"])
    assert set(assignment(case, WATER)["issueIds"]) == {ditch, again}
    assert assignment(case, FIELDS)["issueIds"] == [crops]
    case = await county.until(case_id, lambda it: clock(it, "C6"))
    assert (clock(case, "C6")["state"], clock(case, "C6")["unitCode"]) == ("RUNNING", OFFICE)

    await county.do(DESK, "confirmDispatch", caseId=case_id, legalBasis="《防洪法》第四十二条")
    case = await county.until(case_id, lambda it: clock(it, "C6")["state"] == "STOPPED")
    assert case["provisional"] is False
    assert [each["provisional"] for each in case["assignments"]] == [False] * 3

    for unit in (WATER, FIELDS, ROADS):
        await county.do(liaison(unit), "reportIn", caseId=case_id, **arrival())
    await county.settled(case_id, "HANDLING")
    await county.do(liaison(WATER), "giveFeedback", caseId=case_id, content=f"{SECRET_TEXT}已派挖机")
    await county.do(liaison(FIELDS), "conclude", caseId=case_id, sentence=f"{SECRET_TEXT}已排涝")
    case = await county.until(case_id, lambda it: clock(it, "C13")["state"] == "STOPPED")
    assert assignment(case, WATER)["firstFeedbackAt"] is not None
    assert assignment(case, FIELDS)["state"] == "CONCLUDED"
    assert case["state"] == "HANDLING"

    results = [{"issueId": again, "result": "PARTLY", "details": f"{SECRET_TEXT}尚有一段"}]
    ended = {"caseId": case_id, "sentence": f"{SECRET_TEXT}已清淤", "results": results}
    await county.do(liaison(WATER), "conclude", **ended)
    case = await county.settled(case_id, "AWAITING_CONFIRMATION")
    assert [issue["result"] for issue in case["issues"]] == ["SOLVED", "SOLVED", "PARTLY"]
    assert case["issues"][2]["resultDetails"] == f"{SECRET_TEXT}尚有一段"
    assert assignment(case, ROADS)["state"] == "REPORTED_IN"  # its lateness stays its own
    await county.until(case_id, lambda it: clock(it, "C5")["state"] == "PAUSED" and clock(it, "C7"))

    await county.do(LEADER, "reworkWhistle", caseId=case_id, reason=f"{SECRET_TEXT}还有一段没清")
    case = await county.until(case_id, lambda it: clock(it, "C8") and not it["settling"])
    assert (case["state"], case["cycle"]) == ("HANDLING", 2)
    case = await county.until(case_id, lambda it: clock(it, "C5")["state"] == "RUNNING")
    assert clock(case, "C7", cycle=1)["state"] == "STOPPED"
    assert (clock(case, "C8")["state"], clock(case, "C8")["unitCode"]) == ("RUNNING", WATER)

    await county.do(liaison(WATER), "conclude", caseId=case_id, sentence=f"{SECRET_TEXT}全部清完")
    await county.settled(case_id, "AWAITING_CONFIRMATION")
    judged = {
        "verdicts": [{"issueId": crops, "verdict": "PARTLY"}],
        "ratings": [{"unit": FIELDS, "rating": "BASICALLY"}],
        "comment": f"{SECRET_TEXT}农田还要看",
    }
    await county.do(CLERK, "closeOut", caseId=case_id, **judged)
    case = await county.settled(case_id, "CLOSED")
    assert [issue["verdict"] for issue in case["issues"]] == ["SOLVED", "PARTLY", "SOLVED"]
    assert {each["unitCode"]: each["rating"] for each in case["assignments"]} == {
        WATER: "SATISFIED",
        FIELDS: "BASICALLY",
        ROADS: "SATISFIED",
    }
    case = await county.until(
        case_id, lambda it: {each["state"] for each in it["clocks"]} <= {"STOPPED", "VOIDED"}
    )
    assert Counter(each["kind"] for each in case["clocks"]) == {
        "C0": 1,
        "C1": 3,
        "C5": 1,
        "C6": 1,
        "C7": 2,
        "C8": 1,
        "C10": 3,
        "C13": 1,
    }
    assert [
        line["type"].rpartition(".v")[0].rpartition(".")[2] for line in case["timeline"] if shown(line)
    ] == [
        "whistle-raised",
        "whistle-signed",
        "dispatch-issued",
        "dispatch-confirmed",
        "department-reported-in",
        "department-reported-in",
        "department-reported-in",
        "feedback-given",
        "part-concluded",
        "lead-concluded",
        "whistle-reworked",
        "dispatch-reopened",
        "lead-concluded",
        "whistle-closed",
        "dispatch-closed",
    ]
    assert all(line["title"] for line in case["timeline"])


async def test_is_corrected_by_the_desk(county: County) -> None:
    await county.clocks.ordinary_morning()
    case = await county.dispatched(blocked_ditch())
    case_id = case["caseId"]
    await county.until(case_id, lambda it: clock(it, "C1", WATER) and clock(it, "C6"))
    await county.clocks.forward(HOUR)

    correction = {
        "caseId": case_id,
        "lead": RESCUE,
        "assists": [{"unit": FIELDS}, {"unit": ROADS}],
        "legalBasis": "《突发事件应对法》",
    }
    await county.do(DESK, "correctDispatch", **correction)

    case = await county.until(case_id, lambda it: clock(it, "C1", WATER)["state"] == "VOIDED")
    assert assignment(case, WATER)["state"] == "RELEASED"
    assert the_lead(case)["unitCode"] == RESCUE
    case = await county.until(
        case_id, lambda it: clock(it, "C1", RESCUE) and clock(it, "C6")["state"] == "STOPPED"
    )
    fresh, kept = clock(case, "C1", RESCUE), clock(case, "C1", FIELDS)
    assert (fresh["state"], kept["state"]) == ("RUNNING", "RUNNING")
    assert moment(fresh["startedAt"]) - moment(kept["startedAt"]) >= HOUR
    assert moment(fresh["due"]) - moment(fresh["startedAt"]) == 24 * HOUR
    assert clock(case, "C5")["state"] == "RUNNING"

    await county.do(liaison(RESCUE), "reportIn", caseId=case_id, **arrival())
    case = await county.settled(case_id, "HANDLING")
    await county.until(case_id, lambda it: clock(it, "C0")["state"] == "STOPPED")


async def test_goes_out_at_once_in_an_emergency_and_is_signed_after(county: County) -> None:
    await county.clocks.ordinary_morning(at=time(22))
    words = whistle(("疑似烟花爆竹存放点", BANGS), departments=[RESCUE, POLICE], kind="EMERGENCY")
    raised = await county.do(CLERK, "raiseWhistle", whistle=words)
    case_id = raised["caseId"]

    case = await county.settled(case_id, "DISPATCHED")
    assert (case["emergency"], case["signedBy"], case["provisional"]) == (True, None, False)
    case = await county.until(case_id, lambda it: len(it["clocks"]) == 8)
    lengths = {each["kind"]: moment(each["due"]) - moment(each["startedAt"]) for each in case["clocks"]}
    assert lengths == {
        "C0": 2 * HOUR,
        "C1": 2 * HOUR,
        "C5": 24 * HOUR,
        "C10": 2 * HOUR,  # 8 working hours at night, but never past C1
        "C13": 12 * HOUR,
        "C14": 24 * HOUR,
    }
    assert clock(case, "C14")["unitCode"] == YUANCUN

    await county.do(LEADER, "signWhistle", caseId=case_id)
    case = await county.until(case_id, lambda it: clock(it, "C14")["state"] == "STOPPED")
    assert (case["state"], case["signedBy"]) == ("DISPATCHED", LEADER.name)
    await county.do(liaison(RESCUE), "reportIn", caseId=case_id, **arrival())
    await county.settled(case_id, "HANDLING")
    case = await county.until(case_id, lambda it: clock(it, "C0")["state"] == "STOPPED")
    assert clock(case, "C1", RESCUE)["outcome"] == "ON_TIME"
    assert clock(case, "C1", POLICE)["state"] == "RUNNING"


async def test_breaches_an_emergency_nobody_signs_or_answers(county: County) -> None:
    await county.clocks.ordinary_morning(at=time(22))
    words = whistle(("疑似烟花爆竹存放点", None), departments=[RESCUE], kind="EMERGENCY")
    case_id = (await county.do(CLERK, "raiseWhistle", whistle=words))["caseId"]
    case = await county.until(case_id, lambda it: clock(it, "C14") and clock(it, "C6"))
    assert moment(clock(case, "C6")["due"]) - moment(clock(case, "C6")["startedAt"]) == HOUR / 2

    await county.clocks.move_to(moment(clock(case, "C14")["due"]) + SECOND)

    breaches = await county.noted("accountability", case_id, "clock-breached", times=6)
    assert Counter(each["kind"] for each in breaches) == dict.fromkeys(
        ("C0", "C1", "C5", "C6", "C13", "C14"), 1
    )
    await true_times(county, case_id)


async def test_waits_for_the_next_working_morning_when_signed_in_the_evening(county: County) -> None:
    monday = await county.clocks.ordinary_morning()
    friday = monday + 4 * DAY + 9 * HOUR
    await county.clocks.move_to(friday)
    case_id = (await county.do(CLERK, "raiseWhistle", whistle=burnt_well()))["caseId"]
    await county.do(LEADER, "signWhistle", caseId=case_id)

    opening = datetime.combine(monday.date() + 7 * DAY, time(8, 30), SHANGHAI)
    case = await county.settled(case_id, "SIGNED")
    assert moment(case["dispatchAt"]) == opening
    assert (case["assignments"], case["clocks"]) == ([], [])

    await county.clocks.move_to(opening - 5 * SECOND)
    assert (await county.case(case_id))["state"] == "SIGNED"
    await county.clocks.move_to(opening)
    case = await county.settled(case_id, "DISPATCHED")
    case = await county.until(case_id, lambda it: clock(it, "C0") and clock(it, "C1"))
    for kind in ("C0", "C1"):
        started = moment(clock(case, kind)["startedAt"])
        assert opening <= started < opening + 30 * SECOND
        assert moment(clock(case, kind)["due"]) == started + 24 * HOUR


async def test_goes_out_in_the_evening_when_the_leader_says_so(county: County) -> None:
    evening = await county.clocks.ordinary_morning(at=time(18))
    case = await county.dispatched(now=True)
    assert moment(case["dispatchAt"]) - evening < 60 * SECOND
    await county.until(case["caseId"], lambda it: clock(it, "C1", POWER))


async def test_is_closed_without_praise_when_the_township_is_silent(county: County) -> None:
    monday = await county.clocks.ordinary_morning()
    case = await county.concluded()
    case_id = case["caseId"]
    confirmation = clock(case, "C7")
    assert confirmation["unitCode"] == YUANCUN
    assert moment(confirmation["due"]) == end_of(monday, 3)

    for number, day in ((1, 2), (2, 3)):  # 09:00 on days 2 and 3
        await county.clocks.move_to(monday + day * DAY + SECOND)
        reminders = await county.noted("accountability", case_id, "reminder-due", times=number)
        assert [each["reminder"] for each in reminders if each["kind"] == "C7"][-1] == f"remind-{number}"
    await county.clocks.move_to(end_of(monday, 3) + SECOND)

    case = await county.settled(case_id, "CLOSED")
    assert case["appraised"] is False
    assert [issue["verdict"] for issue in case["issues"]] == [None]
    assert the_lead(case)["rating"] is None
    case = await county.until(case_id, lambda it: clock(it, "C5")["state"] == "STOPPED")
    assert clock(case, "C7")["state"] == "EXPIRED"
    assert moment(clock(case, "C7")["endedAt"]) == end_of(monday, 3)
    assert await county.facts("accountability", case_id, "clock-breached") == []
    assert await county.facts("accountability", case_id, "ladder-rung-reached") == []


async def test_reminds_and_breaches_once_at_each_clock_when_nobody_acts(county: County) -> None:
    monday = await county.clocks.ordinary_morning()
    case = await county.dispatched(blocked_ditch())
    case_id = case["caseId"]
    words = {"title": f"{SECRET_TEXT}表格", "text": f"{SECRET_TEXT}一周填三遍"}
    letter_id = (await county.do(CLERK, "submitLetter", **words))["caseId"]
    case = await county.until(case_id, lambda it: len(it["clocks"]) == 10)
    letter = await county.until(letter_id, lambda it: len(it["clocks"]) == 2, SUPERVISOR)
    dues = {each["kind"]: moment(each["due"]) for each in (*case["clocks"], *letter["clocks"])}
    signed, issued = (moment(clock(case, kind)["startedAt"]) for kind in ("C0", "C6"))
    assert dues == {
        "C0": signed + DAY,
        "C1": issued + DAY,
        "C3": end_of(monday, 3),
        "C4": end_of(monday, 7),
        "C5": end_of(monday, 7),
        "C6": issued + 6 * HOUR,  # 4 working hours over the two of noon
        "C10": issued + DAY,  # 8 working hours would be later than C1
        "C13": end_of(monday, 3),
    }
    tuesday = monday + DAY
    steps: tuple[tuple[datetime, str, dict[str, int], dict[str, int]], ...] = (
        # (when, what is stated in the whistle's case, and how often in all by then, the same of the letter)
        (dues["C6"], "clock-breached", {"C6": 1}, {}),
        (tuesday - HOUR, "reminder-due", {"C1": 6}, {}),  # T-12 h and -4 h lie in the night, -1 h at the desk
        (dues["C1"], "clock-breached", {"C6": 1, "C0": 1, "C1": 3}, {}),
        (dues["C10"], "clock-expired", {"C10": 3}, {}),
        (tuesday + DAY, "reminder-due", {"C1": 6, "C13": 1}, {"C3": 1}),
        (dues["C13"], "clock-breached", {"C6": 1, "C0": 1, "C1": 3, "C13": 1}, {"C3": 1}),
        (tuesday + 7 * DAY, "reminder-due", {"C1": 6, "C13": 1, "C5": 1}, {"C3": 1, "C4": 1}),
        (dues["C5"], "clock-breached", {"C6": 1, "C0": 1, "C1": 3, "C13": 1, "C5": 1}, {"C3": 1, "C4": 1}),
    )
    for when, fact, of_case, of_letter in steps:
        if when + 2 * SECOND > await county.clocks.now():
            await county.clocks.move_to(when + 2 * SECOND)
        for each, wanted in ((case_id, of_case), (letter_id, of_letter)):
            await stated(county, each, fact, wanted)
    await true_times(county, case_id)
    await true_times(county, letter_id)

    await county.clocks.move_to(monday + 20 * DAY)
    for each in (case_id, letter_id):
        await climbed(county, each)
        await true_times(county, each)
    told = await county.ask(liaison(WATER), "{ notices(first: 100) { caseId kind title } }")
    kinds = Counter(each["kind"] for each in told["notices"] if each["caseId"] == case_id)
    assert (kinds["dispatch"], kinds["reminder"]) == (1, 4)
    assert all(each["title"] for each in told["notices"])


async def test_states_what_it_missed_with_true_times_after_long_downtime(county: County) -> None:
    monday = await county.clocks.ordinary_morning()
    case = await county.dispatched(blocked_ditch())
    case_id = case["caseId"]
    await county.until(case_id, lambda it: len(it["clocks"]) == 10)

    await county.clocks.move_to(monday + 20 * DAY)

    await stated(county, case_id, "clock-breached", {"C6": 1, "C0": 1, "C1": 3, "C13": 1, "C5": 1})
    await stated(county, case_id, "clock-expired", {"C10": 3})
    await climbed(county, case_id)
    await true_times(county, case_id)
    await county.do(liaison(WATER), "reportIn", caseId=case_id, **arrival())
    case = await county.settled(case_id, "HANDLING")
    case = await county.until(case_id, lambda it: clock(it, "C1", WATER)["state"] == "STOPPED")
    assert clock(case, "C1", WATER)["outcome"] == "LATE"  # late is accepted, and stays a breach for ever
    assert clock(case, "C1", WATER)["breachedAt"] == clock(case, "C1", WATER)["due"]


async def test_reminds_and_breaches_once_over_a_rework_nobody_does(county: County) -> None:
    monday = await county.clocks.ordinary_morning()
    case = await county.concluded()
    case_id = case["caseId"]
    await county.do(LEADER, "reworkWhistle", caseId=case_id, reason=f"{SECRET_TEXT}没修好")
    case = await county.until(case_id, lambda it: clock(it, "C8") and clock(it, "C5")["state"] == "RUNNING")
    assert moment(clock(case, "C8")["due"]) == end_of(monday, 3)

    await county.clocks.move_to(monday + 2 * DAY + SECOND)
    await stated(county, case_id, "reminder-due", {"C8": 1})
    await county.clocks.move_to(end_of(monday, 3) + SECOND)
    await stated(county, case_id, "clock-breached", {"C8": 1})
    await county.clocks.move_to(monday + 20 * DAY)
    await stated(county, case_id, "clock-breached", {"C8": 1, "C5": 1})
    await true_times(county, case_id)
    await stated(county, case_id, "ladder-rung-reached", {"C8": 3})  # C5 runs on for the figures alone
    await stated(county, case_id, "reminder-due", {"C8": 1})


async def test_follows_a_letter_to_its_end(county: County) -> None:
    await county.clocks.ordinary_morning()
    words = {"title": f"{SECRET_TEXT}表格", "text": f"{SECRET_TEXT}一周填三遍", "anonymous": True}
    case_id = (await county.do(CLERK, "submitLetter", **words))["caseId"]
    await county.do(SUPERVISOR, "respondToLetter", caseId=case_id, content=f"{SECRET_TEXT}正在合并")
    case = await county.settled(case_id, "RESPONDED", SUPERVISOR)
    case = await county.until(case_id, lambda it: clock(it, "C3")["state"] == "STOPPED", SUPERVISOR)
    assert (clock(case, "C3")["outcome"], clock(case, "C4")["state"]) == ("ON_TIME", "RUNNING")

    await county.do(SUPERVISOR, "resolveLetter", caseId=case_id, content=f"{SECRET_TEXT}已合并")
    await county.settled(case_id, "RESOLVED", SUPERVISOR)
    case = await county.until(case_id, lambda it: clock(it, "C4")["state"] == "STOPPED", SUPERVISOR)
    assert clock(case, "C4")["outcome"] == "ON_TIME"
    assert case["writer"] is None


async def test_answers_with_the_case_as_it_is_afterwards(county: County) -> None:
    await county.clocks.ordinary_morning()
    raised = await county.do(CLERK, "raiseWhistle", whistle=burnt_well())
    case_id = raised["caseId"]
    assert raised["case"]["state"] == "AWAITING_SIGNATURE"
    signed = await county.do(LEADER, "signWhistle", caseId=case_id)
    assert signed["case"]["signedBy"] == LEADER.name
    await county.settled(case_id, "DISPATCHED")
    reported = await county.do(liaison(POWER), "reportIn", caseId=case_id, **arrival())
    assert the_lead(reported["case"])["state"] == "REPORTED_IN"
    await county.settled(case_id, "HANDLING")
    fed = await county.do(liaison(POWER), "giveFeedback", caseId=case_id, content=f"{SECRET_TEXT}在路上")
    assert the_lead(fed["case"])["firstFeedbackAt"] is not None
    ended = await county.do(liaison(POWER), "conclude", caseId=case_id, sentence=f"{SECRET_TEXT}修好")
    assert the_lead(ended["case"])["state"] == "CONCLUDED"
    await county.settled(case_id, "AWAITING_CONFIRMATION")
    closed = await county.do(CLERK, "closeOut", caseId=case_id)
    assert closed["case"]["state"] == "CLOSED"
    assert not any(each["stale"] for each in (raised, signed, reported, fed, ended, closed))


async def test_lets_one_of_two_contradicting_words_hold(county: County) -> None:
    await county.clocks.ordinary_morning()
    case_id = (await county.concluded())["caseId"]

    said = await asyncio.gather(
        county.do(CLERK, "closeOut", caseId=case_id),
        county.do(LEADER, "reworkWhistle", caseId=case_id, reason=f"{SECRET_TEXT}没修好"),
        return_exceptions=True,
    )

    [refused] = [each for each in said if isinstance(each, BaseException)]
    assert isinstance(refused, Refused)
    assert refused.code in ("whistle-already-closed", "not-awaiting-confirmation")
    case = await county.until(case_id, lambda it: not it["settling"])
    assert case["state"] == ("CLOSED" if said[1] is refused else "HANDLING")
    closings = await county.facts("intake", case_id, "whistle-closed")
    reworks = await county.facts("intake", case_id, "whistle-reworked")
    assert len(closings) + len(reworks) == 1


async def test_tells_a_console_of_every_change(county: County) -> None:
    await county.clocks.ordinary_morning()

    async def wake() -> None:
        await county.do(CLERK, "draftWhistle", whistle=burnt_well())

    async with county.console(CLERK, wake) as told:
        case = await county.concluded()
        case_id = case["caseId"]
        await county.do(CLERK, "closeOut", caseId=case_id)
        await eventually(
            lambda: any(
                each["caseId"] == case_id and each["state"] == "CLOSED" and not each["settling"]
                for each in told
            ),
            WAIT_SECONDS,
        )
    states = [each["state"] for each in told if each["caseId"] == case_id]
    order = [
        "DRAFT",
        "AWAITING_SIGNATURE",
        "SIGNED",
        "DISPATCHED",
        "HANDLING",
        "AWAITING_CONFIRMATION",
        "CLOSED",
    ]
    assert states == sorted(states, key=order.index)
    assert states[-1] == "CLOSED"


async def test_explains_a_clock_in_words_one_can_check(county: County) -> None:
    await county.clocks.ordinary_morning()
    case = await county.dispatched()
    await county.until(case["caseId"], lambda it: clock(it, "C5"))
    document = """query ($caseId: ID!) {
        case(caseId: $caseId) {
            clocks { kind title remainingSeconds unit { name } explanation { zh en intervals } }
        }
    }"""
    found = (await county.ask(LEADER, document, caseId=case["caseId"]))["case"]
    handling = next(each for each in found["clocks"] if each["kind"] == "C5")
    assert handling["unit"]["name"] == "供电公司"
    assert 7 * 86_400 < handling["remainingSeconds"] <= 10 * 86_400
    assert len([piece for piece in handling["explanation"]["intervals"] if piece["counted"]]) == 7
    assert handling["explanation"]["zh"]
    assert len(handling["explanation"]["zh"]) == len(handling["explanation"]["en"])


async def test_lists_cases_by_state_unit_and_clock_page_by_page(county: County) -> None:
    await county.clocks.ordinary_morning()
    before = await county.clocks.now()
    made = [(await county.dispatched())["caseId"] for _ in range(3)]
    for case_id in made:
        await county.until(case_id, lambda it: clock(it, "C1"))
    document = """query ($filter: CaseFilterInput, $after: String) {
        cases(filter: $filter, first: 2, after: $after) {
            totalCount edges { cursor node { caseId state updatedAt } } pageInfo { hasNextPage endCursor }
        }
    }"""
    wanted = {"states": ["DISPATCHED"], "unit": POWER, "clockState": "DUE_SOON"}
    found: list[str] = []
    after = None
    while True:
        page = (await county.ask(LEADER, document, filter=wanted, after=after))["cases"]
        assert len(page["edges"]) <= 2
        found += [
            edge["node"]["caseId"] for edge in page["edges"] if moment(edge["node"]["updatedAt"]) >= before
        ]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert found == made[::-1]
    nothing = await county.ask(LEADER, document, filter={**wanted, "states": ["SUBMITTED"]})
    assert nothing["cases"]["totalCount"] == 0


def shown(line: Case) -> bool:
    """Whether a line of the timeline is somebody's act: no clock's, and no echo of another service."""
    echoes = ("whistle-dispatched", "whistle-handling", "whistle-awaiting-confirmation", "whistle-drafted")
    return line["service"] != "accountability" and not any(echo in line["type"] for echo in echoes)


async def stopped(county: County, case_id: str, *kinds: str) -> Case:
    """The case when each of its clocks has stopped, and these kinds are all it has, once each."""
    case = await county.until(
        case_id, lambda it: it["clocks"] and all(each["state"] == "STOPPED" for each in it["clocks"])
    )
    assert sorted(each["kind"] for each in case["clocks"]) == sorted(kinds)
    return case


async def stated(county: County, case_id: str, fact: str, wanted: dict[str, int]) -> None:
    """Wait until clocks of these kinds have stated a fact as often as this, and none oftener."""

    async def look() -> bool:
        found = Counter(each["kind"] for each in await county.facts("accountability", case_id, fact))
        over = found - Counter(wanted)
        assert not over, f"too many: {over}"
        return found == wanted

    await eventually(look, WAIT_SECONDS, interval=0.1)


async def climbed(county: County, case_id: str) -> None:
    """Wait until every breached clock that has a ladder has climbed it: each rung once and in order."""
    without = {"C0", "C14"}

    async def look() -> bool:
        breaches = await county.facts("accountability", case_id, "clock-breached")
        rungs = await county.facts("accountability", case_id, "ladder-rung-reached")
        ladders: dict[str, list[tuple[str, bool]]] = {
            each["clock_id"]: [] for each in breaches if each["kind"] not in without
        }
        for each in rungs:
            ladders[each["clock_id"]].append((each["rung"], each["proposed"]))
        return bool(ladders) and all(
            ladder == [("BLUE", False), ("ORANGE", False), ("RED", True)] for ladder in ladders.values()
        )

    await eventually(look, WAIT_SECONDS, interval=0.1)
