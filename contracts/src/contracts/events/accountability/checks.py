"""抽查: what a spot check of a closed whistle has found."""

from datetime import datetime
from typing import ClassVar, Literal

from contracts.events.published import Published


class SpotCheckFailed(Published):
    """The resident or the site says otherwise than the closing: the whistle is raised again (W9).

    ``case_id`` is the whistle.
    """

    NAME: ClassVar[str] = "accountability.spot-check.spot-check-failed.v1"
    check_id: str
    finding_sealed: str
    unit: str
    """The unit that checked: the office, which raises it again."""
    cycle: int | None = None
    """The cycle whose closing was checked; None: the last one."""
    way: Literal["resident", "site"] | None = None
    asked_sealed: str | None = None
    """Who was asked."""


class ChecksDrawn(Published):
    """抽查抽样: which closed whistles of a period are checked; ``case_id`` is uuid5 of the period.

    Whoever has the cases, the seed and the policy draws the same ones; ``digest`` proves the cases.
    """

    NAME: ClassVar[str] = "accountability.spot-check.checks-drawn.v1"
    period: str
    seed: int
    population: int
    drawn: int
    digest: str
    as_of: datetime


class SpotCheckDrawn(Published):
    """A closed whistle is to be checked; ``case_id`` is the whistle."""

    NAME: ClassVar[str] = "accountability.spot-check.spot-check-drawn.v1"
    check_id: str
    period: str
    cycle: int
    stratum: str
    weight: int


class SpotCheckAssigned(Published):
    """Somebody of another unit than those concerned is to check."""

    NAME: ClassVar[str] = "accountability.spot-check.spot-check-assigned.v1"
    check_id: str
    checker: str
    """Subject."""
    unit: str
    """The checker's."""


class SpotCheckPassed(Published):
    """The resident or the site bears out the closing."""

    NAME: ClassVar[str] = "accountability.spot-check.spot-check-passed.v1"
    check_id: str
    unit: str
    way: Literal["resident", "site"]
    asked_sealed: str
    finding_sealed: str | None = None
    cycle: int | None = None
