"""Routing behind its real edge, on fakes: the people, the duties, and how they ask."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

import httpx
import orjson

from backbone.decider import CommandContext
from backbone.eventstore import EventStore, Meta
from backbone.identity import Actor
from backbone.outbox import Delivered
from backbone.sealing import KeyRing, Sealer
from contracts.events import REGISTER, Published, intake
from routing.bootstrap import Routing
from tests.backbone.edge import Identities

SHANGHAI = ZoneInfo("Asia/Shanghai")
YUANCUN = "410923102"
WATER = "water-resources"
FARMING = "agriculture-rural"
TRANSPORT = "transport"
POWER = "power-supply"
OFFICE = "burden-reduction-office"

CLERK = Actor("clerk-410923102", "演示·刘甲戊", "township_clerk", YUANCUN)
WATER_LIAISON = Actor("liaison-a-water-resources", "演示·彭甲丙", "department_liaison", WATER)
WATER_DUTY = Actor("duty-water-resources", "演示·曾甲丁", "duty_officer", WATER)
WATER_LEADER = Actor("leader-water-resources", "演示·萧甲戊", "department_leader", WATER)
FARMING_LIAISON = Actor("liaison-a-agriculture-rural", "演示·韩甲己", "department_liaison", FARMING)
POWER_LIAISON = Actor("liaison-a-power-supply", "演示·田甲己", "department_liaison", POWER)
DISPATCHER = Actor("dispatcher-a", "演示·派单甲", "office_dispatcher", OFFICE)
ESTABLISHMENT = Actor("establishment-a", "演示·编办甲", "establishment_office", "establishment-office")
ADMINISTRATOR = Actor("administrator-1", "演示·管理甲", "administrator", OFFICE)

UNITS: Final[list[dict[str, Any]]] = [
    {
        "code": YUANCUN,
        "name": "南乐县元村镇人民政府",
        "short_name": "元村镇",
        "unit_class": "township",
        "tier": "township",
    },
    *(
        {
            "code": code,
            "name": f"南乐县{name}",
            "short_name": name,
            "unit_class": "department",
            "tier": "department",
            "duty_desk_phone": "0393-0000010",
        }
        for code, name in ((WATER, "水利局"), (FARMING, "农业农村局"), (TRANSPORT, "交通运输局"))
    ),
    {
        "code": POWER,
        "name": "国网南乐县供电公司",
        "short_name": "供电公司",
        "unit_class": "utility",
        "tier": "utility",
        "ruled_by_county": False,
    },
]
ITEMS: Final[list[dict[str, Any]]] = [
    {
        "code": "SL-01",
        "title": "沟渠河道堵塞清障和行洪保障",
        "kind": "supporting",
        "level": "county",
        "lead": WATER,
        "assists": [TRANSPORT],
        "legal_basis": "《中华人民共和国防洪法》",
        "keywords": ["沟渠", "堵塞", "暴雨"],
        "taxonomy": ["农村农业", "水利水电"],
    },
    {
        "code": "DL-01",
        "title": "机井灌溉用电设施损坏抢修",
        "kind": "supporting",
        "level": "county",
        "lead": POWER,
        "legal_basis": "《电力供应与使用条例》",
        "keywords": ["变压器", "烧毁", "浇麦"],
    },
    {
        "code": "XZ-01",
        "title": "村庄保洁",
        "kind": "primary",
        "level": "township",
        "lead": "township",
        "legal_basis": "《环境卫生条例》",
    },
]
LIST: Final[dict[str, Any]] = {
    "effective_from": "2026-01-01",
    "source_document": "南编办〔2026〕1号",
    "items": ITEMS,
}
ARRIVAL: Final[dict[str, Any]] = {"handler": "张三", "phone": "13800000000", "first_step": "带泵赶往现场"}


def whistle(
    case: str, *item_codes: str | None, departments: tuple[str, ...] = (WATER, FARMING)
) -> dict[str, Any]:
    """What intake says of a signed whistle with one issue for each code."""
    return {
        "case_id": case,
        "number": "NL-2026-000001",
        "township": YUANCUN,
        "village": "410923102201",
        "kind": "public_appeal",
        "ground": "cross_department",
        "text_sealed": "sealed:v1:case/1:c2FtcGxl",
        "issues": [
            {"issue_id": issue(case, n), "text_sealed": "sealed:v1:case/1:c2FtcGxl", "item_code": code}
            for n, code in enumerate(item_codes, start=1)
        ],
        "departments": departments,
        "raised_by_sealed": "sealed:v1:person/clerk:c2FtcGxl",
    }


def issue(case: str, number: int) -> str:
    """The id of the n-th issue of a whistle."""
    return str(uuid5(UUID(case), f"issue/{number}"))


class OfficeHours:
    """Monday to Friday from 08:30, no holidays."""

    async def next_opening(self, at: datetime) -> datetime | None:
        """The next working day's opening; asked at midnight."""
        day = at.astimezone(SHANGHAI)
        while day.weekday() > 4:
            day += timedelta(days=1)
        return day.replace(hour=8, minute=30)


@dataclass
class Desk:
    """Somebody at the service: asks over HTTP, and sees what was stored and published."""

    client: httpx.AsyncClient
    identities: Identities
    store: EventStore
    keys: KeyRing
    routing: Routing
    heard: int = 0
    """The last seq of intake's log that routing was told of."""

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
        assert response.json()["service"] == "routing"
        return str(response.json()["id"])

    async def refused(self, actor: Actor, path: str, body: Any = None) -> tuple[int, str]:
        """A command that is not accepted and stores nothing; answers status and slug."""
        before = (await self.store.published_head()).seq
        response = await self.post(actor, path, body)
        assert response.headers["content-type"] == "application/problem+json"
        problem = response.json()
        assert problem["type"] == f"urn:chuishao:problem:{problem['code']}"
        assert problem["title"] != problem["code"], "a refusal without a Chinese sentence"
        assert "{" not in problem["title"], "a sentence without its parameters"
        assert (await self.store.published_head()).seq == before
        return response.status_code, str(problem["code"])

    async def get(self, actor: Actor, path: str, **query: str) -> httpx.Response:
        """A question."""
        return await self.client.get(path, params=query, headers=self.identities.bearer(actor))

    async def prepared(self) -> None:
        """Units and duties are known."""
        for unit in UNITS:
            await self.done(ADMINISTRATOR, "/units", unit)
        await self.done(ESTABLISHMENT, "/responsibility-list/versions", LIST)

    async def dispatched(
        self, *item_codes: str | None, departments: tuple[str, ...] = (WATER, FARMING), **fields: Any
    ) -> str:
        """A whistle that was signed; answers its case."""
        case = str(uuid4())
        content = whistle(case, *item_codes, departments=departments)
        fact = {
            "emergency": False,
            "signed_by_sealed": "sealed:v1:person/leader:c2FtcGxl",
            **content,
            **fields,
        }
        await self.tell(intake.WhistleSigned.model_validate(fact))
        return case

    async def tell(self, fact: Published, seq: int | None = None) -> None:
        """A fact of intake reaches routing; a repeat when it comes with a seq it had before."""
        self.heard = max(self.heard, seq or self.heard + 1)
        await self.routing.follower.react(delivered(fact, seq or self.heard), contexts(seq or self.heard))

    async def published(self, case: str | None = None) -> list[Published]:
        """What others have learned, of one case if given, each read by its published model."""
        facts = await self.store.published(0, 500, case)
        return [REGISTER[each.type].model_validate_json(each.data) for each in facts]

    async def read(self, sealed: str | None) -> str:
        """The words of a sealed text."""
        assert sealed is not None
        return await Sealer(self.keys).open(sealed, "(erased)")

    async def everything_kept(self) -> str:
        """All that is stored and published, as one text."""
        kept = [each.data + each.meta for each in await self.store.read(0)]
        told = [each.data + each.meta for each in await self.store.published(0)]
        return "\n".join([*kept, *told])


def contexts(seq: int) -> Callable[[int], CommandContext]:
    """The identity of the commands that a fact of intake calls for."""

    def command(n: int) -> CommandContext:
        meta = Meta("service:routing", "service", "routing", after={"intake": seq})
        return CommandContext(uuid5(UUID(int=0), f"intake/{seq}/{n}"), b"f" * 32, meta)

    return command


def delivered(fact: Published, seq: int) -> Delivered:
    """A fact as its consumer gets it."""
    return Delivered(
        service="intake",
        epoch=UUID(int=1),
        seq=seq,
        id=uuid5(UUID(int=1), str(seq)),
        type=fact.NAME,
        case_id=fact.case_id,
        recorded_at=datetime.fromisoformat("2026-03-02T12:00:00+08:00") + timedelta(seconds=seq),
        occurred_at=None,
        after={},
        actor="somebody",
        unit="intake",
        data=orjson.loads(fact.model_dump_json()),
    )
