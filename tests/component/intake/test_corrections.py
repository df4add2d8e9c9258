"""更正 over HTTP: a letter that was answered by telephone before the answer was recorded."""

from datetime import timedelta

from backbone.eventstore.memory import MemoryEventStore
from backbone.identity import Actor
from contracts.events import intake
from tests.component.intake.service import LEADER, LETTER, OFFICE, SUPERVISOR, Desk

SECOND = Actor("supervisor-b", "演示·督查乙", "office_supervisor", OFFICE)
REASON = "三月二日已电话答复写信人,通话记录附后"


def later(desk: Desk, days: int) -> None:
    """Time goes on."""
    assert isinstance(desk.store, MemoryEventStore)
    desk.store.advance(timedelta(days=days))


async def an_answered_letter(desk: Desk) -> str:
    """Answered after five days, resolved after eight; it is the ninth."""
    letter = await desk.done(LEADER, "/letters", LETTER)
    later(desk, 5)
    await desk.done(SUPERVISOR, f"/letters/{letter}/respond", {"content": "已协调停报"})
    later(desk, 3)
    await desk.done(SUPERVISOR, f"/letters/{letter}/resolve", {"content": "已取消三张报表"})
    later(desk, 1)
    return letter


async def test_is_proposed_by_one_and_approved_by_another(desk: Desk) -> None:
    letter = await an_answered_letter(desk)
    at = await desk.store.now() - timedelta(days=8)
    body = {"fact": "response", "happened_at": at.isoformat(), "reason": REASON}
    path = f"/letters/{letter}/corrections"
    assert await desk.refused(LEADER, path, body) == (403, "not-permitted")
    answer = (await desk.post(SUPERVISOR, path, body)).json()
    assert answer["id"] == letter
    own = f"{path}/{answer['correction']}"
    assert await desk.refused(SUPERVISOR, f"{own}/approve") == (422, "proposer-cannot-approve")
    await desk.done(SECOND, f"{own}/approve")
    fact = (await desk.published(letter))[-1]
    assert isinstance(fact, intake.FactCorrected)
    assert (fact.fact, fact.new_at) == ("response", at)
    assert fact.old_at == at + timedelta(days=4)
    assert (fact.by, fact.approved_by) == (SUPERVISOR.subject, SECOND.subject)
    assert REASON not in await desk.everything_kept()


async def test_lies_between_submission_and_resolution(desk: Desk) -> None:
    letter = await an_answered_letter(desk)
    path = f"/letters/{letter}/corrections"
    for days, fact, slug in (
        (10, "response", "corrected-before-it-could-happen"),
        (0.5, "response", "corrected-after-what-followed"),
        (5, "resolution", "corrected-before-it-could-happen"),
        (-1, "resolution", "not-yet-happened"),
    ):
        at = await desk.store.now() - timedelta(days=days)
        body = {"fact": fact, "happened_at": at.isoformat(), "reason": REASON}
        assert await desk.refused(SUPERVISOR, path, body) == (422, slug)


async def test_needs_a_record_and_may_be_declined(desk: Desk) -> None:
    letter = await desk.done(LEADER, "/letters", LETTER)
    at = (await desk.store.now()).isoformat()
    body = {"fact": "response", "happened_at": at, "reason": REASON}
    path = f"/letters/{letter}/corrections"
    assert await desk.refused(SUPERVISOR, path, body) == (422, "nothing-to-correct")
    nowhere = "/letters/3f0c2b1a-7a55-4c0e-9d7e-0d6d0b0f5a99/corrections"
    assert await desk.refused(SUPERVISOR, nowhere, body) == (404, "unknown-case")
    later(desk, 1)
    await desk.done(SUPERVISOR, f"/letters/{letter}/respond", {"content": "已协调停报"})
    answer = (await desk.post(SUPERVISOR, path, body)).json()
    await desk.done(SECOND, f"{path}/{answer['correction']}/decline", {"reason": "没有凭据"})
    assert isinstance((await desk.published(letter))[-1], intake.CorrectionDeclined)
