"""Reads asked for at once go to the database together: one call then costs what each alone would have."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

AT_ONCE = 2
"""Calls under way; what is asked meanwhile waits for the next one, so that a lone read never waits."""
MOST = 200
"""Reads in a call."""


class TogetherReader(Generic[K, V]):
    """Groups reads of one kind. ``read`` answers the values of its keys, in their order.

    What ``read`` raises reaches everybody in the call, unless it may hold for one key alone: then each is
    read for itself, and only whoever asked for that key hears of it.
    """

    def __init__(
        self,
        read: Callable[[Sequence[K]], Awaitable[Sequence[V]]],
        for_all: Callable[[Exception], bool] = lambda _: True,
    ) -> None:
        """``for_all`` tells an error that would hold for any key; they all do, unless it says otherwise."""
        self._read, self._for_all = read, for_all
        self._waiting: deque[tuple[K, asyncio.Future[V]]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._under_way = 0

    async def get(self, key: K) -> V:
        """The value of a key, read after this was asked."""
        asked: asyncio.Future[V] = asyncio.get_running_loop().create_future()
        self._waiting.append((key, asked))
        if self._under_way < AT_ONCE:
            self._under_way += 1
            task = asyncio.create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await asked

    async def _work(self) -> None:
        try:
            while self._waiting:
                group = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
                await self._answer([each for each in group if not each[1].done()])
        finally:
            # Here, and not when the task is gone: who asks in between would wait for nobody.
            self._under_way -= 1

    async def _answer(self, group: Sequence[tuple[K, asyncio.Future[V]]]) -> None:
        try:
            values = await self._read([key for key, _ in group]) if group else []
        except Exception as error:
            if len(group) > 1 and not self._for_all(error):
                for each in group:
                    await self._answer([each])
                return
            for _, asked in group:
                if not asked.done():
                    asked.set_exception(error)
            return
        for (_, asked), value in zip(group, values, strict=True):
            if not asked.done():
                asked.set_result(value)
