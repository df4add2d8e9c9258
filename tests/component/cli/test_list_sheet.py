"""The responsibility list as a workbook: it comes back as it was written, and faults name their cell."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuishao.county import County
from chuishao.list_sheet import COLUMNS, HELP, SHEET, Units, read, write
from chuishao.words import CommandFailedError, InputRefusedError

WATER, FARMING = "water-resources", "agriculture-rural"
UNITS = Units(
    [
        {"code": WATER, "name": "南乐县水利局", "shortName": "水利局"},
        {"code": FARMING, "name": "南乐县农业农村局", "shortName": "农业局"},
        {"code": "old-farming", "name": "南乐县农业局", "shortName": "农业局"},
    ]
)
ITEM: dict[str, Any] = {
    "code": "SL-01",
    "title": "沟渠清障",
    "kind": "supporting",
    "level": "county",
    "lead": WATER,
    "assists": [FARMING],
    "legal_basis": "《防洪法》第六条",
    "summary": "",
    "keywords": ["沟渠", "堵塞"],
    "taxonomy": ["农村农业", "水利水电"],
    "complex": True,
    "devolved": True,
    "devolved_with": ["people", "funds"],
}
GOOD = ["SL-01", "沟渠清障", "配合履职", "县", "水利局", "", "《防洪法》", "", "", "", "否", "否", ""]

texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs", "Cn", "Co")), max_size=20
).map(str.strip)
needed = texts.filter(bool)
items = st.fixed_dictionaries(
    {
        "code": st.from_regex(r"[0-9A-Za-z][0-9A-Za-z._-]{0,12}", fullmatch=True),
        "title": needed,
        "kind": st.sampled_from(["supporting", "withdrawn_upward"]),
        "level": st.sampled_from(["county", "city"]),
        "lead": st.just(WATER),
        "assists": st.sampled_from([[], [FARMING], ["old-farming", FARMING]]),
        "legal_basis": needed,
        "summary": texts,
        "keywords": st.lists(needed, max_size=4),
        "taxonomy": st.lists(needed, max_size=3),
        "complex": st.booleans(),
        "devolved": st.just(True),
        "devolved_with": st.sampled_from([[], ["people"], ["funds", "technology"]]),
    }
)


def book(path: Path, *rows: list[Any], columns: tuple[str, ...] = COLUMNS) -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(columns)
    for row in rows:
        sheet.append(row)
    workbook.save(path)
    return path


def changed(**cells: str) -> list[str]:
    return [cells.get(name, text) for name, text in zip(COLUMNS, GOOD, strict=True)]


@given(st.lists(items, min_size=1, max_size=5, unique_by=lambda item: item["code"]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_comes_back_as_it_was_written(tmp_path: Path, listed: list[dict[str, Any]]) -> None:
    write(tmp_path / "list.xlsx", listed, UNITS)
    assert read(tmp_path / "list.xlsx", UNITS) == (listed, [])


def test_brings_the_demo_list_back_whole(tmp_path: Path) -> None:
    county = County()
    units = Units(
        [
            {"code": each["code"], "name": each["name"], "shortName": each["short_name"]}
            for each in county.units
        ]
    )
    listed = [{name: item[name] for name in ITEM} for item in county.responsibility_list["item"]]
    write(tmp_path / "list.xlsx", listed, units)
    assert read(tmp_path / "list.xlsx", units) == (listed, [])


def test_is_written_for_people(tmp_path: Path) -> None:
    write(tmp_path / "list.xlsx", [ITEM], UNITS)
    workbook = openpyxl.load_workbook(tmp_path / "list.xlsx")
    header, row = workbook[SHEET].iter_rows(values_only=True)
    assert header == COLUMNS
    shown = dict(zip(COLUMNS, row, strict=True))
    assert (shown["类别"], shown["主责单位"], shown["依法下放"]) == ("配合履职", "水利局", "是")
    assert shown["配合单位"] == FARMING, "two units are called 农业局"
    assert (shown["关键词"], shown["下放配套"]) == ("沟渠\n堵塞", "人员、经费")
    assert [row[0] for row in workbook[HELP].iter_rows(values_only=True)] == list(COLUMNS)


def test_takes_a_text_that_looks_like_a_formula_for_a_text(tmp_path: Path) -> None:
    write(tmp_path / "list.xlsx", [ITEM | {"title": "=1+1"}], UNITS)
    assert read(tmp_path / "list.xlsx", UNITS)[0][0]["title"] == "=1+1"


def test_reads_columns_in_any_order_and_units_by_any_name(tmp_path: Path) -> None:
    cells = dict(zip(COLUMNS, changed(主责单位="南乐县水利局", 配合单位="agriculture-rural"), strict=True))
    names = tuple(reversed(COLUMNS))
    found, problems = read(book(tmp_path / "x.xlsx", [cells[name] for name in names], columns=names), UNITS)
    assert (found[0]["lead"], found[0]["assists"], problems) == (WATER, [FARMING], [])


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"编号": ""}, "编号"),
        ({"编号": "水利一"}, "编号"),
        ({"事项名称": ""}, "事项名称"),
        ({"事项名称": "长" * 201}, "事项名称"),
        ({"类别": "随便"}, "类别"),
        ({"层级": "省"}, "层级"),
        ({"层级": "乡镇"}, "层级"),
        ({"主责单位": "烟草局"}, "主责单位"),
        ({"主责单位": "农业局"}, "主责单位"),
        ({"主责单位": "属地镇街"}, "主责单位"),
        ({"配合单位": "水利局"}, "配合单位"),
        ({"配合单位": "agriculture-rural、agriculture-rural"}, "配合单位"),
        ({"配合单位": "烟草局"}, "配合单位"),
        ({"法律依据": " "}, "法律依据"),
        ({"职责说明": "长" * 501}, "职责说明"),
        ({"关键词": "\n".join(map(str, range(51)))}, "关键词"),
        ({"关键词": "长" * 201}, "关键词"),
        ({"诉求分类": "一\n二\n三\n四"}, "诉求分类"),
        ({"复杂事项": "也许"}, "复杂事项"),
        ({"下放配套": "人员"}, "下放配套"),
        ({"依法下放": "是", "下放配套": "人情"}, "下放配套"),
    ],
)
def test_names_the_row_and_the_column_of_a_fault(tmp_path: Path, cells: dict[str, str], column: str) -> None:
    good = changed(编号="SL-00")
    _, problems = read(book(tmp_path / "x.xlsx", good, changed(**cells)), UNITS)
    assert [(each.line, each.column) for each in problems] == [(3, column)]
    assert str(problems[0]).startswith(f"第 3 行“{column}”：")


def test_names_every_fault_at_once(tmp_path: Path) -> None:
    rows = [changed(类别="?", 法律依据=""), changed(), changed()]
    _, problems = read(book(tmp_path / "x.xlsx", *rows), UNITS)
    assert [(each.line, each.column) for each in problems] == [
        (2, "类别"),
        (2, "法律依据"),
        (3, "编号"),
        (4, "编号"),
    ]


def test_refuses_what_is_no_list(tmp_path: Path) -> None:
    (tmp_path / "no.xlsx").write_text("no workbook")
    for path in (tmp_path / "no.xlsx", tmp_path / "nowhere.xlsx", book(tmp_path / "empty.xlsx")):
        with pytest.raises(InputRefusedError):
            read(path, UNITS)
    with pytest.raises(InputRefusedError, match="主责单位"):
        read(book(tmp_path / "few.xlsx", ["SL-01"], columns=("编号",)), UNITS)


def test_leaves_no_half_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(CommandFailedError):
        write(tmp_path / "list.xlsx", [ITEM | {"title": "a\x00b"}], UNITS)
    with pytest.raises(CommandFailedError):
        write(tmp_path / "nowhere" / "list.xlsx", [ITEM], UNITS)
    assert list(tmp_path.iterdir()) == []
