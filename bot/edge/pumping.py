"""Pumps for a command: where no running bot delivers, the command does it itself until it ends."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.deliver.lock import Lock
from bot.deliver.order import Poster
from bot.deliver.pump import Pump
from bot.digest.content.post import posted
from bot.edge import clock
from bot.edge.parts import Parts
from bot.edge.terminal.poster import TerminalPoster
from bot.errors import ConnectError
from bot.reply import Reply
from bot.store.marks import new_mark

if TYPE_CHECKING:
    import discord

    from bot.edge.discord.posting import DiscordPoster

_LOCK_SECONDS = 1.0
_END_SECONDS = 7.0  # for deliveries under way at the end
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # seconds, where a platform cannot be reached


class Pumps:
    """A pump for each platform, or, where another process has one, a place in the queue behind it.

    `show` prints the digests of the terminal; `warn` is told in a line each what goes wrong.
    """

    def __init__(self, parts: Parts, show: Callable[[Reply, str], None], warn: Callable[[str], None]) -> None:
        self._parts = parts
        self._show = show
        self._warn = warn
        self._locks: dict[str, Lock] = {}
        self._pumps: dict[str, Pump] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._ending = asyncio.Event()
        self._client: discord.Client | None = None
        self._discord: DiscordPoster | None = None

    def reaches(self, platform: str) -> bool:
        """Whether something can be delivered there, by this process or by another that runs."""
        if self._connects(platform):
            return True
        lock = Lock(self._parts.store.path, platform)
        free = lock.take()
        lock.release()
        return not free

    @property
    def watching(self) -> bool:
        """Whether all is left to another process, for now."""
        return not self._pumps

    async def open(self, platforms: Iterable[str]) -> None:
        """Begins to deliver. Raises ConnectError where a platform refuses the bot for good."""
        for platform in sorted({*platforms}):
            if not self._connects(platform):
                continue
            lock = self._locks[platform] = Lock(self._parts.store.path, platform)
            if lock.take():
                poster = await self._poster(platform)
                work = self._pump(platform, poster) if poster else None
            else:
                work = self._take_over(platform, lock)
            if work:
                self._tasks.append(asyncio.create_task(work, name=f"pump {platform}"))

    def wake(self) -> None:
        """Says that there is something to deliver."""
        for pump in self._pumps.values():
            pump.wake()

    def check(self) -> None:
        """Raises what has ended a pump, where something has."""
        for task in self._tasks:
            if task.done():
                task.result()

    async def close(self) -> None:
        """Finishes what is under way and keeps what came of it; then another process may deliver."""
        self._ending.set()
        await asyncio.gather(*(pump.end(_END_SECONDS) for pump in self._pumps.values()))
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_END_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for lock in self._locks.values():
            lock.release()
        if self._discord is not None:
            await self._discord.close()
        if self._client is not None:
            from bot.edge.discord.messages import quietly

            await quietly(self._client.close())

    def _connects(self, platform: str) -> bool:
        return platform == "terminal" or (platform == "discord" and bool(self._parts.config.discord.token))

    async def _take_over(self, platform: str, lock: Lock) -> None:
        """Pumps once no other process does any more."""
        while not lock.take():
            if await self._ended_within(_LOCK_SECONDS):
                return
        poster = await self._poster(platform)
        if poster:
            await self._pump(platform, poster)

    async def _pump(self, platform: str, poster: Poster) -> None:
        pump = self._pumps[platform] = Pump(self._parts.store, poster, posted, clock.now, new_mark)
        await pump.run()

    async def _poster(self, platform: str) -> Poster | None:
        """What delivers there; None where it was told to end before that was reached."""
        return TerminalPoster(self._show) if platform == "terminal" else await self._logged_in()

    async def _logged_in(self) -> Poster | None:
        """Logs in to Discord for requests alone: the gateway is for those who listen."""
        # Imported here: it takes a second, and who watches or prints does without.
        import aiohttp
        import discord

        from bot.edge.discord.client import SEND_SECONDS
        from bot.edge.discord.connection import FATAL_CLOSES, set_up_library
        from bot.edge.discord.messages import quietly, short
        from bot.edge.discord.pace import FOR_PEOPLE, Pace
        from bot.edge.discord.posting import DiscordPoster

        settings = self._parts.config.discord
        set_up_library(settings)
        pause = _FIRST_PAUSE
        while not self._ending.is_set():
            client = self._client = discord.Client(
                intents=discord.Intents.none(),
                allowed_mentions=discord.AllowedMentions.none(),
                max_messages=None,
                max_ratelimit_timeout=SEND_SECONDS,
            )
            try:
                await client.login(settings.token)
            except (discord.LoginFailure, aiohttp.InvalidURL) as error:
                await quietly(client.close())
                mend = (
                    "mend DISCORD_API_BASE" if isinstance(error, aiohttp.InvalidURL) else FATAL_CLOSES[4004]
                )
                raise ConnectError(mend) from error
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                await quietly(client.close())
                self._warn(f"Discord cannot be reached ({short(error)}); trying again in {pause:.0f} s")
                await self._ended_within(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                pace = Pace(settings.requests_per_second - FOR_PEOPLE)
                self._discord = DiscordPoster(lambda: self._client, pace)
                return self._discord
        return None

    async def _ended_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)
        return self._ending.is_set()
