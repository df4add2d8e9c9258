"""Opening hours asked from accountability, which owns the working calendar."""

from collections.abc import Callable, Mapping
from datetime import datetime

import httpx
import stamina
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from intake.application.ports import CalendarUnavailable


class Opening(BaseModel):
    """The answer of ``GET /openings?at=``: whether ``at`` is in working hours, and when work begins next."""

    model_config = ConfigDict(extra="ignore")

    open: bool
    next_opening: AwareDatetime | None = None


class HttpOpeningHours:
    """Implements ``intake.application.ports.OpeningHours``."""

    def __init__(
        self, base_url: str, headers: Callable[[], Mapping[str, str]], *, client: httpx.AsyncClient
    ) -> None:
        """``headers`` gives the Authorization header of each call, e.g. ``ServiceTokens.headers``."""
        self._url, self._headers, self._client = f"{base_url.rstrip('/')}/openings", headers, client

    async def next_opening(self, at: datetime) -> datetime | None:
        """When work begins next (UTC), None if ``at`` is in working hours; or ``CalendarUnavailable``."""
        try:
            opening = Opening.model_validate_json(await self._ask(at))
        except (httpx.HTTPError, ValidationError) as error:
            raise CalendarUnavailable from error
        if opening.open:
            return None
        if opening.next_opening is None:
            raise CalendarUnavailable
        return opening.next_opening

    @stamina.retry(on=httpx.TransportError, attempts=3, timeout=3.0, wait_initial=0.05, wait_max=0.5)
    async def _ask(self, at: datetime) -> bytes:
        response = await self._client.get(
            self._url, params={"at": at.isoformat()}, headers=dict(self._headers()), timeout=2.0
        )
        response.raise_for_status()
        return response.content
