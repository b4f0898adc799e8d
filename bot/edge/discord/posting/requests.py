"""The requests that one delivery needs: each in its turn, and none for ever."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import discord

from bot.edge.discord.listening.client import SEND_SECONDS
from bot.edge.discord.messages import let_others_through
from bot.edge.pace import Pace

T = TypeVar("T")

REPEATS_AFTER = 1.0  # seconds: the shortest that discord.py waits before it repeats a request by itself


class Requests:
    """Makes the requests of one delivery. The first one's turn has come already."""

    def __init__(self, client: discord.Client, pace: Pace) -> None:
        self._client = client
        self._pace = pace
        self._began: float | None = None

    async def __call__(self, make: Callable[[], Awaitable[T]]) -> T:
        """Makes one request; a TimeoutError after SEND_SECONDS, else whatever it raises."""
        if self._began is not None:
            await self._pace.turn()
        self._began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return await make()
        except (TimeoutError, asyncio.CancelledError):
            let_others_through(self._client, SEND_SECONDS)
            raise

    @property
    def repeated(self) -> bool:
        """Whether discord.py may have made the last request more than once.

        It repeats a request after an answer like 500, which does not say whether the work was done.
        What it raises then is only about the last of them.
        """
        began = self._began
        return began is not None and asyncio.get_running_loop().time() - began >= REPEATS_AFTER
