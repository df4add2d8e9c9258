"""Whatever people wrote or are called is nowhere in the view once its key is destroyed, in no table."""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

import contracts
from backbone.sealing import sealed
from contracts.events import REGISTER, intake
from gateway.projections.facts import sealed_texts
from gateway.projections.tables import metadata
from tests.component.gateway.board import Board, case_number

SAMPLES: Final = Path(contracts.__file__).parent / "samples"
SECRET: Final = "不可留痕"
FIRST: Final = [
    "whistle-drafted",
    "whistle-raised",
    "dispatch-issued",
    "child-adopted",
    "countersigning-asked",
    "letter-submitted",
    "letter-released",
    "grid-report-filed",
    "dispute-filed",
    "task-down-proposed",
    "parking-applied-for",
    "extension-applied-for",
    "order-proposed",
    "good-faith-exemption-claimed",
    "spot-check-drawn",
    "attachment-added",
    "enterprise-registered",
]
"""What makes the rows that other facts change."""
CASES: Final = {"letter": 2, "grid-report": 3, "dispute": 4, "task-down-review": 5}
"""Aggregate → its case; the others tell of one whistle."""


def names() -> list[str]:
    """Published facts with sealed words, those that make rows first."""
    found = [name for name in REGISTER if any(sealed_texts(json.loads(sample(name))))]
    order = {fact: place for place, fact in enumerate(FIRST)}
    return sorted(found, key=lambda name: (order.get(name.split(".")[2], len(FIRST)), name))


def sample(name: str) -> str:
    """The frozen sample of a fact."""
    return (SAMPLES / f"{name}.json").read_text(encoding="utf-8")


def case_of(name: str) -> str:
    """The case a fact tells of; one recorded after the fact begins and ends with that."""
    _, aggregate, fact, _ = name.split(".")
    if fact in ("whistle-recorded", "dispatch-recorded", "letter-recorded"):
        return case_number(7 if aggregate == "letter" else 6)
    return case_number(CASES.get(aggregate, 1))


async def resealed(board: Board, value: Any, key: str, numbers: Iterator[int]) -> Any:
    """A sample with secrets of its own, under the key of its case."""
    match value:
        case str() if sealed(value):
            return await board.seal(f"{SECRET}{next(numbers)}", key)
        case dict():
            return {name: await resealed(board, each, key, numbers) for name, each in value.items()}
        case list():
            return [await resealed(board, each, key, numbers) for each in value]
        case _:
            return value


async def remembering(board: Board) -> set[str]:
    """The tables that hold a secret."""
    found = set()
    async with board.engine.connect() as connection:
        for table in metadata.sorted_tables:
            holds = f"SELECT 1 FROM gateway_cases_a.{table.name} AS it WHERE to_jsonb(it)::text LIKE :secret"
            if (await connection.execute(text(f"{holds} LIMIT 1"), {"secret": f"%{SECRET}%"})).first():
                found.add(table.name)
    return found


async def test_no_table_remembers(board: Board) -> None:
    numbers, keys = count(), dict[str, str]()
    for name in names():
        case_id = case_of(name)
        keys[case_id] = f"case/{case_id}"
        told = json.loads(sample(name).replace(json.loads(sample(name))["case_id"], case_id))
        data = await resealed(board, told, keys[case_id], numbers)
        await board.tell(REGISTER[name].model_validate(data))
    held = await remembering(board)
    assert len(held) > 12, held  # else this proves nothing

    for case_id, key in keys.items():
        board.ring.destroy(key)
        await board.tell(intake.PersonalDataErased(case_id=case_id, key_ids=(key,)))

    assert await remembering(board) == set()
