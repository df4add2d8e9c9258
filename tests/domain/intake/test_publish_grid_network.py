"""The county's grids, who is in charge of each, and the matters admitted to them."""

from dataclasses import replace

import pytest

from intake.domain.grid_network import INITIAL, GridNetworkPublished, PublishGridNetwork
from intake.domain.refusals import Refused
from tests.domain.intake.stories import (
    FACILITIES,
    FIRST_GRID,
    HANZHANG,
    NETWORK,
    YUANCUN,
    a_network,
    no_network_yet,
)

PUBLISH = PublishGridNetwork(1, "演示文件", (FIRST_GRID,), (FACILITIES,))
network = a_network.state


def test_draws_the_grids() -> None:
    no_network_yet.when(PUBLISH).then(NETWORK)


def test_changes_nothing_when_delivered_twice() -> None:
    a_network.when(PUBLISH).then_nothing()


def test_replaces_them_by_a_newer_version() -> None:
    newer = replace(PUBLISH, version=2, items=())
    after = a_network.when(newer).then(GridNetworkPublished(2, "演示文件", (FIRST_GRID,), ()))
    assert after.state.items == ()
    a_network.when(replace(PUBLISH, items=())).then_refused("network-version-not-newer")


def test_names_its_source() -> None:
    no_network_yet.when(replace(PUBLISH, source_document="")).then_refused("network-needs-a-source")


def test_names_every_grid_and_village_once() -> None:
    twice = replace(PUBLISH, grids=(FIRST_GRID, FIRST_GRID))
    no_network_yet.when(twice).then_refused("grid-named-twice")
    overlapping = replace(PUBLISH, grids=(FIRST_GRID, replace(FIRST_GRID, code="other")))
    no_network_yet.when(overlapping).then_refused("village-in-two-grids")


def test_finds_the_grid_by_its_code_or_by_the_village() -> None:
    assert network.grid_for(YUANCUN, FIRST_GRID.code, None) == FIRST_GRID
    assert network.grid_for(YUANCUN, None, "410923102202") == FIRST_GRID
    assert network.grid_for(YUANCUN, None, None) is None


@pytest.mark.parametrize(
    ("township", "grid", "village"),
    [(HANZHANG, FIRST_GRID.code, None), (YUANCUN, "nowhere", "410923102201"), (YUANCUN, None, "nowhere")],
)
def test_finds_no_grid_of_another_place(township: str, grid: str | None, village: str | None) -> None:
    with pytest.raises(Refused) as refused:
        network.grid_for(township, grid, village)
    assert refused.value.slug == "unknown-grid"


def test_admits_what_is_on_the_list() -> None:
    network.admit("facilities")
    network.admit(None)
    with pytest.raises(Refused) as refused:
        network.admit("divination")
    assert refused.value.slug == "item-not-admitted"


def test_takes_anything_before_there_is_a_network() -> None:
    INITIAL.admit("divination")
    assert INITIAL.grid_for(YUANCUN, "anything", None) is None
