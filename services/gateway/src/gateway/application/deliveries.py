"""Deliveries: a notice on its way to one channel, written down once, sent until it is taken or given up.

A row per notice and channel is the whole memory: notices made anew by a rebuild find theirs there, and those
older than a day or than their channel get none.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID, uuid5

import structlog

from backbone import telemetry
from backbone.subscription import transient
from gateway.application.outward import Message, Sender, Target, in_words
from gateway.domain.channels import MOST_ATTEMPTS, Outcome, pause_before, urgent

NEWEST: Final = timedelta(days=1)
"""A notice older than this is not sent any more."""
KEPT: Final = timedelta(days=90)
"""How long the log of deliveries goes back."""
LEASE: Final = timedelta(seconds=60)
"""Longer than an attempt may last; afterwards another worker may take over."""
POLL_SECONDS: Final = 1.0
FORGET_SECONDS: Final = 3600.0
_SPACE: Final = UUID("8f5f4f0e-0a52-5c1f-9a42-3c3d1f0f6f58")

log = structlog.get_logger()


class QuietHoursUnknown(Exception):
    """Accountability did not say; what is not urgent stays where it is."""


class QuietHours(Protocol):
    """Accountability's quiet hours."""

    async def release(self, at: datetime) -> datetime:
        """When a notice of ``at`` that is not urgent goes out; raises ``QuietHoursUnknown``."""
        ...


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that a channel has no delivery of yet."""

    channel_id: UUID
    notice_id: str
    case_id: str
    clock_id: str | None
    kind: str
    params: Mapping[str, Any]
    at: datetime
    emergency: bool
    duty_desk: bool
    """The channel is the duty desk's, or its unit has none and it stands in for it."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this worker alone may send until its lease ends."""

    id: UUID
    attempt: int
    channel_id: UUID
    case_id: str
    clock_id: str | None
    kind: str
    params: Mapping[str, Any]
    at: datetime
    unit: str
    role: str
    subject: str | None
    target: Target


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be told of a case outside."""

    number: str | None
    due: datetime | None
    still_due: bool
    """The clock the notice is about runs on, or it is about none."""


class NoticeReader(Protocol):
    """The live case view."""

    async def waiting(self, newest: timedelta, most: int) -> Sequence[Waiting]:
        """Notices without a delivery, the oldest first."""
        ...

    async def shown(self, delivery: Claimed) -> Shown | None:
        """What the channel's unit sees of the case now; None if nothing."""
        ...

    async def ended(self, unit: str) -> bool:
        """Whether the unit is no more."""
        ...


class DeliveryStore(Protocol):
    """Where deliveries are."""

    async def queue(self, rows: Collection[tuple[UUID, Waiting, datetime]]) -> int:
        """Keep those that are not there; each with its id and when it may leave. How many were new."""
        ...

    async def claim(self, lease: timedelta) -> Claimed | None:
        """One that is due and whose channel is open, for this worker alone."""
        ...

    async def settle(self, delivery: Claimed, state: str, result: str, pause: timedelta | None) -> bool:
        """Write down how an attempt ended; False if another worker has taken over since."""
        ...

    async def rest(self, channel_id: UUID, rest: timedelta) -> None:
        """Send nothing to a channel for a while."""
        ...

    async def forget(self, kept: timedelta) -> int:
        """Take old rows out of the log that are over and done."""
        ...


def delivery_id(notice_id: str, channel_id: UUID) -> UUID:
    """The same for the same notice and channel, for ever."""
    return uuid5(_SPACE, f"{channel_id}/{notice_id}")


class Deliveries:
    """Queues and sends; any number of them may run side by side."""

    def __init__(
        self,
        store: DeliveryStore,
        notices: NoticeReader,
        quiet: QuietHours,
        sender: Sender,
        public_url: str,
        *,
        jitter: Callable[[], float] = random.random,
        at_once: int = 4,
    ) -> None:
        self._store, self._notices, self._quiet, self._sender = store, notices, quiet, sender
        self._public_url, self._jitter, self._at_once = public_url.rstrip("/"), jitter, at_once

    async def run(self, stop: asyncio.Event) -> None:
        """Queue and send until told to stop."""
        loop = asyncio.get_running_loop()
        forgotten = loop.time() - FORGET_SECONDS
        while not stop.is_set():
            try:
                await self.queue()
                await asyncio.gather(*(self._drain(stop) for _ in range(self._at_once)))
                if loop.time() - forgotten >= FORGET_SECONDS:
                    await self._store.forget(KEPT)
                    forgotten = loop.time()
            except Exception as error:
                if not transient(error):
                    raise
                log.warning("deliveries.waiting", **telemetry.described(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), POLL_SECONDS)

    async def queue(self, most: int = 500) -> int:
        """Give new notices their deliveries; how many got one."""
        rows = []
        releases: dict[datetime, datetime | None] = {}
        for each in await self._notices.waiting(NEWEST, most):
            leaves: datetime | None = each.at
            if not (each.duty_desk and urgent(each.kind, each.params, emergency=each.emergency)):
                if each.at not in releases:
                    releases[each.at] = await self._release(each.at)
                leaves = releases[each.at]
            if leaves is not None:
                rows.append((delivery_id(each.notice_id, each.channel_id), each, leaves))
        return await self._store.queue(rows) if rows else 0

    async def deliver_one(self) -> bool:
        """Send one delivery that is due; False if there is none."""
        claimed = await self._store.claim(LEASE)
        if claimed is None:
            return False
        if await self._notices.ended(claimed.unit):
            await self._store.settle(claimed, "dropped", "unit-ended", None)
            return True
        shown = await self._notices.shown(claimed)
        if shown is None:
            await self._store.settle(claimed, "dropped", "not-seen-any-more", None)
        elif claimed.kind == "reminder" and not shown.still_due:
            await self._store.settle(claimed, "dropped", "not-due-any-more", None)
        else:
            await self._sent(claimed, await self._sender.send(claimed.target, self._message(claimed, shown)))
        return True

    async def _sent(self, claimed: Claimed, outcome: Outcome) -> None:
        if outcome.rest_seconds is not None:
            await self._store.rest(claimed.channel_id, timedelta(seconds=outcome.rest_seconds))
        if outcome.delivered:
            await self._store.settle(claimed, "delivered", outcome.result, None)
        elif not outcome.again or claimed.attempt >= MOST_ATTEMPTS:
            await self._store.settle(claimed, "failed", outcome.result, None)
            log.warning("delivery.failed", channel=str(claimed.channel_id), result=outcome.result)
        else:
            seconds = pause_before(claimed.attempt, self._jitter())
            seconds = max(seconds, outcome.rest_seconds or 0.0)
            await self._store.settle(claimed, "waiting", outcome.result, timedelta(seconds=seconds))

    def _message(self, claimed: Claimed, shown: Shown) -> Message:
        params = dict(claimed.params)
        return Message(
            id=claimed.id,
            kind=claimed.kind,
            zh=in_words(claimed.kind, params, "zh"),
            en=in_words(claimed.kind, params, "en"),
            at=claimed.at,
            link=f"{self._public_url}/cases/{claimed.case_id}",
            number=shown.number,
            due=shown.due,
        )

    async def _release(self, at: datetime) -> datetime | None:
        try:
            return await self._quiet.release(at)
        except QuietHoursUnknown:
            log.warning("deliveries.quiet-hours-unknown")
            return None

    async def _drain(self, stop: asyncio.Event) -> None:
        while not stop.is_set() and await self.deliver_one():
            pass
