"""What is in progress, and is to be finished before the bot ends."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


class Work:
    """Tasks that are doing something of the kind. Belongs to one event loop."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[object]] = set()

    async def do(self, work: Awaitable[T]) -> T:
        """Does something in the task that calls it; it counts as in progress until it is done."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            return await work
        finally:
            self._tasks.discard(task)

    async def finish(self, seconds: float) -> None:
        """Waits until nothing of it is in progress, for so long at most."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
