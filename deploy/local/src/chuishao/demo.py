"""Loads the demo county through the ordinary commands, as the people who would give them.

Every command has a key that follows from the county's files, so a load that was cut off is simply done
again and adds only what is missing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence, Set
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from chuishao.client import Client, Refused, key_of
from chuishao.county import MARK, County, Person
from chuishao.system import System
from chuishao.words import words

AT_ONCE: Final = 4
"""Cases played at the same time."""
WAIT_SECONDS: Final = 60.0
"""How long one handover between services may take."""
LOOK_SECONDS: Final = 0.1
_UNIT: Final = ("code", "name", "short_name", "unit_class", "tier", "duty_desk_phone", "ruled_by_county")
_ITEM: Final = (
    *("code", "title", "kind", "level", "lead", "assists", "legal_basis", "summary"),
    *("keywords", "taxonomy", "complex", "devolved", "devolved_with"),
)
_STEPS: Final = (
    *("draft", "raised", "signed", "confirmed", "reported_in"),
    *("feedback", "concluded", "closed", "reworked"),
)
"""How far a whistle is played, each including those before it but ``reworked``, which replaces ``closed``."""
_CASE: Final = """
query ($case: ID!) {
  case(caseId: $case) {
    state
    settling
    ... on Whistle { cycle provisional issues { issueId } assignments { unitCode part state cycle } }
  }
}
"""

Case = Mapping[str, Any]


def load(system: System, console: Console) -> None:
    """Load everything into a running system; a case that cannot be played is told and left where it is."""
    asyncio.run(Demo(system, County(), console).load())


class Stuck(Exception):
    """A service has not taken over a case in time."""

    def __init__(self, case: str, state: str) -> None:
        super().__init__(f"{case} is {state}")
        self.case, self.state = case, state


class Demo:
    """One load of a county's files."""

    def __init__(self, system: System, county: County, console: Console) -> None:
        self._system, self._county, self._console = system, county, console

    async def load(self) -> None:
        """Units, then the list that names them and the grids, then the cases that need all of them."""
        county = self._county
        progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        total = len(county.units) + 2 + len(county.whistles) + len(county.letters)
        with progress:
            task = progress.add_task(words("demo-loading"), total=total)
            async with Client(self._system) as client:
                await self._each(progress, task, county.units, lambda unit: self._unit(client, unit))
                await self._list(client)
                progress.advance(task)
                await self._grids(client)
                progress.advance(task)
                plays: Sequence[tuple[Mapping[str, Any], Callable[[], Awaitable[None]]]] = [
                    *((each, Player(client, county, each).whistle) for each in county.whistles),
                    *((each, Player(client, county, each).letter) for each in county.letters),
                ]
                await self._each(progress, task, plays, lambda play: self._played(*play))
        self._console.print(
            words(
                "demo-loaded",
                units=len(county.units),
                items=len(county.responsibility_list["item"]),
                whistles=len(county.whistles),
                letters=len(county.letters),
            ),
            highlight=False,
            soft_wrap=True,
        )

    async def _each(
        self, progress: Progress, task: TaskID, things: Sequence[Any], load: Callable[[Any], Awaitable[None]]
    ) -> None:
        room = asyncio.Semaphore(AT_ONCE)

        async def one(thing: Any) -> None:
            async with room:
                await load(thing)
                progress.advance(task)

        loading = [asyncio.create_task(one(thing)) for thing in things]
        try:
            await asyncio.gather(*loading)
        finally:
            for each in loading:
                each.cancel()
            await asyncio.gather(*loading, return_exceptions=True)

    async def _unit(self, client: Client, unit: Mapping[str, Any]) -> None:
        body = {name: unit[name] for name in _UNIT}
        if unit["code"] in self._county.villages:
            body["villages"] = self._county.villages[unit["code"]]
        administrator = self._county.holder("administrator")
        await client.command("routing", "/units", body, administrator, key_of(f"demo/unit/{unit['code']}"))

    async def _list(self, client: Client) -> None:
        listed = self._county.responsibility_list
        body = {
            "effective_from": listed["effective_from"],
            "source_document": listed["source_document"],
            "items": [{name: item[name] for name in _ITEM} for item in listed["item"]],
        }
        office = self._county.holder("establishment_office")
        key = key_of(f"demo/list/{listed['version']}")
        await client.command("routing", "/responsibility-list/versions", body, office, key)

    async def _grids(self, client: Client) -> None:
        items = self._county.grid_items
        body = {
            "version": items["version"],
            "source_document": items["source_document"],
            "grids": [
                {
                    "code": each["code"],
                    "name": each["name"],
                    "township": each["township_code"],
                    "villages": each["village_codes"].split(),
                    "worker": each["worker"],
                    "leader": each["leader"],
                }
                for each in self._county.grids
            ],
            "items": [{"code": each["code"], "title": each["title"]} for each in items["item"]],
        }
        administrator = self._county.holder("administrator")
        key = key_of(f"demo/grids/{items['version']}")
        await client.command("intake", "/grid-reports/network", body, administrator, key)

    async def _played(self, case: Mapping[str, Any], play: Callable[[], Awaitable[None]]) -> None:
        try:
            await play()
            return
        except Refused as refused:
            told = words("demo-case-refused", code=case["code"], reason=refused)
        except Stuck as stuck:
            told = words("demo-case-stuck", code=case["code"], case=stuck.case, state=stuck.state)
        self._console.print(told, style="yellow", markup=False, highlight=False, soft_wrap=True)


class Player:
    """Plays one whistle or letter as far as its file says."""

    def __init__(self, client: Client, county: County, written: Mapping[str, Any]) -> None:
        self._client, self._county, self._written = client, county, written

    async def whistle(self) -> None:
        """From the township's first word to where the play ends."""
        written = self._written
        clerk, leader = self._person("raised_by"), self._person("signed_by")
        steps = set(_STEPS[: _STEPS.index(written["play"]) + 1])
        if "reworked" in steps:
            steps.remove("closed")
        content = {
            "kind": written["kind"].upper(),
            "ground": written["ground"].upper(),
            "village": written["village"],
            "text": MARK + written["text"],
            "issues": [
                {"text": issue["text"], "itemCode": issue.get("item_code")} for issue in written["issues"]
            ],
            "departments": written["departments"],
        }
        verb = "draftWhistle" if written["play"] == "draft" else "raiseWhistle"
        case = await self._mutate(verb, {"whistle": ("WhistleInput!", content)}, clerk)
        if "signed" in steps:
            if clerk != leader:
                # At once, also at night: nobody waits for half past eight to look at a demo.
                now = {"caseId": ("ID!", case), "dispatch": ("DispatchWhen!", "NOW")}
                await self._mutate("signWhistle", now, leader)
            await self._until(case, leader, lambda it: bool(it["assignments"]) and not it["settling"])
        if "confirmed" in steps and "confirm_basis" in written:
            basis = {"caseId": ("ID!", case), "legalBasis": ("String!", written["confirm_basis"])}
            await self._mutate("confirmDispatch", basis, self._county.holder("office_dispatcher"))
        if "reported_in" in steps:
            await self._departments(case, leader, steps)
        if "concluded" in steps:
            await self._until(
                case,
                leader,
                lambda it: it["state"] in ("AWAITING_CONFIRMATION", "CLOSED") or it["cycle"] > 1,
            )
        if "closed" in steps:
            await self._close_out(case, clerk)
        if "reworked" in steps:
            reason = {"caseId": ("ID!", case), "reason": ("String!", written["rework_reason"])}
            await self._mutate("reworkWhistle", reason, leader)
            await self._until(case, leader, lambda it: it["cycle"] > 1 and not it["settling"])

    async def _departments(self, case: str, leader: Person, steps: Set[str]) -> None:
        """Every department reports in; the lead goes on to feedback and conclusion."""
        written = self._written
        found = await self._until(case, leader, lambda it: bool(it["assignments"]))
        lead = next(each["unitCode"] for each in found["assignments"] if each["part"] == "LEAD")
        for unit in dict.fromkeys(each["unitCode"] for each in found["assignments"]):
            liaison = self._county.holder("department_liaison", unit)
            arrival = {
                "caseId": ("ID!", case),
                "handler": ("String!", liaison.name),
                "phone": ("String!", liaison.phone),
            }
            await self._mutate("reportIn", arrival, liaison, of=unit)
        liaison = self._county.holder("department_liaison", lead)
        if "feedback" in steps and "feedback" in written:
            content = {"caseId": ("ID!", case), "content": ("String!", written["feedback"])}
            await self._mutate("giveFeedback", content, liaison)
        if "concluded" in steps:
            sentence = {"caseId": ("ID!", case), "sentence": ("String!", written["conclusion"])}
            await self._mutate("conclude", sentence, liaison)
        await self._until(case, leader, lambda it: it["state"] != "DISPATCHED" and not it["settling"])

    async def _close_out(self, case: str, clerk: Person) -> None:
        written = self._written
        found = await self._until(case, clerk, lambda it: bool(it["issues"]))
        verdicts = [
            {"issueId": issue["issueId"], "verdict": verdict.upper()}
            for issue, verdict in zip(found["issues"], written["verdicts"], strict=True)
        ]
        units = dict.fromkeys(each["unitCode"] for each in found["assignments"])
        ratings = [{"unit": unit, "rating": written["rating"].upper()} for unit in units]
        judged = {
            "caseId": ("ID!", case),
            "verdicts": ("[VerdictInput!]", verdicts),
            "ratings": ("[RatingInput!]", ratings),
        }
        await self._mutate("closeOut", judged, clerk)
        await self._until(case, clerk, lambda it: it["state"] == "CLOSED" and not it["settling"])

    async def letter(self) -> None:
        """From the writer to the office's last word."""
        written = self._written
        content = {
            "title": ("String!", MARK + written["title"]),
            "text": ("String!", written["text"]),
            "anonymous": ("Boolean!", written["anonymous"]),
        }
        case = await self._mutate("submitLetter", content, self._person("writer"))
        office = self._county.holder("office_supervisor")
        for verb, name, argument in (
            ("respondToLetter", "response", "content"),
            ("resolveLetter", "resolution", "content"),
            ("notAcceptLetter", "reason", "reason"),
        ):
            if name in written:
                said = {"caseId": ("ID!", case), argument: ("String!", written[name])}
                await self._mutate(verb, said, office)

    def _person(self, part: str) -> Person:
        return self._county.people[self._written[part]]

    async def _mutate(
        self, verb: str, arguments: Mapping[str, tuple[str, object]], person: Person, *, of: str = ""
    ) -> str:
        """Give a command through GraphQL under its own key; the case it is about."""
        typed = {**arguments, "idempotencyKey": ("UUID!", str(self._key(verb, of)))}
        declared = ", ".join(f"${name}: {kind}" for name, (kind, _) in typed.items())
        passed = ", ".join(f"{name}: ${name}" for name in typed)
        document = f"mutation ({declared}) {{ {verb}({passed}) {{ caseId }} }}"
        variables = {name: value for name, (_, value) in typed.items()}
        data = await self._client.graphql(document, variables, person)
        return str(data[verb]["caseId"])

    def _key(self, verb: str, of: str) -> Any:
        return key_of(f"demo/{self._written['code']}/{verb}/{of}")

    async def _until(self, case: str, person: Person, ready: Callable[[Case], bool]) -> Case:
        """The case as a person sees it, as soon as it is ready."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + WAIT_SECONDS
        while True:
            found: Case | None = (await self._client.graphql(_CASE, {"case": case}, person))["case"]
            if found is not None and ready(found):
                return found
            if loop.time() > deadline:
                state = "–" if found is None else found["state"]
                raise Stuck(case, state)
            await asyncio.sleep(LOOK_SECONDS)
