"""People, places and beginnings that the stories of intake share."""

from dataclasses import replace
from datetime import UTC, datetime

from backbone.testing import Scenario
from intake.application.grid_publishing import GRID_NETWORK, GRID_REPORT
from intake.application.publishing import LETTER, WHISTLE
from intake.domain import grid_network, grid_report, letter, whistle
from intake.domain.letter import facts as letter_facts
from intake.domain.whistle.commands import Signature
from intake.domain.whistle.facts import (
    Content,
    DepartmentRating,
    Issue,
    IssueJudgement,
    WhistleAwaitingConfirmation,
    WhistleDispatched,
    WhistleDrafted,
    WhistleHandling,
    WhistleRaised,
    WhistleSigned,
)

YUANCUN = "410923102"
HANZHANG = "410923101"
WATER = "water-resources"
FARMING = "agriculture-rural"
TRANSPORT = "transport"
MORNING = datetime(2026, 3, 3, 0, 30, tzinfo=UTC)
"""Tuesday 3 March 2026, 08:30 in China."""
NUMBER = "NL-2026-000001"

DITCH = Issue("ditch", "sealed ditch", "SL-03")
FIELDS = Issue("fields", "sealed fields")
FLOOD = Content(
    village="410923102201",
    kind="public_appeal",
    ground="cross_department",
    text="sealed flood",
    issues=(DITCH, FIELDS),
    departments=(WATER, FARMING),
    raised_by="sealed clerk",
)
"""元村镇: after the storm a ditch is blocked and fields stand under water."""
FIREWORKS = replace(FLOOD, kind="emergency", text="sealed fireworks")
"""疑似烟花爆竹存放点: an emergency."""

AT_ONCE = Signature("sealed leader")
IN_THE_MORNING = Signature("sealed leader", MORNING)

DRAFTED = WhistleDrafted(YUANCUN, FLOOD)
RAISED = WhistleRaised(NUMBER, emergency=False)
SIGNED = WhistleSigned("sealed leader", None)
DISPATCHED = WhistleDispatched((WATER, FARMING))
HANDLING = WhistleHandling()
DITCH_SOLVED = IssueJudgement("ditch", "solved")
FIELDS_SOLVED = IssueJudgement("fields", "solved")
FIELDS_PARTLY = IssueJudgement("fields", "partly")
WATER_SATISFIED = DepartmentRating(WATER, "satisfied")
FARMING_SATISFIED = DepartmentRating(FARMING, "satisfied")
AWAITING = WhistleAwaitingConfirmation((DITCH_SOLVED, FIELDS_SOLVED), cycle=1)

nothing_yet: Scenario[whistle.Command, whistle.Event, whistle.Whistle] = Scenario.of(WHISTLE)
a_draft = nothing_yet.given(DRAFTED)
a_raised_whistle = a_draft.given(RAISED)
a_signed_whistle = a_raised_whistle.given(SIGNED)
a_dispatched_whistle = a_signed_whistle.given(DISPATCHED)
a_whistle_in_handling = a_dispatched_whistle.given(HANDLING)
a_concluded_whistle = a_whistle_in_handling.given(AWAITING)
a_raised_emergency = nothing_yet.given(
    WhistleDrafted(YUANCUN, FIREWORKS), WhistleRaised(NUMBER, emergency=True)
)

LETTER_NUMBER = "NL-XJ-2026-000001"
POTHOLE = letter.Content(
    channel="express",
    number=LETTER_NUMBER,
    anonymous=False,
    title="sealed title",
    text="sealed text",
    writer="sealed writer",
    township=YUANCUN,
)
no_letter_yet: Scenario[letter.Command, letter.Event, letter.Letter] = Scenario.of(LETTER)
a_letter = no_letter_yet.given(letter_facts.LetterSubmitted(POTHOLE))
an_answered_letter = a_letter.given(letter_facts.LetterResponded("sealed answer", final=False))
a_resolved_letter = an_answered_letter.given(letter_facts.LetterResolved("sealed result"))

PUDDLE = grid_report.Content(
    number="NL-WG-2026-000001",
    source="resident",
    township=YUANCUN,
    title="sealed title",
    text="sealed puddle",
    village="410923102201",
    grid="410923102201-01",
    leader="leader-410923102",
    item="facilities",
    reporter="sealed resident",
)
"""路面积水: what a resident tells the grid worker."""
no_report_yet: Scenario[grid_report.Command, grid_report.Event, grid_report.GridReport] = Scenario.of(
    GRID_REPORT
)
a_report = no_report_yet.given(grid_report.GridReportFiled(PUDDLE))
a_closed_report = a_report.given(grid_report.GridReportClosed("grid", "sealed reply"))
a_promoted_report = a_report.given(grid_report.GridReportPromoted("whistle-case"))
a_report_sent_elsewhere = a_report.given(grid_report.GridReportRoutedAway("service"))

FIRST_GRID = grid_network.Grid(
    code="410923102201-01",
    name="元村村第一网格",
    township=YUANCUN,
    villages=("410923102201", "410923102202"),
    worker="grid-worker-410923102",
    leader="leader-410923102",
)
FACILITIES = grid_network.AdmittedItem("facilities", "公共设施")
NETWORK = grid_network.GridNetworkPublished(1, "演示文件", (FIRST_GRID,), (FACILITIES,))
no_network_yet: Scenario[grid_network.Command, grid_network.Event, grid_network.GridNetwork] = Scenario.of(
    GRID_NETWORK
)
a_network = no_network_yet.given(NETWORK)
