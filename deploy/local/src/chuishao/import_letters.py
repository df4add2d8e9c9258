"""`chuishao import letters`: residents' inquiries with their answers, recorded after the fact."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final

import typer

from chuishao.client import Client
from chuishao.county import County, Person
from chuishao.importing import Import, Result, fresh, people, progressing, tell
from chuishao.letter_rows import COLUMNS, LetterFile, LetterRow
from chuishao.system import System
from chuishao.words import CommandFailedError

CLOCKS: Final[Mapping[str, str]] = {"respond": "C3", "resolve": "C4"}


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
    source, result = LetterFile(file), Result(CLOCKS)
    total = source.count()
    recorder, approver = people(County(), who, approved_by)
    with progressing("import-checking" if dry_run else "import-running", total) as step:
        if dry_run:
            for _ in readable(source, result, datetime.now(UTC)):
                step()
        else:
            # Whether it has happened is for the system's own clock to say.
            rows = readable(source, result, None)

            async def bring() -> None:
                async with Client(System.running()) as client:
                    await LetterImport(client, recorder, approver, result, step).run(rows)

            asyncio.run(bring())
    tell(result, file, COLUMNS, dry_run=dry_run, as_json=as_json, lines=())
    if not dry_run and (unjudged := result.unjudged):
        raise CommandFailedError("import-clocks-missing", count=unjudged)


def readable(source: LetterFile, result: Result, now: datetime | None) -> Iterator[LetterRow]:
    """The rows to send; with ``now``, those that lie in the future are rejected."""
    return fresh(
        source.rows(),
        result,
        content=lambda row: row.body(""),
        too_early=lambda row: now is not None and row.answered_at > now,
    )


class LetterImport(Import[LetterRow]):
    """Letters with their answers."""

    path: ClassVar = "/letters/record"
    key: ClassVar = "inquiry"
    judged_through: ClassVar = (("intake", "accountability"),)
    cases: ClassVar = """
        query ($number: String!) {
          cases(filter: {types: [LETTER], number: $number}, first: 100) {
            edges { node { caseId title text createdAt closedAt
              ... on Letter { channel anonymous externalNumber writer answer } } }
          }
        }
    """

    def __init__(
        self, client: Client, recorder: Person, approver: str, result: Result, step: Callable[[], None]
    ) -> None:
        super().__init__(client, recorder, result, step)
        self._approver = approver

    async def body(self, row: LetterRow) -> Mapping[str, object]:
        """The command's body."""
        return row.body(self._approver)

    def same(self, case: Mapping[str, Any], row: LetterRow) -> bool:
        """Recorded or approved by somebody else, but the same letter."""
        body = row.body("")
        times = [each and datetime.fromisoformat(each) for each in (case["createdAt"], case["closedAt"])]
        return (
            case["channel"] == "INQUIRY"
            and case["externalNumber"] == row.number
            and [case["title"], case["text"], case["answer"], case["writer"]]
            == [body["title"], body["text"], body["answer"], body["writer"]]
            and times == [row.asked_at, row.answered_at]
        )
