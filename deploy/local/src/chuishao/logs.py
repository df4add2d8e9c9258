"""`chuishao verify`, `rebuild` and `parked`: what operators ask of the logs and of those who follow them."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Final

import asyncpg
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from backbone.eventstore import Broken, StoreUnavailable
from backbone.eventstore import verify as verify_log
from backbone.eventstore.postgres import PostgresEventStore
from backbone.subscription import ParkedCase
from backbone.subscription import parked as parked_cases
from backbone.subscription import replay as ask_for_replay
from chuishao.client import Client, connected, key_of
from chuishao.county import County
from chuishao.environment import SERVICES, SOURCES
from chuishao.system import System
from chuishao.words import CommandFailedError, InputRefusedError, words

VIEWS: Final[Mapping[str, str]] = {"cases": "gateway", "figures": "accountability"}
"""Read model → the service that keeps it."""
REPLAY_SECONDS: Final = 15.0
"""How long a replay is watched."""
LOOK_SECONDS: Final = 0.2

parked_app = typer.Typer(help="挂起的案件 · parked cases", no_args_is_help=True)


# --- verify


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look at one service's whole log found."""

    events: int
    published: int
    broken: Sequence[Broken]


def verify(
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 · for machines")] = False,
) -> None:
    """校验哈希链 · Check every row of every log against its hash chain; exit code 1 names what is broken."""
    system = System.running()
    logs = {service: asyncio.run(_verified(system, service)) for service in SOURCES}
    broken = [(service, each) for service, log in logs.items() for each in log.broken]
    if as_json:
        answer = {"intact": not broken, "logs": {service: asdict(log) for service, log in logs.items()}}
        print(json.dumps(answer, ensure_ascii=False))
    else:
        for service, log in logs.items():
            slug = "verify-broken" if log.broken else "verify-intact"
            counts = {"events": log.events, "published": log.published, "count": len(log.broken)}
            print(words(slug, service=service, **counts))
        for service, each in broken:
            print(
                words(
                    "verify-row",
                    service=service,
                    log=each.log,
                    seq=each.seq,
                    reason=each.reason,
                    detail=each.detail,
                )
            )
    if broken:
        raise typer.Exit(1)


async def _verified(system: System, service: str) -> Verified:
    url = system.environments[service][f"{service.upper()}_DATABASE_URL"]
    try:
        async with await PostgresEventStore.open(url, service=service, schema=service) as store:
            row = await store.pool.fetchrow("SELECT seq, published_seq FROM log_head")
            assert row is not None
            return Verified(row["seq"], row["published_seq"], [each async for each in verify_log(store)])
    except (OSError, StoreUnavailable, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise CommandFailedError("launcher-database-unreachable", reason=error) from error


# --- rebuild


def rebuild(
    view: Annotated[str, typer.Argument(metavar="VIEW", help="读视图 · " + ", ".join(VIEWS))],
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 · for machines")] = False,
) -> None:
    """重建读视图 · Build a read model anew beside the live one, then switch over."""
    if view not in VIEWS:
        raise InputRefusedError("rebuild-unknown-view", view=view, views=", ".join(VIEWS))
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )
    with progress:
        task = progress.add_task(words("rebuilding", view=view), total=1.0)
        done = asyncio.run(
            _rebuilt(System.running(), view, lambda share: progress.update(task, completed=share))
        )
    print(json.dumps(done, ensure_ascii=False) if as_json else words("rebuild-done", view=view, **done))
    if done["held"]:
        raise typer.Exit(1)


async def _rebuilt(system: System, view: str, told: Callable[[float], None]) -> dict[str, Any]:
    service = VIEWS[view]
    async with Client(system) as client:
        heads = sum([await client.published_head(source) for source in SOURCES])
        asked = asyncio.create_task(
            client.command(
                service,
                f"/projections/{view}/rebuild",
                {},
                County().holder("administrator"),
                key_of(f"rebuild/{view}"),
                timeout=None,
            )
        )
        connection = await connected(system, service)
        try:
            while not (await asyncio.wait([asked], timeout=LOOK_SECONDS))[0]:
                done = await connection.fetchval(
                    "SELECT sum(seq) FROM projection WHERE name = $1 AND status = 'building'", view
                )
                told(min(1.0, int(done or 0) / max(1, heads)))
            return dict(await asked)
        finally:
            asked.cancel()
            await connection.close()


# --- parked


@parked_app.callback()
def _group() -> None:
    """挂起的案件 · Cases that a consumer could not go on with; all others go on."""


@parked_app.command("list")
def list_parked(
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 · for machines")] = False,
) -> None:
    """列出挂起的案件 · Show every case that waits, where and why."""
    found = asyncio.run(_of_every_service(System.running(), parked_cases))
    if as_json:
        cases = [
            {
                "service": service,
                "consumer": each.consumer,
                "since": each.since.isoformat(),
                **asdict(each.held),
            }
            for service, cases in found.items()
            for each in cases
        ]
        print(json.dumps(cases, ensure_ascii=False))
    elif any(found.values()):
        for line in _lines(found):
            print(line)
    else:
        print(words("parked-none"))


@parked_app.command("replay")
def replay(case: Annotated[str, typer.Argument(metavar="CASE", help="案件标识 · id of the case")]) -> None:
    """重试挂起的案件 · Try a parked case again from where it stopped."""
    system = System.running()
    asked = asyncio.run(_of_every_service(system, lambda run: ask_for_replay(run, case)))
    if not any(asked.values()):
        raise CommandFailedError("parked-unknown", case=case)
    left = asyncio.run(_watched(system, case))
    if not left:
        print(words("parked-gone", case=case))
        return
    for service, each in left:
        reason = _why(each)
        print(words("parked-still", case=case, service=service, consumer=each.consumer, reason=reason))
    raise typer.Exit(1)


async def _watched(system: System, case: str) -> list[tuple[str, ParkedCase]]:
    """Where the case still waits when every try has ended, or the time is up."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + REPLAY_SECONDS
    while True:
        found = await _of_every_service(system, parked_cases)
        left = [
            (service, each) for service, cases in found.items() for each in cases if each.held.case_id == case
        ]
        if all(each.held.reason != "replay" for _, each in left) or loop.time() > deadline:
            return left
        await asyncio.sleep(LOOK_SECONDS)


Statements = Callable[..., Awaitable[Sequence[Any]]]


async def _of_every_service(system: System, ask: Callable[[Statements], Awaitable[Any]]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for service in SERVICES:
        connection = await connected(system, service)
        try:
            answers[service] = await ask(connection.fetch)
        finally:
            await connection.close()
    return answers


def _lines(found: Mapping[str, Sequence[ParkedCase]]) -> Iterator[str]:
    """Two lines for each case, wide ones rather than a narrow table: the id is needed whole."""
    for service, cases in found.items():
        for each in cases:
            held = each.held
            yield words(
                "parked-case",
                case=held.case_id,
                service=service,
                consumer=each.consumer,
                source=held.source,
                seq=held.from_seq,
                tries=held.attempts,
                since=f"{each.since:%Y-%m-%d %H:%M:%S %Z}",
            )
            yield f"    {held.reason}: {_why(each)}"


def _why(parked: ParkedCase) -> str:
    """The first line of its error, or the positions it waits for."""
    held = parked.held
    if held.error:
        return held.error.splitlines()[0]
    return " ".join(f"{source}≥{seq}" for source, seq in held.waits_for.items())
