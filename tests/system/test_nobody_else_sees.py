"""Nobody else sees: another unit's case is no case at all, and what people wrote lies sealed everywhere."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest

from backbone.testing import eventually
from tests.system.county import (
    ADMINISTRATOR,
    BYSTANDER,
    CASE,
    CLERK,
    COUNTY_LEADER,
    DESK,
    ESTABLISHMENT,
    FIELDS,
    LEADER,
    OTHER_CLERK,
    OTHER_LEADER,
    POWER,
    RESCUE,
    ROADS,
    SECRET_NAME,
    SECRET_PHONE,
    SECRET_TEXT,
    SUPERVISOR,
    WATER,
    YUANCUN,
    ZHANGGUOTUN,
    County,
    Person,
    Refused,
    arrival,
    blocked_ditch,
    burnt_well,
    liaison,
    whistle,
)
from tests.system.launched import Launched

STRANGERS = (
    OTHER_CLERK,
    OTHER_LEADER,
    liaison(BYSTANDER),
    Person("duty_officer", BYSTANDER),
    Person("department_leader", BYSTANDER),
    Person("grid_worker", YUANCUN),
    Person("resident", YUANCUN),
    ESTABLISHMENT,
    Person("discipline", "discipline-inspection"),
    Person("auditor", "county-leadership"),
)
LISTED = """query ($filter: CaseFilterInput) {
    cases(filter: $filter) { totalCount edges { node { caseId } } pageInfo { hasNextPage startCursor } }
}"""
BY_ID = "query ($caseId: ID!) { case(caseId: $caseId) { caseId } }"
BY_NUMBER = "query ($number: String!) { case(number: $number) { caseId } }"


async def sees(county: County, person: Person, case_id: str) -> bool:
    """Whether a person finds a case by its id."""
    return (await county.ask(person, BY_ID, caseId=case_id))["case"] is not None


async def code_of(attempt: Awaitable[object]) -> tuple[str, str]:
    """(code, message) with which something is refused."""
    with pytest.raises(Refused) as refused:
        await attempt
    return refused.value.code, str(refused.value)


async def test_hides_a_case_from_all_who_have_no_part_in_it(county: County) -> None:
    await county.clocks.ordinary_morning()
    case = await county.handled(blocked_ditch())
    case_id, number = case["caseId"], case["number"]
    for person in (CLERK, LEADER, liaison(WATER), liaison(ROADS), DESK, SUPERVISOR, COUNTY_LEADER):
        assert await sees(county, person, case_id), person
    for person in STRANGERS:
        assert not await sees(county, person, case_id), person
        assert (await county.ask(person, BY_NUMBER, number=number))["case"] is None
        for wanted in ({"number": number}, {"unit": WATER}, {"text": SECRET_TEXT}, {"unit": YUANCUN}):
            found = (await county.ask(person, LISTED, filter=wanted))["cases"]
            assert found["edges"] == [] or case_id not in json.dumps(found)
            assert found["totalCount"] == len(found["edges"])
        told = (await county.ask(person, "{ notices(first: 100) { caseId } }"))["notices"]
        assert case_id not in [each["caseId"] for each in told]
    empty = {"edges": [], "totalCount": 0, "pageInfo": {"hasNextPage": False, "startCursor": None}}
    assert (await county.ask(OTHER_CLERK, LISTED, filter={"number": number}))["cases"] == empty


async def test_answers_commands_on_anothers_case_like_commands_on_none(county: County) -> None:
    await county.clocks.ordinary_morning()
    case = await county.concluded()
    case_id, none = case["caseId"], str(uuid4())
    attempts: dict[str, Callable[[str], Awaitable[object]]] = {
        "close": lambda it: county.do(OTHER_CLERK, "closeOut", caseId=it),
        "rework": lambda it: county.do(OTHER_LEADER, "reworkWhistle", caseId=it, reason=SECRET_TEXT),
        "sign": lambda it: county.do(OTHER_LEADER, "signWhistle", caseId=it),
        "arrive": lambda it: county.do(liaison(BYSTANDER), "reportIn", caseId=it, **arrival()),
        "arrive for": lambda it: county.do(
            liaison(BYSTANDER), "reportIn", caseId=it, unit=POWER, **arrival()
        ),
        "feed back": lambda it: county.do(liaison(BYSTANDER), "giveFeedback", caseId=it, content="x"),
        "conclude": lambda it: county.do(liaison(BYSTANDER), "conclude", caseId=it, sentence="x"),
    }
    for name, attempt in attempts.items():
        told = await code_of(attempt(case_id))
        assert told == await code_of(attempt(none)), name
        assert told[0] == "unknown-case", name
    body = {"content": SECRET_TEXT}
    direct = county.system.urls["routing"] + "/dispatches/{}/assignments/" + f"{BYSTANDER}/give-feedback"
    answers = []
    for each in (case_id, none):
        headers = county.bearer(liaison(BYSTANDER)) | {"Idempotency-Key": str(uuid4())}
        answer = await county.http.post(direct.format(each), json=body, headers=headers)
        answers.append((answer.status_code, answer.json()["code"], answer.json()["params"]))
    assert answers[0] == answers[1]
    assert answers[0][:2] == (404, "unknown-case")
    assert (await county.case(case_id))["state"] == "AWAITING_CONFIRMATION"


async def test_keeps_a_draft_in_its_township(county: County) -> None:
    await county.clocks.ordinary_morning()
    case_id = (await county.do(CLERK, "draftWhistle", whistle=burnt_well()))["caseId"]
    for person in (CLERK, LEADER):
        assert await sees(county, person, case_id)
    for person in (*STRANGERS, DESK, SUPERVISOR, COUNTY_LEADER, liaison(POWER)):
        assert not await sees(county, person, case_id), person


async def test_shows_a_case_to_a_department_while_it_has_a_part_in_it(county: County) -> None:
    await county.clocks.ordinary_morning()
    case_id = (await county.do(CLERK, "raiseWhistle", whistle=blocked_ditch()))["caseId"]
    for unit in (WATER, FIELDS, ROADS):
        assert not await sees(county, liaison(unit), case_id)  # proposed is not dispatched

    await county.do(LEADER, "signWhistle", caseId=case_id)
    await county.settled(case_id, "DISPATCHED")
    assert await sees(county, liaison(WATER), case_id)
    assert not await sees(county, liaison(RESCUE), case_id)

    correction = {"lead": RESCUE, "assists": [{"unit": FIELDS}], "legalBasis": "测试"}
    await county.do(DESK, "correctDispatch", caseId=case_id, **correction)
    assert await sees(county, liaison(RESCUE), case_id)
    assert await sees(county, liaison(FIELDS), case_id)
    for unit in (WATER, ROADS):
        assert not await sees(county, liaison(unit), case_id)


async def test_shows_a_letter_to_its_writer_and_the_office_alone(county: County) -> None:
    await county.clocks.ordinary_morning()
    words = {"title": f"{SECRET_TEXT}表格", "text": f"{SECRET_TEXT}一周填三遍"}
    case_id = (await county.do(CLERK, "submitLetter", **words))["caseId"]
    for person in (CLERK, DESK, SUPERVISOR, COUNTY_LEADER):
        assert await sees(county, person, case_id), person
    colleague = Person("township_clerk", YUANCUN, number=2)
    for person in (*STRANGERS, colleague, LEADER, liaison(WATER)):
        assert not await sees(county, person, case_id), person


async def test_tells_no_console_of_anothers_case(county: County) -> None:
    await county.clocks.ordinary_morning()

    async def of_theirs() -> None:
        words = whistle(("别处的事", None), departments=[BYSTANDER], township=ZHANGGUOTUN)
        theirs = (await county.do(OTHER_LEADER, "raiseWhistle", whistle=words))["caseId"]
        await county.noted("routing", theirs, "dispatch-issued")

    async with (
        county.console(OTHER_CLERK, of_theirs) as clerk_told,
        county.console(liaison(BYSTANDER), of_theirs) as department_told,
    ):
        case = await county.concluded()
        seen = len(clerk_told), len(department_told)
        await of_theirs()
        # What is told in order has told the secret before this, if it does.
        await eventually(lambda: len(clerk_told) > seen[0] and len(department_told) > seen[1], 30.0)
        assert case["caseId"] not in {each["caseId"] for each in (*clerk_told, *department_told)}


@pytest.mark.parametrize("bearer", [None, "", "Bearer", "Bearer nonsense", "Basic YTpi"])
async def test_lets_nobody_in_without_a_token(county: County, bearer: str | None) -> None:
    headers = {} if bearer is None else {"Authorization": bearer}
    asked = [("gateway", "/graphql"), ("intake", "/whistles"), ("routing", f"/dispatches/{uuid4()}/confirm")]
    for service, path in (*asked, ("accountability", "/clocks/tally"), ("intake", "/keys")):
        answer = await county.http.post(county.system.urls[service] + path, json={}, headers=headers)
        assert answer.status_code == 401, (service, path)
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["status"] == 401
        assert problem["code"] in ("token-missing", "token-invalid")
        assert problem["title"] != problem["title_en"]


async def test_tells_a_console_without_a_token_nothing(county: County) -> None:
    async with county.socket({}) as socket:
        query = f"subscription {{ caseChanged {{ ...case }} }}{CASE}"
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": query}}))
        while (received := json.loads(await socket.recv()))["type"] == "ping":
            continue
    assert "data" not in json.dumps(received.get("payload")) or "caseId" not in json.dumps(received)
    assert "token-missing" in json.dumps(received)


async def test_refuses_what_a_role_may_not_do(county: County) -> None:
    await county.clocks.ordinary_morning()
    case = await county.concluded()
    case_id = case["caseId"]
    attempts = (
        county.do(CLERK, "signWhistle", caseId=case_id),
        county.do(CLERK, "reworkWhistle", caseId=case_id, reason=SECRET_TEXT),
        county.do(DESK, "closeOut", caseId=case_id),
        county.do(ESTABLISHMENT, "closeOut", caseId=case_id),
        county.do(liaison(WATER), "confirmDispatch", caseId=case_id, legalBasis="x"),
        county.do(COUNTY_LEADER, "reportIn", caseId=case_id, **arrival()),
        county.do(CLERK, "respondToLetter", caseId=case_id, content=SECRET_TEXT),
        county.do(liaison(WATER), "raiseWhistle", whistle=burnt_well()),
        county.ask(ADMINISTRATOR, BY_ID, caseId=case_id),
    )
    for attempt in attempts:
        assert (await code_of(attempt))[0] == "not-permitted"
    tokens = county.bearer(DESK) | {"Idempotency-Key": str(uuid4())}
    url = f"{county.system.urls['intake']}/whistles/{case_id}/close-out"
    answer = await county.http.post(url, json={}, headers=tokens)
    assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")
    for service in ("intake", "routing", "accountability"):
        answer = await county.http.get(
            county.system.urls[service] + "/published", headers=county.bearer(DESK)
        )
        assert answer.status_code == 403


async def test_keeps_sealed_what_people_wrote(county: County, county_launcher: Launched) -> None:
    await county.clocks.ordinary_morning()
    case = await county.concluded(blocked_ditch())
    case_id = case["caseId"]
    await county.do(LEADER, "reworkWhistle", caseId=case_id, reason=f"{SECRET_TEXT}没修好")
    await county.settled(case_id, "HANDLING")
    await county.do(liaison(WATER), "conclude", caseId=case_id, sentence=f"{SECRET_TEXT}又修好")
    await county.settled(case_id, "AWAITING_CONFIRMATION")
    await county.do(CLERK, "closeOut", caseId=case_id, comment=f"{SECRET_TEXT}可以")
    await county.settled(case_id, "CLOSED")
    letter = {"title": f"{SECRET_TEXT}表格", "text": f"{SECRET_TEXT}三遍"}
    letter_id = (await county.do(CLERK, "submitLetter", **letter))["caseId"]
    await county.do(SUPERVISOR, "respondToLetter", caseId=letter_id, content=f"{SECRET_TEXT}答复")
    # Also what was refused, and what no service understood.
    await code_of(county.do(LEADER, "reworkWhistle", caseId=case_id, reason=f"{SECRET_TEXT}再来"))
    await broken_requests(county)

    shown = json.dumps(await county.case(case_id), ensure_ascii=False)
    for word in (SECRET_NAME, SECRET_TEXT, SECRET_PHONE):
        assert word in shown  # those who may, read it in plain words

    logs = ("intake", "routing", "accountability")
    for schema in logs:
        for table in await text_columns(county, schema):
            assert await holding(county, schema, table) == 0, f"{schema}.{table} holds plain words"
    assert await holding(county, "gateway", "parked.error") == 0
    assert await holding(county, "intake", "published.data", ("sealed:v1:",)) > 0
    assert await holding(county, "intake", "command_log.answer", (case_id,)) > 0

    stored = county_launcher.data.nats
    assert written(stored, ("whistle-signed",)), "JetStream's files are not where they are looked for"
    assert written(stored, forms()) == []
    assert written(county_launcher.data.logs, ("/graphql",)), "the logs are not where they are looked for"
    assert written(county_launcher.data.logs, forms()) == []


async def broken_requests(county: County) -> None:
    """Requests with secrets in them that fail in every way a request can fail."""
    words = {**burnt_well(), "kind": SECRET_TEXT}
    answer = await county.answer(
        CLERK,
        "mutation ($whistle: WhistleInput!) { raiseWhistle(whistle: $whistle) { caseId } }",
        whistle=words,
    )
    assert answer["errors"]
    intake = f"{county.system.urls['intake']}/whistles"
    headers = county.bearer(CLERK) | {"Idempotency-Key": str(uuid4())}
    for body in ({"text": SECRET_TEXT, SECRET_NAME: SECRET_PHONE}, {"text": [SECRET_TEXT]}, SECRET_TEXT):
        answered = await county.http.post(intake, json=body, headers=headers)
        assert answered.status_code == 422
    answered = await county.http.post(intake, content=f'{{"text": "{SECRET_TEXT}'.encode(), headers=headers)
    assert answered.is_client_error
    answered = await county.http.get(f"{intake}/{SECRET_TEXT}?name={SECRET_NAME}", headers=headers)
    assert answered.is_client_error
    with pytest.raises(httpx.HTTPStatusError):
        (await county.http.post(f"{intake}/{SECRET_TEXT}/sign", json={}, headers=headers)).raise_for_status()


async def text_columns(county: County, schema: str) -> list[str]:
    """`table.column` of everything in a schema that can hold words."""
    found = await county.rows(
        "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = $1"
        " AND data_type IN ('text', 'bytea', 'jsonb', 'json', 'character varying', 'ARRAY', 'uuid')",
        schema,
    )
    columns = [str(row[0]) for row in found]
    assert {"event.data", "event.meta", "published.data", "command_log.answer"} <= set(columns)
    return columns


async def holding(county: County, schema: str, column: str, words: tuple[str, ...] = ()) -> int:
    """How many rows hold one of the words (the secret ones in all their forms unless named)."""
    table, name = column.split(".")
    [[found]] = await county.rows(
        f"SELECT count(*) FROM {schema}.{table} t WHERE EXISTS"
        f' (SELECT FROM unnest($1::text[]) word WHERE position(word IN t."{name}"::text) > 0)',
        words or forms(),
    )
    return int(found)


def forms() -> tuple[str, ...]:
    """The words that must not be found: as they are, and as JSON, URLs and bytes write them."""
    words = SECRET_NAME, SECRET_TEXT, SECRET_PHONE
    escaped = (json.dumps(word).strip('"') for word in words)
    return tuple(
        dict.fromkeys((*words, *escaped, *map(quote, words), *(word.encode().hex() for word in words)))
    )


def written(folder: Path, words: tuple[str, ...]) -> list[str]:
    """Files below a folder that hold one of the words."""
    return [
        str(path)
        for path in folder.rglob("*")
        if path.is_file() and any(word.encode() in path.read_bytes() for word in words)
    ]
