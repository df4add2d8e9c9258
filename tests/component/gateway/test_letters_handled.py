"""A letter in the office's words: what a unit sees of it, and what it never does."""

from contracts.events import intake
from tests.component.gateway.board import (
    CASE,
    CLERK,
    DISPATCHER,
    LEADER,
    LIAISON,
    STRANGER,
    WATER,
    YUANCUN,
    Board,
    case_number,
    whistle,
)

LETTER = f"""{{ case(caseId: "{CASE}") {{ state title text ... on Letter {{ redacted writer answer
    externalNumber rating comment releases {{ unitCode words report }} }}
    timeline {{ type text params }} }} }}"""
SECRETS = ("报表太多", "每周重复填报", "演示·张", "2554", "已协调", YUANCUN)


async def a_released_letter(board: Board) -> None:
    """Written by a clerk, released and handed over to the water bureau, which has reported."""
    await board.tell(
        intake.LetterSubmitted(
            case_id=CASE,
            channel="express",
            number="NL-XJ-2026-000001",
            anonymous=False,
            title_sealed=await board.seal("报表太多"),
            text_sealed=await board.seal("每周重复填报"),
            writer_sealed=await board.seal("演示·张", f"person/{CLERK.subject}"),
            township=YUANCUN,
            external_number="2554",
        ),
        intake.LetterReleased(case_id=CASE, unit=WATER, words_sealed=await board.seal("某镇反映一张报表")),
        intake.LetterHandedOver(case_id=CASE, unit=WATER),
        intake.LetterReportedOn(case_id=CASE, unit=WATER, content_sealed=await board.seal("已停报")),
        intake.LetterResponded(case_id=CASE, content_sealed=await board.seal("已协调")),
    )


async def test_shows_the_unit_the_released_words_and_nothing_else(board: Board) -> None:
    await a_released_letter(board)
    found = await board.ask(LETTER, LIAISON)
    seen = found["case"]
    assert (seen["state"], seen["redacted"], seen["title"]) == ("HANDLING", True, None)
    assert seen["text"] == "某镇反映一张报表"
    assert (seen["writer"], seen["answer"], seen["externalNumber"]) == (None, None, None)
    assert seen["releases"] == [{"unitCode": WATER, "words": "某镇反映一张报表", "report": "已停报"}]
    assert [line["type"].split(".")[2] for line in seen["timeline"]] == [
        "letter-released",
        "letter-handed-over",
        "letter-reported-on",
    ]
    assert not any(secret in str(found) for secret in SECRETS)


async def test_is_not_found_by_what_was_redacted(board: Board) -> None:
    await a_released_letter(board)
    for wanted in ('text: "填报"', 'text: "报表太多"', 'number: "2554"', f'unit: "{YUANCUN}"'):
        query = f"{{ cases(filter: {{ {wanted} }}) {{ totalCount edges {{ node {{ caseId }} }} }} }}"
        assert (await board.ask(query, LIAISON))["cases"] == {"totalCount": 0, "edges": []}
        assert (await board.ask(query, DISPATCHER))["cases"]["totalCount"] == 1
    query = '{ cases(filter: { text: "某镇" }) { totalCount } }'
    assert (await board.ask(query, LIAISON))["cases"]["totalCount"] == 1


async def test_shows_the_office_and_the_writer_everything(board: Board) -> None:
    await a_released_letter(board)
    office, writer = [(await board.ask(LETTER, actor))["case"] for actor in (DISPATCHER, CLERK)]
    for seen in (office, writer):
        assert (seen["redacted"], seen["text"], seen["writer"]) == (False, "每周重复填报", "演示·张")
        assert len(seen["timeline"]) == 5
    assert [each["unitCode"] for each in office["releases"]] == [WATER]
    assert writer["releases"] == []


async def test_is_not_there_for_units_it_was_not_released_to(board: Board) -> None:
    await a_released_letter(board)
    for anyone in (STRANGER, LEADER):
        assert (await board.ask(LETTER, anyone))["case"] is None


async def test_tells_the_unit_that_has_it(board: Board) -> None:
    await a_released_letter(board)
    told = (await board.ask("{ notices { kind title } }", LIAISON))["notices"]
    assert [each["kind"] for each in told] == ["letter-handed-over"]


async def test_forgets_the_released_words_with_the_key(board: Board) -> None:
    await a_released_letter(board)
    await board.tell(intake.PersonalDataErased(case_id=CASE, key_ids=(f"case/{CASE}",)))
    seen = (await board.ask(LETTER, DISPATCHER))["case"]
    assert not any(words in str(seen) for words in ("某镇", "已停报", "填报"))


async def test_shows_how_it_was_appraised(board: Board) -> None:
    await a_released_letter(board)
    await board.tell(
        intake.LetterReferredUp(
            case_id=CASE, authority="市减负办", reason_sealed=await board.seal("市里布置")
        ),
        intake.LetterAppraised(
            case_id=CASE, rating="basically", comment_sealed=await board.seal("张家村还在报")
        ),
    )
    seen = (await board.ask(LETTER))["case"]
    assert (seen["state"], seen["rating"], seen["comment"]) == ("APPRAISED", "BASICALLY", "张家村还在报")
    to_the_unit = (await board.ask(LETTER, LIAISON))["case"]
    assert (to_the_unit["rating"], to_the_unit["comment"]) == (None, None)
    assert "张家村" not in str(to_the_unit)


async def test_is_cited_by_the_whistle_it_became(board: Board) -> None:
    await a_released_letter(board)
    draft = case_number(2)
    origin = intake.Origin(type="letter", origin_case_id=CASE)
    await board.tell(
        intake.WhistleDrafted(**await whistle(board, draft, number=None, origin=origin)),
        intake.LetterPromoted(case_id=CASE, whistle=draft),
    )
    query = f'{{ case(caseId: "{draft}") {{ ... on Whistle {{ origin {{ caseId type }} }} }} }}'
    assert (await board.ask(query, CLERK))["case"] == {"origin": {"caseId": CASE, "type": "LETTER"}}
    assert (await board.ask(query, LEADER))["case"] == {"origin": None}
    told = (await board.ask("{ notices { kind } }", LEADER))["notices"]
    assert told == [{"kind": "letter-promoted"}]


async def test_goes_to_intake_by_its_own_commands(board: Board) -> None:
    supervisor = type(DISPATCHER)("supervisor-1", "演示·郑", "office_supervisor", DISPATCHER.unit)
    for mutation, path, body in (
        (
            f'handOverLetter(caseId: "{CASE}", unit: "{WATER}", words: "某镇")',
            "hand-over",
            {"unit": WATER, "words": "某镇"},
        ),
        (
            f'releaseLetter(caseId: "{CASE}", unit: "{WATER}", words: "某")',
            "release",
            {"unit": WATER, "words": "某"},
        ),
        (
            f'referLetterUp(caseId: "{CASE}", authority: "市", reason: "由")',
            "refer-up",
            {"authority": "市", "reason": "由"},
        ),
        (
            f'promoteLetter(caseId: "{CASE}", township: "{YUANCUN}", text: "文")',
            "promote",
            {"township": YUANCUN, "text": "文"},
        ),
    ):
        await board.ask(f"mutation {{ {mutation} {{ stale }} }}", supervisor)
        assert board.services.sent[-1][:3] == ("intake", f"/letters/{CASE}/{path}", body)
    await board.ask(f'mutation {{ reportOnLetter(caseId: "{CASE}", content: "查") {{ stale }} }}', LIAISON)
    assert board.services.sent[-1][:3] == ("intake", f"/letters/{CASE}/report", {"content": "查"})
    await board.ask(f'mutation {{ appraiseLetter(caseId: "{CASE}", rating: SATISFIED) {{ stale }} }}', CLERK)
    assert board.services.sent[-1][:3] == ("intake", f"/letters/{CASE}/appraise", {"rating": "satisfied"})
