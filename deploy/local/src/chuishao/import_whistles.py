"""`chuishao import whistles`: whistles that went their way on paper, recorded after the fact."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final

import typer

from chuishao.client import Client
from chuishao.county import County, Person
from chuishao.importing import Import, Result, fresh, people, progressing, tell
from chuishao.system import System
from chuishao.whistle_rows import CLOSED, COLUMNS, SIGNED, Places, WhistleFile, WhistleRow
from chuishao.words import CommandFailedError

CLOCKS: Final[Mapping[str, str]] = {"promise": "C0", "handling": "C5"}
"""The clocks every recorded whistle has: 24 hours to the township, and handling."""
_UNITS: Final = "{ units { code name shortName unitClass villages { code name } } }"


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
    source, county, result = WhistleFile(file), County(), Result(CLOCKS)
    total = source.count()
    recorder, approver = people(county, who, approved_by)
    with progressing("import-whistles-checking" if dry_run else "import-whistles-running", total) as step:
        if dry_run:
            for _ in readable(source, places_of(county), result, datetime.now(UTC)):
                step()
        else:

            async def bring() -> None:
                async with Client(System.running()) as client:
                    rows = readable(source, await _places(client, recorder), result, datetime.now(UTC))
                    await WhistleImport(client, recorder, approver, result, step).run(rows)

            asyncio.run(bring())
    tell(result, file, COLUMNS, dry_run=dry_run, as_json=as_json, lines=())
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


async def _places(client: Client, recorder: Person) -> Places:
    found = await client.graphql(_UNITS, {}, recorder)
    return Places(
        {**unit, "short_name": unit["shortName"], "unit_class": str(unit["unitClass"]).lower()}
        for unit in found["units"]
    )


def readable(source: WhistleFile, places: Places, result: Result, now: datetime) -> Iterator[WhistleRow]:
    """The rows to send; what is none or repeats a row is counted in ``result``."""
    rows = source.rows(places, now)
    return fresh(rows, result, content=lambda row: row.body(""), reused=WhistleImport.reused)


class WhistleImport(Import[WhistleRow]):
    """Closed whistles with their outcome."""

    path: ClassVar = "/whistles/record"
    key: ClassVar = "paper-whistle"
    reused: ClassVar = "whistle-number-reused"
    # Intake's record goes to routing, and routing's to accountability.
    judged_through: ClassVar = (("intake", "routing"), ("routing", "accountability"))
    cases: ClassVar = """
        query ($number: String!) {
          cases(filter: {types: [WHISTLE], number: $number}, first: 100) {
            edges { node { caseId text recorded createdAt closedAt ... on Whistle { externalNumber } } }
          }
        }
    """

    def __init__(
        self, client: Client, recorder: Person, approver: str, result: Result, step: Callable[[], None]
    ) -> None:
        super().__init__(client, recorder, result, step)
        self._approver = approver

    async def body(self, row: WhistleRow) -> Mapping[str, object]:
        """The command's body."""
        return row.body(self._approver)

    def same(self, case: Mapping[str, Any], row: WhistleRow) -> bool:
        """Recorded or approved by somebody else, but the same whistle."""
        times = [each and datetime.fromisoformat(each) for each in (case["createdAt"], case["closedAt"])]
        held = (case["externalNumber"], case["text"], times)
        return bool(case["recorded"]) and held == (
            row.number,
            row.text,
            [row.times[SIGNED], row.times[CLOSED]],
        )
