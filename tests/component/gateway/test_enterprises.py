"""Enterprises and their service officers in GraphQL, and the whistles that speak for them."""

from backbone.identity import Actor
from backbone.sealing import key_id
from contracts.events import intake
from tests.component.gateway.board import (
    CASE,
    CLERK,
    DISPATCHER,
    EDITOR,
    LIAISON,
    OTHER_CLERK,
    STRANGER,
    WATER,
    YUANCUN,
    ZHANGGUOTUN,
    Board,
    case_number,
    whistle,
)

MILL, FARM = case_number(41), case_number(42)
RESIDENT = Actor("resident-1", "演示·居民", "resident", "")
OFFICER_KEY = key_id("person", "service-officer-1")
LISTED = "{ enterprises { number name serviceOfficer { name phone unit { code } } } }"


def registered(
    enterprise: str, number: int, name: str, township: str = YUANCUN
) -> intake.EnterpriseRegistered:
    return intake.EnterpriseRegistered(
        case_id=enterprise,
        number=f"NL-QY-2026-00000{number}",
        credit_code=f"91350100M000100Y4{number}",
        name=name,
        township=township,
    )


async def served(board: Board, unit: str = YUANCUN) -> intake.ServiceOfficerAssigned:
    return intake.ServiceOfficerAssigned(
        case_id=MILL,
        unit=unit,
        officer_sealed=await board.seal("张三丰", OFFICER_KEY),
        phone_sealed=await board.seal("13800000000", OFFICER_KEY),
    )


async def names(board: Board, actor: Actor, arguments: str = "") -> list[str]:
    found = await board.ask(f"{{ enterprises{arguments} {{ name }} }}", actor)
    return [each["name"] for each in found["enterprises"]]


async def test_shows_who_serves_an_enterprise(board: Board) -> None:
    await board.tell(registered(MILL, 1, "面粉厂"), await served(board))
    assert (await board.ask(LISTED, CLERK))["enterprises"] == [
        {
            "number": "NL-QY-2026-000001",
            "name": "面粉厂",
            "serviceOfficer": {"name": "张三丰", "phone": "13800000000", "unit": {"code": YUANCUN}},
        }
    ]


async def test_a_township_sees_its_own_the_office_all_and_departments_whom_they_serve(board: Board) -> None:
    await board.tell(
        registered(MILL, 1, "面粉厂"), registered(FARM, 2, "养殖场", ZHANGGUOTUN), await served(board, WATER)
    )
    assert await names(board, CLERK) == ["面粉厂"]
    assert await names(board, OTHER_CLERK) == ["养殖场"]
    assert await names(board, DISPATCHER) == ["面粉厂", "养殖场"]
    assert await names(board, LIAISON) == ["面粉厂"]
    assert await names(board, STRANGER) == []
    assert await names(board, EDITOR) == []
    assert (await board.refusal("{ enterprises { name } }", RESIDENT))["code"] == "not-permitted"


async def test_narrows_by_name_number_and_township(board: Board) -> None:
    await board.tell(registered(MILL, 1, "面粉厂"), registered(FARM, 2, "养殖场", ZHANGGUOTUN))
    assert await names(board, DISPATCHER, '(text: "面粉")') == ["面粉厂"]
    assert await names(board, DISPATCHER, '(text: "NL-QY-2026-000002")') == ["养殖场"]
    assert await names(board, DISPATCHER, f'(township: "{YUANCUN}")') == ["面粉厂"]
    assert await names(board, DISPATCHER, '(text: "%")') == []


async def test_hides_what_has_ended_unless_it_is_asked_for(board: Board) -> None:
    await board.tell(registered(MILL, 1, "面粉厂"), await served(board), intake.EnterpriseEnded(case_id=MILL))
    assert await names(board, CLERK) == []
    shown = await board.ask("{ enterprises(ended: true) { endedAt serviceOfficer { name } } }", CLERK)
    assert shown["enterprises"][0]["endedAt"] is not None
    assert shown["enterprises"][0]["serviceOfficer"] is None
    await board.tell(registered(MILL, 1, "面粉厂"))
    assert await names(board, CLERK) == ["面粉厂"]


async def test_forgets_an_officer_whose_key_is_gone(board: Board) -> None:
    await board.tell(registered(MILL, 1, "面粉厂"), await served(board))
    await board.tell(intake.PersonalDataErased(case_id=case_number(0), key_ids=(OFFICER_KEY,)))
    officer = (await board.ask(LISTED, CLERK))["enterprises"][0]["serviceOfficer"]
    assert ("张三丰" in str(officer), officer["phone"]) == (False, None)


async def test_a_whistle_says_whom_it_speaks_for(board: Board) -> None:
    await board.tell(registered(MILL, 1, "面粉厂"), await served(board))
    content = await whistle(board, enterprise_id=MILL)
    await board.tell(intake.WhistleRaised(**content, emergency=False))
    query = f'{{ case(caseId: "{CASE}") {{ ... on Whistle {{ enterprise {{ number name }} }} }} }}'
    for actor in (CLERK, DISPATCHER):
        case = (await board.ask(query, actor))["case"]
        assert case["enterprise"] == {"number": "NL-QY-2026-000001", "name": "面粉厂"}


async def test_a_plain_whistle_speaks_for_nobody(dispatched: Board) -> None:
    query = f'{{ case(caseId: "{CASE}") {{ ... on Whistle {{ enterprise {{ name }} }} }} }}'
    assert (await dispatched.ask(query))["case"]["enterprise"] is None


async def test_passes_the_commands_on(board: Board) -> None:
    board.services.case_id = MILL
    await board.tell(registered(MILL, 1, "面粉厂"))
    answer = await board.ask(
        'mutation { registerEnterprise(enterprise: {creditCode: "91350100M000100Y43", name: "面粉厂"})'
        " { enterpriseId enterprise { name } stale } }",
        CLERK,
    )
    assert answer["registerEnterprise"]["enterprise"] == {"name": "面粉厂"}
    for call in (
        f'assignServiceOfficer(enterpriseId: "{MILL}", officer: "张三", phone: "1")',
        f'relieveServiceOfficer(enterpriseId: "{MILL}")',
        f'endEnterprise(enterpriseId: "{MILL}")',
    ):
        await board.ask(f"mutation {{ {call} {{ stale }} }}", CLERK)
    assert [(path, body) for _, path, body, _ in board.services.sent] == [
        ("/enterprises", {"credit_code": "91350100M000100Y43", "name": "面粉厂"}),
        (f"/enterprises/{MILL}/assign-officer", {"officer": "张三", "phone": "1"}),
        (f"/enterprises/{MILL}/relieve-officer", {}),
        (f"/enterprises/{MILL}/end", {}),
    ]


async def test_cites_the_enterprise_when_a_whistle_is_raised(board: Board) -> None:
    await board.ask(
        'mutation { raiseWhistle(whistle: {kind: PUBLIC_APPEAL, ground: NO_POWER, village: "410923102201",'
        f' text: "停电", departments: ["{WATER}"], enterpriseId: "{MILL}"}}) {{ caseId }} }}',
        CLERK,
    )
    [(_, path, body, _)] = board.services.sent
    assert (path, body["enterprise"]) == ("/whistles", MILL)


async def test_refuses_strangers_and_strange_ids(board: Board) -> None:
    refused = await board.refusal(
        f'mutation {{ endEnterprise(enterpriseId: "{MILL}") {{ stale }} }}', LIAISON
    )
    assert refused["code"] == "not-permitted"
    strange = await board.refusal('mutation { endEnterprise(enterpriseId: "../x") { stale } }', CLERK)
    assert strange["code"] == "unknown-enterprise"
    assert board.services.sent == []
