"""The case view in PostgreSQL, as its projector keeps it."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from backbone.projector import Projector
from backbone.subscription import transient

_NOT_IN_REPERTOIRE: Final = "22021"
"""PostgreSQL's code for text that the encoding does not hold."""


class NoSuchText(Exception):
    """A text that no database keeps (it holds NUL) was asked for."""

    slug, status = "invalid-request", 422
    params: Mapping[str, object] = {}


@contextmanager
def refusing_nul() -> Iterator[None]:
    """Turn the database's complaint about NUL in a parameter into ``NoSuchText``."""
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _NOT_IN_REPERTOIRE:
            raise
        raise NoSuchText from error


class CaseView:
    """Connections to the version of the case view that is live at that moment, and its progress."""

    def __init__(self) -> None:
        self._projector: Projector | None = None

    def follow(self, projector: Projector) -> None:
        """The projector that keeps this view; it is told of changes, so it comes second."""
        self._projector = projector

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose statements read the live version."""
        with refusing_nul():
            async with self._known.engine.connect() as connection:
                yield connection

    async def reached(self, source: str, seq: int, timeout: float) -> bool:
        """Whether everything ``source`` published up to ``seq`` is visible within ``timeout`` seconds."""
        try:
            return await self._known.reached(source, seq, timeout)
        except Exception as error:
            if not transient(error):
                raise
            return False

    @property
    def _known(self) -> Projector:
        if self._projector is None:
            raise RuntimeError("the case view has no projector yet")
        return self._projector
