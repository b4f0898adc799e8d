"""Pumps for a command: where no running bot delivers, the command does it itself until it ends."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress

from bot.deliver.lock import Lock
from bot.deliver.order import Poster
from bot.deliver.pump import Pump
from bot.digest.content.post import posted
from bot.edge import clock
from bot.edge.ending import let_go
from bot.edge.parts import Parts
from bot.edge.platform import Platform
from bot.edge.platforms import PLATFORMS
from bot.edge.terminal.poster import TerminalPoster
from bot.errors import ConnectError, UnreachableError
from bot.reply import Reply
from bot.store.marks import new_mark

_LOCK_SECONDS = 1.0
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
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._opening: set[str] = set()
        self._ending = asyncio.Event()
        self._platforms: list[Platform] = []
        self.refused: dict[str, str] = {}  # platform → why it refuses the bot for good

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
        return not self._pumps and not self._opening

    def open(self, platforms: Iterable[str]) -> None:
        """Begins to deliver, on each platform as soon as it is reached."""
        for platform in sorted({*platforms}):
            if not self._connects(platform):
                continue
            lock = self._locks[platform] = Lock(self._parts.store.path, platform)
            if lock.take():
                self._opening.add(platform)
            work = self._work(platform, lock)
            self._tasks[platform] = asyncio.create_task(work, name=f"pump {platform}")

    def ready(self, platform: str) -> bool:
        """Whether what is promised there now is delivered, by whichever process."""
        return platform not in self._opening and platform not in self.refused

    def wake(self) -> None:
        """Says that there is something to deliver."""
        for pump in self._pumps.values():
            pump.wake()

    def check(self) -> None:
        """Raises what has ended a pump, where something has.

        Raises ConnectError where all platforms refuse the bot; where only some do, they are in `refused`.
        """
        for platform, task in self._tasks.items():
            if not task.done() or platform in self.refused:
                continue
            try:
                task.result()
            except ConnectError as error:
                self.refused[platform] = str(error)
                self._opening.discard(platform)
                if len(self.refused) == len(self._tasks):
                    raise
                self._warn(str(error))

    async def close(self) -> None:
        """Finishes what is under way and keeps what came of it; then another process may deliver."""
        self._ending.set()
        for platform in self._opening:
            self._tasks[platform].cancel()
        await let_go(self._pumps.values(), self._tasks.values(), self._locks.values())
        await asyncio.gather(*(platform.close() for platform in self._platforms), return_exceptions=True)

    def _connects(self, platform: str) -> bool:
        return platform == "terminal" or platform in self._parts.config.platforms

    async def _work(self, platform: str, lock: Lock) -> None:
        """Pumps once no other process does any more, and the platform is reached."""
        while not lock.take():
            if await self._ended_within(_LOCK_SECONDS):
                return
        poster = await self._poster(platform)
        if poster is not None:
            pump = self._pumps[platform] = Pump(self._parts.store, poster, posted, clock.now, new_mark)
            self._opening.discard(platform)
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
