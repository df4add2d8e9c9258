"""Units and their villages, as they are looked up beside cases."""

from contracts.events import routing
from tests.component.gateway.board import CASE, CLERK, Board

TOWN = routing.UnitRegistered(
    case_id=CASE,
    code="410923102",
    name="南乐县元村镇人民政府",
    short_name="元村镇",
    unit_class="township",
    tier="township",
    villages=(routing.Village(code="410923102201", name="元村集村委会"),),
)


async def test_a_township_shows_its_villages(board: Board) -> None:
    await board.tell(TOWN)

    (unit,) = (await board.ask("{ units { code shortName villages { code name } } }", CLERK))["units"]

    assert unit == {
        "code": "410923102",
        "shortName": "元村镇",
        "villages": [{"code": "410923102201", "name": "元村集村委会"}],
    }


async def test_a_whistle_names_its_village(dispatched: Board) -> None:
    query = f'{{ case(caseId: "{CASE}") {{ ... on Whistle {{ village villageName township {{ name }} }} }} }}'
    unknown = (await dispatched.ask(query))["case"]
    assert unknown["villageName"] == unknown["village"]

    await dispatched.tell(TOWN)

    known = (await dispatched.ask(query))["case"]
    assert (known["villageName"], known["township"]["name"]) == ("元村集村委会", "南乐县元村镇人民政府")


async def test_a_changed_entry_replaces_the_old_one(board: Board) -> None:
    await board.tell(TOWN, TOWN.model_copy(update={"short_name": "元村"}))

    assert (await board.ask("{ units { shortName } }", CLERK))["units"] == [{"shortName": "元村"}]
