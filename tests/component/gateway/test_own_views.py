"""Saved views of the case list, and the calendar feed: each person's own."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import icalendar
import pytest

from backbone.web import service_app
from contracts.catalogue import sentence
from contracts.events import intake, routing
from gateway.entrypoints.calendar_feed import calendar_router
from gateway.entrypoints.graphql.enums import ClockFilter
from gateway.entrypoints.graphql.inputs import CaseOrderField, OrderDirection
from tests.backbone.edge import SECRET
from tests.component.gateway.board import (
    ADMINISTRATOR,
    CASE,
    CLERK,
    DISPATCHER,
    LIAISON,
    POWER,
    STRANGER,
    WATER,
    YUANCUN,
    ZHANGGUOTUN,
    Board,
    assigned,
    case_number,
    whistle,
)
from tests.component.gateway.outside import HOME, NOW, Outside, outside
from tests.component.gateway.test_deliveries import CLOCK, dispatched

VIEWS = "{ savedViews { viewId name filter { types states unit clockState emergency number text } } }"
SAVE = """mutation($name: String!, $filter: CaseFilterInput!) {
  saveView(name: $name, filter: $filter) { viewId name } }"""
OPEN_FEED = "mutation { openCalendarFeed { path endsAt } }"


@pytest.fixture
async def out(board: Board) -> AsyncIterator[Outside]:
    async with outside(board) as made:
        yield made


@pytest.fixture
async def calendar(out: Outside) -> AsyncIterator[httpx.AsyncClient]:
    view: Any = out.board.view
    app = service_app(
        "gateway",
        store=None,
        verifier=out.board.parts.verifier,
        sentence=sentence,
        secret=SECRET,
        routers=[calendar_router(view, out.telling.feeds, HOME)],
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOME) as client:
        yield client


async def save(out: Outside, name: str, actor: Any = CLERK, **wanted: Any) -> str:
    """Save a view."""
    told = await out.board.ask(SAVE, actor, {"name": name, "filter": wanted})
    return str(told["saveView"]["viewId"])


async def views(out: Outside, actor: Any = CLERK) -> list[dict[str, Any]]:
    """Somebody's views."""
    found: list[dict[str, Any]] = (await out.board.ask(VIEWS, actor))["savedViews"]
    return found


async def test_a_view_comes_back_as_it_was_saved(out: Outside) -> None:
    wanted = {
        "types": ["WHISTLE"],
        "states": ["HANDLING", "DISPATCHED"],
        "clockState": "DUE_SOON",
        "emergency": True,
        "text": "沟渠",
    }

    await save(out, " 快到期的 ", **wanted)

    (view,) = await views(out)
    assert view["name"] == "快到期的"
    assert view["filter"] == {"unit": None, "number": None} | wanted
    assert "沟渠" not in str(await out.rows("SELECT * FROM saved_view"))


FILTER = """filter { types states unit clockState emergency kinds createdSince createdBefore number text }
    orderBy { by direction }"""
CASES = """query($filter: CaseFilterInput, $orderBy: CaseOrderInput) {
  cases(filter: $filter, orderBy: $orderBy) { totalCount edges { node { caseId } } } }"""
EARLY, LATE = "2026-05-08T02:00:30+00:00", "2026-05-08T02:10:00+00:00"
CONDITIONS: list[dict[str, Any]] = [
    {},
    {"types": ["WHISTLE"]},
    {"types": []},
    {"types": ["LETTER", "WHISTLE"], "states": ["SUBMITTED", "HANDLING"]},
    {"states": ["HANDLING"]},
    {"unit": WATER},
    {"unit": ZHANGGUOTUN},
    *({"clockState": each.name} for each in ClockFilter),
    {"emergency": True},
    {"emergency": False},
    {"kinds": ["PUBLIC_APPEAL"]},
    {"kinds": ["KEY_WORK", "EMERGENCY"]},
    {"createdSince": EARLY},
    {"createdBefore": LATE},
    {"createdSince": "2026-05-08T10:00:30", "createdBefore": "2026-05-08T10:10:00+08:00"},
    {"number": "NL-2026-000001"},
    {"text": "沟渠"},
    {"text": "报表", "types": ["LETTER"]},
    {"types": ["WHISTLE"], "unit": WATER, "emergency": False, "kinds": ["PUBLIC_APPEAL"], "text": "沟渠"},
]
ORDERS: list[dict[str, str] | None] = [
    None,
    *({"by": by.name, "direction": way.name} for by in CaseOrderField for way in OrderDirection),
]


async def several_cases(out: Outside) -> None:
    """An ordinary whistle with running clocks, an emergency of another township, and a letter."""
    await dispatched(out)
    other, letter = case_number(2), case_number(3)
    content = await whistle(
        out.board, other, ZHANGGUOTUN, number="NL-2026-000002", kind="emergency", departments=(POWER,)
    )
    await out.board.tell(
        intake.WhistleRaised(**content, emergency=True),
        intake.LetterSubmitted(
            case_id=letter,
            channel="express",
            number="NL-XJ-2026-000001",
            anonymous=False,
            title_sealed=await out.board.seal("报表太多", f"case/{letter}"),
            text_sealed=await out.board.seal("每周重复填报", f"case/{letter}"),
            writer_sealed=await out.board.seal("演示·张", f"person/{CLERK.subject}"),
            township=YUANCUN,
        ),
        routing.DepartmentReportedIn(
            case_id=CASE,
            assignment_id=assigned(WATER).assignment_id,
            unit=WATER,
            part="lead",
            mode="on_site",
            handler_sealed=await out.board.seal("赵某"),
            phone_sealed=await out.board.seal("0393-0000000"),
        ),
    )


async def saved_again(out: Outside, **saved: Any) -> dict[str, Any]:
    """A view as it comes back."""
    await out.board.ask(
        "mutation($name: String!, $filter: CaseFilterInput!, $orderBy: CaseOrderInput) {"
        " saveView(name: $name, filter: $filter, orderBy: $orderBy) { viewId } }",
        DISPATCHER,
        {"name": "我的", **saved},
    )
    (view,) = (await out.board.ask(f"{{ savedViews {{ {FILTER} }} }}", DISPATCHER))["savedViews"]
    return dict(view)


async def test_a_saved_view_gives_the_list_of_its_filter(out: Outside) -> None:
    await several_cases(out)
    counts = set()
    for wanted in CONDITIONS:
        view = await saved_again(out, filter=wanted)

        told = await out.board.ask(CASES, DISPATCHER, {"filter": view["filter"]})

        assert told == await out.board.ask(CASES, DISPATCHER, {"filter": wanted}), wanted
        counts.add(told["cases"]["totalCount"])
    assert counts == {0, 1, 2, 3}  # else equal lists prove nothing


async def test_a_saved_view_gives_it_in_its_order(out: Outside) -> None:
    await several_cases(out)
    lists = set()
    for order in ORDERS:
        view = await saved_again(out, filter={}, orderBy=order)
        assert view["orderBy"] == order

        told = await out.board.ask(CASES, DISPATCHER, view)

        assert told == await out.board.ask(CASES, DISPATCHER, {"filter": {}, "orderBy": order}), order
        lists.add(tuple(edge["node"]["caseId"] for edge in told["cases"]["edges"]))
    assert len(lists) > 2


def test_every_condition_of_the_list_can_be_saved(out: Outside) -> None:
    types: Any = out.board.schema._schema.type_map
    assert set(types["SavedFilter"].fields) == set(types["CaseFilterInput"].fields)
    assert set(types["SavedOrder"].fields) == set(types["CaseOrderInput"].fields)
    asked = {name for wanted in CONDITIONS for name in wanted}
    assert asked == set(types["CaseFilterInput"].fields)


@pytest.mark.parametrize(
    ("kept", "field", "condition"),
    [
        ({"states": ["handling", "evaporated"]}, "filter", "states"),
        ({"types": ["petition"]}, "filter", "types"),
        ({"clock_state": "melted"}, "filter", "clock_state"),
        ({"kinds": ["whisper"]}, "filter", "kinds"),
        ({"created_since": "yesterday"}, "filter", "created_since"),
        ({"colour": "red"}, "filter", "colour"),
        ({"order_by": {"by": "beauty", "direction": "asc"}}, "orderBy", "order_by"),
        ({"order_by": {"by": "due"}}, "orderBy", "order_by"),
    ],
)
async def test_a_view_with_what_has_vanished_since_says_so_and_hides_no_other(
    out: Outside, kept: Any, field: str, condition: str
) -> None:
    await save(out, "好的", emergency=True)
    await out.telling.views.save(CLERK.subject, "旧的", kept)

    asked = f"{{ savedViews {{ name {FILTER} }} }}"
    result = await out.board._run(asked, CLERK, None)

    (problem,) = result.errors
    assert problem.path == ["savedViews", 1, field]
    assert problem.extensions["code"] == "view-is-outdated"
    assert problem.extensions["params"] == {"name": "旧的", "condition": condition}
    good, old = result.data["savedViews"]
    assert (good["name"], good["filter"]["emergency"], old["name"], old[field]) == (
        "好的",
        True,
        "旧的",
        None,
    )
    await save(out, "旧的", emergency=False)
    assert [view["filter"]["emergency"] for view in await views(out)] == [True, False]


async def test_a_name_stands_once_per_person(out: Outside) -> None:
    first = await save(out, "我的", emergency=True)
    again = await save(out, "我的", emergency=False)
    await save(out, "我的", LIAISON)

    assert first == again
    assert [view["filter"]["emergency"] for view in await views(out)] == [False]
    assert len(await views(out, LIAISON)) == 1


async def test_views_are_deleted_by_their_owner_alone(out: Outside) -> None:
    view = await save(out, "我的")
    delete = f'mutation {{ deleteView(viewId: "{view}") }}'

    assert (await out.board.ask(delete, LIAISON))["deleteView"] is False
    assert (await out.board.ask(delete, CLERK))["deleteView"] is True
    assert await views(out) == []
    assert (await out.board.refusal('mutation { deleteView(viewId: "x") }', CLERK))["code"] == "unknown-view"


async def test_there_are_fifty_views_at_most(out: Outside) -> None:
    for n in range(50):
        await save(out, f"视图{n}")

    refusal = await out.board.refusal(SAVE, CLERK, {"name": "再来", "filter": {}})
    assert refusal["code"] == "too-many-views"
    await save(out, "视图3", emergency=True)


@pytest.mark.parametrize("name", ["", "  ", "长" * 41])
async def test_a_view_has_a_name(out: Outside, name: str) -> None:
    refusal = await out.board.refusal(SAVE, CLERK, {"name": name, "filter": {}})

    assert refusal["code"] == "view-name-invalid"


async def feed_of(out: Outside, actor: Any = LIAISON) -> str:
    """The path of a new feed."""
    return str((await out.board.ask(OPEN_FEED, actor))["openCalendarFeed"]["path"])


async def test_the_feed_has_the_running_deadlines_of_ones_unit(
    out: Outside, calendar: httpx.AsyncClient
) -> None:
    await dispatched(out)

    answer = await calendar.get(await feed_of(out))

    assert answer.headers["content-type"].startswith("text/calendar")
    (event,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(event["uid"]) == f"{CLOCK}@chuishao"
    assert "NL-2026-000001" in str(event["summary"])
    due: Any = event["dtend"]
    assert (due.dt - NOW).total_seconds() == pytest.approx(86400, abs=120)
    assert str(event["url"]) == f"{HOME}/cases/{CASE}"
    assert "沟渠" not in answer.text


async def test_others_deadlines_are_not_in_it(out: Outside, calendar: httpx.AsyncClient) -> None:
    await dispatched(out)

    answer = await calendar.get(await feed_of(out, STRANGER))

    assert icalendar.Calendar.from_ical(answer.content).walk("VEVENT") == []


async def test_only_the_newest_token_counts_until_it_is_revoked(
    out: Outside, calendar: httpx.AsyncClient
) -> None:
    old = await feed_of(out)
    new = await feed_of(out)
    assert (await calendar.get(old)).status_code == 404
    assert (await calendar.get(new)).status_code == 200
    told = (await out.board.ask("{ calendarFeed { path readAt } }", LIAISON))["calendarFeed"]
    assert told["path"] is None
    assert told["readAt"]

    revoke = "mutation { revokeCalendarFeed }"
    assert (await out.board.ask(revoke, LIAISON))["revokeCalendarFeed"] is True
    gone = await calendar.get(new)
    assert (gone.status_code, gone.json()["code"]) == (404, "unknown-calendar-feed")
    assert (await out.board.ask(revoke, LIAISON))["revokeCalendarFeed"] is False
    assert new.removeprefix("/calendar/").removesuffix(".ics") not in str(
        await out.rows("SELECT * FROM calendar_feed")
    )


async def test_the_administrator_revokes_anothers_and_nobody_else_does(out: Outside) -> None:
    await feed_of(out)
    revoke = f'mutation {{ revokeCalendarFeed(subject: "{LIAISON.subject}") }}'

    assert (await out.board.refusal(revoke, CLERK))["code"] == "not-permitted"
    assert (await out.board.ask(revoke, ADMINISTRATOR))["revokeCalendarFeed"] is True


async def test_a_feed_ends_after_a_year(out: Outside, calendar: httpx.AsyncClient) -> None:
    path = await feed_of(out)

    await out.later(days=367)

    assert (await calendar.get(path)).status_code == 404
