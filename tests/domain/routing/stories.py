"""Units, duties and beginnings that the stories of routing share."""

from dataclasses import replace
from datetime import UTC, date, datetime

from backbone.testing import Scenario
from routing.application.publishing import DISPATCH, RESPONSIBILITY_LIST
from routing.application.units_publishing import UNIT
from routing.domain import dispatch, responsibility_list, unit
from routing.domain.dispatch.commands import (
    CloseDispatch,
    Conclude,
    ConfirmDispatch,
    OpenDispatch,
    ReopenDispatch,
    ReportIn,
)
from routing.domain.dispatch.facts import Assigned, Issue
from routing.domain.responsibility_list import Item, Version

CASE = "3f0c2b1a-7a55-4c0e-9d7e-0d6d0b0f5a10"
YUANCUN = "410923102"
WATER = "water-resources"
FARMING = "agriculture-rural"
TRANSPORT = "transport"
POWER = "power-supply"
EVERYONE = frozenset({WATER, FARMING, TRANSPORT, POWER})
MONDAY_NIGHT = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
"""Monday 2 March 2026, 21:00 in China."""
TUESDAY_MORNING = datetime(2026, 3, 3, 0, 30, tzinfo=UTC)
"""Tuesday 3 March 2026, 08:30 in China."""
NEW_YEAR = date(2026, 1, 1)

DITCHES = Item(
    "SL-01",
    "沟渠河道堵塞清障和行洪保障",
    "supporting",
    "county",
    WATER,
    "《中华人民共和国防洪法》",
    assists=(TRANSPORT,),
    keywords=("沟渠", "堵塞", "暴雨"),
)
WATERLOGGING = Item("NY-01", "农田积水排涝", "supporting", "county", FARMING, "《中华人民共和国农业法》")
DAMS = Item(
    "SL-02", "水库大坝除险加固", "withdrawn_upward", "county", WATER, "《水库大坝安全管理条例》", complex=True
)
CLEANING = Item(
    "XZ-01", "村庄保洁", "primary", "township", "township", "《村庄清洁条例》", assists=(FARMING,)
)
TRANSFORMERS = Item(
    "DL-01",
    "机井灌溉用电设施损坏抢修",
    "supporting",
    "county",
    POWER,
    "《电力供应与使用条例》",
    assists=(WATER,),
    keywords=("变压器", "烧毁", "浇麦"),
)
ITEMS = (DITCHES, WATERLOGGING, DAMS, CLEANING, TRANSFORMERS)
DUTIES = Version(1, NEW_YEAR, "南编办〔2026〕1号", ITEMS)

DITCH = Issue("ditch", DITCHES.code)
FIELDS = Issue("fields", WATERLOGGING.code)
ROAD = Issue("road")

BLOCKED_DITCH = OpenDispatch(
    case_id=CASE,
    township=YUANCUN,
    emergency=False,
    issues=(DITCH,),
    departments=(WATER, FARMING),
    registered=EVERYONE,
    dispatch_at=None,
    duties=DUTIES,
    at=MONDAY_NIGHT,
)
"""One issue, one owner in the list: final."""
FLOOD = replace(BLOCKED_DITCH, issues=(DITCH, FIELDS, ROAD), departments=(TRANSPORT, WATER, FARMING))
"""元村镇: a blocked ditch, fields under water and a washed-out road: several owners, one item missing."""

nothing_yet: Scenario[dispatch.Command, dispatch.Event, dispatch.Dispatch] = Scenario.of(DISPATCH)


def report_in(unit_code: str) -> ReportIn:
    """The department's plain report-in."""
    return ReportIn(unit_code, unit_code, "sealed name", "sealed phone", "on_site")


def conclude(unit_code: str) -> Conclude:
    """The department's plain conclusion, all solved."""
    return Conclude(unit_code, unit_code, "sealed sentence")


Story = Scenario[dispatch.Command, dispatch.Event, dispatch.Dispatch]


def after(story: Story, *commands: dispatch.Command) -> Story:
    """The story after commands that are not refused."""
    for command in commands:
        outcome = story.when(command)
        assert outcome.refusal is None, outcome.refusal
        story = story.given(*outcome.events)
    return story


def assigned(story: Story, unit_code: str) -> Assigned:
    """What a department was given."""
    assignment = story.state.assignment(unit_code)
    assert assignment is not None, f"{unit_code} has no part"
    return assignment.assigned


a_final_dispatch = after(nothing_yet, BLOCKED_DITCH)
"""Water leads, transport (by the list) and farming (named) assist."""
a_provisional_dispatch = after(nothing_yet, FLOOD)
"""Water leads, farming answers for the fields, transport assists; the desk has not spoken."""
a_scheduled_dispatch = after(nothing_yet, replace(BLOCKED_DITCH, dispatch_at=TUESDAY_MORNING))
a_confirmed_dispatch = after(a_provisional_dispatch, ConfirmDispatch("《防洪法》第六条"))
a_reported_dispatch = after(a_final_dispatch, report_in(WATER), report_in(FARMING))
a_concluded_dispatch = after(a_reported_dispatch, conclude(WATER))
a_reopened_dispatch = after(a_concluded_dispatch, ReopenDispatch(cycle=2))
a_closed_dispatch = after(a_concluded_dispatch, CloseDispatch())

no_list_yet: Scenario[
    responsibility_list.Command, responsibility_list.Event, responsibility_list.ResponsibilityList
] = Scenario.of(RESPONSIBILITY_LIST)
no_unit_yet: Scenario[unit.Command, unit.Event, unit.Unit] = Scenario.of(UNIT)
