"""Plays tales on a running system: in rounds, one act of every tale that may go on, then rest, then the next.

Between rounds every consumer has read every log and no timer is due, so no act needs to look whether the
services have heard of the one before; when no tale can go on, the clocks move to the earliest moment that one
waits for. A person's request is the only thing that is sent, and it is sent once.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from graphql import GraphQLSchema, build_schema, get_named_type, is_leaf_type

import contracts
from backbone.testing import eventually
from chuishao.environment import SERVICES
from tests.story.people import COUNTY_LEADER, at_home, village
from tests.story.tale import (
    Act,
    At,
    Await,
    CaseOf,
    Find,
    IssueOf,
    LastCorrection,
    Mark,
    MatterOf,
    Step,
    Tale,
    VillageHere,
)
from tests.system.county import County, Refused

AT_ONCE: Final = 8
"""Acts sent at the same time."""
REST_SECONDS: Final = 90.0
"""Longest wait until nothing is left to do."""
_SHOWN: Final = "case { ... on Whistle { issues { issueId } } ... on GridReport { whistle { caseId } } }"
_PURSUED: Final = """
query ($caseId: ID!) {
  case(caseId: $caseId) { clocks { clockId kind cycle } ... on Whistle { corrections { correctionId } } }
  supervisionOrders(caseId: $caseId) { matterId kind }
}
"""
_OWNERS: Final = tuple(each for each in SERVICES if each != "gateway")


class Stuck(Exception):
    """A tale cannot go on as it is written."""


@dataclass
class Cursor:
    """How far a tale is."""

    tale: Tale
    case_id: str = ""
    issues: tuple[str, ...] = ()
    place: int = 0
    calls: int = 0

    @property
    def step(self) -> Step | None:
        """What comes next; None at the end."""
        return self.tale.steps[self.place] if self.place < len(self.tale.steps) else None


@dataclass
class Stage:
    """The tales at play."""

    county: County
    tell: Callable[[str], None]
    cases: dict[str, str] = field(default_factory=dict)
    """Code → case id."""
    marks: set[str] = field(default_factory=set)
    cursors: dict[str, Cursor] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    """Code → why a tale could not go on as it is written."""
    rounds: int = 0
    _schema: GraphQLSchema = field(default_factory=lambda: build_schema(_sdl()))

    async def play(self, tales: Sequence[Tale]) -> None:
        """From the first act to the last."""
        self.cursors = {tale.code: Cursor(tale) for tale in tales}
        assert len(self.cursors) == len(tales), "two tales have one code"
        await self.rest()
        while True:
            await self._pass()
            for cursor in self.cursors.values():
                if isinstance(cursor.step, Find):
                    with self._told(cursor):
                        await self._find(cursor, cursor.step)
            ready = [each for each in self.cursors.values() if isinstance(each.step, Act)]
            if ready:
                self.rounds += 1
                await self._round(ready)
                await self.rest()
                continue
            waiting = [each.step.moment for each in self.cursors.values() if isinstance(each.step, At)]
            if waiting:
                await self._move(min(waiting))
                continue
            for cursor in self.cursors.values():
                if isinstance(cursor.step, Await):
                    self.failures[cursor.tale.code] = f"waits in vain until {cursor.step.mark}"
            return

    @contextlib.contextmanager
    def _told(self, cursor: Cursor) -> Iterator[None]:
        """A tale that is stuck ends there; the others go on."""
        try:
            yield
        except Stuck as stuck:
            self.failures[cursor.tale.code] = str(stuck)
            cursor.place = len(cursor.tale.steps)

    async def rest(self) -> None:
        """Until every live consumer has read every log to its end and no timer is due."""
        await eventually(self._rests, REST_SECONDS, interval=0.05)

    async def _rests(self) -> bool:
        heads = ", ".join(f"('{each}', (SELECT published_seq FROM {each}.log_head))" for each in _OWNERS)
        behind = " UNION ALL ".join(
            f"SELECT 1 FROM {each}.projection p JOIN heads h ON h.source = p.source"
            " WHERE p.status = 'live' AND p.seq < h.seq"
            for each in SERVICES
        )
        due = " UNION ALL ".join(
            f"SELECT 1 FROM {each}.deadline WHERE fired_at IS NULL AND due_at <= {each}.chuishao_now()"
            for each in _OWNERS
        )
        found = await self.county.rows(
            f"WITH heads(source, seq) AS (VALUES {heads}) SELECT 1 FROM ({behind} UNION ALL {due}) x LIMIT 1"
        )
        return not found

    async def _pass(self) -> None:
        """Let every tale go on past marks made and moments over, as far as it can."""
        now = await self.county.clocks.now()
        moved = True
        while moved:
            moved = False
            for cursor in self.cursors.values():
                while self._passes(cursor, now):
                    cursor.place += 1
                    moved = True

    def _passes(self, cursor: Cursor, now: datetime) -> bool:
        match cursor.step:
            case Mark(name):
                self.marks.add(name)
                return True
            case Await(mark):
                return mark in self.marks
            case At(moment):
                return moment <= now
            case _:
                return False

    async def _move(self, moment: datetime) -> None:
        self.tell(f"{moment:%m-%d %H:%M}")
        await self.county.clocks.move_to(moment)
        await self.rest()

    async def _round(self, ready: Sequence[Cursor]) -> None:
        room = asyncio.Semaphore(AT_ONCE)

        async def one(cursor: Cursor) -> None:
            async with room:
                act = cursor.step
                assert isinstance(act, Act)
                with self._told(cursor):
                    await self._perform(act, cursor)
                    cursor.place += 1

        await asyncio.gather(*(one(each) for each in ready))

    async def _find(self, cursor: Cursor, wanted: Find) -> None:
        query = (
            "query ($type: CaseType!) { cases(filter: { types: [$type] }, first: 100)"
            " { edges { node { caseId text ... on Dispute { whistleId } } } } }"
        )
        person = at_home(wanted.person, cursor.tale.town)
        edges = (await self.county.ask(person, query, type=wanted.type))["cases"]["edges"]
        holds = await self._resolved(dict(wanted.holds), cursor)
        found = [each["node"]["caseId"] for each in edges if holds.items() <= each["node"].items()]
        if len(found) != 1:
            raise Stuck(f"{cursor.tale.code} finds {len(found)} cases for {wanted}")
        cursor.case_id = self.cases[cursor.tale.code] = found[0]
        cursor.place += 1

    async def _perform(self, act: Act, cursor: Cursor) -> None:
        cursor.case_id = cursor.case_id or self.cases.get(cursor.tale.code, "")
        person = at_home(act.person, cursor.tale.town)
        arguments = {name: await self._resolved(value, cursor) for name, value in act.words.items()}
        declared = self._schema.mutation_type
        assert declared is not None
        verb = declared.fields[act.verb]
        if "caseId" in verb.args:
            arguments["caseId"] = self.cases[act.about] if act.about else cursor.case_id
        types = ", ".join(f"${name}: {verb.args[name].type}" for name in arguments)
        passed = ", ".join(f"{name}: ${name}" for name in arguments)
        about_a_case = str(verb.type) == "CasePayload!"
        asked = f"{{ caseId {_SHOWN} }}" if about_a_case else "{ __typename }"
        asked = "" if is_leaf_type(get_named_type(verb.type)) else asked
        document = f"mutation ({types}) {{ {act.verb}({passed}) {asked} }}"
        where = f"{cursor.tale.code} {cursor.tale.title}: {act.verb} by {person.role} of {person.unit}"
        cursor.calls += 1
        try:
            payload = (await self.county.ask(person, document, **arguments))[act.verb]
        except Refused as refused:
            if refused.code == act.refused:
                return
            raise Stuck(f"{where} was refused with {refused.code}: {refused}") from refused
        if act.refused:
            raise Stuck(f"{where} was not refused with {act.refused}")
        if about_a_case:
            self._keep(act, payload, cursor)

    def _keep(self, act: Act, payload: dict[str, Any], cursor: Cursor) -> None:
        case = payload["case"] or {}
        if not cursor.case_id:
            cursor.case_id = self.cases[cursor.tale.code] = payload["caseId"]
        if act.opens:
            made = case.get("whistle") or {}
            assert made, f"{cursor.tale.code}: {act.verb} shows no whistle"
            self.cases[act.opens] = made["caseId"]
        if payload["caseId"] == cursor.case_id and case.get("issues"):
            cursor.issues = tuple(each["issueId"] for each in case["issues"])

    async def _pursued(self, kind: str, case_id: str) -> str:
        """The id of what is pursued; asking for it is no call of the tale's."""
        found = await self.county.ask(COUNTY_LEADER, _PURSUED, caseId=case_id)
        clocks = sorted(found["case"]["clocks"], key=lambda each: each["cycle"])
        ids = [each["clockId"] for each in clocks if each["kind"] == kind]
        ids += [each["matterId"] for each in found["supervisionOrders"] if (each["kind"] or "") == kind]
        if not ids:
            raise Stuck(f"nothing is pursued as {kind or 'by hand'}")
        return str(ids[0])

    async def _resolved(self, value: Any, cursor: Cursor) -> Any:
        match value:
            case CaseOf(code):
                return self.cases[code]
            case IssueOf(number):
                return cursor.issues[number - 1]
            case MatterOf(kind):
                return await self._pursued(kind, cursor.case_id)
            case LastCorrection():
                found = await self.county.ask(COUNTY_LEADER, _PURSUED, caseId=cursor.case_id)
                return found["case"]["corrections"][-1]["correctionId"]
            case VillageHere():
                return village(cursor.tale.town)
            case dict():
                return {name: await self._resolved(each, cursor) for name, each in value.items()}
            case list() | tuple():
                return [await self._resolved(each, cursor) for each in value]
            case _:
                return value


def _sdl() -> str:
    return (Path(contracts.__file__).parent / "schema.graphql").read_text(encoding="utf-8")
