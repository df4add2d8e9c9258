"""Setting up where notices go: by the unit's own leader or the administrator, proved by a test message."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from backbone.identity import Actor
from contracts.catalogue import sentence
from contracts.permissions import ADMINISTRATOR, may
from gateway.application.outward import AddressRefused, Message, Sender, Target
from gateway.domain.channels import Kind, Outcome

MOST_OF_UNIT: Final = 20
MOST_OF_PERSON: Final = 3
CODE_LASTS: Final = timedelta(minutes=30)
CODE_TRIES: Final = 5
BETWEEN_TESTS: Final = timedelta(minutes=1)
MANAGE: Final = "manage-channels"
SUBSCRIBE: Final = "subscribe-by-mail"


class ChannelRefused(Exception):
    """A channel that cannot be made, found, proved or used."""

    def __init__(self, slug: str, **params: object) -> None:
        super().__init__(slug)
        self.slug, self.params = slug, params


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel, opened."""

    id: UUID
    unit: str
    role: str
    """In whose sight the channel stands."""
    subject: str | None
    """The person whose own it is; None for the unit's."""
    name: str
    target: Target = field(repr=False)
    duty_desk: bool
    made_by: str
    made_at: datetime
    verified_at: datetime | None
    paused_at: datetime | None
    last_result: str | None
    last_at: datetime | None

    @property
    def shown_address(self) -> str:
        """Enough to know it by: an address of a webhook or robot holds what lets one in."""
        if self.target.kind != "email":
            return urlsplit(self.target.address).hostname or ""
        name, _, host = self.target.address.rpartition("@")
        return f"{name[:1]}***@{host}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A channel to be."""

    unit: str
    kind: Kind
    name: str
    address: str = field(repr=False)
    secret: str | None = field(repr=False)
    duty_desk: bool
    personal: bool


@dataclass(frozen=True, slots=True)
class LoggedDelivery:
    """One line of the log; nothing of the case is in it but its id."""

    id: UUID
    channel_id: UUID
    case_id: str
    kind: str
    state: str
    attempts: int
    result: str | None
    queued_at: datetime
    next_at: datetime | None
    tried_at: datetime | None
    delivered_at: datetime | None
    resent_by: str | None


class ChannelStore(Protocol):
    """Where channels are, sealed."""

    async def add(self, channel_id: UUID, wanted: Wanted, role: str, subject: str | None, by: str) -> bool:
        """Keep a new one; False if there is one with the id. Raises ``ChannelRefused`` at the limit."""
        ...

    async def find(self, channel_id: UUID) -> Channel | None:
        """One that was not removed."""
        ...

    async def of(self, unit: str | None, subject: str | None) -> Sequence[Channel]:
        """A unit's own ones, a person's, or with neither all."""
        ...

    async def expect(self, channel_id: UUID, code: str, between: timedelta) -> bool:
        """Keep the proof of a code; False if the last test is not that long ago."""
        ...

    async def told(self, channel_id: UUID, result: str) -> None:
        """Keep how a test message ended."""
        ...

    async def confirm(self, channel_id: UUID, code: str, lasts: timedelta, tries: int, by: str) -> bool:
        """Open the channel if this is its code; a wrong one is counted."""
        ...

    async def pause(self, channel_id: UUID, by: str) -> None:
        """Send nothing from now on; what waits is dropped."""
        ...

    async def resume(self, channel_id: UUID, by: str) -> None:
        """Send what is told from now on."""
        ...

    async def remove(self, channel_id: UUID, by: str) -> None:
        """Take it away for ever, with its address and secret."""
        ...

    async def log(self, channel_id: UUID, state: str | None, most: int) -> Sequence[LoggedDelivery]:
        """Its deliveries, the newest first."""
        ...

    async def channel_of(self, delivery_id: UUID) -> UUID | None:
        """Which channel a delivery is for."""
        ...

    async def resend(self, delivery_id: UUID, by: str) -> bool:
        """Send one again that failed or arrived; False for any other, or while the channel is closed."""
        ...


class Channels:
    """What people do with channels."""

    def __init__(self, store: ChannelStore, sender: Sender, public_url: str) -> None:
        self._store, self._sender, self._public_url = store, sender, public_url

    async def make(self, actor: Actor, wanted: Wanted, role: str, key: UUID) -> tuple[Channel, str | None]:
        """A new channel and, for a webhook, the secret its messages are signed with, shown this once."""
        if wanted.personal and (wanted.kind != "email" or wanted.unit != actor.unit):
            raise ChannelRefused("personal-channel-is-mail")
        self._permit(actor, wanted.unit, actor.subject if wanted.personal else None)
        secret = secrets.token_urlsafe(32) if wanted.kind == "webhook" else wanted.secret
        if wanted.kind in ("email", "wecom"):
            secret = None
        full = Wanted(
            unit=wanted.unit,
            kind=wanted.kind,
            name=wanted.name,
            address=wanted.address,
            secret=secret or None,
            duty_desk=wanted.duty_desk and not wanted.personal,
            personal=wanted.personal,
        )
        await self._checked(Target(full.kind, full.address, full.secret))
        subject = actor.subject if full.personal else None
        made = await self._store.add(key, full, actor.role if full.personal else role, subject, actor.subject)
        channel = await self._found(actor, key)
        return channel, full.secret if made and full.kind == "webhook" else None

    async def test(self, actor: Actor, channel_id: UUID) -> tuple[Channel, Outcome]:
        """Send a message with a code."""
        channel = await self._found(actor, channel_id)
        await self._checked(channel.target)
        code = f"{secrets.randbelow(10**6):06d}"
        if not await self._store.expect(channel_id, code, BETWEEN_TESTS):
            raise ChannelRefused("channel-tested-just-now")
        message = Message(
            id=uuid4(),
            kind="test",
            zh=sentence("notice-test", "zh"),
            en=sentence("notice-test", "en"),
            at=channel.made_at,
            link=self._public_url,
            code=code,
        )
        outcome = await self._sender.send(channel.target, message)
        await self._store.told(channel_id, outcome.result)
        return await self._found(actor, channel_id), outcome

    async def confirm(self, actor: Actor, channel_id: UUID, code: str) -> Channel:
        """Open a channel with the code that came through it."""
        await self._found(actor, channel_id)
        if not await self._store.confirm(channel_id, code.strip(), CODE_LASTS, CODE_TRIES, actor.subject):
            raise ChannelRefused("channel-code-wrong")
        return await self._found(actor, channel_id)

    async def pause(self, actor: Actor, channel_id: UUID) -> Channel:
        """Send nothing from now on."""
        await self._found(actor, channel_id)
        await self._store.pause(channel_id, actor.subject)
        return await self._found(actor, channel_id)

    async def resume(self, actor: Actor, channel_id: UUID) -> Channel:
        """Send again what is told from now on."""
        channel = await self._found(actor, channel_id)
        if channel.verified_at is None:
            raise ChannelRefused("channel-not-verified")
        await self._store.resume(channel_id, actor.subject)
        return await self._found(actor, channel_id)

    async def remove(self, actor: Actor, channel_id: UUID) -> None:
        """Take it away."""
        await self._found(actor, channel_id)
        await self._store.remove(channel_id, actor.subject)

    async def seen_by(self, actor: Actor) -> Sequence[Channel]:
        """One's own, and with the right to it the unit's; the administrator's are all."""
        own = await self._store.of(None, actor.subject) if may(actor, SUBSCRIBE) else ()
        if not may(actor, MANAGE):
            return own
        if actor.role == ADMINISTRATOR:
            return await self._store.of(None, None)
        return [*own, *await self._store.of(actor.unit, None)]

    async def log(
        self, actor: Actor, channel_id: UUID, state: str | None, most: int
    ) -> Sequence[LoggedDelivery]:
        """What was sent by a channel, the newest first."""
        await self._found(actor, channel_id)
        return await self._store.log(channel_id, state, most)

    async def resend(self, actor: Actor, delivery_id: UUID) -> Channel:
        """Send a delivery again by hand."""
        channel_id = await self._store.channel_of(delivery_id)
        if channel_id is None:
            raise ChannelRefused("unknown-delivery")
        channel = await self._found(actor, channel_id, "unknown-delivery")
        if not await self._store.resend(delivery_id, actor.subject):
            raise ChannelRefused("delivery-not-resendable")
        return channel

    async def _found(self, actor: Actor, channel_id: UUID, unknown: str = "unknown-channel") -> Channel:
        channel = await self._store.find(channel_id)
        if channel is None:
            raise ChannelRefused(unknown)
        try:
            self._permit(actor, channel.unit, channel.subject)
        except ChannelRefused:
            # Another's channel is told from none by nobody.
            raise ChannelRefused(unknown) from None
        return channel

    async def _checked(self, target: Target) -> None:
        try:
            await self._sender.check(target)
        except AddressRefused as refused:
            raise ChannelRefused(refused.slug, **refused.params) from refused

    @staticmethod
    def _permit(actor: Actor, unit: str, subject: str | None) -> None:
        administers = actor.role == ADMINISTRATOR and may(actor, MANAGE)
        if subject is not None:
            allowed = administers or (subject == actor.subject and may(actor, SUBSCRIBE))
        else:
            allowed = administers or (unit == actor.unit and may(actor, MANAGE))
        if not allowed:
            raise ChannelRefused("not-permitted", operation=MANAGE, role=actor.role)
