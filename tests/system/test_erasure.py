"""What a person said is forgotten everywhere, while what happened stays and can still be proved."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import asyncpg
import httpx

from backbone.testing import eventually
from chuishao.data_folder import DataFolder
from chuishao.system import System
from tests.system.county import (
    ADMINISTRATOR,
    LEADER,
    POWER,
    SUPERVISOR,
    WAIT_SECONDS,
    WELL,
    YUANCUN,
    County,
    Person,
    whistle,
)
from tests.system.launched import Launched

WORDS, NAME, PHONE = "荻花渡口", "蓼汀生", "0393-8887776"
TABLES = """
    SELECT format('%I.%I', schemaname, tablename),
        has_schema_privilege(schemaname, 'USAGE')
        AND has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT')
    FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
"""
OWN_TABLES = """
    SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE tableowner = current_user AND schemaname NOT IN ('pg_catalog', 'information_schema')
"""
MARKS = (WORDS, NAME, PHONE)
"""Said nowhere else: where one of these stands, something was not forgotten."""


@dataclass(frozen=True, slots=True)
class Marked(Person):
    """Somebody whose name is looked for afterwards."""

    @property
    def name(self) -> str:
        """A name that is nobody else's."""
        return NAME


CLERK = Marked("township_clerk", YUANCUN, 77)
LIAISON = Marked("department_liaison", POWER, 77)


async def told(county: County) -> tuple[str, str, str]:
    """A whistle with a photo, raised and closed, and an answered letter, full of what is to be forgotten."""
    words = whistle(("变压器烧毁", WELL), departments=[POWER]) | {
        "text": f"{WORDS}旁变压器烧毁",
        "issues": [{"text": f"{WORDS}停电", "itemCode": WELL}],
    }
    case_id = str((await county.do(CLERK, "raiseWhistle", whistle=words))["caseId"])
    await county.do(LEADER, "signWhistle", caseId=case_id, dispatch="NOW")
    await county.settled(case_id, "DISPATCHED")
    await county.do(LIAISON, "reportIn", caseId=case_id, handler=NAME, phone=PHONE, firstStep=f"赴{WORDS}")
    await county.settled(case_id, "HANDLING")
    await county.do(LIAISON, "giveFeedback", caseId=case_id, content=f"{WORDS}在修")
    await county.do(LIAISON, "conclude", caseId=case_id, sentence=f"{WORDS}已修好")
    await county.settled(case_id, "AWAITING_CONFIRMATION")
    await county.do(CLERK, "closeOut", caseId=case_id, comment=f"{WORDS}属实")
    await county.settled(case_id, "CLOSED")
    photo_id = await attached(county, case_id)
    assert (await fetched(county, case_id, photo_id)).content == photo()
    letter = str((await county.do(CLERK, "submitLetter", title=WORDS, text=f"{WORDS}的报表"))["caseId"])
    await county.do(SUPERVISOR, "respondToLetter", caseId=letter, content=f"{WORDS}已答复", final=True)
    await county.until(letter, lambda it: it["answer"], SUPERVISOR)
    return case_id, letter, photo_id


def photo() -> bytes:
    """A photo that shows everything there is to be forgotten."""
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + "".join(MARKS).encode() * 1_000 + b"\xff\xd9"


async def attached(county: County, case_id: str) -> str:
    """The department's photo of the finished work, by a name that is to be forgotten too."""
    answer = await county.http.post(
        f"{county.system.urls['gateway']}/cases/{case_id}/attachments",
        content=photo(),
        headers=county.bearer(LIAISON)
        | {
            "Idempotency-Key": str(uuid4()),
            "Content-Type": "image/jpeg",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(WORDS)}.jpg",
        },
    )
    assert answer.status_code == 200, answer.text
    assert not answer.json()["stale"]
    return str(answer.json()["attachment_id"])


async def fetched(county: County, case_id: str, attachment: str) -> httpx.Response:
    """The photo as the office gets it."""
    path = f"/cases/{case_id}/attachments/{attachment}"
    return await county.http.get(f"{county.system.urls['gateway']}{path}", headers=county.bearer(SUPERVISOR))


def logins(system: System) -> list[str]:
    """The owner of the schemas and the services, which own their read models: together they read all."""
    services = [
        system.environments[service][f"{service.upper()}_DATABASE_URL"] for service in system.environments
    ]
    return [system.owner_url, *services]


async def tables_with(system: System, marks: tuple[str, ...]) -> set[str]:
    """Every table in which a mark stands, in all schemas."""
    read, found, every = set(), set(), set()
    for url in logins(system):
        connection = await asyncpg.connect(url)
        try:
            for table, readable in await connection.fetch(TABLES):
                every.add(table)
                if not readable or table in read:
                    continue
                read.add(table)
                for mark in marks:
                    query = f"SELECT 1 FROM {table} t WHERE position($1 IN t::text) > 0 LIMIT 1"
                    if await connection.fetchval(query, mark):
                        found.add(str(table))
        finally:
            await connection.close()
    assert read == every
    return found


async def swept(system: System) -> None:
    """The database as its housekeeping leaves it: nothing of what was deleted is kept in its tables."""
    for url in logins(system):
        connection = await asyncpg.connect(url)
        try:
            for (table,) in await connection.fetch(OWN_TABLES):
                await connection.execute(f"VACUUM FULL {table}")
        finally:
            await connection.close()


def files_with(folder: Path, marks: tuple[str, ...]) -> Iterator[Path]:
    """Every file in which a mark stands, as it is or escaped as JSON does it."""
    wanted = [mark.encode() for mark in marks] + [json.dumps(mark)[1:-1].encode() for mark in marks]
    for path in sorted(folder.rglob("*")):
        try:
            content = path.read_bytes() if path.is_file() else b""
        except (PermissionError, FileNotFoundError):
            continue
        if any(each in content for each in wanted):
            yield path.relative_to(folder)


async def test_nothing_a_person_said_is_left_anywhere(county_launcher: Launched) -> None:
    data = DataFolder(county_launcher.data.path)
    async with County(county_launcher.system) as county:
        await county.clocks.ordinary_morning()
        case_id, letter, photo_id = await told(county)
        before = await county.case(case_id)
        search = "query ($text: String) { cases(filter: { text: $text }) { totalCount } }"
        assert (await county.ask(SUPERVISOR, search, text=WORDS))["cases"]["totalCount"] == 2
        # These ways of looking do find what is there.
        assert any("gateway" in table for table in await tables_with(county.system, MARKS))

        erased = await county.http.post(
            f"{county.system.urls['intake']}/keys/erase",
            json={"subjects": [CLERK.subject, LIAISON.subject], "cases": [case_id, letter]},
            headers=county.bearer(ADMINISTRATOR) | {"Idempotency-Key": str(uuid4())},
        )
        assert erased.status_code == 200, erased.text
        after = await county.until(case_id, lambda it: WORDS not in json.dumps(it, ensure_ascii=False))
        await county.until(letter, lambda it: WORDS not in (it["answer"] or "") + it["text"], SUPERVISOR)

        async def forgotten() -> bool:
            return await tables_with(county.system, MARKS) == set()

        assert (await county.ask(SUPERVISOR, search, text=WORDS))["cases"]["totalCount"] == 0
        assert [(line["type"], line["at"]) for line in after["timeline"]] == [
            (line["type"], line["at"]) for line in before["timeline"]
        ]
        assert not any(mark in json.dumps(after, ensure_ascii=False) for mark in MARKS)
        await eventually(forgotten, WAIT_SECONDS, interval=1)  # each reader forgets for itself
        assert (await fetched(county, case_id, photo_id)).status_code == 410

    await swept(county_launcher.system)
    left = [
        path
        for path in files_with(data.path, MARKS)
        if "pg_wal" not in path.parts  # overwritten in turn; what is archived is the operator's to keep short
    ]
    assert left == []
    assert county_launcher.run("verify").returncode == 0
