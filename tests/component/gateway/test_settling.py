"""Settling: a handover between services is shown while it lacks its answer, and no longer."""

from contracts.events import intake, routing
from tests.component.gateway.board import CASE, WATER, YUANCUN, Board, assigned
from tests.component.gateway.test_case import started

POWER = assigned("power-supply")
SETTLING = f'{{ case(caseId: "{CASE}") {{ state settling }} }}'


async def reports_in(board: Board, lead: routing.Assigned) -> None:
    """The lead's liaison reports in."""
    sealed = await board.seal("演示·王", f"case/{CASE}")
    await board.tell(
        routing.DepartmentReportedIn(
            case_id=CASE,
            assignment_id=lead.assignment_id,
            unit=lead.unit,
            part="lead",
            mode="on_site",
            handler_sealed=sealed,
            phone_sealed=sealed,
        )
    )


async def shown(board: Board) -> tuple[str, bool]:
    """State and settling as the office sees them."""
    case = (await board.ask(SETTLING))["case"]
    return case["state"], case["settling"]


async def test_lasts_from_the_leads_report_in_until_the_township_knows(dispatched: Board) -> None:
    await dispatched.tell(started())
    assert await shown(dispatched) == ("DISPATCHED", False)
    await reports_in(dispatched, assigned(WATER))
    assert await shown(dispatched) == ("DISPATCHED", True)
    await dispatched.tell(intake.WhistleHandling(case_id=CASE))
    assert await shown(dispatched) == ("HANDLING", False)


async def test_does_not_begin_when_a_new_lead_takes_over_work_in_progress(dispatched: Board) -> None:
    await dispatched.tell(started())
    await reports_in(dispatched, assigned(WATER))
    await dispatched.tell(
        intake.WhistleHandling(case_id=CASE),
        routing.DispatchCorrected(
            case_id=CASE,
            legal_basis="编办裁定",
            complex=False,
            voided=(assigned(WATER),),
            issued=(POWER,),
            emergency=False,
            township=YUANCUN,
            cycle=1,
        ),
    )
    await reports_in(dispatched, POWER)
    assert await shown(dispatched) == ("HANDLING", False)
