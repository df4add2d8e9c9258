"""Putting accountability together: the use cases over whichever store and rule streams they are given."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Protocol

from accountability.application.calendars import Calendars, ClockStreams
from accountability.application.case_rules import CaseRulesDesk
from accountability.application.case_rules_trial import RulesTrial
from accountability.application.deciding import Decisions
from accountability.application.extensions import Extensions
from accountability.application.following import Follower
from accountability.application.latecomers import Latecomers
from accountability.application.parkings import Parkings
from accountability.application.policies import OpenClocks, Policies
from accountability.application.readings import Readings
from accountability.application.rules import DESIGN, Rules, RuleStreams, install
from accountability.application.supervising import Supervising
from accountability.application.supervision import Supervisions
from backbone.decider import CommandContext
from backbone.eventstore import EventStore
from backbone.outbox import Delivered
from backbone.sealing import KeyRing, Sealer


class RuledClocks(ClockStreams, OpenClocks, Protocol):
    """Which clocks a rule can move."""


@dataclass(frozen=True, slots=True)
class Accountability:
    """What accountability can do."""

    store: EventStore
    rules: Rules
    follower: Follower
    readings: Readings
    calendars: Calendars
    policies: Policies
    latecomers: Latecomers
    case_rules: CaseRulesDesk
    rules_trial: RulesTrial
    parkings: Parkings
    extensions: Extensions
    decisions: Decisions
    supervisions: Supervisions
    supervising: Supervising

    async def apply_rules(self, event: Delivered, command: Callable[[int], CommandContext]) -> None:
        """A year was published or a policy approved: open clocks follow, also those that start just then."""
        await self.calendars.follow(event, command)
        await self.policies.follow(event, command)
        await self.latecomers.react(event, command)


def accountability(
    store: EventStore, streams: RuleStreams, clocks: RuledClocks, keys: KeyRing
) -> Accountability:
    """Accountability over these parts."""
    rules, sealer = Rules(store, streams), Sealer(keys)
    policies = Policies(store, streams, rules, clocks, sealer)
    return Accountability(
        store=store,
        rules=rules,
        follower=Follower(store, rules),
        readings=Readings(store, rules),
        calendars=Calendars(store, rules, clocks),
        policies=policies,
        latecomers=Latecomers(store, rules, policies),
        case_rules=CaseRulesDesk(store, sealer),
        rules_trial=RulesTrial(store, clocks),
        parkings=Parkings(store, sealer, rules),
        extensions=Extensions(store, sealer, rules),
        decisions=Decisions(store, rules),
        supervisions=Supervisions(store, sealer, rules),
        supervising=Supervising(store, rules),
    )


async def install_rules(store: EventStore) -> None:
    """Publish the decreed years and the default policies that the service brings along."""
    folder = files("accountability").joinpath("decrees")
    decrees = sorted((each for each in folder.iterdir() if each.name.endswith(".json")), key=lambda f: f.name)
    await install(store, [each.read_text(encoding="utf-8") for each in decrees], DESIGN)
