"""The command line over a system in hand."""

import pytest

from chuishao.system import System
from tests.component.cli.answering import Answering, Line

MODULES = ("case_rules", "clocks", "spot_checks", "calendars", "policies")


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Line:
    """Nothing is asked of a real system."""
    system = Answering()
    monkeypatch.setattr(System, "running", classmethod(lambda _: None))
    for module in MODULES:
        monkeypatch.setattr(f"chuishao.{module}.Client", system)
    return Line(system, monkeypatch, capsys)
