"""Channels and their deliveries as they are kept, and the units they are of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit
from uuid import UUID

from gateway.application.outward import Target
from gateway.domain.channels import Kind


@dataclass(frozen=True, slots=True)
class Ended:
    """A unit that is no more: since when, and who stands in its place now, if anybody."""

    on: date
    heir: str | None


class Units(Protocol):
    """The directory of units."""

    async def ended(self, codes: Collection[str]) -> Mapping[str, Ended]:
        """Those that are no more."""
        ...

    async def forebears(self, code: str) -> Sequence[str]:
        """The units in whose place one stands."""
        ...

    async def unit_class(self, code: str) -> str | None:
        """A unit's class; None if there is none."""
        ...


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
    ended: Ended | None = None
    """Its unit is no more: nothing is sent until somebody of the heir has made it the heir's."""

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

    async def of(self, units: Collection[str] | None, subject: str | None) -> Sequence[Channel]:
        """Units' own ones, a person's, or with neither all."""
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

    async def adopt(self, channel_id: UUID, unit: str, role: str, by: str) -> None:
        """Make it another unit's, closed until it is proved anew. Raises ``ChannelRefused`` at the limit."""
        ...

    async def log(
        self, channel_id: UUID, state: str | None, most: int, after: tuple[datetime, UUID] | None
    ) -> Sequence[LoggedDelivery]:
        """Its deliveries, the newest first, from a place on."""
        ...

    async def channel_of(self, delivery_id: UUID) -> UUID | None:
        """Which channel a delivery is for."""
        ...

    async def resend(self, delivery_id: UUID, by: str) -> bool:
        """Send one again that failed or arrived; False for any other, or while the channel is closed."""
        ...
