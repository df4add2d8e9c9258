"""The whistles that go their ordinary way: alone, over the desk, or grown out of letters and reports."""

from typing import Final

from tests.story.acts import (
    appeals,
    closes,
    concludes,
    confirms,
    corrects,
    decides_appeal,
    discards,
    does_not_accept,
    drafts,
    duty_officer_reports_in,
    gives_feedback,
    matter,
    raises,
    reports_in,
    reports_in_and_concludes,
    revises,
    sends_back,
    signs,
    submits,
)
from tests.story.matters import DONE, JUDGED, SIMPLE, bus, unknown, work
from tests.story.people import (
    AID,
    BUS,
    CHENGGUAN,
    CLERK,
    CROPS,
    DITCH,
    FIELDS,
    FUKAN,
    GUJINLOU,
    HANZHANG,
    JINDEGU,
    JUSTICE,
    LAND,
    LEADER,
    LIANGCUN,
    POWER,
    QIANKOU,
    ROADS,
    SIZHUANG,
    STREETS,
    TRACKS,
    WATER,
    XISHAO,
    YANGCUN,
    ZHANGGUOTUN,
)
from tests.story.tale import Await, Find, Mark, Tale, ends, refused

SIMPLE_ONES = (
    Tale(
        "W01", "早班公交停开",
        (*bus("早班公交停开"), *work(), closes()),
        DONE, calls=5,
    ),
    Tale(
        "W02", "公交绕行不停村口",
        (*bus("公交绕行不停村口"), *work(), closes()),
        DONE, HANZHANG, calls=5,
    ),
    Tale(
        "W03", "请求法律援助点",
        (raises(matter("请求法律援助点", AID, to=(JUSTICE,))), signs(), *work(JUSTICE), closes()),
        DONE, FUKAN, calls=5,
    ),
    Tale(
        "W04", "带班领导自己吹哨,来电时已办好",
        (raises(matter("站牌倒伏", BUS), LEADER), reports_in_and_concludes(), closes()),
        DONE, QIANKOU, calls=3,
    ),
    Tale(
        "W05", "值班员夜里报到",
        (raises(matter("末班车未到", BUS)), signs(), duty_officer_reports_in(), concludes(), closes()),
        DONE, GUJINLOU, calls=5,
    ),
    Tale(
        "W06", "网上报到",
        (*bus("公交卡充值点撤了"), reports_in(mode="ONLINE"), concludes(), closes()),
        DONE, YANGCUN, calls=5,
    ),
    Tale(
        "W07", "先反馈再办结",
        (
            *bus("公交提速扰民"), reports_in(), gives_feedback(), gives_feedback(content="已与司机谈话"),
            concludes(), closes(),
        ),
        DONE, XISHAO,
    ),
    Tale(
        "W08", "部分解决,基本满意",
        (
            *bus("公交线路延伸"), reports_in(), concludes(ROADS, "PARTLY"),
            closes("PARTLY", rating=(ROADS, "BASICALLY")),
        ),
        ends("CLOSED", cycle=1, verdicts="PARTLY", kept=SIMPLE), SIZHUANG,
    ),
    Tale(
        "W09", "解释说明,镇街认为未解决",
        (
            *bus("要求免费公交"), reports_in(), concludes(ROADS, "EXPLAINED"),
            closes("UNSOLVED", rating=(ROADS, "DISSATISFIED")),
        ),
        ends("CLOSED", cycle=1, verdicts="UNSOLVED", kept=SIMPLE), LIANGCUN,
    ),
    Tale(
        "W10", "先存草稿,改后再报",
        (
            drafts(matter("公交站无顶棚", BUS)), revises(matter("公交站无顶棚,雨天难等", BUS)), submits(),
            signs(), *work(), closes(),
        ),
        DONE, JINDEGU,
    ),
    Tale(
        "W11", "草稿作废",
        (drafts(matter("重复登记", BUS)), discards()),
        ends("DISCARDED", cycle=1), CHENGGUAN,
    ),
    Tale(
        "W12", "退回改写后再签",
        (
            raises(matter("公交", BUS)), sends_back("说清哪条线路"), revises(matter("3路公交停运", BUS)),
            submits(), signs(), *work(), closes(),
        ),
        DONE, HANZHANG,
    ),
    Tale(
        "W13", "书面报到,两个问题一个部门",
        (
            raises(matter("公交与候车亭", BUS, BUS)), signs(), reports_in(mode="WRITTEN"),
            concludes(ROADS, "SOLVED", "PARTLY"), closes("SOLVED", "SOLVED"),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED SOLVED", kept=SIMPLE), FUKAN,
    ),
)  # fmt: skip

WITH_THE_DESK = (
    Tale(
        "W14", "清单有主办和协办",
        (
            raises(matter("村西沟渠堵塞", DITCH, to=(WATER,))), signs(), reports_in(WATER),
            reports_in(FIELDS), concludes(FIELDS), reports_in(ROADS), gives_feedback(WATER),
            concludes(WATER), closes(),
        ),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C1 C1 C5 C7 C10 C10 C10 C13",
            parts={FIELDS: "CONCLUDED", ROADS: "REPORTED_IN"},
        ),
    ),
    Tale(
        "W15", "两家职责,派单员确认",
        (
            raises(matter("暴雨堵沟淹田", DITCH, CROPS, to=(WATER, FIELDS))), signs(), confirms(),
            reports_in(WATER), *work(FIELDS), concludes(WATER), closes(),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED SOLVED", kept="C0 C1 C1 C5 C6 C7 C10 C10 C13"),
    ),
    Tale(
        "W16", "无清单事项,派单员更正",
        (*unknown("路灯不亮", STREETS), corrects(POWER), *work(POWER), closes()),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C5 C6 C7 C10 C13", void="C1 C10 C13",
            parts={STREETS: "RELEASED"},
        ), ZHANGGUOTUN,
    ),
    Tale(
        "W17", "复杂事项十个工作日",
        (*unknown("河堤裂缝", WATER), confirms(complex_reason="需专家论证"), *work(WATER), closes()),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept=JUDGED), QIANKOU,
    ),
    Tale(
        "W18", "清单所列复杂事项",
        (
            raises(matter("机耕路塌陷", TRACKS, to=(FIELDS,))), signs(), reports_in(WATER), *work(FIELDS),
            closes(),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C1 C5 C7 C10 C10 C13"), GUJINLOU,
    ),
    Tale(
        "W19", "无人认领,暂定主办照办,转权责争议",
        (
            *unknown("废弃井口", STREETS, WATER), confirms(owner_found=False), Mark("W19 disputed"),
            reports_in(STREETS), Await("D02 executed"), *work(WATER), closes(),
        ),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C1 C5 C6 C7 C10 C10 C13", void="C13",
            parts={WATER: "CONCLUDED"},
        ), YANGCUN,
    ),
    Tale(
        "W20", "不予受理,不申诉",
        (*unknown("村内垃圾清运", STREETS), does_not_accept()),
        ends("NOT_ACCEPTED", cycle=1, verdicts="-", void="C0 C1 C5 C6 C10 C13"), XISHAO,
    ),
    Tale(
        "W21", "不予受理,申诉成立再派",
        (
            *unknown("跨乡镇排水", WATER), does_not_accept("FACTS_MISSING"), appeals(),
            decides_appeal(True), *work(WATER), closes(),
        ),
        ends(
            "CLOSED", cycle=2, verdicts="SOLVED", kept="C1 C5 C7 C10 C13", void="C0 C1 C5 C6 C10 C13",
        ), SIZHUANG,
    ),
    Tale(
        "W22", "不予受理,申诉不成立",
        (
            *unknown("邻里宅基纠纷", LAND), does_not_accept("BELONGS_TO_ANOTHER_CHANNEL"), appeals(),
            decides_appeal(False),
        ),
        ends("NOT_ACCEPTED", cycle=1, verdicts="-", void="C0 C1 C5 C6 C10 C13"), LIANGCUN,
    ),
    Tale(
        "W23", "部门已报到,不得再不受理",
        (
            *unknown("广告牌松动", STREETS), reports_in(STREETS),
            refused(does_not_accept(), "department-has-reported-in"), confirms(), concludes(STREETS),
            closes(),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept=JUDGED), JINDEGU,
    ),
)  # fmt: skip

PROMOTED = (
    Tale(
        "W58", "来信转哨单",
        (
            Await("L09 promoted"), Find(CLERK, "WHISTLE", {"text": "群众反映公交线路撤销"}),
            refused(submits(), "whistle-needs-a-village"), revises(matter("群众反映公交线路撤销", "-")),
            submits(), signs(), confirms(), *work(), closes(),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept=JUDGED),
    ),
    Tale(
        "W59", "网格上报转哨单",
        (Await("G21 promoted"), submits(), signs(), confirms(), *work(), closes()),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept=JUDGED),
    ),
    Tale(
        "W60", "网格上报转哨单后发现重复,作废",
        (Await("G22 promoted"), discards()),
        ends("DISCARDED", cycle=1), HANZHANG,
    ),
    Tale(
        "W62", "居民上报转哨单",
        (Await("G23 promoted"), submits(), signs(), confirms(), *work(), closes()),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept=JUDGED), XISHAO,
    ),
    Tale(
        "W63", "站台破损",
        (Await("G26 promoted"), submits(), signs(), confirms(), *work(), closes()),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept=JUDGED), GUJINLOU,
    ),
    Tale(
        "W61", "经办起草领导提交",
        (drafts(matter("公交专用道", BUS)), submits(LEADER), *work(), closes(by=LEADER)),
        DONE, YANGCUN,
    ),
)  # fmt: skip

PLAIN: Final = (*SIMPLE_ONES, *WITH_THE_DESK, *PROMOTED)
