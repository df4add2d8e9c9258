"""Settings of accountability, read once at start from ``ACCOUNTABILITY_…`` variables."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where everything is; no secret has a default."""

    model_config = SettingsConfigDict(env_prefix="ACCOUNTABILITY_", frozen=True)

    database_url: SecretStr
    nats_url: str
    host: str = "127.0.0.1"
    port: int
    jwks: str
    """Path or URL of the identity provider's keys."""
    issuer: str
    service_key: Path
    """Private key the service signs its own tokens with."""
    request_secret: SecretStr
    """Keys the fingerprint of requests; base64url of 32 bytes."""
    intake_url: str
    routing_url: str
    otlp_endpoint: str | None = None
