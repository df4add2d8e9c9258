"""Putting accountability together: the use cases over whichever store and rule streams they are given."""

from dataclasses import dataclass
from importlib.resources import files

from accountability.application.calendars import Calendars, ClockStreams
from accountability.application.following import Follower
from accountability.application.readings import Readings
from accountability.application.rules import DESIGN, Rules, RuleStreams, install
from backbone.eventstore import EventStore


@dataclass(frozen=True, slots=True)
class Accountability:
    """What accountability can do."""

    store: EventStore
    rules: Rules
    follower: Follower
    readings: Readings
    calendars: Calendars


def accountability(store: EventStore, streams: RuleStreams, clocks: ClockStreams) -> Accountability:
    """Accountability over these parts."""
    rules = Rules(store, streams)
    return Accountability(
        store=store,
        rules=rules,
        follower=Follower(store, rules),
        readings=Readings(store, rules),
        calendars=Calendars(store, rules, clocks),
    )


async def install_rules(store: EventStore) -> None:
    """Publish the decreed years and the default policies that the service brings along."""
    folder = files("accountability").joinpath("decrees")
    decrees = sorted((each for each in folder.iterdir() if each.name.endswith(".json")), key=lambda f: f.name)
    await install(store, [each.read_text(encoding="utf-8") for each in decrees], DESIGN)
