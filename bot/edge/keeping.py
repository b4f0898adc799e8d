"""Platforms that one process runs side by side: what ends one of them leaves the others alone."""

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import suppress

from bot.edge.platform import Platform
from bot.errors import ConnectError

log = logging.getLogger("bot")

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds, before a platform that broke is started anew
REFUSED_SECONDS = 600.0  # before a platform that refused the bot is asked again


class Keeper:
    """Keeps platforms running until it is closed.

    `beside`: whether something else goes on without them, as a terminal does.
    """

    def __init__(self, platforms: Sequence[Platform], *, beside: bool) -> None:
        self._platforms = platforms
        self._beside = beside
        self._alone = len(platforms) == 1 and not beside
        self._begun = False  # one of them has been connected
        self._refused: dict[str, ConnectError] = {}
        self._ending = asyncio.Event()

    def connected(self) -> dict[str, bool]:
        """Which of them are connected; to be asked every second, since a good start is known by it."""
        found = {one.name: one.connected for one in self._platforms}
        self._begun = self._begun or any(found.values())
        return found

    async def run(self) -> None:
        """Runs all of them until `close`.

        Raises ConnectError where all refuse the bot before any was connected, and whatever ends a platform
        beside which there is nothing.
        """
        await asyncio.gather(*(self._keep(one) for one in self._platforms))
        if self._all_refused():
            raise list(self._refused.values())[-1]  # the others are told already

    async def close(self) -> None:
        """Finishes the answers in progress, then disconnects."""
        self._ending.set()
        await asyncio.gather(*(_closed(one) for one in self._platforms))

    def _all_refused(self) -> bool:
        """Whether nothing ever came of any of them."""
        return not self._begun and len(self._refused) == len(self._platforms)

    async def _keep(self, platform: Platform) -> None:
        pause, told = FIRST_PAUSE, ""
        while not self._ending.is_set():
            began = time.monotonic()
            try:
                return await platform.run()
            except Exception as error:
                if self._alone:
                    raise
                if time.monotonic() - began > LONGEST_PAUSE:  # it was well meanwhile
                    pause, told = FIRST_PAUSE, ""
                if isinstance(error, ConnectError):
                    told = self._tell_refusal(platform, error, told)
                    wait = REFUSED_SECONDS
                else:
                    log.exception("%s broke; starting it anew in %.0f s", platform.name, pause)
                    wait, pause = pause, min(pause * 2, LONGEST_PAUSE)
            if self._all_refused():
                self._ending.set()
                return None
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), wait)
            if not self._ending.is_set():
                self._refused.pop(platform.name, None)
        return None

    def _tell_refusal(self, platform: Platform, error: ConnectError, told: str) -> str:
        """Says it in one line, unless it was `told` before, or ends the bot, which says it too."""
        self._refused[platform.name] = error
        if not self._all_refused() and str(error) != told:
            goes_on = self._beside or any(self.connected().values())
            more = f"; asking again every {REFUSED_SECONDS / 60:.0f} minutes, all else goes on"
            log.error("%s: %s%s", platform.name, error, more if goes_on else "")
        return str(error)


async def _closed(platform: Platform) -> None:
    try:
        await platform.close()
    except Exception:
        log.exception("%s was not closed in order", platform.name)
