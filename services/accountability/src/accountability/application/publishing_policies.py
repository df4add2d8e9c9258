"""From the facts of policy records to the published language."""

from collections.abc import Sequence
from typing import Any

from accountability.domain.occasions import OCCASIONS
from accountability.domain.policy import (
    Event,
    PolicyApproved,
    PolicyDeclined,
    PolicyProposed,
    PolicyRecord,
)
from accountability.domain.terms import PolicyVersion
from contracts.events import Published
from contracts.events import accountability as published


def publish_policy(event: Event, state: PolicyRecord, key: str) -> Sequence[tuple[str, str, str]]:
    """What others learn of a policy record's fact."""
    fact: Published
    match event:
        case PolicyProposed(version, _):
            fact = published.PolicyProposed(**_terms(version, key))
        case PolicyApproved(number, _):
            fact = published.PolicyApproved(**_terms(state.proposed[number][0], key))
        case PolicyDeclined(number, _, reason):
            who = _identity(state.proposed[number][0], key)
            fact = published.PolicyDeclined(**who, reason_sealed=reason)
    return [(fact.NAME, fact.case_id, fact.model_dump_json(exclude_none=True))]


def _identity(version: PolicyVersion, key: str) -> dict[str, Any]:
    return {
        "case_id": key,
        "kind": version.kind.value,
        "scope": version.scope,
        "number": version.number,
        "version": version.label,
    }


def _terms(version: PolicyVersion, key: str) -> dict[str, Any]:
    source, occasion = version.source, OCCASIONS[version.kind]
    return {
        **_identity(version, key),
        "limits": tuple(
            published.PolicyLimit(
                profile=each.profile.value, unit=each.limit.unit.value, amount=each.limit.amount
            )
            for each in version.terms.limits
        ),
        "effective_from": version.effective_from,
        "effective_to": version.effective_to,
        "source_document": f"{source.title} {source.number}".strip(),
        "start": occasion.start,
        "stop": occasion.stop,
        "ending": version.terms.ending.value,
    }
