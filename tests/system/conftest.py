"""One running system for all tests that only use it, and more for those that stop or kill it."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from chuishao.system import System
from tests.system.county import County, begin
from tests.system.launched import Launched


@pytest.fixture(scope="session")
def launched(server_folder: Path) -> Iterator[Launched]:
    """The run's own `chuishao up` with the demo county; use it, do not stop it."""
    with Launched(server_folder / "system", demo=True) as launcher:
        yield launcher.ready()


@pytest.fixture
def system(launched: Launched) -> System:
    """Addresses and tokens of the run's system with the demo county."""
    return launched.system


@pytest.fixture
def launch(server_folder: Path) -> Iterator[Callable[..., Launched]]:
    """Make a launcher on a new folder, without the demo county, to be stopped and killed at will."""
    with ExitStack() as stack:

        def make(data: Path | None = None, **options: object) -> Launched:
            folder = data or Path(tempfile.mkdtemp(dir=server_folder))
            folder.chmod(0o755)
            return stack.enter_context(Launched(folder, **options))  # type: ignore[arg-type]

        yield make


@pytest.fixture(scope="session")
def county_launcher(server_folder: Path) -> Iterator[Launched]:
    """The run's own `chuishao up` whose clocks begin in March 2021 and are moved on by tests; no demo."""
    folder = server_folder / "county"
    begin(folder)
    with Launched(folder) as launcher:
        system = launcher.ready().system

        async def register() -> None:
            async with County(system) as county:
                await county.register()

        asyncio.run(register())
        yield launcher


@pytest.fixture
async def county(county_launcher: Launched) -> AsyncIterator[County]:
    """The people of that system's county at work."""
    async with County(county_launcher.system) as county:
        yield county
