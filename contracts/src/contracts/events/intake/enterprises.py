"""首席服务员: enterprises, and who serves each."""

from typing import ClassVar

from contracts.events.published import Published


class EnterpriseRegistered(Published):
    """An enterprise is served here, or its entry was changed. ``case_id`` is the enterprise's id."""

    NAME: ClassVar[str] = "intake.enterprise.enterprise-registered.v1"
    number: str
    credit_code: str
    name: str
    township: str
    village: str | None = None


class ServiceOfficerAssigned(Published):
    """This person serves the enterprise from now on."""

    NAME: ClassVar[str] = "intake.enterprise.service-officer-assigned.v1"
    unit: str
    officer_sealed: str
    phone_sealed: str


class ServiceOfficerRelieved(Published):
    """Nobody serves the enterprise for now."""

    NAME: ClassVar[str] = "intake.enterprise.service-officer-relieved.v1"


class EnterpriseEnded(Published):
    """The enterprise is served no more."""

    NAME: ClassVar[str] = "intake.enterprise.enterprise-ended.v1"
