"""Socket Mode: connected without a gap, over one connection, or two while one takes over from the other.

    apps.connections.open → url → Socket → hello → envelopes … → disconnect → the next Socket, then the end

The SDK's own client closes the old connection before it opens the next: what Slack has sent meanwhile would
be lost. So here each of its clients has one connection for all its life, and `Sockets` opens the next one.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import aiohttp
from aiohttp import WSMsgType
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.edge.slack.refusals import SOCKET_MODE_OFF, app_refused, quietly, retry_after, short
from bot.errors import ConnectError

log = logging.getLogger("bot.slack")

Take = Callable[["Socket", Mapping[str, Any]], Awaitable[None]]

PING_SECONDS = 10.0  # how often it is asked whether Slack still hears; half as long for the answer
OPEN_SECONDS = 10.0  # for a connection to open, and for its hello
DRAIN_SECONDS = 15.0  # for the old connection, once the next one is there
CLOSE_SECONDS = 1.0  # for Slack's goodbye
STEADY_SECONDS = 3.0  # a connection that held so long starts the waiting anew
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0

LINK_DISABLED, TOO_MANY = "link_disabled", "too_many_websockets"


class Socket(SocketModeClient):
    """One connection, from its url to its end. `take` is handed each envelope that comes over it."""

    def __init__(self, app_token: str, web: AsyncWebClient, take: Take) -> None:
        super().__init__(app_token, logger=web.logger, web_client=web, auto_reconnect_enabled=False)
        self._take = take
        self._greeted = asyncio.Event()
        self.leaving = asyncio.Event()  # another one is needed: this one ends, or is about to
        self.ended = asyncio.Event()
        self.reason = ""  # Slack's, for ending it

    @property
    def up(self) -> bool:
        """Whether Slack hears us over it, and we hear Slack."""
        return self._greeted.is_set() and not self.ended.is_set()

    async def open(self, url: str) -> None:
        """Connects and waits for the greeting. Raises a ConnectionError, TimeoutError or error of aiohttp."""
        async with asyncio.timeout(OPEN_SECONDS):
            try:
                self.current_session = await self.aiohttp_client_session.ws_connect(
                    url,
                    heartbeat=PING_SECONDS,
                    timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_SECONDS),
                    proxy=self.proxy,
                )
            except (aiohttp.WSServerHandshakeError, aiohttp.InvalidURL) as error:
                # They tell the url, whose ticket is nobody's business.
                status = getattr(error, "status", "no address")
                raise ConnectionError(f"the socket was answered with {status}") from None
            self.message_receiver = asyncio.ensure_future(self.receive_messages())
            await self._first_of(self._greeted, self.leaving)
        if not self._greeted.is_set():
            raise ConnectionError(self.reason or "closed before its greeting")

    def deaf(self) -> None:
        """Reads no more; what was read can still be acknowledged."""
        if self.message_receiver is not None:
            self.message_receiver.cancel()

    async def close(self) -> None:
        """Closes it, with all that belongs to it."""
        self.leaving.set()
        self.ended.set()
        await quietly(super().close())  # type: ignore[no-untyped-call]

    # ── what the SDK calls ──────────────────────────────────────────────────────────────

    async def receive_messages(self) -> None:
        """Reads until the connection ends; pings are answered by aiohttp."""
        session = self.current_session
        assert session is not None
        try:
            while not session.closed:
                message = await session.receive()
                if message.type is WSMsgType.TEXT:
                    await self.enqueue_message(message.data)
        finally:
            self.ended.set()
            self.leaving.set()

    async def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:  # noqa: ARG002
        """Handles one frame; called in a task of its own."""
        kind = message.get("type")
        if kind == "hello":
            self._greeted.set()
        elif kind == "disconnect":
            self.reason = self.reason or str(message.get("reason") or "no reason given")
            self.leaving.set()
        elif message.get("envelope_id"):
            await self._take(self, message)

    async def _first_of(self, *events: asyncio.Event) -> None:
        waiting = [asyncio.ensure_future(event.wait()) for event in events]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()


class Sockets:
    """Keeps the bot connected, through every outage that passes."""

    def __init__(self, app_token: str, web: AsyncWebClient, take: Take, on_up: Callable[[], None]) -> None:
        self._app_token = app_token
        self._web = web
        self._take = take
        self._on_up = on_up  # called when it is connected, and was not before
        self._sockets: list[Socket] = []  # the newest last
        self._draining: set[asyncio.Task[None]] = set()

    @property
    def up(self) -> list[Socket]:
        """The connections over which Slack hears us, the newest first."""
        return [one for one in reversed(self._sockets) if one.up]

    async def run(self) -> None:
        """Stays connected until cancelled; raises ConnectError where waiting would not help."""
        clock, brief = asyncio.get_running_loop().time, 0.0
        while True:
            socket = await self._in_the_end()
            opened = clock()
            await socket.leaving.wait()
            self._tell_why(socket)
            if socket.reason == TOO_MANY:
                await self._drop(socket)  # its place is needed for the next one
            if clock() - opened >= STEADY_SECONDS:
                brief = 0.0
            await asyncio.sleep(brief)
            brief = min(brief * 2 or FIRST_PAUSE, LONGEST_PAUSE)

    async def _in_the_end(self) -> Socket:
        """The next connection, however often it takes. Raises ConnectError where waiting would not help."""
        pause = FIRST_PAUSE
        while True:
            try:
                return await self._opened()
            except Exception as error:  # the SDK and aiohttp let many kinds through; see app_refused
                if fatal := _fatal(error):
                    raise ConnectError(fatal) from error
                seconds = max(pause, retry_after(error))
                log.warning("Slack cannot be reached (%s); trying again in %.0f s", short(error), seconds)
            await asyncio.sleep(seconds)
            pause = min(pause * 2, LONGEST_PAUSE)

    def deaf(self) -> None:
        """Takes nothing on any more."""
        for socket in self._sockets:
            socket.deaf()

    async def close(self) -> None:
        """Disconnects."""
        for task in self._draining:
            task.cancel()
        await asyncio.gather(*(self._drop(socket) for socket in list(self._sockets)))

    async def _opened(self) -> Socket:
        """The next connection, which takes over from those that there are."""
        answer = await self._web.apps_connections_open(app_token=self._app_token)
        socket = Socket(self._app_token, self._web, self._take)
        try:
            await socket.open(str(answer["url"]))
        except BaseException:
            await socket.close()
            raise
        before, was_up = list(self._sockets), bool(self.up)
        self._sockets.append(socket)
        if not was_up:
            self._on_up()
        for old in before:
            task = asyncio.create_task(self._drained(old), name="old socket")
            self._draining.add(task)
            task.add_done_callback(self._draining.discard)
        return socket

    async def _drained(self, socket: Socket) -> None:
        """Goes on reading an old connection until Slack closes it, for so long at most."""
        with suppress(TimeoutError):
            await asyncio.wait_for(socket.ended.wait(), DRAIN_SECONDS)
        await self._drop(socket)

    async def _drop(self, socket: Socket) -> None:
        await socket.close()
        if socket in self._sockets:
            self._sockets.remove(socket)

    def _tell_why(self, socket: Socket) -> None:
        if socket.reason == LINK_DISABLED:
            raise ConnectError(f"{SOCKET_MODE_OFF} ({LINK_DISABLED})")
        if socket.reason == TOO_MANY:
            log.warning("Slack closes the connection, as there are too many of this app; connecting again")
        elif socket.reason:
            log.info("Slack asks for a new connection (%s)", socket.reason)
        else:
            log.warning("the connection to Slack was lost; connecting again")


def _fatal(error: Exception) -> str:
    """Why trying again would not help; empty where it may."""
    if isinstance(error, ConnectionError) and str(error) == LINK_DISABLED:
        return f"{SOCKET_MODE_OFF} ({LINK_DISABLED})"
    return app_refused(error)
