"""The letters of the week."""

from typing import Any, Final

from tests.story.people import (
    CLERK,
    FIELDS,
    HANZHANG,
    LEADER,
    RESIDENT,
    ROADS,
    STREETS,
    SUPERVISOR,
    WATER,
    WORKER,
    XISHAO,
    YUANCUN,
    liaison,
)
from tests.story.tale import Act, Await, Mark, Tale, ends, on, refused
from tests.system.county import Person

RECEIPT: Final = "7d1f9a52-5a64-4c57-8f3b-0a3c1f5e9b21"
"""What an anonymous writer keeps."""
KEPT: Final = "C3 C4"


def writes(title: str, by: Person = RESIDENT, *, anonymous: bool = False, receipt: str = "") -> Act:
    """A letter to the office."""
    words: dict[str, Any] = {"title": title, "text": f"{title}:具体情况如下。", "anonymous": anonymous}
    return Act(by, "submitLetter", words | ({"idempotencyKey": receipt} if receipt else {}))


def office(verb: str, **words: Any) -> Act:
    """What the office does with it."""
    return Act(SUPERVISOR, verb, words)


def responds(*, final: bool = False) -> Act:
    """答复."""
    return office("respondToLetter", content="已了解并转有关单位", final=final)


def releases(unit: str) -> Act:
    """脱敏公开."""
    return office("releaseLetter", unit=unit, words="某镇反映报表重复")


def hands_over(unit: str, words: str = "") -> Act:
    """转办."""
    return office("handOverLetter", unit=unit, **({"words": words} if words else {}))


def reports_on(by: Person) -> Act:
    """承办单位反馈."""
    return Act(by, "reportOnLetter", {"content": "已停报重复报表"})


def appraises(rating: str, by: Person = RESIDENT, receipt: str = "") -> Act:
    """评价, by its writer."""
    return Act(by, "appraiseLetter", {"rating": rating} | ({"receipt": receipt} if receipt else {}))


RESOLVES = office("resolveLetter", content="已办结")
DECLINES = office("notAcceptLetter", reason="不属意见直通车受理范围")
REFERS = office("referLetterUp", authority="市减负办", reason="涉及市级文件")
RESOLVED = ends("RESOLVED", kept=KEPT)

LETTERS: Final = (
    Tale(
        "L01", "答复即办结",
        (writes("台账太多"), responds(final=True)),
        RESOLVED,
    ),
    Tale(
        "L02", "先答复后办结",
        (writes("重复填表"), responds(), RESOLVES),
        RESOLVED, XISHAO,
    ),
    Tale(
        "L03", "匿名来信,凭回执评价",
        (
            writes("微信群打卡", anonymous=True, receipt=RECEIPT), responds(), RESOLVES,
            appraises("SATISFIED", receipt=RECEIPT),
        ),
        ends("APPRAISED", kept=KEPT),
    ),
    Tale(
        "L04", "实名来信,写信人评价",
        (
            writes("夜间报数"), responds(), RESOLVES,
            refused(appraises("SATISFIED", CLERK), "unknown-case"), appraises("BASICALLY"),
        ),
        ends("APPRAISED", kept=KEPT),
    ),
    Tale(
        "L05", "脱敏、转办、反馈、办结",
        (
            writes("一表多报", CLERK), releases(FIELDS), hands_over(FIELDS), reports_on(liaison(FIELDS)),
            responds(), RESOLVES,
        ),
        RESOLVED,
    ),
    Tale(
        "L06", "只公开不转办",
        (
            writes("检查过频", CLERK), releases(STREETS),
            refused(reports_on(liaison(STREETS)), "unknown-case"), responds(final=True),
        ),
        RESOLVED, HANZHANG,
    ),
    Tale(
        "L07", "不予受理并说明",
        (writes("个人诉讼"), DECLINES),
        ends("NOT_ACCEPTED", kept=KEPT), XISHAO,
    ),
    Tale(
        "L08", "上报上级",
        (writes("市级考核指标过多", LEADER), REFERS),
        ends("REFERRED_UP", kept=KEPT),
    ),
    Tale(
        "L09", "转哨单",
        (
            writes("公交线路撤销"),
            office("promoteLetter", township=YUANCUN, text="群众反映公交线路撤销", departments=[ROADS]),
            Mark("L09 promoted"), responds(), RESOLVES,
        ),
        RESOLVED,
    ),
    Tale(
        "L10", "转权责争议",
        (
            writes("门头招牌归谁管", CLERK), responds(), Mark("L10 answered"), Await("L10 disputed"),
            RESOLVES,
        ),
        RESOLVED,
    ),
    Tale(
        "L11", "答复超过三个工作日",
        (on(0, 10), writes("请求减少会议"), on(9, 9), responds(), RESOLVES),
        ends("RESOLVED", late="C3", kept="C4"),
    ),
    Tale(
        "L12", "办结超过七个工作日",
        (on(0, 10), writes("问责泛化"), responds(), on(15, 9), RESOLVES),
        ends("RESOLVED", kept="C3", late="C4"), XISHAO,
    ),
    Tale(
        "L13", "网格员来信",
        (writes("网格系统重复录入", WORKER), responds(final=True)),
        RESOLVED, HANZHANG,
    ),
    Tale(
        "L14", "附文字直接转办",
        (
            writes("资料重复报送", CLERK), hands_over(WATER, "某镇反映水利资料重复报送"),
            reports_on(liaison(WATER)), RESOLVES,
        ),
        RESOLVED,
    ),
    Tale(
        "L15", "转办两家,镇街也反馈",
        (
            writes("迎检材料过多"), hands_over(WATER, "迎检材料过多"), hands_over(YUANCUN, "迎检材料过多"),
            reports_on(liaison(WATER)), reports_on(LEADER), RESOLVES,
        ),
        RESOLVED,
    ),
    Tale(
        "L16", "未单独答复,直接办结",
        (writes("挂牌过多", CLERK), RESOLVES),
        RESOLVED, HANZHANG,
    ),
    Tale(
        "L17", "不予受理后仍可评价",
        (writes("邻里纠纷"), DECLINES, appraises("DISSATISFIED")),
        ends("APPRAISED", kept=KEPT), XISHAO,
    ),
    Tale(
        "L18", "转办后上报",
        (
            writes("涉农补贴系统", CLERK), hands_over(FIELDS, "补贴系统重复登记"),
            reports_on(liaison(FIELDS)), REFERS,
        ),
        ends("REFERRED_UP", kept=KEPT),
    ),
    Tale(
        "L19", "无人答复,两个时限都超期",
        (on(0, 10), writes("久未答复"), on(15, 9)),
        ends("SUBMITTED", overdue=KEPT),
    ),
    Tale(
        "L20", "未公开不得转办",
        (
            writes("借调过多", CLERK), refused(hands_over(FIELDS), "not-released-to-this-unit"),
            responds(final=True),
        ),
        RESOLVED, HANZHANG,
    ),
)  # fmt: skip
