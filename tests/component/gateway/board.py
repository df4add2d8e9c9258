"""A case view in a real database, fed with facts by hand and read through the GraphQL schema."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from backbone.identity import Actor, ServiceTokens, SigningKey, Verifier
from backbone.outbox import Delivered
from backbone.sealing import MemoryKeyRing, Sealer, key_id
from backbone.testing import eventually
from contracts.events import Published
from contracts.events.intake import DepartmentRating, IssueVerdict, WhistleIssue
from contracts.events.routing import Assigned, DispatchIssued
from gateway.adapters.people import People
from gateway.application.commands import Accepted, CommandRefused
from gateway.entrypoints.callers import Callers
from gateway.entrypoints.graphql.context import Context, Parts
from gateway.entrypoints.graphql.schema import build_schema
from gateway.migrations import migrate
from gateway.projections.case_view import refusing_nul
from gateway.projections.cases import CaseProjection
from gateway.projections.changes import CaseChanges
from gateway.projections.tables import metadata

SPACE = UUID("22222222-2222-5222-8222-222222222222")
MORNING = datetime(2026, 5, 8, 2, 0, tzinfo=UTC)
YUANCUN, ZHANGGUOTUN = "410923102", "410923104"
WATER, TRANSPORT, POWER = "water-resources", "transport", "power-supply"
CLERK = Actor("clerk-410923102", "演示·张", "township_clerk", YUANCUN)
LEADER = Actor("leader-410923102", "演示·李", "township_leader", YUANCUN)
OTHER_CLERK = Actor("clerk-410923104", "演示·王", "township_clerk", ZHANGGUOTUN)
LIAISON = Actor("liaison-a-water-resources", "演示·赵", "department_liaison", WATER)
STRANGER = Actor("liaison-a-power-supply", "演示·钱", "department_liaison", POWER)
DISPATCHER = Actor("dispatcher-1", "演示·孙", "office_dispatcher", "burden-reduction-office")
EDITOR = Actor("establishment-1", "演示·周", "establishment_office", "establishment-office")
ADMINISTRATOR = Actor("administrator-1", "演示·吴", "administrator", "burden-reduction-office")


def case_number(n: int) -> str:
    """The id of the n-th case."""
    return str(uuid5(SPACE, f"case {n}"))


CASE = case_number(1)


@dataclass
class ServicesInHand:
    """The deciding services as a test wants them to answer."""

    sent: list[tuple[str, str, Mapping[str, Any], UUID]] = field(default_factory=list)
    refusal: CommandRefused | Exception | None = None
    tokens: list[str] = field(default_factory=list)
    case_id: str = CASE
    details: dict[str, Any] = field(default_factory=dict)
    """What a command answers beside its id."""
    answers: dict[str, Any] = field(default_factory=dict)
    """What routing answers to the questions on these paths."""
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    """What the last command carried beside its token and key."""

    async def command(
        self,
        service: str,
        path: str,
        body: Mapping[str, Any],
        *,
        token: str,
        key: UUID,
        headers: Mapping[str, str] | None = None,
    ) -> Accepted:
        """Take a command."""
        self.headers = dict(headers or {})
        assert token
        self.tokens.append(token)
        self.sent.append((service, path, dict(body), key))
        if self.refusal is not None:
            raise self.refusal
        return Accepted(service, 1, self.case_id, self.details)

    async def upload(
        self,
        service: str,
        path: str,
        content: AsyncIterator[bytes],
        *,
        token: str,
        key: UUID,
        headers: Mapping[str, str],
    ) -> Accepted:
        """Take a file."""
        body = {"content": b"".join([each async for each in content])}
        return await self.command(service, path, body, token=token, key=key, headers=headers)

    async def download(self, service: str, path: str, *, token: str) -> bytes:
        """Give the file on this path."""
        assert token
        if self.refusal is not None:
            raise self.refusal
        return bytes(self.answers[path])

    async def ask(self, service: str, path: str, body: Mapping[str, Any], *, token: str) -> Any:
        """Take a question."""
        await self.command(service, path, body, token=token, key=SPACE)
        return self.details

    async def read(self, service: str, path: str, *, token: str, params: Mapping[str, str]) -> Any:
        """Explain every clock that is asked for; answer for routing as the test says."""
        if service == "routing":
            self.asked.append((path, dict(params)))
            return self.answers[path]
        assert (service, path) == ("accountability", "/explanations")
        assert token
        return {
            each: {"zh": [f"时限 {each}"], "en": [f"clock {each}"], "intervals": []}
            for each in params["clocks"].split(",")
        }


class ViewInHand:
    """The case view of one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.caught_up = True
        self.away = False

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """A connection to the only version there is."""
        if self.away:
            raise ConnectionRefusedError("postgres.internal:5432")
        with refusing_nul():
            async with self.engine.connect() as connection:
                yield connection

    async def reached(self, source: str, seq: int, timeout: float) -> bool:
        """Whether the test says so."""
        return self.caught_up


class ConsoleRefused(Exception):
    """A subscription ended with a coded error."""


class Console:
    """What a subscription tells, one after the other."""

    def __init__(self, results: Any) -> None:
        self._results = results
        self.told: asyncio.Task[Any] = asyncio.create_task(anext(results))

    async def next(self) -> dict[str, Any]:
        """What it tells next."""
        async with asyncio.timeout(10):
            result = await self.told
        if result.errors:
            raise ConsoleRefused(result.errors[0].extensions)
        self.told = asyncio.create_task(anext(self._results))
        data: dict[str, Any] = result.data
        return data

    async def silent(self) -> bool:
        """Whether it tells nothing for a moment in which it would have."""
        done, _ = await asyncio.wait({self.told}, timeout=0.3)
        return not done

    async def close(self) -> None:
        """Hang up."""
        self.told.cancel()
        await asyncio.wait({self.told})
        await self._results.aclose()


@dataclass
class Board:
    """Facts in, GraphQL out."""

    engine: AsyncEngine
    sealer: Sealer
    ring: MemoryKeyRing
    services: ServicesInHand
    view: ViewInHand
    parts: Parts
    schema: Any
    seqs: dict[str, int] = field(default_factory=dict)
    minutes: int = 0
    statements: list[str] = field(default_factory=list)

    async def seal(self, words: str, key: str = f"case/{CASE}") -> str:
        """Words as they travel."""
        return await self.sealer.seal(key, words)

    async def tell(self, *facts: Published, at: datetime | None = None, by: str = "somebody") -> None:
        """Apply facts, each a minute after the one before it."""
        projection = CaseProjection(self.sealer)
        applied = []
        async with self.engine.begin() as connection:
            for fact in facts:
                service = fact.NAME.split(".")[0]
                self.seqs[service] = self.seqs.get(service, 0) + 1
                self.minutes += 1
                moment = at or MORNING + timedelta(minutes=self.minutes)
                delivered = Delivered(
                    service=service,
                    epoch=SPACE,
                    seq=self.seqs[service],
                    id=uuid5(SPACE, f"{service}/{self.seqs[service]}"),
                    type=fact.NAME,
                    case_id=fact.case_id,
                    recorded_at=moment,
                    occurred_at=None,
                    after={},
                    actor=by,
                    unit="somewhere",
                    data=fact.model_dump(mode="json"),
                )
                await projection.apply(connection, delivered)
                applied.append(delivered)
        await self.parts.changes.applied(applied)

    async def ask(
        self, query: str, actor: Actor = DISPATCHER, variables: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The data of a query that must succeed."""
        result = await self._run(query, actor, variables)
        assert not result.errors, result.errors
        data: dict[str, Any] = result.data
        return data

    async def refusal(
        self, query: str, actor: Actor = DISPATCHER, variables: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The only error of a query that must fail: its message and extensions."""
        (error,) = await self.errors(query, actor, variables)
        return error

    async def errors(
        self, query: str, actor: Actor = DISPATCHER, variables: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """Every error of a query that must fail."""
        result = await self._run(query, actor, variables)
        assert result.errors, result.data
        return [{"message": error.message, **(error.extensions or {})} for error in result.errors]

    @asynccontextmanager
    async def console(
        self, query: str, actor: Actor = DISPATCHER, variables: Mapping[str, Any] | None = None
    ) -> AsyncIterator["Console"]:
        """An open subscription that listens already."""
        context = Context(self.parts, "zh")
        context.take(actor, "Bearer token")
        told = await self.schema.subscribe(
            query, variable_values=dict(variables or {}), context_value=context
        )
        console = Console(told)
        try:
            await eventually(lambda: bool(self.parts.changes.listeners) or console.told.done())
            yield console
        finally:
            await console.close()

    async def _run(self, query: str, actor: Actor, variables: Mapping[str, Any] | None) -> Any:
        context = Context(self.parts, "zh")
        context.take(actor, "Bearer token")
        return await self.schema.execute(query, variable_values=dict(variables or {}), context_value=context)


@asynccontextmanager
async def opened(database_url: str, key_folder: Any) -> AsyncIterator[Board]:
    """A board over a database of the module, with empty tables."""
    engine = create_async_engine(
        make_url(database_url).set(drivername="postgresql+asyncpg"),
        connect_args={"server_settings": {"search_path": "gateway"}},
    ).execution_options(schema_translate_map={"view": "gateway_cases_a"})
    async with engine.begin() as connection:
        known = (await connection.execute(text("SELECT to_regnamespace('gateway')"))).scalar()
        if known is None:
            await connection.execute(text("CREATE SCHEMA gateway"))
    if known is None:
        await migrate(database_url, role="postgres")
    async with engine.begin() as connection:
        if known is None:
            await connection.run_sync(metadata.create_all)
        tables = ", ".join(f"gateway_cases_a.{table.name}" for table in metadata.sorted_tables)
        # The log of reading refuses to be emptied; a superuser of a test may look away for a moment.
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        await connection.execute(text(f"TRUNCATE read_log, person, session, machine_client, {tables}"))
    ring = MemoryKeyRing()
    sealer = Sealer(ring)
    services, view = ServicesInHand(), ViewInHand(engine)
    tokens = ServiceTokens(SigningKey.generate(["service"]), "test", "gateway")
    verifier = Verifier(str(key_folder / "jwks.json"), "test")
    changes = CaseChanges(view)  # type: ignore[arg-type]
    people = People(sealer, timedelta(hours=2))
    parts = Parts(view, services, changes, verifier, tokens, Callers(verifier), None, people)  # type: ignore[arg-type]
    board = Board(engine, sealer, ring, services, view, parts, build_schema(production=True))
    sqlalchemy_event.listen(
        engine.sync_engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_rest: board.statements.append(statement),
    )
    try:
        yield board
    finally:
        await engine.dispose()


async def whistle(
    board: Board, case_id: str = CASE, township: str = YUANCUN, **changes: Any
) -> dict[str, Any]:
    """The content of a whistle, sealed."""
    content: dict[str, Any] = {
        "case_id": case_id,
        "number": "NL-2026-000001",
        "township": township,
        "village": f"{township}201",
        "kind": "public_appeal",
        "ground": "cross_department",
        "text_sealed": await board.seal("沟渠堵塞,农田积水", f"case/{case_id}"),
        "issues": (
            WhistleIssue(issue_id="i1", text_sealed=await board.seal("清淤", f"case/{case_id}")),
            WhistleIssue(issue_id="i2", text_sealed=await board.seal("修桥", f"case/{case_id}")),
        ),
        "departments": (WATER, TRANSPORT),
        "raised_by_sealed": await board.seal("演示·张", key_id("person", CLERK.subject)),
    }
    return content | changes


def assigned(unit: str, part: str = "lead", case_id: str = CASE) -> Assigned:
    """A department's part."""
    return Assigned.model_validate(
        {
            "assignment_id": str(uuid5(SPACE, f"{case_id}/{unit}")),
            "unit": unit,
            "part": part,
            "issue_ids": ["i1", "i2"] if part == "lead" else [],
            "provisional": True,
        }
    )


def issued(*, emergency: bool = False) -> DispatchIssued:
    """It goes out to water resources (lead) and transport (assist), provisionally."""
    return DispatchIssued(
        case_id=CASE,
        township=YUANCUN,
        emergency=emergency,
        complex=False,
        provisional=True,
        assignments=(assigned(WATER), assigned(TRANSPORT, "assist")),
        cycle=1,
        reason="镇街建议的部门",
    )


SOLVED: Sequence[IssueVerdict] = (
    IssueVerdict(issue_id="i1", verdict="solved"),
    IssueVerdict(issue_id="i2", verdict="partly"),
)
SATISFIED: Sequence[DepartmentRating] = (DepartmentRating(unit=WATER, rating="satisfied"),)
