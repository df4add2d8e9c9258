"""Makes files of letters, appeals and labelled appeals, good and bad, with what must come of every row."""

import random
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path

import openpyxl

from tests.generators.letter_oracle import (
    COLUMNS,
    DAY,
    SECOND,
    SHANGHAI,
    Counts,
    Fate,
    Judgement,
    Outcome,
    judge_letter,
)

Cell = str | int | float | datetime | None
TimeForm = Callable[[datetime], Cell]

APPEAL_COLUMNS = COLUMNS[:5]
LABELLED_COLUMNS = (*APPEAL_COLUMNS, "一级分类")
TEN_MEGABYTES = 10 * 1024 * 1024
AFTER_ALL_ROWS = datetime(2027, 3, 1, 9, tzinfo=SHANGHAI)
"""A moment by which everything in every generated row has happened; set the system's clock to it or later."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come of a row: its fate, why it is rejected, how the two limits are judged."""

    fate: Fate
    reason: str | None = None
    judgement: Judgement | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a letter file with what it shows and what must come of it; no ``expected``: a blank row."""

    shows: str
    cells: Mapping[str, Cell] = field(repr=False)
    expected: Expected | None


# --- time forms


def _unpadded(at: datetime) -> str:
    return f"{at.year}/{at.month}/{at.day} {at.hour}:{at:%M}"


def _serial(at: datetime) -> float:
    return (at - datetime(1899, 12, 30, tzinfo=SHANGHAI)) / DAY  # wall-clock time, both are of one zone


TIME_FORMS: Mapping[str, TimeForm] = {
    "2019/4/24 16:03:40": lambda at: f"{_unpadded(at)}:{at:%S}",
    "2019/4/24 9:03": _unpadded,
    "2019-04-24 16:03:40": lambda at: f"{at:%Y-%m-%d %H:%M:%S}",
    "2019-04-24T16:03:40+08:00": lambda at: at.isoformat(),
    "Excel date and time": lambda at: at.replace(tzinfo=None),
    "Excel serial number": _serial,
    "2019年4月24日 16:03": lambda at: f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}",
    "2019年4月24日16时3分40秒": lambda at: (
        f"{at.year}年{at.month}月{at.day}日{at.hour}时{at.minute}分{at.second}秒"
    ),
}
"""Every agreed form of a time by an example, as a function of the moment in Asia/Shanghai."""

FORMS_WITHOUT_SECONDS = frozenset({"2019/4/24 9:03", "2019年4月24日 16:03"})
USUAL_FORM = "2019/4/24 16:03:40"
UNKNOWN_TIMES = (
    "24/04/2019 16:03",
    "2019.4.24 16:03",
    "昨天下午",
    "2019/13/24 16:03:40",
    "2019/2/29 16:03:40",
    "2019/4/24 25:03:40",
    "二〇一九年四月二十四日",
    "20190424160340",
)
"""Times in a form nobody agreed on, or that never were."""
OUTCOMES: tuple[Outcome, ...] = ("on_time", "breached", "provisional")


# --- words

_MATTERS: Mapping[str, Sequence[tuple[str, str]]] = {
    "城乡建设": [
        ("小区门口污水外溢没人修", "下水道堵了半个月，污水流到路上，物业说不归他们管。"),
        ("安置房迟迟不交房", "合同写的去年交房，工地到现在还停着，请问什么时候能交？"),
    ],
    "交通运输": [
        ("县道路面坑槽太多", "坑有脸盆大，下雨看不见，上周摔了两个人，盼望早日修补。"),
        ("末班公交停得太早", "下午五点就没有车了，学生放学回不了家。"),
    ],
    "环境保护": [
        ("养殖场夜里排污水", "每到半夜沟里就流黑水，臭得睡不着觉。"),
        ("村边有人烧垃圾", "塑料垃圾一烧半天，烟全进了院子。"),
    ],
    "教育文体": [("学校周边黑校车超员", "一辆面包车挤十几个孩子，请查一查。")],
    "劳动和社会保障": [("工地拖欠工资", "干了三个月只发了一个月，包工头电话打不通。")],
    "卫生计生": [("村里有人无证行医", "没有证还给人打针输液，怕出事。")],
    "商贸旅游": [("超市卖过期食品", "买回去才发现过期两个月，找店里不认账。")],
}
_VILLAGES = ("谷村", "蔡庄", "豆拐村", "堤口村", "史官村", "东侯村", "佛善村", "后平邑村")


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=SHANGHAI)


def _letter(
    dice: random.Random,
    shows: str,
    number: int | str,
    asked: datetime,
    answered: datetime,
    form: str = USUAL_FORM,
    answer_form: str | None = None,
) -> Row:
    """A good letter; its times are cut to what their forms can hold before they are judged."""
    asked, answered = _as_held(asked, form), _as_held(answered, answer_form or form)
    title, text = dice.choice(dice.choice(list(_MATTERS.values())))
    user = f"A{dice.randrange(1_000_000):08d}"
    village = dice.choice(_VILLAGES)
    cells: dict[str, Cell] = {
        "留言编号": str(number),
        "留言用户": user,
        "留言主题": f"{village}{title}",
        "留言时间": TIME_FORMS[form](asked),
        "留言详情": f"{village}居民反映：{text}",
        "答复意见": f"网友“{user}”：您好！您反映的问题已收悉，经核实已交由责任单位处理，感谢您的监督。",
        "答复时间": TIME_FORMS[answer_form or form](answered),
    }
    return Row(shows, cells, Expected("imported", judgement=judge_letter(asked, answered)))


def _as_held(at: datetime, form: str) -> datetime:
    return at.replace(second=0) if form in FORMS_WITHOUT_SECONDS else at


# --- rows


def ordinary_rows(seed: int, count: int = 40) -> list[Row]:
    """Letters of 2011–2026 asked at any hour, answered after minutes, days or months, in all time forms."""
    dice = random.Random(seed)
    forms = list(TIME_FORMS)
    rows = []
    for n in range(count):
        asked = _moment(date(2011, 1, 1), time(0)) + dice.randrange(5770 * 86_400) * SECOND
        wait = dice.choice(
            [dice.randrange(86_400), dice.randrange(14 * 86_400), dice.randrange(200 * 86_400)]
        )
        answered = min(asked + wait * SECOND, _moment(date(2026, 11, 20), time(17)))
        form, answer_form = forms[n % len(forms)], dice.choice(forms)
        asked = _as_held(asked, form)
        answered = max(_as_held(answered, answer_form), asked + 60 * SECOND)
        rows.append(_letter(dice, "ordinary", 1_000_001 + n, asked, answered, form, answer_form))
    return rows


def time_form_rows(seed: int) -> list[Row]:
    """One letter for every form of the question's time with every form of the answer's time."""
    dice = random.Random(seed)
    asked, answered = _moment(date(2019, 4, 24), time(9, 3, 40)), _moment(date(2019, 5, 9), time(16, 49, 10))
    return [
        _letter(dice, f"{form} / {answer}", 2_000_001 + n, asked, answered, form, answer)
        for n, (form, answer) in enumerate((form, answer) for form in TIME_FORMS for answer in TIME_FORMS)
    ]


def edge_rows(seed: int) -> list[Row]:
    """Letters asked and answered at the seconds, holidays and make-up days where counting goes wrong."""
    dice = random.Random(seed)
    numbers = iter(range(3_000_001, 4_000_000))
    rows: list[Row] = []

    def add(shows: str, asked: datetime, answered: datetime, form: str = USUAL_FORM) -> None:
        rows.append(_letter(dice, shows, next(numbers), asked, answered, form))

    # The worked examples of the calendar: start, 24:00 of the 3rd and of the 7th working day.
    for start, third, seventh in (
        (date(2026, 2, 13), date(2026, 2, 25), date(2026, 3, 2)),
        (date(2026, 2, 15), date(2026, 2, 26), date(2026, 3, 3)),
        (date(2026, 4, 30), date(2026, 5, 8), date(2026, 5, 13)),
        (date(2026, 5, 8), date(2026, 5, 12), date(2026, 5, 18)),
        (date(2026, 9, 18), date(2026, 9, 22), date(2026, 9, 29)),
        (date(2026, 9, 30), date(2026, 10, 10), date(2026, 10, 15)),
    ):
        for clock in (time(0), time(12, 30), time(23, 59, 59)):
            for last in (third, seventh):
                midnight = _moment(last + DAY, time(0))
                for answered, when in (
                    (midnight - SECOND, "a second before"),
                    (midnight, "at"),
                    (midnight + SECOND, "a second after"),
                ):
                    add(
                        f"asked {start} {clock}, answered {when} 24:00 of {last}",
                        _moment(start, clock),
                        answered,
                    )
    for form in ("2019-04-24T16:03:40+08:00", "Excel date and time", "Excel serial number"):
        add(
            f"24:00 of the third day as {form}",
            _moment(date(2026, 5, 8), time(23, 59, 59)),
            _moment(date(2026, 5, 13), time(0)),
            form,
        )
    add(
        "before 08:00, still yesterday in UTC",
        _moment(date(2026, 3, 3), time(7, 30)),
        _moment(date(2026, 3, 6), time(23)),
    )
    add(
        "answered before 08:00 after the last day, still the last day in UTC",
        _moment(date(2026, 3, 3), time(9)),
        _moment(date(2026, 3, 7), time(7, 30)),
    )
    nine = _moment(date(2026, 3, 3), time(9))
    add("answered in the second of asking", nine, nine)
    add(
        "asked on a make-up Saturday",
        _moment(date(2026, 5, 9), time(10)),
        _moment(date(2026, 5, 13), time(20)),
    )
    add(
        "answered on a make-up Sunday",
        _moment(date(2026, 9, 16), time(10)),
        _moment(date(2026, 9, 20), time(10)),
    )
    add(
        "asked in the prolonged holiday of 2020",
        _moment(date(2020, 1, 31), time(10)),
        _moment(date(2020, 2, 5), time(23, 59, 59)),
    )
    add(
        "a year's turn with a decreed make-up day in December",
        _moment(date(2018, 12, 27), time(10)),
        _moment(date(2019, 1, 3), time(0)),
    )
    add("a leap day", _moment(date(2012, 2, 28), time(10)), _moment(date(2012, 3, 3), time(0)))
    add(
        "years later",
        _moment(date(2011, 10, 3), time(21, 52, 37)),
        _moment(date(2020, 1, 9), time(10, 31, 24)),
    )
    return rows


def provisional_rows(seed: int) -> list[Row]:
    """Letters about the turn to a year that is not decreed: certain either way, or provisional."""
    dice = random.Random(seed)
    december = [
        (date(2026, 12, 21), date(2026, 12, 24), "all of it decreed"),
        (date(2026, 12, 21), date(2026, 12, 26), "the first decreed, late; the second provisional"),
        (date(2026, 12, 22), date(2026, 12, 25), "by the earliest deadline"),
        (date(2026, 12, 22), date(2026, 12, 28), "after the earliest deadline"),
        (date(2026, 12, 29), date(2026, 12, 31), "by the earliest deadline"),
        (date(2026, 12, 29), date(2027, 1, 2), "on the earliest third day"),
        (date(2026, 12, 29), date(2027, 1, 3), "after the earliest third day"),
        (date(2026, 12, 29), date(2027, 1, 5), "one provisional, one certain"),
        (date(2026, 12, 29), date(2027, 1, 6), "on the earliest seventh day"),
        (date(2026, 12, 29), date(2027, 1, 7), "both provisional"),
        (date(2026, 12, 29), date(2027, 1, 18), "on the latest third day"),
        (date(2026, 12, 29), date(2027, 1, 19), "after the latest third day"),
        (date(2026, 12, 29), date(2027, 1, 22), "on the latest seventh day"),
        (date(2026, 12, 29), date(2027, 1, 23), "after the latest seventh day"),
        (date(2027, 1, 1), date(2027, 1, 4), "asked on a day that is surely off"),
        (date(2027, 1, 20), date(2027, 2, 20), "in the undecreed year, late whatever is decreed"),
    ]
    rows = []
    for n, (asked, answered, shows) in enumerate(december):
        end = _moment(answered + DAY, time(0))
        moments = (_moment(asked, time(10)), end)
        rows.append(_letter(dice, f"{asked}, {answered}: {shows}", 4_000_001 + n, *moments))
    return rows


def bad_rows(seed: int, *, ten_megabytes: bool = True) -> list[Row]:
    """Rows that are no letter, repeats of a number, and good rows with text that could do harm."""
    dice = random.Random(seed)
    numbers = iter(range(5_000_001, 6_000_000))
    asked, answered = _moment(date(2019, 4, 24), time(16, 3, 40)), _moment(date(2019, 4, 29), time(9, 49, 10))

    def good(shows: str, **cells: Cell) -> Row:
        row = _letter(dice, shows, next(numbers), asked, answered)
        return replace(row, cells={**row.cells, **cells})

    def bad(reason: str, shows: str, **cells: Cell) -> Row:
        return replace(good(shows, **cells), expected=Expected("rejected", reason))

    def again(row: Row, shows: str, expected: Expected, **cells: Cell) -> Row:
        return Row(shows, {**row.cells, **cells}, expected)

    first = good("a good row before the bad ones")
    rows = [
        first,
        bad("no-time", "no time of the question", 留言时间=None),
        bad("no-time", "no time of the answer", 答复时间=None),
        bad("no-time", "a blank time", 留言时间="   "),
        bad("answer-before-question", "answered a second too early", 答复时间="2019/4/24 16:03:39"),
        bad("answer-before-question", "answered years too early", 答复时间="2009/4/24 16:03:40"),
        bad("no-number", "no number", 留言编号=None),
        bad("no-text", "no text", 留言详情=None),
        bad("no-answer", "no answer", 答复意见=""),
        bad("no-text", "a number and nothing else", **dict.fromkeys(COLUMNS[1:])),
        *(bad("unknown-time-form", f"the time {text}", 留言时间=text) for text in UNKNOWN_TIMES),
        Row("a blank row", {}, None),
        again(first, "the same letter again", Expected("already")),
        again(
            first, "its number, another text", Expected("rejected", "number-reused"), 留言详情="另一件事。"
        ),
        good("text like a formula", 留言主题="=1+1", 留言详情='=HYPERLINK("http://127.0.0.1","点我")'),
        good("text like a command", 留言主题="@SUM(A1)", 留言详情="+cmd|' /C calc'!A0", 答复意见="-2+3"),
        good("text with markup", 留言主题="<b>&\"'</b>", 留言详情="第一行\n第二行\t<script>1</script>"),
        good("text outside the basic plane", 留言主题="𠮷野家", 留言详情="我们村叫𠀀庄，地名打不出来。"),
        good("a number as a number", 留言编号=next(numbers)),
    ]
    if ten_megabytes:
        rows.append(bad("text-too-long", "ten megabytes of text", 留言详情="水" * (TEN_MEGABYTES // 3 + 1)))
    rows.append(good("a good row after the bad ones"))
    return rows


def every_row(seed: int, *, ten_megabytes: bool = True) -> list[Row]:
    """All kinds of rows one after the other; no number is used by two kinds."""
    return [
        *ordinary_rows(seed),
        *time_form_rows(seed),
        *edge_rows(seed),
        *provisional_rows(seed),
        *bad_rows(seed, ten_megabytes=ten_megabytes),
    ]


def expected_counts(rows: Iterable[Row]) -> Counts:
    """What importing these rows into an empty system after ``AFTER_ALL_ROWS`` must come to."""
    expected = [row.expected for row in rows if row.expected is not None]
    fates = Counter(each.fate for each in expected)
    respond = Counter(each.judgement.respond for each in expected if each.judgement is not None)
    resolve = Counter(each.judgement.resolve for each in expected if each.judgement is not None)
    return Counts(
        rows=len(expected),
        imported=fates["imported"],
        already=fates["already"],
        rejected=fates["rejected"],
        respond={outcome: respond[outcome] for outcome in OUTCOMES},
        resolve={outcome: resolve[outcome] for outcome in OUTCOMES},
    )


def expected_rejects(rows: Sequence[Row]) -> dict[int, str]:
    """Line of the sheet (the header is line 1) → reason, for every row that must be rejected."""
    return {
        line: row.expected.reason
        for line, row in enumerate(rows, start=2)
        if row.expected is not None and row.expected.reason is not None
    }


# --- appeals, with and without their class


def appeal_rows(seed: int, count: int = 30) -> list[dict[str, Cell]]:
    """Inquiries without an answer."""
    return [{column: row[column] for column in APPEAL_COLUMNS} for row in labelled_rows(seed, count)]


def labelled_rows(seed: int, count: int = 30) -> list[dict[str, Cell]]:
    """Inquiries with the first class of the taxonomy they belong to; every class occurs in turn."""
    dice = random.Random(seed)
    classes = list(_MATTERS)
    rows: list[dict[str, Cell]] = []
    for n in range(count):
        label = classes[n % len(classes)]
        title, text = dice.choice(_MATTERS[label])
        village = dice.choice(_VILLAGES)
        asked = _moment(date(2017, 1, 1), time(0)) + dice.randrange(1100 * 86_400) * SECOND
        rows.append(
            {
                "留言编号": str(7_000_001 + n),
                "留言用户": f"A{dice.randrange(1_000_000):08d}",
                "留言主题": f"{village}{title}",
                "留言时间": TIME_FORMS[USUAL_FORM](asked),
                "留言详情": f"{village}居民反映：{text}",
                "一级分类": label,
            }
        )
    return rows


# --- files


def write_letters(path: Path, rows: Iterable[Row], columns: Sequence[str] = COLUMNS) -> Path:
    """Write a letter file; other ``columns`` leave some out, move them or add empty ones."""
    return write_sheet(path, columns, (row.cells for row in rows))


def write_appeals(path: Path, rows: Iterable[Mapping[str, Cell]]) -> Path:
    """Write a file of appeals, without an answer and without a class."""
    return write_sheet(path, APPEAL_COLUMNS, rows)


def write_labelled(path: Path, rows: Iterable[Mapping[str, Cell]]) -> Path:
    """Write a file of labelled appeals."""
    return write_sheet(path, LABELLED_COLUMNS, rows)


def write_sheet(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> Path:
    """Write one sheet with a header; text stays text whatever it looks like and however long it is."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sheet1"
    for line, cells in enumerate(({column: column for column in columns}, *rows), start=1):
        for place, column in enumerate(columns, start=1):
            value = cells.get(column)
            if isinstance(value, str):
                cell = sheet.cell(line, place)
                # The public way cuts at 32,767 characters and makes a formula of what begins with "=".
                cell._value = value  # type: ignore[union-attr]  # the stubs leave it out
                cell.data_type = "s"
            elif value is not None:
                sheet.cell(line, place, value)
    book.save(path)
    return path


def files_that_are_no_xlsx(folder: Path) -> Iterator[tuple[str, Path]]:
    """What each shows, and a file named .xlsx that no reader of workbooks can open."""
    whole = write_letters(folder / "whole.xlsx", []).read_bytes()
    for name, shows, content in (
        ("empty.xlsx", "an empty file", b""),
        ("text.xlsx", "comma-separated text", ",".join(COLUMNS).encode()),
        ("cut.xlsx", "a workbook cut in the middle", whole[: len(whole) // 2]),
        ("page.xlsx", "a web page", b"<html><table><tr><td>1</td></tr></table></html>"),
    ):
        path = folder / name
        path.write_bytes(content)
        yield shows, path
    bare = folder / "archive.xlsx"
    with zipfile.ZipFile(bare, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    yield "an archive without a workbook", bare
