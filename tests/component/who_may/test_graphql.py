"""Every query, mutation and subscription as every role, of the right unit, of a wrong one, and as nobody."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any, NoReturn

from graphql import GraphQLSchema

from backbone.identity import Actor
from gateway.application.commands import ServiceUnreachable
from gateway.entrypoints.graphql.context import Context
from tests.component.gateway.board import CASE, Board
from tests.component.gateway.conftest import board, dispatched
from tests.component.who_may import table
from tests.component.who_may.asking import WATER, operation_text, somebody

__all__ = ["board", "dispatched"]

KINDS = ("query", "mutation", "subscription")
KNOWN = {
    "caseId": f'"{CASE}"',
    "unit": f'"{WATER}"',
    "code": f'"{WATER}"',
    "clock": '"C3"',
    "proposePolicy.document": '{clock: "C3"}',
}
"""Arguments that lead somewhere."""


def fields(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """(kind, name) of everything that can be asked for."""
    for kind, root in zip(
        KINDS, (schema.query_type, schema.mutation_type, schema.subscription_type), strict=True
    ):
        assert root is not None
        for name in root.fields:
            yield kind, name


class ServicesAway:
    """Whoever is let through by the gateway hears that the deciding service does not answer."""

    async def command(self, service: str, *_: object, **__: object) -> NoReturn:
        """Away."""
        raise ServiceUnreachable(service)

    ask = read = download = upload = command


async def codes(board: Board, kind: str, text: str, actor: Actor | None) -> set[str]:
    """The codes of what was refused of an operation."""
    context = Context(replace(board.parts, services=ServicesAway()), "zh")
    if actor is not None:
        context.take(actor, "Bearer token")
    if kind == "subscription":
        context.forget()
        result = await board.schema.subscribe(text, context_value=context)
        if hasattr(result, "__aiter__"):
            return await first_of(result)
    else:
        result = await board.schema.execute(text, context_value=context)
    return {str((each.extensions or {}).get("code")) for each in result.errors or ()}


async def first_of(told: AsyncIterator[Any]) -> set[str]:
    """The codes of what a subscription says at once: none, if it listens."""
    first = asyncio.ensure_future(anext(told))
    await asyncio.wait({first}, timeout=0.05)
    if not first.done():
        first.cancel()
        await asyncio.wait({first})
        return set()
    result = first.result()
    return {str((each.extensions or {}).get("code")) for each in result.errors or ()}


async def test_every_operation_stands_in_the_table(board: Board) -> None:
    assert {name for _, name in fields(board.schema._schema)} == set(table.of_graphql())


async def test_every_operation_answers_every_role_as_the_table_says(dispatched: Board) -> None:
    schema = dispatched.schema._schema
    wrong = []
    for kind, name in fields(schema):
        rule, text = table.of_graphql()[name], operation_text(schema, kind, name, KNOWN)
        if await codes(dispatched, kind, text, None) != {"token-missing"}:
            wrong.append((name, "nobody"))
        for role in table.PEOPLE:
            refused = "not-permitted" in await codes(dispatched, kind, text, somebody(role))
            if refused == (role in rule.roles):
                wrong.append((name, role))
    assert not wrong, "\n".join(map(str, wrong))
