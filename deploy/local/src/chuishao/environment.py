"""The settings of every service: the one place that says which variables a service is started with.

A service reads variables with its own prefix only, e.g. for intake:

| variable                  | value                                                                     |
|---------------------------|---------------------------------------------------------------------------|
| INTAKE_DATABASE_URL       | postgresql:// URL of the role `chuishao_intake`, schema `intake`          |
| INTAKE_NATS_URL           | nats:// URL with the service's own user                                   |
| INTAKE_HOST, INTAKE_PORT  | where it listens                                                          |
| INTAKE_JWKS               | path or URL of the keys tokens are checked against; commas part several   |
| INTAKE_ISSUER             | the `iss` every token must carry                                          |
| INTAKE_CLAIMS             | path of the mapping of a provider's claims, see docs/identity.md          |
| INTAKE_SERVICE_KEY        | path of the private key it signs its service tokens with                  |
| INTAKE_REQUEST_SECRET     | secret of the fingerprint of requests, base64url of 32 bytes              |
| INTAKE_ROUTING_URL, …     | the other services it talks to                                            |
| GATEWAY_PUBLIC_URL        | where browsers reach the gateway                                          |
| GATEWAY_TRUSTED_PROXIES   | whose X-Forwarded-For counts, by comma; without it nobody's               |
| GATEWAY_OIDC_…            | the identity provider people sign in at, see docs/identity.md             |
| GATEWAY_MACHINE_KEY       | path of the private key that signs the tokens of machine clients          |
| INTAKE_MASTER_KEY         | intake only: path of the key that wraps the keys of personal data         |

Migrations run as the role `chuishao_owner`; a service's role owns nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SERVICES: Final = ("intake", "routing", "accountability", "gateway")
"""In the order they are shown; they start together and stop in reverse."""

SOURCES: Final = ("intake", "routing", "accountability")
"""The services that own a log."""

PROVIDER: Final = "provider"
"""The development identity provider, a part beside the services."""

OWNER: Final = "chuishao_owner"
"""The role that owns all schemas and runs the migrations."""

DATABASE: Final = "chuishao"


def role_of(service: str) -> str:
    """The database role a service connects as."""
    return f"chuishao_{service}"


@dataclass(frozen=True, slots=True)
class Ground:
    """What the services stand on; the mappings have one entry per service."""

    database_urls: Mapping[str, str]
    nats_urls: Mapping[str, str]
    service_urls: Mapping[str, str]
    jwks: Path
    issuer: str
    service_keys: Mapping[str, Path]
    request_secrets: Mapping[str, str]
    master_key: Path
    machine_key: Path
    discovery_url: str


def environment_of(service: str, ground: Ground) -> dict[str, str]:
    """The variables a service is started with, on top of the inherited environment."""
    host, _, port = ground.service_urls[service].removeprefix("http://").rpartition(":")
    settings = {
        "DATABASE_URL": ground.database_urls[service],
        "NATS_URL": ground.nats_urls[service],
        "HOST": host,
        "PORT": port,
        "JWKS": str(ground.jwks),
        "ISSUER": ground.issuer,
        "SERVICE_KEY": str(ground.service_keys[service]),
        "REQUEST_SECRET": ground.request_secrets[service],
    }
    settings |= {f"{other.upper()}_URL": ground.service_urls[other] for other in SOURCES if other != service}
    if service == "intake":
        settings["MASTER_KEY"] = str(ground.master_key)
    if service == "gateway":
        settings["PUBLIC_URL"] = ground.service_urls[service]
        settings["OIDC_DISCOVERY_URL"] = ground.discovery_url
        settings["MACHINE_KEY"] = str(ground.machine_key)
    return {f"{service.upper()}_{name}": value for name, value in settings.items()}
