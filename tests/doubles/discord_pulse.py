"""Waiting for something to have happened, in the double or in the bot."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LOOK_AGAIN = 0.05  # seconds; what changes in the bot does not beat


class Pulse:
    """Beats after each change in the double; a test waits until what it looks for is there."""

    def __init__(self) -> None:
        self._next = asyncio.Event()
        self.story: Callable[[], str] = str  # what else to tell where a wait fails

    def beat(self) -> None:
        """Something changed."""
        self._next.set()
        self._next = asyncio.Event()

    async def until(self, look: Callable[[], T | None], timeout: float | None, what: str) -> T:
        """The first true thing `look` returns; an AssertionError that says `what` after a while."""
        try:
            async with asyncio.timeout(timeout):
                while not (found := look()):
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._next.wait(), LOOK_AGAIN)
                return found
        except TimeoutError:
            raise AssertionError(f"{what} within {timeout} s; {self.story()}") from None
