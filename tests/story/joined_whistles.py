"""The whistles that are joined, stand still, get more time, are recorded or corrected, or change hands."""

from datetime import datetime
from typing import Any, Final

from tests.story.acts import (
    closes,
    concludes,
    confirms,
    gives_feedback,
    matter,
    raises,
    reports_in,
    signs,
)
from tests.story.matters import DONE, SIMPLE, bus, unknown, work
from tests.story.people import (
    ADMINISTRATOR,
    AID,
    CLERK,
    COUNTY_LEADER,
    DESK,
    DITCH,
    FIELDS,
    FUKAN,
    HANZHANG,
    JUSTICE,
    QIANKOU,
    ROADS,
    SECOND_SUPERVISOR,
    SUPERVISOR,
    WATER,
    XISHAO,
    YANGCUN,
    YUANCUN,
    ZHANGGUOTUN,
    head,
    liaison,
)
from tests.story.tale import (
    Act,
    Await,
    CaseOf,
    LastCorrection,
    Mark,
    Step,
    Tale,
    VillageHere,
    ends,
    on,
    refused,
)
from tests.system.county import SHANGHAI, Person

GAS, TAP = "gas-supply", "tap-water"
"""Utilities; in this week the first goes into the second."""


def merges(code: str) -> Act:
    """W13; which of the two goes on is the rules' to say."""
    return Act(DESK, "mergeWhistles", {"withCase": CaseOf(code)})


def judges(town: str) -> Act:
    """W13, a township judges the issues it brought along."""
    return Act(Person("township_clerk", town), "judgeAdoptedIssues")


def asks_to_countersign() -> Act:
    """会签, by the lead."""
    return Act(liaison(WATER), "askToCountersign", {"proposal": "沟渠清淤后由两家复核"})


def countersigns(unit: str, *, agrees: bool = True) -> Act:
    """会签, by an assist."""
    words = {} if agrees else {"words": "路基需另行加固"}
    return Act(liaison(unit), "countersign", {"agrees": agrees} | words)


def applies_for_parking(sunset: str, unit: str = ROADS) -> Act:
    """W10."""
    words = {
        "ground": "AWAITING_FUNDS",
        "plan": "资金到位后改造",
        "milestones": [{"due": sunset, "words": "完成改造"}],
        "owner": "演示·挂账责任人",
        "sunset": sunset,
    }
    return Act(head(unit), "applyForParking", words)


def parks(verb: str, by: Person, **words: Any) -> Act:
    """What else is done with a parking."""
    return Act(by, verb, words)


APPROVES, APPROVES_AGAIN = parks("approveParking", SUPERVISOR), parks("approveParking", COUNTY_LEADER)
ENDS_PARKING = parks("endParking", head(ROADS), reason="资金已到位")


def asks_for_time(days: int = 3) -> Act:
    """W11."""
    return Act(head(ROADS), "applyForExtension", {"amount": days, "reason": "雨天停工"})


def time_is(verb: str, by: Person = SUPERVISOR, **words: Any) -> Act:
    """W11, decided."""
    return Act(by, verb, words)


def at_work(text: str) -> tuple[Step, ...]:
    """Transport has reported in and said something, on Monday at ten."""
    return on(0, 10), *bus(text), reports_in(), gives_feedback()


def moment(day: int, hour: int) -> str:
    """A time in April, as people write it into a form."""
    return datetime(2026, 4, day, hour, tzinfo=SHANGHAI).isoformat()


def records() -> Act:
    """补录, a whistle of the week before."""
    words = {
        "township": YUANCUN,
        "village": VillageHere(),
        "text": "电话办理的公交诉求",
        "departments": [{"unit": ROADS, "reportedInAt": moment(20, 11), "rating": "SATISFIED"}],
        "signedAt": moment(20, 9),
        "dispatchedAt": moment(20, 10),
        "concludedAt": moment(21, 9),
        "sentence": "已电话办结",
        "closedAt": moment(21, 15),
        "approvedBy": SECOND_SUPERVISOR.subject,
        "verdict": "SOLVED",
    }
    return Act(SUPERVISOR, "recordWhistle", {"whistle": words})


def proposes_correction(hour: int) -> Act:
    """更正, a report-in that happened earlier than it was recorded."""
    words = {"fact": "REPORT_IN", "happenedAt": moment(27, hour), "reason": "电话报到,漏记", "unit": ROADS}
    return Act(SUPERVISOR, "proposeCorrection", words)


APPROVES_CORRECTION = Act(SECOND_SUPERVISOR, "approveCorrection", {"correctionId": LastCorrection()})
DECLINES_CORRECTION = Act(
    SECOND_SUPERVISOR, "declineCorrection", {"correctionId": LastCorrection(), "reason": "无通话记录"}
)
MERGES_UNITS = Act(
    ADMINISTRATOR, "mergeUnits", {"code": GAS, "into": TAP, "sourceDocument": "南编〔2026〕5号(演示)"}
)

JOINED = (
    Tale(
        "W64", "两镇一事,先签的为主",
        (
            *bus("两镇之间公交断线"), Mark("W64 out"), Await("W65 merged"), *work(), *work(JUSTICE),
            judges(HANZHANG), closes(),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED SOLVED", kept="C0 C1 C1 C5 C7 C10 C10 C13"),
    ),
    Tale(
        "W65", "两镇一事,后签的并入",
        (
            Await("W64 out"), raises(matter("两镇之间公交断线", AID, to=(JUSTICE,))), signs(),
            merges("W64"), Mark("W65 merged"),
        ),
        ends("MERGED", cycle=1, verdicts="SOLVED", void="C0 C1 C5 C10 C13"), HANZHANG,
    ),
    Tale(
        "W66", "后签的已办结,不能并",
        (*bus("同一站牌"), Mark("W66 out"), Await("W67 done"), *work(), closes()),
        DONE, FUKAN,
    ),
    Tale(
        "W67", "已办结的不再并入",
        (
            Await("W66 out"), *bus("同一站牌再报"), *work(),
            refused(merges("W66"), "later-whistle-concluded"), closes(), Mark("W67 done"),
        ),
        DONE, FUKAN,
    ),
    Tale(
        "W68", "会签,一家同意一家有意见",
        (
            raises(matter("沟渠与路基", DITCH, to=(WATER,))), signs(), reports_in(WATER),
            reports_in(FIELDS), reports_in(ROADS), asks_to_countersign(), countersigns(FIELDS),
            countersigns(ROADS, agrees=False), concludes(FIELDS), concludes(ROADS), concludes(WATER),
            closes(),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C1 C1 C5 C7 C10 C10 C10 C13"), QIANKOU,
    ),
)  # fmt: skip

STANDING_STILL = (
    Tale(
        "W69", "挂账,镇街有异议,按期复查后提前结束",
        (
            *at_work("客运站改造"), applies_for_parking("2026-07-31"),
            parks("objectToParking", CLERK, reason="希望尽早"), APPROVES,
            refused(concludes(), "whistle-is-parked"), on(28, 9),
            parks("reviewParking", head(ROADS), words="已完成设计"),
            parks("reachMilestone", head(ROADS), milestone=1), on(31, 9), ENDS_PARKING, concludes(),
            closes(),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept=f"{SIMPLE} C9 C16", void="C9"),
    ),
    Tale(
        "W70", "挂账到期,自动恢复",
        (
            *at_work("候车厅维修"), applies_for_parking("2026-05-08"), APPROVES, on(12, 9), concludes(),
            closes(),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept=SIMPLE, expired="C16"), HANZHANG,
    ),
    Tale(
        "W71", "挂账不批准",
        (
            *at_work("站牌更新"), applies_for_parking("2026-07-31"),
            parks("refuseParking", SUPERVISOR, reason="资金已落实"), concludes(), closes(),
        ),
        DONE, FUKAN,
    ),
    Tale(
        "W72", "第二次挂账由县领导批准",
        (
            *at_work("公交场站征地"), applies_for_parking("2026-06-30"), APPROVES, ENDS_PARKING,
            applies_for_parking("2026-07-31"), refused(APPROVES, "second-time-is-the-county-leaders"),
            APPROVES_AGAIN, ENDS_PARKING, concludes(), closes(),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept=f"{SIMPLE} C16 C16", void="C9 C9"), ZHANGGUOTUN,
    ),
    Tale(
        "W73", "挂账未批已办结",
        (
            *at_work("公交卡系统"), applies_for_parking("2026-06-30"), concludes(),
            refused(APPROVES, "no-parking-applied-for"), closes(),
        ),
        DONE, QIANKOU,
    ),
)  # fmt: skip

MORE_TIME = (
    Tale(
        "W74", "延期批准,按新的到期办结",
        (
            *at_work("护栏加固"), asks_for_time(), time_is("grantExtension"), on(15, 10), concludes(),
            closes(),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept=f"{SIMPLE} C11"), YANGCUN,
    ),
    Tale(
        "W75", "延期不批准",
        (
            *at_work("路肩硬化"), asks_for_time(), time_is("refuseExtension", reason="工期充足"),
            concludes(), closes(),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept=f"{SIMPLE} C11"), XISHAO,
    ),
    Tale(
        "W76", "延期逾期未决,视为不批准",
        (
            *at_work("涵洞疏通"), asks_for_time(), on(2, 9),
            refused(time_is("grantExtension"), "no-extension-applied-for"), concludes(), closes(),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept=SIMPLE, late="C11"), YUANCUN,
    ),
    Tale(
        "W77", "第二次延期由县领导批准",
        (
            *at_work("大修工程"), asks_for_time(7), time_is("grantExtension"), asks_for_time(3),
            refused(time_is("grantExtension"), "second-time-is-the-county-leaders"),
            time_is("grantExtension", COUNTY_LEADER), concludes(), closes(),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept=f"{SIMPLE} C11 C11"), HANZHANG,
    ),
)  # fmt: skip

ON_PAPER = (
    Tale(
        "W78", "电话办理,事后补录",
        (records(),),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C5 C7 C13"),
    ),
    Tale(
        "W79", "漏记的报到更正,超期撤销",
        (
            on(0, 10), *bus("电话已报到"), on(1, 11), reports_in(), proposes_correction(15),
            APPROVES_CORRECTION, concludes(), closes(),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C5 C7 C13", expired="C10"), FUKAN,
    ),
    Tale(
        "W80", "更正无据,不批准",
        (
            on(0, 10), *bus("自称已报到"), on(1, 11), reports_in(), proposes_correction(16),
            DECLINES_CORRECTION, concludes(), closes(),
        ),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED", kept="C5 C7 C13", late="C0 C1", expired="C10",
        ), ZHANGGUOTUN,
    ),
    Tale(
        "W81", "单位合并,在办的由新单位接手",
        (
            *unknown("燃气管道外露", GAS), confirms(), Await("gas supervised"), MERGES_UNITS,
            Mark("gas merged"), refused(reports_in(GAS), "unknown-case"), *work(TAP), closes(),
        ),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C5 C6 C7 C10 C13", parts={TAP: "CONCLUDED"},
        ), QIANKOU,
    ),
)  # fmt: skip

JOINED_AND_CHANGED: Final = (*JOINED, *STANDING_STILL, *MORE_TIME, *ON_PAPER)
