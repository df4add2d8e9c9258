"""The whistles that are returned, come again, are withdrawn, come at night or come too late."""

from typing import Final

from tests.story.acts import (
    accepts_return,
    asks_to_return,
    closes,
    concludes,
    confirms,
    consents,
    duty_officer_reports_in,
    gives_feedback,
    matter,
    raises,
    raises_again,
    refuses_consent,
    refuses_return,
    releases,
    reports_in,
    reworks,
    signs,
    withdraws,
)
from tests.story.matters import DONE, SIMPLE, bus, fireworks, unknown, work
from tests.story.people import (
    BUS,
    CHENGGUAN,
    FIELDS,
    FINANCE,
    FUKAN,
    GUJINLOU,
    HANZHANG,
    HOUSES,
    JINDEGU,
    LAND,
    LEADER,
    LIANGCUN,
    POLICE,
    QIANKOU,
    RESCUE,
    ROAD,
    ROADS,
    SIZHUANG,
    STREETS,
    SUPERVISOR,
    WATER,
    XISHAO,
    YANGCUN,
    ZHANGGUOTUN,
)
from tests.story.tale import Await, Mark, Tale, ends, on, refused

RETURNED = (
    Tale(
        "W24", "退哨成立,转新部门",
        (
            *bus("河道采砂"), asks_to_return(ROADS, WATER), refused(reports_in(), "return-requested"),
            accepts_return(ROADS), *work(WATER), closes(),
        ),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C5 C7 C10 C10 C13 C15", void="C13",
            returned="C1", parts={ROADS: "RETURNED"},
        ),
    ),
    Tale(
        "W25", "派单差错,原时限作废",
        (
            *bus("工地扬尘"), asks_to_return(ROADS, HOUSES), accepts_return(ROADS, error=True),
            *work(HOUSES), closes(),
        ),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C5 C7 C10 C10 C13 C15", void="C1 C13",
            parts={ROADS: "RETURNED"},
        ), HANZHANG,
    ),
    Tale(
        "W26", "退哨驳回,原部门办理",
        (
            *bus("站台积水"), asks_to_return(ROADS, WATER), refuses_return(ROADS),
            refused(asks_to_return(ROADS, WATER), "return-only-once"), *work(), closes(),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C5 C7 C10 C13 C15"), FUKAN,
    ),
    Tale(
        "W27", "三次退转,提级",
        (
            *bus("无主堆场"), asks_to_return(ROADS, STREETS), accepts_return(ROADS),
            asks_to_return(STREETS, HOUSES), accepts_return(STREETS), asks_to_return(HOUSES, LAND),
            accepts_return(HOUSES), *work(LAND), closes(),
        ),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C5 C7 C10 C10 C10 C10 C13 C15 C15 C15",
            void="C13 C13 C13", returned="C1 C1 C1",
        ), ZHANGGUOTUN,
    ),
    Tale(
        "W28", "报到后不得退哨",
        (
            *bus("候车亭改造"), reports_in(),
            refused(asks_to_return(ROADS, HOUSES), "return-after-report-in"), concludes(), closes(),
        ),
        DONE, QIANKOU,
    ),
    Tale(
        "W29", "镇街解除协办",
        (raises(matter("县道坑槽", ROAD)), signs(), releases(FINANCE, LEADER), *work(), closes()),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED", kept=SIMPLE, void="C1 C10", parts={FINANCE: "RELEASED"},
        ), GUJINLOU,
    ),
    Tale(
        "W30", "减负办解除协办",
        (raises(matter("县道护栏", ROAD)), signs(), releases(FINANCE), *work(), closes()),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED", kept=SIMPLE, void="C1 C10", parts={FINANCE: "RELEASED"},
        ), YANGCUN,
    ),
    Tale(
        "W31", "首接先报到再争议,裁定改派",
        (
            *bus("桥下空间占用"), reports_in(), Mark("W31 reported"), Await("D01 executed"), *work(STREETS),
            closes(),
        ),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C1 C5 C7 C10 C10 C13", void="C13",
            parts={ROADS: "RELEASED", STREETS: "CONCLUDED"},
        ), XISHAO,
    ),
    Tale(
        "W32", "裁定时哨单已销",
        (*bus("路边修车摊"), reports_in(), Mark("W32 reported"), concludes(), closes(), Mark("W32 closed")),
        DONE, SIZHUANG,
    ),
)  # fmt: skip

AGAIN = (
    Tale(
        "W33", "退回重办",
        (*bus("发车间隔过长"), *work(), reworks(), concludes(), closes()),
        ends("CLOSED", cycle=2, verdicts="SOLVED", kept="C0 C1 C5 C7 C7 C8 C10 C13"), LIANGCUN,
    ),
    Tale(
        "W34", "销哨后反弹,镇街重新吹哨",
        (*bus("公交又停开"), *work(), closes(), raises_again(), *work(), closes()),
        ends("CLOSED", cycle=2, verdicts="SOLVED", kept="C0 C1 C1 C5 C7 C7 C8 C10 C10 C13"), JINDEGU,
    ),
    Tale(
        "W35", "抽查不合格,减负办重新吹哨",
        (
            *bus("站牌时刻错误"), *work(), closes(), raises_again("抽查不合格", SUPERVISOR), *work(),
            closes(),
        ),
        ends("CLOSED", cycle=2, verdicts="SOLVED", kept="C0 C1 C1 C5 C7 C7 C8 C10 C10 C13"), CHENGGUAN,
    ),
    Tale(
        "W36", "第三轮提级",
        (
            *bus("反复停运"), *work(), closes(), raises_again(), *work(), closes(), raises_again(), *work(),
            closes(),
        ),
        ends(
            "CLOSED", cycle=3, verdicts="SOLVED", kept="C0 C1 C1 C1 C5 C7 C7 C7 C8 C8 C10 C10 C10 C13",
        ), HANZHANG,
    ),
    Tale(
        "W37", "销哨三十日后不得重新吹哨",
        (
            *bus("夏季时刻表"), *work(), closes(), on(31, 9),
            refused(raises_again(), "too-late-to-raise-again"),
        ),
        DONE, FUKAN,
    ),
)  # fmt: skip

WITHDRAWN = (
    Tale(
        "W38", "签发前撤哨",
        (raises(matter("误报停电", BUS)), withdraws()),
        ends("WITHDRAWN", cycle=1, verdicts="-"), ZHANGGUOTUN,
    ),
    Tale(
        "W39", "派单后、报到前撤哨",
        (*bus("已自行解决"), withdraws()),
        ends("WITHDRAWN", cycle=1, verdicts="-", void=SIMPLE.replace(" C7", "")), QIANKOU,
    ),
    Tale(
        "W40", "报到后撤哨,减负办同意",
        (
            *bus("村里修好了"), reports_in(), refused(withdraws(), "withdrawal-needs-consent"),
            withdraws(ask=True), consents(),
        ),
        ends("WITHDRAWN", cycle=1, verdicts="-", kept="C0 C1 C10", void="C5 C13"), GUJINLOU,
    ),
    Tale(
        "W41", "报到后撤哨,减负办不同意",
        (*bus("不想再等"), reports_in(), withdraws(ask=True), refuses_consent(), concludes(), closes()),
        DONE, YANGCUN,
    ),
    Tale(
        "W42", "退哨审批中撤哨",
        (*bus("重复吹哨"), asks_to_return(ROADS, WATER), withdraws()),
        ends("WITHDRAWN", cycle=1, verdicts="-", kept="C10", void="C0 C1 C5 C13 C15"), XISHAO,
    ),
)  # fmt: skip

AT_NIGHT = (
    Tale(
        "W43", "傍晚签发,次日八时三十分派单",
        (on(0, 18, 30), *bus("夜里公交停放占道"), on(1, 8, 31), *work(), closes()),
        DONE, SIZHUANG,
    ),
    Tale(
        "W44", "傍晚签发,立即派单",
        (
            on(0, 18, 30), raises(matter("末班车抛锚", BUS)), signs(now=True), duty_officer_reports_in(),
            concludes(), on(1, 9), closes(),
        ),
        DONE, LIANGCUN,
    ),
    Tale(
        "W45", "傍晚签发,派单前撤哨",
        (on(0, 18, 30), *bus("晚间误报"), withdraws(), on(1, 8, 31)),
        ends("WITHDRAWN", cycle=1, verdicts="-"), JINDEGU,
    ),
    Tale(
        "W46", "应急先吹哨,二十四小时内补签",
        (
            on(1, 22), raises(fireworks("疑似烟花爆竹存放点")), duty_officer_reports_in(RESCUE),
            duty_officer_reports_in(POLICE), on(2, 9), signs(), concludes(RESCUE), closes(),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C1 C5 C7 C10 C10 C13 C14"), CHENGGUAN,
    ),
    Tale(
        "W47", "应急由领导直接吹哨",
        (
            on(1, 22), raises(fireworks("仓库冒烟"), LEADER), duty_officer_reports_in(RESCUE),
            duty_officer_reports_in(POLICE), concludes(RESCUE), on(2, 9), closes(),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C1 C5 C7 C10 C10 C13 C14"), HANZHANG,
    ),
    Tale(
        "W48", "应急无人应答、无人补签",
        (
            on(1, 22), raises(fireworks("深夜爆竹")), on(3, 9), signs(), duty_officer_reports_in(RESCUE),
            reports_in(POLICE), concludes(RESCUE), closes(),
        ),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED", kept="C7", late="C0 C1 C1 C5 C13 C14", expired="C10 C10",
        ), FUKAN,
    ),
)  # fmt: skip

LATE = (
    Tale(
        "W49", "报到超期,照样办结",
        (on(0, 10), *bus("客车甩客"), on(1, 11), *work(), closes()),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED", kept="C5 C7 C13", late="C0 C1", expired="C10",
        ), ZHANGGUOTUN,
    ),
    Tale(
        "W50", "派单员确认超期",
        (
            on(0, 10), *unknown("河道漂浮物", WATER), reports_in(WATER), on(1, 11), confirms(),
            concludes(WATER), closes(),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C5 C7 C10 C13", late="C6"), QIANKOU,
    ),
    Tale(
        "W51", "首次反馈超期",
        (on(0, 10), *bus("线路改道"), reports_in(), on(3, 9), on(9, 9), on(10, 9), concludes(), closes()),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C5 C7 C10", late="C13"), GUJINLOU,
    ),
    Tale(
        "W52", "办理超期,升到橙色督办",
        (on(0, 10), *bus("长期停运"), reports_in(), gives_feedback(), on(15, 10), concludes(), closes()),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C7 C10 C13", late="C5"), YANGCUN,
    ),
    Tale(
        "W53", "镇街逾期不评,自动销哨",
        (on(0, 10), *bus("无人回访"), *work(), on(10, 9)),
        ends("CLOSED", cycle=1, verdicts="-", kept="C0 C1 C5 C10 C13", expired="C7"), XISHAO,
    ),
    Tale(
        "W54", "重办超期",
        (on(0, 10), *bus("整改不到位"), *work(), reworks(), on(10, 9), concludes(), closes()),
        ends("CLOSED", cycle=2, verdicts="SOLVED", kept="C0 C1 C5 C7 C7 C10 C13", late="C8"), SIZHUANG,
    ),
    Tale(
        "W55", "退哨审批超期,算减负办的",
        (
            on(0, 10), *bus("田间道路"), asks_to_return(ROADS, FIELDS), on(1, 9), refuses_return(ROADS),
            *work(), closes(),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept="C0 C1 C5 C7 C10 C13", late="C15"), LIANGCUN,
    ),
    Tale(
        "W56", "超出退哨时限",
        (
            on(0, 9), *bus("应予养护"), on(1, 9, 30),
            refused(asks_to_return(ROADS, WATER), "return-window-over"), *work(), closes(),
        ),
        ends("CLOSED", cycle=1, verdicts="SOLVED", kept="C5 C7 C13", late="C0 C1", expired="C10"), JINDEGU,
    ),
    Tale(
        "W57", "协办迟迟不结,主办先结",
        (
            on(0, 10), raises(matter("县道路灯", ROAD)), signs(), reports_in(), concludes(), on(1, 11),
            closes(),
        ),
        ends(
            "CLOSED", cycle=1, verdicts="SOLVED", kept=SIMPLE, void_late="C1", expired="C10",
            parts={FINANCE: "AWAITING_REPORT_IN"},
        ), CHENGGUAN,
    ),
)  # fmt: skip

HARD: Final = (*RETURNED, *AGAIN, *WITHDRAWN, *AT_NIGHT, *LATE)
