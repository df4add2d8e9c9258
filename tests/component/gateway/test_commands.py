"""Mutations pass one command to one service and answer with the case as it is afterwards."""

from uuid import UUID

import pytest

from gateway.application.commands import CommandRefused, ServiceUnreachable
from tests.component.gateway.board import CASE, CLERK, LEADER, LIAISON, STRANGER, Board

KEY = UUID("33333333-3333-4333-8333-333333333333")


async def test_raises_a_whistle_in_one_call(dispatched: Board) -> None:
    answer = await dispatched.ask(
        """mutation { raiseWhistle(whistle: {kind: PUBLIC_APPEAL, ground: NO_POWER, village: "410923102201",
        text: "路灯不亮", departments: ["power-supply"]}) { caseId stale case { state } } }""",
        CLERK,
    )

    assert answer["raiseWhistle"] == {"caseId": CASE, "stale": False, "case": {"state": "DISPATCHED"}}
    ((service, path, body, _),) = dispatched.services.sent
    assert (service, path) == ("intake", "/whistles")
    assert body == {
        "kind": "public_appeal",
        "ground": "no_power",
        "village": "410923102201",
        "text": "路灯不亮",
        "issues": [{"text": "路灯不亮"}],
        "departments": ["power-supply"],
    }


async def test_the_caller_may_bring_the_key_for_a_repeat(dispatched: Board) -> None:
    await dispatched.ask(
        f'mutation {{ signWhistle(caseId: "{CASE}", idempotencyKey: "{KEY}") {{ stale }} }}', LEADER
    )

    assert dispatched.services.sent == [("intake", f"/whistles/{CASE}/sign", {"dispatch": "default"}, KEY)]


async def test_a_department_acts_for_itself(dispatched: Board) -> None:
    await dispatched.ask(
        f'mutation {{ reportIn(caseId: "{CASE}", handler: "王五", phone: "1") {{ stale }} }}', LIAISON
    )

    ((service, path, body, _),) = dispatched.services.sent
    assert (service, path) == ("routing", f"/dispatches/{CASE}/assignments/water-resources/report-in")
    assert body == {"handler": "王五", "phone": "1", "mode": "on_site"}


async def test_says_so_when_the_effect_cannot_be_read_yet(dispatched: Board) -> None:
    dispatched.view.caught_up = False

    answer = await dispatched.ask(f'mutation {{ closeOut(caseId: "{CASE}") {{ stale }} }}', CLERK)

    assert answer["closeOut"]["stale"]


async def test_says_so_when_nothing_can_be_read_after_the_command(dispatched: Board) -> None:
    dispatched.view.away = True

    answer = await dispatched.ask(
        f'mutation {{ closeOut(caseId: "{CASE}") {{ caseId stale case {{ state }} }} }}', CLERK
    )

    assert answer["closeOut"] == {"caseId": CASE, "stale": True, "case": None}
    assert len(dispatched.services.sent) == 1


async def test_a_view_that_is_away_is_not_an_internal_error(dispatched: Board) -> None:
    dispatched.view.away = True

    told = await dispatched.refusal(f'{{ case(caseId: "{CASE}") {{ state }} }}', CLERK)

    assert told["code"] == "service-unavailable"
    assert "postgres" not in str(told)


async def test_a_role_that_may_not_gets_no_further_than_the_gateway(dispatched: Board) -> None:
    told = await dispatched.refusal(f'mutation {{ signWhistle(caseId: "{CASE}") {{ stale }} }}', CLERK)

    assert told["code"] == "not-permitted"
    assert dispatched.services.sent == []


async def test_a_refusal_of_the_service_keeps_its_code_and_speaks_chinese(dispatched: Board) -> None:
    dispatched.services.refusal = CommandRefused(
        422, {"code": "not-submitted", "status": 422, "params": {}, "title": "whatever"}
    )

    told = await dispatched.refusal(f'mutation {{ signWhistle(caseId: "{CASE}") {{ stale }} }}', LEADER)

    assert (told["code"], told["status"]) == ("not-submitted", 422)
    assert told["message"] != told["message_en"]
    assert told["rule"]["id"] == "W3"
    assert "镇街领导签发" in told["rule"]["text"]
    assert "signed by the township's leader" in told["rule"]["text_en"]


async def test_a_role_that_may_not_is_told_who_may(dispatched: Board) -> None:
    told = await dispatched.refusal(f'mutation {{ signWhistle(caseId: "{CASE}") {{ stale }} }}', LIAISON)

    assert told["rule"]["id"] == "permission:sign-whistle"
    assert told["rule"]["text"] == "“签发哨单”限镇街领导办理"


async def test_a_service_that_is_away_is_named(dispatched: Board) -> None:
    dispatched.services.refusal = ServiceUnreachable("intake")

    told = await dispatched.refusal(f'mutation {{ closeOut(caseId: "{CASE}") {{ stale }} }}', CLERK)

    assert told["code"] == "service-unreachable"
    assert "intake" in told["message"]
    assert told["rule"] is None, "what is away refuses by no rule"


async def test_what_nobody_foresaw_tells_nothing_of_the_inside(dispatched: Board) -> None:
    dispatched.services.refusal = RuntimeError("password is hunter2")

    told = await dispatched.refusal(f'mutation {{ closeOut(caseId: "{CASE}") {{ stale }} }}', CLERK)

    assert told["code"] == "internal-error"
    assert "hunter2" not in str(told)


@pytest.mark.parametrize("bad", ["../keys", "x", "", "../../letters/record"])
async def test_an_id_leads_nowhere_else(dispatched: Board, bad: str) -> None:
    told = await dispatched.refusal(
        "mutation($id: ID!) { closeOut(caseId: $id) { stale } }", CLERK, {"id": bad}
    )

    assert told["code"] == "unknown-case"
    assert dispatched.services.sent == []


async def test_a_unit_leads_nowhere_else(dispatched: Board) -> None:
    told = await dispatched.refusal(
        f'mutation {{ giveFeedback(caseId: "{CASE}", content: "x", unit: "../../x") {{ stale }} }}', STRANGER
    )

    assert told["code"] == "unknown-unit"
