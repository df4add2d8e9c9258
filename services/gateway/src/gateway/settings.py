"""Settings of the gateway, read once at start from ``GATEWAY_…`` variables."""

from base64 import urlsafe_b64decode
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from backbone.claims import ClaimMapping
from contracts.permissions import PEOPLE


class Settings(BaseSettings):
    """Where everything is; no secret has a default."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_", frozen=True)

    database_url: SecretStr
    nats_url: SecretStr
    """May hold the service's user and password."""
    host: str = "127.0.0.1"
    port: int = 8000
    jwks: str
    """Paths or URLs of the key sets that tokens are checked against, by comma."""
    issuer: str
    claims: Path | None = None
    """How claims of the provider's tokens name role and unit (TOML); without it they say so themselves."""
    service_key: Path
    """Private key the gateway signs its service tokens with."""
    request_secret: SecretStr
    """Base64url of 32 bytes."""
    intake_url: str
    routing_url: str
    accountability_url: str
    production: bool = False
    """Turns GraphQL introspection and the query page off."""
    otlp_endpoint: str | None = None
    log_level: str = "INFO"

    def claim_mapping(self) -> ClaimMapping | None:
        """The mapping of the provider's claims; raises ``MappingError`` with a sentence for the operator."""
        return None if self.claims is None else ClaimMapping.load(self.claims, PEOPLE)

    def request_secret_bytes(self) -> bytes:
        """The secret itself; padding may be left out of base64url."""
        text = self.request_secret.get_secret_value()
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
