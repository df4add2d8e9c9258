"""Everything by which notices leave, put together from the settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from backbone import telemetry
from backbone.identity import ServiceTokens
from gateway.adapters.calendar_feeds import CalendarFeeds
from gateway.adapters.channels import PostgresChannels
from gateway.adapters.deliveries import PostgresDeliveries
from gateway.adapters.outward_addresses import Addresses, networks_of
from gateway.adapters.outward_sender import OutwardSender, Smtp, outward_client
from gateway.adapters.quiet_hours import HttpQuietHours
from gateway.adapters.saved_views import SavedViews
from gateway.adapters.sealed_box import SealedBox
from gateway.application.channels import Channels
from gateway.application.deliveries import Deliveries, QuietHours
from gateway.application.outward import Sender
from gateway.projections.case_view import CaseView
from gateway.projections.outward_queries import ViewNotices, ViewUnits
from gateway.settings import Settings


@dataclass(frozen=True, slots=True)
class Telling:
    """What people set up for themselves: channels, views, feeds; and what sends."""

    channels: Channels
    deliveries: Deliveries
    views: SavedViews
    feeds: CalendarFeeds

    @classmethod
    def of(
        cls,
        engine: AsyncEngine,
        secret: bytes,
        view: CaseView,
        quiet: QuietHours,
        sender: Sender,
        public_url: str,
    ) -> "Telling":
        """The parts over one database."""
        box = SealedBox(secret, "channels")
        return cls(
            Channels(PostgresChannels(engine, box), sender, public_url, ViewUnits(view)),
            Deliveries(PostgresDeliveries(engine, box), ViewNotices(view), quiet, sender, public_url),
            SavedViews(engine, SealedBox(secret, "views")),
            CalendarFeeds(engine),
        )


@asynccontextmanager
async def telling_people(
    settings: Settings, engine: AsyncEngine, view: CaseView, tokens: ServiceTokens
) -> AsyncIterator[Telling]:
    """Open the ways out; ``ValueError`` for a network that is none."""
    addresses = Addresses(networks_of(settings.webhook_networks))
    async with outward_client() as outside, telemetry.http_client() as inside:
        sender = OutwardSender(addresses, outside, settings.public_url, _smtp(settings))
        quiet = HttpQuietHours(settings.accountability_url, tokens, inside)
        secret = settings.request_secret_bytes()
        yield Telling.of(engine, secret, view, quiet, sender, settings.public_url)


def _smtp(settings: Settings) -> Smtp | None:
    if settings.smtp_host is None:
        return None
    password = settings.smtp_password
    return Smtp(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.smtp_sender,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=password.get_secret_value() if password is not None else None,
    )
