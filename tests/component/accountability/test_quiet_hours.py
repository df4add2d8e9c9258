"""Quiet hours as accountability tells them to whoever sends notices."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import httpx
import pytest

from accountability.entrypoints.http import clocks_router
from backbone.identity import Actor
from backbone.web import service_app
from contracts.catalogue import sentence
from tests.backbone.edge import SECRET, Identities, client_of
from tests.component.accountability.county import County

SHANGHAI = timezone(timedelta(hours=8))
GATEWAY = Actor("gateway", "gateway", "service", "gateway")


@pytest.fixture
def identities(tmp_path: Path) -> Identities:
    """Tokens for everybody."""
    return Identities(tmp_path)


@pytest.fixture
async def client(county: County, identities: Identities) -> AsyncIterator[httpx.AsyncClient]:
    app = service_app(
        "accountability",
        store=None,
        verifier=identities.verifier(),
        sentence=sentence,
        secret=SECRET,
        routers=[clocks_router(county.readings)],
    )
    async with client_of(app) as opened:
        yield opened


@pytest.mark.parametrize(
    ("told", "released"),
    [
        ("2026-05-08T10:00", "2026-05-08T10:00"),
        ("2026-05-08T20:59", "2026-05-08T20:59"),
        ("2026-05-07T21:00", "2026-05-08T08:00"),
        ("2026-05-08T06:10", "2026-05-08T08:00"),
        ("2026-05-09T12:00", "2026-05-09T12:00"),
        ("2026-05-10T12:00", "2026-05-11T08:30"),
        ("2026-02-15T12:00", "2026-02-24T08:30"),
    ],
)
async def test_what_is_not_urgent_waits_until_the_quiet_hours_are_over(
    client: httpx.AsyncClient, identities: Identities, told: str, released: str
) -> None:
    at = datetime.fromisoformat(told).replace(tzinfo=SHANGHAI)

    answer = await client.get("/releases", params={"at": at.isoformat()}, headers=identities.bearer(GATEWAY))

    expected = datetime.fromisoformat(released).replace(tzinfo=SHANGHAI)
    assert datetime.fromisoformat(answer.json()["at"]) == expected
