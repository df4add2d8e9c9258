"""Settings of intake, read once at start from ``INTAKE_…`` variables."""

from base64 import urlsafe_b64decode
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from backbone.claims import ClaimMapping
from contracts.permissions import PEOPLE


class Settings(BaseSettings):
    """Where everything is; no secret has a default."""

    model_config = SettingsConfigDict(env_prefix="INTAKE_", frozen=True)

    database_url: SecretStr
    nats_url: SecretStr
    """May hold the service's user and password."""
    host: str = "127.0.0.1"
    port: int = 8001
    jwks: str
    """Path or URL of the keys that tokens are checked against; commas part several."""
    issuer: str
    claims: Path | None = None
    """How claims of the provider's tokens name role and unit (TOML); without it they say so themselves."""
    service_key: Path
    """Private key intake signs its service tokens with."""
    request_secret: SecretStr
    """Keys the fingerprints of requests; base64url of 32 bytes."""
    master_key: Path
    """File with the key that wraps the keys of personal data; base64url of 32 bytes."""
    routing_url: str
    accountability_url: str
    number_prefix: str = "NL"
    """The county's short name in case numbers."""
    attachment_bytes: int = Field(default=10 * 1_048_576, gt=0)
    """The largest file that is taken; told to whoever sends a larger one."""
    attachments_per_case: int = Field(default=20, gt=0)
    """How many files a case may have at a time."""
    replicas: int = 1
    """Copies of the stream in JetStream: 1 on one machine, 3 in a cluster."""
    otlp_endpoint: str | None = None
    log_level: str = "INFO"

    def claim_mapping(self) -> ClaimMapping | None:
        """The mapping of the provider's claims; raises ``MappingError`` with a sentence for the operator."""
        return None if self.claims is None else ClaimMapping.load(self.claims, PEOPLE)

    def request_secret_bytes(self) -> bytes:
        """The key of the fingerprints; padding may be left out, as generators of secrets do."""
        text = self.request_secret.get_secret_value()
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
