"""The demo county is complete: units, people, list, whistles and letters name each other rightly."""

import csv
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from contracts.catalogue import catalogue
from contracts.events.routing import ResponsibilityItem, UnitRegistered
from contracts.permissions import ALLOWED, ROLES, SERVICE

ROOT = Path(__file__).parents[2]
COUNTY = ROOT / "deploy" / "demo" / "nanle"
TAXONOMY = ROOT.parent / "shared" / "data" / "taxonomy.csv"
VILLAGES = ROOT.parent / "shared" / "data" / "nanle-villages.csv"

OFFICIAL_TOWNSHIPS = {
    "410923100": "城关镇",
    "410923101": "韩张镇",
    "410923102": "元村镇",
    "410923103": "福堪镇",
    "410923104": "张果屯镇",
    "410923105": "千口镇",
    "410923106": "谷金楼镇",
    "410923200": "杨村乡",
    "410923205": "西邵乡",
    "410923206": "寺庄乡",
    "410923207": "梁村乡",
    "410923208": "近德固乡",
}
WHISTLE_PLAYS = {
    "draft": set[str](),
    "raised": set[str](),
    "signed": set[str](),
    "confirmed": {"confirm_basis"},
    "reported_in": set[str](),
    "feedback": {"feedback"},
    "concluded": {"conclusion"},
    "closed": {"conclusion", "verdicts", "rating"},
    "reworked": {"conclusion", "rework_reason"},
}
LETTER_PLAYS = {
    "submitted": set[str](),
    "responded": {"response"},
    "resolved": {"response", "resolution"},
    "not_accepted": {"reason"},
}
LEAD_IS_THE_TOWNSHIP = "township"
COPIED_TO = "county-supervision-office"
"""县委督查室, where copies of red orders go."""


@cache
def read(name: str) -> dict[str, Any]:
    return tomllib.loads((COUNTY / name).read_text(encoding="utf-8"))


@cache
def read_rows(path: Path) -> list[dict[str, str]]:
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@cache
def units() -> dict[str, dict[str, Any]]:
    return {
        unit["code"]: unit for name in read("county.toml")["files"]["units"] for unit in read(name)["unit"]
    }


@cache
def items() -> dict[str, dict[str, Any]]:
    return {item["code"]: item for item in read("responsibility-list.toml")["item"]}


@cache
def identities() -> dict[str, dict[str, str]]:
    return {person["sub"]: person for person in read("identities.toml")["identities"]}


def whistles() -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = read("whistles.toml")["whistle"]
    return listed


def letters() -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = read("letters.toml")["letter"]
    return listed


def owners(whistle: dict[str, Any]) -> set[str | None]:
    """The departments the list answers for the issues with; None for an issue without an item."""
    return {
        items()[issue["item_code"]]["lead"] if "item_code" in issue else None for issue in whistle["issues"]
    }


@pytest.mark.parametrize("path", sorted(COUNTY.iterdir()), ids=lambda path: path.name)
def test_every_file_says_it_is_demonstration_data(path: Path) -> None:
    assert path.read_text(encoding="utf-8").splitlines()[0].startswith("# 演示数据")


def test_the_county_file_names_every_other_file() -> None:
    named: set[str] = set()
    for value in read("county.toml")["files"].values():
        named |= {value} if isinstance(value, str) else set(value)
    assert named == {path.name for path in COUNTY.iterdir()} - {"county.toml"}


@pytest.mark.parametrize(
    ("name", "table", "key"),
    [
        ("townships.toml", "unit", "code"),
        ("townships.toml", "unit", "duty_desk_phone"),
        ("units.toml", "unit", "code"),
        ("units.toml", "unit", "name"),
        ("units.toml", "unit", "short_name"),
        ("units.toml", "unit", "duty_desk_phone"),
        ("identities.toml", "identities", "sub"),
        ("identities.toml", "identities", "name"),
        ("identities.toml", "identities", "phone"),
        ("responsibility-list.toml", "item", "code"),
        ("responsibility-list.toml", "item", "title"),
        ("whistles.toml", "whistle", "code"),
        ("letters.toml", "letter", "code"),
        ("routed-away.toml", "matter", "code"),
        ("grid-items.toml", "item", "code"),
    ],
)
def test_nothing_is_listed_twice(name: str, table: str, key: str) -> None:
    counted = Counter(entry[key] for entry in read(name)[table])
    assert counted, f"{name} lists nothing"
    assert [value for value, times in counted.items() if times > 1] == []


def test_no_unit_is_in_both_unit_files() -> None:
    townships = {unit["code"] for unit in read("townships.toml")["unit"]}
    assert townships & {unit["code"] for unit in read("units.toml")["unit"]} == set()


def test_the_townships_are_the_official_twelve() -> None:
    townships = {unit["code"]: unit["short_name"] for unit in read("townships.toml")["unit"]}
    assert townships == OFFICIAL_TOWNSHIPS


def test_the_villages_are_329_and_each_lies_in_its_township() -> None:
    villages = read_rows(COUNTY / "villages.csv")
    assert len(villages) == 329
    assert len({village["code"] for village in villages}) == 329
    assert {village["township_code"] for village in villages} == set(OFFICIAL_TOWNSHIPS)
    for village in villages:
        assert len(village["code"]) == 12
        assert village["code"].isdigit()
        assert village["code"].startswith(village["township_code"])
        assert village["name"].endswith("委会") or village["name"].endswith("委员会")


@pytest.mark.skipif(
    not VILLAGES.exists(), reason="the official list of villages (../shared/data) is not here"
)
def test_the_villages_are_the_official_ones() -> None:
    assert read_rows(COUNTY / "villages.csv") == read_rows(VILLAGES)


@pytest.mark.parametrize("code", sorted(units()))
def test_a_unit_can_be_registered(code: str) -> None:
    unit = units()[code]
    UnitRegistered.model_validate({**unit, "case_id": "00000000-0000-0000-0000-000000000000"})
    assert unit["english_name"].isascii()
    assert unit["duty_desk_phone"].startswith("0393-0000"), "a demo number must be recognisably false"
    assert unit["ruled_by_county"] is (unit["unit_class"] not in {"vertical", "utility"})


def test_there_are_units_of_every_class_and_the_offices_the_rules_name() -> None:
    classes = Counter(unit["unit_class"] for unit in units().values())
    assert classes["township"] == 12
    assert classes["department"] >= 18
    assert classes["vertical"] >= 2
    assert classes["utility"] >= 2
    offices = {code for code, unit in units().items() if unit["unit_class"] == "office"}
    assert {"burden-reduction-office", "establishment-office", "county-leadership", COPIED_TO} <= offices


def test_units_of_one_tier_are_of_one_class() -> None:
    classes: dict[str, set[str]] = {}
    for unit in units().values():
        classes.setdefault(unit["tier"], set()).add(unit["unit_class"])
    assert [tier for tier, found in classes.items() if len(found) > 1] == []
    assert [tier for tier in classes if f"tier-{tier}" not in catalogue()] == []
    assert [tier for tier in classes if not tier.isascii()] == [], "a tier is a code on the wire"


def test_every_role_of_a_person_has_an_identity_and_no_service_has_one() -> None:
    assert {person["role"] for person in identities().values()} == set(ROLES) - {SERVICE}


def test_every_identity_is_of_a_known_unit_and_an_invented_person() -> None:
    for person in identities().values():
        assert person["unit"] in units()
        assert person["name"].startswith("演示·")
        assert person["phone"].startswith("0393-0001")


def test_every_unit_has_the_people_its_part_needs() -> None:
    people = Counter((person["unit"], person["role"]) for person in identities().values())
    for code, unit in units().items():
        if unit["unit_class"] == "township":
            assert people[code, "township_clerk"] >= 1
            assert people[code, "township_leader"] >= 1
        elif unit["unit_class"] != "office":
            assert people[code, "department_liaison"] == 2
            assert people[code, "duty_officer"] == 1
            assert people[code, "department_leader"] == 1
    assert people[COPIED_TO, "department_leader"] == 1, "a copy of a red order is for somebody to read"


@pytest.mark.parametrize(
    "role",
    ["office_dispatcher", "office_supervisor", "establishment_office", "county_leader", "administrator"],
)
def test_two_people_hold_a_role_that_needs_a_second_person(role: str) -> None:
    assert sum(person["role"] == role for person in identities().values()) >= 2


def test_the_list_has_at_least_sixty_items_of_every_kind_and_level() -> None:
    listed = items().values()
    assert len(listed) >= 60
    assert {item["kind"] for item in listed} == {"primary", "supporting", "withdrawn_upward"}
    assert {item["level"] for item in listed} == {"township", "county", "city"}
    assert any(item["devolved"] for item in listed)
    assert any(item["complex"] for item in listed)


@pytest.mark.parametrize("code", sorted(items()))
def test_an_item_of_the_list_is_sound(code: str) -> None:
    item = items()[code]
    ResponsibilityItem.model_validate(item)
    assert set(item["assists"]) <= set(units())
    assert item["lead"] not in item["assists"]
    assert len(set(item["assists"])) == len(item["assists"])
    if item["kind"] == "primary":
        assert item["lead"] == LEAD_IS_THE_TOWNSHIP
        assert item["level"] == "township"
    else:
        assert units()[item["lead"]]["unit_class"] in {"department", "vertical", "utility"}
        assert item["level"] in {"county", "city"}
        assert not item["devolved"]
    assert set(item["devolved_with"]) <= {"people", "funds", "technology"}
    assert bool(item["devolved_with"]) == item["devolved"]
    assert item["legal_basis"].startswith("《")
    assert len(item["keywords"]) >= 3
    assert len(item["taxonomy"]) == 3
    assert item["summary"]


@pytest.mark.skipif(not TAXONOMY.exists(), reason="the taxonomy (../shared/data) is not here")
def test_every_item_is_mapped_into_the_taxonomy() -> None:
    classes = {tuple(row.values()) for row in read_rows(TAXONOMY)}
    assert classes
    assert [item["code"] for item in items().values() if tuple(item["taxonomy"]) not in classes] == []


@pytest.mark.parametrize(
    ("title", "lead", "also"),
    [
        ("秸秆露天禁烧", "ecology-environment", {"agriculture-rural"}),
        ("机井灌溉", "power-supply", {"water-resources"}),
        ("农田机井", "water-resources", {"power-supply"}),
        ("自建房", "housing-construction", {"natural-resources"}),
        ("宅基地审批", LEAD_IS_THE_TOWNSHIP, {"agriculture-rural", "natural-resources"}),
        ("农村公路", "transport", set[str]()),
        ("烟花爆竹", "emergency-management", {"public-security"}),
        ("拖欠农民工工资", "human-resources", {"housing-construction"}),
    ],
)
def test_the_matters_townships_whistle_about_most_have_their_owner(
    title: str, lead: str, also: set[str]
) -> None:
    (item,) = [item for item in items().values() if title in item["title"]]
    assert item["lead"] == lead
    assert also <= set(item["assists"])


def test_there_are_twelve_whistles_one_of_each_township() -> None:
    assert sorted(whistle["township"] for whistle in whistles()) == sorted(OFFICIAL_TOWNSHIPS)


@pytest.mark.parametrize("whistle", whistles(), ids=lambda whistle: whistle["code"])
def test_a_whistle_names_what_exists(whistle: dict[str, Any]) -> None:
    villages = {village["code"]: village["township_code"] for village in read_rows(COUNTY / "villages.csv")}
    assert villages[whistle["village"]] == whistle["township"]
    assert whistle["kind"] in {"public_appeal", "key_work", "joint_enforcement", "emergency"}
    assert whistle["ground"] in {"cross_department", "no_power", "owner_unclear"}
    assert whistle["text"].count("。") == 1
    assert whistle["issues"]
    for issue in whistle["issues"]:
        assert issue["text"]
        if "item_code" in issue:
            assert issue["item_code"] in items()
    assert whistle["departments"]
    for department in whistle["departments"]:
        assert units()[department]["unit_class"] in {"department", "vertical", "utility"}


@pytest.mark.parametrize("whistle", whistles(), ids=lambda whistle: whistle["code"])
def test_a_whistle_is_raised_and_signed_by_its_own_township(whistle: dict[str, Any]) -> None:
    raiser, signer = identities()[whistle["raised_by"]], identities()[whistle["signed_by"]]
    assert raiser["unit"] == signer["unit"] == whistle["township"]
    assert raiser["role"] in ALLOWED["raise-whistle"]
    assert signer["role"] in ALLOWED["sign-whistle"]


@pytest.mark.parametrize("whistle", whistles(), ids=lambda whistle: whistle["code"])
def test_a_whistle_carries_the_words_its_play_needs(whistle: dict[str, Any]) -> None:
    assert WHISTLE_PLAYS[whistle["play"]] <= set(whistle)
    if whistle["play"] == "closed":
        assert len(whistle["verdicts"]) == len(whistle["issues"])
    if whistle["play"] == "signed":
        assert len(owners(whistle)) > 1, "the signed one shows a provisional dispatch that awaits the desk"
    elif whistle["play"] not in {"draft", "raised"}:
        assert ("confirm_basis" in whistle) == (len(owners(whistle)) > 1)


def test_the_whistles_show_every_state() -> None:
    assert {whistle["play"] for whistle in whistles()} == set(WHISTLE_PLAYS)


def test_one_emergency_is_raised_by_the_leader_on_duty() -> None:
    (emergency,) = [whistle for whistle in whistles() if whistle["kind"] == "emergency"]
    assert emergency["raised_by"] == emergency["signed_by"] == "leader-410923104"
    assert set(emergency["departments"]) == {"emergency-management", "public-security"}


def test_the_letters_show_every_state_and_come_from_people_of_the_county() -> None:
    assert len(letters()) == 6
    assert {letter["play"] for letter in letters()} == set(LETTER_PLAYS)
    for letter in letters():
        assert LETTER_PLAYS[letter["play"]] <= set(letter)
        writer = identities()[letter["writer"]]
        assert writer["unit"] == letter["township"]
        assert writer["role"] in ALLOWED["submit-letter"]
    assert {letter["anonymous"] for letter in letters()} == {True, False}


def test_matters_that_are_never_whistled_have_an_address() -> None:
    matters = read("routed-away.toml")["matter"]
    assert {"110", "119", "120"} <= {matter["phone"] for matter in matters if matter["urgent"]}
    assert {"litigation", "petition", "discipline", "secrets"} <= {matter["code"] for matter in matters}
    for matter in matters:
        assert matter["address"]
        assert matter["keywords"]
