"""Draws the unit grids of the demo county over its villages, and writes them as a command."""

import csv
import io
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

COUNTY = Path(__file__).parents[2] / "deploy" / "demo" / "nanle"
HEAD = (
    "# 演示数据 — demonstration data: 328 unit grids (网格) drawn over the 329 villages;"
    " workers and leaders are subjects in identities.toml."
)
FIELDS = ("code", "name", "township_code", "village_codes", "worker", "leader")
SHARED = ("410923100101", "410923100102")
"""Two neighbouring communities of the county town that make one grid."""
_KIND = re.compile(r"(社区居民委员会|居民委员会|村民委员会|居委会|村委会)$")


def text() -> str:
    """The whole file."""
    file = io.StringIO()
    writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
    writer.writeheader()
    for grid in grids():
        writer.writerow(grid)
    return f"{HEAD}\n{file.getvalue()}"


def grids() -> list[Mapping[str, str]]:
    """One grid per village, but one for the two that share it; its leaders in charge take turns."""
    lines = (COUNTY / "villages.csv").read_text(encoding="utf-8").splitlines()
    villages = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    people = tomllib.loads((COUNTY / "identities.toml").read_text(encoding="utf-8"))["identities"]
    drawn: list[Mapping[str, str]] = []
    for number, village in enumerate(villages):
        code, township = village["code"], village["township_code"]
        if code == SHARED[1]:
            continue
        parts = [each for each in villages if each["code"] in SHARED] if code == SHARED[0] else [village]
        workers, leaders = (
            [each["sub"] for each in people if each["unit"] == township and each["role"] == role]
            for role in ("grid_worker", "township_leader")
        )
        drawn.append(
            {
                "code": code,
                "name": "、".join(_KIND.sub("", each["name"]) for each in parts) + "网格",
                "township_code": township,
                "village_codes": " ".join(each["code"] for each in parts),
                "worker": workers[number % len(workers)],
                "leader": leaders[number % len(leaders)],
            }
        )
    return drawn


if __name__ == "__main__":
    (COUNTY / "grids.csv").write_text(text(), encoding="utf-8")
