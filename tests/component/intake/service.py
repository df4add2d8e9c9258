"""Intake behind its real edge, on fakes: the people, and how they ask."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from os import urandom
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson

from backbone.decider import CommandContext
from backbone.eventstore import EventStore, Meta
from backbone.identity import Actor
from backbone.outbox import Delivered
from backbone.sealing import KEY_BYTES, Sealer
from contracts.events import REGISTER, Published
from intake.application.followed_units import note
from intake.application.ports import CalendarUnavailable
from intake.bootstrap import Intake
from intake.domain.followed_unit import NoteUnit
from tests.backbone.edge import Identities

YUANCUN = "410923102"
HANZHANG = "410923101"
WATER = "water-resources"
FARMING = "agriculture-rural"
OFFICE = "burden-reduction-office"

CLERK = Actor("clerk-410923102", "演示·刘甲戊", "township_clerk", YUANCUN)
LEADER = Actor("leader-410923102", "演示·陈甲己", "township_leader", YUANCUN)
STRANGER = Actor("leader-410923101", "演示·赵甲丁", "township_leader", HANZHANG)
RESIDENT = Actor("resident-1", "演示·居民甲", "resident", "")
LIAISON = Actor("liaison-a-water-resources", "演示·彭甲丙", "department_liaison", WATER)
SUPERVISOR = Actor("supervisor-a", "演示·督查甲", "office_supervisor", OFFICE)
ADMINISTRATOR = Actor("administrator-1", "演示·管理甲", "administrator", OFFICE)

FLOOD: dict[str, Any] = {
    "kind": "public_appeal",
    "ground": "cross_department",
    "village": "410923102201",
    "text": "暴雨后沟渠堵塞,两村农田积水",
    "issues": [{"text": "沟渠堵塞", "item_code": "SL-03"}, {"text": "农田积水"}],
    "departments": [WATER, FARMING],
    "tried": "已组织抽水",
}
FIREWORKS: dict[str, Any] = {
    **FLOOD,
    "kind": "emergency",
    "text": "疑似烟花爆竹存放点",
    "issues": [{"text": "查看存放点"}],
}
LETTER: dict[str, Any] = {"title": "报表重复", "text": "同一数据一个月报了四次"}
RECORD: dict[str, Any] = {
    "title": "路灯何时修好",
    "text": "小区外路灯坏了三个月",
    "writer": "A00023583",
    "external_number": "2554",
    "submitted_at": "2019-04-24T16:03:40+08:00",
    "responded_at": "2019-05-09T09:49:10+08:00",
    "answer": "您好,路灯已于五月六日修复",
    "approved_by": "supervisor-b",
}


class KeysInMemory:
    """A key store without a database."""

    def __init__(self) -> None:
        self._keys: dict[str, bytes | None] = {}

    async def keys(self, ids: Iterable[str]) -> dict[str, bytes | None]:
        """Key by id; missing ones are made, destroyed ones are ``None``."""
        return {each: self._keys.setdefault(each, urandom(KEY_BYTES)) for each in ids}

    async def destroy(self, ids: Iterable[str]) -> None:
        """Destroy keys for ever."""
        self._keys.update(dict.fromkeys(ids))


class BlobsInMemory:
    """Sealed files without a database."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def put(self, attachment: str, case: str, content: bytes) -> None:
        """Keep a sealed file; one of the same id stays as it is."""
        self.kept.setdefault(attachment, content)

    async def get(self, attachment: str) -> bytes | None:
        """A sealed file."""
        return self.kept.get(attachment)

    async def drop(self, attachment: str) -> None:
        """Forget a sealed file."""
        self.kept.pop(attachment, None)


class NumbersInMemory:
    """Counters without a database."""

    def __init__(self) -> None:
        self.last: dict[tuple[str, int], int] = {}

    async def next(self, series: str, year: int) -> int:
        """The next number of a series in a year."""
        self.last[series, year] = self.last.get((series, year), 0) + 1
        return self.last[series, year]


class Calendar:
    """Opening hours that a test sets: open unless it says when work begins; down if it says so."""

    def __init__(self) -> None:
        self.opens_at: datetime | None = None
        self.down = False

    async def next_opening(self, at: datetime) -> datetime | None:
        """What the test has set."""
        if self.down:
            raise CalendarUnavailable
        return self.opens_at


@dataclass
class Desk:
    """Somebody at the service: asks over HTTP, and sees what was stored and published."""

    client: httpx.AsyncClient
    identities: Identities
    store: EventStore
    intake: Intake
    numbers: NumbersInMemory = field(default_factory=NumbersInMemory)
    calendar: Calendar = field(default_factory=Calendar)
    blobs: BlobsInMemory = field(default_factory=BlobsInMemory)

    async def post(
        self, actor: Actor, path: str, body: Any = None, key: UUID | str | None = None
    ) -> httpx.Response:
        """A command with a new key, or this one."""
        headers = {**self.identities.bearer(actor), "Idempotency-Key": str(key or uuid4())}
        return await self.client.post(path, json={} if body is None else body, headers=headers)

    async def done(self, actor: Actor, path: str, body: Any = None) -> str:
        """A command that is accepted; answers the id."""
        response = await self.post(actor, path, body)
        assert response.status_code == 200, response.text
        assert response.json()["service"] == "intake"
        return str(response.json()["id"])

    async def refused(self, actor: Actor, path: str, body: Any = None) -> tuple[int, str]:
        """A command that is not accepted and stores nothing; answers status and slug."""
        before = (await self.store.published_head()).seq
        response = await self.post(actor, path, body)
        assert response.headers["content-type"] == "application/problem+json"
        problem = response.json()
        assert problem["type"] == f"urn:chuishao:problem:{problem['code']}"
        assert problem["title"] != problem["code"], "a refusal without a Chinese sentence"
        assert (await self.store.published_head()).seq == before
        return response.status_code, str(problem["code"])

    async def published(self, case: str | None = None) -> list[Published]:
        """What others have learned, of one case if given, each read by its published model."""
        facts = await self.store.published(0, 500, case)
        return [REGISTER[each.type].model_validate_json(each.data) for each in facts]

    async def read(self, sealed: str) -> str:
        """The words of a sealed text."""
        return await Sealer(self.intake.keys).open(sealed, "(erased)")

    async def registered(self, *units: str) -> None:
        """Units of the county, as routing registered them."""
        for unit in units:
            await note(self.store, NoteUnit(unit), self.commands("routing", 0)(0))

    async def tell(self, fact: Published, service: str, seq: int = 1) -> None:
        """A fact of another service reaches intake."""
        await self.intake.follower.react(delivered(fact, service, seq), self.commands(service, seq))

    def commands(self, service: str, seq: int) -> Callable[[int], CommandContext]:
        """New identities for the commands that a fact calls for."""

        def command(n: int) -> CommandContext:
            meta = Meta(f"service:{service}", "service", service, after={service: seq})
            return CommandContext(uuid4(), b"f" * 32, meta)

        return command

    async def everything_kept(self) -> str:
        """All that is stored and published, as one text."""
        kept = [each.data + each.meta for each in await self.store.read(0)]
        told = [each.data + each.meta for each in await self.store.published(0)]
        return "\n".join([*kept, *told])


def delivered(fact: Published, service: str, seq: int) -> Delivered:
    """A fact as its consumer gets it."""
    return Delivered(
        service=service,
        epoch=UUID(int=1),
        seq=seq,
        id=uuid4(),
        type=fact.NAME,
        case_id=fact.case_id,
        recorded_at=datetime.fromisoformat("2026-03-02T12:00:00+08:00"),
        occurred_at=None,
        after={},
        actor="somebody",
        unit=service,
        data=orjson.loads(fact.model_dump_json()),
    )
