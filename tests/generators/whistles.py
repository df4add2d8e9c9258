"""Makes files of whistles that went their way on paper, good and bad, with what must come of every row."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl

SHANGHAI = ZoneInfo("Asia/Shanghai")
Cell = str | int | float | datetime | None
COLUMNS = (
    "哨单编号",
    "镇街",
    "村(社区)",
    "类别",
    "吹哨内容",
    "主办部门",
    "协办部门",
    "签发时间",
    "派单时间",
    "主办报到时间",
    "协办报到时间",
    "首次反馈时间",
    "办结时间",
    "办结情况",
    "办理结果",
    "销哨时间",
    "核实结论",
    "主办评价",
    "协办评价",
)
AFTER_ALL_ROWS = datetime(2026, 3, 1, 9, tzinfo=SHANGHAI)
"""A moment by which everything in every good row has happened."""
TOWNSHIP, VILLAGE = "元村镇", "410923102201"
_MATTERS = (
    ("暴雨后沟渠堵塞,两村农田积水", "已疏通沟渠并排除积水"),
    ("机井变压器烧毁,浇麦受影响", "已更换变压器,恢复灌溉"),
    ("村口道路塌陷,车辆无法通行", "已回填压实并设警示"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row with what it shows and why it is rejected: (slug, column), None if it goes in."""

    shows: str
    cells: Mapping[str, Cell]
    rejected: tuple[str, str] | None = None


def told(at: datetime) -> str:
    """A moment as an office writes it."""
    return f"{at.year}/{at.month}/{at.day} {at.hour}:{at:%M}:{at:%S}"


def good_row(seed: int, number: str) -> Row:
    """A whistle of 2025 with a lead and an assist, all of it in order."""
    chance = random.Random(seed)
    signed = datetime(2025, chance.randint(1, 11), chance.randint(1, 28), 9, tzinfo=SHANGHAI)
    dispatched = signed + timedelta(minutes=chance.randint(0, 90))
    arrived = dispatched + timedelta(hours=chance.randint(1, 20))
    concluded = arrived + timedelta(days=chance.randint(1, 9))
    closed = concluded + timedelta(days=chance.randint(0, 5))
    text, sentence = chance.choice(_MATTERS)
    return Row(
        "a good row",
        {
            "哨单编号": number,
            "镇街": TOWNSHIP,
            "村(社区)": VILLAGE,
            "类别": "群众诉求",
            "吹哨内容": text,
            "主办部门": "水利局",
            "协办部门": "交通运输局",
            "签发时间": told(signed),
            "派单时间": told(dispatched),
            "主办报到时间": told(arrived),
            "协办报到时间": chance.choice([told(arrived), "—", None]),
            "首次反馈时间": chance.choice([told(arrived + timedelta(hours=2)), None]),
            "办结时间": told(concluded),
            "办结情况": sentence,
            "办理结果": chance.choice(["已解决", "部分解决"]),
            "销哨时间": told(closed),
            "核实结论": "已解决",
            "主办评价": chance.choice(["满意", "基本满意"]),
            "协办评价": "满意",
        },
    )


def ordinary_rows(seed: int, count: int) -> list[Row]:
    """Good rows with numbers of their own."""
    return [good_row(seed * 1_000 + n, f"纸{seed}-{n:04}") for n in range(1, count + 1)]


def every_row(seed: int) -> list[Row]:
    """Rows of every kind: good ones in every form, and one for each way a cell can be wrong."""
    rows = ordinary_rows(seed, 4)
    template = good_row(seed, "")
    number = iter(range(1, 1_000))

    def changed(shows: str, rejected: tuple[str, str] | None = None, **cells: Cell) -> Row:
        own = {"哨单编号": f"样{seed}-{next(number):04}"}
        return replace(template, shows=shows, cells={**template.cells, **own, **cells}, rejected=rejected)

    early, late = "2024/12/1 8:00:00", "2025/12/31 8:00:00"
    rows += [
        changed("names by their codes", 镇街="410923102", 主办部门="water-resources"),
        changed(
            "an emergency signed after it went out", 类别="应急处置", 签发时间=template.cells["办结时间"]
        ),
        changed("no assist", 协办部门=None, 协办报到时间=None, 协办评价=None),
        changed("nobody appraised it", 核实结论=None, 主办评价=None, 协办评价=None),
        changed(
            "two assists",
            协办部门="交通运输局、农业农村局",
            协办报到时间=f"{template.cells['主办报到时间']}；—",
            协办评价="满意、不满意",
        ),
        changed("one rating for all", 协办部门="交通运输局、农业农村局", 协办报到时间=None),
        *(
            changed(f"no {column}", ("cell-empty", column), **{column: None})
            for column in COLUMNS
            if column not in ("协办部门", "协办报到时间", "首次反馈时间", "核实结论", "主办评价", "协办评价")
        ),
        changed("rated without a verdict", ("cell-empty", "核实结论"), 核实结论=None),
        changed("a township nobody knows", ("cell-unknown-place", "镇街"), 镇街="某某镇"),
        changed("a village of another township", ("cell-unknown-place", "村(社区)"), **{"村(社区)": "某村"}),
        changed("a lead nobody knows", ("cell-unknown-place", "主办部门"), 主办部门="水务集团"),
        changed("an assist nobody knows", ("cell-unknown-place", "协办部门"), 协办部门="水务集团"),
        changed("the lead assists", ("cell-named-twice", "协办部门"), 协办部门="水利局"),
        changed("another kind", ("cell-unknown-word", "类别"), 类别="其他"),
        changed("another result", ("cell-unknown-word", "办理结果"), 办理结果="办结"),
        changed("another verdict", ("cell-unknown-word", "核实结论"), 核实结论="属实"),
        changed("another rating", ("cell-unknown-word", "主办评价"), 主办评价="优秀"),
        changed("another rating of an assist", ("cell-unknown-word", "协办评价"), 协办评价="优秀"),
        changed("too long", ("cell-too-long", "吹哨内容"), 吹哨内容="水" * 2_001),
        changed("no time", ("cell-no-time", "办结时间"), 办结时间="去年夏天"),
        changed("no time of an assist", ("cell-no-time", "协办报到时间"), 协办报到时间="次日"),
        changed("more times than assists", ("cell-count-differs", "协办报到时间"), 协办报到时间="—、—"),
        changed("dispatched before signed", ("cell-out-of-order", "派单时间"), 派单时间=early),
        changed("reported in before dispatch", ("cell-out-of-order", "主办报到时间"), 主办报到时间=early),
        changed("an assist before dispatch", ("cell-out-of-order", "协办报到时间"), 协办报到时间=early),
        changed("feedback before report-in", ("cell-out-of-order", "首次反馈时间"), 首次反馈时间=early),
        changed("concluded before report-in", ("cell-out-of-order", "办结时间"), 办结时间=early),
        changed("closed before conclusion", ("cell-out-of-order", "销哨时间"), 销哨时间=early),
        changed("an assist after the closing", ("cell-out-of-order", "销哨时间"), 协办报到时间=late),
        changed("not yet happened", ("cell-in-the-future", "销哨时间"), 销哨时间="2099/1/1 8:00:00"),
    ]
    again = rows[0]
    other = {**again.cells, "吹哨内容": "另一件事"}
    rows += [replace(again, shows="the same row again")]
    rows += [Row("a number used before", other, ("whistle-number-reused", ""))]
    return rows


def write_whistles(path: Path, rows: Iterable[Row], columns: Sequence[str] = COLUMNS) -> Path:
    """A workbook of these rows under a header."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(columns))
    for row in rows:
        sheet.append([row.cells.get(column) for column in columns])
    book.save(path)
    return path
