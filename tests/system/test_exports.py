"""Every list goes out of a running system, as csv and as a workbook with the same lines."""

import csv
from io import BytesIO, StringIO
from typing import Any

import openpyxl

from gateway.entrypoints.exports import LISTS
from tests.component.who_may import table
from tests.system.county import POWER, WELL, County, whistle
from tests.system.test_who_may import RIGHT, person

NEEDED: dict[str, dict[str, Any]] = {
    "responsibility-list-diff": {"from": 1, "to": 1},
    "events": {"service": "intake"},
}
HOLD_SOMETHING = {
    *("cases", "notices", "units", "responsibility-items", "responsibility-list", "policies"),
    *("case-rules", "calendar", "events", "read-log"),
}
"""Lists with lines as soon as there is a county and a whistle in it."""


async def test_every_list_goes_out_in_both_forms(county: County) -> None:
    await county.clocks.ordinary_morning()
    await county.dispatched(whistle(("机井变压器烧毁", WELL), departments=[POWER]))
    filled = set()
    for listed in LISTS:
        if listed.name == "deliveries":  # needs a channel, which leads out of the machine
            continue
        path = f"/exports/{listed.name}"
        role = next(
            each for each in table.of_routes("gateway")["GET", f"{path}.csv"].roles if each != table.SERVICE
        )
        role = "department_liaison" if listed.name in ("cases", "notices") else role
        who = county.bearer(person(role, RIGHT))
        answers = [
            await county.http.get(
                f"{county.system.urls['gateway']}{path}.{ending}",
                params=NEEDED.get(listed.name),
                headers=who,
            )
            for ending in ("csv", "xlsx")
        ]
        assert [each.status_code for each in answers] == [200, 200], (listed.name, answers[0].text)
        head, *lines = csv.reader(StringIO(answers[0].content.decode("utf-8-sig"), newline=""))
        sheet = openpyxl.load_workbook(BytesIO(answers[1].content)).worksheets[0]
        assert head == [cell.value for cell in sheet[1]] == list(listed.head("zh"))
        assert {len(line) for line in lines} <= {len(head)}
        if lines:
            filled.add(listed.name)
            assert sheet.max_row > 1
    assert filled >= HOLD_SOMETHING
