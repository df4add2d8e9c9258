"""The GraphQL schema with its limits and its way of telling errors."""

from collections.abc import Callable, Iterator
from contextlib import suppress

import strawberry
import structlog
from graphql import GraphQLError
from graphql.error import GraphQLSyntaxError
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import ParserCache, SchemaExtension
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionContext

from backbone.subscription import transient
from gateway.adapters.registered import RegisteredOperations
from gateway.application.commands import CommandRefused, ServiceUnreachable
from gateway.application.limits import Limits
from gateway.entrypoints.graphql.bounds import Bounds
from gateway.entrypoints.graphql.context import Context, error, refused
from gateway.entrypoints.graphql.cost import Weighings
from gateway.entrypoints.graphql.duty_types import Dispute, TaskDownReview
from gateway.entrypoints.graphql.grid_types import GridReport
from gateway.entrypoints.graphql.letter_types import Letter
from gateway.entrypoints.graphql.mutations import Mutation
from gateway.entrypoints.graphql.queries import Query
from gateway.entrypoints.graphql.subscriptions import Subscription
from gateway.entrypoints.graphql.whistle_types import Whistle

log = structlog.get_logger()


def _coded(found: GraphQLError, language: str, limits: Limits, *, production: bool) -> GraphQLError:
    original = found.original_error
    match original:
        case CommandRefused():
            told = refused(original, language)
        case ServiceUnreachable():
            told = error(original.slug, language, **original.params)
        case None if (found.extensions or {}).get("code"):
            return found
        case None if isinstance(found, GraphQLSyntaxError) and "Parsing aborted" in found.message:
            told = error("too-many-tokens", language, most=limits.tokens)
        case None | MissingQueryError() | CannotGetOperationTypeError() | InvalidOperationTypeError():
            told = _invalid(found, language, production=production)
        case GraphQLError():
            coded = (original.extensions or {}).get("code")
            told = original if coded else _invalid(original, language, production=production)
        case RecursionError():
            told = error("query-too-deep", language, asked=limits.tokens, most=limits.depth)
        case _ if transient(original):
            log.warning("graphql.unavailable", error=type(original).__name__, path=found.path)
            told = error("service-unavailable", language)
        case _:
            log.error("graphql.unforeseen", error=type(original).__name__, path=found.path, exc_info=False)
            told = error("internal-error", language)
    return GraphQLError(
        told.message,
        nodes=found.nodes,
        source=found.source,
        positions=found.positions,
        path=found.path,
        extensions=told.extensions,
    )


def _invalid(found: GraphQLError, language: str, *, production: bool) -> GraphQLError:
    """The library's own words help whoever writes a client, and tell of the schema and of what was typed:
    production leaves them out."""
    told = error("invalid-request", language)
    if not production:
        told.extensions = {**(told.extensions or {}), "detail": found.message}
    return told


class Documents(ParserCache):
    """Keeps what was parsed. What cannot be parsed is left to the schema, which answers on either transport;
    raised from here it would end a whole connection and be logged with its text."""

    def on_parse(self) -> Iterator[None]:
        """Take the document from the cache, if it is one."""
        with suppress(GraphQLSyntaxError, RecursionError):
            running = self.execution_context
            running.graphql_document = self.cached_parse_document(running.query, **running.parse_options)
        yield


class Schema(strawberry.Schema):
    """Every error leaves with a code; the log gets what nobody foresaw, without texts of cases."""

    limits: Limits
    production: bool

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Put coded errors in the place of the raw ones, which would be logged with their texts."""
        context = execution_context.context if execution_context is not None else None
        language = context.language if isinstance(context, Context) else "zh"
        errors[:] = [_coded(each, language, self.limits, production=self.production) for each in errors]


def build_schema(
    *,
    production: bool,
    limits: Limits | None = None,
    registered: RegisteredOperations | None = None,
) -> Schema:
    """The schema; production has no introspection."""
    bounded, known = limits or Limits(), registered or RegisteredOperations({})
    weighings = Weighings(bounded)
    extensions: list[type[SchemaExtension] | Callable[[], SchemaExtension]] = [
        lambda: Bounds(bounded, weighings, known, production=production),
        lambda: Documents(maxsize=256),
    ]
    schema = Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[Whistle, Letter, GridReport, Dispute, TaskDownReview],
        extensions=extensions,
    )
    schema.limits, schema.production = bounded, production
    return schema
