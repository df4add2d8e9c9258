"""Decree files: JSON and iCalendar give the same year, and every error names its line."""

import json
from pathlib import Path

import pytest

from chuishao.decree_files import read_decree
from chuishao.words import InputRefusedError

SOURCE = {"title": "关于2027年部分节假日安排的通知(演示)", "number": "国办发明电〔2026〕0号"}
JSON = {
    "year": 2027,
    "source": SOURCE,
    "holidays": [
        {"name": "元旦", "first": "2027-01-01", "last": "2027-01-03"},
        {"name": "春节", "first": "2027-02-05", "last": "2027-02-11"},
    ],
    "make_up_days": ["2027-01-30", "2027-02-14"],
}
HEAD = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//demo//zh\r\nX-WR-CALNAME:{SOURCE['title']}\r\n"


def event(summary: str, first: str, last: str | None = None, *, more: str = "") -> str:
    """An entry of whole days; ``last`` is the day after it, as iCalendar has it."""
    end = f"DTEND;VALUE=DATE:{last}\r\n" if last else ""
    return (
        f"BEGIN:VEVENT\r\nUID:{summary}-{first}\r\nDTSTAMP:20261105T000000Z\r\n"
        f"SUMMARY:{summary}\r\nDTSTART;VALUE=DATE:{first}\r\n{end}{more}END:VEVENT\r\n"
    )


def ics(*events: str, head: str = HEAD) -> str:
    return f"{head}{''.join(events)}END:VCALENDAR\r\n"


YEAR = ics(
    event("元旦 放假", "20270101", "20270104"),
    event("春节(休)", "20270205", "20270211"),
    event("春节(休)", "20270211"),
    event("春节(班)", "20270130"),
    event("春节 补班", "20270214", "20270215"),
)


def written(folder: Path, text: str) -> Path:
    file = folder / "decree"
    file.write_text(text, encoding="utf-8")
    return file


def test_reads_the_same_year_from_json_and_from_ics(tmp_path: Path) -> None:
    from_json = read_decree(written(tmp_path, json.dumps(JSON, ensure_ascii=False)))
    from_ics = read_decree(written(tmp_path, YEAR), number=SOURCE["number"])

    assert from_json == from_ics
    assert (from_json.year, from_json.body["source"]) == (2027, SOURCE)


def test_takes_the_source_from_the_command_before_the_file(tmp_path: Path) -> None:
    named = read_decree(written(tmp_path, YEAR), title="更正通知", number="1号")
    assert named.body["source"] == {"title": "更正通知", "number": "1号"}


@pytest.mark.parametrize(
    ("text", "slug", "line"),
    [
        ('{"year": 2027,\n "source": }', "decree-line-no-json", 2),
        ("放假了", "decree-line-no-json", 1),
        ("[]", "decree-line-no-json", 1),
        ('{"year": 2027}', "decree-lacks", None),
        (json.dumps({**JSON, "year": "明年"}, ensure_ascii=False, indent=1), "decree-line-no-year", 2),
        (json.dumps({**JSON, "source": {}}), "decree-needs-a-source", None),
        (json.dumps({**JSON, "make_up_days": ["2027-02-30"]}, indent=1), "decree-line-no-day", 20),
        (json.dumps({**JSON, "holidays": [{"name": "元旦"}]}, indent=1), "decree-line-no-holiday", None),
        (ics(event("元旦", "20270101")), "decree-line-off-or-worked", 5),
        (
            ics(event("元旦 放假", "20270101"), event("春节 休息 补班", "20270205")),
            "decree-line-off-or-worked",
            11,
        ),
        (ics(event("元旦(休)", "20270103", "20270101")), "decree-line-ends-before-it-begins", 5),
        (ics(event("元旦(休)", "20270101", more="RRULE:FREQ=YEARLY\r\n")), "decree-line-repeats", 5),
        (
            ics(event("元旦(休)", "20270101"), event("春节(休)", "20280126")),
            "decree-line-another-year",
            11,
        ),
        (ics(), "decree-has-no-days", None),
        (ics(event("元旦(休)", "20270101"), head="BEGIN:VCALENDAR\r\n"), "decree-needs-a-source", None),
        (
            HEAD
            + "BEGIN:VEVENT\r\nSUMMARY:元旦(休)\r\nDTSTART:20270101T090000Z\r\nEND:VEVENT\r\nEND:VCALENDAR",
            "decree-line-no-day",
            5,
        ),
        (HEAD + "这一行没有冒号\r\nEND:VCALENDAR\r\n", "decree-line-no-ics", 5),
    ],
)
def test_names_the_line_it_cannot_read(tmp_path: Path, text: str, slug: str, line: int | None) -> None:
    with pytest.raises(InputRefusedError) as refused:
        read_decree(written(tmp_path, text))
    assert refused.value.slug == slug
    if line is not None:
        assert f"第 {line} 行" in str(refused.value)


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError) as refused:
        read_decree(tmp_path / "missing.ics")
    assert refused.value.slug == "decree-file-unreadable"


def test_days_of_the_week_before_belong_to_the_year_decreed(tmp_path: Path) -> None:
    text = ics(
        event("元旦(休)", "20261231", "20270103"),
        event("元旦(班)", "20261227"),
        event("春节(休)", "20270205"),
    )
    assert read_decree(written(tmp_path, text)).year == 2027
