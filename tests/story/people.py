"""The story's people, units and items, all of the demonstration county (deploy/demo/nanle)."""

from dataclasses import replace
from typing import Final

from chuishao import county
from tests.system.county import Person

HERE: Final = ""
"""Stands for the township in which a tale happens."""

CHENGGUAN, HANZHANG, YUANCUN, FUKAN = "410923100", "410923101", "410923102", "410923103"
ZHANGGUOTUN, QIANKOU, GUJINLOU, YANGCUN = "410923104", "410923105", "410923106", "410923200"
XISHAO, SIZHUANG, LIANGCUN, JINDEGU = "410923205", "410923206", "410923207", "410923208"

WATER, FIELDS, ROADS, RESCUE = "water-resources", "agriculture-rural", "transport", "emergency-management"
POLICE, POWER, JUSTICE, FINANCE = "public-security", "power-supply", "justice", "finance"
STREETS, HOUSES, LAND, AIR = (
    "urban-management",
    "housing-construction",
    "natural-resources",
    "ecology-environment",
)
OFFICE = "burden-reduction-office"

BUS, AID = "NL-JT-004", "NL-SF-002"
"""Items with one owner and no assists: bus lines are transport's, legal aid is justice's."""
DITCH, CROPS = "NL-SL-001", "NL-NY-003"
"""Blocked ditches are water's with fields and roads, drowned crops the fields' with water and rescue."""
ROAD, TRACKS = "NL-JT-001", "NL-NY-002"
"""County roads are transport's with finance; field tracks the fields' with water, and complex."""
BANGS = "NL-YJ-001"
"""Stored fireworks are rescue's with the police."""

CLERK, LEADER = Person("township_clerk", HERE), Person("township_leader", HERE)
WORKER, RESIDENT = Person("grid_worker", HERE), Person("resident", HERE)
DESK, SUPERVISOR = Person("office_dispatcher", OFFICE), Person("office_supervisor", OFFICE)
SECOND_SUPERVISOR = Person("office_supervisor", OFFICE, 2)
ESTABLISHMENT = Person("establishment_office", "establishment-office")
COUNTY_LEADER = Person("county_leader", "county-leadership")
ADMINISTRATOR = Person("administrator", "government-services-data")


class Directory(county.County):
    """The demonstration county's units, people, list and grids, without its cases."""

    whistles = ()
    letters = ()


NANLE: Final = Directory()


def liaison(unit: str) -> Person:
    """Who reports in and concludes for a department."""
    return Person("department_liaison", unit)


def duty_officer(unit: str) -> Person:
    """Who sits in a department's duty room."""
    return Person("duty_officer", unit)


def head(unit: str) -> Person:
    """A department's leader."""
    return Person("department_leader", unit)


def village(township: str) -> str:
    """A village of a township."""
    return NANLE.villages[township][0]["code"]


def at_home(person: Person, town: str) -> Person:
    """The same person, of the tale's township where the story says only 'here'."""
    return replace(person, unit=town) if person.unit == HERE else person
