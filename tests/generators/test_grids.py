"""The unit grids of the demo county."""

from collections import Counter

from chuishao.county import County
from tests.generators.grids import COUNTY, grids, text


def test_are_the_ones_in_the_file() -> None:
    assert (COUNTY / "grids.csv").read_text(encoding="utf-8") == text()


def test_are_328_and_hold_every_village_once() -> None:
    drawn = grids()
    assert len(drawn) == len({each["code"] for each in drawn}) == 328
    villages = Counter(code for each in drawn for code in each["village_codes"].split())
    assert len(villages) == 329
    assert set(villages.values()) == {1}


def test_have_a_worker_and_a_leader_of_their_own_township() -> None:
    people = County().people
    for each in grids():
        for subject, role in ((each["worker"], "grid_worker"), (each["leader"], "township_leader")):
            assert (people[subject].role, people[subject].unit) == (role, each["township_code"])
