"""Machine clients: other systems with a key of their own, scoped to one role in one unit and to operations.

The gateway accepts the key itself and passes on a token of its own that lasts two minutes. The key that signs
those tokens can name nobody but machine clients, so whoever held it could not act as a person.
"""

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID, uuid4

from backbone.identity import Actor, SigningKey, Unauthenticated
from contracts.permissions import ADMINISTRATOR, ALLOWED, PEOPLE, allowed

SUBJECTS: Final = "machine:"
"""How the subjects of machine clients begin."""
LONGEST_DAYS: Final = 366
TOKEN_SECONDS: Final = 120.0
_KEY: Final = re.compile(r"chuishao_([0-9a-f]{32})_([A-Za-z0-9_-]{43})")


class MachineRefused(Exception):
    """A machine client that cannot be issued or found."""

    def __init__(self, slug: str, status: int, **params: object) -> None:
        super().__init__(slug)
        self.slug, self.status = slug, status
        self.params: Mapping[str, object] = params


@dataclass(frozen=True, slots=True)
class Scope:
    """What a machine client may do."""

    role: str
    unit: str
    operations: frozenset[str]

    def check(self) -> None:
        """Raise ``MachineRefused`` for a role nobody may lend or an operation that is not the role's."""
        if self.role not in PEOPLE - {ADMINISTRATOR}:
            raise MachineRefused("machine-role-invalid", 422, role=self.role)
        for operation in sorted(self.operations):
            if operation not in ALLOWED or not allowed(self.role, operation):
                raise MachineRefused("machine-scope-invalid", 422, operation=operation, role=self.role)


@dataclass(frozen=True, slots=True)
class MachineClient:
    """One client as administrators see it; its key is not among that."""

    id: UUID
    name: str
    role: str
    unit: str
    operations: Collection[str]
    issued_by: str
    issued_at: datetime
    ends_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Issued:
    """A new client's key, which is shown this once."""

    id: UUID
    key: str = field(repr=False)


class MachineStore(Protocol):
    """Where machine clients are."""

    async def add(
        self,
        client_id: UUID,
        name: str,
        scope: Scope,
        key_hash: bytes,
        lifetime: timedelta,
        *,
        by: str,
        issue_key: UUID,
    ) -> bool:
        """Keep a new one, with its issuing in the record; False if ``issue_key`` has issued one before."""
        ...

    async def find(self, client_id: UUID) -> tuple[MachineClient, bytes] | None:
        """A client that is neither revoked nor past its end, and its key's hash; its use is noted."""
        ...

    async def revoke(self, client_id: UUID, by: str) -> bool:
        """Revoke it, once; False if there is none."""
        ...

    async def all(self) -> list[MachineClient]:
        """Every client there ever was, the newest first."""
        ...


class MachineClients:
    """Issues, checks and revokes keys."""

    def __init__(
        self,
        store: MachineStore,
        signing_key: SigningKey,
        issuer: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store, self._signing_key, self._issuer, self._clock = store, signing_key, issuer, clock
        self._tokens: dict[UUID, tuple[Actor, str, float]] = {}

    async def issue(self, name: str, scope: Scope, days: int, *, by: str, issue_key: UUID) -> Issued:
        """A new client; raises ``MachineRefused``."""
        scope.check()
        if not 1 <= days <= LONGEST_DAYS:
            raise MachineRefused("machine-lifetime-invalid", 422, most=LONGEST_DAYS)
        client_id, secret = uuid4(), secrets.token_urlsafe(32)
        added = await self._store.add(
            client_id, name, scope, _hash(secret), timedelta(days=days), by=by, issue_key=issue_key
        )
        if not added:
            raise MachineRefused("machine-client-issued-already", 409)
        return Issued(client_id, f"chuishao_{client_id.hex}_{secret}")

    async def revoke(self, client_id: UUID, by: str) -> None:
        """Its key counts no more from now on; raises ``MachineRefused`` if there is no such client."""
        if not await self._store.revoke(client_id, by):
            raise MachineRefused("unknown-machine-client", 404)

    async def all(self) -> list[MachineClient]:
        """Every client there ever was, the newest first."""
        return await self._store.all()

    async def token(self, key: str) -> tuple[Actor, str]:
        """Who a key belongs to, and a token for the services; raises ``Unauthenticated``."""
        parts = _KEY.fullmatch(key)
        found = await self._store.find(UUID(parts[1])) if parts else None
        if parts is None or found is None or not hmac.compare_digest(found[1], _hash(parts[2])):
            raise Unauthenticated("machine-key-invalid")
        return self._minted(found[0])

    def _minted(self, client: MachineClient) -> tuple[Actor, str]:
        now = self._clock()
        actor, token, fresh_until = self._tokens.get(client.id, (None, "", 0.0))
        if actor is None or now >= fresh_until:
            operations = frozenset(client.operations)
            actor = Actor(f"{SUBJECTS}{client.id}", client.name, client.role, client.unit, operations)
            token = self._signing_key.sign(actor, issuer=self._issuer, lifetime=TOKEN_SECONDS, now=now)
            self._tokens[client.id] = (actor, token, now + TOKEN_SECONDS / 2)
        return actor, token


def is_machine_key(token: str) -> bool:
    """Whether a bearer's word is a machine client's key rather than a provider's token."""
    return token.startswith("chuishao_")


def _hash(secret: str) -> bytes:
    # The secret is 256 random bits: nothing is gained by a slow hash.
    return hashlib.sha256(secret.encode()).digest()
