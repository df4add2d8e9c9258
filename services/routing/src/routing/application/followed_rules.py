"""The case rules of accountability as routing follows them: noted once, read by the decisions they bind."""

from typing import Final
from uuid import uuid5

from backbone.decider import Aggregate, Codec
from contracts.events.accountability import DEFAULT_RULES, CaseRules, CaseRulesApproved
from routing.application.publishing import NAMES
from routing.domain import followed_rules
from routing.domain.followed_rules import NoteRules, Rules

FOLLOWED_RULES_KEY: Final = str(uuid5(NAMES, "followed-rules"))


def rules_of(rules: CaseRules) -> Rules:
    """What of them concerns routing."""
    return Rules(
        representatives=rules.representatives,
        cycles_that_escalate=rules.cycles_that_escalate,
        transfers_that_escalate=rules.transfers_that_escalate,
        reconsideration_days=rules.reconsideration_days,
    )


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
