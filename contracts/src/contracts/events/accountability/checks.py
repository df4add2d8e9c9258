"""抽查: what a spot check of a closed whistle has found."""

from typing import ClassVar

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
