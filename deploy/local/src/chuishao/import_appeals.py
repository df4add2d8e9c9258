"""`chuishao import appeals`: residents' appeals become grid reports with suggested items."""

import asyncio
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import quote

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from chuishao.appeal_rows import COLUMNS, AppealFile, AppealRow
from chuishao.client import Client, Refused, key_of
from chuishao.county import County, Person
from chuishao.import_letters import AT_ONCE, JUDGED_SECONDS, somebody, tell_rejected
from chuishao.letter_rows import RejectedRow
from chuishao.system import System
from chuishao.words import CommandFailedError, InputRefusedError, words

SAID: Final = 500
"""Characters of an appeal that its items are suggested by."""
_CASES: Final = """
query ($number: String!) {
  cases(filter: {types: [GRID_REPORT], number: $number}, first: 100) {
    edges { node { caseId title text createdAt } }
  }
}
"""


@dataclass(slots=True)
class Result:
    """What came of a file so far."""

    rows: int = 0
    imported: int = 0
    already: int = 0
    suggested: int = 0
    rejected: list[RejectedRow] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The last line of the output."""
        return {
            "rows": self.rows,
            "imported": self.imported,
            "already": self.already,
            "rejected": len(self.rejected),
            "suggested": self.suggested,
        }


def appeals(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="诉求工作簿 · workbook of appeals")],
    township: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="归属镇街;不填则按留言编号分到各镇街 · whose they become"),
    ] = None,
    who: Annotated[
        str | None, typer.Option("--as", metavar="PERSON|ROLE@UNIT", help="补录人 · who records them")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="只检查,不导入 · check the file only")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="只输出一行 JSON · one line of JSON only")] = False,
) -> None:
    """导入诉求 · Record appeals as grid reports; running it again adds nothing."""
    source, county = AppealFile(file), County()
    total = source.count()
    codes = _townships(county, township)
    recorder = county.holder("office_supervisor") if who is None else somebody(county, who)
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )
    with progress:
        told = words("import-appeals-checking" if dry_run else "import-appeals-running")
        task = progress.add_task(told, total=total)

        def step() -> None:
            progress.advance(task)

        if dry_run:
            result = Result()
            for _ in readable(source, result, datetime.now(UTC)):
                step()
        else:
            result = asyncio.run(_imported(System.running(), source, recorder, codes, step))
    tell_rejected(file, result.rejected, COLUMNS)
    counts = result.as_json()
    if dry_run:
        counts |= {"dry_run": True, "valid": result.rows - len(result.rejected) - result.already}
    elif not as_json:
        print(words("import-done", **counts))
        print(words("import-appeals-suggested", **counts))
    print(json.dumps(counts, ensure_ascii=False), flush=True)


def _townships(county: County, named: str | None) -> Sequence[str]:
    codes = sorted(str(unit["code"]) for unit in county.units if unit["unit_class"] == "township")
    if named is None:
        return codes
    if named not in codes:
        raise InputRefusedError("import-unknown-township", township=named)
    return [named]


def township_of(row: AppealRow, codes: Sequence[str]) -> str:
    """The township an appeal falls to by its number, the same every time."""
    return codes[int.from_bytes(hashlib.sha256(row.number.encode()).digest()[:4]) % len(codes)]


def readable(source: AppealFile, result: Result, now: datetime) -> Iterator[AppealRow]:
    """The rows to send; what is none, repeats a row or has not happened yet is counted in ``result``."""
    known: dict[str, bytes] = {}
    for row in source.rows():
        result.rows += 1
        if isinstance(row, RejectedRow):
            result.rejected.append(row)
            continue
        content = hashlib.sha256(json.dumps(row.body("", ()), sort_keys=True).encode()).digest()
        if row.asked_at > now:
            result.rejected.append(RejectedRow.of(row.line, row.cells, "not-yet-happened"))
        elif row.number not in known:
            known[row.number] = content
            yield row
        elif known[row.number] == content:
            result.already += 1
        else:
            result.rejected.append(RejectedRow.of(row.line, row.cells, "number-reused"))


async def _imported(
    system: System, source: AppealFile, recorder: Person, codes: Sequence[str], step: Callable[[], None]
) -> Result:
    async with Client(system) as client:
        importing = Import(client, recorder, codes, step)
        try:
            await importing.record(source)
        except InputRefusedError:
            raise
        except CommandFailedError as failed:
            count = importing.result.imported
            raise CommandFailedError("import-interrupted", count=count, reason=failed) from failed
        return importing.result


class Import:
    """Brings rows into intake under keys that follow from their numbers."""

    def __init__(
        self, client: Client, recorder: Person, codes: Sequence[str], step: Callable[[], None]
    ) -> None:
        self.result = Result()
        self._client, self._recorder, self._codes, self._step = client, recorder, codes, step
        self._before = self._shown = 0

    async def record(self, source: AppealFile) -> None:
        """Record the good rows, at most ``AT_ONCE`` at a time."""
        self._before = await self._client.published_head("intake")
        room = asyncio.Semaphore(AT_ONCE)

        async def one(row: AppealRow) -> None:
            try:
                await self._record(row)
                self._step()
            finally:
                room.release()

        try:
            async with asyncio.TaskGroup() as group:
                for row in readable(source, self.result, datetime.now(UTC)):
                    await room.acquire()
                    group.create_task(one(row))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed

    async def _record(self, row: AppealRow) -> None:
        result = self.result
        suggested = await self._suggested(row)
        try:
            answer = await self._client.command(
                "intake",
                "/grid-reports/record",
                row.body(township_of(row, self._codes), suggested),
                self._recorder,
                key_of(f"appeal/{row.number}"),
            )
        except Refused as refused:
            if refused.status in (401, 403):
                raise InputRefusedError(refused.slug, **refused.params) from refused
            if refused.slug != "idempotency-key-reused":
                result.rejected.append(RejectedRow.of(row.line, row.cells, refused.slug, **refused.params))
            elif await self._recorded_otherwise(row):
                result.already += 1
            else:
                result.rejected.append(RejectedRow.of(row.line, row.cells, "number-reused"))
            return
        if answer["published_seq"] <= self._before:
            result.already += 1
            return
        result.imported += 1
        result.suggested += bool(suggested)

    async def _suggested(self, row: AppealRow) -> list[str]:
        said = quote(f"{row.title}\n{row.text}"[:SAID])
        path = f"/responsibility-list/suggest?text={said}"
        found = await self._client.read("routing", path, self._recorder)
        return [str(each["code"]) for each in found["suggestions"]]

    async def _recorded_otherwise(self, row: AppealRow) -> bool:
        """Whether this very appeal is there, recorded for another township or with other suggestions."""
        head = await self._client.published_head("intake")
        if head > self._shown:
            await self._client.consumed("gateway", "intake", head, JUDGED_SECONDS)
            self._shown = head
        found = await self._client.graphql(_CASES, {"number": row.number}, self._recorder)
        return any(
            (case["title"], case["text"]) == (row.title, row.text)
            and datetime.fromisoformat(case["createdAt"]) == row.asked_at
            for case in (edge["node"] for edge in found["cases"]["edges"])
        )
