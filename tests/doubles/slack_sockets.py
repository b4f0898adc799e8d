"""Socket Mode: connections, and envelopes that come again until somebody acknowledges them.

    something happens ─ Envelope ─ any one live Connection ─ the bot ─ acknowledgement

Times are those of the event loop.
"""

import asyncio
import contextlib
import json
import random
import secrets
import socket
import struct
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.doubles.slack_windows import Windows
from tests.doubles.slack_world import World

Json = dict[str, Any]

EVENTS, SLASH_COMMANDS, INTERACTIVE = "events_api", "slash_commands", "interactive"
MOST_CONNECTIONS = 10
NO_LINGER = struct.pack("ii", 1, 0)  # closing then sends RST instead of FIN
LATE = 0.1  # seconds that the machine may take to tell of an acknowledgement that came in time


@dataclass(eq=False)
class Connection:
    """One WebSocket."""

    id: str
    ws: web.WebSocketResponse
    transport: asyncio.Transport
    leaving: bool = False  # it is being closed: nothing is sent over it any more
    pings: int = 0  # that the bot sent
    acks: int = 0
    frames: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    def send(self, frame: Json) -> None:
        """Send a frame, behind those that wait."""
        self.frames.put_nowait(json.dumps(frame))

    async def pump(self) -> None:
        """Send what waits, until the connection is gone."""
        with contextlib.suppress(ConnectionError):
            while True:
                await self.ws.send_str(await self.frames.get())


@dataclass(eq=False)
class Envelope:
    """One thing that the bot is told, however often it takes."""

    kind: str  # EVENTS, SLASH_COMMANDS or INTERACTIVE
    payload: Json
    what: str  # in words
    on_ack: Callable[[Json, float], None] | None  # takes the answer's payload, and how long it took
    answers: bool = False  # whether the acknowledgement may have a payload
    sent: dict[str, float] = field(default_factory=dict)  # when, by envelope_id; each try has its own
    connection: Connection | None = None  # that of the last try
    acked: bool = False
    timers: list[asyncio.TimerHandle] = field(default_factory=list)

    def stop(self) -> None:
        """Wait for nothing more."""
        for timer in self.timers:
            timer.cancel()
        self.timers.clear()


class Sockets:
    """Takes the bot's connections, and hands it envelopes."""

    def __init__(self, world: World, beat: Callable[[], None]) -> None:
        self._world = world
        self._beat = beat  # called after each change a test may wait for
        self._tickets: set[str] = set()
        self._by_id: dict[str, Envelope] = {}
        self._waiting: list[Envelope] = []  # for a connection
        self._closing: set[asyncio.Task[None]] = set()
        self._ever = False  # whether a bot has been connected
        self.base = ""  # ws://127.0.0.1:port
        self.refuses = ""  # the error of apps.connections.open; empty: none
        self.pongs = True  # False: pings stay unanswered
        self.windows = Windows()
        self.tries = 4  # the first included
        self.redelivers = {EVENTS, SLASH_COMMANDS, INTERACTIVE}  # the kinds that come again
        self.random = random.Random(5)  # noqa: S311 - which connection gets an envelope is no secret
        self.connections: list[Connection] = []
        self.pending: dict[Envelope, None] = {}  # what was not acknowledged, oldest first
        self.delivered: list[Json] = []  # every envelope as it was sent
        self.opened = 0  # connections so far

    def new_url(self) -> str:
        """An address that one connection can be made to."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return f"{self.base}/link/?ticket={ticket}&app_id={self._world.app_id}"

    @property
    def live(self) -> list[Connection]:
        """The connections over which something can be sent."""
        return [one for one in self.connections if not one.leaving]

    def tell(self, envelope: Envelope, *, keep: bool = True) -> bool:
        """Hand the bot an envelope; whether there was a connection for it.

        `keep`: without one it waits for the next, unless there was never any.
        """
        if not self.live and not (keep and self._ever):
            return False
        self.pending[envelope] = None
        return self._send(envelope)

    def _send(self, envelope: Envelope) -> bool:
        live = self.live
        if not live:
            self._waiting.append(envelope)
            return False
        connection, loop = self.random.choice(live), asyncio.get_running_loop()
        envelope_id = str(uuid.uuid4())
        frame: Json = {
            "envelope_id": envelope_id,
            "type": envelope.kind,
            "accepts_response_payload": envelope.answers,
            "payload": envelope.payload,
        }
        if envelope.kind == EVENTS or envelope.sent:
            frame["retry_attempt"] = len(envelope.sent)
            frame["retry_reason"] = "timeout" if envelope.sent else ""
        envelope.connection = connection
        envelope.sent[envelope_id] = loop.time()
        self._by_id[envelope_id] = envelope
        self.delivered.append(frame)
        connection.send(frame)
        envelope.stop()
        envelope.timers = [
            loop.call_later(self.windows.ack + LATE, self._late, envelope, connection),
            loop.call_later(self.windows.redeliver, self._again, envelope),
        ]
        return True

    def _late(self, envelope: Envelope, connection: Connection) -> None:
        if connection in self.live:
            self._world.wrong(f"no acknowledgement within {self.windows.ack:g} s: {envelope.what}")
            self._beat()

    def _again(self, envelope: Envelope) -> None:
        if envelope.kind in self.redelivers and len(envelope.sent) < self.tries:
            late = envelope.timers[:1]  # the reproach for this try stays, as the next one clears it
            envelope.timers = []
            self._send(envelope)
            envelope.timers += late

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """One connection, from its handshake to its close."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or request.transport is None:
            return web.Response(status=408)
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(request)
        self._tickets.discard(ticket)
        connection = Connection(f"c{self.opened + 1}", ws, request.transport)
        self.opened += 1
        self.connections.append(connection)
        pump = asyncio.create_task(connection.pump())
        try:
            self._greet(connection)
            self._beat()
            async for frame in ws:
                if frame.type is WSMsgType.PING:
                    connection.pings += 1
                    if self.pongs:
                        await ws.pong(frame.data)
                elif frame.type is WSMsgType.TEXT:
                    self._receive(connection, frame.data)
        except ConnectionError:
            pass  # cut while a pong was on its way
        finally:
            pump.cancel()
            if connection in self.connections:
                self.connections.remove(connection)
            connection.closed.set()
            self._beat()
        return ws

    def _greet(self, connection: Connection) -> None:
        connection.send(
            {
                "type": "hello",
                "num_connections": len(self.connections),
                "debug_info": {"host": "applink-double", "approximate_connection_time": 18060},
                "connection_info": {"app_id": self._world.app_id},
            }
        )
        if len(self.connections) > MOST_CONNECTIONS:
            self._dismiss(connection, "too_many_websockets", 0.0)
            return
        self._ever = True
        waiting, self._waiting = self._waiting, []
        for envelope in waiting:
            self._send(envelope)

    def _receive(self, connection: Connection, text: str) -> None:
        try:
            frame = json.loads(text)
            found = self._by_id.get(frame["envelope_id"])
        except (ValueError, TypeError, KeyError):
            self._world.wrong(f"a frame that is no acknowledgement: {text[:100]}")
            return
        if found is None:
            self._world.wrong(f"acknowledges an envelope that was never sent: {frame['envelope_id']}")
            return
        connection.acks += 1
        taken = asyncio.get_running_loop().time() - found.sent[frame["envelope_id"]]
        payload = frame.get("payload") or {}
        if payload and not found.answers:
            self._world.wrong(f"the acknowledgement has a payload, which nobody reads: {found.what}")
        if not found.acked:
            found.acked = True
            found.stop()
            self.pending.pop(found, None)
            if found in self._waiting:
                self._waiting.remove(found)
            if found.on_ack is not None:
                found.on_ack(payload, taken)
        self._beat()

    async def disconnect(self, reason: str, close_after: float, which: Connection | None) -> None:
        """Say that connections are about to be closed, and close them."""
        for connection in [which] if which else self.live:
            self._dismiss(connection, reason, close_after)

    def _dismiss(self, connection: Connection, reason: str, close_after: float) -> None:
        connection.send(
            {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-double"}},
        )
        task = asyncio.create_task(_close(connection, close_after))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def abort(self) -> None:
        """Reset every connection."""
        for connection in self.live:
            connection.leaving = True
            raw = connection.transport.get_extra_info("socket")
            if raw is not None:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            connection.transport.abort()

    async def emptied(self) -> None:
        """Wait until the connections of this moment are closed."""
        await asyncio.gather(*(connection.closed.wait() for connection in list(self.connections)))

    def stop(self) -> None:
        """Nothing comes again any more."""
        for envelope in self.pending:
            envelope.stop()
        for task in self._closing:
            task.cancel()


async def _close(connection: Connection, after: float) -> None:
    await asyncio.sleep(after)
    connection.leaving = True
    with contextlib.suppress(ConnectionError):
        await connection.ws.close()
