"""Letters on their way over HTTP: redacted, handed over, referred up, appraised, made a whistle."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from contracts.events import intake, routing
from intake.application.followed_units import note
from intake.domain.followed_unit import NoteUnitGone
from tests.component.intake.service import (
    CLERK,
    FARMING,
    LEADER,
    LETTER,
    LIAISON,
    RESIDENT,
    STRANGER,
    SUPERVISOR,
    WATER,
    YUANCUN,
    Desk,
)

HAND_OVER = {"unit": WATER, "words": "某镇反映报表重复"}


@pytest.fixture(autouse=True)
async def county(desk: Desk) -> None:
    """The units there are."""
    await desk.registered(WATER, FARMING)


async def test_are_handed_over_in_the_offices_words(desk: Desk) -> None:
    letter = await desk.done(CLERK, "/letters", LETTER)
    await desk.done(SUPERVISOR, f"/letters/{letter}/hand-over", HAND_OVER)
    await desk.done(LIAISON, f"/letters/{letter}/report", {"content": "已停报两张表"})
    _, released, handed_over, reported = await desk.published(letter)
    assert isinstance(released, intake.LetterReleased)
    assert await desk.read(released.words_sealed) == "某镇反映报表重复"
    assert handed_over == intake.LetterHandedOver(case_id=letter, unit=WATER)
    assert isinstance(reported, intake.LetterReportedOn)
    assert await desk.read(reported.content_sealed) == "已停报两张表"
    assert "停报" not in await desk.everything_kept()


async def test_are_released_before_they_are_handed_over(desk: Desk) -> None:
    letter = await desk.done(CLERK, "/letters", LETTER)
    refused = await desk.refused(SUPERVISOR, f"/letters/{letter}/hand-over", {"unit": WATER})
    assert refused == (422, "not-released-to-this-unit")
    await desk.done(SUPERVISOR, f"/letters/{letter}/release", HAND_OVER)
    await desk.done(SUPERVISOR, f"/letters/{letter}/hand-over", {"unit": WATER})


async def test_do_not_exist_for_a_unit_they_were_not_handed_to(desk: Desk) -> None:
    letter = await desk.done(CLERK, "/letters", LETTER)
    for anyone in (LIAISON, STRANGER):
        report = await desk.refused(anyone, f"/letters/{letter}/report", {"content": "已停报"})
        assert report == (404, "unknown-case")


async def test_are_referred_up_with_the_reason(desk: Desk) -> None:
    letter = await desk.done(CLERK, "/letters", LETTER)
    body = {"authority": "市减负办", "reason": "报表由市里布置"}
    await desk.done(SUPERVISOR, f"/letters/{letter}/refer-up", body)
    referred = (await desk.published(letter))[-1]
    assert isinstance(referred, intake.LetterReferredUp)
    assert referred.authority == "市减负办"
    assert await desk.read(referred.reason_sealed) == "报表由市里布置"


async def test_are_appraised_by_their_writer_only(desk: Desk) -> None:
    letter = await desk.done(CLERK, "/letters", LETTER)
    await desk.done(SUPERVISOR, f"/letters/{letter}/resolve", {"content": "已合并报表"})
    body = {"rating": "satisfied", "comment": "很快"}
    assert await desk.refused(LEADER, f"/letters/{letter}/appraise", body) == (404, "unknown-case")
    await desk.done(CLERK, f"/letters/{letter}/appraise", body)
    appraised = (await desk.published(letter))[-1]
    assert isinstance(appraised, intake.LetterAppraised)
    assert appraised.rating == "satisfied"
    assert await desk.read(appraised.comment_sealed or "") == "很快"


async def test_of_nobody_known_are_appraised_with_their_receipt(desk: Desk) -> None:
    receipt = uuid4()
    answer = await desk.post(RESIDENT, "/letters", LETTER | {"anonymous": True}, receipt)
    letter = answer.json()["id"]
    await desk.done(SUPERVISOR, f"/letters/{letter}/resolve", {"content": "已合并报表"})
    body = {"rating": "dissatisfied"}
    for given in ({}, {"receipt": str(uuid4())}):
        assert await desk.refused(RESIDENT, f"/letters/{letter}/appraise", body | given) == (
            404,
            "unknown-case",
        )
    await desk.done(RESIDENT, f"/letters/{letter}/appraise", body | {"receipt": str(receipt)})
    assert isinstance((await desk.published(letter))[-1], intake.LetterAppraised)
    assert RESIDENT.subject not in await desk.everything_kept()


async def test_become_a_draft_on_a_townships_desk_that_cites_them(desk: Desk) -> None:
    letter = await desk.done(CLERK, "/letters", LETTER | {"anonymous": True})
    body = {"township": YUANCUN, "text": "两部门报表重复,请合并", "departments": [WATER]}
    key = uuid4()
    first = await desk.post(SUPERVISOR, f"/letters/{letter}/promote", body, key)
    again = await desk.post(SUPERVISOR, f"/letters/{letter}/promote", body, key)
    assert first.status_code == 200, first.text
    assert again.json() == first.json()
    promoted = (await desk.published(letter))[-1]
    assert isinstance(promoted, intake.LetterPromoted)
    (drafted,) = await desk.published(promoted.whistle)
    assert isinstance(drafted, intake.WhistleDrafted)
    assert drafted.township == YUANCUN
    assert drafted.origin == intake.Origin(type="letter", origin_case_id=letter)
    assert await desk.refused(SUPERVISOR, f"/letters/{letter}/promote", body) == (
        422,
        "letter-became-a-whistle",
    )


async def test_stay_cited_when_the_township_puts_the_draft_into_its_own_words(desk: Desk) -> None:
    letter = await desk.done(CLERK, "/letters", LETTER)
    await desk.done(SUPERVISOR, f"/letters/{letter}/promote", {"township": YUANCUN, "text": "报表重复"})
    promoted = (await desk.published(letter))[-1]
    assert isinstance(promoted, intake.LetterPromoted)
    revised = {
        "kind": "key_work",
        "ground": "owner_unclear",
        "village": "410923102201",
        "text": "报表重复,请两部门合并",
        "departments": [WATER],
    }
    await desk.done(CLERK, f"/whistles/{promoted.whistle}/revise", revised)
    await desk.done(LEADER, f"/whistles/{promoted.whistle}/submit")
    signed = (await desk.published(promoted.whistle))[-1]
    assert isinstance(signed, intake.WhistleSigned)
    assert signed.origin == intake.Origin(type="letter", origin_case_id=letter)


async def test_make_no_draft_once_they_are_over(desk: Desk) -> None:
    letter = await desk.done(CLERK, "/letters", LETTER)
    await desk.done(SUPERVISOR, f"/letters/{letter}/resolve", {"content": "已合并报表"})
    body = {"township": YUANCUN, "text": "报表重复"}
    assert await desk.refused(SUPERVISOR, f"/letters/{letter}/promote", body) == (422, "already-resolved")


async def test_are_redacted_and_sent_on_by_the_office_only(desk: Desk) -> None:
    letter = await desk.done(CLERK, "/letters", LETTER)
    bodies = {
        "release": HAND_OVER,
        "hand-over": HAND_OVER,
        "refer-up": {"authority": "市减负办", "reason": "市里布置"},
        "promote": {"township": YUANCUN, "text": "报表重复"},
    }
    for act, body in bodies.items():
        assert await desk.refused(CLERK, f"/letters/{letter}/{act}", body) == (403, "not-permitted")
    appraisal = await desk.refused(LIAISON, f"/letters/{letter}/appraise", {"rating": "satisfied"})
    assert appraisal == (403, "not-permitted")


async def test_are_cited_by_a_dispute(desk: Desk) -> None:
    letter, dispute = await desk.done(CLERK, "/letters", LETTER), str(uuid4())
    filed = routing.DisputeFiled(
        case_id=dispute,
        disputed_department=WATER,
        filed_by=WATER,
        filer="office",
        legal_basis="职责清单第三项",
        matter_sealed="sealed:v1:case/x:eA==",
        letter=letter,
        parties=(WATER,),
    )
    await desk.tell(filed, "routing")
    assert (await desk.published(letter))[-1] == intake.LetterDisputed(case_id=letter, dispute=dispute)
    await desk.tell(filed.model_copy(update={"letter": str(uuid4())}), "routing", seq=2)
    assert len(await desk.published()) == 2


def goes_into(unit: str, heir: str) -> routing.UnitMerged:
    """A unit is no more, another stands in its place."""
    return routing.UnitMerged(
        case_id=str(uuid4()),
        code=unit,
        into=heir,
        effective_from=date(2026, 3, 2),
        source_document="南编〔2026〕5号",
    )


async def test_are_released_and_handed_only_to_units_that_are_there(desk: Desk) -> None:
    letter = await desk.done(CLERK, "/letters", LETTER)
    ended = routing.UnitEnded(
        case_id=str(uuid4()), code=FARMING, effective_from=date(2026, 3, 2), source_document="文"
    )
    await desk.tell(goes_into(WATER, "transport"), "routing", seq=1)
    await desk.tell(ended, "routing", seq=2)

    for verb in ("release", "hand-over"):
        for unit, slug in (
            (WATER, "unit-is-no-more"),
            (FARMING, "unit-is-no-more"),
            ("nowhere", "unknown-unit"),
        ):
            body = HAND_OVER | {"unit": unit}
            assert await desk.refused(SUPERVISOR, f"/letters/{letter}/{verb}", body) == (422, slug)
    assert HAND_OVER["words"] not in await desk.everything_kept()


async def test_that_stayed_with_a_unit_are_reported_on_by_its_heir(desk: Desk) -> None:
    letter = await desk.done(CLERK, "/letters", LETTER)
    await desk.done(SUPERVISOR, f"/letters/{letter}/hand-over", HAND_OVER)
    # As if it was on its way to the unit while that was merged: the follower did not find it.
    for seq, gone in enumerate((NoteUnitGone(WATER, "transport"), NoteUnitGone("transport", FARMING)), 1):
        await note(desk.store, gone, desk.commands("routing", seq)(0))

    farmer = replace(LIAISON, subject="liaison-a-agriculture-rural", unit=FARMING)
    await desk.done(farmer, f"/letters/{letter}/report", {"content": "已停报两张表"})

    reported = (await desk.published(letter))[-1]
    assert isinstance(reported, intake.LetterReportedOn)
    assert reported.unit == WATER
    power = replace(LIAISON, subject="liaison-a-power", unit="power")
    refused = await desk.refused(power, f"/letters/{letter}/report", {"content": "已停报"})
    assert refused == (404, "unknown-case")


async def test_go_to_the_heir_of_a_unit_that_is_no_more(desk: Desk) -> None:
    letters = [await desk.done(CLERK, "/letters", LETTER) for _ in range(4)]
    with_water, others, closed, released = letters
    for letter, unit in ((with_water, WATER), (others, FARMING), (closed, WATER)):
        await desk.done(SUPERVISOR, f"/letters/{letter}/hand-over", HAND_OVER | {"unit": unit})
    await desk.done(SUPERVISOR, f"/letters/{released}/release", HAND_OVER)
    await desk.done(SUPERVISOR, f"/letters/{closed}/resolve", {"content": "已减少两张表"})
    merged = goes_into(WATER, FARMING)
    before = {each: await desk.published(each) for each in letters}

    await desk.tell(merged, "routing")
    await desk.tell(merged, "routing", seq=2)

    moved = intake.LetterMoved(case_id=with_water, unit=WATER, to=FARMING)
    assert await desk.published(with_water) == [*before[with_water], moved]
    for untouched in (others, closed, released):
        assert await desk.published(untouched) == before[untouched]
    report = {"content": "已停报两张表"}
    farmer = replace(LIAISON, subject="liaison-a-agriculture-rural", unit=FARMING)
    await desk.done(farmer, f"/letters/{with_water}/report", report)
    gone = await desk.refused(LIAISON, f"/letters/{with_water}/report", report)
    assert gone == (404, "unknown-case")
