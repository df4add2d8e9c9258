"""Reads an explanation's Chinese text, and nothing else, and adds it up to a deadline."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_DAY = r"(\d{4}-\d{2}-\d{2})\(周.\)"
_TIME = r"(\d{2}:\d{2}:\d{2})"
_DAYS_LINE = re.compile(rf"^{_DAY}(?:至{_DAY})?:(.+)。$")
_TIME_LINE = re.compile(rf"^{_DAY} {_TIME}至{_DAY} {_TIME}:(.+)。$")
_COUNTS = re.compile(r"计(\d+)(?:日|秒)(?:\([^)]*\))?,累计(\d+)(?:日|秒)$")
_LIMIT_DAYS = re.compile(r"(?:限|共)(\d+)个(?:工作日|自然日)。$")
_LIMIT_TIME = re.compile(r"(?:限|共)(?:工作时间)?(?:(\d+)小时)?(?:(\d+)分)?(?:(\d+)秒)?。$")
_START = re.compile(rf"自{_DAY} {_TIME}起,限")
_PROVISIONAL = re.compile(
    r"最早([-\d: ]+);最迟按周一至周五计到([-\d: ]+),再加(\d+)天,遇法定节日顺延,为([-\d: ]+)。"
)


@dataclass
class Reading:
    """What the text adds up to."""

    due: str
    stated: str
    counted: int
    limit: int


def read(sentences: Sequence[str]) -> Reading:
    """Add up the pieces; asserts that they leave no gap and that every running total is right."""
    limit = 0
    total = 0
    end: datetime | None = None
    capped: datetime | None = None
    stated = ""
    for text in sentences:
        if (start := _START.search(text)) is not None:
            end = _moment(start[1], start[2])
        if text.startswith(("时限", "延期后")):
            limit = _limit(text)
        elif (line := _TIME_LINE.match(text)) is not None:
            assert _moment(line[1], line[2]) == end, f"a gap before {text}"
            end, seconds = _moment(line[3], line[4]), _count(line[5])
            total += seconds[0]
            assert seconds[0] in (0, (end - _moment(line[1], line[2])) // timedelta(seconds=1)), text
            assert seconds[1] in (None, total), text
        elif (line := _DAYS_LINE.match(text)) is not None:
            assert end is not None
            first = _moment(line[1], "00:00:00")
            assert end.replace(hour=0, minute=0, second=0) == first, f"a gap before {text}"
            end, days = _moment(line[2] or line[1], "24:00:00"), _count(line[3])
            total += days[0]
            assert days[1] in (None, total), text
        elif text.startswith("不得晚于"):
            capped = _shown_moment(text.removeprefix("不得晚于").rstrip("。"))
        elif text.startswith("到期:"):
            stated = text.removeprefix("到期:").rstrip("。")
        elif (bounds := _PROVISIONAL.search(text)) is not None:
            stated = bounds[1]
            assert _shown_moment(bounds[2]) + timedelta(days=int(bounds[3])) <= _shown_moment(bounds[4])
    assert end is not None
    return Reading(_show(min(end, capped) if capped else end), stated, total, limit)


def _limit(text: str) -> int:
    if (days := _LIMIT_DAYS.search(text)) is not None:
        return int(days[1])
    time = _LIMIT_TIME.search(text)
    assert time is not None, text
    hours, minutes, seconds = (int(each or 0) for each in time.groups())
    return hours * 3600 + minutes * 60 + seconds


def _count(words: str) -> tuple[int, int | None]:
    if words.endswith("不计"):
        return 0, None
    found = _COUNTS.search(words)
    assert found is not None, words
    return int(found[1]), int(found[2])


def _moment(day: str, clock: str) -> datetime:
    hours, minutes, seconds = (int(each) for each in clock.split(":"))
    passed = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return datetime.fromisoformat(day) + passed


def _shown_moment(text: str) -> datetime:
    day, clock = text.split(" ")
    return _moment(day, clock if clock.count(":") == 2 else f"{clock}:00")


def _show(moment: datetime) -> str:
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return f"{(moment - timedelta(days=1)).date()} 24:00"
    return moment.strftime("%Y-%m-%d %H:%M:%S" if moment.second else "%Y-%m-%d %H:%M")
