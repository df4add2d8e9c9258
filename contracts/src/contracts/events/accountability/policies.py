"""时限政策: the limits that are proposed, and those in force."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from contracts.events.accountability.clocks import ClockKind
from contracts.events.published import Published


class PolicyLimit(BaseModel):
    """How long a clock runs for one kind of case; ``amount`` is a number of days or of seconds."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    profile: Literal["ordinary", "complex", "emergency"]
    unit: Literal["seconds", "working-seconds", "working-days", "calendar-days"]
    amount: int


class PolicyFact(Published):
    """A fact of one policy record. ``case_id`` is uuid5 of clock and scope."""

    kind: ClockKind
    scope: str
    """A township's code, or empty: the whole county."""
    number: int
    version: str
    """As clocks pin it: ``C5.2``, in a scope ``C5@410923102.1``."""


class PolicyTerms(PolicyFact):
    """What a record says; effective days are Shanghai days, both belong to it."""

    limits: tuple[PolicyLimit, ...]
    effective_from: date
    effective_to: date | None = None
    source_document: str
    start: str | None = None
    """What starts the clock, and what stops it: ``occasion-…`` of the catalogue. No policy changes them."""
    stop: str | None = None
    ending: Literal["breach", "expire"] | None = None
    """What passing the deadline means."""


class PolicyProposed(PolicyTerms):
    """A person proposed terms; they are not in force."""

    NAME: ClassVar[str] = "accountability.policy.policy-proposed.v1"


class PolicyApproved(PolicyTerms):
    """Another person approved them; open clocks that started in its days move to it."""

    NAME: ClassVar[str] = "accountability.policy.policy-approved.v1"


class PolicyDeclined(PolicyFact):
    """A proposal was turned down."""

    NAME: ClassVar[str] = "accountability.policy.policy-declined.v1"
    reason_sealed: str
