"""Queries on the responsibility list: items by words, day, kind and unit; whole versions; what changed."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Annotated, Any

import strawberry

from gateway.entrypoints.graphql.list_types import ResponsibilityItem
from gateway.entrypoints.graphql.unit_types import Info
from gateway.projections import list_queries


@strawberry.enum(description="事项类别:基本履职、配合履职、上级收回")
class ItemKind(Enum):
    PRIMARY = "primary"
    SUPPORTING = "supporting"
    WITHDRAWN_UPWARD = "withdrawn_upward"


@strawberry.type(description="一版权责清单 a version of the list")
class ResponsibilityList:
    version: int
    effective_from: str
    source_document: str
    items: list[ResponsibilityItem]


@strawberry.type(description="一个栏目的改动,多值以换行分开")
class FieldChange:
    field: str
    old: str
    new: str


@strawberry.type(description="一项的改动")
class ItemChange:
    code: str
    title: str
    fields: list[FieldChange]


@strawberry.type(description="清单事项的编号和名称")
class ItemName:
    code: str
    title: str


@strawberry.type(description="两版清单的差别 what a version changes in another")
class ResponsibilityListDiff:
    added: list[ItemName]
    removed: list[ItemName]
    changed: list[ItemChange]
    unchanged: int


@strawberry.type
class ListQuery:
    @strawberry.field(description="权责清单事项;search 按文字查找,最相近的在前;asOf 为某日施行的清单")
    async def responsibility_items(
        self,
        info: Info,
        search: str | None = None,
        as_of: date | None = None,
        kind: ItemKind | None = None,
        unit: str | None = None,
    ) -> list[ResponsibilityItem]:
        context = info.context
        context.permit("read-directory")
        version, codes = None, None
        if search:
            params = {"text": search} | ({"as_of": as_of.isoformat()} if as_of else {})
            found = await context.parts.services.read(
                "routing", "/responsibility-list/search", token=context.token, params=params
            )
            version, codes = found["version"], found["codes"]
        else:
            version = await context.read(lambda connection: list_queries.version_of(connection, as_of))
        if version is None:
            return []
        rows = await context.read(
            lambda connection: list_queries.items_of(
                connection, version, kind=kind.value if kind else None, unit=unit, codes=codes
            )
        )
        return [ResponsibilityItem.of(row) for row in rows]

    @strawberry.field(description="一版权责清单;不填为现行版,没有则为空")
    async def responsibility_list(self, info: Info, version: int | None = None) -> ResponsibilityList | None:
        context = info.context
        context.permit("read-directory")
        number = version or await context.read(list_queries.version_of)
        if number is None:
            return None
        rows = await context.read(lambda connection: list_queries.items_of(connection, number))
        if not rows:
            return None
        return ResponsibilityList(
            version=number,
            effective_from=rows[0]["effective_from"],
            source_document=rows[0]["source_document"],
            items=[ResponsibilityItem.of(row) for row in rows],
        )

    @strawberry.field(description="两版权责清单的差别")
    async def responsibility_list_diff(
        self,
        info: Info,
        old: Annotated[int, strawberry.argument(name="from")],
        new: Annotated[int, strawberry.argument(name="to")],
    ) -> ResponsibilityListDiff:
        context = info.context
        context.permit("read-directory")
        found = await context.parts.services.read(
            "routing",
            "/responsibility-list/diff",
            token=context.token,
            params={"from": str(old), "to": str(new)},
        )
        return ResponsibilityListDiff(
            added=[_name(each) for each in found["added"]],
            removed=[_name(each) for each in found["removed"]],
            changed=[
                ItemChange(
                    code=each["code"],
                    title=each["title"],
                    fields=[
                        FieldChange(field=it["field"], old=_text(it["old"]), new=_text(it["new"]))
                        for it in each["fields"]
                    ],
                )
                for each in found["changed"]
            ],
            unchanged=found["unchanged"],
        )


def _name(item: Mapping[str, Any]) -> ItemName:
    return ItemName(code=item["code"], title=item["title"])


def _text(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
