"""A county office whose clock stands at a Friday morning."""

import pytest

from tests.component.accountability.county import County, at


@pytest.fixture
async def county() -> County:
    """On Friday 8 May 2026, 10:00; Saturday the 9th is worked."""
    return await County.opened(at("2026-05-08 10:00"))
