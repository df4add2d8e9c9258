"""Putting routing together: the use cases over whichever store and keys they are given."""

from dataclasses import dataclass

from backbone.eventstore import EventStore
from backbone.sealing import KeyRing, Sealer
from routing.application.corrections import CorrectedTimes
from routing.application.directory import Directory
from routing.application.dispatches import Dispatches
from routing.application.disputes import Disputes
from routing.application.duties import Duties
from routing.application.duty_lists import DutyLists
from routing.application.endings import Endings
from routing.application.joining import Joining
from routing.application.ports import OpenDispatches, OpeningHours
from routing.application.reactions import Follower
from routing.application.returns import Returns
from routing.application.reviews import Reviews
from routing.application.successions import Successions
from routing.application.timers import ScheduledDispatches


@dataclass(frozen=True, slots=True)
class Routing:
    """What routing can do."""

    store: EventStore
    directory: Directory
    dispatches: Dispatches
    returns: Returns
    endings: Endings
    corrections: CorrectedTimes
    joining: Joining
    disputes: Disputes
    reviews: Reviews
    duties: Duties
    duty_lists: DutyLists
    successions: Successions
    follower: Follower
    scheduled: ScheduledDispatches


def routing(
    store: EventStore, keys: KeyRing, hours: OpeningHours, open_dispatches: OpenDispatches
) -> Routing:
    """Routing over these parts."""
    directory, sealer = Directory(store), Sealer(keys)
    successions = Successions(store, directory, open_dispatches)
    return Routing(
        store=store,
        directory=directory,
        dispatches=Dispatches(store, sealer, directory),
        returns=Returns(store, sealer, directory),
        endings=Endings(store, sealer, directory),
        corrections=CorrectedTimes(store, sealer, directory),
        joining=Joining(store, sealer, directory),
        disputes=Disputes(store, sealer, directory, hours),
        reviews=Reviews(store, sealer, directory),
        duties=Duties(store, directory),
        duty_lists=DutyLists(store, directory),
        successions=successions,
        follower=Follower(store, directory),
        scheduled=ScheduledDispatches(store, sealer, directory, successions),
    )
