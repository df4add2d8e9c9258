"""What came of the week: every case beside its tale, every transition, and the system's own checks."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.story.counted import miscounted
from tests.story.exercised import Exercised, exercised
from tests.story.outcomes import Case, differences, shown, unexplained
from tests.story.seen import unseen
from tests.story.tale import Tale
from tests.story.week import TALES, play
from tests.system.county import County
from tests.system.launched import Launched


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that is asked of a week; empty lists are good."""

    cases: Mapping[str, Case]
    """Code → the case at the end."""
    differences: Mapping[str, Sequence[str]]
    """Code → what is not as its tale was to end."""
    unexplained: Mapping[str, Sequence[str]]
    """Code → clocks whose words do not add up to their deadline."""
    exercised: Sequence[Exercised]
    calls: Mapping[str, int]
    """Code → requests the tale has taken."""
    rebuilt: Mapping[str, Case]
    """The cases once more, from a read model built anew beside the live one."""
    held: int
    """Cases that the rebuild could not go on with."""
    miscounted: Sequence[str]
    """Figures that a second implementation counts otherwise."""
    counted: int
    """Cells of tables that were compared with it."""
    unseen: Sequence[str]
    """What of supervision is not seen by whom it is for, or by others."""
    intact: bool
    """Every log agrees with its hash chain."""
    rounds: int


async def judge(launcher: Launched, tell: Callable[[str], None] = lambda _: None) -> Verdict:
    """Play the week and look at what came of it."""
    system = launcher.system
    stage = await play(system, tell)
    async with County(system) as stage.county:
        tell("looking at every case")
        cases = await shown(stage)
        found = await exercised(stage.county)
        tell("counting the figures once more")
        miscounts, counted = await miscounted(stage.county)
        tell("looking at what supervision left to be seen")
        lacking = await unseen(stage)
        tell("building the read model anew, checking the hash chains")
        rebuilding = await asyncio.to_thread(launcher.run, "rebuild", "cases", "--json")
        verifying = await asyncio.to_thread(launcher.run, "verify", "--json")
        said = json.loads(rebuilding.stdout)
        await stage.rest()
        rebuilt = await shown(stage)
    return Verdict(
        cases=cases,
        differences={tale.code: wrong for tale in TALES if (wrong := _wrong(tale, cases, stage.failures))},
        unexplained={code: wrong for code, case in cases.items() if (wrong := unexplained(case))},
        exercised=found,
        calls={code: cursor.calls for code, cursor in stage.cursors.items()},
        rebuilt=rebuilt,
        held=int(said["held"]),
        miscounted=miscounts,
        counted=counted,
        unseen=lacking,
        intact=verifying.returncode == 0 and bool(json.loads(verifying.stdout)["intact"]),
        rounds=stage.rounds,
    )


def _wrong(tale: Tale, cases: Mapping[str, Case], failures: Mapping[str, str]) -> list[str]:
    if tale.code in failures:
        return [failures[tale.code]]
    return differences(tale.ending, cases[tale.code])
