"""首席服务员: the enterprises of the county, each with the named person who serves it and speaks for it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Final, assert_never

from intake.domain.refusals import require

_DIGITS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Characters of a credit code, each standing for its place (GB 32100)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An enterprise by its credit code (统一社会信用代码), in the township it lies in."""

    credit_code: str
    name: str
    township: str
    village: str | None = None


@dataclass(frozen=True, slots=True)
class Officer:
    """The named owner: the code of the unit, name and telephone sealed."""

    unit: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class RegisterEnterprise:
    """Enter it, change its entry, or take it up again; ``by`` is a township's code, None for the office."""

    by: str | None
    entry: Entry
    number: str


@dataclass(frozen=True, slots=True)
class AssignServiceOfficer:
    """Name who serves it from now on, in the place of whoever did."""

    by: str | None
    officer: Officer


@dataclass(frozen=True, slots=True)
class RelieveServiceOfficer:
    """Nobody serves it for now."""

    by: str | None


@dataclass(frozen=True, slots=True)
class EndEnterprise:
    """It has closed or left."""

    by: str | None


Command = RegisterEnterprise | AssignServiceOfficer | RelieveServiceOfficer | EndEnterprise


@dataclass(frozen=True, slots=True)
class EnterpriseRegistered:
    """It is served here, with this entry."""

    name: ClassVar[str] = "intake.enterprise.enterprise-registered.v1"
    number: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class ServiceOfficerAssigned:
    """This person serves it from now on."""

    name: ClassVar[str] = "intake.enterprise.service-officer-assigned.v1"
    officer: Officer


@dataclass(frozen=True, slots=True)
class ServiceOfficerRelieved:
    """Nobody serves it for now."""

    name: ClassVar[str] = "intake.enterprise.service-officer-relieved.v1"


@dataclass(frozen=True, slots=True)
class EnterpriseEnded:
    """It is served no more."""

    name: ClassVar[str] = "intake.enterprise.enterprise-ended.v1"


Event = EnterpriseRegistered | ServiceOfficerAssigned | ServiceOfficerRelieved | EnterpriseEnded


@dataclass(frozen=True, slots=True)
class Enterprise:
    """What the next decision needs to know."""

    number: str = ""
    entry: Entry | None = None
    officer: Officer | None = None
    ended: bool = False


INITIAL = Enterprise()


def evolve(enterprise: Enterprise, event: Event, at: datetime) -> Enterprise:
    """The enterprise after a fact; never refuses."""
    match event:
        case EnterpriseRegistered(number, entry):
            return replace(enterprise, number=number, entry=entry, ended=False)
        case ServiceOfficerAssigned(officer):
            return replace(enterprise, officer=officer)
        case ServiceOfficerRelieved():
            return replace(enterprise, officer=None)
        case EnterpriseEnded():
            return replace(enterprise, officer=None, ended=True)
        case _:
            assert_never(event)


def decide(command: Command, enterprise: Enterprise) -> list[Event]:
    """The facts that follow from a command; raises ``Refused`` with nothing changed."""
    match command:
        case RegisterEnterprise(by, entry, number):
            return _register(by, entry, number, enterprise)
        case AssignServiceOfficer(by, officer):
            _own(by, enterprise)
            if enterprise.officer == officer:
                return []
            require(not enterprise.ended, "enterprise-ended")
            require(officer.name != "", "service-officer-needs-a-name")
            require(officer.phone != "", "service-officer-needs-a-phone")
            require(officer.unit != "", "service-officer-needs-a-unit")
            return [ServiceOfficerAssigned(officer)]
        case RelieveServiceOfficer(by):
            _own(by, enterprise)
            return [] if enterprise.officer is None else [ServiceOfficerRelieved()]
        case EndEnterprise(by):
            _own(by, enterprise)
            return [] if enterprise.ended else [EnterpriseEnded()]
        case _:
            assert_never(command)


def require_citable(township: str, enterprise: Enterprise) -> None:
    """A whistle speaks for an enterprise of its own township that is still there."""
    _own(township, enterprise)
    require(not enterprise.ended, "enterprise-ended")


def valid_credit_code(code: str) -> bool:
    """Whether the check character is that of the other seventeen."""
    if len(code) != 18 or any(each not in _DIGITS for each in code):
        return False
    total = sum(_DIGITS.index(each) * 3**place for place, each in enumerate(code[:17]))
    return _DIGITS[-total % 31] == code[17]


def _register(by: str | None, entry: Entry, number: str, enterprise: Enterprise) -> list[Event]:
    require(by is None or entry.township == by, "enterprise-of-another-township")
    elsewhere = enterprise.entry is not None and by not in (None, enterprise.entry.township)
    require(not elsewhere, "enterprise-of-another-township")
    if enterprise.entry == entry and not enterprise.ended:
        return []
    require(valid_credit_code(entry.credit_code), "credit-code-is-wrong")
    require(entry.name != "", "enterprise-needs-a-name")
    require(entry.township != "", "enterprise-needs-a-township")
    return [EnterpriseRegistered(enterprise.number or number, entry)]


def _own(by: str | None, enterprise: Enterprise) -> None:
    """Another township's enterprise is, to this one, none at all."""
    entry = enterprise.entry
    require(entry is not None and by in (None, entry.township), "unknown-enterprise")
