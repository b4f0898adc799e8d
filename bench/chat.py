"""From a message typed in Discord to the reply posted, beside the least bot that answers at all.

Discord is the local double that the tests use, in this process; each bot is a process of its own
and has a double of its own. They are asked in turn.
"""

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Self

from bench.folder import EXOMARS, ROOT, environment, story_folder
from bench.memory import resident
from bench.table import Result, Row, Target, median, timed
from tests.doubles.discord import TOKEN, DiscordDouble

ASKS, STARTS, WARM = 500, 10, 30
QUICK_ASKS, QUICK_STARTS = 100, 3
SECONDS = 60.0  # for a start
STATUS = "!exomars status"
OURS, BARE = "this bot", "bare discord.py"


class Bot:
    """One bot as a process, and the Discord that it is connected to."""

    def __init__(self, name: str, command: tuple[str, ...], folder: Path) -> None:
        self.name = name
        self._command = command
        self._folder = folder
        self._discord = DiscordDouble()
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        await self._discord.__aenter__()
        guild = self._discord.add_guild()
        self._channel = self._discord.add_channel(guild, "news")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        await self._discord.__aexit__()

    async def start(self) -> float:
        """Starts it and asks at once; returns the seconds to its first answer."""
        start = time.perf_counter()
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            cwd=self._folder,
            env=environment(
                DISCORD_TOKEN=TOKEN,
                DISCORD_API_BASE=self._discord.api_base,
                DISCORD_GATEWAY_URL=self._discord.gateway_url,
                EXOMARS_DB=str(self._folder / "bench.db"),
                PYTHONPATH=str(ROOT),
            ),
            stderr=asyncio.subprocess.DEVNULL,
        )
        await self._discord.connected(SECONDS)
        await self.ask(STATUS)
        return time.perf_counter() - start

    async def ask(self, text: str) -> float:
        """Types a message; returns the seconds until the reply was posted."""
        seen = len(self._discord.requests)

        def posted() -> bool:
            new = self._discord.requests[seen:]
            return any(request.path.endswith("/messages") and request.status == 200 for request in new)

        start = time.perf_counter()
        await self._discord.user_types(self._channel, text)
        await self._discord.until(posted, SECONDS, f"no answer of {self.name}")
        return time.perf_counter() - start

    def memory(self) -> float:
        """What it holds now, in MB."""
        assert self._process is not None
        return resident(self._process.pid)

    async def stop(self) -> None:
        """Ends it."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()
            await self._discord.disconnected(SECONDS)


def run(*, quick: bool = False) -> Result:
    """Measures both bots."""
    # Judging each request against Discord's description would cost more than the bots do.
    os.environ["DISCORD_OPENAPI"] = ""
    asks, starts = (QUICK_ASKS, QUICK_STARTS) if quick else (ASKS, STARTS)
    with story_folder() as folder:
        return asyncio.run(_measure(folder, asks, starts))


async def _measure(folder: Path, asks: int, starts: int) -> Result:
    async with AsyncExitStack() as stack:
        ours = await stack.enter_async_context(Bot(OURS, (EXOMARS, "run"), folder))
        bare = await stack.enter_async_context(Bot(BARE, (sys.executable, "-m", "bench.bare_bot"), folder))
        both = (bare, ours)
        empty = await ours.start()  # takes over the corpus and syncs the commands
        await ours.stop()
        begun: dict[Bot, list[float]] = {bot: [] for bot in both}
        for turn in range(starts):
            for bot in both:
                begun[bot].append(await bot.start())
                if turn < starts - 1:
                    await bot.stop()
        for _ in range(WARM):
            for bot in both:
                await bot.ask(STATUS)
        same, other = await _asked(both, asks)
        held = {bot: bot.memory() for bot in both}
    rows = [
        *_compared("a message to its reply: status", same),
        *_compared("the same, each time as of another day", other),
        *_compared("start to first answer", begun),
        {**timed("start to first answer, no database yet", [empty]), "bot": OURS},
        *(_held(bot, held[bot], held[bare]) for bot in both),
    ]
    order = ("what", "bot", "median ms", "p99 ms", "MB", "ratio", "n")
    return Result(
        "chat",
        "Asked in Discord (a local double), in turn with a bare bot",
        [{key: row.get(key) for key in order} for row in rows],
        [Target("a message to its reply, median, against a bare bot", 1.5, _ratio(same, ours))],
    )


async def _asked(bots: tuple[Bot, ...], asks: int) -> tuple[dict[Bot, list[float]], ...]:
    same: dict[Bot, list[float]] = {bot: [] for bot in bots}
    other: dict[Bot, list[float]] = {bot: [] for bot in bots}
    for number in range(asks):
        # Another day is never among the answers that the bot keeps ready.
        day = date(2022, 2, 25) + timedelta(days=number)
        for bot in bots:
            same[bot].append(await bot.ask(STATUS))
        for bot in bots:
            other[bot].append(await bot.ask(f"{STATUS} {day}"))
    return same, other


def _compared(what: str, seconds: dict[Bot, list[float]]) -> Iterator[Row]:
    for bot, taken in seconds.items():
        yield {**timed(what, taken), "bot": bot.name, "ratio": round(_ratio(seconds, bot), 2)}


def _ratio(seconds: dict[Bot, list[float]], bot: Bot) -> float:
    least = next(taken for other, taken in seconds.items() if other.name == BARE)
    return median(seconds[bot]) / median(least)


def _held(bot: Bot, held: float, least: float) -> Row:
    return {
        "what": "memory after that",
        "bot": bot.name,
        "MB": round(held, 1),
        "ratio": round(held / least, 2),
    }
