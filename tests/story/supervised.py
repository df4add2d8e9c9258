"""What is pursued in the week: orders and how they end, exemptions, checks, appeals, and what is let be."""

from typing import Final

from tests.story.acts import (
    closes,
    concludes,
    confirms,
    corrects,
    does_not_accept,
    gives_feedback,
    matter,
    raises,
    reports_in,
    signs,
    withdraws,
)
from tests.story.joined_whistles import APPROVES_CORRECTION, GAS, TAP, judges, merges, proposes_correction
from tests.story.letters import RESOLVES, responds, writes
from tests.story.matters import DONE, SIMPLE, bus, unknown, work
from tests.story.people import (
    AID,
    BUS,
    CHENGGUAN,
    COUNTY_LEADER,
    FIELDS,
    FUKAN,
    GUJINLOU,
    HANZHANG,
    JINDEGU,
    JUSTICE,
    LEADER,
    LIANGCUN,
    POWER,
    QIANKOU,
    ROADS,
    SECOND_SUPERVISOR,
    SIZHUANG,
    STREETS,
    SUPERVISOR,
    WATER,
    XISHAO,
    YANGCUN,
    ZHANGGUOTUN,
    head,
    liaison,
)
from tests.story.pursuit import (
    BY_HAND,
    appeals,
    assigns,
    claims,
    clears_name,
    closes_order,
    decides,
    decides_appeal,
    decides_restatement,
    declines_order,
    draws,
    finds,
    freezes,
    gives_up,
    hears,
    instructs,
    issues,
    refers,
    releases_trace_back,
    replies,
    restates,
    supervises,
)
from tests.story.tale import Await, Ending, Mark, Step, Tale, ends, on, refused

CHECKER, STRANGER = liaison(FIELDS), liaison(WATER)


def overdue(orders: tuple[str, ...] | None = None, results: tuple[str, ...] | None = None) -> Ending:
    """A whistle to which its one department came a day or two late."""
    clocks = {"kept": "C5 C7 C13", "late": "C0 C1", "expired": "C10"}
    return Ending("CLOSED", 1, "SOLVED", {}, clocks, orders, results)


def silent(text: str, days: int) -> tuple[Step, ...]:
    """Raised and signed that Monday at ten; transport has not reported in so many days later at eleven."""
    return on(0, 10), *bus(text), on(days, 11)


ORDERED = (
    Tale(
        "S01", "三天不报到,红色督查单,回复销号,材料发布",
        (
            *silent("无人报到", 10), refused(issues("C1"), "unit-not-heard-yet"),
            refused(hears("C1", COUNTY_LEADER), "unit-matters-are-the-offices"), hears("C1"), issues("C1"),
            refused(replies("C1", head(WATER)), "unknown-matter"),
            refused(closes_order("C1"), "order-not-replied-to"), reports_in(), replies("C1", head(ROADS)),
            closes_order("C1"), refused(supervises(ROADS, late="C1"), "matter-settled-already"),
            refused(releases_trace_back(COUNTY_LEADER), "not-permitted"), concludes(), closes(),
            releases_trace_back(),
        ),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED", kept="C5 C7", late="C0 C1 C13", expired="C10",
            orders=(
                "C1 ORANGE transport WITHDRAWN raised-to-red", "C1 RED transport CLOSED",
                "C13 ORANGE transport WITHDRAWN whistle-closed",
            ), results=("ORDER_CLOSED",),
        ),
    ),
    Tale(
        "S02", "减负办自己逾期,提级由县领导督办",
        (
            on(0, 10), writes("减负台账久无答复"), on(12, 9),
            refused(hears("C3"), "office-matters-are-the-county-leaders"), hears("C3", COUNTY_LEADER),
            issues("C3", COUNTY_LEADER), replies("C3", SUPERVISOR), closes_order("C3", COUNTY_LEADER),
            responds(), RESOLVES,
        ),
        ends(
            "RESOLVED", late="C3", kept="C4",
            orders=(
                "C3 ORANGE burden-reduction-office WITHDRAWN raised-to-red",
                "C3 RED burden-reduction-office CLOSED",
            ), results=("ORDER_CLOSED",),
        ),
    ),
    Tale(
        "S03", "人工督办后撤回",
        (
            *bus("站点改线"), refused(supervises(ROADS, by=LEADER), "not-permitted"), supervises(ROADS),
            gives_up(BY_HAND), *work(), closes(),
        ),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED", kept=SIMPLE,
            orders=("- ORANGE transport WITHDRAWN by-hand",), results=(),
        ), HANZHANG,
    ),
    Tale(
        "S04", "拟发红色,陈述属实,不予签发并正名",
        (
            *bus("候车亭迁移"), supervises(ROADS, "RED"),
            refused(clears_name(BY_HAND), "order-is-out-already"),
            refused(declines_order(BY_HAND), "unit-not-heard-yet"), hears(BY_HAND), declines_order(BY_HAND),
            clears_name(BY_HAND), *work(), closes(),
        ),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED", kept=SIMPLE, orders=("- RED transport DECLINED",),
            results=("NAME_CLEARED", "NOT_PURSUED"),
        ), FUKAN,
    ),
    Tale(
        "S05", "蓝色只是提示,不需回复",
        (*silent("晚到一小时", 1), refused(replies("C1", head(ROADS)), "unknown-matter"), *work(), closes()),
        overdue((), ()), ZHANGGUOTUN,
    ),
    Tale(
        "S06", "移送后不再容错",
        (
            *silent("失职嫌疑", 2), refers("C1"), refused(claims("C1", head(ROADS)), "breach-was-referred"),
            *work(), closes(),
        ),
        overdue(("C1 ORANGE transport WITHDRAWN settled",), ("REFERRED",)), QIANKOU,
    ),
    Tale(
        "S07", "单位合并,督查单随之移交",
        (
            *unknown("燃气表箱锈蚀", GAS), confirms(), supervises(GAS), Mark("gas supervised"),
            Await("gas merged"), replies(BY_HAND, head(TAP)), closes_order(BY_HAND), *work(TAP), closes(),
        ),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C5 C6 C7 C10 C13",
            orders=("- ORANGE tap-water CLOSED",), results=("ORDER_CLOSED",),
        ), GUJINLOU,
    ),
    Tale(
        "S08", "县领导批示",
        (
            *bus("县领导关注线路"), refused(instructs(SUPERVISOR), "not-permitted"), instructs(), *work(),
            closes(),
        ),
        DONE, YANGCUN,
    ),
)  # fmt: skip

FALLEN = (
    Tale(
        "S09", "先斩后奏的断桥,容错成立,撤回并正名",
        (
            *silent("断桥绕行", 2), claims("C1", head(ROADS)),
            refused(decides("C1", True, head(ROADS)), "not-permitted"), decides("C1", True),
            refused(supervises(ROADS, "RED", late="C1"), "matter-settled-already"), clears_name("C1"),
            *work(), closes(),
        ),
        overdue(("C1 ORANGE transport WITHDRAWN exempted",), ("EXEMPTED", "NAME_CLEARED")), XISHAO,
    ),
    Tale(
        "S10", "减负办代为申请,县领导不予容错",
        (
            *silent("首次晚到", 1), claims("C1", SUPERVISOR),
            refused(decides("C1", True, SECOND_SUPERVISOR), "exemption-is-another-units-to-decide"),
            decides("C1", False, COUNTY_LEADER), *work(), closes(),
        ),
        overdue((), ()), SIZHUANG,
    ),
    Tale(
        "S11", "漏记的报到更正,督查单随超期撤销",
        (
            *silent("电话报到漏记", 2), reports_in(), refused(clears_name("C1"), "breach-stands"),
            proposes_correction(15), APPROVES_CORRECTION, clears_name("C1"), concludes(), closes(),
        ),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C5 C7 C13", expired="C10",
            orders=("C1 ORANGE transport WITHDRAWN breach-annulled",), results=("NAME_CLEARED",),
        ), LIANGCUN,
    ),
    Tale(
        "S12", "销哨后不再升级",
        (*silent("晚到后办结", 2), *work(), closes(), on(10, 11)),
        overdue(("C1 ORANGE transport WITHDRAWN whistle-closed",), ()), JINDEGU,
    ),
    Tale(
        "S13", "两镇一事,先签的为主,督办只及后签的",
        (
            on(0, 10), *bus("两镇交界断线"), reports_in(), gives_feedback(), Mark("S13 out"),
            Await("S14 merged"), *work(JUSTICE), concludes(), judges(HANZHANG), closes(),
        ),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED SOLVED", kept="C0 C1 C1 C5 C7 C10 C10 C13", orders=(),
        ), CHENGGUAN,
    ),
    Tale(
        "S14", "并入后督办即止",
        (
            Await("S13 out"), raises(matter("两镇交界断线", AID, to=(JUSTICE,))), signs(), on(2, 11),
            merges("S13"), Mark("S14 merged"), on(10, 11),
        ),
        ends(
            "MERGED", cycle=1, verdicts="SOLVED", void_late="C0 C1", expired="C10", void="C5 C13",
            orders=("C1 ORANGE justice WITHDRAWN merged",), results=(),
        ), HANZHANG,
    ),
    Tale(
        "S15", "时限作废后不再升级",
        (
            on(0, 10), *unknown("路灯杆倾斜", STREETS), on(1, 11), corrects(POWER), *work(POWER), closes(),
            on(10, 11),
        ),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED", kept="C1 C5 C7 C10 C13", late="C0 C6", void_late="C1",
            expired="C10", void="C13", orders=(), results=(),
        ), FUKAN,
    ),
    Tale(
        "S16", "撤哨后督办即止",
        (*bus("误报断线"), supervises(ROADS), withdraws()),
        ends(
            "WITHDRAWN", cycle=1, verdicts="-", void=SIMPLE.replace(" C7", ""),
            orders=("- ORANGE transport WITHDRAWN withdrawn",), results=(),
        ), ZHANGGUOTUN,
    ),
    Tale(
        "S17", "不予受理后督办即止",
        (*unknown("村内自办事项", STREETS), supervises(STREETS), does_not_accept()),
        ends(
            "NOT_ACCEPTED", cycle=1, verdicts="-", void="C0 C1 C5 C6 C10 C13",
            orders=("- ORANGE urban-management WITHDRAWN not-accepted",), results=(),
        ), QIANKOU,
    ),
)  # fmt: skip

COUNTED = (
    Tale(
        "S18", "抽查合格",
        (
            raises(matter("重点线路开通", BUS, kind="KEY_WORK")), signs(), *work(), closes(), on(10, 10),
            refused(draws("2026-05"), "period-not-over"), draws(),
            refused(draws(seed=1), "checks-drawn-already"), Mark("checks drawn"),
            refused(assigns(liaison(ROADS)), "checker-is-concerned"),
            refused(finds(True, CHECKER), "check-not-assigned"), assigns(CHECKER),
            refused(finds(True, STRANGER), "only-the-checker-may"), finds(True, CHECKER),
        ),
        DONE, GUJINLOU,
    ),
    Tale(
        "S19", "抽查不合格,系统重新吹哨",
        (
            raises(matter("联合治超", BUS, kind="JOINT_ENFORCEMENT")), signs(), *work(), closes(),
            Await("checks drawn"), assigns(CHECKER), finds(False, CHECKER), *work(), closes(),
        ),
        ends("CLOSED", cycle=2, verdicts="SOLVED", kept="C0 C1 C1 C5 C7 C7 C8 C10 C10 C13"), YANGCUN,
    ),
    Tale(
        "S20", "统计申诉成立,定稿更正",
        (
            *silent("停电当日", 1), *work(), closes(),
            refused(appeals("C1", head(WATER)), "unknown-figure-item"), appeals("C1", head(ROADS)),
            on(13, 7), refused(freezes("2026-05"), "period-not-over"), freezes(),
            refused(restates(), "nothing-to-restate"), decides_appeal("C1", True), restates(),
            refused(decides_restatement(1, True, SUPERVISOR), "second-person-needed"),
            decides_restatement(1, False), restates(), decides_restatement(2, True),
        ),
        overdue(), XISHAO,
    ),
    Tale(
        "S21", "统计申诉不成立",
        (*silent("无据申诉", 1), *work(), closes(), appeals("C1", head(ROADS)), decides_appeal("C1", False)),
        overdue(), SIZHUANG,
    ),
)  # fmt: skip

SUPERVISED: Final = (*ORDERED, *FALLEN, *COUNTED)
