"""Pumps for a command: where no running bot delivers, the command does it itself until it ends."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress

from bot.deliver.lock import Lock
from bot.deliver.order import Poster
from bot.deliver.pump import Pump
from bot.digest.content.post import posted
from bot.edge import clock
from bot.edge.parts import Parts
from bot.edge.platform import Platform
from bot.edge.platforms import PLATFORMS
from bot.edge.terminal.poster import TerminalPoster
from bot.errors import UnreachableError
from bot.reply import Reply
from bot.store.marks import new_mark

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
        self._platforms: list[Platform] = []

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
        await asyncio.gather(*(platform.close() for platform in self._platforms), return_exceptions=True)

    def _connects(self, platform: str) -> bool:
        return platform == "terminal" or platform in self._parts.config.platforms

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
        return TerminalPoster(self._show) if platform == "terminal" else await self._logged_in(platform)

    async def _logged_in(self, name: str) -> Poster | None:
        """Logs in for requests alone: listening is for those who answer."""
        platform, pause = PLATFORMS[name](self._parts), _FIRST_PAUSE
        self._platforms.append(platform)
        while not self._ending.is_set():
            try:
                await platform.log_in()
            except UnreachableError as error:
                self._warn(f"{error}; trying again in {pause:.0f} s")
                await self._ended_within(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                return platform.poster
        return None

    async def _ended_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)
        return self._ending.is_set()
