"""Keys: each service's for its own tokens, the one of personal data, the development identity provider's."""

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from backbone.identity import SERVICE_ROLE, Actor, ServiceTokens, SigningKey, write_jwks
from chuishao.environment import SERVICES
from contracts.permissions import ROLES

ISSUER: Final = "urn:chuishao:development"
_PROVIDER: Final = "provider"
_MACHINES: Final = "machines"
MACHINE_SUBJECTS: Final = "machine:"
"""How the subjects of machine clients begin; their key can name nobody else."""


def new_secret() -> str:
    """32 random bytes in base64url, with padding, as services read keys."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")


def nats_password(secret: str) -> str:
    """A secret in a form that nats-server reads as text: a letter first, no equals sign."""
    return "n" + secret.rstrip("=")


class Identities:
    """A folder of keys. A service's key may name only a service, the development provider's any person."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        """Where the keys are."""
        return self._folder

    @property
    def jwks(self) -> Path:
        """The public halves of all keys here, which tokens are checked against."""
        return self._folder / "jwks.json"

    @property
    def service_keys(self) -> Mapping[str, Path]:
        """The private key of each service."""
        return {service: self._key(service) for service in SERVICES}

    @property
    def machine_key(self) -> Path:
        """The private key the gateway signs the tokens of machine clients with."""
        return self._key(_MACHINES)

    @property
    def master_key(self) -> Path:
        """The key that wraps the keys of personal data: base64url of 32 bytes. Without it they are lost."""
        return self._folder / "personal-data.key"

    def create(self, *, development: bool) -> None:
        """Make the keys that are missing and write the key set anew.

        `development` adds the provider that vouches for anybody; it must stay on loopback.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        people = [role for role in ROLES if role != SERVICE_ROLE]
        keys = [self._made(service, [SERVICE_ROLE]) for service in SERVICES]
        keys.append(self._made(_MACHINES, people, MACHINE_SUBJECTS))
        if development:
            keys.append(self._made(_PROVIDER, people))
        write_jwks(self.jwks, keys)
        if not self.master_key.exists():
            draft = self.master_key.with_suffix(".new")
            draft.touch(mode=0o600)
            draft.write_text(new_secret(), encoding="ascii")
            with draft.open("rb") as file:
                os.fsync(file.fileno())
            draft.replace(self.master_key)

    def provider_key(self) -> SigningKey:
        """The development provider's key."""
        return SigningKey.load(self._key(_PROVIDER))

    def token(self, actor: Actor, lifetime: float) -> str:
        """A token of the development provider for a person, valid for `lifetime` seconds."""
        return self.provider_key().sign(actor, issuer=ISSUER, lifetime=lifetime)

    def service_tokens(self, service: str) -> ServiceTokens:
        """The tokens a service would call the others with, for commands that act as the system."""
        return ServiceTokens(self._key(service), ISSUER, service)

    def _made(self, name: str, roles: list[str], subjects: str = "") -> SigningKey:
        path = self._key(name)
        if not path.exists():
            draft = path.with_suffix(".new")
            SigningKey.generate(roles, subjects=subjects).save(draft)
            draft.replace(path)
        return SigningKey.load(path)

    def _key(self, name: str) -> Path:
        return self._folder / f"{name}.jwk"
