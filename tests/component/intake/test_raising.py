"""Raising, submitting and signing whistles over HTTP."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from backbone.identity import Actor
from contracts.events import intake as published
from tests.component.intake.service import (
    CLERK,
    FARMING,
    FIREWORKS,
    FLOOD,
    LEADER,
    LIAISON,
    STRANGER,
    SUPERVISOR,
    WATER,
    YUANCUN,
    Desk,
)

TUESDAY_MORNING = datetime(2026, 3, 3, 0, 30, tzinfo=UTC)
KEY = uuid4()


async def test_publishes_what_the_clerk_raised(desk: Desk) -> None:
    response = await desk.post(CLERK, "/whistles", FLOOD)
    answer = response.json()
    assert response.status_code == 200
    assert answer == {
        "service": "intake",
        "published_seq": 2,
        "id": answer["id"],
        "number": "NL-2026-000001",
    }
    drafted, raised = await desk.published(answer["id"])
    assert isinstance(drafted, published.WhistleDrafted)
    assert isinstance(raised, published.WhistleRaised)
    assert raised.number == "NL-2026-000001"
    assert (raised.township, raised.village) == (YUANCUN, "410923102201")
    assert (raised.kind, raised.ground) == ("public_appeal", "cross_department")
    assert raised.departments == (WATER, FARMING)
    assert not raised.emergency
    assert [await desk.read(issue.text_sealed) for issue in raised.issues] == ["沟渠堵塞", "农田积水"]
    assert [issue.item_code for issue in raised.issues] == ["SL-03", None]
    assert len({issue.issue_id for issue in raised.issues}) == 2
    assert await desk.read(raised.text_sealed) == FLOOD["text"]
    assert await desk.read(raised.raised_by_sealed) == CLERK.name
    assert await desk.read(raised.tried_sealed or "") == "已组织抽水"


async def test_keeps_no_word_and_no_name_unsealed(desk: Desk) -> None:
    case = await desk.done(CLERK, "/whistles", FLOOD)
    await desk.done(LEADER, f"/whistles/{case}/send-back", {"reason": "请写明地点"})
    await desk.done(CLERK, f"/whistles/{case}/revise", FLOOD | {"text": "村东沟渠堵塞"})
    await desk.done(CLERK, f"/whistles/{case}/submit")
    await desk.done(LEADER, f"/whistles/{case}/sign")
    kept = await desk.everything_kept()
    for word in (FLOOD["text"], "沟渠", "农田", "抽水", "请写明", CLERK.name, LEADER.name):
        assert word not in kept
        assert word.encode("unicode-escape").decode() not in kept


async def test_takes_the_whole_sentence_as_the_issue_when_none_is_listed(desk: Desk) -> None:
    simple = {name: FLOOD[name] for name in ("kind", "ground", "village", "text", "departments")}
    case = await desk.done(CLERK, "/whistles", simple)
    raised = (await desk.published(case))[-1]
    assert isinstance(raised, published.WhistleRaised)
    assert [await desk.read(issue.text_sealed) for issue in raised.issues] == [FLOOD["text"]]


async def test_is_signed_at_once_when_the_leader_raises_it(desk: Desk) -> None:
    case = await desk.done(LEADER, "/whistles", FLOOD)
    signed = (await desk.published(case))[-1]
    assert isinstance(signed, published.WhistleSigned)
    assert signed.dispatch_at is None
    assert await desk.read(signed.signed_by_sealed) == LEADER.name


async def test_goes_out_at_the_next_opening_when_signed_outside_working_hours(desk: Desk) -> None:
    desk.calendar.opens_at = TUESDAY_MORNING
    case = await desk.done(CLERK, "/whistles", FLOOD)
    await desk.done(LEADER, f"/whistles/{case}/sign")
    signed = (await desk.published(case))[-1]
    assert isinstance(signed, published.WhistleSigned)
    assert signed.dispatch_at == TUESDAY_MORNING
    assert signed.issues == getattr((await desk.published(case))[1], "issues", None)


async def test_goes_out_at_once_when_the_leader_says_so(desk: Desk) -> None:
    desk.calendar.opens_at = TUESDAY_MORNING
    case = await desk.done(CLERK, "/whistles", FLOOD)
    await desk.done(LEADER, f"/whistles/{case}/sign", {"dispatch": "now"})
    signed = (await desk.published(case))[-1]
    assert isinstance(signed, published.WhistleSigned)
    assert signed.dispatch_at is None


async def test_says_how_to_go_on_when_the_calendar_cannot_be_asked(desk: Desk) -> None:
    case = await desk.done(CLERK, "/whistles", FLOOD)
    desk.calendar.down = True
    assert await desk.refused(LEADER, f"/whistles/{case}/sign") == (503, "calendar-unavailable")
    assert await desk.refused(LEADER, "/whistles", FLOOD) == (503, "calendar-unavailable")
    response = await desk.post(LEADER, f"/whistles/{case}/sign")
    assert "立即派单" in response.json()["title"]
    assert response.headers["retry-after"] == "5"
    await desk.done(LEADER, f"/whistles/{case}/sign", {"dispatch": "now"})


async def test_needs_no_calendar_for_an_emergency(desk: Desk) -> None:
    desk.calendar.down = True
    case = await desk.done(CLERK, "/whistles", FIREWORKS)
    raised = (await desk.published(case))[-1]
    assert isinstance(raised, published.WhistleRaised)
    assert raised.emergency
    await desk.done(LEADER, f"/whistles/{case}/sign")
    assert isinstance((await desk.published(case))[-1], published.WhistleSigned)
    await desk.done(LEADER, "/whistles", FIREWORKS)


async def test_goes_from_draft_to_submitted_with_one_number(desk: Desk) -> None:
    case = await desk.done(CLERK, "/whistles/drafts", {"kind": "key_work", "ground": "no_power"})
    assert await desk.refused(CLERK, f"/whistles/{case}/submit") == (422, "whistle-needs-a-text")
    await desk.done(CLERK, f"/whistles/{case}/revise", FLOOD)
    await desk.done(CLERK, f"/whistles/{case}/submit")
    number = getattr((await desk.published(case))[-1], "number", None)
    await desk.done(LEADER, f"/whistles/{case}/send-back", {"reason": "请写明地点"})
    answer = (await desk.post(LEADER, f"/whistles/{case}/submit")).json()
    assert answer["number"] == number
    assert [type(each).__name__ for each in await desk.published(case)] == [
        "WhistleDrafted",
        "WhistleDrafted",
        "WhistleRaised",
        "WhistleSentBack",
        "WhistleRaised",
        "WhistleSigned",
    ]


async def test_may_end_as_a_discarded_draft(desk: Desk) -> None:
    case = await desk.done(CLERK, "/whistles/drafts", FLOOD)
    await desk.done(CLERK, f"/whistles/{case}/discard")
    assert isinstance((await desk.published(case))[-1], published.WhistleDiscarded)
    assert await desk.refused(CLERK, f"/whistles/{case}/submit") == (422, "draft-was-discarded")


async def test_answers_a_repeat_as_the_first_time_and_adds_nothing(desk: Desk) -> None:
    first = await desk.post(CLERK, "/whistles", FLOOD, KEY)
    again = await desk.post(CLERK, "/whistles", FLOOD, KEY)
    assert again.json() == first.json()
    assert len(await desk.published()) == 2
    assert desk.numbers.last == {("NL", 2026): 1}


async def test_refuses_the_same_key_for_another_whistle(desk: Desk) -> None:
    await desk.post(CLERK, "/whistles", FLOOD, KEY)
    response = await desk.post(CLERK, "/whistles", FIREWORKS, KEY)
    assert (response.status_code, response.json()["code"]) == (422, "idempotency-key-reused")
    assert len(await desk.published()) == 2


async def test_is_routed_away_with_an_address(desk: Desk) -> None:
    response = await desk.post(CLERK, "/whistles", FLOOD | {"matter": "petition"})
    assert (response.status_code, response.json()["code"]) == (422, "belongs-to-the-petition-office")
    assert "信访局" in response.json()["title"]
    assert await desk.published() == []


@pytest.mark.parametrize("act", ["sign", "send-back", "rework", "close-out", "submit", "discard"])
async def test_is_unknown_to_every_other_township(desk: Desk, act: str) -> None:
    case = await desk.done(CLERK, "/whistles", FLOOD)
    body = {"reason": "不满意"} if act in ("send-back", "rework") else {}
    there = await desk.post(STRANGER, f"/whistles/{case}/{act}", body)
    nowhere = await desk.post(STRANGER, f"/whistles/{uuid4()}/{act}", body)
    assert (there.status_code, there.json()["code"]) == (404, "unknown-case")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "unknown-case")
    unlike = {"trace"}
    assert {name: value for name, value in there.json().items() if name not in unlike} == {
        name: value for name, value in nowhere.json().items() if name not in unlike
    }


async def test_gives_no_key_to_words_about_an_unknown_case(desk: Desk) -> None:
    case = await desk.done(CLERK, "/whistles/drafts", FLOOD)
    assert await desk.refused(STRANGER, f"/whistles/{case}/revise", FLOOD) == (404, "unknown-case")
    assert await desk.refused(CLERK, f"/whistles/{uuid4()}/revise", FLOOD) == (404, "unknown-case")


@pytest.mark.parametrize("actor", [LIAISON, SUPERVISOR])
async def test_is_for_townships_only(desk: Desk, actor: Actor) -> None:
    assert await desk.refused(actor, "/whistles", FLOOD) == (403, "not-permitted")


async def test_leaves_the_signature_to_the_leader(desk: Desk) -> None:
    case = await desk.done(CLERK, "/whistles", FLOOD)
    assert await desk.refused(CLERK, f"/whistles/{case}/sign") == (403, "not-permitted")
    assert await desk.refused(CLERK, f"/whistles/{case}/rework", {"reason": "不满意"}) == (
        403,
        "not-permitted",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "whistleblow"},
        {"ground": ""},
        {"text": "长" * 2_001},
        {"departments": ["不是 编码"]},
        {"departments": [WATER] * 21},
        {"issues": [{"text": ""}]},
        {"issues": [{"text": "有"}] * 21},
        {"village": "../410923"},
        {"photo": "data:image/png;base64,"},
        {"text": "有\u0000无"},
    ],
)
async def test_refuses_a_body_that_is_none(desk: Desk, change: dict[str, object]) -> None:
    assert await desk.refused(CLERK, "/whistles", FLOOD | change) == (422, "invalid-request")
