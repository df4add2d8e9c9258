"""The grid reports of the week."""

from typing import Any, Final

from tests.story.people import (
    CHENGGUAN,
    CLERK,
    FUKAN,
    GUJINLOU,
    HANZHANG,
    JINDEGU,
    LIANGCUN,
    QIANKOU,
    RESIDENT,
    ROADS,
    SIZHUANG,
    WORKER,
    XISHAO,
    YANGCUN,
    YUANCUN,
    ZHANGGUOTUN,
)
from tests.story.tale import Act, Mark, Tale, VillageHere, ends, refused
from tests.system.county import Person


def reports(title: str, by: Person = WORKER, **more: Any) -> Act:
    """上报."""
    source = {"resident": "RESIDENT", "grid_worker": "GRID_WORKER", "township_clerk": "STAFF"}[by.role]
    words = {"title": title, "text": f"{title},请处理。", "source": source, "village": VillageHere()}
    return Act(by, "fileGridReport", {"report": words | more})


def closes(by: Person = WORKER) -> Act:
    """办结并回告."""
    return Act(by, "closeGridReport", {"reply": "已处理,谢谢上报"})


def replies(by: Person = WORKER) -> Act:
    """回告."""
    return Act(by, "replyToReporter", {"reply": "正在处理,稍候答复"})


def routes_away(matter: str, by: Person = CLERK) -> Act:
    """分流."""
    return Act(by, "routeAwayGridReport", {"matter": matter})


def promotes(code: str) -> Act:
    """转哨单."""
    return Act(CLERK, "promoteGridReport", {"departments": [ROADS]}, opens=code)


IN_GRID, BY_TOWNSHIP = ends("CLOSED_IN_GRID"), ends("CLOSED_BY_TOWNSHIP")
ELSEWHERE, WHISTLED, OPEN = ends("ROUTED_AWAY"), ends("PROMOTED"), ends("REPORTED")

_SMALL: Final = (
    ("路面积水", YUANCUN), ("垃圾未清", HANZHANG), ("井盖松动", FUKAN), ("路灯不亮", ZHANGGUOTUN),
    ("绿化带缺株", QIANKOU), ("公厕堵塞", GUJINLOU), ("护栏倾斜", YANGCUN), ("健身器材松动", XISHAO),
    ("沟边杂草", SIZHUANG), ("宣传栏破损", LIANGCUN),
)  # fmt: skip
_BIGGER: Final = (
    ("涵洞堵塞", YUANCUN), ("供水压力低", HANZHANG), ("道路塌陷", FUKAN),
    ("渣土遗撒", JINDEGU), ("树木压线", CHENGGUAN),
)  # fmt: skip

REPORTS: Final = (
    *(
        Tale(f"G{number:02}", title, (reports(title), closes()), IN_GRID, town)
        for number, (title, town) in enumerate(_SMALL, start=1)
    ),
    *(
        Tale(f"G{number:02}", title, (reports(title, CLERK), closes(CLERK)), BY_TOWNSHIP, town)
        for number, (title, town) in enumerate(_BIGGER, start=11)
    ),
    Tale(
        "G16", "居民上报,网格员回告后办结",
        (reports("楼道堆物", RESIDENT), replies(), closes()),
        IN_GRID,
    ),
    Tale(
        "G17", "居民上报,镇街办结",
        (reports("污水外溢", RESIDENT), closes(CLERK)),
        BY_TOWNSHIP, XISHAO,
    ),
    Tale(
        "G18", "村里上报,镇街办结后再回告",
        (reports("机井停用", CLERK, source="VILLAGE"), closes(CLERK), replies(CLERK)),
        BY_TOWNSHIP,
    ),
    Tale(
        "G19", "社保事项分流",
        (reports("社保转移"), routes_away("SERVICE")),
        ELSEWHERE,
    ),
    Tale(
        "G20", "审批事项分流",
        (reports("办理许可"), routes_away("PERMIT", WORKER)),
        ELSEWHERE, HANZHANG,
    ),
    Tale(
        "G21", "大事转哨单",
        (reports("公交撤线"), promotes("W59"), Mark("G21 promoted")),
        WHISTLED,
    ),
    Tale(
        "G22", "转哨单,后来发现重复",
        (reports("公交撤线重复"), promotes("W60"), Mark("G22 promoted")),
        WHISTLED, HANZHANG,
    ),
    Tale(
        "G23", "居民上报后转哨单",
        (reports("校门口拥堵", RESIDENT), promotes("W62"), Mark("G23 promoted")),
        WHISTLED, XISHAO,
    ),
    Tale(
        "G24", "信访事项分流",
        (reports("信访诉求", CLERK), routes_away("PETITION")),
        ELSEWHERE, FUKAN,
    ),
    Tale(
        "G25", "已办结不得再分流",
        (reports("街边晾晒"), closes(), refused(routes_away("SERVICE"), "report-already-closed")),
        IN_GRID, QIANKOU,
    ),
    Tale(
        "G26", "已转哨单不得再办结",
        (
            reports("站台破损"), promotes("W63"), refused(closes(), "report-became-a-whistle"),
            Mark("G26 promoted"),
        ),
        WHISTLED, GUJINLOU,
    ),
    Tale(
        "G27", "已分流不得再转",
        (reports("医保报销"), routes_away("SERVICE"), refused(promotes("W99"), "report-routed-away")),
        ELSEWHERE, YANGCUN,
    ),
    Tale(
        "G28", "上报时即告知去处,改报后办结",
        (
            refused(reports("水费缴纳", matter="SERVICE"), "belongs-to-the-service-desk"),
            reports("水管漏水"), closes(),
        ),
        IN_GRID, SIZHUANG,
    ),
    Tale(
        "G29", "回告两次,尚未办结",
        (reports("电线老化"), replies(), replies(CLERK)),
        OPEN, LIANGCUN,
    ),
    Tale(
        "G30", "刚上报",
        (reports("桥面裂缝", CLERK),),
        OPEN, JINDEGU,
    ),
)  # fmt: skip
