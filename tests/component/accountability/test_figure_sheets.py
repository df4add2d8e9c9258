"""Tables of figures as files: names for codes, nothing a spreadsheet would execute, charts that show it."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from accountability.adapters.bulletin import as_bulletin
from accountability.adapters.figure_book import as_book
from accountability.adapters.figure_rows import Words, as_csv
from accountability.application.figure_facts import Member, Standpoint
from accountability.application.figures import FigureTable
from accountability.application.following.duties import HIGHER_LEVEL
from accountability.domain.figures import Item, Measure, Period, tabulate
from accountability.domain.figures.sheet import differences
from accountability.domain.frozen_period import FrozenTable, Version
from backbone.sheets import harmless
from tests.component.accountability.county import at

NOW = at("2026-07-02 09:00")
ITEM = Item(Measure.REPORT_IN, "water-resources", "public_appeal", "on_time", in_original=True, seconds=3600)
EVIL = Member("evil", "=CMD()", '=HYPERLINK("http://x")', "@tier")
MEMBERS = {
    "water-resources": Member("water-resources", "南乐县水利局", "水利局", "busy"),
    "transport": Member("transport", "南乐县交通运输局", "交通局", "busy"),
    "evil": EVIL,
}
TIERS = {code: member.tier for code, member in MEMBERS.items()}


def table(label: str, items: Sequence[Item], behind: tuple[str, ...] = ()) -> FigureTable:
    """The table of some items."""
    lines = tabulate(items, TIERS)
    return FigureTable(Period.read(label), Standpoint(NOW, behind), lines, MEMBERS, None)


def busy(on_time: int, late: int) -> list[Item]:
    """So many of water's, and as many of a unit that calls itself a formula."""
    missed = replace(ITEM, outcome="late", breached=True, in_original=False)
    ours = [*[ITEM] * on_time, *[missed] * late, replace(ITEM, excluded="withdrawn")]
    return [*ours, *(replace(each, unit="evil") for each in ours)]


def sheets(content: bytes) -> dict[str, Worksheet]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: sheet for sheet in book.worksheets}


def cells(sheet: Worksheet) -> list[object]:
    return [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_text_that_looks_like_a_formula_is_marked_as_text(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert [harmless(each) for each in ("水利局", -1, 0.5, None)] == ["水利局", -1, 0.5, None]


def test_no_file_holds_a_formula() -> None:
    shown = table("2026-06", busy(8, 2))

    for content in (as_book(Words(shown)), as_bulletin([table("2026-05", busy(6, 4)), shown])):
        for sheet in sheets(content).values():
            assert [cell for row in sheet for cell in row if cell.data_type == "f"] == []
    text = as_csv(Words(shown)).decode("utf-8-sig")
    assert not [cell for row in csv.reader(io.StringIO(text)) for cell in row if cell[:1] in tuple("=+@")]
    assert "'=HYPERLINK" in text


def test_shows_rates_names_and_what_stands_outside() -> None:
    found = sheets(as_book(Words(table("2026-06", busy(8, 2)))))

    assert {"水利局", 0.8, "报到率"} <= set(cells(found["汇总"]))
    assert "已撤回 1" in cells(found["明细"])


def test_shows_the_counts_and_what_is_excluded_beside_each_rate() -> None:
    shown = table("2026-06", busy(8, 2))
    for sheet in (
        sheets(as_book(Words(shown)))["汇总"],
        sheets(as_bulletin([table("2026-05", busy(6, 4)), shown]))["各单位"],
    ):
        heads = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "分组")
        rate = heads.index("报到率")
        water = next(row for row in sheet.iter_rows(values_only=True) if row[1] == "水利局")
        assert heads[rate + 1] == "件数"
        assert water[rate : rate + 2] == (0.8, "8/10(不计入1)")
        assert "10(不计入1)" in water[rate + 2 :]


def test_reads_as_a_table_wide_enough_and_with_its_heads_in_sight() -> None:
    found = sheets(as_book(Words(table("2026-06", busy(8, 2)))))
    details = found["明细"]
    [head] = [n for n, row in enumerate(details.iter_rows(values_only=True), 1) if row[0] == "指标"]
    rate = next(row for row in details.iter_rows() if (row[0].value, row[2].value) == ("报到率", "水利局"))

    assert (rate[6].value, rate[6].number_format) == (0.8, "0.0%")
    assert details.cell(head + 1, 1).value is not None
    assert details.freeze_panes == f"A{head + 1}"
    assert found["汇总"].freeze_panes == f"C{head + 1}"
    assert str(details.auto_filter.ref).startswith(f"A{head}:L")
    assert "报到用时(中位,小时)" in cells(details)
    assert details.column_dimensions["A"].width >= 2 * len("报到用时中位小时") + len("(,)")


def test_names_who_rules_above_the_county() -> None:
    disputed = replace(ITEM, measure=Measure.DISPUTE, unit=HIGHER_LEVEL, kind="dispute")

    assert "上级编办" in cells(sheets(as_book(Words(table("2026-06", [disputed]))))["明细"])


def test_names_the_tiers_of_the_demonstration_county_and_shows_others_as_they_are() -> None:
    words = Words(table("2026-06", []))

    assert [words.tier(each) for each in ("department-frequent", "busy", "@tier", "", None)] == [
        "高频部门",
        "busy",
        "'@tier",
        "未分组",
        "全县",
    ]


def test_says_too_few_and_never_zero() -> None:
    found = sheets(as_book(Words(table("2026-06", [ITEM] * 3))))

    assert "样本太少" in cells(found["汇总"])
    assert 1 not in cells(found["汇总"])


def test_says_when_not_everything_was_in() -> None:
    head = Words(table("2026-06", [], behind=("routing",))).head()

    assert any("routing" in line and "未到齐" in line for line in head)


def test_an_empty_period_is_told_as_one() -> None:
    assert "本期没有可统计的事项" in cells(sheets(as_book(Words(table("2026-06", []))))["汇总"])
    assert "本期没有可统计的事项" in cells(sheets(as_bulletin([table("2026-06", [])]))["一张表格看变化"])


def test_what_changed_since_it_was_frozen_stands_on_a_sheet_of_its_own() -> None:
    was, now = table("2026-06", busy(8, 2)), table("2026-06", busy(7, 3))
    frozen = Version(0, FrozenTable(NOW, "", ""), NOW, "supervisor-1")

    found = sheets(as_book(Words(replace(was, frozen=frozen, changes=differences(was.lines, now.lines)))))

    assert {0.8, 0.7} <= set(cells(found["定稿后变化"]))


def test_the_bulletin_sets_each_figure_beside_the_one_before_with_charts() -> None:
    tables = [table("2026-04", busy(9, 1)), table("2026-05", busy(6, 4)), table("2026-06", busy(8, 2))]

    found = sheets(as_bulletin(tables))

    rows = {row[0]: row[1:4] for row in found["一张表格看变化"].iter_rows(values_only=True)}
    assert rows["报到率"] == pytest.approx((0.8, 0.6, 0.2))
    trend = [row[:2] for row in found["走势"].iter_rows(values_only=True, max_row=4)]
    assert trend == [("全县", "报到率"), ("2026-04", 90), ("2026-05", 60), ("2026-06", 80)]
    charts = {title: len(sheet._charts) for title, sheet in found.items()}  # type: ignore[attr-defined]
    assert charts["走势"] == 1
    assert charts["报到率"] == 2


def test_speaks_english_to_who_asks_for_it() -> None:
    words = Words(table("2026-06", busy(8, 2)), "en")

    assert "Report-in rate" in cells(sheets(as_book(words))["Summary"])
    assert "too few" in as_csv(Words(table("2026-06", [ITEM]), "en")).decode()
