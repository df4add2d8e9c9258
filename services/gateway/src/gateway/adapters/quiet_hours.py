"""Quiet hours asked from accountability, which owns the working calendar."""

from datetime import datetime

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from backbone.identity import ServiceTokens
from gateway.application.deliveries import QuietHoursUnknown


class Release(BaseModel):
    """The answer of ``GET /releases?at=``."""

    model_config = ConfigDict(extra="ignore")

    at: AwareDatetime


class HttpQuietHours:
    """Implements ``gateway.application.deliveries.QuietHours``."""

    def __init__(self, base_url: str, tokens: ServiceTokens, client: httpx.AsyncClient) -> None:
        self._url, self._tokens, self._client = f"{base_url.rstrip('/')}/releases", tokens, client

    async def release(self, at: datetime) -> datetime:
        """When a notice of ``at`` that is not urgent goes out; raises ``QuietHoursUnknown``."""
        try:
            response = await self._client.get(
                self._url, params={"at": at.isoformat()}, headers=self._tokens.headers(), timeout=2.0
            )
            response.raise_for_status()
            return Release.model_validate_json(response.content).at
        except (httpx.HTTPError, ValidationError) as error:
            raise QuietHoursUnknown from error
