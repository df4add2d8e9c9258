"""How every case stands when all is over, by the gateway's case view, beside how its tale was to end."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from tests.domain.accountability.explanation_reader import read
from tests.story.people import COUNTY_LEADER, ESTABLISHMENT, at_home
from tests.story.stage import Cursor, Stage
from tests.story.tale import Ending
from tests.system.county import SHANGHAI, Person, moment

_CASE: Final = """
query ($caseId: ID!) { case(caseId: $caseId) {
  caseId type state number settling
  clocks { clockId kind state outcome due breachedAt unitCode provisional explanation { zh } }
  ... on Whistle {
    cycle issues { verdict } assignments { unitCode state }
  }
}
  supervisionOrders(caseId: $caseId) { kind color unitCode state cause }
  sharedResults(caseId: $caseId) { result }
}
"""
AT_ONCE: Final = 8

Case = dict[str, Any]


async def shown(stage: Stage) -> dict[str, Case]:
    """Code → the case as somebody sees it who may see it."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(cursor: Cursor) -> tuple[str, Case]:
        async with room:
            for person in (COUNTY_LEADER, ESTABLISHMENT, *_own(cursor)):
                found = await stage.county.ask(person, _CASE, caseId=cursor.case_id)
                if found["case"] is not None:
                    return cursor.tale.code, found.pop("case") | found
        raise AssertionError(f"{cursor.tale.code}: nobody sees {cursor.case_id}")

    return dict(await asyncio.gather(*(one(each) for each in stage.cursors.values() if each.case_id)))


def _own(cursor: Cursor) -> tuple[Person, ...]:
    """Who has made it: a draft is seen by nobody else."""
    return tuple(at_home(act.person, cursor.tale.town) for act in cursor.tale.acts)


def differences(ending: Ending, case: Case) -> list[str]:
    """What is not as it was to be, each in a phrase; none is right."""
    found = []

    def same(name: str, expected: object, actual: object) -> None:
        if expected is not None and expected != actual:
            found.append(f"{name} is {actual} and not {expected}")

    same("state", ending.state, case["state"])
    same("settling", False, case["settling"])
    same("cycle", ending.cycle, case.get("cycle"))
    verdicts = " ".join(each["verdict"] or "-" for each in case.get("issues", ()))
    same("verdicts", ending.verdicts, verdicts)
    for unit, state in ending.parts.items():
        same(unit, [state], [each["state"] for each in case["assignments"] if each["unitCode"] == unit])
    expected = {outcome: sorted(kinds.split()) for outcome, kinds in ending.clocks.items()}
    same("clocks", expected, clocks(case))
    results = tuple(sorted(each["result"] for each in case["sharedResults"]))
    same("orders", ending.orders, tuple(sorted(map(_order, case["supervisionOrders"]))))
    same("results", ending.results, results)
    return found


def _order(order: Mapping[str, Any]) -> str:
    """An order in the words of ``Ending.orders``."""
    words = (order["kind"] or "-", order["color"], order["unitCode"], order["state"], order["cause"])
    return " ".join(each for each in words if each)


def clocks(case: Case) -> dict[str, list[str]]:
    """Outcome → kinds of the case's clocks."""
    found: dict[str, list[str]] = {}
    for clock in case["clocks"]:
        found.setdefault(outcome(clock), []).append(clock["kind"])
    return {name: sorted(kinds) for name, kinds in found.items()}


def outcome(clock: Mapping[str, Any]) -> str:
    """How a clock stands, in one of the words of ``OUTCOMES``."""
    breached = clock["breachedAt"] is not None
    match clock["state"], clock["outcome"]:
        case "VOIDED", _:
            return "void_late" if breached else "void"
        case "EXPIRED", _:
            return "expired"
        case "STOPPED", "RETURNED":
            return "returned"
        case "STOPPED", "ON_TIME":
            return "kept"
        case "STOPPED", "LATE":
            return "late"
        case "PAUSED", _:
            return "paused_late" if breached else "paused"
        case "RUNNING", _:
            return "overdue" if breached else "running"
        case other:
            return f"{other}"


def unexplained(case: Case) -> list[str]:
    """Clocks whose Chinese words do not add up to their deadline, each with what is wrong."""
    found = []
    for clock in case["clocks"]:
        sentences = (clock["explanation"] or {}).get("zh") or []
        try:
            reading = read(sentences)
        except AssertionError as error:
            found.append(f"{clock['kind']}: {error}")
            continue
        if _adds_up(clock) and not reading.due == reading.stated == written(clock["due"]):
            found.append(f"{clock['kind']}: {reading} for {clock['due']}: {sentences}")
    return found


def added_up(cases: Mapping[str, Case]) -> Counter[str]:
    """How many clocks of each kind have words that add up to a deadline."""
    return Counter(clock["kind"] for case in cases.values() for clock in case["clocks"] if _adds_up(clock))


def _adds_up(clock: Mapping[str, Any]) -> bool:
    """The deadline of a clock that stands still is set anew when it goes on, unless it is past."""
    return clock["state"] != "PAUSED" or clock["breachedAt"] is not None


def written(due: str) -> str:
    """A deadline as an explanation writes it."""
    local = moment(due).astimezone(SHANGHAI)
    if local.hour == local.minute == local.second == 0:
        return f"{(local - timedelta(days=1)).date()} 24:00"
    return local.strftime("%Y-%m-%d %H:%M:%S" if local.second else "%Y-%m-%d %H:%M")


def tally(cases: Mapping[str, Case]) -> Counter[str]:
    """How many cases there are of each type."""
    return Counter(each["type"] for each in cases.values())
