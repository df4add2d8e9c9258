"""补录 over HTTP: a whistle that went its way on paper or by telephone."""

from datetime import UTC, datetime
from typing import Any

from contracts.events import accountability, intake
from tests.component.intake.service import CLERK, FARMING, FLOOD, SUPERVISOR, WATER, YUANCUN, Desk

ON_PAPER: dict[str, Any] = {
    "township": YUANCUN,
    "village": "410923102201",
    "text": FLOOD["text"],
    "issues": [
        {"text": "沟渠堵塞", "item_code": "SL-03", "verdict": "solved"},
        {"text": "农田积水", "result": "partly", "verdict": "partly"},
    ],
    "departments": [
        {"unit": WATER, "reported_in_at": "2025-06-03T14:00:00+08:00", "rating": "satisfied"},
        {"unit": FARMING},
    ],
    "signed_at": "2025-06-03T09:00:00+08:00",
    "dispatched_at": "2025-06-03T09:30:00+08:00",
    "concluded_at": "2025-06-05T16:00:00+08:00",
    "sentence": "沟渠已疏通",
    "closed_at": "2025-06-06T10:00:00+08:00",
    "raised_by": "张某",
    "external_number": "吹哨2025-17",
    "approved_by": "supervisor-b",
}


async def test_is_recorded_by_one_and_approved_by_another(desk: Desk) -> None:
    path = "/whistles/record"
    assert await desk.refused(CLERK, path, ON_PAPER) == (403, "not-permitted")
    own = ON_PAPER | {"approved_by": SUPERVISOR.subject}
    assert await desk.refused(SUPERVISOR, path, own) == (422, "recorder-cannot-approve")
    assert await desk.refused(SUPERVISOR, path, ON_PAPER | {"approved_by": " "}) == (
        422,
        "second-person-needed",
    )
    response = await desk.post(SUPERVISOR, path, ON_PAPER)
    assert response.json()["number"].startswith("NL-2025-")


async def test_keeps_the_times_on_paper_beside_the_time_of_recording(desk: Desk) -> None:
    case = await desk.done(SUPERVISOR, "/whistles/record", ON_PAPER)
    [fact] = await desk.published(case)
    assert isinstance(fact, intake.WhistleRecorded)
    assert fact.signed_at == datetime(2025, 6, 3, 1, 0, tzinfo=UTC)
    [row] = await desk.store.published(0, 10, case)
    assert row.occurred_at == fact.signed_at
    assert row.recorded_at > fact.closed_at
    assert (fact.departments[0].unit, fact.departments[1].reported_in_at) == (WATER, None)
    assert [each.verdict for each in fact.results] == ["solved", "partly"]


async def test_seals_what_was_said_and_who_said_it(desk: Desk) -> None:
    case = await desk.done(SUPERVISOR, "/whistles/record", ON_PAPER | {"comment": "处置及时"})
    [fact] = await desk.published(case)
    assert isinstance(fact, intake.WhistleRecorded)
    assert fact.raised_by_sealed is not None
    assert fact.comment_sealed is not None
    read = [await desk.read(each) for each in (fact.text_sealed, fact.raised_by_sealed, fact.sentence_sealed)]
    assert read == [FLOOD["text"], "张某", "沟渠已疏通"]
    kept = await desk.everything_kept()
    for words in (FLOOD["text"], "张某", "沟渠已疏通", "处置及时", "农田积水"):
        assert words not in kept


async def test_takes_one_sentence_as_its_one_issue(desk: Desk) -> None:
    plain = {name: value for name, value in ON_PAPER.items() if name not in ("issues", "raised_by")}
    case = await desk.done(SUPERVISOR, "/whistles/record", plain | {"verdict": "explained"})
    [fact] = await desk.published(case)
    assert isinstance(fact, intake.WhistleRecorded)
    assert (len(fact.issues), fact.appraised, fact.verdicts[0].verdict) == (1, True, "explained")
    assert fact.raised_by_sealed is None


async def test_names_what_is_wrong_with_the_times(desk: Desk) -> None:
    early = ON_PAPER | {"closed_at": "2025-06-05T15:59:59+08:00"}
    assert await desk.refused(SUPERVISOR, "/whistles/record", early) == (422, "closed-before-conclusion")
    twice = ON_PAPER | {"departments": [ON_PAPER["departments"][0]] * 2}
    assert (await desk.post(SUPERVISOR, "/whistles/record", twice)).status_code == 422


async def test_is_left_alone_by_what_runs_out_later(desk: Desk) -> None:
    case = await desk.done(SUPERVISOR, "/whistles/record", ON_PAPER)
    expired = accountability.ClockExpired.model_validate(
        {
            "case_id": case,
            "clock_id": "c",
            "kind": "C7",
            "unit": YUANCUN,
            "expired_at": "2025-06-06T10:00:00+08:00",
            "cycle": 1,
        }
    )
    await desk.tell(expired, "accountability")
    assert len(await desk.published(case)) == 1
