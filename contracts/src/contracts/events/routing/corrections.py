"""更正: a recorded time of a department's act is corrected by two people of the office."""

from datetime import datetime
from typing import ClassVar, Literal

from contracts.events.published import Published

CorrectableAct = Literal["report-in", "conclusion"]
"""报到, 主办办结."""


class CorrectionFact(Published):
    """What every fact of a correction says; ``case_id`` is the whistle."""

    correction_id: str
    fact: CorrectableAct
    assignment_id: str
    unit: str
    part: Literal["lead", "assist"]
    cycle: int


class CorrectionProposed(CorrectionFact):
    """It waits for the second person."""

    NAME: ClassVar[str] = "routing.correction.correction-proposed.v1"
    old_at: datetime
    new_at: datetime
    reason_sealed: str
    by: str
    """Subject of who proposes it."""


class FactCorrected(CorrectionFact):
    """It happened at ``new_at``; what rests on ``old_at`` is judged anew, and the old time stays visible."""

    NAME: ClassVar[str] = "routing.correction.fact-corrected.v1"
    old_at: datetime
    new_at: datetime
    reason_sealed: str
    by: str
    approved_by: str
    """Subject of the second person; never who proposed it."""


class CorrectionDeclined(CorrectionFact):
    """The time stays as it was recorded."""

    NAME: ClassVar[str] = "routing.correction.correction-declined.v1"
    reason_sealed: str
    by: str
