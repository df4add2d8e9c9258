"""The GraphQL schema with its limits and its way of telling errors."""

from collections.abc import Callable

import strawberry
import structlog
from graphql import ExecutionResult as Executed
from graphql import GraphQLError
from strawberry.extensions import (
    DisableIntrospection,
    MaxAliasesLimiter,
    MaxTokensLimiter,
    ParserCache,
    SchemaExtension,
    ValidationCache,
)
from strawberry.types import ExecutionContext, ExecutionResult

from contracts.catalogue import sentence
from gateway.application.commands import CommandRefused, ServiceUnreachable
from gateway.entrypoints.graphql.context import Context, error, refused
from gateway.entrypoints.graphql.mutations import Mutation
from gateway.entrypoints.graphql.queries import Query
from gateway.entrypoints.graphql.subscriptions import Subscription
from gateway.entrypoints.graphql.types import Letter, Whistle

ALIASES = 30
TOKENS = 2_000
log = structlog.get_logger()


class CodedErrors(SchemaExtension):
    """Every error leaves with a code; what nobody foresaw leaves as ``internal-error`` and is logged."""

    def on_operation(self):  # type: ignore[no-untyped-def]
        yield
        result = self.execution_context.result
        # Refused before execution it is Strawberry's own kind of result.
        if isinstance(result, Executed | ExecutionResult) and result.errors:
            context = self.execution_context.context
            result.errors = [_coded(each, context) for each in result.errors]


def _coded(found: GraphQLError, context: Context) -> GraphQLError:
    original = found.original_error
    language = context.language
    match original:
        case CommandRefused():
            told = refused(original, language)
        case ServiceUnreachable():
            told = error(original.slug, language, **original.params)
        case None if (found.extensions or {}).get("code"):
            return found
        case None:
            return GraphQLError(
                found.message,
                nodes=found.nodes,
                path=found.path,
                extensions={"code": "invalid-request", "message_zh": sentence("invalid-request", "zh")},
            )
        case GraphQLError():
            told = original if (original.extensions or {}).get("code") else error("invalid-request", language)
        case _:
            log.error("graphql.unforeseen", error=type(original).__name__, path=found.path, exc_info=False)
            told = error("internal-error", language)
    return GraphQLError(told.message, nodes=found.nodes, path=found.path, extensions=told.extensions)


class Schema(strawberry.Schema):
    """Errors are told to the caller by code; the log gets what nobody foresaw, without texts of cases."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Unforeseen errors are logged where they are coded; the default would print every refusal."""


def build_schema(*, production: bool) -> Schema:
    """The schema; production has no introspection."""
    extensions: list[type[SchemaExtension] | Callable[[], SchemaExtension]] = [
        CodedErrors,
        lambda: MaxAliasesLimiter(max_alias_count=ALIASES),
        lambda: MaxTokensLimiter(max_token_count=TOKENS),
        lambda: ParserCache(maxsize=256),
        lambda: ValidationCache(maxsize=256),
    ]
    if production:
        extensions.append(DisableIntrospection)
    return Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[Whistle, Letter],
        extensions=extensions,
    )
