"""What every exported list has in common: the filters of its query, its permission, words, two forms."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args
from urllib.parse import unquote

import pytest
from graphql import GraphQLInputObjectType, get_named_type
from openpyxl.worksheet import _writer

from backbone import sheets
from contracts.catalogue import catalogue, sentence
from contracts.events.accountability import supervision as supervision_events
from contracts.events.routing import ResponsibilityItem, UnitRegistered
from gateway.entrypoints.exported.listed import Listed
from gateway.entrypoints.exports import LISTS
from gateway.entrypoints.graphql import channels as channel_types
from gateway.entrypoints.graphql import enums, parking_types, supervision_types
from gateway.entrypoints.graphql.calendar import SpecialDayKind
from gateway.entrypoints.graphql.case_rules import CaseRulesState
from gateway.entrypoints.graphql.inputs import CaseOrderField, OrderDirection
from gateway.entrypoints.graphql.list_queries import ItemKind
from gateway.projections.read_log import WAYS
from tests.component.gateway.board import ADMINISTRATOR, CASE, DISPATCHER, Board
from tests.component.gateway.test_exports import Printer, printer
from tests.component.who_may import table
from tests.component.who_may.asking import somebody
from tests.component.who_may.test_graphql import ServicesAway

__all__ = ["printer"]

NO_LISTS = {
    "me": "one person",
    "case": "one case; a whistle has its printed sheet",
    "calendarFeed": "one feed",
    "limits": "no rows of anything",
    "caseFacets": "counts of the case list",
    "figures": "the service that keeps them exports them",
    "policyDryRun": "an answer to a question that is not kept",
    "caseRulesDryRun": "an answer to a question that is not kept",
    "suggestItems": "an answer to words that are being typed",
}
DOCUMENT = (Path(__file__).parents[3] / "docs" / "exports.md").read_text(encoding="utf-8")
PAGING = {"first", "after", "last", "before"}
NEEDED: dict[str, dict[str, Any]] = {
    "events": {"service": "intake"},
    "deliveries": {"channel": CASE},
    "responsibility-list-diff": {"from": 1, "to": 2},
}
every_list = pytest.mark.parametrize("listed", LISTS, ids=lambda each: each.name)


def arguments(board: Board, query: str) -> Iterator[str]:
    """What a query can be narrowed and ordered by, as parameters of a route are written."""
    asked = board.schema._schema.query_type.fields[query].args
    for name, each in asked.items():
        kind = get_named_type(each.type)
        if name == "orderBy":
            yield from ("order_by", "direction")
        elif isinstance(kind, GraphQLInputObjectType):
            yield from map(snake, kind.fields)
        elif name not in PAGING:
            yield snake(name)


def snake(name: str) -> str:
    return re.sub("([A-Z])", r"_\1", name).lower()


def test_every_query_is_exported_or_is_no_list(board: Board) -> None:
    exported = {each.query for each in LISTS if not each.query.startswith("/")}

    assert exported | set(NO_LISTS) == set(board.schema._schema.query_type.fields)
    assert not exported & set(NO_LISTS)
    assert len({each.name for each in LISTS}) == len(LISTS)


@every_list
def test_the_filters_are_those_of_the_query(board: Board, listed: Listed[Any]) -> None:
    known = {field.alias or name for name, field in listed.wanted.model_fields.items()}

    assert known == (set() if listed.query.startswith("/") else set(arguments(board, listed.query)))


@every_list
def test_the_document_names_its_filters(listed: Listed[Any]) -> None:
    (line,) = (each for each in DOCUMENT.splitlines() if each.startswith(f"| `{listed.name}` |"))

    assert listed.query in line
    assert all(f"`{field.alias or name}`" in line for name, field in listed.wanted.model_fields.items())


@every_list
def test_every_head_and_title_has_its_words(listed: Listed[Any]) -> None:
    for slug in (f"export-{each}" for each in (listed.name, *listed.columns)):
        assert {"zh", "en"} <= set(catalogue()[slug])
    assert len(set(listed.head("zh"))) == len(listed.columns)
    assert len(set(listed.head("en"))) == len(listed.columns)
    assert len(listed.title("en")) <= 31, "a sheet is not called longer"


@every_list
async def test_every_role_is_answered_as_the_table_says(
    dispatched: Board, printer: Printer, listed: Listed[Any]
) -> None:
    rule = table.of_routes("gateway")
    for ending in ("csv", "xlsx"):
        path = f"/exports/{listed.name}.{ending}"
        for role in table.PEOPLE:
            printer.caller = somebody(role)
            answer = await printer.client.get(path, params=NEEDED.get(listed.name))
            refused = answer.status_code == 403 and answer.json()["code"] == "not-permitted"
            assert refused != (role in rule["GET", path].roles), role
            assert answer.status_code != 500


@pytest.fixture
def board(board: Board) -> Board:
    """The services do not answer."""
    board.parts = replace(board.parts, services=ServicesAway())
    return board


@every_list
async def test_what_it_does_not_know_it_refuses(printer: Printer, listed: Listed[Any]) -> None:
    asked = NEEDED.get(listed.name, {}) | {"colour": "red"}

    answer = await printer.get(f"/exports/{listed.name}.csv", ADMINISTRATOR, **asked)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")


@pytest.mark.parametrize("of", ["responsibility-items", "units", "cases", "notices", "read-log"])
async def test_an_empty_list_is_a_file_of_its_heads(printer: Printer, of: str) -> None:
    caller = somebody("auditor")
    (listed,) = (each for each in LISTS if each.name == of)

    assert await printer.table(caller, of=of) == []
    assert await printer.sheet(caller, of=of) == [list(listed.head("zh"))]


async def test_a_file_is_called_like_its_list(printer: Printer) -> None:
    for language, name in (("zh", "单位名录"), ("en-US", "Units")):
        printer.client.headers["Accept-Language"] = language
        for ending in ("csv", "xlsx"):
            answer = await printer.get(f"/exports/units.{ending}")
            told = unquote(answer.headers["content-disposition"])
            assert told == f"attachment; filename*=UTF-8''{name}.{ending}"
            assert answer.headers["cache-control"] == "no-store"


async def test_a_workbook_that_would_be_too_large_is_refused_and_leaves_nothing(
    dispatched: Board, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await dispatched.ask(f'{{ case(caseId: "{CASE}") {{ state }} }}', DISPATCHER)
    monkeypatch.setattr(sheets, "MOST_ROWS", 0)

    answer = await printer.get("/exports/read-log.xlsx", somebody("auditor"))

    assert (answer.status_code, answer.json()["code"]) == (422, "export-too-large")
    assert "0 行" in answer.json()["detail"]
    assert _writer.ALL_TEMP_FILES == []
    assert len(await printer.table(somebody("auditor"), of="read-log")) == 1


async def test_a_service_that_is_away_is_told_before_a_file_begins(printer: Printer) -> None:
    for of in ("policies", "case-rules", "calendar"):
        for ending in ("csv", "xlsx"):
            answer = await printer.get(f"/exports/{of}.{ending}")
            assert (answer.status_code, answer.json()["code"]) == (503, "service-unreachable")


@pytest.mark.parametrize(
    ("group", "values"),
    [
        ("order-state", supervision_types.OrderState),
        ("rung", supervision_types.OrderColor),
        ("exemption-ground", supervision_types.ExemptionGround),
        ("exemption-state", supervision_types.ExemptionState),
        ("shared-result", supervision_types.SharedResultKind),
        ("spot-check-state", supervision_types.SpotCheckState),
        ("spot-check-way", supervision_types.SpotCheckWay),
        ("parking-ground", parking_types.ParkingGround),
        ("policy-state", CaseRulesState),
        ("calendar-day", SpecialDayKind),
        ("item-kind", ItemKind),
        ("channel-kind", channel_types.ChannelKind),
        ("channel-state", channel_types.ChannelState),
        ("delivery-state", channel_types.DeliveryState),
        ("clock-filter", enums.ClockFilter),
        ("role", enums.Role),
        ("case-order", CaseOrderField),
        ("direction", OrderDirection),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_value_of_a_closed_list_has_its_words(group: str, values: Any) -> None:
    for each in values:
        slug = f"{group}-{each.value.lower().replace('_', '-')}"
        assert sentence(slug, "zh") != sentence(slug, "en"), slug


@pytest.mark.parametrize(
    ("group", "values"),
    [
        ("read-way", WAYS),
        ("order-cause", get_args(supervision_events.WithdrawalCause)),
        ("authority", get_args(supervision_events.Authority)),
        ("unit-class", get_args(UnitRegistered.model_fields["unit_class"].annotation)),
        ("item-kind", get_args(ResponsibilityItem.model_fields["kind"].annotation)),
        ("item-level", get_args(ResponsibilityItem.model_fields["level"].annotation)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_word_of_the_published_language_has_its_words(group: str, values: tuple[str, ...]) -> None:
    assert values
    assert all(f"{group}-{each.replace('_', '-')}" in catalogue() for each in values)
