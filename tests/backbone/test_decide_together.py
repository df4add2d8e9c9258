"""Commands of several streams in one append: all of it is stored or none, decided on what is true at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID, uuid4

import orjson
import pytest

from backbone.decider import Aggregate, Codec, CommandContext, execute, execute_together
from backbone.eventstore import Meta
from backbone.eventstore.memory import MemoryEventStore


@dataclass(frozen=True, slots=True)
class Moved:
    """Some came or went."""

    name: ClassVar[str] = "bank.account.moved.v1"
    amount: int


class NotEnough(Exception):
    """There is less than was asked for."""


def decide(command: int, balance: int) -> list[Moved]:
    if balance + command < 0:
        raise NotEnough
    return [Moved(command)] if command else []


def evolve(balance: int, event: Moved, at: datetime) -> int:
    return balance + event.amount


ACCOUNT: Aggregate[int, Moved, int] = Aggregate(
    category="account",
    initial=0,
    decide=decide,
    evolve=evolve,
    codec=Codec(Moved),
    publish=lambda event, state, key: [("bank.account.moved.v1", key, f'{{"balance": {state}}}')],
)
ONE, OTHER = "one", "other"


@pytest.fixture
def store() -> MemoryEventStore:
    """Nothing in it."""
    return MemoryEventStore()


def context(command_id: UUID | None = None, **after: int) -> CommandContext:
    return CommandContext(command_id or uuid4(), b"h" * 32, Meta("a", "service", "u", after=after))


async def balances(store: MemoryEventStore) -> tuple[int, int]:
    one, other = [ACCOUNT.fold(await store.load(ACCOUNT.stream(key))) for key in (ONE, OTHER)]
    return one, other


def half(states: Sequence[int]) -> list[int]:
    """Half of what the first has goes to the second."""
    return [-(states[0] // 2), states[0] // 2]


async def test_both_sides_are_stored_and_told_together(store: MemoryEventStore) -> None:
    await execute(store, ACCOUNT, ONE, 10, context())
    handled = await execute_together(store, ACCOUNT, (ONE, OTHER), half, context(), {"id": ONE})
    assert handled.events == (Moved(-5), Moved(5))
    assert await balances(store) == (5, 5)
    assert [(each.case_id, orjson.loads(each.data)["balance"]) for each in store.facts] == [
        (ONE, 10),
        (ONE, 5),
        (OTHER, 5),
    ]
    assert handled.appended.published_seq == 3


async def test_a_refusal_of_either_side_stores_nothing(store: MemoryEventStore) -> None:
    await execute(store, ACCOUNT, ONE, 10, context())
    with pytest.raises(NotEnough):
        await execute_together(store, ACCOUNT, (ONE, OTHER), lambda _: [5, -5], context())
    assert await balances(store) == (10, 0)


@pytest.mark.parametrize("overtaken", [ONE, OTHER])
async def test_who_was_quicker_on_either_side_makes_both_be_decided_again(
    store: MemoryEventStore, overtaken: str
) -> None:
    await execute(store, ACCOUNT, ONE, 10, context())
    seen: list[list[int]] = []

    class Overtaken:
        """Somebody else's ten come between reading and storing."""

        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        async def append(self, append: object) -> object:
            if len(seen) == 1:
                await execute(store, ACCOUNT, overtaken, 10, context())
            return await store.append(append)  # type: ignore[arg-type]

    def watched(states: Sequence[int]) -> list[int]:
        seen.append(list(states))
        return half(states)

    await execute_together(Overtaken(), ACCOUNT, (ONE, OTHER), watched, context())  # type: ignore[arg-type]
    assert seen == [[10, 0], [20, 0] if overtaken == ONE else [10, 10]]
    assert sum(await balances(store)) == 20


async def test_a_repeat_answers_the_same_and_decides_nothing(store: MemoryEventStore) -> None:
    await execute(store, ACCOUNT, ONE, 10, context())
    same = uuid4()
    await execute_together(store, ACCOUNT, (ONE, OTHER), half, context(same), {"id": ONE})
    handled = await execute_together(store, ACCOUNT, (ONE, OTHER), half, context(same), {"id": ONE})
    assert handled.events == ()
    assert handled.appended.repeated
    assert orjson.loads(handled.appended.answer) == {"id": ONE}
    assert await balances(store) == (5, 5)


async def test_what_either_side_had_consumed_is_said_of_both(store: MemoryEventStore) -> None:
    await execute(store, ACCOUNT, ONE, 10, context(intake=7))
    await execute(store, ACCOUNT, OTHER, 10, context(intake=3, accountability=2))
    await execute_together(store, ACCOUNT, (ONE, OTHER), half, context())
    told = [orjson.loads(each.meta)["after"] for each in store.facts[-2:]]
    assert told == [{"accountability": 2, "intake": 7}] * 2
