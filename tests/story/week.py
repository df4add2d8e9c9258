"""The whole week: a system whose clocks begin on that Monday, the county's directory, and all tales."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from rich.console import Console

from chuishao.demo import Demo
from chuishao.system import System
from tests.story.disputes import DISPUTES, REVIEWS
from tests.story.hard_whistles import HARD
from tests.story.joined_whistles import JOINED_AND_CHANGED
from tests.story.letters import LETTERS
from tests.story.people import NANLE
from tests.story.plain_whistles import PLAIN
from tests.story.reports import REPORTS
from tests.story.stage import Stage
from tests.story.supervised import SUPERVISED
from tests.story.tale import MONDAY
from tests.system.county import County, begin
from tests.system.launched import Launched

TALES: Final = (*PLAIN, *HARD, *JOINED_AND_CHANGED, *SUPERVISED, *DISPUTES, *LETTERS, *REVIEWS, *REPORTS)


@contextlib.contextmanager
def county(folder: Path) -> Iterator[Launched]:
    """A running system in which it is that Monday morning; nothing else is in it."""
    begin(folder, MONDAY)
    with Launched(folder) as launcher:
        yield launcher.ready()


async def play(system: System, tell: Callable[[str], None] = lambda _: None) -> Stage:
    """Units, list and grids of the demonstration county, then every tale to its end."""
    await Demo(system, NANLE, Console(quiet=True)).load()
    async with County(system) as people:
        stage = Stage(people, tell)
        await stage.play(TALES)
        return stage
