"""权责清单 as a workbook: one item a row, read and written without loss.

Columns, in this order when written, in any order when read: 编号, 事项名称, 类别 (基本履职, 配合履职,
上级收回), 层级 (乡镇, 县, 市), 主责单位 and 配合单位 (short name, full name or code; 属地镇街 is the
township the matter lies in), 法律依据, 职责说明, 关键词 and 诉求分类 (one a line), 复杂事项 and 依法下放
(是, 否), 下放配套 (人员, 经费, 技术).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils.exceptions import IllegalCharacterError

from chuishao.letter_rows import RowFile
from chuishao.words import CommandFailedError, InputRefusedError, Saying

CODE, TITLE, KIND, LEVEL, LEAD, ASSISTS, BASIS, SUMMARY, KEYWORDS, TAXONOMY, COMPLEX, DEVOLVED, CAME_WITH = (
    COLUMNS
) = (
    "编号",
    "事项名称",
    "类别",
    "层级",
    "主责单位",
    "配合单位",
    "法律依据",
    "职责说明",
    "关键词",
    "诉求分类",
    "复杂事项",
    "依法下放",
    "下放配套",
)
SHEET, HELP = "权责清单", "填写说明"
KINDS: Final = {"primary": "基本履职", "supporting": "配合履职", "withdrawn_upward": "上级收回"}
LEVELS: Final = {"township": "乡镇", "county": "县", "city": "市"}
GOODS: Final = {"people": "人员", "funds": "经费", "technology": "技术"}
YES, NO = "是", "否"
TOWNSHIP, THE_TOWNSHIP = "township", "属地镇街"
LONGEST: Final = {TITLE: 200, BASIS: 500, SUMMARY: 500}
"""Characters routing takes; a line of 关键词 or 诉求分类 has at most 200."""
MOST: Final = {ASSISTS: 20, KEYWORDS: 50, TAXONOMY: 3, CAME_WITH: 3}
LONGEST_LINE: Final = 200
_CODE: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")
_SEPARATORS: Final = re.compile(r"[、，,；;\n]")
_WIDTHS: Final = (14, 40, 12, 8, 18, 22, 36, 40, 22, 18, 10, 10, 12)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a cell."""

    line: int
    column: str
    why: Saying

    def __str__(self) -> str:
        return str(Saying("list-cell-refused", {"line": self.line, "column": self.column, "why": self.why}))


class Units:
    """The names of units, both ways; a name that two units share is written as a code."""

    def __init__(self, units: Sequence[Mapping[str, Any]]) -> None:
        self._codes = {THE_TOWNSHIP: {TOWNSHIP}, TOWNSHIP: {TOWNSHIP}}
        for unit in units:
            for name in (unit["code"], unit["name"], unit["shortName"]):
                self._codes.setdefault(name, set()).add(unit["code"])
        self._names = {unit["code"]: unit["shortName"] for unit in units} | {TOWNSHIP: THE_TOWNSHIP}

    def name(self, code: str) -> str:
        """How a unit is written."""
        name = self._names.get(code, code)
        plain = self._codes.get(name) == {code} and not _SEPARATORS.search(name)
        return name if plain else code

    def code(self, name: str) -> str | None:
        """Whom a name means; None if nobody or more than one."""
        found = self._codes.get(name, set())
        return next(iter(found)) if len(found) == 1 else None


def write(path: Path, items: Sequence[Mapping[str, Any]], units: Units) -> None:
    """Write a workbook; raises ``CommandFailedError`` and leaves no half of it."""
    book = openpyxl.Workbook()
    sheet, help_sheet = book.create_sheet(SHEET, 0), book.create_sheet(HELP, 1)
    book.remove(book.worksheets[-1])
    for column, width in zip("ABCDEFGHIJKLM", _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "C2"
    help_sheet.column_dimensions["A"].width, help_sheet.column_dimensions["B"].width = 14, 80
    unfinished = path.with_name(path.name + ".part")
    try:
        _fill(sheet, 1, COLUMNS, bold=True)
        for line, item in enumerate(items, start=2):
            _fill(sheet, line, tuple(_texts(item, units)))
        for line, name in enumerate(COLUMNS, start=1):
            _fill(help_sheet, line, (name, Saying(f"list-column-{_ENGLISH[name]}").told("zh")))
        book.save(unfinished)
        unfinished.replace(path)
    except (OSError, IllegalCharacterError) as error:
        unfinished.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise CommandFailedError("list-unwritable", file=path, reason=reason) from error


_ENGLISH: Final = dict(
    zip(
        COLUMNS,
        (
            "code",
            "title",
            "kind",
            "level",
            "lead",
            "assists",
            "basis",
            "summary",
            "keywords",
            "taxonomy",
            "complex",
            "devolved",
            "came-with",
        ),
        strict=True,
    )
)


def _fill(sheet: Any, line: int, texts: Sequence[str], *, bold: bool = False) -> None:
    for number, text in enumerate(texts, start=1):
        cell = sheet.cell(line, number, text)
        cell.data_type = "s"  # a text that begins with = is a text
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=bold)


def _texts(item: Mapping[str, Any], units: Units) -> Iterator[str]:
    yield item["code"]
    yield item["title"]
    yield KINDS[item["kind"]]
    yield LEVELS[item["level"]]
    yield units.name(item["lead"])
    yield "、".join(units.name(each) for each in item["assists"])
    yield item["legal_basis"]
    yield item["summary"]
    yield "\n".join(item["keywords"])
    yield "\n".join(item["taxonomy"])
    yield YES if item["complex"] else NO
    yield YES if item["devolved"] else NO
    yield "、".join(GOODS.get(each, each) for each in item["devolved_with"])


def read(path: Path, units: Units) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The items of a workbook, and what is wrong in it; raises ``InputRefusedError`` if it is none."""
    items: list[dict[str, Any]] = []
    problems: list[Problem] = []
    lines: dict[str, int] = {}
    for line, cells, _ in RowFile(path, COLUMNS).cells():
        row = _Row(line, {name: _text(cells.get(name)) for name in COLUMNS}, units)
        item = row.item()
        if item["code"] in lines:
            row.wrong(CODE, "list-code-twice", line=lines[item["code"]])
        lines.setdefault(item["code"], line)
        items.append(item)
        problems += row.problems
    if not items:
        raise InputRefusedError("list-empty", file=path)
    return items, problems


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


class _Row:
    """One row being read."""

    def __init__(self, line: int, texts: Mapping[str, str], units: Units) -> None:
        self.problems: list[Problem] = []
        self._line, self._texts, self._units = line, texts, units

    def wrong(self, column: str, slug: str, **params: object) -> None:
        """Note what is wrong in a cell."""
        self.problems.append(Problem(self._line, column, Saying(slug, params)))

    def item(self) -> dict[str, Any]:
        """The item as routing takes it; of use only if nothing is wrong."""
        code = self._needed(CODE)
        if code and not _CODE.fullmatch(code):
            self.wrong(CODE, "list-code-form")
        item = {
            "code": code,
            "title": self._needed(TITLE),
            "kind": self._choice(KIND, KINDS, self._needed(KIND)),
            "level": self._choice(LEVEL, LEVELS, self._needed(LEVEL)),
            "lead": self._unit(LEAD, self._needed(LEAD)),
            "assists": [self._unit(ASSISTS, name) for name in self._several(ASSISTS)],
            "legal_basis": self._needed(BASIS),
            "summary": self._short(SUMMARY),
            "keywords": self._lines(KEYWORDS),
            "taxonomy": self._lines(TAXONOMY),
            "complex": self._yes(COMPLEX),
            "devolved": self._yes(DEVOLVED),
            "devolved_with": [self._choice(CAME_WITH, GOODS, name) for name in self._several(CAME_WITH)],
        }
        if not self.problems:
            self._fits_together(item)
        return item

    def _fits_together(self, item: Mapping[str, Any]) -> None:
        own = item["kind"] == "primary"
        if own != (item["lead"] == TOWNSHIP):
            self.wrong(LEAD, "item-kind-misfits-lead", item=item["code"])
        if own != (item["level"] == "township"):
            self.wrong(LEVEL, "item-kind-misfits-level", item=item["code"])
        if item["lead"] in item["assists"]:
            self.wrong(ASSISTS, "item-lead-assists-itself", item=item["code"])
        if len(set(item["assists"])) < len(item["assists"]):
            self.wrong(ASSISTS, "item-assist-twice", item=item["code"])
        if item["devolved_with"] and not item["devolved"]:
            self.wrong(CAME_WITH, "item-came-with-nothing-devolved", item=item["code"])

    def _needed(self, column: str) -> str:
        text = self._short(column)
        if not text:
            self.wrong(column, "list-cell-empty")
        return text

    def _short(self, column: str) -> str:
        text = self._texts[column]
        if len(text) > LONGEST.get(column, len(text)):
            self.wrong(column, "list-cell-too-long", most=LONGEST[column])
        return text

    def _choice(self, column: str, choices: Mapping[str, str], text: str) -> str:
        for value, name in choices.items():
            if text == name:
                return value
        if text:
            self.wrong(column, "list-cell-unknown", value=text, choices="、".join(choices.values()))
        return ""

    def _yes(self, column: str) -> bool:
        text = self._texts[column]
        if text not in (YES, NO, ""):
            self.wrong(column, "list-cell-unknown", value=text, choices=f"{YES}、{NO}")
        return text == YES

    def _unit(self, column: str, name: str) -> str:
        code = self._units.code(name) if name else ""
        if code is None:
            self.wrong(column, "list-unit-unknown", unit=name)
        return code or ""

    def _several(self, column: str) -> list[str]:
        return self._counted(column, _SEPARATORS.split(self._texts[column]))

    def _lines(self, column: str) -> list[str]:
        found = self._counted(column, self._texts[column].split("\n"))
        if any(len(each) > LONGEST_LINE for each in found):
            self.wrong(column, "list-cell-too-long", most=LONGEST_LINE)
        return found

    def _counted(self, column: str, parts: Sequence[str]) -> list[str]:
        found = [each.strip() for each in parts if each.strip()]
        if len(found) > MOST[column]:
            self.wrong(column, "list-cell-too-many", most=MOST[column])
        return found
