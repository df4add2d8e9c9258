"""The case rules of accountability as intake follows them: noted once, read by the decisions they bind."""

from datetime import datetime, timedelta, timezone
from typing import Final
from uuid import UUID

from backbone.decider import Aggregate, Codec
from backbone.eventstore import EventStore
from contracts.events.accountability import DEFAULT_RULES, CaseRules, CaseRulesApproved
from intake.domain import followed_rules
from intake.domain.followed_rules import NoteRules, Rules

FOLLOWED_RULES_KEY: Final = str(UUID("5b1f6a0e-8c1d-5d7e-9b55-2f0c7a4e9d31"))
CHINA: Final = timezone(timedelta(hours=8))


def rules_of(rules: CaseRules) -> Rules:
    """What of them concerns intake."""
    return Rules(days_to_raise_again=rules.days_to_raise_again)


def noted(fact: CaseRulesApproved) -> NoteRules:
    """The command an approved record calls for."""
    return NoteRules(fact.number, fact.effective_from, fact.effective_to, rules_of(fact.rules))


DEFAULTS: Final = rules_of(DEFAULT_RULES)
FOLLOWED_RULES: Final[
    Aggregate[followed_rules.Command, followed_rules.Event, followed_rules.FollowedRules]
] = Aggregate(
    category="followed-rules",
    initial=followed_rules.INITIAL,
    decide=followed_rules.decide,
    evolve=followed_rules.evolve,
    codec=Codec(followed_rules.Event),
    publish=lambda _event, _state, _key: (),
)


async def rules_at(store: EventStore, moment: datetime) -> tuple[Rules, int]:
    """The rules for a command at a moment, with their version: of the records noted by now, or the default
    ones, which are version 0."""
    followed = FOLLOWED_RULES.fold(await store.load(FOLLOWED_RULES.stream(FOLLOWED_RULES_KEY)))
    day = moment.astimezone(CHINA).date()
    return followed.in_force(day) or DEFAULTS, followed.version_in_force(day)
