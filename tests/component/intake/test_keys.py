"""The keys of personal data: given to services, destroyed on request."""

from backbone.sealing import decode_keys
from contracts.events import intake
from tests.component.intake.service import ADMINISTRATOR, CLERK, FLOOD, LETTER, SUPERVISOR, Desk

IDS = ["case/1", "person/clerk-1"]


async def test_are_made_for_a_service_and_stay_the_same(desk: Desk) -> None:
    headers = desk.identities.service("routing").headers()
    first = await desk.client.post("/keys", json={"ids": IDS}, headers=headers)
    again = await desk.client.post("/keys", json={"ids": IDS}, headers=headers)
    assert first.status_code == 200
    keys = decode_keys(first.json(), IDS)
    assert decode_keys(again.json(), IDS) == keys
    assert len(set(keys.values())) == 2


async def test_are_given_to_services_only(desk: Desk) -> None:
    for person in (CLERK, SUPERVISOR, ADMINISTRATOR):
        response = await desk.client.post("/keys", json={"ids": IDS}, headers=desk.identities.bearer(person))
        assert (response.status_code, response.json()["code"]) == (403, "not-permitted")
    response = await desk.client.post("/keys", json={"ids": IDS})
    assert response.status_code == 401


async def test_are_asked_for_by_well_formed_ids(desk: Desk) -> None:
    headers = desk.identities.service("routing").headers()
    for ids in ([], ["nonsense"], ["case/1:2"], ["case/a b"], [f"case/{n}" for n in range(501)]):
        response = await desk.client.post("/keys", json={"ids": ids}, headers=headers)
        assert (response.status_code, response.json()["code"]) == (422, "invalid-request")


async def test_make_words_unreadable_when_destroyed(desk: Desk) -> None:
    case = await desk.done(CLERK, "/whistles", FLOOD)
    letter = await desk.done(CLERK, "/letters", LETTER)
    body = {"subjects": [CLERK.subject], "cases": [case]}
    await desk.done(ADMINISTRATOR, "/keys/erase", body)

    raised = (await desk.published(case))[1]
    assert isinstance(raised, intake.WhistleRaised)
    assert await desk.read(raised.text_sealed) == "(erased)"
    assert await desk.read(raised.raised_by_sealed) == "(erased)"
    (submitted,) = await desk.published(letter)
    assert isinstance(submitted, intake.LetterSubmitted)
    assert await desk.read(submitted.writer_sealed or "") == "(erased)"
    assert await desk.read(submitted.text_sealed) == LETTER["text"]

    told = [each for each in await desk.published() if isinstance(each, intake.PersonalDataErased)]
    assert {(each.case_id, each.key_ids) for each in told} == {
        (case, (f"case/{case}",)),
        ("00000000-0000-0000-0000-000000000000", (f"person/{CLERK.subject}",)),
    }
    headers = desk.identities.service("gateway").headers()
    answer = await desk.client.post("/keys", json={"ids": [f"case/{case}", "case/other"]}, headers=headers)
    assert answer.json()["destroyed"] == [f"case/{case}"]
    assert await desk.refused(CLERK, f"/whistles/{case}/revise", FLOOD) == (422, "personal-data-erased")


async def test_are_destroyed_by_the_administrator_only(desk: Desk) -> None:
    body = {"subjects": ["somebody"]}
    assert await desk.refused(SUPERVISOR, "/keys/erase", body) == (403, "not-permitted")
    assert await desk.refused(ADMINISTRATOR, "/keys/erase") == (422, "nothing-to-erase")
