"""Whatever shows what is in a case is in the log of reading; what is not stands here with its reason.

Content is what people wrote or are called, and what became of a case. A number, an id or a deadline that
leads to a case is none, nor is a count: docs/readings.md.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from graphql import GraphQLObjectType, GraphQLSchema, get_named_type

from contracts.events import accountability, intake
from gateway.application.commands import ServiceUnreachable
from gateway.application.limits import Limits
from gateway.entrypoints.exports import LISTS
from gateway.entrypoints.graphql.schema import build_schema
from gateway.projections.read_log import WAYS
from tests.component.gateway.board import (
    ADMINISTRATOR,
    CASE,
    CLERK,
    DISPATCHER,
    LIAISON,
    WATER,
    YUANCUN,
    Board,
    ServicesInHand,
    case_number,
)
from tests.component.gateway.conftest import board, dispatched
from tests.component.gateway.test_duties import file as file_dispute
from tests.component.gateway.test_events import published
from tests.component.gateway.test_exports import printing
from tests.component.gateway.test_joining import CHILD, the_child
from tests.component.gateway.test_read_log import AUDITOR
from tests.component.gateway.test_supervision import COUNTY_LEADER, SUPERVISOR
from tests.component.who_may import table
from tests.component.who_may.asking import Document, operation_text, somebody
from tests.component.who_may.test_strangers import a_world, questions

__all__ = ["board", "dispatched"]

NOTED = {
    "case": "case",
    "cases": "list",
    "supervisionOrders": "list",
    "exemptions": "list",
    "sharedResults": "list",
    "instructions": "list",
    "spotChecks": "list",
    "traceBacks": "list",
    "events": "events",
    "caseChanged": "subscription",
    "docketChanged": "subscription",
    "breaches": "subscription",
}
"""Query or subscription → the way it is noted as."""
UNNOTED = {
    "counts, of cases the caller may read anyway": "caseFacets figures",
    "kind, number and deadline of what concerns one's unit; no word of a case": "notices deliveries",
    "who has read which case: ids": "readLog",
    "which deadlines a rule would move: ids of cases, for who may not read them": "policyDryRun"
    " caseRulesDryRun",
    "what the caller has kept or asks with": "savedViews suggestItems calendarFeed channels me limits",
    "public or of units and people, and of no case": "units people enterprises responsibilityItems"
    " responsibilityList responsibilityListDiff policies caseRules calendar",
}
"""Reason → the queries that are in no log."""
NOTED_PAYLOADS = {"CasePayload": "command", "BulkPayload": "command", "SpotCheck": "list"}
"""What a mutation answers that shows a case → how it is noted."""
UNNOTED_PAYLOADS = {
    "UnitPayload": "a unit",
    "EnterprisePayload": "an enterprise",
    "ChannelPayload": "a channel of notices",
    "SavedView": "the caller's own words",
    "CalendarFeed": "an address",
    "Policy": "a rule",
    "CaseRulesVersion": "a rule",
    "FigureTable": "counts",
    "Boolean": "that it is done",
}
LINKS = {
    *("Breach.case", "DuplicateCandidate.case", "MergedWhistle.case", "GridReport.whistle"),
    *("Letter.whistle", "Whistle.origin", "Whistle.mergedInto"),
}
"""Where a case leads to another one, which is noted by itself."""
WRAPPERS = {"CaseEdge.node", "CasePayload.case", "BulkItem.case", "DocketChange.case"}
"""What hands on a case that its query, mutation or subscription has noted."""
NOTED_ROUTES = {
    "GET /whistles/{case_id}/sheet.pdf": "sheet",
    "GET /trace-backs/{case_id}/{number}.json": "file",
    "GET /trace-backs/{case_id}/{number}.pdf": "sheet",
    "GET /cases/{case_id}/attachments/{attachment_id}": "attachment",
    "GET /open311/v2/requests.{format}": "open311",
    "GET /open311/v2/requests/{service_request_id}.{format}": "open311",
    "POST /letters/read-back": "read-back",
}
UNNOTED_ROUTES = {
    "the queries above, each noted by itself": "POST /graphql",
    "names and deadlines of clocks with the number; no word of a case": "GET /calendar/{token}.ics",
    "what was just given, by its number": """POST /open311/v2/requests.{format}
        POST /cases/{case_id}/attachments
        POST /cases/{case_id}/attachments/{attachment_id}/remove
        POST /letters/read-back/appraise""",
    "ids of cases that a projection waits with": """GET /parked
        POST /parked/{case_id}/replay
        POST /projections/cases/rebuild""",
    "of callers, and of no case": """GET /session
        POST /logout
        POST /sessions/revoke
        GET /machine-clients
        POST /machine-clients
        POST /machine-clients/{client_id}/revoke
        GET /identity-records
        GET /login
        GET /callback
        POST /backchannel-logout""",
    "public": """GET /open311/discovery.{format}
        GET /open311/v2/services.{format}
        GET /open311/v2/services/{service_code}.{format}""",
    "of the process": """GET /health/live
        GET /health/ready""",
}
MARKS = ("沟渠", "清淤", "修桥", "报表", "某表", "限期办好", "断桥", "演示·张", "农田积水")
"""Words and names that stand in the cases of this world."""
READERS = (SUPERVISOR, ADMINISTRATOR, AUDITOR, CLERK, LIAISON, COUNTY_LEADER)


async def everything_there_is(board: Board) -> None:
    """The cases of the strangers' world, and an instruction, an exemption and a dispute beside."""
    sealed = await board.seal("限期办好")
    await board.tell(
        *await a_world(board),
        accountability.InstructionGiven(
            case_id=CASE, number=1, unit="county-leadership", to=(WATER,), content_sealed=sealed
        ),
        accountability.GoodFaithExemptionClaimed(
            case_id=CASE,
            clock_id="c0000000-0000-5000-8000-0000000000c1",
            kind="C1",
            unit=WATER,
            ground="force_majeure",
            claimed_by=WATER,
            evidence_sealed=await board.seal("断桥"),
        ),
        accountability.NameCleared(
            case_id=CASE,
            matter_id="c0000000-0000-5000-8000-0000000000c1",
            unit=WATER,
            kind="C1",
            content_sealed=sealed,
        ),
    )
    await file_dispute(board)


@pytest.fixture
def open_board(board: Board) -> Board:
    """A board that takes questions of any size."""
    board.schema = build_schema(production=True, limits=Limits(cost=10**6, depth=20, tokens=10**5))
    board.parts = replace(board.parts, services=Archive())
    return board


class Archive(ServicesInHand):
    """Services that know one event and all clocks, and answer to nothing else."""

    async def read(self, service: str, path: str, *, token: str, params: Mapping[str, str]) -> Any:
        """What was published, and how clocks are reckoned."""
        if path == "/explanations":
            return {each: {"zh": [], "en": [], "intervals": []} for each in params["clocks"].split(",")}
        if path != "/published":
            raise ServiceUnreachable(service)
        return [published(1)]


async def entries(board: Board) -> list[tuple[str, str, tuple[str, ...]]]:
    """The log so far: who, how, which cases; read by nobody."""
    async with board.engine.connect() as connection:
        rows = await connection.exec_driver_sql("SELECT subject, way, case_ids FROM read_log ORDER BY seq")
        return [(row.subject, row.way, tuple(row.case_ids)) for row in rows]


def fields_of(kind: GraphQLObjectType | None) -> Collection[str]:
    assert kind is not None
    return list(kind.fields)


def words_of(groups: Mapping[str, str]) -> list[str]:
    return [each for named in groups.values() for each in named.split()]


def lines_of(groups: Mapping[str, str]) -> list[str]:
    return [each.strip() for named in groups.values() for each in named.splitlines()]


def test_every_query_and_subscription_is_noted_or_stands_with_its_reason(board: Board) -> None:
    schema: GraphQLSchema = board.schema._schema
    known = [*fields_of(schema.query_type), *fields_of(schema.subscription_type)]
    assert sorted(known) == sorted([*NOTED, *words_of(UNNOTED)])
    assert {*NOTED.values(), *NOTED_PAYLOADS.values(), *NOTED_ROUTES.values(), "file"} == set(WAYS)


def test_every_answer_of_a_mutation_does(board: Board) -> None:
    schema: GraphQLSchema = board.schema._schema
    assert schema.mutation_type is not None
    answers = {get_named_type(each.type).name for each in schema.mutation_type.fields.values()}
    assert answers == {*NOTED_PAYLOADS, *UNNOTED_PAYLOADS}


def test_a_case_is_reached_by_what_is_known_here_alone(board: Board) -> None:
    schema: GraphQLSchema = board.schema._schema
    interface: Any = schema.type_map["Case"]
    cases = {"Case", *(each.name for each in schema.get_implementations(interface).objects)}
    roots = {"Query", "Mutation", "Subscription"}
    found = {
        f"{name}.{field}"
        for name, kind in schema.type_map.items()
        if isinstance(kind, GraphQLObjectType) and name not in roots
        for field, each in kind.fields.items()
        if get_named_type(each.type).name in cases
    }
    assert found == LINKS | WRAPPERS


def test_every_route_is_noted_or_stands_with_its_reason() -> None:
    known = [f"{method} {path}" for method, path in Document("gateway").routes()]
    exported = [f"GET /exports/{each.name}.{form}" for each in LISTS for form in ("csv", "xlsx")]
    assert sorted(known) == sorted([*exported, *NOTED_ROUTES, *lines_of(UNNOTED_ROUTES)])


@pytest.mark.parametrize("name", [name for name, way in NOTED.items() if way != "subscription"])
async def test_what_a_query_shows_of_a_case_is_noted(open_board: Board, name: str) -> None:
    await everything_there_is(open_board)
    reader = AUDITOR if name == "events" else SUPERVISOR
    document = next(text for asked, text in questions(open_board.schema._schema) if asked == name)

    told = (await open_board.ask(document, reader))[name]

    assert told  # else this proves nothing
    assert (reader.subject, NOTED[name]) in {
        (who, way) for who, way, ids in await entries(open_board) if CASE in ids
    }


async def test_what_a_query_that_is_not_noted_shows_is_no_content(open_board: Board) -> None:
    await everything_there_is(open_board)
    asked = set()
    for name, document in questions(open_board.schema._schema):
        if name not in words_of(UNNOTED):
            continue
        asked.add(name)
        for reader in READERS:
            result = await open_board._run(document, reader, None)
            told = json.dumps(result.data, ensure_ascii=False, default=str)
            assert not said_in(told), (name, reader.role, said_in(told))
    assert asked == set(words_of(UNNOTED))
    assert await entries(open_board) == []


def said_in(told: str) -> list[str]:
    """The marks that stand in an answer, but for names of the readers themselves."""
    own = {each.name for each in READERS}
    return [mark for mark in MARKS if mark in told and mark not in own]


def mutations(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """(mutation, how it is noted) of those that show a case."""
    assert schema.mutation_type is not None
    for name, described in schema.mutation_type.fields.items():
        way = NOTED_PAYLOADS.get(get_named_type(described.type).name)
        if way is not None:
            yield name, way


async def test_the_answer_to_every_command_on_a_case_is_noted(board: Board) -> None:
    await everything_there_is(board)
    known = {"caseId": f'"{CASE}"', "unit": f'"{WATER}"', "period": '"2026-05"', "drawSpotChecks.seed": "1"}
    wrong = []
    for name, way in mutations(board.schema._schema):
        (role, *_) = sorted(table.of_graphql()[name].roles, key=_who_sees_it)
        before = len(await entries(board))
        result = await board._run(
            operation_text(board.schema._schema, "mutation", name, known), somebody(role), None
        )
        noted = [(each, CASE in ids) for _, each, ids in (await entries(board))[before:]]
        if result.errors or (way, True) not in noted:
            wrong.append((name, role, result.errors, noted))
    assert not wrong, "\n".join(map(str, wrong))


def _who_sees_it(role: str) -> int:
    """Residents and grid workers see nothing but what they wrote."""
    return int(role in ("resident", "grid_worker"))


@pytest.mark.parametrize("name", [name for name, way in NOTED.items() if way == "subscription"])
async def test_what_a_subscription_tells_of_a_case_is_noted(board: Board, name: str) -> None:
    document = operation_text(board.schema._schema, "subscription", name, {"unit": f'"{WATER}"'})
    async with AsyncExitStack() as stack:
        console = await stack.enter_async_context(board.console(document, LIAISON))
        await everything_there_is(board)
        assert await console.next()

    assert (LIAISON.subject, "subscription", (CASE,)) in await entries(board)


async def test_a_file_of_cases_is_noted_and_no_other_shows_content(open_board: Board) -> None:
    await everything_there_is(open_board)
    needed = {"events": {"service": "intake"}, "deliveries": {"channel": str(uuid4())}}
    readers = {"events": AUDITOR, "read-log": AUDITOR, "identity-records": AUDITOR}
    wrong = []
    async with printing(open_board) as printer:
        for listed in LISTS:
            before = await entries(open_board)
            reader = readers.get(listed.name, SUPERVISOR)
            answer = await printer.get(f"/exports/{listed.name}.csv", reader, **needed.get(listed.name, {}))
            new = (await entries(open_board))[len(before) :]
            if listed.query in NOTED:
                if not any(way == "file" and CASE in ids for _, way, ids in new):
                    wrong.append(f"{listed.name} as {reader.role}: {answer.status_code}, noted {new}")
            elif said := said_in(answer.text):
                wrong.append(f"{listed.name} as {reader.role} says {said}")
    assert not wrong, "\n".join(wrong)


async def test_likely_duplicates_are_read_too(dispatched: Board) -> None:
    await the_child(dispatched, village=f"{YUANCUN}201")
    asked = f"""{{ case(caseId: "{CASE}") {{ ... on Whistle {{
        duplicateCandidates(likeness: 0.2, withinDays: 14) {{ words }} }} }} }}"""

    (found,) = (await dispatched.ask(asked, DISPATCHER))["case"]["duplicateCandidates"]

    assert found["words"]
    assert (DISPATCHER.subject, "list", (CHILD,)) in await entries(dispatched)


async def test_a_case_that_another_leads_to_is_noted_by_itself(board: Board) -> None:
    await everything_there_is(board)
    letter = case_number(7)
    await board.tell(intake.LetterPromoted(case_id=letter, whistle=CASE))
    asked = f'{{ case(caseId: "{letter}") {{ ... on Letter {{ whistle {{ text }} }} }} }}'

    assert (await board.ask(asked, SUPERVISOR))["case"]["whistle"]["text"]

    assert [each[1:] for each in await entries(board)] == [("case", (letter,)), ("case", (CASE,))]
