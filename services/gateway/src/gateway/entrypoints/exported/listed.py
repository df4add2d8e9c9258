"""A list that is exported: who may have it, how it is filtered, and its lines in the words of a reader."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from backbone.identity import Actor
from backbone.sheets import Row
from contracts.catalogue import catalogue, sentence
from contracts.permissions import may, permit
from gateway.domain.visibility import Viewer
from gateway.entrypoints.graphql.context import Parts
from gateway.entrypoints.passing_on import answered
from gateway.projections.case_queries import LARGEST_PAGE, cases_by_id
from gateway.projections.case_rows import Names, local, word
from gateway.projections.pages import cursor
from gateway.projections.read_log import note_reading

Rows = AsyncIterator[Sequence[Row]]
"""Lines, page by page."""
Page = Callable[[AsyncConnection, int, str | None], Awaitable[Sequence[RowMapping]]]
"""So many rows from a cursor on."""


class Wanted(BaseModel):
    """The filter of a list; what it does not know it refuses. By itself: a list without one."""

    model_config = ConfigDict(extra="forbid")


W = TypeVar("W", bound=Wanted)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a list, and how it is told them."""

    actor: Actor
    token: str
    """The caller's own, for the services that keep a list."""
    language: str
    parts: Parts
    names: Names

    @property
    def viewer(self) -> Viewer:
        """The caller as the row-level rule sees them."""
        return Viewer(self.actor.subject, self.actor.role, self.actor.unit)

    def say(self, slug: str, params: Mapping[str, object] | None = None) -> str:
        """A sentence."""
        return sentence(slug, self.language, params)

    def word(self, group: str, value: str | None) -> str:
        """A value of a closed list in words; one that the catalogue does not know as it is."""
        known = f"{group}-{value.lower().replace('_', '-')}" in catalogue() if value else True
        return word(group, value.lower() if value else None, self.language) if known else str(value)

    def words(self, group: str, values: Collection[str]) -> str:
        """Several of them."""
        return "、".join(self.word(group, each) for each in values)

    def clock(self, kind: str | None) -> str:
        """What a deadline is called."""
        return self.word("clock", kind)

    def yes(self, holds: bool) -> str:
        """Yes or no."""
        return self.say("export-yes" if holds else "export-no")

    def unit(self, code: str | None) -> str:
        """A unit's name."""
        return self.names.unit(code)

    def units(self, codes: Collection[str]) -> str:
        """Names of units."""
        return "、".join(map(self.unit, codes))

    async def read(self, service: str, path: str, **params: str | None) -> Any:
        """What a service answers on a path; its refusal as ``Refusal``."""
        asked = {name: value for name, value in params.items() if value is not None}
        return await answered(self.parts.services.read(service, path, token=self.token, params=asked))

    async def numbers(self, connection: AsyncConnection, ids: Collection[str]) -> Mapping[str, str]:
        """Case id → number, of the cases the caller may see."""
        wanted = sorted(set(ids))
        found = await cases_by_id(connection, self.viewer, wanted)
        return {row["case_id"]: row["number"] or "" for row in found if row is not None}

    async def noted(self, connection: AsyncConnection, ids: Collection[str]) -> None:
        """Note that these cases are read, before anything of them is told."""
        if ids:
            await note_reading(connection, self.viewer, "file", sorted(set(ids)))

    async def pages(self, read: Page, at: Column[datetime]) -> AsyncIterator[Sequence[RowMapping]]:
        """All rows of a list by the moments in ``at``, page by page, the newest first."""
        after: str | None = None
        while True:
            async with self.parts.view.connect() as connection:
                rows = await read(connection, LARGEST_PAGE, after)
            yield rows
            if len(rows) < LARGEST_PAGE:
                return
            after = cursor(rows[-1], at)

    async def of_cases(
        self, read: Page, at: Column[datetime]
    ) -> AsyncIterator[tuple[Sequence[RowMapping], Mapping[str, str]]]:
        """The same for rows that tell of cases: with the numbers of those; their reading is noted."""
        async for rows in self.pages(read, at):
            ids = {row["case_id"] for row in rows}
            async with self.parts.view.connect() as connection:
                await self.noted(connection, ids)
                numbers = await self.numbers(connection, ids)
            yield rows, numbers


@dataclass(frozen=True, slots=True)
class Listed(Generic[W]):
    """One list."""

    name: str
    """In its path; ``export-{name}`` is what it is called."""
    query: str
    """The GraphQL query, or the path, that tells the same."""
    operations: Sequence[str]
    """One of these must be permitted."""
    wanted: type[W]
    columns: Sequence[str]
    """The head of each is ``export-{column}``."""
    rows: Callable[[Asking, W], Rows]
    count: Callable[[Asking, W], Awaitable[int]] | None = None
    """How many lines there will be, where that is known beforehand."""

    def permit(self, actor: Actor) -> None:
        """Raise ``NotPermitted`` unless the caller may have it."""
        if not any(may(actor, each) for each in self.operations):
            permit(actor, self.operations[-1])

    def head(self, language: str) -> Sequence[str]:
        """The heads of the columns."""
        return [sentence(f"export-{each}", language) for each in self.columns]

    def title(self, language: str) -> str:
        """What the list is called."""
        return sentence(f"export-{self.name}", language)


def moment(told: datetime | str | None) -> datetime | None:
    """A moment of a row or of a service's answer, by the wall clock of Asia/Shanghai."""
    return local(datetime.fromisoformat(told) if isinstance(told, str) else told)


def day(told: date | str | None) -> date | None:
    """A day of a row or of a service's answer."""
    return date.fromisoformat(told) if isinstance(told, str) else told
