"""Figures at the gateway: asked of the service that keeps them, with the caller's own token."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from backbone.identity import Actor
from contracts.events import routing
from tests.component.gateway.board import CLERK, WATER, Board, ServicesInHand

SUPERVISOR = Actor("supervisor-1", "演示·督一", "office_supervisor", "burden-reduction-office")
WATER_LEADER = Actor("water-leader", "演示·李", "department_leader", WATER)
VALUE: dict[str, Any] = {
    "numerator": 5.0,
    "denominator": 6,
    "value": 0.833333,
    "p90": None,
    "too_few": False,
    "pending": 1,
    "provisional": 0,
    "extended": 0,
    "excluded": {"withdrawn": 2},
}
PLACE = {"figure": "report-in", "tier": "busy", "unit": WATER, "unit_name": "水利局", "kind": None}
TABLE: dict[str, Any] = {
    "period": {
        "label": "2026-05",
        "boundary": "12:00",
        "begin": "2026-05-01T04:00:00Z",
        "end": "2026-06-01T04:00:00Z",
    },
    "moment": {"as_of": "2026-06-02T01:00:00Z", "complete": False, "behind": ["routing"], "held": 1},
    "few": 5,
    "score": False,
    "terms": "",
    "frozen": {
        "number": 1,
        "as_of": "2026-06-01T05:00:00Z",
        "at": "2026-06-01T05:00:01Z",
        "digest": "abc",
        "by": "supervisor-1",
        "approved_by": "county-leader-1",
    },
    "changes": [{**PLACE, "was": VALUE, "now": None}],
    "rows": [{**PLACE, **VALUE}],
}
ASKED = """
query ($asOf: DateTime) {
  figures(period: "2026-05", boundary: "12:00", asOf: $asOf, kind: "public_appeal", tier: "busy") {
    period boundary begin end asOf complete behind held few score
    frozen { number digest by approvedBy }
    changes { figure title was { denominator } now { denominator } }
    rows {
      figure title tier unit { shortName } kind
      value { value tooFew pending excluded { reason title count } }
    }
  }
}
"""


class FiguresInHand(ServicesInHand):
    """Accountability as it answers about figures."""

    def __init__(self) -> None:
        super().__init__()
        self.questions: list[tuple[str, str, Mapping[str, str]]] = []

    async def read(self, service: str, path: str, *, token: str, params: Mapping[str, str]) -> Any:
        """The table."""
        assert token
        self.questions.append((service, path, dict(params)))
        return TABLE


@pytest.fixture
def figures(board: Board) -> FiguresInHand:
    """The service in hand."""
    services = FiguresInHand()
    board.services = services
    board.parts = replace(board.parts, services=services)
    return services


async def test_asks_for_what_was_asked(board: Board, figures: FiguresInHand) -> None:
    unit = routing.UnitRegistered(
        case_id="00000000-0000-4000-8000-000000000009",
        code=WATER,
        name="南乐县水利局",
        short_name="水利局",
        unit_class="department",
        tier="busy",
    )
    await board.tell(unit)

    found = (await board.ask(ASKED, SUPERVISOR, {"asOf": "2026-06-02T01:00:00+00:00"}))["figures"]

    params = {
        "period": "2026-05",
        "boundary": "12:00",
        "as_of": "2026-06-02T01:00:00+00:00",
        "kind": "public_appeal",
        "tier": "busy",
    }
    assert figures.questions == [("accountability", "/figures", params)]
    assert (found["complete"], found["behind"], found["held"]) == (False, ["routing"], 1)
    [row] = found["rows"]
    assert (row["title"], row["unit"]["shortName"]) == ("报到率", "水利局")
    assert row["value"]["excluded"] == [{"reason": "withdrawn", "title": "已撤回", "count": 2}]
    assert found["changes"] == [
        {"figure": "report-in", "title": "报到率", "was": {"denominator": 6}, "now": None}
    ]
    assert found["frozen"]["approvedBy"] == "county-leader-1"


async def test_is_refused_to_who_may_not_read_figures(board: Board, figures: FiguresInHand) -> None:
    told = await board.refusal('{ figures(period: "2026-05") { few } }', CLERK)

    assert (told["code"], figures.questions) == ("not-permitted", [])


@pytest.mark.parametrize(
    ("mutation", "path", "body", "actor"),
    [
        (
            'freezePeriod(period: "19th:2026-05", boundary: "12:00") { few }',
            "/figures/periods/19th%3A2026-05/freeze?boundary=12%3A00",
            {},
            SUPERVISOR,
        ),
        (
            'restatePeriod(period: "2026-05", reason: "采纳申诉") { few }',
            "/figures/periods/2026-05/restatements?boundary=00%3A00",
            {"reason": "采纳申诉"},
            SUPERVISOR,
        ),
        (
            'decideRestatement(period: "2026-05", number: 2, approved: true) { few }',
            "/figures/periods/2026-05/restatements/2/approve?boundary=00%3A00",
            {},
            SUPERVISOR,
        ),
        (
            'decideRestatement(period: "2026-05", number: 2, approved: false, reason: "不妥") { few }',
            "/figures/periods/2026-05/restatements/2/decline?boundary=00%3A00",
            {"reason": "不妥"},
            SUPERVISOR,
        ),
        (
            'appealFigure(item: "clock-1", reason: "停电")',
            "/figures/appeals",
            {"item": "clock-1", "reason": "停电"},
            WATER_LEADER,
        ),
        (
            'decideFigureAppeal(item: "clock-1", accepted: true, reason: "属实")',
            "/figures/appeals/decide",
            {"item": "clock-1", "accepted": True, "reason": "属实"},
            SUPERVISOR,
        ),
    ],
)
async def test_each_command_goes_to_the_service_that_decides(
    board: Board, figures: FiguresInHand, mutation: str, path: str, body: dict[str, Any], actor: Actor
) -> None:
    await board.ask(f"mutation {{ {mutation} }}", actor)

    [(service, asked, sent, _)] = figures.sent
    assert (service, asked, sent) == ("accountability", path, body)


async def test_a_label_leads_nowhere_else(board: Board, figures: FiguresInHand) -> None:
    await board.ask('mutation { freezePeriod(period: "../../x") { few } }', SUPERVISOR)

    assert figures.sent[0][1] == "/figures/periods/..%2F..%2Fx/freeze?boundary=00%3A00"


async def test_a_unit_freezes_nothing(board: Board, figures: FiguresInHand) -> None:
    told = await board.refusal('mutation { freezePeriod(period: "2026-05") { few } }', WATER_LEADER)

    assert (told["code"], figures.sent) == ("not-permitted", [])
