"""Finding cases by pieces of their text: the index of pairs beside two floors.

Run by ``make bench`` or ``python tests/bench/bench_search.py [CASES]``; PostgreSQL is its own. The first
floor reads one page of the newest cases without any search, the second looks for the piece in every text.
"""

import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import uvloop
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from backbone.eventstore import statements
from chuishao.servers import PostgresServer
from gateway.domain.visibility import Viewer
from gateway.projections.case_lists import count_cases, find_cases
from gateway.projections.case_queries import CaseFilter
from gateway.projections.search import pairs
from gateway.projections.tables import cases, metadata

CASES = 100_000
ASKED = 100
"""Searches per line."""
FIRST = 50
LENGTH = 200
OFFICE = Viewer("dispatcher-1", "office_dispatcher", "burden-reduction-office")
TOWNSHIP = Viewer("clerk-7", "township_clerk", "410923107")
COMMON = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产"
    "种面而方后多定行学法所民得经"
)
RARE = (
    "渠淤涝积堵漏桥涵洞塌陷窨井盖暖气停供噪扰油烟偷排焚烧秸秆占道摊贩违建欠薪讨薪补偿征迁低保医社养老幼入校"
)


def sentences(count: int) -> Sequence[str]:
    """Texts whose characters are as unevenly frequent as those of letters."""
    chance = random.Random(7)
    letters = COMMON * 3 + RARE
    return ["".join(chance.choices(letters, k=LENGTH)) for _ in range(count)]


async def main(count: int) -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory(prefix="chuishao-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with PostgresServer(folder / "postgres", durable=True) as server:
            await search(server, count)


async def search(server: PostgresServer, count: int) -> None:
    """Fill, then ask."""
    url = make_url(server.url()).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url).execution_options(schema_translate_map={"view": "view"})
    texts = sentences(count)
    async with engine.begin() as connection:
        for statement in statements("public", "postgres"):
            await connection.exec_driver_sql(statement)
        await connection.execute(text("CREATE SCHEMA view"))
        await connection.run_sync(metadata.create_all)
    for start in range(0, count, 2_000):
        await fill(engine.connect, start, texts[start : start + 2_000])
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE"))
        size = func.pg_total_relation_size(text("'view.words'::regclass"))
        bytes_used = (await connection.execute(select(size))).scalar_one()
        say(f"{count:,} cases of {LENGTH} characters, index and texts {bytes_used / 2**20:,.0f} MiB")
        say("milliseconds                            median        p99    found")
        await measure(connection, texts)
    await engine.dispose()


async def fill(connect: Callable[[], AsyncConnection], start: int, texts: Sequence[str]) -> None:
    """Cases with their words."""
    rows = [
        {
            "case_id": f"case-{number}",
            "type": "whistle",
            "state": "handling",
            "township": f"4109231{number % 20:02}",
            "text": content,
            "moment": number,
        }
        for number, content in enumerate(texts, start=start)
    ]
    async with connect() as connection:
        await connection.execute(
            text(
                "INSERT INTO view.cases (case_id, type, state, township, text, updated_at, created_at)"
                " VALUES (:case_id, :type, :state, :township, :text, to_timestamp(:moment), now())"
            ),
            rows,
        )
        indexed = [
            {"case_id": row["case_id"], "audience": "", "words": row["text"]}
            | {"pairs": " ".join(sorted({f"'{pair}'" for pair in pairs(str(row["text"]))}))}
            for row in rows
        ]
        await connection.execute(
            text("INSERT INTO view.words VALUES (:case_id, :audience, :words, CAST(:pairs AS tsvector))"),
            indexed,
        )
        await connection.commit()


async def measure(connection: AsyncConnection, texts: Sequence[str]) -> None:
    """Each way of asking, pieces taken from texts that are there."""
    chance = random.Random(11)

    def pieces(length: int) -> Sequence[str]:
        found = []
        for _ in range(ASKED):
            content = chance.choice(texts)
            at = chance.randrange(LENGTH - length)
            found.append(content[at : at + length])
        return found

    async def newest(_: str) -> int:
        return len((await find_cases(connection, OFFICE, CaseFilter(), first=FIRST)).rows)

    async def everywhere(piece: str) -> int:
        statement = select(cases.c.case_id).where(cases.c.text.ilike(f"%{piece}%"))
        newest_first = statement.order_by(cases.c.updated_at.desc()).limit(FIRST)
        return len((await connection.execute(newest_first)).all())

    def by_pairs(viewer: Viewer) -> Callable[[str], Awaitable[int]]:
        async def asked(piece: str) -> int:
            return len((await find_cases(connection, viewer, CaseFilter(text=piece), first=FIRST)).rows)

        return asked

    async def counted(piece: str) -> int:
        return await count_cases(connection, OFFICE, CaseFilter(text=piece))

    await show("a page without search, the floor", newest, pieces(2))
    await show("ILIKE over every text, 3 characters", everywhere, pieces(3)[:10])
    for length in (1, 2, 3, 4, 8):
        await show(f"pairs, {length} characters", by_pairs(OFFICE), pieces(length))
    await show("pairs, 2 characters, one township", by_pairs(TOWNSHIP), pieces(2))
    await show("pairs, 2 characters, counted", counted, pieces(2))


async def show(way: str, search: Callable[[str], Awaitable[int]], asked: Sequence[str]) -> None:
    """One line of the table."""
    times, found = [], []
    for piece in asked:
        began = time.perf_counter()
        found.append(await search(piece))
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    middle, slowest = times[len(times) // 2], times[int(len(times) * 0.99)]
    say(f"{way:36} {middle:9.1f} {slowest:10.1f} {sum(found) / len(found):8,.0f}")


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else CASES))
