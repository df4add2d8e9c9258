"""Settings of the gateway, read once at start from ``GATEWAY_…`` variables."""

from base64 import urlsafe_b64decode
from datetime import timedelta
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from backbone.claims import ClaimMapping
from contracts.permissions import PEOPLE
from gateway.application.limits import Limits
from gateway.application.sessions import Lifetimes


class Settings(BaseSettings):
    """Where everything is; no secret has a default."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_", env_nested_delimiter="__", frozen=True)

    database_url: SecretStr
    nats_url: SecretStr
    """May hold the service's user and password."""
    host: str = "127.0.0.1"
    port: int = 8000
    trusted_proxies: str = ""
    """Addresses or networks, by comma, whose ``X-Forwarded-For`` says where a request comes from; without
    them it comes from its peer."""
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
    """Turns GraphQL introspection off."""
    public_url: str = "http://127.0.0.1:8000"
    """Where browsers reach the gateway: https, or http of this machine itself."""
    oidc_discovery_url: str | None = None
    """The identity provider's openid-configuration; without it nobody signs in, tokens count all the same."""
    oidc_client_id: str = "chuishao-console"
    oidc_client_secret: SecretStr | None = None
    """None for a public client, which PKCE alone protects."""
    oidc_scopes: str = "openid profile"
    """With ``offline_access`` where the provider gives refresh tokens only then."""
    oidc_resource: str | None = None
    """What the access token is for, where the provider wants it named (RFC 8707)."""
    session_idle_minutes: int = Field(default=120, gt=0)
    session_hours: int = Field(default=12, gt=0)
    """A session ends so long after signing in, however it is used."""
    machine_key: Path | None = None
    """Private key that signs the tokens of machine clients; without it there are none."""
    registered_operations: Path | None = None
    """JSON of SHA-256 → GraphQL document: operations that may be asked for by their hash."""
    only_registered: bool = False
    """Execute no other operations."""
    limits: Limits = Limits()
    """``GATEWAY_LIMITS__DEPTH`` and so on."""
    jurisdiction_id: str | None = None
    """How Open311 clients name this county; others are refused. Without it any name is taken for ours."""
    contact: str = ""
    """Whom those may ask who connect an Open311 client; the office where nothing is said."""
    webhook_networks: str = ""
    """Networks (``10.0.0.0/8``, by comma) that webhooks may lead to beside https on public addresses; there
    plain http is let through too."""
    smtp_host: str | None = None
    """The mail server notices are handed to; without it there are no channels by mail."""
    smtp_port: int = Field(default=587, gt=0, lt=65536)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_sender: str = "chuishao@localhost"
    """The address mail comes from."""
    otlp_endpoint: str | None = None
    log_level: str = "INFO"

    @model_validator(mode="after")
    def _provider_is_the_issuer(self) -> Self:
        audience = "chuishao"
        if self.oidc_client_id == audience:
            raise ValueError("an ID token of this client would count as an access token; name it otherwise")
        return self

    def lifetimes(self) -> Lifetimes:
        """How long sessions last."""
        return Lifetimes(
            idle=timedelta(minutes=self.session_idle_minutes), absolute=timedelta(hours=self.session_hours)
        )

    def claim_mapping(self) -> ClaimMapping | None:
        """The mapping of the provider's claims; raises ``MappingError`` with a sentence for the operator."""
        return None if self.claims is None else ClaimMapping.load(self.claims, PEOPLE)

    def request_secret_bytes(self) -> bytes:
        """The secret itself; padding may be left out of base64url."""
        text = self.request_secret.get_secret_value()
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
