"""What every import of a workbook does: rows into commands under keys of their own, and what came of each."""

import asyncio
import hashlib
import json
import re
import sys
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final, Generic, Protocol, TypeVar
from uuid import UUID, uuid5

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from chuishao.client import Client, Refused, key_of
from chuishao.county import County, Person
from chuishao.letter_rows import RejectedRow, write_rejects
from chuishao.tokens import role_and_unit
from chuishao.words import CommandFailedError, InputRefusedError, words
from contracts.permissions import ROLES

AT_ONCE: Final = 16
"""Rows under way at the same time."""
CASES_PER_QUESTION: Final = 500
READ_SECONDS: Final = 120.0
"""How long a service may take to have read what another published."""
ROWS_SHOWN: Final = 20
OUTCOMES: Final = ("on_time", "breached", "provisional")
PEOPLE: Final = UUID("1b0d4c9e-98a5-5a0f-8a4e-0f1c7b9d2e33")
"""Name space of approvers who are known by a name only."""
_SUBJECT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9@._-]{0,99}")


class Row(Protocol):
    """A good row: its line in the sheet, the number that makes it one of a kind, and its cells."""

    @property
    def line(self) -> int: ...
    @property
    def number(self) -> str: ...
    @property
    def cells(self) -> Mapping[str, object]: ...


R = TypeVar("R", bound=Row)


@dataclass(slots=True)
class Result:
    """What came of a file so far; ``clocks`` names the kinds of clock whose outcomes are counted."""

    clocks: Mapping[str, str] = field(default_factory=dict)
    rows: int = 0
    already: int = 0
    cases: set[str] = field(default_factory=set)
    imported: set[str] = field(default_factory=set)
    rejected: list[RejectedRow] = field(default_factory=list)
    judged: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def unjudged(self) -> int:
        """Cases without a verdict of one of their clocks."""
        told = (self.judged.get(name, Counter()) for name in self.clocks)
        return max((len(self.cases) - sum(each[outcome] for outcome in OUTCOMES) for each in told), default=0)

    def as_json(self) -> dict[str, Any]:
        """The last line of the output."""
        judged = {name: self.judged.get(name, Counter()) for name in self.clocks}
        return {
            "rows": self.rows,
            "imported": len(self.imported),
            "already": self.already,
            "rejected": len(self.rejected),
            **{name: {outcome: each[outcome] for outcome in OUTCOMES} for name, each in judged.items()},
        }

    def reject(self, row: Row, reason: str, **params: object) -> None:
        """A row does not go in."""
        self.rejected.append(RejectedRow.of(row.line, row.cells, reason, **params))


def fresh(
    rows: Iterable[R | RejectedRow],
    result: Result,
    *,
    content: Callable[[R], Mapping[str, object]],
    reused: str = "number-reused",
    too_early: Callable[[R], bool] = lambda _: False,
) -> Iterator[R]:
    """The rows to send; what is none, repeats a row or has not happened yet is counted in ``result``."""
    known: dict[str, bytes] = {}
    for row in rows:
        result.rows += 1
        if isinstance(row, RejectedRow):
            result.rejected.append(row)
        elif too_early(row):
            result.reject(row, "not-yet-happened")
        elif row.number not in known:
            known[row.number] = _digest(content(row))
            yield row
        elif known[row.number] == _digest(content(row)):
            result.already += 1
        else:
            result.reject(row, reused)


def _digest(content: Mapping[str, object]) -> bytes:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).digest()


class Import(ABC, Generic[R]):
    """Brings rows into intake under keys that follow from their numbers, then asks how they were judged."""

    path: ClassVar[str]
    """The command."""
    key: ClassVar[str]
    """What the keys of these rows begin with."""
    reused: ClassVar[str] = "number-reused"
    """Why a row is rejected whose number stands for something else already."""
    cases: ClassVar[str]
    """The query for the cases that hold a number."""
    judged_through: ClassVar[Sequence[tuple[str, str]]] = ()
    """(source, follower) pairs, one after the other, until every clock is there."""

    def __init__(self, client: Client, recorder: Person, result: Result, step: Callable[[], None]) -> None:
        self.result = result
        self._client, self._recorder, self._step = client, recorder, step
        self._before = self._readable = 0

    @abstractmethod
    async def body(self, row: R) -> Mapping[str, object]:
        """The command's body."""

    @abstractmethod
    def same(self, case: Mapping[str, Any], row: R) -> bool:
        """Whether a case that holds the number is this very row."""

    def counted(self, row: R, body: Mapping[str, object]) -> None:
        """A row went in that was not there."""

    async def run(self, rows: Iterable[R]) -> None:
        """Record all rows and ask how they were judged; ``CommandFailedError`` says how many went in."""
        try:
            await self.record(rows)
        except InputRefusedError:
            raise
        except CommandFailedError as failed:
            count = len(self.result.imported)
            raise CommandFailedError("import-interrupted", count=count, reason=failed) from failed
        await self.judge()

    async def record(self, rows: Iterable[R]) -> None:
        """Record the good rows, at most ``AT_ONCE`` at a time."""
        self._before = await self._client.published_head("intake")
        room = asyncio.Semaphore(AT_ONCE)

        async def one(row: R) -> None:
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

    async def _record(self, row: R) -> None:
        result, body = self.result, await self.body(row)
        try:
            answer = await self._client.command(
                "intake", self.path, body, self._recorder, key_of(f"{self.key}/{row.number}")
            )
        except Refused as refused:
            if refused.status in (401, 403) or refused.slug == "recorder-cannot-approve":
                raise InputRefusedError(refused.slug, **refused.params) from refused
            if refused.slug != "idempotency-key-reused":
                result.reject(row, refused.slug, **refused.params)
            elif case := await self._recorded_otherwise(row):
                result.already += 1
                result.cases.add(case)
            else:
                result.reject(row, self.reused)
            return
        case = str(answer["id"])
        if answer["published_seq"] <= self._before:
            result.already += 1
        else:
            result.imported.add(case)
            self.counted(row, body)
        result.cases.add(case)

    async def _recorded_otherwise(self, row: R) -> str | None:
        """The case that holds this very row, recorded with another body; None if none does."""
        head = await self._client.published_head("intake")
        if head > self._readable:
            await self._client.consumed("gateway", "intake", head, READ_SECONDS)
            self._readable = head
        found = await self._client.graphql(self.cases, {"number": row.number}, self._recorder)
        for edge in found["cases"]["edges"]:
            if self.same(edge["node"], row):
                return str(edge["node"]["caseId"])
        return None

    async def judge(self) -> None:
        """Count how the clocks of this file's cases ended, as soon as all of them are there."""
        for source, follower in self.judged_through:
            head = await self._client.published_head(source)
            await self._client.consumed(follower, source, head, READ_SECONDS)
        cases = sorted(self.result.cases)
        for name, kind in self.result.clocks.items():
            counts = self.result.judged.setdefault(name, Counter())
            for n in range(0, len(cases), CASES_PER_QUESTION):
                question = {"kind": kind, "cases": cases[n : n + CASES_PER_QUESTION]}
                counts.update(
                    await self._client.ask("accountability", "/clocks/tally", self._recorder, question)
                )


@contextmanager
def progressing(slug: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on stderr, where somebody looks; each call of what it yields is one row."""
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )
    with progress:
        task = progress.add_task(words(slug), total=total)
        yield lambda: progress.advance(task)


def tell(
    result: Result, file: Path, columns: Sequence[str], *, dry_run: bool, as_json: bool, lines: Iterable[str]
) -> None:
    """Say which rows were rejected, the counts in words (slugs in ``lines``), and all of it as JSON."""
    tell_rejected(file, result.rejected, columns)
    counts: dict[str, Any] = result.as_json()
    if dry_run:
        counts |= {"dry_run": True, "valid": result.rows - len(result.rejected) - result.already}
    elif not as_json:
        print(words("import-done", **counts))
        for slug in lines:
            print(words(slug, **counts))
        for name in result.clocks:
            print(words(f"import-{name}", **counts[name]))
    print(json.dumps(counts, ensure_ascii=False), flush=True)


def tell_rejected(file: Path, rows: Iterable[RejectedRow], columns: Sequence[str]) -> None:
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
