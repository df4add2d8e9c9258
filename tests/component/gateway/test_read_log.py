"""Who reads a case is written down before it is shown, and only the auditor may ask."""

import base64
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backbone.identity import Actor
from contracts.events import intake
from tests.component.gateway.board import (
    ADMINISTRATOR,
    CASE,
    CLERK,
    DISPATCHER,
    LEADER,
    LIAISON,
    STRANGER,
    Board,
    case_number,
    whistle,
)
from tests.component.gateway.test_docket_changed import DOCKET
from tests.component.gateway.test_exports import Printer, printer

__all__ = ["printer"]

AUDITOR = Actor("auditor-1", "演示·冯", "auditor", "audit-bureau")
ONE = f'{{ case(caseId: "{CASE}") {{ state }} }}'
LOG = """query($filter: ReadLogFilter, $first: Int! = 50, $after: String) {
  readLog(filter: $filter, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor } edges { node { at subject role unitCode way caseIds } } } }"""


async def log(board: Board, **wanted: Any) -> list[dict[str, Any]]:
    """The entries the auditor finds."""
    found = await board.ask(LOG, AUDITOR, {"filter": wanted})
    return [edge["node"] for edge in found["readLog"]["edges"]]


async def test_tells_who_read_a_case(dispatched: Board) -> None:
    await dispatched.ask(ONE, LIAISON)

    (entry,) = await log(dispatched)

    assert (entry["subject"], entry["role"], entry["unitCode"]) == (
        LIAISON.subject,
        "department_liaison",
        "water-resources",
    )
    assert (entry["way"], entry["caseIds"]) == ("case", [CASE])


async def test_a_list_is_one_entry_with_every_case_on_the_page(dispatched: Board) -> None:
    other = case_number(2)
    await dispatched.tell(intake.WhistleRaised(**await whistle(dispatched, other), emergency=False))

    await dispatched.ask("{ cases { totalCount edges { node { title } } } }", DISPATCHER)

    (entry,) = await log(dispatched)
    assert (entry["way"], sorted(entry["caseIds"])) == ("list", sorted([CASE, other]))


async def test_what_nobody_was_shown_nobody_read(dispatched: Board) -> None:
    await dispatched.ask(ONE, STRANGER)
    await dispatched.ask("{ cases { totalCount edges { node { title } } } }", STRANGER)
    await dispatched.ask("{ caseFacets { total } }", DISPATCHER)

    assert await log(dispatched) == []


async def test_the_answer_to_a_command_is_a_reading(dispatched: Board) -> None:
    await dispatched.ask(f'mutation {{ closeOut(caseId: "{CASE}") {{ case {{ state }} }} }}', CLERK)

    assert [entry["way"] for entry in await log(dispatched)] == ["command"]


async def test_what_a_console_is_told_is_a_reading(dispatched: Board) -> None:
    async with dispatched.console(DOCKET, LEADER, {"unit": LEADER.unit}) as console:
        await dispatched.tell(
            intake.WhistleSentBack(case_id=CASE, reason_sealed=await dispatched.seal("补充照片"))
        )
        await console.next()

    assert {entry["way"] for entry in await log(dispatched)} == {"subscription"}


async def test_files_and_sheets_are_readings(dispatched: Board, printer: Printer) -> None:
    await printer.table()
    await printer.get(f"/whistles/{CASE}/sheet.pdf")

    entries = await log(dispatched)
    assert [entry["way"] for entry in entries] == ["sheet", "file"]
    assert all(entry["caseIds"] == [CASE] for entry in entries)


async def test_is_found_by_case_person_unit_and_time(dispatched: Board) -> None:
    await dispatched.ask(ONE, LIAISON)
    await dispatched.ask(ONE, CLERK)
    (last, first) = await log(dispatched)

    assert await log(dispatched, caseId=CASE) == [last, first]
    assert await log(dispatched, caseId=case_number(9)) == []
    assert await log(dispatched, subject=CLERK.subject) == [last]
    assert await log(dispatched, unit=LIAISON.unit) == [first]
    assert await log(dispatched, since=last["at"]) == [last]
    assert await log(dispatched, until=last["at"]) == [first]
    assert await log(dispatched, subject=CLERK.subject, unit=LIAISON.unit) == []


async def test_goes_on_page_by_page(dispatched: Board) -> None:
    for _ in range(3):
        await dispatched.ask(ONE, CLERK)

    page = (await dispatched.ask(LOG, AUDITOR, {"first": 2}))["readLog"]
    rest = (await dispatched.ask(LOG, AUDITOR, {"first": 2, "after": page["pageInfo"]["endCursor"]}))[
        "readLog"
    ]

    assert (len(page["edges"]), page["pageInfo"]["hasNextPage"]) == (2, True)
    assert (len(rest["edges"]), rest["pageInfo"]["hasNextPage"]) == (1, False)


@pytest.mark.parametrize("actor", [CLERK, DISPATCHER, LIAISON, ADMINISTRATOR], ids=lambda actor: actor.role)
async def test_nobody_but_the_auditor_asks(board: Board, actor: Actor) -> None:
    assert (await board.refusal(LOG, actor))["code"] == "not-permitted"


async def test_the_auditor_reads_no_case(dispatched: Board) -> None:
    assert (await dispatched.ask(ONE, AUDITOR))["case"] is None


@pytest.mark.parametrize("after", ["nonsense", "", "bm8=", "LTE=", base64.b64encode(b"9" * 19).decode()])
async def test_refuses_a_cursor_it_never_gave(board: Board, after: str) -> None:
    assert (await board.refusal(LOG, AUDITOR, {"after": after}))["code"] == "bad-cursor"


async def test_refuses_a_page_too_large(board: Board) -> None:
    assert (await board.refusal(LOG, AUDITOR, {"first": 101}))["code"] == "page-too-large"


@pytest.mark.parametrize("change", ["DELETE FROM read_log", "UPDATE read_log SET subject = 'x'"])
async def test_nobody_changes_the_log(dispatched: Board, change: str) -> None:
    await dispatched.ask(ONE, CLERK)

    async with dispatched.engine.connect() as connection:
        with pytest.raises(DBAPIError, match="append-only"):
            await connection.execute(text(change))


async def test_a_case_that_cannot_be_noted_is_not_shown(dispatched: Board) -> None:
    async with dispatched.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE read_log RENAME TO away"))
    try:
        refusal = await dispatched.refusal(ONE, CLERK)
    finally:
        async with dispatched.engine.begin() as connection:
            await connection.execute(text("ALTER TABLE away RENAME TO read_log"))

    assert refusal["code"] == "internal-error"
