"""The running bot in a thread of its own, beside a terminal chat in the main one."""

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable

Serve = Callable[[asyncio.Event], Awaitable[object]]


class Service:
    """Serves from `start` until it is told to end; to a chat it is what brings digests.

    `serve` gets the event at which it ends. Where it ends by itself, the main thread is told by SIGTERM.
    """

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self._thread: threading.Thread | None = None
        self._ending = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = threading.Event()
        # Not join(), which Python takes for done when a signal has interrupted it once (bpo-45274).
        self._over = threading.Event()
        self._failed: BaseException | None = None

    def start(self) -> None:
        """Begins, where it has not yet."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._main, name="service", daemon=True)
            self._thread.start()

    def settle(self) -> None:
        """Digests come when they come: the chat waits for none."""

    def end(self) -> None:
        """The end of the chat is not the end of the bot."""

    def wait(self) -> None:
        """Waits until it ends by itself, or a signal comes."""
        while self._thread is not None and not self._over.wait(1.0):
            pass  # a signal is heard in between

    def close(self) -> None:
        """Tells it to end, and waits until it has; raises what made it fail."""
        self._closing.set()
        loop = self._loop
        if loop is not None:
            loop.call_soon_threadsafe(self._ending.set)
        if self._thread is not None:
            self._over.wait()
        if self._failed is not None:
            raise self._failed

    def _main(self) -> None:
        try:
            asyncio.run(self._run())
        except BaseException as error:  # noqa: BLE001  (it is raised again in the main thread)
            self._failed = error
        if not self._closing.is_set():
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
        self._over.set()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        if self._closing.is_set():
            return
        try:
            await self._serve(self._ending)
        finally:
            self._loop = None
