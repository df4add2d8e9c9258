"""The development identity provider: keys in the data folder and tokens signed with them, for loopback
only."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from backbone.identity import SERVICE_ROLE, Actor, ServiceTokens, SigningKey, write_jwks
from chuishao.environment import SERVICES
from contracts.permissions import ROLES

ISSUER: Final = "urn:chuishao:development"
_PROVIDER: Final = "provider"


class DevelopmentIdentities:
    """One key that may name any person, and one per service that may name only a service."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def jwks(self) -> Path:
        """The public key set every service checks tokens against."""
        return self._folder / "jwks.json"

    @property
    def service_keys(self) -> Mapping[str, Path]:
        return {service: self._key(service) for service in SERVICES}

    def create(self) -> None:
        """Make the keys that are missing and write the key set anew."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        keys = []
        for name in (_PROVIDER, *SERVICES):
            roles = [SERVICE_ROLE] if name in SERVICES else [role for role in ROLES if role != SERVICE_ROLE]
            path = self._key(name)
            if not path.exists():
                draft = path.with_suffix(".new")
                SigningKey.generate(roles).save(draft)
                draft.replace(path)
            keys.append(SigningKey.load(path))
        write_jwks(self.jwks, keys)

    def token(self, actor: Actor, lifetime: float) -> str:
        """A token for a person, valid for `lifetime` seconds."""
        return SigningKey.load(self._key(_PROVIDER)).sign(actor, issuer=ISSUER, lifetime=lifetime)

    def service_tokens(self, service: str) -> ServiceTokens:
        """The tokens a service would call the others with, for commands that act as the system."""
        return ServiceTokens(self._key(service), ISSUER, service)

    def _key(self, name: str) -> Path:
        return self._folder / f"{name}.jwk"
