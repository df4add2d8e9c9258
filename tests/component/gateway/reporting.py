"""A client of citizens' reports before the gateway: keys, forms, and what it is answered."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree

import httpx
from sqlalchemy import text
from starlette.middleware import Middleware

from backbone.identity import Actor, SigningKey
from backbone.web import service_app
from contracts.catalogue import sentence
from contracts.events import intake, routing
from contracts.permissions import PEOPLE
from gateway.adapters.machines import PostgresMachines
from gateway.adapters.resends import PostgresResends
from gateway.adapters.sealed_box import SealedBox
from gateway.application.limits import Limits
from gateway.application.machines import SUBJECTS, MachineClients, Scope
from gateway.entrypoints.callers import Callers
from gateway.entrypoints.cookies import Place
from gateway.entrypoints.door import Door
from gateway.entrypoints.open311 import errors, routes
from gateway.entrypoints.open311.parts import Open311
from tests.backbone.edge import ISSUER, SECRET, Identities
from tests.component.gateway.board import MORNING, YUANCUN, ZHANGGUOTUN, Board

HOME = "https://chuishao.test"
BOTH = frozenset({"file-grid-report", "read-service-requests"})
NUMBER = "NL-WG-2026-000001"
NOON = MORNING + timedelta(hours=2)
"""Now: after all the board is told."""
VILLAGE, OTHER_VILLAGE = f"{YUANCUN}201", f"{ZHANGGUOTUN}201"
PUDDLE = {
    "service_code": "roads",
    "description": "村口路面积水,老人出行不便",
    "address_string": "南乐县元村镇古寺郎村东头",
    "first_name": "晚秋",
    "last_name": "沈",
    "phone": "13900000000",
    "email": "shen@puddle.test",
}
"""A report with everything that names its reporter."""


@dataclass
class App:
    """A client with its key."""

    http: httpx.AsyncClient
    board: Board
    identities: Identities
    machines: MachineClients
    key: str = ""
    subject: str = ""

    async def with_key(
        self, role: str = "resident", unit: str = YUANCUN, operations: frozenset[str] = BOTH
    ) -> "App":
        """The same client with a new key."""
        issued = await self.machines.issue(
            "随手拍", Scope(role, unit, operations), 30, by="administrator-1", issue_key=uuid4()
        )
        subject = f"{SUBJECTS}{issued.id}"
        return App(self.http, self.board, self.identities, self.machines, issued.key, subject)

    async def get(self, path: str, **query: str) -> httpx.Response:
        """Ask with the key in the query, where the standard has it."""
        return await self.http.get(
            f"/open311/{path}", params={**({"api_key": self.key} if self.key else {}), **query}
        )

    async def post(self, form: Mapping[str, Any], format: str = "json", **headers: str) -> httpx.Response:
        """File a report with the key in the form."""
        sent = {**form, **({"api_key": self.key} if self.key else {})}
        return await self.http.post(f"/open311/v2/requests.{format}", data=sent, headers=headers)

    async def later(self, hours: int) -> None:
        """Move the database's clock on."""
        async with self.board.engine.begin() as connection:
            await connection.execute(
                text("UPDATE clock_offset SET shift = shift + make_interval(hours => :hours)"),
                {"hours": hours},
            )


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of the only error of an answer in either format."""
    if answer.headers["content-type"] == "application/json; charset=utf-8":
        (error,) = answer.json()
        assert set(error) == {"code", "description"}
        assert error["description"] != error["code"], "a refusal without a sentence"
        return answer.status_code, error["code"]
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    (found,) = ElementTree.fromstring(answer.content)
    assert [found.tag, *(each.tag for each in found)] == ["error", "code", "description"]
    return answer.status_code, found.findtext("code") or ""


async def prepared(board: Board) -> None:
    """Two townships with a village each, and an admitted list."""
    for code, name, village, called in (
        (YUANCUN, "元村镇", VILLAGE, "古寺郎村委会"),
        (ZHANGGUOTUN, "张果屯镇", OTHER_VILLAGE, "烟之东村委会"),
    ):
        await board.tell(
            routing.UnitRegistered(
                case_id="registry",
                code=code,
                name=f"南乐县{name}人民政府",
                short_name=name,
                unit_class="township",
                tier="township",
                villages=(routing.Village(code=village, name=called),),
            )
        )
    await board.tell(network(("roads", "道路积水、破损"), ("sanitation", "环境卫生")))


def network(*items: tuple[str, str], version: int = 1) -> intake.GridNetworkPublished:
    """An admitted list."""
    return intake.GridNetworkPublished(
        case_id="nobody",
        version=version,
        source_document="演示文件",
        grids=(),
        items=tuple(intake.AdmittedItem(code=code, title=title) for code, title in items),
    )


@asynccontextmanager
async def opened(board: Board, folder: Path, **options: Any) -> AsyncIterator[App]:
    """The routes behind the real door and edge."""
    identities = Identities(folder)
    key = SigningKey.generate(sorted(PEOPLE), subjects=SUBJECTS)
    identities.publish(key)
    machines = MachineClients(PostgresMachines(board.engine), key, ISSUER)
    callers = Callers(identities.verifier(), options.pop("limits", Limits()), machines=machines)
    place, box = Place(HOME), SealedBox(SECRET, "sessions")
    parts = Open311(
        board.view,  # type: ignore[arg-type]
        board.services,
        callers,
        PostgresResends(board.engine),
        HOME,
        SECRET,
        **options,
    )
    app = service_app(
        "gateway",
        store=None,
        verifier=identities.verifier(),
        sentence=sentence,
        secret=SECRET,
        routers=[routes.open311_router(parts)],
        larger_bodies=routes.BODIES,
        fault_forms={errors.PATHS: errors.told},
        middleware=[Middleware(Door, callers=callers, place=place, box=box)],
    )
    board.services.details = {"number": NUMBER}
    async with board.engine.begin() as connection:
        await connection.execute(
            text("UPDATE clock_offset SET shift = :now - clock_timestamp()"), {"now": NOON}
        )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOME) as http:
        yield App(http, board, identities, machines)


def person(role: str, unit: str = YUANCUN) -> Actor:
    """Somebody with a token rather than a key."""
    return Actor(f"{role}-1", "演示·某", role, unit)
