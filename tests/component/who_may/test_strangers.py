"""A case of others changes no answer: what strangers are told is the same with it and without it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import httpx
import openpyxl
import pytest
from fastapi import FastAPI
from graphql import GraphQLField, GraphQLSchema, get_named_type, is_leaf_type, is_required_argument

from backbone.identity import Actor
from backbone.web import current_actor, service_app
from contracts.catalogue import sentence
from contracts.events import Published, accountability, intake, routing
from gateway.application.limits import Limits
from gateway.domain.visibility import Viewer
from gateway.entrypoints.calendar_feed import ics
from gateway.entrypoints.exports import LISTS, exports_router
from gateway.entrypoints.graphql.schema import build_schema
from gateway.projections.outward_queries import running_deadlines
from tests.component.gateway.board import (
    CASE,
    CLERK,
    DISPATCHER,
    LIAISON,
    MORNING,
    TRANSPORT,
    WATER,
    YUANCUN,
    Board,
    assigned,
    case_number,
    issued,
    whistle,
)
from tests.component.gateway.conftest import board
from tests.component.gateway.test_case import started
from tests.component.gateway.test_supervision import MATTER, NOON, RED, WHO
from tests.component.who_may.asking import operation_text
from tests.component.who_may.test_graphql import ServicesAway

__all__ = ["board"]

HANZHANG, POWER = "410923101", "power-supply"
LETTER, REPORT = case_number(7), case_number(8)
STRANGERS = (
    Actor("clerk-e", "演示·甲", "township_clerk", HANZHANG),
    Actor("leader-e", "演示·乙", "township_leader", HANZHANG),
    Actor("liaison-e", "演示·丙", "department_liaison", POWER),
    Actor("duty-e", "演示·丁", "duty_officer", POWER),
    Actor("head-e", "演示·戊", "department_leader", POWER),
    Actor("resident-e", "演示·己", "resident", YUANCUN),
    Actor("editor-e", "演示·庚", "establishment_office", "establishment-office"),
    Actor("discipline-e", "演示·辛", "discipline", "discipline-inspection"),
    Actor("auditor-e", "演示·壬", "auditor", "audit-bureau"),
    Actor("administrator-e", "演示·癸", "administrator", "burden-reduction-office"),
)
"""Nobody of them has a part in anything here; the resident only lives there."""
ENTITLED = {
    ("discipline", "traceBacks"): "what was released to it, whoever's case it is",
    ("auditor", "readLog"): "who has read which case",
}
KNOWN = {
    "caseId": f'"{CASE}"',
    "unit": f'"{WATER}"',
    "code": f'"{WATER}"',
    "clock": '"C3"',
    "proposePolicy.document": '{clock: "C3"}',
    "case.number": "null",
    "readLog.filter": "{}",
}
UNNAMED = {name: value for name, value in KNOWN.items() if "." in name}
FILTERS = (
    "{}",
    f'{{unit: "{WATER}"}}',
    f'{{unit: "{YUANCUN}", clockState: BREACHED}}',
    '{text: "沟渠"}',
    '{text: "报表", clockState: null}',
    '{number: "NL-2026-000001"}',
)


async def a_world(board: Board) -> list[Published]:
    """A whistle with clocks, orders, an exemption, a check and a trace-back; a letter; a grid report."""
    content = await whistle(board)
    sealed = await board.seal("沟渠堵塞")
    due = MORNING + timedelta(hours=2)
    person = await board.seal("演示·张", f"person/{CLERK.subject}")
    return [
        intake.WhistleRaised(**content, emergency=False),
        intake.WhistleSigned(**content, emergency=False, signed_by_sealed=person),
        issued(),
        started(),
        started("C1").model_copy(update={"due": due, "earliest": due, "latest": due, "clock_id": MATTER}),
        accountability.ClockBreached(case_id=CASE, clock_id=MATTER, unit=WATER, kind="C1", breached_at=due),
        RED,
        accountability.UnitHeard(**WHO, at=NOON, speaker_sealed=sealed, words_sealed=sealed),
        accountability.OrderIssued(**WHO, color="RED", authority="office", by_ladder=False, at=NOON),
        accountability.NameCleared(**WHO, content_sealed=sealed),
        accountability.TraceBackReleased(
            case_id=CASE,
            number=1,
            digest=sha256(b"{}").hexdigest(),
            by="supervisor-a",
            reason_sealed=sealed,
            document_sealed=await board.seal("{}"),
        ),
        accountability.SpotCheckDrawn(
            case_id=CASE, check_id="check-1", period="2026-05", cycle=1, stratum="a/b", weight=3
        ),
        accountability.SpotCheckAssigned(case_id=CASE, check_id="check-1", checker="checker", unit=TRANSPORT),
        intake.LetterSubmitted(
            case_id=LETTER,
            channel="express",
            number="NL-XJ-2026-000001",
            anonymous=False,
            title_sealed=await board.seal("报表太多", f"case/{LETTER}"),
            text_sealed=await board.seal("每周重复填报", f"case/{LETTER}"),
            writer_sealed=person,
            township=YUANCUN,
        ),
        intake.LetterReleased(
            case_id=LETTER, unit=WATER, words_sealed=await board.seal("某表重复", f"case/{LETTER}")
        ),
        intake.LetterHandedOver(case_id=LETTER, unit=WATER),
        routing.DepartmentReportedIn(
            case_id=CASE,
            assignment_id=assigned(WATER).assignment_id,
            unit=WATER,
            part="lead",
            mode="on_site",
            handler_sealed=sealed,
            phone_sealed=sealed,
        ),
    ]


def questions(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """(field, document): every query with all it can tell, of the case and of everything there is."""
    assert schema.query_type is not None
    for name, described in schema.query_type.fields.items():
        told = everything(described)
        names_something = any(each in KNOWN for each in described.args)
        for known in (KNOWN, UNNAMED)[: 1 + names_something]:
            document = operation_text(schema, "query", name, known)
            yield name, document.partition(name)[0] + with_selection(document.partition(name)[2], name, told)
    for condition in FILTERS:
        yield (
            "cases",
            f"{{ cases(filter: {condition}) {{ totalCount pageInfo {{ hasNextPage hasPreviousPage startCursor"
            " endCursor } edges { cursor node { caseId title } highlights { field before match after } } } }",
        )
        told = everything(schema.query_type.fields["caseFacets"])
        yield "caseFacets", f"{{ caseFacets(filter: {condition}) {told} }}"
    yield "case", '{ case(number: "NL-2026-000001") { caseId } }'


def with_selection(rest: str, name: str, told: str) -> str:
    """The end of a document with another selection than one leaf."""
    arguments = rest[: rest.index(")") + 1] if rest.lstrip().startswith("(") else ""
    return f"{name}{arguments} {told} }}"


def everything(field: GraphQLField, depth: int = 4) -> str:
    """All leaves of what a field tells, and of what is below it."""
    named = get_named_type(field.type)
    if is_leaf_type(named):
        return ""
    chosen = []
    for name, each in getattr(named, "fields", {}).items():
        if any(map(is_required_argument, each.args.values())):
            continue
        if is_leaf_type(get_named_type(each.type)):
            chosen.append(name)
        elif depth and name not in ("successor", "unit", "township"):
            below = everything(each, depth - 1)
            chosen += [f"{name} {below}"] if below else []
    return "{ " + " ".join(chosen) + " }" if chosen else ""


async def answers(board: Board) -> dict[tuple[str, str, str], Any]:
    """What every stranger is told on every question, and in files and feeds."""
    found: dict[tuple[str, str, str], Any] = {}
    for stranger in STRANGERS:
        for name, document in questions(board.schema._schema):
            if (stranger.role, name) in ENTITLED:
                continue
            result = await board._run(document, stranger, None)
            errors = [(each.message, each.extensions, each.path) for each in result.errors or ()]
            assert not any(code_of(each) in ("invalid-request", "internal-error") for _, each, _ in errors), (
                document,
                errors,
            )
            found[stranger.role, name, document] = (result.data, errors)
        found[stranger.role, "feed", ""] = await feed(board, stranger)
        async for path, told in files(board, stranger):
            found[stranger.role, "file", path] = told
    return found


def code_of(extensions: Any) -> str:
    return str((extensions or {}).get("code"))


async def feed(board: Board, stranger: Actor) -> bytes:
    """What would stand in their calendar."""
    viewer = Viewer(stranger.subject, stranger.role, stranger.unit)
    async with board.view.connect() as connection:
        return ics(await running_deadlines(connection, viewer), "http://gateway")


async def files(board: Board, stranger: Actor) -> AsyncIterator[tuple[str, Any]]:
    """(path, answer) of lists as files, and of the printed sheet."""
    app: FastAPI = service_app(
        "gateway",
        store=None,
        verifier=board.parts.verifier,
        sentence=sentence,
        secret=b"0" * 32,
        routers=[exports_router(board.parts)],
    )
    app.dependency_overrides[current_actor] = lambda: stranger
    narrowed = (f"/exports/cases.csv?unit={WATER}", "/exports/cases.csv?text=沟渠")
    lists = [
        f"/exports/{each.name}.csv"
        for each in LISTS
        if (stranger.role, each.query) not in ENTITLED and not each.query.startswith("/")
    ]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        for path in (*lists, *narrowed, f"/whistles/{CASE}/sheet.pdf", "/exports/cases.xlsx"):
            answer = await client.get(path)
            told: Any = answer.content
            if "json" in answer.headers["content-type"]:
                told = {name: each for name, each in answer.json().items() if name != "trace"}
            elif path.endswith("xlsx"):
                told = list(openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0].values)
            yield path, (answer.status_code, told)


async def test_a_case_of_others_changes_no_answer(board: Board) -> None:
    board.schema = build_schema(production=True, limits=Limits(cost=10**6, depth=20, tokens=10**5))
    board.parts = replace(board.parts, services=ServicesAway())
    without = await answers(board)

    await board.tell(*await a_world(board))

    assert (await board.ask("{ cases { totalCount } }", DISPATCHER))["cases"]["totalCount"] == 2
    assert (await board.ask("{ cases { totalCount } }", CLERK))["cases"]["totalCount"] == 2
    with_it = await answers(board)
    wrong = [
        f"{role}: {name} {asked[:200]}\n  {without[role, name, asked]}\n  {told}"
        for (role, name, asked), told in with_it.items()
        if told != without[role, name, asked]
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("subscription", ["caseChanged", "docketChanged", "breaches"])
async def test_strangers_hear_nothing_of_it(board: Board, subscription: str) -> None:
    document = operation_text(board.schema._schema, "subscription", subscription, {"unit": f'"{WATER}"'})
    listeners = [each for each in STRANGERS if each.role != "administrator"]
    async with AsyncExitStack() as stack:
        consoles = [await stack.enter_async_context(board.console(document, each)) for each in listeners]
        own = await stack.enter_async_context(board.console(document, LIAISON))
        await board.tell(*await a_world(board))
        assert await own.next()
        for stranger, console in zip(listeners, consoles, strict=True):
            assert await console.silent(), stranger
