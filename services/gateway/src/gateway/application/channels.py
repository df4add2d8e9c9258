"""Setting up where notices go: by the unit's own leader or the administrator, proved by a test message."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from backbone.identity import Actor
from contracts.catalogue import sentence
from contracts.permissions import ADMINISTRATOR, may
from gateway.application.kept_channels import Channel, ChannelStore, Ended, LoggedDelivery, Units, Wanted
from gateway.application.outward import AddressRefused, Message, Sender, Target
from gateway.domain.channels import Outcome, role_of_unit

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


class Channels:
    """What people do with channels."""

    def __init__(self, store: ChannelStore, sender: Sender, public_url: str, units: Units) -> None:
        self._store, self._sender, self._public_url, self._units = store, sender, public_url, units

    async def make(self, actor: Actor, wanted: Wanted, key: UUID) -> tuple[Channel, str | None]:
        """A new channel and, for a webhook, the secret its messages are signed with, shown this once."""
        unit_class = await self._units.unit_class(wanted.unit)
        if unit_class is None:
            raise ChannelRefused("unknown-unit")
        if wanted.personal and (wanted.kind != "email" or wanted.unit != actor.unit):
            raise ChannelRefused("personal-channel-is-mail")
        subject = actor.subject if wanted.personal else None
        self._permit(actor, subject, own_unit=wanted.unit == actor.unit)
        if ended := (await self._units.ended([wanted.unit])).get(wanted.unit):
            raise _of_ended_unit(wanted.unit, ended)
        role = role_of_unit(wanted.unit, unit_class)
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
        made = await self._store.add(key, full, actor.role if full.personal else role, subject, actor.subject)
        channel = await self._found(actor, key)
        return channel, full.secret if made and full.kind == "webhook" else None

    async def test(self, actor: Actor, channel_id: UUID) -> tuple[Channel, Outcome]:
        """Send a message with a code."""
        channel = await self._usable(actor, channel_id)
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
        await self._usable(actor, channel_id)
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
        channel = await self._usable(actor, channel_id)
        if channel.verified_at is None:
            raise ChannelRefused("channel-not-verified")
        await self._store.resume(channel_id, actor.subject)
        return await self._found(actor, channel_id)

    async def remove(self, actor: Actor, channel_id: UUID) -> None:
        """Take it away."""
        await self._found(actor, channel_id)
        await self._store.remove(channel_id, actor.subject)

    async def adopt(self, actor: Actor, channel_id: UUID) -> Channel:
        """Take over the channel of a unit in whose place the actor's own stands.

        It keeps its name, address and log, and sends nothing before a code has come through it to the heir:
        nobody there chose where it leads.
        """
        channel = await self._found(actor, channel_id)
        if channel.ended is None:
            return channel
        if channel.ended.heir is None:
            raise _of_ended_unit(channel.unit, channel.ended)
        if actor.unit != channel.ended.heir:
            raise ChannelRefused("channel-is-the-heirs-to-adopt", unit=channel.ended.heir)
        unit_class = await self._units.unit_class(actor.unit) or ""
        role = actor.role if channel.subject is not None else role_of_unit(actor.unit, unit_class)
        await self._store.adopt(channel_id, actor.unit, role, actor.subject)
        return await self._found(actor, channel_id)

    async def seen_by(self, actor: Actor) -> Sequence[Channel]:
        """One's own, and with the right to it the unit's and those of units in whose place it stands; the
        administrator's are all."""
        found = list(await self._store.of(None, actor.subject)) if may(actor, SUBSCRIBE) else []
        if may(actor, MANAGE) and actor.role == ADMINISTRATOR:
            found = list(await self._store.of(None, None))
        elif may(actor, MANAGE):
            units = [actor.unit, *await self._units.forebears(actor.unit)]
            found += await self._store.of(units, None)
        ended = await self._units.ended({each.unit for each in found})
        return [replace(each, ended=ended.get(each.unit)) for each in found]

    async def log(
        self,
        actor: Actor,
        channel_id: UUID,
        state: str | None,
        most: int,
        after: tuple[datetime, UUID] | None = None,
    ) -> Sequence[LoggedDelivery]:
        """What was sent by a channel, the newest first, after the one queued then with that id."""
        await self._found(actor, channel_id)
        return await self._store.log(channel_id, state, most, after)

    async def resend(self, actor: Actor, delivery_id: UUID) -> Channel:
        """Send a delivery again by hand."""
        channel_id = await self._store.channel_of(delivery_id)
        if channel_id is None:
            raise ChannelRefused("unknown-delivery")
        channel = await self._usable(actor, channel_id, "unknown-delivery")
        if not await self._store.resend(delivery_id, actor.subject):
            raise ChannelRefused("delivery-not-resendable")
        return channel

    async def _found(self, actor: Actor, channel_id: UUID, unknown: str = "unknown-channel") -> Channel:
        channel = await self._store.find(channel_id)
        if channel is None:
            raise ChannelRefused(unknown)
        units = (actor.unit, *await self._units.forebears(actor.unit))
        try:
            self._permit(actor, channel.subject, own_unit=channel.unit in units)
        except ChannelRefused:
            # Another's channel is told from none by nobody.
            raise ChannelRefused(unknown) from None
        return replace(channel, ended=(await self._units.ended([channel.unit])).get(channel.unit))

    async def _usable(self, actor: Actor, channel_id: UUID, unknown: str = "unknown-channel") -> Channel:
        channel = await self._found(actor, channel_id, unknown)
        if channel.ended is not None:
            raise _of_ended_unit(channel.unit, channel.ended)
        return channel

    async def _checked(self, target: Target) -> None:
        try:
            await self._sender.check(target)
        except AddressRefused as refused:
            raise ChannelRefused(refused.slug, **refused.params) from refused

    @staticmethod
    def _permit(actor: Actor, subject: str | None, *, own_unit: bool) -> None:
        administers = actor.role == ADMINISTRATOR and may(actor, MANAGE)
        if subject is not None:
            allowed = administers or (subject == actor.subject and may(actor, SUBSCRIBE))
        else:
            allowed = administers or (own_unit and may(actor, MANAGE))
        if not allowed:
            raise ChannelRefused("not-permitted", operation=MANAGE, role=actor.role)


def _of_ended_unit(unit: str, ended: Ended) -> ChannelRefused:
    return ChannelRefused("channel-of-an-ended-unit", unit=unit, ended_on=ended.on.isoformat())
