"""`chuishao import letters`: residents' inquiries with their answers, recorded after the fact."""

import asyncio
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import UUID, uuid5

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from chuishao.client import Client, Refused, key_of
from chuishao.county import County, Person
from chuishao.letter_rows import COLUMNS, LetterFile, LetterRow, RejectedRow, write_rejects
from chuishao.system import System
from chuishao.tokens import role_and_unit
from chuishao.words import CommandFailedError, InputRefusedError, words
from contracts.permissions import ROLES

AT_ONCE: Final = 16
"""Letters under way at the same time."""
CASES_PER_QUESTION: Final = 500
JUDGED_SECONDS: Final = 120.0
"""How long the clocks may take after the last letter went in."""
ROWS_SHOWN: Final = 20
OUTCOMES: Final = ("on_time", "breached", "provisional")
CLOCKS: Final[Mapping[str, str]] = {"respond": "C3", "resolve": "C4"}
PEOPLE: Final = UUID("1b0d4c9e-98a5-5a0f-8a4e-0f1c7b9d2e33")
"""Name space of approvers who are known by a name only."""
_SUBJECT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9@._-]{0,99}")
_CASES: Final = """
query ($number: String!) {
  cases(filter: {types: [LETTER], number: $number}, first: 100) {
    edges { node { caseId title text createdAt closedAt
      ... on Letter { channel anonymous externalNumber writer answer } } }
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
        """Letters without a verdict of one of their clocks."""
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


def letters(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="来信工作簿 · workbook of letters")],
    approved_by: Annotated[
        str, typer.Option(metavar="PERSON", help="核准人,须为另一人 · the second person who approves")
    ],
    who: Annotated[
        str | None, typer.Option("--as", metavar="PERSON|ROLE@UNIT", help="补录人 · who records them")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="只检查,不导入 · check the file only")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="只输出一行 JSON · one line of JSON only")] = False,
) -> None:
    """导入来信 · Record letters with their answers; running it again adds nothing."""
    source = LetterFile(file)
    total = source.count()
    recorder, approver = people(County(), who, approved_by)
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )
    with progress:
        task = progress.add_task(words("import-checking" if dry_run else "import-running"), total=total)

        def step() -> None:
            progress.advance(task)

        if dry_run:
            result = checked(source, step, datetime.now(UTC))
        else:
            result = asyncio.run(_imported(System.running(), source, recorder, approver, step))
    tell_rejected(file, result.rejected)
    told: dict[str, Any] = result.as_json()
    if dry_run:
        told |= {"dry_run": True, "valid": result.rows - len(result.rejected) - result.already}
    elif not as_json:
        for line in _summary(told):
            print(line)
    print(json.dumps(told, ensure_ascii=False), flush=True)
    if not dry_run and (unjudged := result.unjudged):
        raise CommandFailedError("import-clocks-missing", count=unjudged)


def people(county: County, who: str | None, approved_by: str) -> tuple[Person, str]:
    """Who records, and the subject of who approves; ``InputRefusedError`` where that is one person.

    Without ``who`` it is a supervisor of the demo county's office other than the approver.
    """
    approver = _approver(county, approved_by.strip())
    if who is None:
        return county.holder("office_supervisor", other_than=approver), approver
    recorder = somebody(county, who)
    if recorder.subject == approver:
        raise InputRefusedError("recorder-cannot-approve")
    return recorder, approver


def somebody(county: County, who: str) -> Person:
    """A person of the demo county by subject, or somebody of a role and a unit."""
    if who in county.people:
        return county.people[who]
    role, unit = role_and_unit(who)
    return Person(f"{role}@{unit}", ROLES[role], role, unit)


def _approver(county: County, named: str) -> str:
    if not named:
        raise InputRefusedError("second-person-needed")
    known = [person.subject for person in county.people.values() if person.name == named]
    if known:
        return known[0]
    if _SUBJECT.fullmatch(named):
        return named
    # The log holds no name in plain text; whoever knows the name can compute this again.
    return f"person-{uuid5(PEOPLE, named)}"


def checked(source: LetterFile, step: Callable[[], None], now: datetime) -> Result:
    """What an import into an empty system would make of a file at a moment, without one."""
    result = Result()
    known: dict[str, bytes] = {}
    for row in source.rows():
        result.rows += 1
        step()
        if isinstance(row, LetterRow):
            content = hashlib.sha256(json.dumps(row.body(""), sort_keys=True).encode()).digest()
            if row.answered_at > now:
                row = RejectedRow.of(row.line, row.cells, "not-yet-happened")
            elif row.number not in known:
                known[row.number] = content
            elif known[row.number] == content:
                result.already += 1
            else:
                row = RejectedRow.of(row.line, row.cells, "number-reused")
        if isinstance(row, RejectedRow):
            result.rejected.append(row)
    return result


async def _imported(
    system: System, source: LetterFile, recorder: Person, approver: str, step: Callable[[], None]
) -> Result:
    async with Client(system) as client:
        importing = Import(client, recorder, approver, step)
        try:
            await importing.record(source.rows())
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

    async def record(self, rows: Iterable[LetterRow | RejectedRow]) -> None:
        """Record the good rows, at most ``AT_ONCE`` at a time; rows of one number one after the other."""
        self._before = await self._client.published_head("intake")
        room = asyncio.Semaphore(AT_ONCE)
        under_way: dict[str, asyncio.Task[None]] = {}

        async def one(row: LetterRow, earlier: asyncio.Task[None] | None) -> None:
            try:
                if earlier is not None:
                    await asyncio.wait([earlier])
                await self._record(row)
                self._step()
            finally:
                room.release()
                if under_way.get(row.number) is asyncio.current_task():
                    del under_way[row.number]

        try:
            async with asyncio.TaskGroup() as group:
                for row in rows:
                    self.result.rows += 1
                    if isinstance(row, RejectedRow):
                        self.result.rejected.append(row)
                        self._step()
                        continue
                    await room.acquire()
                    under_way[row.number] = group.create_task(one(row, under_way.get(row.number)))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed

    async def _record(self, row: LetterRow) -> None:
        result = self.result
        try:
            answer = await self._client.command(
                "intake",
                "/letters/record",
                row.body(self._approver),
                self._recorder,
                key_of(f"inquiry/{row.number}"),
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
                result.rejected.append(RejectedRow.of(row.line, row.cells, "number-reused"))
            return
        case = str(answer["id"])
        if case in result.cases or answer["published_seq"] <= self._before:
            result.already += 1
        else:
            result.imported.add(case)
        result.cases.add(case)

    async def _recorded_by_others(self, row: LetterRow) -> str | None:
        """The case that holds this very letter, recorded or approved by somebody else; None if none does."""
        head = await self._client.published_head("intake")
        if head > self._readable:
            await self._client.consumed("gateway", "intake", head, JUDGED_SECONDS)
            self._readable = head
        found = await self._client.graphql(_CASES, {"number": row.number}, self._recorder)
        for edge in found["cases"]["edges"]:
            if _same(edge["node"], row):
                return str(edge["node"]["caseId"])
        return None

    async def judge(self) -> None:
        """Count how the clocks of this file's letters ended, as soon as all of them are there."""
        head = await self._client.published_head("intake")
        await self._client.consumed("accountability", "intake", head, JUDGED_SECONDS)
        cases = sorted(self.result.cases)
        for name, kind in CLOCKS.items():
            for n in range(0, len(cases), CASES_PER_QUESTION):
                question = {"kind": kind, "cases": cases[n : n + CASES_PER_QUESTION]}
                counts = await self._client.ask("accountability", "/clocks/tally", self._recorder, question)
                self.result.judged[name].update(counts)


def _same(case: Mapping[str, Any], row: LetterRow) -> bool:
    body = row.body("")
    times = [each and datetime.fromisoformat(each) for each in (case["createdAt"], case["closedAt"])]
    return (
        case["channel"] == "INQUIRY"
        and case["externalNumber"] == row.number
        and [case["title"], case["text"], case["answer"], case["writer"]]
        == [body["title"], body["text"], body["answer"], body["writer"]]
        and times == [row.asked_at, row.answered_at]
    )


def tell_rejected(file: Path, rows: Iterable[RejectedRow], columns: Sequence[str] = COLUMNS) -> None:
    """Say on stderr which rows did not go in, and where they are written."""
    rejected = sorted(rows, key=lambda row: row.line)
    if not rejected:
        return
    console = Console(stderr=True)
    for row in rejected[:ROWS_SHOWN]:
        told = words("import-row-rejected", line=row.line, reason=row.why)
        console.print(told, style="yellow", markup=False, highlight=False, soft_wrap=True)
    try:
        told = words(
            "import-rejects-written", count=len(rejected), file=write_rejects(file, rejected, columns)
        )
    except CommandFailedError as unwritable:
        told = str(unwritable)
    console.print(told, markup=False, highlight=False, soft_wrap=True)


def _summary(told: Mapping[str, Any]) -> Iterator[str]:
    yield words("import-done", **{name: told[name] for name in ("rows", "imported", "already", "rejected")})
    for name in CLOCKS:
        yield words(f"import-{name}", **told[name])
