"""补录: what follows in routing from a whistle recorded after the fact."""

from contracts.events import intake
from routing.application.directory import Directory
from routing.domain.dispatch.facts.parts import IssueResult
from routing.domain.dispatch.recording import PaperDepartment, RecordDispatch


async def recorded(whistle: intake.WhistleRecorded, directory: Directory) -> RecordDispatch:
    """The command; the list that was in force when it was dispatched says whether it was complex."""
    duties = await directory.duties(whistle.dispatched_at)
    codes = [each.item_code for each in whistle.issues if each.item_code]
    items = duties.items_of(codes) if duties is not None else ()
    return RecordDispatch(
        case_id=whistle.case_id,
        township=whistle.township,
        emergency=whistle.emergency,
        complex=any(each.complex for each in items),
        departments=tuple(
            PaperDepartment(each.unit, each.reported_in_at, each.rating) for each in whistle.departments
        ),
        signed_at=whistle.signed_at,
        dispatched_at=whistle.dispatched_at,
        feedback_at=whistle.feedback_at,
        concluded_at=whistle.concluded_at,
        sentence=whistle.sentence_sealed,
        results=tuple(IssueResult(each.issue_id, each.verdict) for each in whistle.results),
        closed_at=whistle.closed_at,
    )
