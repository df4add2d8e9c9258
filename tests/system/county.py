"""A small county on a running system: its people, what they ask over GraphQL, and its four clocks in step."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, Self
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import asyncpg
import chinese_calendar  # type: ignore[import-untyped]  # the package has no types
import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from backbone.testing import eventually
from chuishao.data_folder import DataFolder
from chuishao.database import create_database, create_roles, login, migrate
from chuishao.environment import DATABASE, OWNER, SERVICES, role_of
from chuishao.launcher import DEPLOY_FOLDER
from chuishao.servers import PostgresServer
from chuishao.system import System

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
BEGINNING: Final = datetime(2021, 3, 1, 9, 0, tzinfo=SHANGHAI)
"""A working Monday: where the clocks of a county under test begin, with room before the last decreed year."""
DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
SECOND: Final = timedelta(seconds=1)
WAIT_SECONDS: Final = 90.0
"""Longest wait for what takes a second on an idle machine."""
_KEYS: Final = UUID("6e0c3a52-0b1f-5a60-9d0e-5f4a7f3d2c19")

YUANCUN, ZHANGGUOTUN = "410923102", "410923104"
VILLAGE = {YUANCUN: "410923102201", ZHANGGUOTUN: "410923104221"}
OFFICE = "burden-reduction-office"
WATER, FIELDS, ROADS = "water-resources", "agriculture-rural", "transport"
POWER, RESCUE, POLICE, BYSTANDER = (
    "power-supply",
    "emergency-management",
    "public-security",
    "ecology-environment",
)
WELL, DITCH, CROPS, BANGS = "NL-01", "NL-02", "NL-03", "NL-04"
"""Items: wells are power's alone, ditches water's with roads, crops the fields', bangs rescue's."""

SECRET_NAME, SECRET_TEXT, SECRET_PHONE = "麦穗", "芦苇荡", "0393-7654321"
"""Stand in every name, every free text and as every telephone number: where these are, something leaked."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with one role in one unit."""

    role: str
    unit: str
    number: int = 1

    @property
    def subject(self) -> str:
        """Who the token is for."""
        return f"{self.role}-{self.number}-{self.unit}"

    @property
    def name(self) -> str:
        """A name that is nobody else's."""
        return f"{SECRET_NAME}{self.role}{self.number}"


CLERK = Person("township_clerk", YUANCUN)
LEADER = Person("township_leader", YUANCUN)
OTHER_CLERK = Person("township_clerk", ZHANGGUOTUN)
OTHER_LEADER = Person("township_leader", ZHANGGUOTUN)
DESK = Person("office_dispatcher", OFFICE)
SUPERVISOR = Person("office_supervisor", OFFICE)
COUNTY_LEADER = Person("county_leader", "county-leadership")
ADMINISTRATOR = Person("administrator", OFFICE)
ESTABLISHMENT = Person("establishment_office", "establishment-office")


def liaison(unit: str) -> Person:
    """The one who reports in for a department."""
    return Person("department_liaison", unit)


class Refused(Exception):
    """GraphQL answered with a coded error."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(error["message"])
        self.code = str(error["extensions"]["code"])
        self.error = error


Case = dict[str, Any]
CASE: Final = """
fragment case on Case {
  caseId type number state title text createdAt updatedAt closedAt settling
  clocks {
    clockId kind cycle state outcome provisional startedAt originalDue due earliest latest pausedAt endedAt
    breachedAt waitingFor unitCode remainingSeconds
  }
  timeline { service seq type at recordedAt unitCode text title }
  ... on Whistle {
    village kind ground emergency provisional cycle raisedBy signedBy dispatchReason dispatchAt appraised
    issues { issueId text itemCode result resultDetails verdict }
    assignments {
      assignmentId unitCode part state provisional cycle issueIds handler phone sentence rating issuedAt
      reportedInAt firstFeedbackAt concludedAt
    }
  }
  ... on Letter { channel anonymous writer answer }
}
"""
_ARGUMENTS: Final = {
    "caseId": "ID!",
    "whistle": "WhistleInput!",
    "dispatch": "DispatchWhen!",
    "verdicts": "[VerdictInput!]",
    "ratings": "[RatingInput!]",
    "comment": "String",
    "reason": "String!",
    "legalBasis": "String!",
    "lead": "String!",
    "assists": "[AssignmentInput!]",
    "handler": "String!",
    "phone": "String!",
    "mode": "Mode!",
    "firstStep": "String",
    "unit": "String",
    "content": "String!",
    "final": "Boolean!",
    "sentence": "String!",
    "results": "[IssueResultInput!]",
    "title": "String!",
    "text": "String!",
    "anonymous": "Boolean!",
    "idempotencyKey": "UUID",
}


def mutation(verb: str, arguments: Mapping[str, object]) -> str:
    """The document of one command that answers with the whole case."""
    declared = ", ".join(f"${name}: {_ARGUMENTS[name]}" for name in arguments)
    passed = ", ".join(f"{name}: ${name}" for name in arguments)
    return f"mutation ({declared}) {{ {verb}({passed}) {{ caseId stale case {{ ...case }} }} }}{CASE}"


def whistle(
    *issues: tuple[str, str | None],
    departments: Sequence[str],
    township: str = YUANCUN,
    kind: str = "PUBLIC_APPEAL",
) -> dict[str, Any]:
    """A whistle's input; an issue is its words and the item the clerk accepted."""
    return {
        "kind": kind,
        "ground": "CROSS_DEPARTMENT",
        "village": VILLAGE[township],
        "text": f"{SECRET_TEXT}边,{issues[0][0]}",
        "issues": [{"text": f"{SECRET_TEXT}:{text}", "itemCode": item} for text, item in issues],
        "departments": list(departments),
    }


def burnt_well() -> dict[str, Any]:
    """A simple matter: one issue of one owner, so its dispatch is final."""
    return whistle(("浇麦机井变压器烧毁", WELL), departments=[POWER])


def blocked_ditch() -> dict[str, Any]:
    """A matter of two owners, so its dispatch is provisional: water leads, fields and roads assist."""
    return whistle(
        ("排水沟堵塞", DITCH), ("农田积水", CROPS), ("沟边又堵", DITCH), departments=[WATER, FIELDS, ROADS]
    )


def arrival() -> dict[str, str]:
    """What a department says when it reports in."""
    return {"handler": f"{SECRET_NAME}经手", "phone": SECRET_PHONE}


class County:
    """The people of a running system's county at work; open it in the loop that uses it."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.calls = 0
        """Requests sent to GraphQL."""
        self.clocks = Clocks(system.owner_url)
        self._tokens: dict[Person, str] = {}

    async def __aenter__(self) -> Self:
        self.http = httpx.AsyncClient(timeout=WAIT_SECONDS, trust_env=False)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    def token(self, person: Person) -> str:
        """The bearer token of a person."""
        if person not in self._tokens:
            self._tokens[person] = self.system.token(
                person.role, person.unit, name=person.name, subject=person.subject
            )
        return self._tokens[person]

    def bearer(self, person: Person) -> dict[str, str]:
        """The header with it."""
        return {"Authorization": f"Bearer {self.token(person)}"}

    async def answer(self, person: Person, document: str, /, **variables: object) -> dict[str, Any]:
        """The whole GraphQL response, errors included."""
        self.calls += 1
        response = await self.http.post(
            f"{self.system.url}/graphql",
            json={"query": document, "variables": variables},
            headers=self.bearer(person),
        )
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    async def ask(self, person: Person, document: str, /, **variables: object) -> dict[str, Any]:
        """The data of a query or mutation; raises ``Refused`` with the first error."""
        found = await self.answer(person, document, **variables)
        for error in found.get("errors") or ():
            raise Refused(error)
        data: dict[str, Any] = found["data"]
        return data

    async def do(self, person: Person, verb: str, **arguments: object) -> dict[str, Any]:
        """Give a command; the payload ``{caseId, stale, case}``."""
        payload: dict[str, Any] = (await self.ask(person, mutation(verb, arguments), **arguments))[verb]
        return payload

    async def case(self, case_id: str, person: Person = COUNTY_LEADER) -> Case:
        """The case as a person sees it; it must be there."""
        data = await self.ask(
            person, f"query ($caseId: ID!) {{ case(caseId: $caseId) {{ ...case }} }}{CASE}", caseId=case_id
        )
        assert data["case"] is not None, f"{person.subject} sees no {case_id}"
        found: Case = data["case"]
        return found

    async def until(
        self,
        case_id: str,
        ready: Callable[[Case], object],
        person: Person = COUNTY_LEADER,
        seconds: float = WAIT_SECONDS,
    ) -> Case:
        """The case as soon as it is ready."""
        found: Case = {}

        async def look() -> bool:
            nonlocal found
            found = await self.case(case_id, person)
            return bool(ready(found))

        try:
            await eventually(look, seconds, interval=0.1)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{json.dumps(found, ensure_ascii=False, indent=1)}") from error
        return found

    async def settled(self, case_id: str, state: str, person: Person = COUNTY_LEADER) -> Case:
        """The case in a state, when no service owes another an answer about it."""
        return await self.until(case_id, lambda it: it["state"] == state and not it["settling"], person)

    async def dispatched(self, words: Mapping[str, Any] | None = None, *, now: bool = False) -> Case:
        """A whistle of Yuancun that was raised, signed and has gone out."""
        raised = await self.do(CLERK, "raiseWhistle", whistle=words or burnt_well())
        when = {"dispatch": "NOW"} if now else {}
        await self.do(LEADER, "signWhistle", caseId=raised["caseId"], **when)
        return await self.settled(raised["caseId"], "DISPATCHED")

    async def handled(self, words: Mapping[str, Any] | None = None) -> Case:
        """A whistle to whose lead somebody has reported in."""
        case = await self.dispatched(words)
        lead = liaison(the_lead(case)["unitCode"])
        await self.do(lead, "reportIn", caseId=case["caseId"], **arrival())
        return await self.settled(case["caseId"], "HANDLING")

    async def concluded(self, words: Mapping[str, Any] | None = None) -> Case:
        """A whistle whose lead has concluded; the township is asked."""
        case = await self.handled(words)
        lead = liaison(the_lead(case)["unitCode"])
        await self.do(lead, "conclude", caseId=case["caseId"], sentence=f"{SECRET_TEXT}已修好")
        case_id = case["caseId"]
        await self.settled(case_id, "AWAITING_CONFIRMATION")
        return await self.until(case_id, lambda it: clock(it, "C7") and clock(it, "C5")["state"] == "PAUSED")

    async def facts(self, service: str, case_id: str, name: str = "") -> list[dict[str, Any]]:
        """The data of a service's published facts of a case whose type ends so, in order."""
        rows = await self.rows(
            f"SELECT data FROM {service}.published WHERE case_id = $1 AND type LIKE '%' || $2 || '.v1'"
            " ORDER BY seq",
            case_id,
            name,
        )
        return [json.loads(row[0]) for row in rows]

    async def noted(self, service: str, case_id: str, name: str, times: int = 1) -> list[dict[str, Any]]:
        """The same, as soon as there are as many; waiting does not count as a call of GraphQL."""

        async def look() -> list[dict[str, Any]] | None:
            found = await self.facts(service, case_id, name)
            return found if len(found) >= times else None

        return await eventually(look, WAIT_SECONDS, interval=0.05) or []

    @contextlib.asynccontextmanager
    async def console(
        self, person: Person, wake: Callable[[], Awaitable[object]], case_id: str | None = None
    ) -> AsyncIterator[list[Case]]:
        """The changes told to a person's console, from the first on that ``wake`` has caused.

        ``wake`` changes something the person sees and is called until it is told: a subscription itself is
        not acknowledged.
        """
        told: list[Case] = []
        async with self.socket({"authorization": f"Bearer {self.token(person)}"}) as socket:
            document = f"subscription ($caseId: ID) {{ caseChanged(caseId: $caseId) {{ ...case }} }}{CASE}"
            payload = {"query": document, "variables": {"caseId": case_id}}
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))

            async def listen() -> None:
                async for message in socket:
                    received = json.loads(message)
                    assert received["type"] in ("next", "ping"), received
                    if received["type"] == "next":
                        told.append(received["payload"]["data"]["caseChanged"])

            async def heard() -> bool:
                await wake()
                with contextlib.suppress(AssertionError):
                    await eventually(lambda: bool(told) or listening.done(), 1.0)
                return bool(told) or listening.done()

            listening = asyncio.create_task(listen())
            try:
                await eventually(heard, WAIT_SECONDS)
                yield told
            finally:
                if not listening.cancel():
                    await listening
                with contextlib.suppress(asyncio.CancelledError):
                    await listening

    @contextlib.asynccontextmanager
    async def socket(self, parameters: Mapping[str, str]) -> AsyncIterator[ClientConnection]:
        """A graphql-transport-ws connection that was acknowledged."""
        url = self.system.url.replace("http://", "ws://", 1) + "/graphql"
        async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None) as socket:
            await socket.send(json.dumps({"type": "connection_init", "payload": parameters}))
            assert json.loads(await socket.recv())["type"] == "connection_ack"
            yield socket

    async def rows(self, statement: str, *values: object) -> list[Any]:
        """Rows of a statement run as the owner of all schemas."""
        return await rows(self.system.owner_url, statement, *values)

    async def register(self) -> None:
        """Units and list, through the ordinary commands; a repeat adds nothing."""
        for unit in _UNITS:
            await self._command("/units", unit, ADMINISTRATOR, unit["code"])
        await self._command("/responsibility-list/versions", _LIST, ESTABLISHMENT, "list")

    async def _command(self, path: str, body: object, person: Person, key: str) -> None:
        headers = self.bearer(person) | {"Idempotency-Key": str(uuid5(_KEYS, key))}
        response = await self.http.post(self.system.urls["routing"] + path, json=body, headers=headers)
        assert response.status_code == 200, response.text


class Clocks:
    """The clocks of the four schemas, moved together and only forward."""

    def __init__(self, owner_url: str) -> None:
        self._owner_url = owner_url

    async def now(self) -> datetime:
        """What all services take for now."""
        [[moment]] = await rows(self._owner_url, "SELECT intake.chuishao_now()")
        found: datetime = moment
        return found.astimezone(SHANGHAI)

    async def move_to(self, moment: datetime) -> None:
        """Let it be this moment everywhere."""
        assert moment > await self.now(), f"{moment} is over"
        await set_clocks(self._owner_url, moment)

    async def forward(self, by: timedelta) -> None:
        """Let so much time pass."""
        await self.move_to(await self.now() + by)

    async def ordinary_morning(self, at: time = time(9)) -> datetime:
        """Go to the next Monday after which three weeks have no holiday and no worked weekend."""
        day = (await self.now()).date() + DAY
        while day.weekday() != 0 or not all(_ordinary(day + n * DAY) for n in range(21)):
            day += DAY
        moment = datetime.combine(day, at, SHANGHAI)
        await self.move_to(moment)
        return moment


def _ordinary(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day) == (day.weekday() < 5))


async def rows(url: str, statement: str, *values: object) -> list[Any]:
    """Rows of one statement on a connection of its own."""
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(statement, *values))
    finally:
        await connection.close()


async def set_clocks(owner_url: str, moment: datetime) -> None:
    """Shift the clocks of all schemas in one step."""
    connection = await asyncpg.connect(owner_url)
    try:
        async with connection.transaction():
            shift = moment - await connection.fetchval("SELECT clock_timestamp()")
            for service in SERVICES:
                if await connection.fetchval("SELECT to_regclass($1)", f"{service}.clock_offset"):
                    await connection.execute(f"UPDATE {service}.clock_offset SET shift = $1", shift)
    finally:
        await connection.close()


def begin(folder: Path, moment: datetime = BEGINNING) -> None:
    """Prepare the database of a data folder so that nothing in it is ever recorded before a moment."""
    data = DataFolder(folder)
    data.create()
    configuration = DEPLOY_FOLDER / "postgres" / "postgresql.conf"
    passwords = {role: data.secret(role) for role in (OWNER, *map(role_of, SERVICES))}

    async def prepare(server: PostgresServer) -> None:
        await create_database(server.url(), DATABASE)
        await create_roles(server.url(DATABASE), passwords)
        owner_url = login(server.url(DATABASE), OWNER, passwords[OWNER])
        await migrate(owner_url, lambda _: None)
        await set_clocks(owner_url, moment)

    with PostgresServer(
        data.postgres(),
        log=data.log("postgres"),
        password=data.secret("postgres"),
        configuration=configuration,
    ) as server:
        asyncio.run(prepare(server))


def the_lead(case: Case) -> dict[str, Any]:
    """The assignment that leads."""
    [found] = [each for each in case["assignments"] if each["part"] == "LEAD" and each["state"] != "RELEASED"]
    return dict(found)


def assignment(case: Case, unit: str) -> dict[str, Any]:
    """A department's assignment."""
    [found] = [each for each in case["assignments"] if each["unitCode"] == unit]
    return dict(found)


def clock(case: Case, kind: str, unit: str | None = None, cycle: int | None = None) -> dict[str, Any]:
    """The one clock of a kind, of a unit and in a cycle if named; empty if there is none."""
    found = [
        each
        for each in case["clocks"]
        if each["kind"] == kind and unit in (None, each["unitCode"]) and cycle in (None, each["cycle"])
    ]
    assert len(found) <= 1, found
    return dict(found[0]) if found else {}


def moment(text: str) -> datetime:
    """A time as GraphQL writes it."""
    return datetime.fromisoformat(text)


def end_of(day: datetime, working_days: int) -> datetime:
    """24:00 of the n-th working day after an ordinary day, by the independent calendar."""
    counted = day.astimezone(SHANGHAI).date()
    while working_days:
        counted += DAY
        working_days -= bool(chinese_calendar.is_workday(counted))
    return datetime.combine(counted + DAY, time(), SHANGHAI)


async def true_times(county: County, case_id: str) -> None:
    """Every breach was stated once, after its deadline, and tells the deadline itself."""
    breaches = await county.facts("accountability", case_id, "clock-breached")
    starts = await county.facts("accountability", case_id, "clock-started")
    moves = await county.facts("accountability", case_id, "clock-moved")
    dues = {each["clock_id"]: moment(each["due"]) for each in (*starts, *moves)}
    told = {each["clock_id"]: moment(each["breached_at"]) for each in breaches}
    assert len(told) == len(breaches), "a breach was stated twice"
    assert told == {clock_id: dues[clock_id] for clock_id in told}
    now = await county.clocks.now()
    assert all(breached < now for breached in told.values())


_UNITS: Final[Sequence[Mapping[str, Any]]] = [
    {
        "code": code,
        "name": name,
        "short_name": name,
        "unit_class": kind,
        "tier": kind,
        "duty_desk_phone": None,
        "ruled_by_county": kind not in ("vertical", "utility"),
    }
    for code, name, kind in (
        (YUANCUN, "元村镇", "township"),
        (ZHANGGUOTUN, "张果屯镇", "township"),
        (OFFICE, "减负办", "office"),
        (WATER, "水利局", "department"),
        (FIELDS, "农业农村局", "department"),
        (ROADS, "交通运输局", "department"),
        (RESCUE, "应急管理局", "department"),
        (POLICE, "公安局", "department"),
        (BYSTANDER, "生态环境分局", "vertical"),
        (POWER, "供电公司", "utility"),
    )
]
_LIST: Final[Mapping[str, Any]] = {
    "effective_from": "2021-01-01",
    "source_document": "测试",
    "items": [
        {
            "code": code,
            "title": title,
            "kind": "supporting",
            "level": "county",
            "lead": lead,
            "assists": assists,
            "legal_basis": "测试",
        }
        for code, title, lead, assists in (
            (WELL, "机井供电", POWER, []),
            (DITCH, "沟渠清淤", WATER, [ROADS]),
            (CROPS, "农田排涝", FIELDS, []),
            (BANGS, "烟花爆竹", RESCUE, [POLICE]),
        )
    ],
}
