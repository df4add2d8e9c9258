"""How a department stands in a whistle, as a dispute about its part needs to know."""

from routing.domain.dispatch import Dispatch, Stage
from routing.domain.dispute.commands import Standing


def standing_of(dispatch: Dispatch, unit: str) -> Standing | None:
    """The department's standing; None as long as the whistle is with nobody."""
    if dispatch.stage in (Stage.NONE, Stage.SCHEDULED):
        return None
    assignment = dispatch.assignment(unit)
    return Standing(
        township=dispatch.township,
        assignment_id=assignment.assigned.assignment_id if assignment else None,
        reported_in=assignment is not None and assignment.reported_in is not None,
        ongoing=dispatch.stage in (Stage.OUT, Stage.CONCLUDED),
    )
