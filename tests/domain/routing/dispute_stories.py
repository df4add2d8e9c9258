"""Units, words and beginnings that the stories of disputes and task-down reviews share."""

from dataclasses import replace
from datetime import UTC, date, datetime

from backbone.testing import Scenario
from routing.application.disputes_publishing import DISPUTE
from routing.application.reviews_publishing import TASK_DOWN_REVIEW
from routing.domain import dispute, task_down_review
from routing.domain.dispute.commands import (
    AcceptDispute,
    AgreeOnDuty,
    Decided,
    FileDispute,
    ReferUp,
    RequestReconsideration,
    RuleOnDuty,
    SettleAtOnce,
    Standing,
)
from routing.domain.dispute.facts import Ruling, Share
from routing.domain.task_down_review.commands import (
    DecideTaskDown,
    IssueTask,
    ProposeTaskDown,
    StartReview,
)
from tests.domain.routing.stories import CASE, DITCHES, EVERYONE, FARMING, POWER, WATER, YUANCUN

ESTABLISHMENT = "establishment-office"
WEDNESDAY = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
"""Wednesday 4 March 2026, 10:00 in China."""
MONDAY_NIGHT = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
"""24:00 of Monday 9 March 2026 in China: three working days after Wednesday."""

REPORTED = Standing(YUANCUN, "assignment-of-water", reported_in=True, ongoing=True)
SILENT = replace(REPORTED, reported_in=False)
NOT_MINE = FileDispute(
    disputed_department=WATER,
    filed_by=WATER,
    filer="department",
    legal_basis="《农业法》第十九条",
    matter="sealed matter",
    registered=EVERYONE,
    whistle=CASE,
    standing=REPORTED,
    proposed_owner=FARMING,
)
"""Water resources has reported in and says that field drainage is the farming bureau's."""

FIELDS_ARE_FARMINGS = Ruling(
    duty="农田积水排涝",
    lead=FARMING,
    legal_basis="《农业法》第十九条",
    assists=(Share(WATER, "保障骨干沟渠行洪"),),
    valid_from=date(2026, 3, 4),
    precedent=True,
    item_code="NY-01",
)
RULED = Decided(FIELDS_ARE_FARMINGS, EVERYONE, frozenset({POWER}), True, None, WEDNESDAY)
RULE = RuleOnDuty(RULED, MONDAY_NIGHT)
WATER_AFTER_ALL = replace(RULED, ruling=Ruling("农田积水排涝", WATER, "《防洪法》第六条"))
POWERS = replace(RULED, ruling=Ruling("机井用电设施抢修", POWER, "《电力供应与使用条例》"))
BY_TELEPHONE = AgreeOnDuty(RULED, "telephone")
BY_THE_LIST = AgreeOnDuty(
    replace(RULED, ruling=Ruling("沟渠清障", WATER, "权责清单", item_code=DITCHES.code), listed=DITCHES),
    "listed",
)
AT_ONCE = SettleAtOnce(NOT_MINE, BY_TELEPHONE)
BEYOND_US = ReferUp("市委编办", "not-the-countys", "sealed reason")
AGAIN = RequestReconsideration(FARMING, "sealed grounds", WEDNESDAY)

DisputeStory = Scenario[dispute.Command, dispute.Event, dispute.Dispute]
ReviewStory = Scenario[task_down_review.Command, task_down_review.Event, task_down_review.TaskDownReview]
no_dispute_yet: DisputeStory = Scenario.of(DISPUTE)
no_review_yet: ReviewStory = Scenario.of(TASK_DOWN_REVIEW)


def disputed(*commands: dispute.Command) -> DisputeStory:
    """The dispute after commands that are not refused."""
    story = no_dispute_yet
    for command in commands:
        outcome = story.when(command)
        assert outcome.refusal is None, outcome.refusal
        story = story.given(*outcome.events)
    return story


def reviewed(*commands: task_down_review.Command) -> ReviewStory:
    """The review after commands that are not refused."""
    story = no_review_yet
    for command in commands:
        outcome = story.when(command)
        assert outcome.refusal is None, outcome.refusal
        story = story.given(*outcome.events)
    return story


a_filed_dispute = disputed(NOT_MINE)
an_accepted_dispute = disputed(NOT_MINE, AcceptDispute())
a_ruled_dispute = disputed(NOT_MINE, AcceptDispute(), RULE)
an_agreed_dispute = disputed(AT_ONCE)
a_referred_dispute = disputed(NOT_MINE, AcceptDispute(), BEYOND_US)
a_questioned_ruling = disputed(NOT_MINE, AcceptDispute(), RULE, AGAIN)

CENSUS = ProposeTaskDown(
    department=FARMING,
    measure="农田灌溉设施逐户登记",
    townships=(YUANCUN,),
    known=frozenset({YUANCUN}),
    resources="sealed: two people and 30,000 yuan",
    capacity="sealed: within what townships do already",
)
"""The farming bureau wants townships to register irrigation, and cites no line of the list."""
APPROVE = DecideTaskDown("approved", resources_attached=True, beyond_capacity=False)
WITH_CONDITIONS = DecideTaskDown("approved_with_conditions", False, False, conditions="sealed conditions")
REFUSE = DecideTaskDown("refused", False, True, reason="sealed reason")
a_proposed_task = reviewed(CENSUS)
a_task_under_review = reviewed(CENSUS, StartReview())
an_approved_task = reviewed(CENSUS, StartReview(), APPROVE)
a_refused_task = reviewed(CENSUS, StartReview(), REFUSE)
an_issued_task = reviewed(CENSUS, StartReview(), APPROVE, IssueTask(FARMING, "南农〔2026〕8号"))
