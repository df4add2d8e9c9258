"""Returns and releases as the case view shows them, and the mutations that ask for them."""

from datetime import UTC, datetime, timedelta

from backbone.identity import Actor
from contracts.events import accountability, routing
from tests.component.gateway.board import (
    CASE,
    CLERK,
    DISPATCHER,
    LIAISON,
    TRANSPORT,
    WATER,
    YUANCUN,
    Board,
    assigned,
)

LEAD, ASSIST = assigned(WATER), assigned(TRANSPORT, "assist")
POWER = assigned("power-supply")
WATER_LEADER = Actor("leader-w", "演示·萧", "department_leader", WATER)
COUNTY_LEADER = Actor("county-1", "演示·县", "county_leader", "county-leadership")
ASKED_AT = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
REQUESTED = routing.ReturnRequested(
    case_id=CASE,
    assignment_id=LEAD.assignment_id,
    unit=WATER,
    part="lead",
    legal_basis="《电力法》",
    proposed_owner="power-supply",
    emergency=False,
    township=YUANCUN,
)
RETURNED = routing.AssignmentReturned(
    case_id=CASE,
    assignment_id=LEAD.assignment_id,
    unit=WATER,
    part="lead",
    to="power-supply",
    dispatch_error=False,
    legal_basis="《电力法》",
    issued=(POWER,),
    transfers=1,
    emergency=False,
    complex=False,
    cycle=1,
    township=YUANCUN,
)
PARTS = f"""{{ case(caseId: "{CASE}") {{ ... on Whistle {{ escalated provisional assignments {{
  unitCode part state issueIds returnBasis proposedOwner {{ code }} officeLateSeconds }} }} }} }}"""


async def parts(board: Board) -> list[dict[str, object]]:
    """The assignments as the office sees them."""
    answer = await board.ask(PARTS)
    shown: list[dict[str, object]] = answer["case"]["assignments"]
    return shown


async def notices(board: Board, actor: Actor) -> list[str]:
    """What the actor's unit was told."""
    answer = await board.ask("{ notices { kind title } }", actor)
    return [each["kind"] for each in answer["notices"]]


async def test_shows_who_asks_and_why(dispatched: Board) -> None:
    await dispatched.tell(REQUESTED)
    lead, _ = await parts(dispatched)
    assert lead["state"] == "RETURN_REQUESTED"
    assert (lead["returnBasis"], lead["proposedOwner"]) == ("《电力法》", {"code": "power-supply"})
    assert "return-requested" in await notices(dispatched, DISPATCHER)


async def test_shows_the_new_department_and_hides_the_case_from_the_old(dispatched: Board) -> None:
    await dispatched.tell(REQUESTED, RETURNED)
    shown = {each["unitCode"]: (each["part"], each["state"]) for each in await parts(dispatched)}
    assert shown[WATER] == ("LEAD", "RETURNED")
    assert shown["power-supply"] == ("LEAD", "AWAITING_REPORT_IN")
    assert (await dispatched.ask(PARTS, LIAISON))["case"] is None


async def test_shows_the_offices_share_of_a_late_report_in(dispatched: Board) -> None:
    clock = {
        "case_id": CASE,
        "clock_id": "c0000000-0000-5000-8000-0000000000c1",
        "kind": "C1",
        "unit": WATER,
        "assignment_id": LEAD.assignment_id,
        "started_at": ASKED_AT,
        **dict.fromkeys(("due", "earliest", "latest"), ASKED_AT + timedelta(minutes=10)),
        "provisional": False,
        "policy_version": "C1.1",
        "calendar_version": "",
    }
    refused = routing.ReturnRefused(
        case_id=CASE,
        assignment_id=LEAD.assignment_id,
        unit=WATER,
        reason_sealed=await dispatched.seal("属水利"),
    )
    await dispatched.tell(accountability.ClockStarted.model_validate(clock), at=ASKED_AT)
    await dispatched.tell(REQUESTED, at=ASKED_AT)
    await dispatched.tell(refused, at=ASKED_AT + timedelta(minutes=30))
    lead, assist = await parts(dispatched)
    assert (lead["state"], lead["officeLateSeconds"]) == ("AWAITING_REPORT_IN", 20 * 60)
    assert assist["officeLateSeconds"] == 0
    assert "return-refused" in await notices(dispatched, LIAISON)


async def test_shows_an_assist_that_was_let_go(dispatched: Board) -> None:
    await dispatched.tell(
        routing.AssignmentReleased(
            case_id=CASE,
            assignment_id=ASSIST.assignment_id,
            unit=TRANSPORT,
            by="township",
            changed=(LEAD,),
            settled=True,
        )
    )
    shown = {each["unitCode"]: each["state"] for each in await parts(dispatched)}
    assert shown == {WATER: "AWAITING_REPORT_IN", TRANSPORT: "RELEASED"}
    assert not (await dispatched.ask(PARTS))["case"]["provisional"]
    facets = (await dispatched.ask("{ caseFacets { departments { code count } } }"))["caseFacets"]
    assert facets["departments"] == [{"code": WATER, "count": 1}]


async def test_tells_the_county_leader_of_an_escalation(dispatched: Board) -> None:
    await dispatched.tell(routing.DispatchEscalated(case_id=CASE, cause="third-transfer", township=YUANCUN))
    assert (await dispatched.ask(PARTS))["case"]["escalated"] == "third-transfer"
    assert await notices(dispatched, COUNTY_LEADER) == ["escalated"]


async def test_a_department_asks_for_itself_and_the_office_decides(dispatched: Board) -> None:
    ask = f'requestReturn(caseId: "{CASE}", legalBasis: "《电力法》", proposedOwner: "power-supply")'
    await dispatched.ask(f"mutation {{ {ask} {{ stale }} }}", WATER_LEADER)
    of_water = f'caseId: "{CASE}", unit: "{WATER}"'
    await dispatched.ask(
        f'mutation {{ acceptReturn({of_water}, legalBasis: "《电力法》") {{ stale }} }}', DISPATCHER
    )
    refuse = f'refuseReturn({of_water}, reason: "属水利")'
    await dispatched.ask(f"mutation {{ {refuse} {{ stale }} }}", DISPATCHER)
    await dispatched.ask(f"mutation {{ releaseAssignment({of_water}) {{ stale }} }}", CLERK)
    path = f"/dispatches/{CASE}/assignments/{WATER}"
    assert [(sent, body) for _, sent, body, _ in dispatched.services.sent] == [
        (f"{path}/request-return", {"legal_basis": "《电力法》", "proposed_owner": "power-supply"}),
        (f"{path}/accept-return", {"legal_basis": "《电力法》", "dispatch_error": False}),
        (f"{path}/refuse-return", {"reason": "属水利"}),
        (f"{path}/release", {}),
    ]
