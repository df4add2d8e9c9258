"""The projector: keeps one read model, fed by several logs, up to date in exactly one process at a time."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import structlog
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncEngine

from backbone.jetstream import Broker
from backbone.projector.application import GRACE_SECONDS, Application, Applied, Apply, ApplyMany
from backbone.projector.versions import RebuildRunning, Version, Versions
from backbone.subscription import (
    LEASE_SECONDS,
    EpochChanged,
    OwnerLog,
    Place,
    Places,
    end,
    on_engine,
    patiently,
    rest,
)
from backbone.subscription.patience import FIRST_PAUSE, LONGEST_PAUSE

log = structlog.get_logger()

LOOK_SECONDS = 0.02
"""How often a position is looked up that another process moves."""
STANDBY_SECONDS = 0.1
NEAR = 200
"""A version being built that is no further behind is brought up while the live one stands still."""
SWITCH_SECONDS = 1.0
"""How long the live version stands still for that at most."""
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild has come: (applied, published) per source."""

    version: int
    sources: Mapping[str, tuple[int, int]]
    held: int
    """Cases that could not be applied and are parked in the new version."""

    @property
    def share(self) -> float:
        """From 0 to 1."""
        applied = sum(done for done, _ in self.sources.values())
        published = sum(of for _, of in self.sources.values())
        return applied / published if published else 1.0


class Projector:
    """A read model of other services' facts; any number of processes may run it, and one applies.

    ``apply`` gets a connection on which the metadata's stand-in schema means the right version's tables.
    """

    def __init__(
        self,
        name: str,
        *,
        service: str,
        version: int,
        sources: Mapping[str, OwnerLog],
        engine: AsyncEngine,
        broker: Broker | None,
        metadata: MetaData,
        apply: Apply,
        apply_many: ApplyMany | None = None,
        on_applied: Applied | None = None,
        owner: str | None = None,
        lease: float = LEASE_SECONDS,
        grace: float = GRACE_SECONDS,
    ) -> None:
        """``version`` is the code's: a higher one than the live rows were made by starts a rebuild.

        ``on_applied(events)`` is called in every process after facts have become visible, outside the
        transaction, never by a rebuild and at most once per process and fact; for notifications.
        """
        self.name = name
        self._fold = version
        self._logs = dict(sources)
        self._engine = engine
        self._run = on_engine(engine)
        self._broker = broker
        self._apply = apply
        self._apply_many = apply_many
        self._on_applied = on_applied
        self._lease = lease
        self._grace = grace
        self._owner = owner
        self._versions = Versions(engine, service, name, tuple(sources), metadata)
        self._live: Version | None = None
        self._application: Application | None = None
        self._told: dict[str, int] | None = None

    async def prepare(self) -> None:
        """Find the live version, or make the first one, empty; to be called before anything is read."""
        self._live = await self._versions.first(self._fold)

    @property
    def engine(self) -> AsyncEngine:
        """Connections on which the metadata's stand-in schema means the live version; ask each time."""
        return self._versions.engine(self._known.number)

    @property
    def current(self) -> bool:
        """Whether the live rows were made by this version of the code."""
        return self._known.fold == self._fold

    @property
    def _known(self) -> Version:
        if self._live is None:
            raise RuntimeError("prepare() comes first")
        return self._live

    async def position(self, source: str) -> int:
        """Everything ``source`` published up to here is visible, or its case is parked."""
        if self._application is not None:
            return self._application.positions[source]
        rows = await self._run(
            "SELECT version, seq FROM projection WHERE name = $1 AND source = $2 AND status = 'live'",
            self.name,
            source,
        )
        if not rows:
            return 0
        number, seq = rows[0]
        if self._live is None or self._live.number != number:
            # Whoever is told a position reads the version it is of.
            self._live = await self._versions.live()
        return int(seq)

    async def reached(self, source: str, seq: int, timeout: float) -> bool:
        """Whether ``source`` is visible up to ``seq`` within ``timeout`` seconds."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while await self.position(source) < seq:
            left = deadline - loop.time()
            if left <= 0:
                return False
            if self._application is not None:
                await self._application.moved(min(left, STANDBY_SECONDS))
            else:
                await asyncio.sleep(min(left, LOOK_SECONDS))
        return True

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set; comes through every failure of broker, database and services."""
        pause = FIRST_PAUSE
        while not stop.is_set():
            try:
                await self._round(stop)
                pause = FIRST_PAUSE
            except Exception as error:
                log.warning("projector begins again", projector=self.name, exc_info=error)
                await rest(stop, pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def rebuild(self, progress: Callable[[Progress], None] | None = None) -> Progress:
        """Build a version beside the live one from the owners' logs, then switch over in one transaction.

        ``progress`` is called about ten times a second. Raises ``RebuildRunning`` while another process is
        at it. The old version's tables stay until the next rebuild.
        """
        building = await self._versions.begin(self._fold)
        places = self._places(building)
        claimed = await places.claim()
        if claimed is None:
            raise RebuildRunning(self.name)
        application = Application(
            places,
            claimed,
            {},
            self._versions.engine(building.number),
            self._logs,
            None,
            self._apply,
            None,
            self._grace,
            self._apply_many,
        )
        stop = asyncio.Event()
        work = asyncio.create_task(application.run(stop))
        asked = asyncio.create_task(self._ask_heads(application))
        try:
            while True:
                await asyncio.wait([work], timeout=STANDBY_SECONDS)
                if work.done():
                    work.result()
                    raise RuntimeError("the rebuild ended before its end")
                report = _report(building, application)
                if progress is not None:
                    progress(report)
                behind = sum(of - done for done, of in report.sources.values())
                if asked.done() and behind <= NEAR and await self._switch(application, building, work):
                    self._live = building
                    report = _report(building, application)
                    if progress is not None:
                        progress(report)
                    return report
        finally:
            stop.set()
            await end(asked)
            with suppress(Exception):
                await work
            with suppress(Exception):
                await places.release(claimed)

    async def _ask_heads(self, application: Application) -> None:
        """How much there is to apply."""
        for source, owner_log in self._logs.items():
            head = await patiently(owner_log.head)
            application.expect(source, head.seq)

    async def _switch(self, application: Application, building: Version, work: "asyncio.Task[None]") -> bool:
        """Bring the new version to where the live one stands still, and go over; False if that takes long."""
        live = await self._versions.live()
        async with self._engine.begin() as connection:
            still = {} if live is None else await self._versions.hold_still(connection, live.number)
            target = {source: max(head, still.get(source, 0)) for source, head in application.heads.items()}
            deadline = asyncio.get_running_loop().time() + SWITCH_SECONDS
            # A case that is about to go on goes on first: nobody is shown half of it.
            while application.catching_up or any(
                application.positions[source] < seq for source, seq in target.items()
            ):
                if work.done() or asyncio.get_running_loop().time() > deadline:
                    return False
                await application.moved(LOOK_SECONDS)
            # What this process may still apply to it is fenced off by the next lease.
            await self._versions.switch(connection, live.number if live else 0, building.number)
        return True

    async def _round(self, stop: asyncio.Event) -> None:
        live = self._live = await self._versions.first(self._fold)
        if live.fold < self._fold:
            try:
                await self.rebuild(self._tell_progress)
            except RebuildRunning:
                await rest(stop, self._lease)
            return
        if live.fold > self._fold:
            log.warning("a newer version is live", projector=self.name, ours=self._fold, live=live.fold)
            await rest(stop, self._lease)
            return
        places = self._places(live)
        claimed = await places.claim()
        if claimed is None:
            await self._stand_by(places, stop)
            return
        await self._lead(live, places, claimed, stop)

    async def _lead(
        self, live: Version, places: Places, claimed: Mapping[str, Place], stop: asyncio.Event
    ) -> None:
        application = Application(
            places,
            claimed,
            await places.held(),
            self._versions.engine(live.number),
            self._logs,
            self._broker,
            self._apply,
            self._on_applied,
            self._grace,
            self._apply_many,
        )
        if self._on_applied is not None and self._told is not None:
            await self._catch_up({source: place.seq for source, place in claimed.items()})
        restored: EpochChanged | None = None
        self._application = application
        try:
            await application.run(stop)
        except EpochChanged as changed:
            restored = changed
        finally:
            self._application = None
            self._told = dict(application.positions)
            if restored is None:
                with suppress(Exception):
                    await places.release(application.places)
        if restored is not None:
            await self._branch_off(restored, places, application.places[restored.source])

    async def _branch_off(self, restored: EpochChanged, places: Places, old: Place) -> None:
        """The owner was set back; a model that holds facts that are gone is built anew."""
        new = Place(min(old.seq, restored.branch), restored.epoch, old.lease_epoch)
        await places.advance(restored.source, old, new)
        if new.seq < old.seq:
            await self.rebuild(self._tell_progress)

    async def _stand_by(self, places: Places, stop: asyncio.Event) -> None:
        """Another process applies; tell this one's listeners what has become visible."""
        positions = await places.positions()
        if self._on_applied is not None:
            if self._told is not None:
                await self._catch_up(positions)
            self._told = positions
            await rest(stop, STANDBY_SECONDS)
        else:
            await rest(stop, self._lease / 4)

    async def _catch_up(self, positions: Mapping[str, int]) -> None:
        assert self._on_applied is not None
        assert self._told is not None
        for source, seq in positions.items():
            after = self._told.get(source, seq)
            while after < seq:
                page = await self._logs[source].published(after, min(_PAGE, seq - after))
                if not page:
                    break
                after = page[-1].seq
                try:
                    await self._on_applied(page)
                except Exception as error:
                    log.error("hook failed", projector=self.name, exc_info=error)
            self._told[source] = seq

    def _places(self, version: Version) -> Places:
        return Places(
            self._run,
            self.name,
            tuple(self._logs),
            version=version.number,
            owner=self._owner,
            lease=self._lease,
        )

    def _tell_progress(self, progress: Progress) -> None:
        log.info("rebuilding", projector=self.name, version=progress.version, share=round(progress.share, 3))


def _report(building: Version, application: Application) -> Progress:
    sources = {source: (application.positions[source], head) for source, head in application.heads.items()}
    return Progress(building.number, sources, application.held_cases)
