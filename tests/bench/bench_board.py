"""The gateway's main questions on a county's board of many years, as a clerk, a liaison and a supervisor ask.

Run by ``make bench`` or ``python -m tests.bench.bench_board [CASES]``; PostgreSQL is its own. The floor is
one case by its id. A question that a console asks on every page belongs here before it is released.
"""

import base64
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import orjson
import uvloop
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from backbone.sealing import key_id
from chuishao.servers import PostgresServer
from gateway.domain.visibility import Viewer
from gateway.migrations import migrate
from gateway.projections import case_lists, case_queries, docket, notice_queries, read_log
from gateway.projections.case_lists import CaseOrder
from gateway.projections.case_queries import CaseFilter
from gateway.projections.facets import facets
from gateway.projections.read_log import Asked
from gateway.projections.search import pairs
from gateway.projections.tables import metadata
from tests.bench.bench_search import COMMON, RARE

CASES: Final = 200_000
ASKED: Final = 20
FIRST: Final = 50
LENGTH: Final = 60
"""Characters of a whistle's sentence."""
TOWNSHIP, DEPARTMENT, OFFICE = "township-3", "department-5", "burden-reduction-office"
VIEWERS: Final[Mapping[str, Viewer]] = {
    "clerk": Viewer("clerk-3", "township_clerk", TOWNSHIP),
    "liaison": Viewer("liaison-5", "department_liaison", DEPARTMENT),
    "supervisor": Viewer("supervisor-1", "office_supervisor", OFFICE),
}
Question = Callable[[AsyncConnection, Viewer], Awaitable[object]]

_CASES: Final = """
INSERT INTO cases (case_id, type, number, state, township, kind, title, text, raised_by_key, emergency,
                   created_at, updated_at, closed_at, whistle_id, parties)
SELECT 'case-' || n, type, 'NL-2026-' || lpad(n::text, 6, '0'),
       CASE WHEN n < :count * 0.97 THEN 'closed' ELSE (ARRAY['awaiting_signature', 'dispatched', 'handling',
            'awaiting_confirmation', 'parked'])[1 + n % 5] END,
       'township-' || n % 12, 'public_appeal', 'title', 'text',
       CASE WHEN n % 997 = 0 THEN :writer ELSE 'person/somebody-' || n % 3000 END, n % 50 = 0,
       now() - make_interval(mins => :count - n), now() - make_interval(mins => :count - n),
       CASE WHEN n < :count * 0.97 THEN now() - make_interval(mins => :count - n) END,
       CASE WHEN type = 'dispute' THEN 'case-' || (n - 1) END,
       CASE WHEN type IN ('dispute', 'task_down_review')
            THEN ARRAY['township-' || n % 12, 'department-' || n % 40] ELSE '{}' END
FROM (SELECT n, CASE WHEN n % 100 < 70 THEN 'whistle' WHEN n % 100 < 85 THEN 'grid_report'
             WHEN n % 100 < 95 THEN 'letter' WHEN n % 100 < 98 THEN 'dispute' ELSE 'task_down_review' END
             AS type FROM generate_series(1, :count) AS n) AS made
"""
_BESIDE: Final = (
    """
    INSERT INTO issues (case_id, issue_id, ordinal, text)
    SELECT case_id, 'i1', 1, 'text' FROM cases WHERE type = 'whistle'
    """,
    """
    INSERT INTO assignments (assignment_id, case_id, unit, part, state, provisional, cycle, issue_ids,
                             issued_at)
    SELECT case_id || '/' || part, case_id,
           'department-' || (split_part(case_id, '-', 2)::int * 7 + part * 13) % 40,
           CASE part WHEN 0 THEN 'lead' ELSE 'assist' END,
           CASE WHEN state = 'closed' THEN 'concluded' ELSE 'awaiting_report_in' END, false, 1, '{i1}',
           created_at
    FROM cases, generate_series(0, 1) AS part WHERE type = 'whistle'
    """,
    """
    INSERT INTO clocks (clock_id, case_id, kind, unit, cycle, state, provisional, started_at, original_due,
                        due, earliest, latest, policy_version, calendar_version, breached_at,
                        breach_told_at)
    SELECT case_id || '/' || nth, case_id, 'C' || nth, 'department-' || nth % 40, 1,
           CASE WHEN state = 'closed' THEN 'stopped' ELSE 'running' END, false, created_at,
           created_at + interval '1 day', created_at + interval '1 day', created_at, created_at, 'default',
           '2026', CASE WHEN nth = 1 AND random() < 0.05 THEN created_at + interval '1 day' END,
           CASE WHEN nth = 1 AND random() < 0.05 THEN created_at + interval '1 day' END
    FROM cases, generate_series(1, 3) AS nth WHERE type IN ('whistle', 'letter')
    """,
    """
    INSERT INTO adoptions (parent_id, child_id, township, place, at)
    SELECT 'case-' || (split_part(case_id, '-', 2)::int - 1), case_id,
           'township-' || (split_part(case_id, '-', 2)::int + 5) % 12, 1, created_at
    FROM cases WHERE type = 'whistle' AND random() < 0.01
    """,
    """
    INSERT INTO releases (case_id, unit, words)
    SELECT case_id, 'department-' || split_part(case_id, '-', 2)::int / 100 % 40, 'released'
    FROM cases WHERE type = 'letter' AND random() < 0.3
    """,
    """
    INSERT INTO notices (notice_id, unit, case_id, kind, params, at)
    SELECT assignment_id || nth, unit, case_id, 'dispatch', '{}', issued_at
    FROM assignments, generate_series(1, 3) AS nth
    """,
    "INSERT INTO changed (case_id, shown_at) SELECT case_id, updated_at FROM cases",
    """
    INSERT INTO spot_checks (check_id, case_id, period, cycle, stratum, weight, state, checker, drawn_at)
    SELECT 'check/' || case_id, case_id, '2026-10', 1, 'township', 1, 'assigned', 'supervisor-2', now()
    FROM cases WHERE random() < 0.01
    """,
    """
    INSERT INTO gateway.read_log (at, subject, role, unit, way, case_ids)
    SELECT created_at, 'clerk-' || n % 300, 'township_clerk', 'township-' || n % 12, 'list',
           ARRAY(SELECT 'case-' || each FROM generate_series(greatest(1, n - 20), n) AS each)
    FROM generate_series(1, :count) AS n JOIN cases ON case_id = 'case-' || n
    """,
)


async def main(count: int) -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory(prefix="chuishao-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with PostgresServer(folder / "postgres", durable=True) as server:
            await ask(server.url(), count)


async def ask(url: str, count: int) -> None:
    """Fill, then ask."""
    engine = create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"),
        connect_args={"server_settings": {"search_path": "gateway_cases_a, gateway"}},
    ).execution_options(schema_translate_map={"view": "gateway_cases_a"})
    async with engine.begin() as connection:
        await connection.execute(text("CREATE SCHEMA gateway"))
    await migrate(url, role="postgres")
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        await fill(connection, count)
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE"))
        say(f"{count:,} cases; milliseconds, median and slowest of {ASKED}")
        say(f"{'':34}" + "".join(f"{name:>20}" for name in VIEWERS))
        for way, question in QUESTIONS.items():
            times = [await timed(connection, viewer, question) for viewer in VIEWERS.values()]
            say(f"{way:34}" + "".join(f"{middle:11.1f}{slowest:9.1f}" for middle, slowest in times))
    await engine.dispose()


async def fill(connection: AsyncConnection, count: int) -> None:
    """Cases, what hangs on them, and their words."""
    writer = key_id("person", VIEWERS["clerk"].subject)
    await connection.execute(text(_CASES), {"count": count, "writer": writer})
    for statement in _BESIDE:
        await connection.execute(text(statement), {"count": count} if ":count" in statement else {})
    chance, letters = random.Random(7), COMMON * 3 + RARE
    for start in range(1, count + 1, 5_000):
        rows = [
            {"case_id": f"case-{n}", "words": words, "pairs": sorted(set(pairs(words)))}
            for n in range(start, min(start + 5_000, count + 1))
            for words in ["".join(chance.choices(letters, k=LENGTH))]
        ]
        await connection.execute(
            text("INSERT INTO words SELECT :case_id, '', :words, array_to_tsvector(CAST(:pairs AS text[]))"),
            rows,
        )


async def timed(connection: AsyncConnection, viewer: Viewer, question: Question) -> tuple[float, float]:
    """Median and slowest, in milliseconds."""
    times = []
    for _ in range(ASKED):
        began = time.perf_counter()
        await question(connection, viewer)
        times.append((time.perf_counter() - began) * 1000)
        if sum(times) > 20_000:
            break
    times.sort()
    return times[len(times) // 2], times[-1]


def listed(wanted: CaseFilter, order: CaseOrder | None = None) -> Question:
    """A page of the list."""
    return lambda connection, viewer: case_lists.find_cases(connection, viewer, wanted, order, first=FIRST)


def counted(wanted: CaseFilter) -> Question:
    """How many there are."""
    return lambda connection, viewer: case_lists.count_cases(connection, viewer, wanted)


async def far_down(connection: AsyncConnection, viewer: Viewer) -> object:
    """The page after one in the middle of everything."""
    half = await connection.execute(
        text("SELECT min(updated_at) + age(max(updated_at), min(updated_at)) / 2 FROM cases")
    )
    after = base64.urlsafe_b64encode(orjson.dumps(["updated", half.scalar_one(), "case-1"])).decode()
    return await case_lists.find_cases(connection, viewer, CaseFilter(), first=FIRST, after=after)


async def lost(connection: AsyncConnection, viewer: Viewer) -> object:
    """What a docket missed in ten minutes."""
    moment = (await docket.present(connection)).timestamp() - 600
    return await docket.changed_since(connection, viewer.unit, datetime.fromtimestamp(moment, UTC))


async def breached(connection: AsyncConnection, viewer: Viewer) -> object:
    """Which breaches were missed in a day."""
    moment = datetime.fromtimestamp((await docket.present(connection)).timestamp() - 86_400, UTC)
    return await docket.breaches_since(connection, viewer, None, moment, ())


def read(asked: Asked) -> Question:
    """A page of the read log, whoever asks."""
    return lambda connection, _: read_log.readings(connection, asked, FIRST, None)


def seen(*case_ids: str) -> Question:
    """Whose consoles are told of some changes."""
    return lambda connection, _: case_queries.units_that_see(connection, case_ids)


OPEN: Final = CaseFilter(states=("dispatched", "handling", "awaiting_confirmation"))
QUESTIONS: Final[Mapping[str, Question]] = {
    "one case, the floor": lambda connection, viewer: case_queries.find_case(
        connection, viewer, case_id="case-199999"
    ),
    "one case by its number": lambda connection, viewer: case_queries.find_case(
        connection, viewer, number="NL-2026-199995"
    ),
    "list": listed(CaseFilter()),
    "list, far down": far_down,
    "list, open": listed(OPEN),
    "list, breached": listed(CaseFilter(clock_state="breached")),
    "list, one department": listed(CaseFilter(unit=DEPARTMENT)),
    "list, by deadline": listed(CaseFilter(), CaseOrder("due", ascending=True)),
    "list, by number": listed(CaseFilter(), CaseOrder("number")),
    "list, two characters": listed(CaseFilter(text="沟渠")),
    "list, three characters": listed(CaseFilter(text="的渠道")),
    "list, a common character": listed(CaseFilter(text="的")),
    "count": counted(CaseFilter()),
    "count, open": counted(OPEN),
    "count, two characters": counted(CaseFilter(text="沟渠")),
    "facets": lambda connection, viewer: facets(connection, viewer, CaseFilter()),
    "facets, open": lambda connection, viewer: facets(connection, viewer, OPEN),
    "notices": lambda connection, viewer: notice_queries.notices_for(connection, viewer, FIRST),
    "docket after ten minutes": lost,
    "breaches after a day": breached,
    "whose console, 100 changes": seen(*(f"case-{n}" for n in range(1, 101))),
    "read log, newest": read(Asked()),
    "read log, one case": read(Asked(case_id="case-77777")),
    "read log, one person": read(Asked(subject="clerk-7")),
    "read log, one unit": read(Asked(unit=TOWNSHIP)),
}


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else CASES))
