"""终结事实: how a dispatch ends, and how it is opened again (W4', W7–W9, W12). Texts are sealed strings."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from routing.domain.dispatch.facts.parts import Assigned

NotAcceptedReason = Literal[
    "outside_the_scope", "own_duty", "facts_missing", "already_handled", "belongs_to_another_channel"
]
"""不属吹哨范围, 属乡镇自身职责, 事实不清, 已在办理, 应走其他渠道."""


@dataclass(frozen=True, slots=True)
class DispatchReopened:
    """W8: the assignments are open again."""

    name: ClassVar[str] = "routing.dispatch.dispatch-reopened.v1"
    cycle: int


@dataclass(frozen=True, slots=True)
class DispatchClosed:
    """The township closed the whistle: no assignment is open any more."""

    name: ClassVar[str] = "routing.dispatch.dispatch-closed.v1"


@dataclass(frozen=True, slots=True)
class WithdrawalRequested:
    """W12 after a report-in: the township asks the office to consent."""

    name: ClassVar[str] = "routing.dispatch.withdrawal-requested.v1"
    reason: str


@dataclass(frozen=True, slots=True)
class WithdrawalRefused:
    """W12: the office does not consent, the work goes on."""

    name: ClassVar[str] = "routing.dispatch.withdrawal-refused.v1"
    reason: str


@dataclass(frozen=True, slots=True)
class DispatchWithdrawn:
    """W12: the township has taken its whistle back; ``consented`` by the office where work had begun."""

    name: ClassVar[str] = "routing.dispatch.dispatch-withdrawn.v1"
    reason: str
    consented: bool


@dataclass(frozen=True, slots=True)
class WhistleNotAccepted:
    """W4': the office does not accept the whistle."""

    name: ClassVar[str] = "routing.dispatch.whistle-not-accepted.v1"
    reason_code: NotAcceptedReason
    legal_basis: str


@dataclass(frozen=True, slots=True)
class AppealNoted:
    """W4': the township has appealed, as intake says."""

    name: ClassVar[str] = "routing.dispatch.appeal-noted.v1"


@dataclass(frozen=True, slots=True)
class AppealDecided:
    """W4': granted, it goes out once more with fresh assignments, one cycle on; or it stays not accepted."""

    name: ClassVar[str] = "routing.dispatch.appeal-decided.v1"
    granted: bool
    reason: str
    assignments: tuple[Assigned, ...]
    cycle: int


@dataclass(frozen=True, slots=True)
class CycleOpened:
    """W9: the closed whistle was raised again; the same departments have fresh assignments."""

    name: ClassVar[str] = "routing.dispatch.cycle-opened.v1"
    assignments: tuple[Assigned, ...]
    cycle: int
