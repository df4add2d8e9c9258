"""权责清单 over HTTP: reading versions, comparing and searching them."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from backbone.web import CurrentActor
from routing.application.duty_lists import DutyLists
from routing.domain.list_comparison import ListDiff
from routing.domain.responsibility_list import ItemKind, Version
from routing.entrypoints.bodies import MOST_ITEMS, Body, ListItem


class Draft(Body):
    """The items of a version that is not published."""

    items: Annotated[tuple[ListItem, ...], Field(max_length=MOST_ITEMS)] = ()


def list_router(lists: DutyLists) -> APIRouter:
    """权责清单: questions, which change nothing."""
    router = APIRouter(prefix="/responsibility-list", tags=["responsibility list"])

    @router.get("/versions")
    async def versions(actor: CurrentActor) -> list[dict[str, Any]]:
        """Number, day, document and count of items of every version."""
        return [{**_head(each), "items": len(each.items)} for each in await lists.versions(actor)]

    @router.get("/versions/current")
    async def current_version(actor: CurrentActor) -> dict[str, Any]:
        """The version in force today, whole."""
        return _whole(await lists.version(None, actor))

    @router.get("/versions/{number}")
    async def version(number: int, actor: CurrentActor) -> dict[str, Any]:
        """A version, whole, as it was published."""
        return _whole(await lists.version(number, actor))

    @router.get("/diff")
    async def compare(
        actor: CurrentActor, old: Annotated[int, Query(alias="from")], new: Annotated[int, Query(alias="to")]
    ) -> dict[str, Any]:
        """What version ``to`` changes in version ``from``."""
        return _diff(await lists.compare(old, new, actor))

    @router.post("/preview")
    async def preview(body: Draft, actor: CurrentActor) -> dict[str, Any]:
        """What publishing these items would change in the version in force; nothing is stored."""
        version, found = await lists.preview([each.item() for each in body.items], actor)
        return {"version": version.number if version else None, **_diff(found)}

    @router.get("/search")
    async def search(
        actor: CurrentActor,
        text: Annotated[str, Query(max_length=200)] = "",
        as_of: date | None = None,
        kind: ItemKind | None = None,
        unit: Annotated[str | None, Query(max_length=64)] = None,
    ) -> dict[str, Any]:
        """The version of a day and the codes of its items that speak of the text, best first."""
        version, items = await lists.search(text, as_of, kind, unit, actor)
        return {"version": version.number if version else None, "codes": [item.code for item in items]}

    return router


def _head(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "effective_from": version.effective_from.isoformat(),
        "source_document": version.source_document,
    }


def _whole(version: Version) -> dict[str, Any]:
    return {**_head(version), "items": [asdict(item) for item in version.items]}


def _diff(found: ListDiff) -> dict[str, Any]:
    return {
        "added": [asdict(item) for item in found.added],
        "removed": [asdict(item) for item in found.removed],
        "changed": [
            {
                "code": each.item.code,
                "title": each.item.title,
                "fields": [asdict(change) for change in each.fields],
            }
            for each in found.changed
        ],
        "unchanged": found.unchanged,
    }
