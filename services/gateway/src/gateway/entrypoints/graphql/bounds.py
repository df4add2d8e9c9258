"""The limits of a GraphQL operation, checked before it is validated and while a subscription lasts."""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack
from functools import lru_cache
from typing import Final

from graphql import DocumentNode, GraphQLError, GraphQLSchema, specified_rules, validate
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
from strawberry.types import ExecutionResult, StreamExecutionResult
from strawberry.types.graphql import OperationType

from gateway.adapters.registered import RegisteredOperations
from gateway.application.limits import Limits
from gateway.entrypoints.graphql.context import Context, error
from gateway.entrypoints.graphql.cost import TooMuch, Weighings

KEPT_VALIDATIONS: Final = 256
MOST_ERRORS: Final = 10
"""A document with so many mistakes is looked at no further."""
_RULES: Final = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)


class Bounds(SchemaExtension):
    """Refuses an operation that asks too much; a good one is validated, once for each document."""

    def __init__(
        self,
        limits: Limits,
        weighings: Weighings,
        registered: RegisteredOperations,
        *,
        production: bool,
    ) -> None:
        self._limits, self._weighings = limits, weighings
        self._registered, self._production = registered, production
        self._held = ExitStack()

    async def on_operation(self) -> AsyncIterator[None]:
        """Bound the parser, and give back at the end what the operation held."""
        self.execution_context.parse_options["max_tokens"] = self._limits.tokens
        with self._held:
            yield

    async def on_validate(self) -> AsyncIterator[None]:
        """Weigh the operation, let in the caller of a subscription, then validate."""
        found = self._too_much() or await self._not_let_in()
        if found is not None:
            self.execution_context.pre_execution_errors = [found]
            yield
        else:
            running = self.execution_context
            assert running.graphql_document is not None, "what cannot be parsed is not validated"
            found_wrong = _validated(running.schema._schema, running.graphql_document, self._production)
            running.pre_execution_errors = list(found_wrong)  # to be put into the reader's language
            yield

    async def on_stream_result(self, result: StreamExecutionResult) -> AsyncIterator[None]:
        """A subscription tells nothing more to somebody whose token or session has ended."""
        context = self.execution_context.context
        if isinstance(context, Context) and isinstance(result, ExecutionResult):
            try:
                await context.renew()
            except GraphQLError as ended:
                result.data, result.errors = None, [ended]
        yield

    def _too_much(self) -> GraphQLError | None:
        running = self.execution_context
        document = running.graphql_document
        if document is None:
            return None
        language = self._language
        if self._registered.only and not self._registered.knows(digest(running.query or "")):
            return error("only-registered-operations", language)
        try:
            introspects = self._weighings.introspects(
                running.schema._schema, document, running.query or "", running.variables or {}
            )
        except TooMuch as refused:
            return error(refused.slug, language, **refused.params)
        if introspects and self._production:
            return error("introspection-off", language)
        return None

    async def _not_let_in(self) -> GraphQLError | None:
        context = self.execution_context.context
        if not isinstance(context, Context):
            return None
        if self.execution_context.operation_type is not OperationType.SUBSCRIPTION:
            # Over HTTP the door counts, times and checks every request; nothing here may go around it.
            return error("socket-is-for-subscriptions", context.language) if context.on_socket else None
        if context.over_http:
            return error("subscriptions-need-a-socket", context.language)
        try:
            await context.authenticate_socket()
            await context.renew()
            self._held.enter_context(context.subscribed())
        except GraphQLError as refused:
            return refused
        return None

    @property
    def _language(self) -> str:
        context = self.execution_context.context
        return context.language if isinstance(context, Context) else "zh"


@lru_cache(maxsize=KEPT_VALIDATIONS)
def _validated(schema: GraphQLSchema, document: DocumentNode, production: bool) -> Sequence[GraphQLError]:
    # Names that are nearly right are looked for in the whole schema: long for whoever asks for many, and to
    # whoever may not see the schema they tell of it.
    return validate(schema, document, _RULES, max_errors=MOST_ERRORS, hide_suggestions=production)


def digest(document: str) -> str:
    """The name of a registered operation: SHA-256 of its text, in hex."""
    return hashlib.sha256(document.encode()).hexdigest()


def asked_hash(extensions: Mapping[str, object] | None) -> str | None:
    """The hash in ``extensions.persistedQuery.sha256Hash``, if a request names an operation by it."""
    persisted = (extensions or {}).get("persistedQuery")
    asked = persisted.get("sha256Hash") if isinstance(persisted, Mapping) else None
    return asked if isinstance(asked, str) else None
