"""Opening hours asked from accountability, which owns the working calendar."""

from collections.abc import Callable, Mapping
from datetime import datetime

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from routing.application.ports import WindowUnknown


class Opening(BaseModel):
    """The answer of ``GET /openings?at=``."""

    model_config = ConfigDict(extra="ignore")

    open: bool
    next_opening: AwareDatetime | None = None


class HttpOpeningHours:
    """Implements ``routing.application.ports.OpeningHours``."""

    def __init__(
        self, base_url: str, headers: Callable[[], Mapping[str, str]], *, client: httpx.AsyncClient
    ) -> None:
        """``headers`` gives the Authorization header of each call, e.g. ``ServiceTokens.headers``."""
        self._url, self._headers, self._client = f"{base_url.rstrip('/')}/openings", headers, client

    async def next_opening(self, at: datetime) -> datetime | None:
        """When work begins next (UTC), None if ``at`` is in working hours; or ``WindowUnknown``."""
        try:
            response = await self._client.get(
                self._url, params={"at": at.isoformat()}, headers=dict(self._headers()), timeout=2.0
            )
            response.raise_for_status()
            opening = Opening.model_validate_json(response.content)
        except (httpx.HTTPError, ValidationError) as error:
            raise WindowUnknown from error
        return None if opening.open else opening.next_opening
