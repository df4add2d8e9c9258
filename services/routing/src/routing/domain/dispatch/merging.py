"""并哨: the later-signed of two whistles about one matter goes on in the earlier one (W13).

Both sides are decided here and stored in one append, so no whistle is ever half merged: a command that was
quicker on either side makes both be decided again.
"""

from dataclasses import replace

from routing.domain.dispatch.desk import require_dispatched
from routing.domain.dispatch.facts import AdoptedCase, Assigned, ChildAdopted, Event, WhistleMerged
from routing.domain.dispatch.joining_commands import Adopt, JoiningPart, MergeInto
from routing.domain.dispatch.opening import assignment_id
from routing.domain.dispatch.state import Dispatch, Stage
from routing.domain.refusals import require


def in_order(one: Dispatch, other: Dispatch) -> tuple[Dispatch, Dispatch]:
    """(parent, child): the earlier-signed is the parent, whichever is named first."""
    require(one.case_id != other.case_id, "merging-needs-two-whistles")
    for each in (one, other):
        require_dispatched(each)
    # Signed in the same instant, the order is any, but always the same one.
    parent, child = sorted((one, other), key=lambda each: (each.signed_at, each.case_id))
    return parent, child


def adoption_of(child: Dispatch) -> Adopt:
    """What a parent takes on with a child: its own issues, and those it had adopted itself."""
    before = {issue_id for each in child.adopted for issue_id in each.issue_ids}
    own = AdoptedCase(
        child.case_id,
        child.township,
        tuple(each for each in child.issue_ids if each not in before),
        tuple(each.assigned.unit for each in child.assignments),
    )
    parts = tuple(JoiningPart(each.assigned.unit, each.assigned.issue_ids) for each in child.assignments)
    return Adopt(child.case_id, child.emergency, (own, *child.adopted), parts)


def adopt(command: Adopt, parent: Dispatch) -> list[Event]:
    """The child's departments join as assists; the parent's lead and its clocks stay as they are."""
    if any(each.case_id == command.child for each in parent.adopted):
        return []
    require(parent.stage is not Stage.CONCLUDED, "earlier-whistle-concluded")
    require(parent.stage is Stage.OUT, "earlier-whistle-ended")
    # Its hours would turn into days.
    require(parent.emergency or not command.emergency, "emergency-needs-an-emergency")
    issued, changed = [], []
    for part in command.parts:
        has = parent.assignment(part.unit)
        if has is None:
            given = assignment_id(parent.case_id, part.unit, parent.cycle, parent.given_ids)
            issued.append(Assigned(given, part.unit, "assist", part.issue_ids, provisional=False))
        elif part.issue_ids:
            issue_ids = (*has.assigned.issue_ids, *part.issue_ids)
            changed.append(replace(has.assigned, issue_ids=issue_ids))
    return [ChildAdopted(command.child, command.adopted, tuple(issued), tuple(changed))]


def merge_into(command: MergeInto, child: Dispatch) -> list[Event]:
    """Its departments and issues are the parent's from now on."""
    if child.merged_into == command.parent:
        return []
    require(child.stage is not Stage.CONCLUDED, "later-whistle-concluded")
    require(child.stage is Stage.OUT, "later-whistle-ended")
    return [WhistleMerged(command.parent)]
