"""倒查: a case's timeline as it was released to those who trace failures back; one stream per case."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from accountability.domain.refusals import require


@dataclass(frozen=True, slots=True)
class ReleaseTraceBack:
    """By the office. ``digest`` is the SHA-256 of the document's text; document and reason come sealed."""

    known: bool
    """Whether there is such a case."""
    digest: str
    document: str
    reason: str
    by: str


Command = ReleaseTraceBack


@dataclass(frozen=True, slots=True)
class TraceBackReleased:
    """``number`` counts from 1; every release is a document of its own."""

    name: ClassVar[str] = "accountability.trace-back.trace-back-released.v1"
    number: int
    digest: str
    document: str
    reason: str
    by: str


Event = TraceBackReleased


@dataclass(frozen=True, slots=True)
class TraceBack:
    """How often it was released, and what last."""

    number: int = 0
    digest: str = ""


INITIAL = TraceBack()


def decide(command: Command, trace_back: TraceBack) -> list[Event]:
    """The facts that follow from a command; raises ``Refused`` with nothing changed."""
    require(command.known, "unknown-case")
    require(command.reason != "", "releasing-needs-a-reason")
    if trace_back.digest == command.digest:
        return []
    number = trace_back.number + 1
    return [TraceBackReleased(number, command.digest, command.document, command.reason, command.by)]


def evolve(trace_back: TraceBack, event: Event, at: datetime) -> TraceBack:
    """The releases after a fact."""
    return TraceBack(event.number, event.digest)
