"""It loses nothing: whatever is killed or wiped while people work, all they were told is kept, once."""

import asyncio
import contextlib
import json
import os
import random
import shutil
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

import httpx
import pytest

from backbone.eventstore import verify
from backbone.eventstore.postgres import PostgresEventStore
from backbone.jetstream import Broker, stream_state
from backbone.testing import eventually
from backbone.web.callers import COMMANDS
from chuishao.environment import SOURCES
from chuishao.processes import children_of
from gateway.projections.tables import metadata
from tests.system.county import (
    ADMINISTRATOR,
    CLERK,
    DAY,
    DESK,
    HOUR,
    LEADER,
    POWER,
    SECRET_TEXT,
    SUPERVISOR,
    WATER,
    County,
    Person,
    Refused,
    arrival,
    begin,
    blocked_ditch,
    burnt_well,
    liaison,
    rows,
    true_times,
)
from tests.system.launched import Launched

SEED: Final = 20250303
KILLS: Final = {"intake": 3, "routing": 3, "accountability": 3, "gateway": 4, "nats": 4, "postgres": 4}
"""How often each part is killed; the launcher restarts a part at most five times in five minutes."""
WORKERS: Final = 4
PATIENCE: Final = 90.0
SERVICE_OF: Final = {
    **dict.fromkeys(("raiseWhistle", "signWhistle", "closeOut", "draftWhistle"), "intake"),
    **dict.fromkeys(("submitLetter", "respondToLetter"), "intake"),
    **dict.fromkeys(("reportIn", "giveFeedback", "conclude", "confirmDispatch"), "routing"),
}
NOT_YET: Final = {"unknown-case", "not-awaiting-confirmation", "not-dispatched-yet"}
"""The other service has not heard of it yet."""
PASSING: Final = {"service-unreachable", "service-unavailable", "keys-unavailable", "calendar-unavailable"}
"""Nobody can say now what became of it: to be asked again with the same key."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A command somebody was told the result of."""

    verb: str
    person: Person
    arguments: Mapping[str, Any]
    key: UUID
    case_id: str


@dataclass
class Load:
    """People at work: each command is repeated with its key until it is answered."""

    county: County
    seed: int
    acknowledged: list[Acknowledged] = field(default_factory=list)
    unanswered: set[UUID] = field(default_factory=set)
    met: Counter[str] = field(default_factory=Counter)
    """What was met instead of an answer."""
    closed: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Load"]:
        """Work inside the block; afterwards everybody finishes what was begun."""
        async with asyncio.TaskGroup() as group:
            for number in range(WORKERS):
                group.create_task(self._work(random.Random(self.seed + number)))
            try:
                yield self
            finally:
                self.stop.set()

    async def _work(self, chance: random.Random) -> None:
        plays = (self._simple, self._simple, self._broad, self._letter, self._draft)
        while not self.stop.is_set():
            await chance.choice(plays)(chance)

    async def _simple(self, chance: random.Random) -> None:
        case_id = await self._do(chance, CLERK, "raiseWhistle", whistle=burnt_well())
        await self._do(chance, LEADER, "signWhistle", caseId=case_id)
        await self._do(chance, liaison(POWER), "reportIn", caseId=case_id, **arrival())
        await self._do(chance, liaison(POWER), "conclude", caseId=case_id, sentence=f"{SECRET_TEXT}修好")
        await self._do(chance, CLERK, "closeOut", caseId=case_id)
        self.closed.append(case_id)

    async def _broad(self, chance: random.Random) -> None:
        case_id = await self._do(chance, LEADER, "raiseWhistle", whistle=blocked_ditch())
        await self._do(chance, DESK, "confirmDispatch", caseId=case_id, legalBasis="测试")
        await self._do(chance, liaison(WATER), "reportIn", caseId=case_id, **arrival())
        await self._do(chance, liaison(WATER), "giveFeedback", caseId=case_id, content=f"{SECRET_TEXT}在办")
        await self._do(chance, liaison(WATER), "conclude", caseId=case_id, sentence=f"{SECRET_TEXT}修好")
        await self._do(chance, CLERK, "closeOut", caseId=case_id)
        self.closed.append(case_id)

    async def _letter(self, chance: random.Random) -> None:
        words = {"title": f"{SECRET_TEXT}表格", "text": f"{SECRET_TEXT}三遍"}
        case_id = await self._do(chance, CLERK, "submitLetter", **words)
        answer = {"content": f"{SECRET_TEXT}答复", "final": True}
        await self._do(chance, SUPERVISOR, "respondToLetter", caseId=case_id, **answer)
        self.letters.append(case_id)

    async def _draft(self, chance: random.Random) -> None:
        await self._do(chance, CLERK, "draftWhistle", whistle=burnt_well())

    async def _do(self, chance: random.Random, person: Person, verb: str, **arguments: object) -> str:
        key = UUID(int=chance.getrandbits(128), version=4)
        answered = ""

        async def attempt() -> bool:
            nonlocal answered
            self.unanswered.add(key)
            try:
                payload = await self.county.do(person, verb, idempotencyKey=str(key), **arguments)
            except httpx.TransportError as error:
                self.met[type(error).__name__] += 1
                return False
            except Refused as refused:
                self.met[refused.code] += 1
                if refused.code in NOT_YET | PASSING:
                    return False
                raise
            finally:
                self.unanswered.discard(key)
            answered = payload["caseId"]
            return True

        await asyncio.sleep(chance.uniform(0, 0.2))  # people think; without this the machine only queues
        await eventually(attempt, PATIENCE, interval=0.2)
        self.acknowledged.append(Acknowledged(verb, person, arguments, key, answered))
        return answered


@pytest.fixture(scope="module")
def fragile(server_folder: Path) -> Iterator[Launched]:
    """A system of this module's own, to be killed at will."""
    folder = server_folder / "fragile"
    begin(folder)
    with Launched(folder) as launcher:
        yield launcher.ready()


@pytest.fixture
async def at_work(fragile: Launched) -> AsyncIterator[County]:
    """Its county."""
    async with County(fragile.system) as county:
        await county.register()
        yield county


def pid_of(launcher: Launched, part: str) -> int | None:
    """The process id of a part as the launcher last noted it."""
    [pid] = [each.pid for each in launcher.system.parts if each.name == part]
    return pid


async def back(launcher: Launched, part: str, before: int | None) -> None:
    """Wait until the launcher has put another process in a part's place."""
    await eventually(lambda: pid_of(launcher, part) not in (None, before), PATIENCE, interval=0.1)


async def killed(launcher: Launched, load: Load, part: str, chance: random.Random) -> int:
    """`kill -9` of a part while commands are unanswered; how many were."""
    pid = pid_of(launcher, part)
    assert pid is not None
    victims = [pid]
    if part == "postgres" and chance.random() < 0.5:
        victims += children_of(pid)  # as when the machine loses its power, not only the first process
    await eventually(lambda: load.unanswered, PATIENCE, interval=0.001)
    unanswered = len(load.unanswered)
    for each in victims:
        with contextlib.suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
    return unanswered


async def test_keeps_all_it_acknowledged_whatever_is_killed(fragile: Launched, at_work: County) -> None:
    chance = random.Random(SEED)
    victims = list(Counter(KILLS).elements())
    chance.shuffle(victims)
    assert len(victims) >= 20
    passing_days = {len(victims) // 3, 2 * len(victims) // 3}
    ignored = [(await at_work.dispatched(blocked_ditch()))["caseId"] for _ in range(3)]
    async with Load(at_work, SEED).running() as load:
        while victims:
            # One or two at once: the second while the first is down or on its way back.
            together = dict.fromkeys(victims[: chance.choice((1, 1, 2))])
            if passing_days and len(victims) <= max(passing_days):
                passing_days.remove(max(passing_days))
                await at_work.clocks.forward(DAY + HOUR)  # what nobody acts on falls due, and its rungs
            before = {part: pid_of(fragile, part) for part in together}
            for part in together:
                await asyncio.sleep(chance.uniform(0, 0.5))  # a random moment
                assert await killed(fragile, load, part, chance) > 0
                victims.remove(part)
            for part in together:
                await back(fragile, part, before[part])
    assert len(load.closed) >= 5
    assert set(load.met) & (PASSING | {"ReadError", "ConnectError", "RemoteProtocolError"})
    await whole(fragile, at_work, load)
    for case_id in ignored:
        await fallen_due(at_work, case_id)


async def test_ends_in_the_same_state_when_jetstream_is_deleted_under_it(
    fragile: Launched, at_work: County
) -> None:
    store = fragile.data.nats / "jetstream"
    chance = random.Random(SEED + 1)
    async with Load(at_work, SEED + 100).running() as load:
        await eventually(lambda: len(load.closed) >= 2, PATIENCE)
        shutil.rmtree(store)  # while it runs
        done = len(load.closed)
        await eventually(lambda: len(load.closed) >= done + 3, PATIENCE)
        before = pid_of(fragile, "nats")
        await killed(fragile, load, "nats", chance)
        shutil.rmtree(store, ignore_errors=True)  # and while it is down
        await back(fragile, "nats", before)
        done = len(load.closed)
        await eventually(lambda: len(load.closed) >= done + 3, PATIENCE)
    await whole(fragile, at_work, load)


async def whole(launcher: Launched, county: County, load: Load) -> None:
    """Everything acknowledged is in the log once, the chains hold, and the read model equals a rebuild."""
    await quiet(county)
    await kept(county, load)
    await once(county, load)
    for service in SOURCES:
        assert [broken async for broken in verified(launcher, service)] == []
        assert await carried(launcher, county, service)
    assert await rebuilt(county) == {}


async def quiet(county: County) -> None:
    """Wait until every consumer has read every log to its end, no timer is due and nothing waits aside."""
    logs = " UNION ALL ".join(
        f"SELECT '{each}' AS source, published_seq FROM {each}.log_head" for each in SOURCES
    )
    behind = " UNION ALL ".join(
        f"SELECT '{each}' AS reader, p.name, p.source, p.seq, l.published_seq FROM {each}.projection p"
        " JOIN logs l USING (source) WHERE p.status = 'live' AND p.seq < l.published_seq"
        for each in (*SOURCES, "gateway")
    )
    due = " UNION ALL ".join(
        f"SELECT '{each}', d.name, d.key, 0, 0 FROM {each}.deadline d"
        f" WHERE d.fired_at IS NULL AND d.due_at <= {each}.chuishao_now()"
        for each in SOURCES
    )
    aside = " UNION ALL ".join(
        f"SELECT '{each}', consumer || ' ' || reason || coalesce(error, ''), case_id, 0, 0 FROM {each}.parked"
        for each in (*SOURCES, "gateway")
    )

    async def look() -> bool:
        found = await county.rows(f"WITH logs AS ({logs}) {behind} UNION ALL {due} UNION ALL {aside}")
        assert not found, [tuple(row) for row in found[:10]]
        return True

    await eventually(look, PATIENCE, interval=0.2)


async def kept(county: County, load: Load) -> None:
    """Every acknowledged command is in its service's log, and gives the same answer again."""
    assert load.acknowledged
    for service in SOURCES:
        wanted = {
            uuid5(COMMANDS, str(each.key)): each.case_id
            for each in load.acknowledged
            if SERVICE_OF[each.verb] == service
        }
        found = await county.rows(
            f"SELECT command_id, answer FROM {service}.command_log WHERE command_id = ANY ($1)", list(wanted)
        )
        assert {row[0]: json.loads(row[1])["id"] for row in found} == wanted
    before = await lengths(county)
    for each in random.Random(SEED).sample(load.acknowledged, min(20, len(load.acknowledged))):
        payload = await county.do(each.person, each.verb, idempotencyKey=str(each.key), **each.arguments)
        assert payload["caseId"] == each.case_id
    assert await lengths(county) == before


async def once(county: County, load: Load) -> None:
    """Each step of each case happened exactly once, in every service, and each clock started once."""
    once_each = {
        "whistle-raised",
        "whistle-signed",
        "whistle-handling",
        "whistle-awaiting-confirmation",
        "whistle-closed",
        "dispatch-issued",
        "department-reported-in",
        "lead-concluded",
        "dispatch-closed",
    }
    for case_id in load.closed:
        types: Counter[str] = Counter()
        clocks: Counter[tuple[str, ...]] = Counter()
        for service in SOURCES:
            for type_, data in await county.rows(
                f"SELECT type, data FROM {service}.published WHERE case_id = $1", case_id
            ):
                name = type_.split(".")[2]
                types[name] += 1
                if service == "accountability":
                    fact = json.loads(data)
                    clocks[fact["clock_id"], name, fact.get("reminder", ""), fact.get("rung", "")] += 1
        assert {name: types[name] for name in once_each} == dict.fromkeys(once_each, 1), case_id
        assert set(clocks.values()) == {1}
        ended = types["clock-stopped"] + types["clock-voided"] + types["clock-expired"]
        assert types["clock-started"] == ended
    for case_id in load.letters:
        assert len(await county.facts("intake", case_id, "letter-submitted")) == 1
        assert len(await county.facts("intake", case_id, "letter-responded")) == 1
        assert len(await county.facts("accountability", case_id, "clock-stopped")) == 2


async def fallen_due(county: County, case_id: str) -> None:
    """Of a case nobody acted on for two days everything is stated, once, with true times."""
    breaches = await county.facts("accountability", case_id, "clock-breached")
    assert Counter(each["kind"] for each in breaches) == {"C0": 1, "C1": 3, "C6": 1}
    expired = await county.facts("accountability", case_id, "clock-expired")
    assert Counter(each["kind"] for each in expired) == {"C10": 3}
    rungs = await county.facts("accountability", case_id, "ladder-rung-reached")
    assert Counter((each["kind"], each["rung"]) for each in rungs) == {
        ("C1", "BLUE"): 3,
        ("C1", "ORANGE"): 3,
        ("C6", "BLUE"): 1,
        ("C6", "ORANGE"): 1,
    }
    await true_times(county, case_id)


async def lengths(county: County) -> dict[str, int]:
    """Events in each log."""
    return {service: (await county.rows(f"SELECT seq FROM {service}.log_head"))[0][0] for service in SOURCES}


async def verified(launcher: Launched, service: str) -> AsyncIterator[object]:
    """What is broken in a service's log."""
    url = launcher.system.environments[service][f"{service.upper()}_DATABASE_URL"]
    store = await PostgresEventStore.open(url, service=service, schema=service)
    try:
        async for broken in verify(store):
            yield broken
    finally:
        await store.close()


async def carried(launcher: Launched, county: County, service: str) -> bool:
    """Whether JetStream holds the log to its end."""
    [[head]] = await county.rows(f"SELECT published_seq FROM {service}.log_head")
    url = launcher.system.environments[service][f"{service.upper()}_NATS_URL"]
    async with await Broker.open(url, name=service) as broker:
        await broker.wait_connected(10.0)

        async def look() -> bool:
            state = await stream_state(broker.jetstream, service)
            return state is not None and state.last == head

        return bool(await eventually(look, 10.0))


WRITTEN: Final = ["shown_at", "breach_told_at", "left_at"]
"""Columns that say when a row was written in this very view: a rebuilt one was written later."""


async def rebuilt(county: County) -> dict[str, tuple[list[Any], list[Any]]]:
    """Rebuild the read model; table → rows (before, after) that are not in both."""
    before = await slot(county)
    headers = county.bearer(ADMINISTRATOR)
    answer = await county.http.post(
        f"{county.system.url}/projections/cases/rebuild", headers=headers, timeout=PATIENCE
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["held"] == 0
    after = await slot(county)
    assert after != before
    # The slots belong to the gateway's own role.
    url = county.system.environments["gateway"]["GATEWAY_DATABASE_URL"]
    differences = {}
    for table in metadata.tables.values():
        old, new = [
            Counter(
                str(row[0])
                for row in await rows(
                    url, f"SELECT to_jsonb(t) - $1::text[] FROM {each}.{table.name} t", WRITTEN
                )
            )
            for each in (before, after)
        ]
        assert new or table.name not in ("cases", "assignments", "clocks", "entries"), table.name
        if old != new:
            differences[table.name] = (sorted(old - new)[:5], sorted(new - old)[:5])
    return differences


async def slot(county: County) -> str:
    """The schema that is read."""
    [[version]] = await county.rows(
        "SELECT DISTINCT version FROM gateway.projection WHERE name = 'cases' AND status = 'live'"
    )
    return f"gateway_cases_{'ab'[version % 2]}"


COMMANDS_OF_A_JOURNEY: Final[tuple[tuple[Person, str, Mapping[str, Any], Mapping[str, Any]], ...]] = (
    # who, what, with which arguments, and with which others under the same key
    (CLERK, "raiseWhistle", {"whistle": burnt_well()}, {"whistle": blocked_ditch()}),
    (LEADER, "signWhistle", {"dispatch": "DEFAULT"}, {"dispatch": "NOW"}),
    (liaison(POWER), "reportIn", arrival(), {**arrival(), "firstStep": "别的"}),
    (liaison(POWER), "giveFeedback", {"content": "在路上"}, {"content": "别的"}),
    (liaison(POWER), "conclude", {"sentence": "修好"}, {"sentence": "别的"}),
    (CLERK, "closeOut", {}, {"comment": "别的"}),
)


async def test_answers_the_same_to_a_repeat_and_refuses_another_body(county: County) -> None:
    await county.clocks.ordinary_morning()
    case: dict[str, str] = {}
    for person, verb, arguments, others in COMMANDS_OF_A_JOURNEY:
        key = str(uuid4())
        first = await patient(lambda: county.do(person, verb, idempotencyKey=key, **case, **arguments))  # noqa: B023
        await quiet(county)
        before = await lengths(county)

        again = await asyncio.gather(
            *(county.do(person, verb, idempotencyKey=key, **case, **arguments) for _ in range(8))
        )
        with pytest.raises(Refused) as other_body:
            await county.do(person, verb, idempotencyKey=key, **case, **others)
        someone = Person(person.role, person.unit, number=2)
        with pytest.raises(Refused) as other_person:
            await county.do(someone, verb, idempotencyKey=key, **case, **arguments)

        assert {each["caseId"] for each in again} == {first["caseId"]}, verb
        assert other_body.value.code == other_person.value.code == "idempotency-key-reused", verb
        assert await lengths(county) == before, verb
        case = {"caseId": first["caseId"]}
    assert (await county.settled(case["caseId"], "CLOSED"))["appraised"] is True


async def test_does_once_what_is_asked_sixteen_times_at_once(county: County) -> None:
    await county.clocks.ordinary_morning()
    key = str(uuid4())
    headers = county.bearer(LEADER) | {"Idempotency-Key": key}
    body = {
        "kind": "public_appeal",
        "ground": "no_power",
        "village": "410923102201",
        "text": SECRET_TEXT,
        "departments": [POWER],
    }
    url = f"{county.system.urls['intake']}/whistles"
    answers = await asyncio.gather(*(county.http.post(url, json=body, headers=headers) for _ in range(16)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    case_id = answers[0].json()["id"]
    await county.settled(case_id, "DISPATCHED")
    for service, fact in (("intake", "whistle-raised"), ("routing", "dispatch-issued")):
        assert len(await county.facts(service, case_id, fact)) == 1


async def test_stores_nothing_of_what_it_refuses(county: County) -> None:
    await county.clocks.ordinary_morning()
    case = await county.concluded()
    await quiet(county)
    before = await lengths(county)
    key = str(uuid4())
    with pytest.raises(Refused) as refused:
        await county.do(LEADER, "reworkWhistle", caseId=case["caseId"], reason=" ", idempotencyKey=key)
    assert refused.value.code == "rework-needs-a-reason"
    assert await lengths(county) == before
    # The key is still free for what was meant.
    await county.do(LEADER, "reworkWhistle", caseId=case["caseId"], reason=SECRET_TEXT, idempotencyKey=key)
    await county.settled(case["caseId"], "HANDLING")


async def patient(attempt: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
    """Repeat while the other service has not heard of it yet."""
    payload: dict[str, Any] = {}

    async def once_more() -> bool:
        nonlocal payload
        try:
            payload = await attempt()
        except Refused as refused:
            if refused.code in NOT_YET:
                return False
            raise
        return True

    await eventually(once_more, 30.0, interval=0.1)
    return payload
