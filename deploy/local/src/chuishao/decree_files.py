"""Decrees as files: JSON as it is published, or an iCalendar file (ics) of days off and days worked."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from icalendar import Calendar, Component

from chuishao.words import InputRefusedError

DAY: Final = timedelta(days=1)
_WORKED: Final = re.compile(r"补班|上班|调休上班|\(班\)|（班）|班$|work", re.IGNORECASE)
_OFF: Final = re.compile(r"放假|假期|休息|\(休\)|（休）|休$|假$|holiday|day off", re.IGNORECASE)
_MARKS: Final = re.compile(r"[\s·\-—]*([(（]?(补班|上班|放假|假期|休息|休|班)[)）]?)?[\s·\-—]*(第?\d+天.*)?$")


@dataclass(frozen=True, slots=True)
class Decree:
    """A year and the body its publication is asked for with."""

    year: int
    body: Mapping[str, Any]


def read_decree(file: Path, *, title: str | None = None, number: str | None = None) -> Decree:
    """The decree of a file; raises ``InputRefusedError`` naming the line that cannot be read.

    ``title`` and ``number`` of the source document go before what the file says of itself.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputRefusedError("decree-file-unreadable", file=file, reason=error) from error
    named = {name: value for name, value in (("title", title), ("number", number)) if value}
    is_ics = text.lstrip().upper().startswith("BEGIN:VCALENDAR")
    return _of_ics(text, named) if is_ics else _of_json(text, named)


def _of_json(text: str, named: Mapping[str, str]) -> Decree:
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputRefusedError("decree-line-no-json", line=error.lineno, reason=error.msg) from error
    if not isinstance(content, dict):
        raise InputRefusedError("decree-line-no-json", line=1, reason="{ … }")
    for name in ("year", "holidays", "make_up_days"):
        if name not in content:
            raise InputRefusedError("decree-lacks", field=name)
    year, source = content["year"], {**(content.get("source") or {}), **named}
    if not isinstance(year, int) or isinstance(year, bool):
        raise InputRefusedError("decree-line-no-year", line=_line_of(text, '"year"'), value=year)
    _needs_a_title(source)
    holidays, worked = content["holidays"], content["make_up_days"]
    if not isinstance(holidays, list) or not isinstance(worked, list):
        raise InputRefusedError("decree-lacks", field="holidays, make_up_days")
    for each in holidays:
        if not isinstance(each, dict) or not {"name", "first", "last"} <= each.keys():
            line = _line_of(text, str(each.get("name", "")) if isinstance(each, dict) else str(each))
            raise InputRefusedError("decree-line-no-holiday", line=line)
        for name in ("first", "last"):
            _day(text, each[name])
    for value in worked:
        _day(text, value)
    stretches = [{name: each[name] for name in ("name", "first", "last")} for each in holidays]
    return Decree(year, {"source": source, "holidays": stretches, "make_up_days": worked})


def _day(text: str, value: object) -> None:
    try:
        date.fromisoformat(str(value))
    except ValueError as error:
        line = _line_of(text, str(value))
        raise InputRefusedError("decree-line-no-day", line=line, value=value) from error


def _line_of(text: str, piece: str) -> int:
    """The first line a piece stands in; the first of all if it cannot be found as it is written."""
    return next((n for n, line in enumerate(text.splitlines(), 1) if piece and piece in line), 1)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An event of a calendar file with the line it begins in; ``last`` belongs to it."""

    line: int
    summary: str
    first: date
    last: date


def _of_ics(text: str, named: Mapping[str, str]) -> Decree:
    try:
        calendar = Calendar.from_ical(text)
    except (ValueError, IndexError, KeyError) as error:
        raise InputRefusedError("decree-line-no-ics", line=_broken(text), reason=error) from error
    begins = [n for n, line in enumerate(text.splitlines(), 1) if line.strip().upper() == "BEGIN:VEVENT"]
    entries = [_entry(line, event) for line, event in zip(begins, calendar.walk("VEVENT"), strict=True)]
    if not entries:
        raise InputRefusedError("decree-has-no-days")
    title = str(calendar.get("X-WR-CALNAME") or calendar.get("NAME") or "")
    source = {**({"title": title} if title else {}), **named}
    _needs_a_title(source)
    worked = sorted({day for each in entries if _worked(each) for day in _days(each)})
    off = [each for each in entries if not _worked(each)]
    years = [each.first.year for each in entries if (each.first.month, each.first.day) < (12, 25)]
    if not years or len(set(years)) != 1:
        wrong = next((each for each in entries if years and each.first.year != years[0]), entries[0])
        raise InputRefusedError("decree-line-another-year", line=wrong.line)
    body = {
        "source": source,
        "holidays": [
            {"name": name, "first": first.isoformat(), "last": last.isoformat()}
            for name, first, last in _stretches(off)
        ],
        "make_up_days": [day.isoformat() for day in worked],
    }
    return Decree(years[0], body)


def _entry(line: int, event: Component) -> _Entry:
    summary = str(event.get("SUMMARY") or "").strip()
    begin, end = event.get("DTSTART"), event.get("DTEND")
    first = getattr(begin, "dt", None)
    if type(first) is not date:
        raise InputRefusedError("decree-line-no-day", line=line, value=first or "DTSTART")
    last = getattr(end, "dt", None)
    if last is not None and type(last) is not date:
        raise InputRefusedError("decree-line-no-day", line=line, value=last)
    if last is not None and last < first:
        raise InputRefusedError("decree-line-ends-before-it-begins", line=line)
    if event.get("RRULE") is not None:
        raise InputRefusedError("decree-line-repeats", line=line)
    entry = _Entry(line, summary, first, max(first, last - DAY) if last is not None else first)
    if bool(_WORKED.search(summary)) == bool(_OFF.search(_WORKED.sub("", summary))):
        raise InputRefusedError("decree-line-off-or-worked", line=line, value=summary)
    return entry


def _worked(entry: _Entry) -> bool:
    return bool(_WORKED.search(entry.summary))


def _days(entry: _Entry) -> Iterator[date]:
    for n in range((entry.last - entry.first).days + 1):
        yield entry.first + n * DAY


def _stretches(entries: Iterable[_Entry]) -> list[tuple[str, date, date]]:
    """Days off of one name that follow one another as one stretch."""
    found: list[tuple[str, date, date]] = []
    for each in sorted(entries, key=lambda each: each.first):
        name = _MARKS.sub("", each.summary) or each.summary
        if found and found[-1][0] == name and each.first <= found[-1][2] + DAY:
            found[-1] = (name, found[-1][1], max(found[-1][2], each.last))
        else:
            found.append((name, each.first, each.last))
    return found


def _broken(text: str) -> int:
    """The first line that is no ``NAME:value`` and no continuation of one."""
    lines = enumerate(text.splitlines(), 1)
    return next((n for n, line in lines if line and line[0] not in " \t" and ":" not in line), 1)


def _needs_a_title(source: Mapping[str, object]) -> None:
    if not str(source.get("title") or "").strip():
        raise InputRefusedError("decree-needs-a-source")
