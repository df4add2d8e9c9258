"""Policies at the gateway: asked of the service that keeps them, proposed by one, decided by another."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from backbone.identity import Actor
from contracts.events import accountability
from tests.component.gateway.board import CASE, CLERK, MORNING, WATER, Board, ServicesInHand, case_number

ADMINISTRATOR = Actor("administrator-1", "演示·管一", "administrator", "government-services-data")
SUPERVISOR = Actor("supervisor-1", "演示·督一", "office_supervisor", "burden-reduction-office")
CLOCK = case_number(91)
KEY = UUID("00000000-0000-4000-8000-000000000001")
DOCUMENT = {
    "clock": "C5",
    "effective_from": "2026-07-01",
    "source": {"title": "南乐县吹哨报到时限规定"},
    "limits": {"ordinary": {"working_days": 5}},
}
FIRST: dict[str, Any] = {
    "version": "C5.1",
    "clock": "C5",
    "scope": "",
    "number": 1,
    "state": "approved",
    "in_force": True,
    "effective_from": "2000-01-01",
    "effective_to": None,
    "source": "默认规定",
    "source_number": "",
    "source_issued": None,
    "start": "dispatched",
    "stop": "closed",
    "ending": "breach",
    "limits": [
        {
            "profile": "ordinary",
            "unit": "working-days",
            "amount": 7,
            "amount_zh": "7个工作日",
            "amount_en": "7 working days",
        }
    ],
    "reminders": [],
    "ladder": [],
    "hours": {},
    "quiet": {},
    "proposed_at": "2026-01-05T02:00:00Z",
    "decided_at": "2026-01-05T02:00:00Z",
    "reason": None,
    "proposed_by": None,
    "decided_by": None,
}
SECOND = {**FIRST, "version": "C5.2", "number": 2, "state": "proposed", "in_force": False, "decided_at": None}
HERE = {**SECOND, "version": "C5@410923102.1", "number": 1, "scope": "410923102"}
TRIED = {
    "version": "C5.2",
    "open_clocks": 3,
    "moved": 1,
    "would_breach": 1,
    "moves": [
        {
            "clock_id": CLOCK,
            "case_id": CASE,
            "unit": WATER,
            "kind": "C5",
            "old_due": "2026-05-19T16:00:00Z",
            "due": "2026-05-07T16:00:00Z",
            "provisional": False,
            "would_breach": True,
        }
    ],
    "kept": [
        {"clock_id": CLOCK, "case_id": CASE, "unit": WATER, "reason": "extended-in-another-unit"},
    ],
}


@dataclass
class PolicyOffice(ServicesInHand):
    """Accountability with two versions of one policy, and a township's own."""

    asked: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    async def ask(self, service: str, path: str, body: Mapping[str, Any], *, token: str) -> Any:
        """Try a document."""
        assert (service, path) == ("accountability", "/policies/dry-run")
        self.asked.append((path, body))
        return TRIED

    async def read(self, service: str, path: str, *, token: str, params: Mapping[str, str]) -> Any:
        """Show what there is."""
        self.asked.append((path, params))
        match path:
            case "/policies":
                return [FIRST, SECOND, HERE]
            case "/policies/C5/2/dry-run":
                return TRIED
            case _:
                return await super().read(service, path, token=token, params=params)


@pytest.fixture
def office(board: Board) -> PolicyOffice:
    """The board asks this office."""
    services = PolicyOffice()
    board.parts = replace(board.parts, services=services)
    return services


async def test_shows_each_version_in_words(board: Board, office: PolicyOffice) -> None:
    asked = """{ policies(clock: "C5") {
        version state inForce title start stop effectiveFrom limits { profile words } proposedAt } }"""

    first, second, here = (await board.ask(asked, CLERK))["policies"]

    assert (first["version"], first["state"], first["inForce"]) == ("C5.1", "APPROVED", True)
    assert (first["start"], first["stop"]) == ("派单", "销哨")
    assert first["limits"] == [{"profile": "ORDINARY", "words": "7个工作日"}]
    assert (second["state"], second["inForce"]) == ("PROPOSED", False)
    assert here["version"] == "C5@410923102.1"
    in_force = await board.ask("{ policies(inForce: true) { version } }", CLERK)
    assert [each["version"] for each in in_force["policies"]] == ["C5.1"]
    local = await board.ask('{ policies(scope: "410923102") { version } }', CLERK)
    assert [each["version"] for each in local["policies"]] == ["C5@410923102.1"]


async def test_a_document_is_tried_before_it_is_proposed(board: Board, office: PolicyOffice) -> None:
    asked = """query ($document: JSON!) { policyDryRun(document: $document) {
        version openClocks moved wouldBreach moves { clockId oldDue due wouldBreach unit { code } }
        kept { clockId reason } } }"""

    tried = (await board.ask(asked, SUPERVISOR, {"document": DOCUMENT}))["policyDryRun"]

    assert office.asked == [("/policies/dry-run", DOCUMENT)]
    assert (tried["openClocks"], tried["moved"], tried["wouldBreach"]) == (3, 1, 1)
    assert tried["moves"][0]["unit"] == {"code": WATER}
    assert tried["kept"][0]["reason"] == "已延期的时限不能改用另一种计时单位"
    assert office.sent == []


async def test_a_proposal_is_tried_by_its_number(board: Board, office: PolicyOffice) -> None:
    tried = await board.ask('{ policyDryRun(clock: "C5", number: 2) { moved } }', SUPERVISOR)

    assert tried == {"policyDryRun": {"moved": 1}}
    assert office.asked == [("/policies/C5/2/dry-run", {"scope": ""})]
    refused = await board.refusal('{ policyDryRun(clock: "C5") { moved } }', SUPERVISOR)
    assert refused["code"] == "policy-dry-run-needs-a-policy"


async def test_proposes_approves_and_declines(board: Board, office: PolicyOffice) -> None:
    proposed = await board.ask(
        """mutation ($document: JSON!, $key: UUID) {
            proposePolicy(document: $document, idempotencyKey: $key) { version state } }""",
        ADMINISTRATOR,
        {"document": DOCUMENT, "key": str(KEY)},
    )
    await board.ask('mutation { approvePolicy(clock: "C5", number: 2) { version } }', ADMINISTRATOR)
    await board.ask(
        'mutation { declinePolicy(clock: "C5", number: 1, scope: "410923102", reason: "不行") { version } }',
        ADMINISTRATOR,
    )

    assert proposed["proposePolicy"] == {"version": "C5.2", "state": "PROPOSED"}
    assert [(path, body) for _, path, body, _ in office.sent] == [
        ("/policies", DOCUMENT),
        ("/policies/C5/2/approve", {"scope": ""}),
        ("/policies/C5/1/decline", {"scope": "410923102", "reason": "不行"}),
    ]
    assert office.sent[0][3] == KEY


@pytest.mark.parametrize(
    "asked",
    [
        'mutation { approvePolicy(clock: "C5", number: 2) { version } }',
        'mutation { declinePolicy(clock: "C5", number: 2, reason: "不") { version } }',
        'mutation { proposePolicy(document: {clock: "C5"}) { version } }',
        '{ policyDryRun(document: {clock: "C5"}) { moved } }',
    ],
)
async def test_only_the_office_changes_policies(board: Board, office: PolicyOffice, asked: str) -> None:
    refused = await board.refusal(asked, CLERK)

    assert refused["code"] == "not-permitted"
    assert (office.sent, office.asked) == ([], [])


@pytest.mark.parametrize("document", ["[]", '"C5"', '{scope: ""}'])
async def test_a_document_names_its_clock(board: Board, office: PolicyOffice, document: str) -> None:
    refused = await board.refusal(
        f"mutation {{ proposePolicy(document: {document}) {{ version }} }}", ADMINISTRATOR
    )
    assert refused["code"] == "policy-document-needs-a-clock"


async def test_a_clock_is_no_way_to_another_path(board: Board, office: PolicyOffice) -> None:
    refused = await board.refusal(
        'mutation { approvePolicy(clock: "../x", number: 2) { version } }', ADMINISTRATOR
    )
    assert refused["code"] == "policy-document-needs-a-clock"
    assert office.sent == []


MOVED = accountability.ClockMoved(
    case_id=CASE,
    clock_id=CLOCK,
    kind="C5",
    unit=WATER,
    cause="recomputed",
    at=MORNING,
    old_due=datetime(2026, 5, 19, 16, tzinfo=UTC),
    due=datetime(2026, 5, 14, 16, tzinfo=UTC),
    earliest=datetime(2026, 5, 14, 16, tzinfo=UTC),
    latest=datetime(2026, 5, 14, 16, tzinfo=UTC),
    provisional=False,
    policy_version="C5.2",
    calendar_version="2026.1",
)
STARTED = accountability.ClockStarted(
    case_id=CASE,
    clock_id=CLOCK,
    kind="C5",
    unit=WATER,
    started_at=MORNING,
    due=MOVED.old_due,
    earliest=MOVED.old_due,
    latest=MOVED.old_due,
    provisional=False,
    policy_version="C5.1",
    calendar_version="2026.1",
)


async def test_a_clock_shows_the_policy_it_was_moved_to_beside_its_first_deadline(
    dispatched: Board, office: PolicyOffice
) -> None:
    await dispatched.tell(STARTED, MOVED)

    asked = f'{{ case(caseId: "{CASE}") {{ clocks {{ policyVersion originalDue due }} }} }}'
    (clock,) = (await dispatched.ask(asked, CLERK))["case"]["clocks"]

    assert clock["policyVersion"] == "C5.2"
    assert (clock["originalDue"], clock["due"]) == (MOVED.old_due.isoformat(), MOVED.due.isoformat())


async def test_a_clock_is_explained_now_and_as_of_a_past_moment(
    dispatched: Board, office: PolicyOffice
) -> None:
    await dispatched.tell(STARTED)
    asked = f"""{{ case(caseId: "{CASE}") {{ clocks {{
        now: explanation {{ zh }} then: explanation(asOf: "2026-05-08T10:00:00+08:00") {{ zh }} }} }} }}"""

    (clock,) = (await dispatched.ask(asked, CLERK))["case"]["clocks"]

    assert clock["now"]
    assert clock["then"]
    assert office.asked == [
        ("/explanations", {"clocks": CLOCK}),
        ("/explanations", {"clocks": CLOCK, "as_of": "2026-05-08T10:00:00+08:00"}),
    ]


async def test_a_past_moment_needs_its_zone(dispatched: Board, office: PolicyOffice) -> None:
    await dispatched.tell(STARTED)
    asked = f"""{{ case(caseId: "{CASE}") {{ clocks {{
        explanation(asOf: "2026-05-08T10:00:00") {{ zh }} }} }} }}"""

    assert (await dispatched.refusal(asked, CLERK))["code"] == "time-without-zone"
