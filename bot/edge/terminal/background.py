"""Digests beside a chat that blocks: the timer on an event loop of its own, in a thread.

A chat to which no digest comes pays nothing for it: neither thread nor event loop nor scheduler.
"""

import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC
from typing import TYPE_CHECKING

from bot.edge import clock
from bot.edge.parts import Parts
from bot.errors import BotError
from bot.reply import Reply
from bot.store.awaited import awaited
from bot.store.moments import stamp

if TYPE_CHECKING:
    import asyncio

    from bot.edge.timer import Timer

SETTLE_SECONDS = 10.0  # at most, for what is due to be printed
END_SECONDS = 10.0  # at most, for what is under way at the end
_POLL_SECONDS = 0.02
_PLATFORM = "terminal"


class Background:
    """The digests of this terminal, printed with `show` as they come; see TerminalPoster.

    `warn` is told in a line each what goes wrong. Both are called from threads of their own.
    """

    def __init__(
        self, parts: Parts, show: Callable[[Reply, str], None], warn: Callable[[Iterable[str]], None]
    ) -> None:
        self._parts = parts
        self._show = show
        self._warn = warn
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()  # for the three below
        self._told_to_end = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending: asyncio.Event | None = None
        self._timer: Timer | None = None

    def start(self) -> None:
        """Begins, if there is something to wait for; also after something was subscribed."""
        if self._thread is None and self._awaited() is not None:
            self._thread = threading.Thread(target=self._main, name="digests", daemon=True)
            self._thread.start()
        elif self._due():
            self._hurry()

    def settle(self) -> None:
        """Waits until everything that is due by now has been printed."""
        end, hurried = time.monotonic() + SETTLE_SECONDS, False
        while self._thread is not None and self._thread.is_alive() and time.monotonic() < end:
            if not self._due():
                return
            hurried = hurried or self._hurry()
            time.sleep(_POLL_SECONDS)

    def end(self) -> None:
        """Ends it, once what is under way has been printed."""
        if self._thread is None:
            return
        with self._lock:
            self._told_to_end = True
            if self._loop is not None and self._ending is not None:
                self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join(END_SECONDS)

    def _awaited(self) -> str | None:
        with self._parts.store.reading("") as shelf:
            return awaited(shelf.connection, _PLATFORM)

    def _due(self) -> bool:
        coming = self._awaited()
        return coming is not None and coming <= stamp(clock.now())

    def _hurry(self) -> bool:
        """Has the timer look at once, instead of when it next sees that something was written.

        Returns whether it could be told.
        """
        import asyncio

        with self._lock:
            if self._loop is None or self._timer is None:
                return False
            asyncio.run_coroutine_threadsafe(self._timer.look(), self._loop)
            return True

    # ── in its thread ───────────────────────────────────────────────────────────────────

    def _main(self) -> None:
        # Imported here: see above.
        import asyncio

        from bot.edge.damaged import noticed
        from bot.edge.terminal.remarks import remarks

        database = self._parts.config.database
        try:
            with (
                remarks(lambda line: self._warn([line])),
                noticed(database, lambda error: self._warn([str(error)])),
            ):
                asyncio.run(self._run())
        except Exception as error:  # noqa: BLE001  (the chat goes on, whatever it is)
            self._warn([f"no more digests are shown here until the next start: {error}"])

    async def _run(self) -> None:
        import asyncio

        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        from bot.edge.terminal.poster import TerminalPoster

        ending, timer = asyncio.Event(), self._parts.timer([TerminalPoster(self._show)])
        scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": 3600}
        )
        seconds = self._parts.config.reload_seconds
        if seconds:
            scheduler.add_job(self._reload, "interval", seconds=seconds, id="reload")
        scheduler.start()
        try:
            await timer.start(scheduler)
            with self._lock:
                self._loop, self._ending, self._timer = asyncio.get_running_loop(), ending, timer
                if self._told_to_end:
                    ending.set()
            await ending.wait()
        finally:
            with self._lock:
                self._loop = self._timer = None
            scheduler.shutdown(wait=False)
            await timer.end()

    async def _reload(self) -> None:
        """Takes over changed files: an edition tells what is known when it is due."""
        import asyncio

        try:
            done = await asyncio.to_thread(self._parts.refresh)
        except BotError as error:  # it may be well again the next time
            self._warn([str(error)])
        else:
            self._warn(line for synced in done for line in synced.told())
