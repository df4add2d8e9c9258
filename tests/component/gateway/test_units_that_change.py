"""Units renamed, merged and ended: names by the day, and cases that are the successor's."""

from datetime import UTC, date, datetime

import pytest

from backbone.identity import Actor
from contracts.events import accountability, intake, routing
from tests.component.gateway.board import (
    ADMINISTRATOR,
    CASE,
    DISPATCHER,
    LIAISON,
    MORNING,
    POWER,
    STRANGER,
    TRANSPORT,
    WATER,
    Board,
    assigned,
    case_number,
    whistle,
)
from tests.component.gateway.test_letters_handled import a_released_letter

DRIVER = Actor("liaison-a-transport", "演示·郑", "department_liaison", TRANSPORT)
OTHER = case_number(2)
DOCUMENT = "南编〔2026〕5号"


def registered(code: str, name: str) -> routing.UnitRegistered:
    return routing.UnitRegistered(
        case_id=case_number(90),
        code=code,
        name=f"南乐县{name}",
        short_name=name,
        unit_class="department",
        tier="department",
    )


def merged(code: str, into: str) -> routing.UnitMerged:
    return routing.UnitMerged(
        case_id=case_number(90),
        code=code,
        into=into,
        effective_from=date(2026, 5, 8),
        source_document=DOCUMENT,
    )


RENAMED = routing.UnitRenamed(
    case_id=case_number(90),
    code=WATER,
    name="南乐县水务局",
    short_name="水务局",
    effective_from=date(2026, 5, 9),
    source_document=DOCUMENT,
)


def moved(inherited: bool = True, absorbed: routing.Assigned | None = None) -> routing.AssignmentMoved:
    kept = assigned(WATER) if inherited else assigned(POWER)
    return routing.AssignmentMoved(
        case_id=CASE,
        unit=WATER,
        to=POWER,
        kept=kept.model_copy(update={"unit": POWER, "issue_ids": ("i1", "i2")}),
        inherited=inherited,
        absorbed=absorbed,
        cycle=1,
        township="410923102",
    )


async def test_the_timeline_keeps_the_name_of_the_day(dispatched: Board) -> None:
    await dispatched.tell(registered(WATER, "水利局"), RENAMED)
    arrival = routing.DepartmentReportedIn(
        case_id=CASE,
        assignment_id=assigned(WATER).assignment_id,
        unit=WATER,
        part="lead",
        mode="on_site",
        handler_sealed=await dispatched.seal("张三"),
        phone_sealed=await dispatched.seal("13800000000"),
    )
    await dispatched.tell(arrival, at=MORNING)
    spoken = routing.FeedbackGiven(
        case_id=CASE,
        assignment_id=assigned(WATER).assignment_id,
        unit=WATER,
        part="lead",
        first=True,
        content_sealed=await dispatched.seal("已清淤"),
    )
    await dispatched.tell(spoken, at=datetime(2026, 5, 9, 2, 0, tzinfo=UTC))

    case = (await dispatched.ask(f'{{ case(caseId: "{CASE}") {{ timeline {{ type unit {{ name }} }} }} }}'))[
        "case"
    ]

    names = {line["type"].split(".")[2]: line["unit"] and line["unit"]["name"] for line in case["timeline"]}
    assert names["department-reported-in"] == "南乐县水利局"
    assert names["feedback-given"] == "南乐县水务局"


async def test_a_name_that_lies_ahead_is_not_shown_yet(board: Board) -> None:
    ahead = RENAMED.model_copy(update={"effective_from": date(2999, 1, 1)})
    await board.tell(registered(WATER, "水利局"), ahead)
    assert (await board.ask("{ units { shortName } }"))["units"] == [{"shortName": "水利局"}]

    await board.tell(RENAMED.model_copy(update={"effective_from": date(2020, 1, 1)}))
    assert (await board.ask("{ units { shortName } }"))["units"] == [{"shortName": "水务局"}]


async def test_a_moved_part_is_the_successors(dispatched: Board) -> None:
    query = f'{{ case(caseId: "{CASE}") {{ ... on Whistle {{ assignments {{ unit {{ code }} state }} }} }} }}'
    assert (await dispatched.ask(query, STRANGER))["case"] is None
    await dispatched.tell(registered(WATER, "水利局"), registered(POWER, "供电公司"), merged(WATER, POWER))

    await dispatched.tell(moved())

    case = (await dispatched.ask(query, STRANGER))["case"]
    parts = {each["unit"]["code"]: each["state"] for each in case["assignments"]}
    assert parts == {POWER: "AWAITING_REPORT_IN", TRANSPORT: "AWAITING_REPORT_IN"}
    notices = (await dispatched.ask("{ notices { kind title } }", STRANGER))["notices"]
    assert notices[0]["kind"] == "assignment-moved"
    assert WATER in notices[0]["title"]


async def test_an_absorbed_part_is_no_ones_work_any_more(dispatched: Board) -> None:
    await dispatched.tell(moved(inherited=True, absorbed=assigned(TRANSPORT, "assist")))

    query = f'{{ case(caseId: "{CASE}") {{ ... on Whistle {{ assignments {{ unit {{ code }} state }} }} }} }}'
    parts = (await dispatched.ask(query))["case"]["assignments"]

    assert {each["unit"]["code"]: each["state"] for each in parts}[TRANSPORT] == "RELEASED"


async def test_the_successor_sees_past_cases_of_every_forebear(dispatched: Board) -> None:
    units = [registered(WATER, "水利局"), registered(TRANSPORT, "交通局"), registered(POWER, "供电公司")]
    await dispatched.tell(*units, routing.DispatchClosed(case_id=CASE))
    query = f'{{ case(caseId: "{CASE}") {{ caseId }} cases {{ totalCount }} }}'
    assert (await dispatched.ask(query, STRANGER))["case"] is None

    await dispatched.tell(merged(WATER, TRANSPORT), merged(TRANSPORT, POWER))

    seen = await dispatched.ask(query, STRANGER)
    assert (seen["case"], seen["cases"]["totalCount"]) == ({"caseId": CASE}, 1)
    assert (await dispatched.ask(query, LIAISON))["case"] is not None, "who saw it goes on seeing it"
    water = "{ units { code endedOn successor { code } } }"
    found = {each["code"]: each for each in (await dispatched.ask(water))["units"]}
    assert found[WATER] == {"code": WATER, "endedOn": "2026-05-08", "successor": {"code": POWER}}
    assert found[POWER]["successor"] is None


async def test_a_unit_that_ended_has_no_successor(board: Board) -> None:
    ended = routing.UnitEnded(
        case_id=case_number(90), code=WATER, effective_from=date(2026, 5, 8), source_document=DOCUMENT
    )
    await board.tell(registered(WATER, "水利局"), ended)
    (unit,) = (await board.ask("{ units { endedOn successor { code } } }"))["units"]
    assert unit == {"endedOn": "2026-05-08", "successor": None}


async def test_the_successor_does_not_see_what_was_never_its_forebears(dispatched: Board) -> None:
    content = await whistle(dispatched, OTHER, "410923104", number="NL-2026-000002")
    await dispatched.tell(intake.WhistleRaised(**content, emergency=False))
    await dispatched.tell(registered(WATER, "水利局"), registered(POWER, "供电公司"), merged(WATER, POWER))
    assert (await dispatched.ask(f'{{ case(caseId: "{OTHER}") {{ caseId }} }}', STRANGER))["case"] is None


async def test_the_administrator_changes_units(board: Board) -> None:
    await board.tell(registered(WATER, "水利局"))
    await board.ask(
        'mutation { renameUnit(code: "water-resources", name: "南乐县水务局", shortName: "水务局",'
        ' sourceDocument: "文", effectiveFrom: "2026-06-01") { unit { code } stale } }',
        ADMINISTRATOR,
    )
    await board.ask(
        'mutation { mergeUnits(code: "water-resources", into: "transport", sourceDocument: "文")'
        " { unit { code } } }",
        ADMINISTRATOR,
    )
    await board.ask(
        'mutation { endUnit(code: "water-resources", sourceDocument: "文") { unit { code } } }', ADMINISTRATOR
    )
    assert [(path, body) for _, path, body, _ in board.services.sent] == [
        (
            "/units/water-resources/rename",
            {
                "name": "南乐县水务局",
                "short_name": "水务局",
                "source_document": "文",
                "effective_from": "2026-06-01",
            },
        ),
        ("/units/water-resources/merge", {"into": "transport", "source_document": "文"}),
        ("/units/water-resources/end", {"source_document": "文"}),
    ]


async def test_nobody_else_changes_units(board: Board) -> None:
    query = 'mutation { endUnit(code: "water-resources", sourceDocument: "文") { stale } }'
    assert (await board.refusal(query, DISPATCHER))["code"] == "not-permitted"
    wrong = 'mutation { endUnit(code: "../x", sourceDocument: "文") { stale } }'
    assert (await board.refusal(wrong, ADMINISTRATOR))["code"] == "unknown-unit"


@pytest.mark.parametrize(("due", "lines"), [(MORNING, 0), (datetime(2026, 5, 20, tzinfo=UTC), 1)])
async def test_a_clock_that_only_changes_hands_makes_no_line(
    dispatched: Board, due: datetime, lines: int
) -> None:
    clock = accountability.ClockMoved(
        case_id=CASE,
        clock_id="c5",
        kind="C5",
        unit=POWER,
        cause="recomputed",
        at=MORNING,
        old_due=MORNING,
        due=due,
        earliest=due,
        latest=due,
        provisional=False,
    )
    await dispatched.tell(clock)
    case = (await dispatched.ask(f'{{ case(caseId: "{CASE}") {{ timeline {{ type }} }} }}'))["case"]
    assert sum(line["type"] == clock.NAME for line in case["timeline"]) == lines


LETTER = f"""{{ case(caseId: "{CASE}") {{ text ... on Letter {{
    redacted releases {{ unitCode words report }} }}
    timeline {{ type title }} }} notices {{ kind title }} cases {{ totalCount }} }}"""


async def test_a_letter_goes_to_the_successor_in_the_same_words(board: Board) -> None:
    await a_released_letter(board)
    assert (await board.ask(LETTER, STRANGER))["case"] is None
    await board.tell(registered(WATER, "水利局"), registered(POWER, "供电公司"), merged(WATER, POWER))

    await board.tell(intake.LetterMoved(case_id=CASE, unit=WATER, to=POWER))
    found = await board.ask(LETTER, STRANGER)

    assert (found["case"]["text"], found["case"]["redacted"]) == ("某镇反映一张报表", True)
    assert found["notices"][0]["kind"] == "letter-moved"
    assert WATER in found["notices"][0]["title"]
    assert found["case"]["timeline"][-1] == {
        "type": "intake.letter.letter-moved.v1",
        "title": "机构合并,来信由承接单位继续办理",
    }
    said = intake.LetterReportedOn(case_id=CASE, unit=POWER, content_sealed=await board.seal("已并表"))
    await board.tell(said)
    releases = (await board.ask(LETTER, DISPATCHER))["case"]["releases"]
    assert {each["unitCode"]: each["report"] for each in releases} == {WATER: "已停报", POWER: "已并表"}


async def test_the_successor_reads_a_letter_in_the_words_that_were_meant_for_it(board: Board) -> None:
    await a_released_letter(board)
    told = await board.seal("某镇反映一条路", f"case/{CASE}")
    await board.tell(
        intake.LetterReleased(case_id=CASE, unit=TRANSPORT, words_sealed=told),
        registered(WATER, "水利局"),
        registered(TRANSPORT, "交通局"),
        merged(TRANSPORT, WATER),
    )

    assert (await board.ask(LETTER, LIAISON))["case"]["text"] == "某镇反映一张报表"


async def test_the_successor_sees_past_letters_of_its_forebear(board: Board) -> None:
    await a_released_letter(board)
    await board.tell(registered(WATER, "水利局"), registered(POWER, "供电公司"), merged(WATER, POWER))

    found = await board.ask(LETTER, STRANGER)

    assert (found["case"]["text"], found["cases"]["totalCount"]) == ("某镇反映一张报表", 1)
    assert found["case"]["releases"] == [{"unitCode": WATER, "words": "某镇反映一张报表", "report": "已停报"}]
    assert (await board.ask(LETTER, LIAISON))["case"] is not None, "who saw it goes on seeing it"
    assert (await board.ask(LETTER, DRIVER))["case"] is None
