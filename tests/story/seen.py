"""What supervision leaves to be seen: copies, released documents, instructions, draws, frozen figures."""

from collections.abc import AsyncIterator, Mapping
from hashlib import sha256
from typing import Any, Final

from tests.story.people import CLERK, COUNTY_LEADER, ROADS, SUPERVISOR, WATER, at_home, head, liaison
from tests.story.pursuit import CHECKED, HALF_PERIOD
from tests.story.stage import Stage
from tests.system.county import Person

COPIED = head("county-supervision-office")
INSPECTOR = Person("discipline", "discipline-inspection")
HINTED: Final[Mapping[str, str]] = {
    "S05": "BLUE",
    "S12": "BLUE ORANGE",
    "S14": "BLUE ORANGE",
    "S15": "BLUE",
    "S16": "",
}
"""Code → how far the ladder of a whistle was climbed before it was muted."""
_COPIES: Final = """
{ notices(first: 100) { kind caseId } supervisionOrders(first: 100) { caseId color state copiedTo } }
"""
_RELEASED: Final = "query ($caseId: ID!) { traceBacks(caseId: $caseId) { number digest reason } }"
_STATE: Final = "query ($caseId: ID!) { case(caseId: $caseId) { state } }"
_INSTRUCTED: Final = "query ($caseId: ID!) { instructions(caseId: $caseId) { number words toCodes } }"
_CHECKS: Final = (
    "query ($period: String!) { spotChecks(period: $period, first: 100) { caseId state stratum } }"
)
_FIGURES: Final = """
query ($period: String!, $asOf: DateTime) { figures(period: $period, asOf: $asOf) {
  frozen { number by approvedBy } changes { figure }
} }
"""


async def unseen(stage: Stage) -> list[str]:
    """What is not to be seen as it was to be, each in a phrase."""
    found = []
    for question in (_copies, _released, _instructed, _checked, _restated, _muted):
        found += [f"{question.__name__[1:]}: {wrong}" async for wrong in question(stage)]
    return found


async def _copies(stage: Stage) -> AsyncIterator[str]:
    """Who gets a copy of each red order to a unit sees that order, and no case."""
    found = await stage.county.ask(COPIED, _COPIES)
    rows = await stage.county.rows(
        "SELECT case_id FROM accountability.published WHERE type LIKE '%.order-issued.v1'"
        " AND data::jsonb->>'copied_to' = $1",
        COPIED.unit,
    )
    issued = sorted(row[0] for row in rows)
    if not issued or sorted(each["caseId"] for each in found["supervisionOrders"]) != issued:
        yield f"orders are {found['supervisionOrders']} and not those of {issued}"
    notices = sorted(each["caseId"] for each in found["notices"] if each["kind"] == "order-copied")
    if notices != issued or len(found["notices"]) != len(issued):
        yield f"notices are {found['notices']}"
    for case_id in issued:
        if (await stage.county.ask(COPIED, _STATE, caseId=case_id))["case"] is not None:
            yield f"the whole of {case_id} is seen"


async def _released(stage: Stage) -> AsyncIterator[str]:
    """The discipline body reads what was released, byte for byte and on paper, and not the case."""
    county, case_id = stage.county, stage.cases["S01"]
    [told] = (await county.ask(INSPECTOR, _RELEASED, caseId=case_id))["traceBacks"]
    files = f"{county.system.url}/trace-backs/{case_id}/{told['number']}"
    text, sheet = [
        await county.http.get(f"{files}.{suffix}", headers=county.bearer(INSPECTOR))
        for suffix in ("json", "pdf")
    ]
    if sha256(text.content).hexdigest() != told["digest"]:
        yield f"JSON is {text.status_code} {text.text[:100]}"
    document: Mapping[str, Any] = text.json()
    if [each["color"] for each in document["supervision"]["orders"]].count("RED") != 1:
        yield f"orders are {document['supervision']['orders']}"
    if {each["clock"] for each in document["lateness"]} != {"C0", "C1", "C13"}:
        yield f"lateness is {document['lateness']}"
    if not sheet.content.startswith(b"%PDF"):
        yield f"PDF is {sheet.status_code} {sheet.content[:20]!r}"
    if (await county.ask(INSPECTOR, _STATE, caseId=case_id))["case"] is not None:
        yield "the case itself is seen"
    refused = await county.http.get(f"{files}.json", headers=county.bearer(liaison(ROADS)))
    if refused.status_code != 403:
        yield f"a department gets it: {refused.status_code}"


async def _instructed(stage: Stage) -> AsyncIterator[str]:
    """Those concerned read what the county leader wants; others know of nothing."""
    case_id = stage.cases["S08"]
    town = stage.cursors["S08"].tale.town
    for person, times in ((liaison(ROADS), 1), (at_home(CLERK, town), 1), (liaison(WATER), 0)):
        found = (await stage.county.ask(person, _INSTRUCTED, caseId=case_id))["instructions"]
        if len(found) != times:
            yield f"{person.subject} reads {found}"


async def _checked(stage: Stage) -> AsyncIterator[str]:
    """The draw can be drawn again, and the checks stand as they were found."""
    county = stage.county
    found = (await county.ask(SUPERVISOR, _CHECKS, period=CHECKED))["spotChecks"]
    states = {each["caseId"]: each["state"] for each in found}
    for code, state in (("S18", "PASSED"), ("S19", "FAILED")):
        if states.get(stage.cases[code]) != state:
            yield f"{code} is {states.get(stage.cases[code])}"
    url = f"{county.system.urls['accountability']}/spot-checks/{CHECKED}/draw"
    drawn = (await county.http.get(url, headers=county.bearer(SUPERVISOR))).json()
    if not drawn["recorded"]["same"] or len(drawn["drawn"]) != len(found):
        yield f"it is drawn otherwise: {drawn}"


async def _restated(stage: Stage) -> AsyncIterator[str]:
    """The restated figures stand, what stood before stays, and nothing has moved since."""
    county = stage.county
    url = f"{county.system.urls['accountability']}/figures/periods/{HALF_PERIOD}"
    versions = (await county.http.get(url, headers=county.bearer(SUPERVISOR))).json()["versions"]
    if [each["number"] for each in versions] != [0, 2]:
        yield f"versions are {versions}"
        return
    for version in versions:
        told = (await county.ask(COUNTY_LEADER, _FIGURES, period=HALF_PERIOD, asOf=version["at"]))["figures"]
        if told["frozen"]["number"] != version["number"] or told["changes"]:
            yield f"as of {version['at']} it is {told}"
    if versions[0]["digest"] == versions[1]["digest"]:
        yield "the restatement changes nothing"


async def _muted(stage: Stage) -> AsyncIterator[str]:
    """After the end of a whistle, its merger or the voiding of its clock no further rung is reached."""
    for code, rungs in HINTED.items():
        facts = await stage.county.facts("accountability", stage.cases[code], "ladder-rung-reached")
        reached = {each["rung"] for each in facts}
        if reached != set(rungs.split()):
            yield f"{code} has climbed {sorted(reached)}"
