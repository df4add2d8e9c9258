"""倒查: the timeline of a case as it was released to the discipline and organisation bodies."""

from typing import ClassVar

from contracts.events.published import Published


class TraceBackReleased(Published):
    """A document that shows a case as it was then; ``digest`` is the SHA-256 of its JSON text."""

    NAME: ClassVar[str] = "accountability.trace-back.trace-back-released.v1"
    number: int
    digest: str
    by: str
    """Subject."""
    reason_sealed: str
    document_sealed: str
