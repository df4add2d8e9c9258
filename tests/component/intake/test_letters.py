"""Letters over HTTP: submitted, answered, resolved, and recorded after the fact."""

from datetime import datetime
from uuid import uuid4

import pytest

from contracts.events import intake
from tests.component.intake.service import (
    CLERK,
    LETTER,
    LIAISON,
    RECORD,
    RESIDENT,
    SUPERVISOR,
    YUANCUN,
    Desk,
)


async def test_publishes_what_was_written(desk: Desk) -> None:
    response = await desk.post(CLERK, "/letters", LETTER)
    assert response.json()["number"] == "NL-XJ-2026-000001"
    (submitted,) = await desk.published(response.json()["id"])
    assert isinstance(submitted, intake.LetterSubmitted)
    assert (submitted.channel, submitted.number) == ("express", "NL-XJ-2026-000001")
    assert submitted.township == YUANCUN
    assert await desk.read(submitted.title_sealed) == "报表重复"
    assert await desk.read(submitted.text_sealed) == "同一数据一个月报了四次"
    assert await desk.read(submitted.writer_sealed or "") == CLERK.name
    kept = await desk.everything_kept()
    assert not any(word in kept for word in ("报表", "同一数据", CLERK.name))


async def test_leaves_no_trace_of_an_anonymous_writer(desk: Desk) -> None:
    letter = await desk.done(CLERK, "/letters", LETTER | {"anonymous": True})
    (submitted,) = await desk.published(letter)
    assert isinstance(submitted, intake.LetterSubmitted)
    assert submitted.anonymous
    assert submitted.writer_sealed is None
    assert submitted.township is None
    kept = await desk.everything_kept()
    assert CLERK.subject not in kept
    assert CLERK.unit not in kept


async def test_takes_a_residents_inquiry_from_whoever_hands_it_in(desk: Desk) -> None:
    body = LETTER | {"channel": "inquiry", "writer": "张三", "external_number": "2554"}
    letter = await desk.done(CLERK, "/letters", body)
    (submitted,) = await desk.published(letter)
    assert isinstance(submitted, intake.LetterSubmitted)
    assert await desk.read(submitted.writer_sealed or "") == "张三"
    assert submitted.writer_sealed is not None
    assert f"person/writer-{letter}" in submitted.writer_sealed
    assert submitted.external_number == "2554"
    own = await desk.done(RESIDENT, "/letters", LETTER)
    (written,) = await desk.published(own)
    assert isinstance(written, intake.LetterSubmitted)
    assert written.township is None


async def test_is_answered_and_then_resolved(desk: Desk) -> None:
    letter = await desk.done(CLERK, "/letters", LETTER)
    await desk.done(SUPERVISOR, f"/letters/{letter}/respond", {"content": "正在核实"})
    await desk.done(SUPERVISOR, f"/letters/{letter}/resolve", {"content": "已合并报表"})
    _, responded, resolved = await desk.published(letter)
    assert isinstance(responded, intake.LetterResponded)
    assert isinstance(resolved, intake.LetterResolved)
    assert not responded.final
    assert await desk.read(responded.content_sealed) == "正在核实"
    assert await desk.read(resolved.content_sealed) == "已合并报表"
    assert await desk.refused(SUPERVISOR, f"/letters/{letter}/not-accept", {"reason": "重复"}) == (
        422,
        "already-resolved",
    )


async def test_may_be_resolved_by_the_answer(desk: Desk) -> None:
    letter = await desk.done(CLERK, "/letters", LETTER)
    await desk.done(SUPERVISOR, f"/letters/{letter}/respond", {"content": "已合并报表", "final": True})
    assert [type(each) for each in await desk.published(letter)] == [
        intake.LetterSubmitted,
        intake.LetterResponded,
        intake.LetterResolved,
    ]


@pytest.mark.parametrize(
    ("act", "body", "slug"),
    [
        ("respond", {"content": "  "}, "response-needs-content"),
        ("respond", {"content": "已收到", "automatic": True}, "acknowledgement-is-no-response"),
        ("resolve", {}, "resolution-needs-content"),
        ("not-accept", {}, "not-accepting-needs-a-reason"),
    ],
)
async def test_is_not_answered_by_nothing(desk: Desk, act: str, body: dict[str, object], slug: str) -> None:
    letter = await desk.done(CLERK, "/letters", LETTER)
    assert await desk.refused(SUPERVISOR, f"/letters/{letter}/{act}", body) == (422, slug)


async def test_may_be_not_accepted_with_the_reason(desk: Desk) -> None:
    letter = await desk.done(CLERK, "/letters", LETTER)
    await desk.done(SUPERVISOR, f"/letters/{letter}/not-accept", {"reason": "属信访事项"})
    explained = (await desk.published(letter))[-1]
    assert isinstance(explained, intake.LetterNotAccepted)
    assert await desk.read(explained.reason_sealed) == "属信访事项"


async def test_is_answered_by_the_office_only(desk: Desk) -> None:
    letter = await desk.done(CLERK, "/letters", LETTER)
    for act in ("respond", "resolve", "not-accept"):
        assert await desk.refused(CLERK, f"/letters/{letter}/{act}") == (403, "not-permitted")
    assert await desk.refused(LIAISON, "/letters", LETTER) == (403, "not-permitted")
    assert await desk.refused(CLERK, "/letters/record", RECORD) == (403, "not-permitted")


async def test_is_unknown_where_there_is_none(desk: Desk) -> None:
    nowhere = uuid4()
    body = {"content": "已办"}
    assert await desk.refused(SUPERVISOR, f"/letters/{nowhere}/respond", body) == (404, "unknown-case")
    assert await desk.refused(SUPERVISOR, f"/letters/{nowhere}/resolve", body) == (404, "unknown-case")
    whistle = await desk.post(SUPERVISOR, f"/letters/{nowhere}/not-accept", {"reason": "重复"})
    assert whistle.json()["code"] == "unknown-case"


async def test_is_recorded_after_the_fact_with_its_outcome(desk: Desk) -> None:
    response = await desk.post(SUPERVISOR, "/letters/record", RECORD)
    assert response.status_code == 200
    assert response.json()["number"] == "NL-XJ-2019-000001"
    (recorded,) = await desk.published(response.json()["id"])
    assert isinstance(recorded, intake.LetterRecorded)
    assert (recorded.channel, recorded.external_number) == ("inquiry", "2554")
    assert recorded.submitted_at == datetime.fromisoformat("2019-04-24T16:03:40+08:00")
    assert recorded.responded_at == recorded.resolved_at
    assert recorded.resolved_at == datetime.fromisoformat("2019-05-09T09:49:10+08:00")
    assert recorded.approved_by == "supervisor-b"
    assert await desk.read(recorded.answer_sealed) == RECORD["answer"]
    assert await desk.read(recorded.writer_sealed or "") == "A00023583"
    (fact,) = await desk.store.published(0)
    assert fact.occurred_at == recorded.submitted_at
    kept = await desk.everything_kept()
    assert not any(word in kept for word in ("路灯", "A00023583", SUPERVISOR.name))


async def test_is_recorded_once_however_often_it_is_sent(desk: Desk) -> None:
    key = uuid4()
    first = await desk.post(SUPERVISOR, "/letters/record", RECORD, key)
    again = await desk.post(SUPERVISOR, "/letters/record", RECORD, key)
    assert again.json() == first.json()
    assert len(await desk.published()) == 1
    assert desk.numbers.last == {("NL-XJ", 2019): 1}


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"approved_by": "supervisor-a"}, "recorder-cannot-approve"),
        ({"approved_by": ""}, "second-person-needed"),
        ({"responded_at": "2019-04-24T16:03:39+08:00"}, "answer-before-question"),
        ({"resolved_at": "2019-05-08T00:00:00+08:00"}, "resolution-before-response"),
        ({"responded_at": "2026-03-02T12:00:01+08:00"}, "not-yet-happened"),
        ({"submitted_at": "2019-04-24T16:03:40"}, "invalid-request"),
        ({"submitted_at": ""}, "invalid-request"),
        ({"answer": " "}, "invalid-request"),
        ({"text": "长" * 32_768}, "invalid-request"),
    ],
)
async def test_is_not_recorded_when_something_is_wrong(
    desk: Desk, change: dict[str, object], slug: str
) -> None:
    assert await desk.refused(SUPERVISOR, "/letters/record", RECORD | change) == (422, slug)


async def test_is_refused_at_ten_megabytes(desk: Desk) -> None:
    huge = RECORD | {"text": "长" * 3_500_000}
    assert await desk.refused(SUPERVISOR, "/letters/record", huge) == (413, "request-too-large")
