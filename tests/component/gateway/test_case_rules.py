"""Case rules at the gateway: shown, proposed, decided; and what duplicates are looked for by."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from contracts.events import accountability
from tests.component.gateway.board import (
    CASE,
    CLERK,
    DISPATCHER,
    WATER,
    YUANCUN,
    Board,
    ServicesInHand,
)
from tests.component.gateway.test_joining import CHILD, the_child
from tests.component.gateway.test_policies import ADMINISTRATOR, SUPERVISOR

RECORD = "c0000000-0000-5000-8000-0000000000aa"
DOCUMENT = {
    "effective_from": "2026-07-01",
    "source": {"title": "南乐县吹哨报到办理规则"},
    "rules": {"most_extensions": 1},
}
DEFAULT: dict[str, Any] = {
    "number": 0,
    "state": "default",
    "in_force": True,
    "effective_from": None,
    "effective_to": None,
    "source": "默认规则",
    "source_number": "",
    "source_issued": None,
    "rules": accountability.DEFAULT_RULES.model_dump(mode="json"),
    "proposed_at": None,
    "decided_at": None,
    "reason": None,
    "proposed_by": None,
    "decided_by": None,
}
PROPOSED = {
    **DEFAULT,
    "number": 1,
    "state": "proposed",
    "in_force": False,
    "effective_from": "2026-07-01",
    "proposed_at": "2026-05-08T02:00:00Z",
}
FOUND = """query($id: ID!) { case(caseId: $id) { ... on Whistle { duplicateCandidates { caseId } } } }"""


TRIED = {
    "number": 1,
    "changes": [{"name": "most_extensions", "old": 2, "new": 1}],
    "open_whistles": 3,
    "concerned": 1,
    "foreseen": [
        {
            "case_id": CASE,
            "unit": WATER,
            "subject": "extension-by",
            "ground": None,
            "old": "county-leader",
            "new": "nobody",
        }
    ],
}


@dataclass
class RulesOffice(ServicesInHand):
    """Accountability with the default rules and a proposal."""

    async def read(self, service: str, path: str, *, token: str, params: Mapping[str, str]) -> Any:
        """Show what there is."""
        if path == "/case-rules":
            return [DEFAULT, PROPOSED]
        if path == "/case-rules/1/dry-run":
            return TRIED
        return await super().read(service, path, token=token, params=params)

    async def ask(self, service: str, path: str, body: Mapping[str, Any], *, token: str) -> Any:
        """Try a document."""
        assert (path, body) == ("/case-rules/dry-run", DOCUMENT)
        return {**TRIED, "number": None}


@pytest.fixture
def office(board: Board) -> RulesOffice:
    """The board asks this office."""
    services = RulesOffice()
    board.parts = replace(board.parts, services=services)
    return services


def approved(day: date, number: int = 1, **limits: Any) -> accountability.CaseRulesApproved:
    """A record with limits of its own."""
    return accountability.CaseRulesApproved(
        case_id=RECORD,
        number=number,
        effective_from=day,
        source_document="南减办〔2026〕5号",
        rules=accountability.CaseRules(**limits),
    )


async def test_are_shown_with_the_defaults_first(board: Board, office: RulesOffice) -> None:
    asked = """{ caseRules { number state inForce effectiveFrom mostExtensions duplicateLikeness
        parkingGrounds { ground mostDays officeDecides } } }"""
    default, proposed = (await board.ask(asked, CLERK))["caseRules"]
    assert (default["number"], default["state"], default["inForce"]) == (0, "DEFAULT", True)
    assert (default["mostExtensions"], default["duplicateLikeness"]) == (2, 0.2)
    assert default["parkingGrounds"][0] == {"ground": "AWAITING_FUNDS", "mostDays": None, "officeDecides": 1}
    assert (proposed["state"], proposed["effectiveFrom"]) == ("PROPOSED", "2026-07-01")


async def test_show_what_came_later(board: Board, office: RulesOffice) -> None:
    asked = """{ caseRules { officeDecidesExtensions extensionPerCent exemptionGrounds replyDays
        spotCheck { perCent weight unappraised fast fastSeconds } } }"""
    default, _ = (await board.ask(asked, CLERK))["caseRules"]
    assert (default["officeDecidesExtensions"], default["extensionPerCent"], default["replyDays"]) == (
        1,
        100,
        3,
    )
    assert (len(default["exemptionGrounds"]), default["exemptionGrounds"][0]) == (6, "FORCE_MAJEURE")
    assert default["spotCheck"] == {
        "perCent": 10,
        "weight": 1,
        "unappraised": 2,
        "fast": 2,
        "fastSeconds": 7200,
    }


async def test_are_tried_before_they_hold(board: Board, office: RulesOffice) -> None:
    asked = """query ($document: JSON, $number: Int) { caseRulesDryRun(document: $document, number: $number) {
        number changes { name old new } openWhistles concerned
        foreseen { caseId subject ground old new unit { code } } } }"""
    tried = (await board.ask(asked, SUPERVISOR, {"document": DOCUMENT}))["caseRulesDryRun"]
    assert (tried["number"], tried["openWhistles"], tried["concerned"]) == (None, 3, 1)
    assert tried["changes"] == [{"name": "most_extensions", "old": 2, "new": 1}]
    [foreseen] = tried["foreseen"]
    assert (foreseen["subject"], foreseen["unit"]["code"]) == ("EXTENSION_BY", WATER)
    assert (foreseen["old"], foreseen["new"]) == ("county-leader", "nobody")
    proposal = (await board.ask(asked, ADMINISTRATOR, {"number": 1}))["caseRulesDryRun"]
    assert proposal["number"] == 1
    assert (await board.refusal(asked, ADMINISTRATOR))["code"] == "case-rules-document-needed"
    assert (await board.refusal(asked, CLERK, {"number": 1}))["code"] == "not-permitted"


async def test_are_proposed_approved_and_declined(board: Board, office: RulesOffice) -> None:
    propose = "mutation ($document: JSON!) { proposeCaseRules(document: $document) { number state } }"
    proposed = await board.ask(propose, ADMINISTRATOR, {"document": DOCUMENT})
    await board.ask("mutation { approveCaseRules(number: 1) { number } }", ADMINISTRATOR)
    await board.ask('mutation { declineCaseRules(number: 1, reason: "不行") { number } }', ADMINISTRATOR)
    assert proposed["proposeCaseRules"] == {"number": 1, "state": "PROPOSED"}
    assert [(path, body) for _, path, body, _ in office.sent] == [
        ("/case-rules", DOCUMENT),
        ("/case-rules/1/approve", {}),
        ("/case-rules/1/decline", {"reason": "不行"}),
    ]
    told = await board.refusal("mutation { proposeCaseRules(document: 3) { number } }", ADMINISTRATOR)
    assert told["code"] == "case-rules-document-needed"
    told = await board.refusal("mutation { approveCaseRules(number: 7) { number } }", ADMINISTRATOR)
    assert told["code"] == "unknown-policy-proposal"


@pytest.mark.parametrize(
    "asked",
    [
        "mutation { approveCaseRules(number: 1) { number } }",
        'mutation { declineCaseRules(number: 1, reason: "不") { number } }',
        "mutation { proposeCaseRules(document: {rules: {}}) { number } }",
    ],
)
async def test_are_changed_by_administrators_alone(board: Board, office: RulesOffice, asked: str) -> None:
    for other in (CLERK, SUPERVISOR):
        assert (await board.refusal(asked, other))["code"] == "not-permitted"
    assert office.sent == []


async def test_say_how_alike_duplicates_are_where_nobody_says_so(dispatched: Board) -> None:
    async def found() -> list[str]:
        shown = (await dispatched.ask(FOUND, DISPATCHER, {"id": CHILD}))["case"]
        return [each["caseId"] for each in shown["duplicateCandidates"]]

    await the_child(dispatched, village=f"{YUANCUN}201")
    assert await found() == [CASE]
    await dispatched.tell(approved(date(2999, 1, 1), duplicate_likeness=1.0))
    assert await found() == [CASE], "a record of the future does not hold yet"
    await dispatched.tell(approved(date(2000, 1, 1), 2, duplicate_likeness=1.0))
    assert await found() == []
    asked = FOUND.replace("duplicateCandidates", "duplicateCandidates(likeness: 0.2)")
    shown = (await dispatched.ask(asked, DISPATCHER, {"id": CHILD}))["case"]["duplicateCandidates"]
    assert shown == [{"caseId": CASE}], "who asks may say otherwise"
