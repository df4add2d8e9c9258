"""节点完成: a step of the plan is done."""

from accountability.domain.parking.commands import ReachMilestone
from accountability.domain.parking.facts import MilestoneReached
from tests.domain.accountability.parking_stories import IN_HAND, TRANSPORT, applied, nothing, parked
from tests.domain.accountability.stories import WATER

REACH = ReachMilestone(WATER, IN_HAND, 1)


def test_is_marked_once() -> None:
    reached = parked.when(REACH).then(MilestoneReached(1, 1, WATER))
    reached.when(REACH).then_nothing()


def test_is_one_of_the_plan() -> None:
    parked.when(ReachMilestone(WATER, IN_HAND, 3)).then_refused("unknown-milestone")


def test_is_the_leads_while_it_stands_still() -> None:
    parked.when(ReachMilestone(TRANSPORT, IN_HAND, 1)).then_refused("only-the-lead-may")
    nothing.when(REACH).then_refused("not-parked")
    applied.when(REACH).then_refused("not-parked")
