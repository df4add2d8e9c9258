"""A board, and one with a whistle on it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from contracts.events import intake
from tests.component.gateway.board import Board, issued, opened, whistle


@pytest.fixture
async def board(module_database: str, tmp_path: Path) -> AsyncIterator[Board]:
    """Nothing on it yet."""
    async with opened(module_database, tmp_path) as made:
        yield made


@pytest.fixture
async def dispatched(board: Board) -> Board:
    """A whistle of Yuancun is with water resources (lead) and transport (assist), provisionally."""
    content = await whistle(board)
    await board.tell(
        intake.WhistleRaised(**content, emergency=False),
        intake.WhistleSigned(
            **content, emergency=False, signed_by_sealed=await board.seal("演示·李", "person/l")
        ),
        issued(),
    )
    return board
