"""From the facts of the record of case rules to the published language, and between two shapes of rules."""

from typing import Final
from uuid import uuid5

from pydantic import TypeAdapter

from accountability.application.publishing import IDS, Outbound
from accountability.domain import case_rules
from accountability.domain.case_rules import CaseRules
from backbone.decider import Aggregate, Codec
from contracts.events import accountability as published

RULES_KEY: Final = str(uuid5(IDS, "case-rules"))
"""The county has one record of case rules."""
_DOMAIN: Final = TypeAdapter(CaseRules)


def rules_from(rules: published.CaseRules) -> CaseRules:
    """As the domain has them."""
    return _DOMAIN.validate_python(rules.model_dump())


def rules_out(rules: CaseRules) -> published.CaseRules:
    """As the published language has them."""
    return published.CaseRules.model_validate(_DOMAIN.dump_python(rules))


DEFAULTS: Final = rules_from(published.DEFAULT_RULES)


def publish_rules(event: case_rules.Event, state: case_rules.RulesRecord, key: str) -> Outbound:
    """Others learn what is approved; a proposal binds nobody."""
    if not isinstance(event, case_rules.CaseRulesApproved):
        return ()
    version = state.proposed[event.number - 1][0]
    fact = published.CaseRulesApproved(
        case_id=key,
        number=version.number,
        effective_from=version.effective_from,
        effective_to=version.effective_to,
        source_document=f"{version.source.title} {version.source.number}".strip(),
        rules=rules_out(version.rules),
    )
    return [(fact.NAME, fact.case_id, fact.model_dump_json(exclude_none=True))]


CASE_RULES: Final[Aggregate[case_rules.Command, case_rules.Event, case_rules.RulesRecord]] = Aggregate(
    category="case-rules",
    initial=case_rules.INITIAL,
    decide=case_rules.decide,
    evolve=case_rules.evolve,
    codec=Codec(case_rules.Event),
    publish=publish_rules,
)
