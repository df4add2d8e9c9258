"""`chuishao import whistles`: whistles that went their way on paper, recorded after the fact."""

import asyncio
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from chuishao.client import Client, Refused, key_of
from chuishao.county import County, Person
from chuishao.import_letters import (
    AT_ONCE,
    CASES_PER_QUESTION,
    JUDGED_SECONDS,
    OUTCOMES,
    people,
    tell_rejected,
)
from chuishao.letter_rows import RejectedRow
from chuishao.system import System
from chuishao.whistle_rows import CLOSED, COLUMNS, SIGNED, Places, WhistleFile, WhistleRow
from chuishao.words import CommandFailedError, InputRefusedError, words

CLOCKS: Final[Mapping[str, str]] = {"promise": "C0", "handling": "C5"}
"""The clocks every recorded whistle has: 24 hours to the township, and handling."""
_UNITS: Final = "{ units { code name shortName unitClass villages { code name } } }"
_CASES: Final = """
query ($number: String!) {
  cases(filter: {types: [WHISTLE], number: $number}, first: 100) {
    edges { node { caseId text recorded createdAt closedAt ... on Whistle { externalNumber } } }
  }
}
"""


@dataclass(slots=True)
class Result:
    """What came of a file so far."""

    rows: int = 0
    already: int = 0
    cases: set[str] = field(default_factory=set)
    imported: set[str] = field(default_factory=set)
    rejected: list[RejectedRow] = field(default_factory=list)
    judged: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in CLOCKS})

    @property
    def unjudged(self) -> int:
        """Whistles without a verdict of one of their clocks."""
        return max(
            len(self.cases) - sum(self.judged[name][outcome] for outcome in OUTCOMES) for name in CLOCKS
        )

    def as_json(self) -> dict[str, Any]:
        """The last line of the output."""
        return {
            "rows": self.rows,
            "imported": len(self.imported),
            "already": self.already,
            "rejected": len(self.rejected),
            **{name: {outcome: self.judged[name][outcome] for outcome in OUTCOMES} for name in CLOCKS},
        }


def whistles(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="哨单工作簿 · workbook of whistles")],
    approved_by: Annotated[
        str, typer.Option(metavar="PERSON", help="核准人,须为另一人 · the second person who approves")
    ],
    who: Annotated[
        str | None, typer.Option("--as", metavar="PERSON|ROLE@UNIT", help="补录人 · who records them")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="只检查,不导入 · check the file only")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="只输出一行 JSON · one line of JSON only")] = False,
) -> None:
    """导入哨单 · Record closed whistles with their outcome; running it again adds nothing."""
    source, county = WhistleFile(file), County()
    total = source.count()
    recorder, approver = people(county, who, approved_by)
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )
    with progress:
        told = words("import-whistles-checking" if dry_run else "import-whistles-running")
        task = progress.add_task(told, total=total)

        def step() -> None:
            progress.advance(task)

        if dry_run:
            result = Result()
            for _ in readable(source, places_of(county), result, datetime.now(UTC)):
                step()
        else:
            result = asyncio.run(_imported(System.running(), source, recorder, approver, step))
    tell_rejected(file, result.rejected, COLUMNS)
    counts: dict[str, Any] = result.as_json()
    if dry_run:
        counts |= {"dry_run": True, "valid": result.rows - len(result.rejected) - result.already}
    elif not as_json:
        print(words("import-done", **counts))
        for name in CLOCKS:
            print(words(f"import-{name}", **counts[name]))
    print(json.dumps(counts, ensure_ascii=False), flush=True)
    if not dry_run and (unjudged := result.unjudged):
        raise CommandFailedError("import-whistle-clocks-missing", count=unjudged)


def places_of(county: County) -> Places:
    """The units and villages of a folder of files, where no system is asked."""
    return Places(
        {
            "code": unit["code"],
            "name": unit["name"],
            "short_name": unit["short_name"],
            "unit_class": unit["unit_class"],
            "villages": county.villages.get(str(unit["code"]), ()),
        }
        for unit in county.units
    )


def readable(source: WhistleFile, places: Places, result: Result, now: datetime) -> Iterator[WhistleRow]:
    """The rows to send; what is none or repeats a row is counted in ``result``."""
    known: dict[str, bytes] = {}
    for row in source.rows(places, now):
        result.rows += 1
        if isinstance(row, RejectedRow):
            result.rejected.append(row)
            continue
        content = hashlib.sha256(json.dumps(row.body(""), sort_keys=True).encode()).digest()
        if row.number not in known:
            known[row.number] = content
            yield row
        elif known[row.number] == content:
            result.already += 1
        else:
            result.rejected.append(RejectedRow.of(row.line, row.cells, "whistle-number-reused"))


async def _imported(
    system: System, source: WhistleFile, recorder: Person, approver: str, step: Callable[[], None]
) -> Result:
    async with Client(system) as client:
        found = await client.graphql(_UNITS, {}, recorder)
        places = Places(
            {**unit, "short_name": unit["shortName"], "unit_class": str(unit["unitClass"]).lower()}
            for unit in found["units"]
        )
        importing = Import(client, recorder, approver, step)
        try:
            await importing.record(readable(source, places, importing.result, datetime.now(UTC)))
        except InputRefusedError:
            raise
        except CommandFailedError as failed:
            count = len(importing.result.imported)
            raise CommandFailedError("import-interrupted", count=count, reason=failed) from failed
        await importing.judge()
        return importing.result


class Import:
    """Brings rows into intake under keys that follow from their numbers, then asks how they were judged."""

    def __init__(self, client: Client, recorder: Person, approver: str, step: Callable[[], None]) -> None:
        self.result = Result()
        self._client, self._recorder, self._approver, self._step = client, recorder, approver, step
        self._before = self._readable = 0

    async def record(self, rows: Iterable[WhistleRow]) -> None:
        """Record the good rows, at most ``AT_ONCE`` at a time."""
        self._before = await self._client.published_head("intake")
        room = asyncio.Semaphore(AT_ONCE)

        async def one(row: WhistleRow) -> None:
            try:
                await self._record(row)
                self._step()
            finally:
                room.release()

        try:
            async with asyncio.TaskGroup() as group:
                for row in rows:
                    await room.acquire()
                    group.create_task(one(row))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed

    async def _record(self, row: WhistleRow) -> None:
        result = self.result
        try:
            answer = await self._client.command(
                "intake",
                "/whistles/record",
                row.body(self._approver),
                self._recorder,
                key_of(f"paper-whistle/{row.number}"),
            )
        except Refused as refused:
            if refused.status in (401, 403) or refused.slug == "recorder-cannot-approve":
                raise InputRefusedError(refused.slug, **refused.params) from refused
            if refused.slug != "idempotency-key-reused":
                result.rejected.append(RejectedRow.of(row.line, row.cells, refused.slug, **refused.params))
            elif case := await self._recorded_by_others(row):
                result.already += 1
                result.cases.add(case)
            else:
                result.rejected.append(RejectedRow.of(row.line, row.cells, "whistle-number-reused"))
            return
        case = str(answer["id"])
        if answer["published_seq"] <= self._before:
            result.already += 1
        else:
            result.imported.add(case)
        result.cases.add(case)

    async def _recorded_by_others(self, row: WhistleRow) -> str | None:
        """The case that holds this whistle, recorded or approved by somebody else; None if none does."""
        head = await self._client.published_head("intake")
        if head > self._readable:
            await self._client.consumed("gateway", "intake", head, JUDGED_SECONDS)
            self._readable = head
        found = await self._client.graphql(_CASES, {"number": row.number}, self._recorder)
        for case in (edge["node"] for edge in found["cases"]["edges"]):
            times = [each and datetime.fromisoformat(each) for each in (case["createdAt"], case["closedAt"])]
            same = (case["externalNumber"], case["text"], times) == (
                row.number,
                row.text,
                [row.times[SIGNED], row.times[CLOSED]],
            )
            if case["recorded"] and same:
                return str(case["caseId"])
        return None

    async def judge(self) -> None:
        """Count how the clocks of this file's whistles ended, as soon as all of them are there."""
        # Intake's record goes to routing, and routing's to accountability.
        for source, follower in (("intake", "routing"), ("routing", "accountability")):
            head = await self._client.published_head(source)
            await self._client.consumed(follower, source, head, JUDGED_SECONDS)
        cases = sorted(self.result.cases)
        for name, kind in CLOCKS.items():
            for n in range(0, len(cases), CASES_PER_QUESTION):
                question = {"kind": kind, "cases": cases[n : n + CASES_PER_QUESTION]}
                counts = await self._client.ask("accountability", "/clocks/tally", self._recorder, question)
                self.result.judged[name].update(counts)
