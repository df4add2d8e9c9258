"""Judges letters with the package `chinesecalendar` alone, by counting worked days."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import chinese_calendar  # type: ignore[import-untyped]  # the package has no types
import openpyxl
from openpyxl.utils.datetime import from_excel

# The rule. The day of the question is not counted; an answer at or before 24:00 of the n-th working day in
# Asia/Shanghai is on time (n = 3 to respond, 7 to resolve; the answer stands for both). Days from 25 December
# 2026 on are undecreed. If the earliest possible deadline rests on one, an answer by the earliest deadline is
# on time, one after the latest is breached, one between is provisional. Earliest: every undecreed day is
# worked. Latest: Monday to Friday, plus 14 days, moved past days that are surely off. The days that the State
# Council's regulation fixes by date are off in both.

Outcome = Literal["on_time", "breached", "provisional"]
Fate = Literal["imported", "already", "rejected"]
Days = Callable[[date], bool | None]
"""Whether a day is worked; None where nothing is decreed."""

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
RESPOND_DAYS = 3
RESOLVE_DAYS = 7
FIRST_DECREED = date(2006, 1, 1)
FIRST_UNDECREED = date(2026, 12, 25)
SLACK = timedelta(days=14)
COLUMNS = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间")
LONGEST_TEXT = 32_767
"""Characters a cell may hold by the file format; more is no letter."""

_SLASHED = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2}) (\d{1,2}):(\d{2})(?::(\d{2}))?")
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日 ?(\d{1,2})(?::(\d{2})|时(\d{1,2})分(?:(\d{1,2})秒)?)")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}")


class UnreadableTime(Exception):
    """A cell holds no time, or one in a form nobody agreed on; ``args[0]`` is the reason."""


class OtherColumns(Exception):
    """The file lacks columns of a letter file; ``args[0]`` names them."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the two limits of one letter come to."""

    respond: Outcome
    resolve: Outcome


@dataclass(frozen=True, slots=True)
class Counts:
    """What an import of a whole file comes to."""

    rows: int
    imported: int
    already: int
    rejected: int
    respond: Mapping[Outcome, int]
    resolve: Mapping[Outcome, int]

    def as_json(self) -> dict[str, int | dict[Outcome, int]]:
        """The shape of the last line of ``chuishao import letters … --json``."""
        return {
            "rows": self.rows,
            "imported": self.imported,
            "already": self.already,
            "rejected": self.rejected,
            "respond": dict(self.respond),
            "resolve": dict(self.resolve),
        }


def decreed(day: date) -> bool | None:
    """Whether a day is worked by decree of 2006–2026; ``ValueError`` before, None after 24 December 2026."""
    if day < FIRST_DECREED:
        raise ValueError(f"no decree is known for {day}")
    if day >= FIRST_UNDECREED:
        return False if surely_off(day) else None
    return bool(chinese_calendar.is_workday(day))


def monday_to_friday(day: date) -> bool | None:
    """The wrong way to count, to show that it gives other figures."""
    return day.weekday() < 5


def surely_off(day: date) -> bool:
    """Whether the regulation on public holidays fixes the day by its date, whatever is decreed later."""
    fixed = {(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)} | ({(5, 2)} if day.year >= 2025 else set())
    return (day.month, day.day) in fixed


def judge(asked: datetime, answered: datetime, limit: int, days: Days = decreed) -> Outcome:
    """What a limit of that many working days comes to; both times carry a zone."""
    asked_on = _local(asked).date()
    answered_on = (_local(answered) - SECOND).date()  # 00:00:00 is 24:00 of the day before
    if _worked_between(asked_on, answered_on, limit, lambda day: days(day) is not False) < limit:
        return "on_time"
    if not _rests_on_an_undecreed_day(asked_on, limit, days):
        return "breached"
    return "breached" if answered_on > _latest(asked_on, limit, days) else "provisional"


def judge_letter(asked: datetime, answered: datetime, days: Days = decreed) -> Judgement:
    """Both limits of a letter; the answer stands for response and resolution."""
    return Judgement(judge(asked, answered, RESPOND_DAYS, days), judge(asked, answered, RESOLVE_DAYS, days))


def last_day(asked: datetime, limit: int, days: Days = decreed) -> date:
    """The day at whose 24:00 a limit ends; where it rests on an undecreed day, the latest it can be."""
    day = asked_on = _local(asked).date()
    if _rests_on_an_undecreed_day(asked_on, limit, days):
        return _latest(asked_on, limit, days)
    while limit:
        day += DAY
        limit -= bool(days(day))
    return day


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without zone cannot be judged")
    return at.astimezone(SHANGHAI).replace(microsecond=0)


def _worked_between(first: date, last: date, enough: int, worked: Callable[[date], bool]) -> int:
    """Worked days after the first and before the last day, counted up to ``enough``."""
    count, day = 0, first + DAY
    while day < last and count < enough:
        count += worked(day)
        day += DAY
    return count


def _rests_on_an_undecreed_day(asked_on: date, limit: int, days: Days) -> bool:
    day = asked_on
    while limit:
        day += DAY
        if days(day) is None:
            return True
        limit -= bool(days(day))
    return False


def _latest(asked_on: date, limit: int, days: Days) -> date:
    day = asked_on
    while limit:
        day += DAY
        known = days(day)
        limit -= day.weekday() < 5 if known is None else known
    day += SLACK
    while days(day) is False:
        day += DAY
    return day


def read_time(cell: object) -> datetime:
    """The moment a cell of a letter file stands for; ``UnreadableTime`` if it holds none."""
    match cell:
        case None:
            raise UnreadableTime("no-time")
        case datetime() as moment:
            return (moment + SECOND / 2).replace(microsecond=0, tzinfo=SHANGHAI)
        case bool():
            raise UnreadableTime("unknown-time-form")
        case int() | float() as serial:
            return _from_serial(serial)
        case str() as text:
            return _from_text(text.strip())
        case _:
            raise UnreadableTime("unknown-time-form")


def _from_serial(serial: float) -> datetime:
    if not 1 <= serial < 100_000:
        raise UnreadableTime("unknown-time-form")
    moment = from_excel(serial)
    if not isinstance(moment, datetime):
        raise UnreadableTime("unknown-time-form")
    return (moment + SECOND / 2).replace(microsecond=0, tzinfo=SHANGHAI)


def _from_text(text: str) -> datetime:
    if not text:
        raise UnreadableTime("no-time")
    try:
        if _ISO.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(SHANGHAI)
        if found := _SLASHED.fullmatch(text) or _CHINESE.fullmatch(text):
            year, month, day, hour, minute, second = [
                int(each) for each in (*(group for group in found.groups() if group), 0)
            ][:6]
            return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)
    except ValueError as impossible:
        raise UnreadableTime("unknown-time-form") from impossible
    raise UnreadableTime("unknown-time-form")


def read_rows(path: Path) -> list[dict[str, object]]:
    """The rows of the first sheet by column name, blank ones left out; ``OtherColumns`` if a column lacks."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        lines = book.worksheets[0].iter_rows(values_only=True)
        header = [str(cell).strip() for cell in next(lines, ())]
        missing = [column for column in COLUMNS if column not in header]
        if missing:
            raise OtherColumns("、".join(missing))
        return [
            dict(zip(header, line, strict=False))
            for line in lines
            if any(cell is not None and str(cell).strip() for cell in line)
        ]
    finally:
        book.close()


def why_rejected(row: Mapping[str, object], now: datetime | None = None) -> str | None:
    """Why a row is no letter with its outcome, None for a good one; ``now`` rules out what is yet to come."""
    for column, reason in (("留言编号", "no-number"), ("留言详情", "no-text"), ("答复意见", "no-answer")):
        if not _text(row, column):
            return reason
    if any(len(_text(row, column)) > LONGEST_TEXT for column in COLUMNS):
        return "text-too-long"
    try:
        asked, answered = read_time(row.get("留言时间")), read_time(row.get("答复时间"))
    except UnreadableTime as unreadable:
        return str(unreadable)
    if answered < asked:
        return "answer-before-question"
    return "not-yet-happened" if now is not None and answered > now else None


def count(rows: Iterable[Mapping[str, object]], days: Days = decreed, now: datetime | None = None) -> Counts:
    """What an import of these rows into an empty system comes to; the first row of a number is the letter."""
    fates: Counter[Fate] = Counter()
    respond: Counter[Outcome] = Counter()
    resolve: Counter[Outcome] = Counter()
    letters: dict[str, Sequence[object]] = {}
    for row in rows:
        if why_rejected(row, now) is not None:
            fates["rejected"] += 1
            continue
        asked, answered = read_time(row["留言时间"]), read_time(row["答复时间"])
        said = (*(_text(row, column) for column in COLUMNS if "时间" not in column), asked, answered)
        known = letters.setdefault(_text(row, "留言编号"), said)
        if known is not said:
            fates["already" if known == said else "rejected"] += 1
            continue
        fates["imported"] += 1
        judgement = judge_letter(asked, answered, days)
        respond[judgement.respond] += 1
        resolve[judgement.resolve] += 1
    return Counts(
        rows=fates.total(),
        imported=fates["imported"],
        already=fates["already"],
        rejected=fates["rejected"],
        respond=_in_full(respond),
        resolve=_in_full(resolve),
    )


def count_file(path: Path, days: Days = decreed, now: datetime | None = None) -> Counts:
    """What an import of a letter file into an empty system comes to."""
    return count(read_rows(path), days, now)


def _in_full(counted: Counter[Outcome]) -> dict[Outcome, int]:
    return {
        "on_time": counted["on_time"],
        "breached": counted["breached"],
        "provisional": counted["provisional"],
    }


def _text(row: Mapping[str, object], column: str) -> str:
    value = row.get(column)
    return "" if value is None else str(value).strip()
