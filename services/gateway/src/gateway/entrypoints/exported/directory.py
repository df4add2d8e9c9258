"""Units, enterprises and the responsibility list as tables."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final

from pydantic import Field
from sqlalchemy import RowMapping

from backbone.sheets import Row
from gateway.entrypoints.exported.listed import Asking, Listed, Rows, Wanted, day, moment
from gateway.entrypoints.graphql.list_queries import ItemKind
from gateway.projections import list_queries, unit_queries
from gateway.projections.enterprises import MOST, find_enterprises

THE_TOWNSHIP: Final = "township"
"""The responsibility list's word for the township a matter lies in."""
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Items(Wanted):
    """Items that speak of something, of a day's version, of a kind, of a unit."""

    search: Annotated[str | None, Field(max_length=200)] = None
    as_of: date | None = None
    kind: ItemKind | None = None
    unit: str | None = None


class OfVersion(Wanted):
    """A version; the one in force if none is named."""

    version: Number | None = None


class Compared(Wanted):
    """Two versions."""

    old: Number = Field(alias="from")
    new: Number = Field(alias="to")


class Enterprises(Wanted):
    """Enterprises whose name, number or code is this, of a township; those that ended if asked for."""

    text: str | None = None
    township: str | None = None
    ended: bool = False


async def _units(asking: Asking, _: Wanted) -> Rows:
    async with asking.parts.view.connect() as connection:
        rows = await unit_queries.all_units(connection)
    yield [
        [
            row["code"],
            row["name"],
            row["short_name"],
            asking.word("unit-class", row["unit_class"]),
            asking.word("tier", row["tier"]),
            row["duty_desk_phone"],
            asking.yes(row["ruled_by_county"]),
            "、".join(each["name"] for each in row["villages"]),
            row["ended_on"],
            asking.unit(row["heirs"][-1]) if row["heirs"] else "",
        ]
        for row in rows
    ]


async def _items(asking: Asking, wanted: Items) -> Rows:
    view, codes = asking.parts.view, None
    if wanted.search:
        as_of = wanted.as_of.isoformat() if wanted.as_of else None
        found = await asking.read("routing", "/responsibility-list/search", text=wanted.search, as_of=as_of)
        version, codes = found["version"], found["codes"]
    else:
        async with view.connect() as connection:
            version = await list_queries.version_of(connection, wanted.as_of)
    if version is None:
        return
    kind = wanted.kind.value if wanted.kind else None
    async with view.connect() as connection:
        rows = await list_queries.items_of(connection, version, kind=kind, unit=wanted.unit, codes=codes)
    yield [_item(asking, row) for row in rows]


async def _version(asking: Asking, wanted: OfVersion) -> Rows:
    async with asking.parts.view.connect() as connection:
        version = wanted.version or await list_queries.version_of(connection)
        rows = await list_queries.items_of(connection, version) if version is not None else ()
    yield [_item(asking, row) for row in rows]


def _item(asking: Asking, row: RowMapping) -> Row:
    return [
        row["version"],
        day(row["effective_from"]),
        row["source_document"],
        row["code"],
        *(_told(asking, name, row[name]) for name in _FIELDS if name in row),
    ]


_FIELDS: Final = (
    *("title", "kind", "level", "lead", "assists", "legal_basis", "summary", "complex", "devolved"),
    *("devolved_with", "taxonomy"),
)
_ITEM: Final = (
    "version",
    "effective-from",
    "source-document",
    "item-code",
    *(f"item-{name.replace('_', '-')}" for name in _FIELDS),
)


def _told(asking: Asking, field: str, value: Any) -> str:
    """A field of an item in words."""
    match field:
        case "kind" | "level":
            return asking.word(f"item-{field}", value)
        case "lead":
            return _holder(asking, value)
        case "assists":
            return "、".join(_holder(asking, each) for each in value)
        case "devolved_with":
            return asking.words("came-with", value)
        case "complex" | "devolved":
            return asking.yes(value)
    return "\n".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else value


def _holder(asking: Asking, code: str) -> str:
    return asking.say("export-the-township") if code == THE_TOWNSHIP else asking.unit(code)


async def _diff(asking: Asking, wanted: Compared) -> Rows:
    versions = {"from": str(wanted.old), "to": str(wanted.new)}
    found = await asking.read("routing", "/responsibility-list/diff", **versions)
    for change in ("added", "removed"):
        yield [_change(asking, change, item) for item in found[change]]
    for item in found["changed"]:
        yield [_change(asking, "changed", item, each) for each in item["fields"]]


def _change(
    asking: Asking, change: str, item: Mapping[str, Any], field: Mapping[str, Any] | None = None
) -> Row:
    named = [asking.word("list-change", change), item["code"], item["title"]]
    if field is None:
        return [*named, "", "", ""]
    name = field["field"]
    head = asking.say(f"export-item-{name.replace('_', '-')}")
    return [*named, head, _told(asking, name, field["old"]), _told(asking, name, field["new"])]


async def _enterprises(asking: Asking, wanted: Enterprises) -> Rows:
    after: str | None = None
    while True:
        async with asking.parts.view.connect() as connection:
            rows = await find_enterprises(
                connection,
                asking.viewer,
                text=wanted.text,
                township=wanted.township,
                ended=wanted.ended,
                after=after,
            )
        yield [_enterprise(asking, row) for row in rows]
        if len(rows) < MOST:
            return
        after = rows[-1]["number"]


def _enterprise(asking: Asking, row: RowMapping) -> Row:
    return [
        *(row[name] for name in ("number", "credit_code", "name")),
        asking.unit(row["township"]),
        asking.names.village(row["village"]),
        *(row[name] for name in ("officer", "officer_phone")),
        asking.unit(row["officer_unit"]),
        moment(row["officer_since"]),
        moment(row["ended_at"]),
    ]


_DIRECTORY: Final = ("read-directory",)
LISTS: Final[tuple[Listed[Any], ...]] = (
    Listed(
        name="units",
        query="units",
        operations=_DIRECTORY,
        wanted=Wanted,
        columns=(
            *("unit-code", "name", "short-name", "unit-class", "tier", "duty-desk-phone"),
            *("ruled-by-county", "villages", "ended-on", "successor"),
        ),
        rows=_units,
    ),
    Listed(
        name="responsibility-items",
        query="responsibilityItems",
        operations=_DIRECTORY,
        wanted=Items,
        columns=_ITEM,
        rows=_items,
    ),
    Listed(
        name="responsibility-list",
        query="responsibilityList",
        operations=_DIRECTORY,
        wanted=OfVersion,
        columns=_ITEM,
        rows=_version,
    ),
    Listed(
        name="responsibility-list-diff",
        query="responsibilityListDiff",
        operations=_DIRECTORY,
        wanted=Compared,
        columns=("list-change", "item-code", "item-title", "field", "was", "becomes"),
        rows=_diff,
    ),
    Listed(
        name="enterprises",
        query="enterprises",
        operations=("read-enterprises",),
        wanted=Enterprises,
        columns=(
            *("number", "credit-code", "name", "township", "village", "officer", "officer-phone"),
            *("officer-unit", "officer-since", "service-ended"),
        ),
        rows=_enterprises,
    ),
)
