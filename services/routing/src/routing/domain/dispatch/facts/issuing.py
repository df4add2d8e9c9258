"""派出事实: who has a whistle, and what the desk made of it (W3, W4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from routing.domain.dispatch.facts.parts import Assigned, CitedItem, Issue, Reason


@dataclass(frozen=True, slots=True)
class DispatchScheduled:
    """W3 outside working hours: it goes out at ``dispatch_at``.

    ``left_out`` were named by the township, but no such department is registered.
    """

    name: ClassVar[str] = "routing.dispatch.dispatch-scheduled.v1"
    case_id: str
    township: str
    issues: tuple[Issue, ...]
    departments: tuple[str, ...]
    left_out: tuple[str, ...]
    dispatch_at: datetime
    signed_at: datetime | None = None
    """When it came into force; of two whistles that are merged the earlier one leads."""


@dataclass(frozen=True, slots=True)
class DispatchIssued:
    """W3: the whistle is with its departments; ``left_out`` as above."""

    name: ClassVar[str] = "routing.dispatch.dispatch-issued.v1"
    case_id: str
    township: str
    emergency: bool
    complex: bool
    provisional: bool
    scheduled: bool
    issue_ids: tuple[str, ...]
    assignments: tuple[Assigned, ...]
    cycle: int
    reason: Reason
    list_version: int | None
    cited: tuple[CitedItem, ...]
    left_out: tuple[str, ...]
    signed_at: datetime | None = None
    """As above; None where the scheduling has said it."""


@dataclass(frozen=True, slots=True)
class DispatchConfirmed:
    """W4: the desk has spoken; without an owner found the provisional departments stay provisional.

    ``at`` is when no owner was found: from then on a dispute asks whose duty it is.
    """

    name: ClassVar[str] = "routing.dispatch.dispatch-confirmed.v1"
    legal_basis: str
    owner_found: bool
    complex: bool
    complex_reason: str | None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DispatchCorrected:
    """W4: the desk names others. ``changed`` are kept assignments with another part or other issues."""

    name: ClassVar[str] = "routing.dispatch.dispatch-corrected.v1"
    legal_basis: str
    complex: bool
    complex_reason: str | None
    voided: tuple[Assigned, ...]
    issued: tuple[Assigned, ...]
    changed: tuple[Assigned, ...]
