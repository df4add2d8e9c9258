"""`chuishao import appeals`: residents' appeals become grid reports with suggested items."""

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final
from urllib.parse import quote

import typer

from chuishao import importing
from chuishao.appeal_rows import COLUMNS, AppealFile, AppealRow
from chuishao.client import Client
from chuishao.county import County, Person
from chuishao.importing import Import, fresh, progressing, somebody, tell
from chuishao.system import System
from chuishao.words import InputRefusedError

SAID: Final = 500
"""Characters of an appeal that its items are suggested by."""


@dataclass(slots=True)
class Result(importing.Result):
    """What came of a file so far, and how many reports have suggested items."""

    suggested: int = 0

    def as_json(self) -> dict[str, Any]:
        """The last line of the output."""
        return {**importing.Result.as_json(self), "suggested": self.suggested}


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
    source, county, result = AppealFile(file), County(), Result()
    total = source.count()
    codes = _townships(county, township)
    recorder = county.holder("office_supervisor") if who is None else somebody(county, who)
    with progressing("import-appeals-checking" if dry_run else "import-appeals-running", total) as step:
        rows = readable(source, result, datetime.now(UTC))
        if dry_run:
            for _ in rows:
                step()
        else:

            async def bring() -> None:
                async with Client(System.running()) as client:
                    await AppealImport(client, recorder, codes, result, step).run(rows)

            asyncio.run(bring())
    tell(result, file, COLUMNS, dry_run=dry_run, as_json=as_json, lines=["import-appeals-suggested"])


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


def readable(source: AppealFile, result: importing.Result, now: datetime) -> Iterator[AppealRow]:
    """The rows to send; what is none, repeats a row or has not happened yet is counted in ``result``."""
    return fresh(
        source.rows(), result, content=lambda row: row.body("", ()), too_early=lambda row: row.asked_at > now
    )


class AppealImport(Import[AppealRow]):
    """Appeals as grid reports, each with the items that may fit it."""

    path: ClassVar = "/grid-reports/record"
    key: ClassVar = "appeal"
    cases: ClassVar = """
        query ($number: String!) {
          cases(filter: {types: [GRID_REPORT], number: $number}, first: 100) {
            edges { node { caseId title text createdAt } }
          }
        }
    """

    def __init__(
        self, client: Client, recorder: Person, codes: Sequence[str], result: Result, step: Callable[[], None]
    ) -> None:
        super().__init__(client, recorder, result, step)
        self._codes, self._suggestions = codes, result

    async def body(self, row: AppealRow) -> Mapping[str, object]:
        """The command's body, with what routing suggests."""
        return row.body(township_of(row, self._codes), await self._suggested(row))

    def counted(self, row: AppealRow, body: Mapping[str, object]) -> None:
        """Count the reports for which anything was suggested."""
        self._suggestions.suggested += bool(body["suggested"])

    def same(self, case: Mapping[str, Any], row: AppealRow) -> bool:
        """Recorded for another township or with other suggestions, but the same appeal."""
        at = datetime.fromisoformat(case["createdAt"])
        return (case["title"], case["text"], at) == (row.title, row.text, row.asked_at)

    async def _suggested(self, row: AppealRow) -> list[str]:
        said = quote(f"{row.title}\n{row.text}"[:SAID])
        path = f"/responsibility-list/suggest?text={said}"
        found = await self._client.read("routing", path, self._recorder)
        return [str(each["code"]) for each in found["suggestions"]]
