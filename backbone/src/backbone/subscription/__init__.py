"""What every consumer stands on: the owner's log, a feed without holes, a leased position, held cases."""

from backbone.subscription.feed import EpochChanged, Feed
from backbone.subscription.owner_log import HttpOwnerLog, OwnerLog, OwnerUnavailable, StoreOwnerLog
from backbone.subscription.patience import end, patiently, rest, transient
from backbone.subscription.place import (
    HELD_CASES,
    LEASE_SECONDS,
    Held,
    ParkedCase,
    Place,
    Places,
    Run,
    on_connection,
    on_engine,
    on_pool,
    parked,
    replay,
)

__all__ = [
    "HELD_CASES",
    "LEASE_SECONDS",
    "EpochChanged",
    "Feed",
    "Held",
    "HttpOwnerLog",
    "OwnerLog",
    "OwnerUnavailable",
    "ParkedCase",
    "Place",
    "Places",
    "Run",
    "StoreOwnerLog",
    "end",
    "on_connection",
    "on_engine",
    "on_pool",
    "parked",
    "patiently",
    "replay",
    "rest",
    "transient",
]
