"""`chuishao verify`, `rebuild`, `parked` and `clock explain` on a running system."""

import asyncio
import json
import os
import signal
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from backbone.eventstore import Append, Meta, Outgoing
from backbone.eventstore.postgres import PostgresEventStore
from backbone.testing import eventually
from chuishao.client import Client, connected, key_of
from chuishao.county import County
from chuishao.system import System
from tests.system.county import rows
from tests.system.launched import Launched

COUNTY = County()
CLERK = COUNTY.people["clerk-410923102"]
LETTER = {"channel": "express", "title": "表格太多", "text": "同一张表一周填三遍。"}
CASES = (
    "{ cases(first: 25) { edges { node { caseId state settling updatedAt title text"
    " clocks { kind state due outcome unitCode } timeline { service seq type at } } } } }"
)
WAIT_SECONDS = 90.0


@pytest.fixture(scope="module")
def spoilt(server_folder: Any) -> Iterator[Launched]:
    """A running system without a demo county, whose logs may be spoilt."""
    with Launched(server_folder / "spoilt") as launcher:
        yield launcher.ready()


async def submitted(system: System, name: str) -> tuple[str, int]:
    """A letter's case and the published seq that tells of it."""
    async with Client(system) as client:
        answer = await client.command("intake", "/letters", LETTER, CLERK, key_of(name))
        assert await client.consumed("accountability", "intake", answer["published_seq"], WAIT_SECONDS)
        assert await client.consumed("gateway", "intake", answer["published_seq"], WAIT_SECONDS)
    return str(answer["id"]), int(answer["published_seq"])


async def published(system: System, case_id: str, data: str) -> None:
    """Let intake publish a fact that is not in the contract."""
    url = system.environments["intake"]["INTAKE_DATABASE_URL"]
    async with await PostgresEventStore.open(url, service="intake", schema="intake") as store:
        appended = await store.append(
            Append(
                command_id=uuid4(),
                request_hash=bytes(32),
                streams=(),
                meta=Meta("test", "service", "intake"),
                published=(Outgoing(uuid4(), "intake.letter.letter-recorded.v1", case_id, data),),
            )
        )
    async with Client(system) as client:
        for service in ("accountability", "gateway"):
            assert await client.consumed(service, "intake", appended.published_seq, WAIT_SECONDS)


def parked(launcher: Launched, case_id: str) -> list[dict[str, Any]]:
    """What `chuishao parked list --json` says of a case."""
    ran = launcher.run("parked", "list", "--json")
    assert ran.returncode == 0, ran.stderr
    return [each for each in json.loads(ran.stdout) if each["case_id"] == case_id]


async def told_by_gateway(system: System) -> list[dict[str, Any]]:
    """The cases the gateway itself says it has parked."""
    async with Client(system) as client:
        cases: list[dict[str, Any]] = await client.read(
            "gateway", "/parked", COUNTY.people["administrator-1"]
        )
    return cases


def test_every_log_is_found_whole(launched: Launched) -> None:
    ran = launched.run("verify", "--json")
    assert ran.returncode == 0, ran.stdout
    answer = json.loads(ran.stdout)
    assert answer["intact"] is True
    assert set(answer["logs"]) == {"intake", "routing", "accountability"}
    assert all(log["events"] > 10 and log["broken"] == [] for log in answer["logs"].values())


def test_a_rebuilt_view_shows_the_same_cases(launched: Launched) -> None:
    async def cases() -> Any:
        async with Client(launched.system) as client:
            return await client.graphql(CASES, {}, COUNTY.people["supervisor-1"])

    async def version() -> int:
        connection = await connected(launched.system, "gateway")
        try:
            found = await connection.fetchval("SELECT max(version) FROM projection WHERE status = 'live'")
            return int(found)
        finally:
            await connection.close()

    before, old = asyncio.run(cases()), asyncio.run(version())
    ran = launched.run("rebuild", "cases", "--json")
    assert ran.returncode == 0, ran.stderr
    done = json.loads(ran.stdout)
    assert done["version"] == asyncio.run(version()) > old
    assert done["held"] == 0
    assert asyncio.run(cases()) == before


def test_a_view_nobody_keeps_cannot_be_rebuilt(launched: Launched) -> None:
    ran = launched.run("rebuild", "dreams")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert len(ran.stderr.splitlines()) == 1


def test_a_clock_is_explained_in_both_languages(launched: Launched) -> None:
    async def first_clock() -> str:
        async with Client(launched.system) as client:
            document = "{ cases(first: 100) { edges { node { clocks { clockId kind } } } } }"
            found = await client.graphql(document, {}, COUNTY.people["supervisor-1"])
        clocks = [clock for edge in found["cases"]["edges"] for clock in edge["node"]["clocks"]]
        return next(str(clock["clockId"]) for clock in clocks if clock["kind"] == "C4")

    clock = asyncio.run(first_clock())
    chinese, english = (
        launched.run("clock", "explain", clock, *option).stdout for option in ([], ["--lang", "en"])
    )
    assert "限7个工作日" in chinese
    assert "7 working days" in english
    data = json.loads(launched.run("clock", "explain", clock, "--json").stdout)
    assert (data["clock_id"], data["kind"]) == (clock, "C4")
    assert data["explanation"]["zh"] == chinese.splitlines()[1:]


@pytest.mark.parametrize("clock", ["nothing", "../published", str(UUID(int=0))])
def test_a_clock_nobody_knows_is_told_in_one_line(launched: Launched, clock: str) -> None:
    ran = launched.run("clock", "explain", clock)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("没有时限")
    assert len(ran.stderr.splitlines()) == 1


def test_a_case_that_cannot_be_read_is_parked_and_tried_again_when_asked(spoilt: Launched) -> None:
    case_id = str(uuid4())
    asyncio.run(published(spoilt.system, case_id, "{}"))
    readers = {("accountability", "clocks"), ("accountability", "figures"), ("gateway", "cases")}

    def by_every_reader() -> list[dict[str, Any]]:
        found = parked(spoilt, case_id)
        return found if {(each["service"], each["consumer"]) for each in found} == readers else []

    found = asyncio.run(eventually(by_every_reader, WAIT_SECONDS, interval=0.5))
    assert all(each["reason"] == "parked" and each["error"] and each["attempts"] == 1 for each in found)
    assert case_id in spoilt.run("parked", "list").stdout
    assert case_id in {each["case_id"] for each in asyncio.run(told_by_gateway(spoilt.system))}
    ran = spoilt.run("parked", "replay", case_id)
    assert ran.returncode == 1
    assert len(ran.stdout.splitlines()) == len(readers)
    assert all(each["reason"] == "parked" and each["attempts"] == 2 for each in parked(spoilt, case_id))


def test_other_cases_go_on_while_one_is_parked(spoilt: Launched) -> None:
    asyncio.run(published(spoilt.system, str(uuid4()), "{}"))
    case_id, _ = asyncio.run(submitted(spoilt.system, "beside a parked one"))
    assert parked(spoilt, case_id) == []


def test_a_parked_case_goes_on_when_its_cause_is_gone(spoilt: Launched) -> None:
    system = spoilt.system
    case_id, seq = asyncio.run(submitted(system, "parked for a while"))

    async def park() -> None:
        connection = await connected(system, "accountability")
        try:
            await connection.execute(
                "INSERT INTO parked (consumer, source, case_id, from_seq, reason, error, attempts, since)"
                " VALUES ('clocks', 'intake', $1, $2, 'parked', 'a cause that is gone', 1, now())",
                case_id,
                seq,
            )
        finally:
            await connection.close()

    asyncio.run(park())
    [pid] = [part.pid for part in system.parts if part.name == "accountability"]
    assert pid is not None
    os.kill(pid, signal.SIGKILL)  # held cases are read when a reader takes over
    spoilt.wait_until("accountability 已恢复")
    assert [each["error"] for each in parked(spoilt, case_id)] == ["a cause that is gone"]
    ran = spoilt.run("parked", "replay", case_id)
    assert ran.returncode == 0, ran.stdout
    assert parked(spoilt, case_id) == []


def test_a_case_that_is_not_parked_cannot_be_replayed(spoilt: Launched) -> None:
    ran = spoilt.run("parked", "replay", str(uuid4()))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert len(ran.stderr.splitlines()) == 1


def test_a_changed_row_is_named(spoilt: Launched) -> None:
    url = spoilt.system.owner_url

    async def tamper() -> int:
        [[seq]] = await rows(url, "SELECT seq FROM intake.event ORDER BY seq LIMIT 1")
        for statement in (
            "ALTER TABLE intake.event DISABLE TRIGGER append_only",
            "UPDATE intake.event SET data = '{}' WHERE seq = (SELECT min(seq) FROM intake.event)",
            "ALTER TABLE intake.event ENABLE ALWAYS TRIGGER append_only",
        ):
            await rows(url, statement)
        return int(seq)

    asyncio.run(submitted(spoilt.system, "to be changed"))
    assert spoilt.run("verify").returncode == 0
    seq = asyncio.run(tamper())
    ran = spoilt.run("verify", "--json")
    assert ran.returncode == 1
    logs = json.loads(ran.stdout)["logs"]
    assert [(each["log"], each["seq"], each["reason"]) for each in logs["intake"]["broken"]] == [
        ("event", seq, "hash-differs")
    ]
    assert logs["accountability"]["broken"] == []
    assert f"intake event row {seq}:" in spoilt.run("verify").stdout


def test_without_a_running_system_every_command_says_so_in_one_line(
    spoilt: Launched, server_folder: Any
) -> None:
    nowhere = Launched(server_folder / "nowhere")
    for command in (["verify"], ["rebuild", "cases"], ["parked", "list"], ["clock", "explain", "x"]):
        ran = nowhere.run(*command)
        assert (ran.returncode, ran.stdout) == (1, ""), command
        assert len(ran.stderr.splitlines()) == 1


async def test_waiting_for_a_position_that_never_comes_ends(system: System) -> None:
    async with Client(system) as client:
        head = await client.published_head("intake")
        assert not await client.consumed("gateway", "intake", head + 1_000_000, 0.2)
        await eventually(lambda: client.consumed("gateway", "intake", head, 0.0), WAIT_SECONDS)
