"""From the facts of enterprises to the published language."""

from collections.abc import Sequence
from typing import Final

from backbone.decider import Aggregate, Codec
from contracts.events import Published
from contracts.events import intake as published
from intake.domain import enterprise


def publish_enterprise(
    event: enterprise.Event, state: enterprise.Enterprise, key: str
) -> Sequence[tuple[str, str, str]]:
    """What others learn."""
    fact: Published
    match event:
        case enterprise.EnterpriseRegistered(number, entry):
            fact = published.EnterpriseRegistered(
                case_id=key,
                number=number,
                credit_code=entry.credit_code,
                name=entry.name,
                township=entry.township,
                village=entry.village,
            )
        case enterprise.ServiceOfficerAssigned(officer):
            fact = published.ServiceOfficerAssigned(
                case_id=key, unit=officer.unit, officer_sealed=officer.name, phone_sealed=officer.phone
            )
        case enterprise.ServiceOfficerRelieved():
            fact = published.ServiceOfficerRelieved(case_id=key)
        case enterprise.EnterpriseEnded():
            fact = published.EnterpriseEnded(case_id=key)
    return [(fact.NAME, fact.case_id, fact.model_dump_json(exclude_none=True))]


ENTERPRISE: Final[Aggregate[enterprise.Command, enterprise.Event, enterprise.Enterprise]] = Aggregate(
    category="enterprise",
    initial=enterprise.INITIAL,
    decide=enterprise.decide,
    evolve=enterprise.evolve,
    codec=Codec(enterprise.Event),
    publish=publish_enterprise,
)
