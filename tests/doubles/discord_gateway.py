"""The gateway: sessions that keep every event they were sent, and connections that deliver them.

    world ─ emit ─ Session.log ─ Connection ─ plain text frames ─ the bot

A session outlives its connections: RESUME goes on reading its log where the bot stopped.
"""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.doubles.discord_message import Message
from tests.doubles.discord_world import World

Json = dict[str, Any]

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
IGNORED = (3, 4, 8)  # presence, voice state, member chunks: taken, not acted on
UNKNOWN_OP, BAD_PAYLOAD, NOT_IDENTIFIED, BAD_TOKEN, TWICE = 4001, 4002, 4003, 4004, 4005
INVALID_SHARD, DISALLOWED_INTENTS = 4010, 4014
MAX_PAYLOAD = 4096  # bytes a client may send in one frame

GUILDS, GUILD_MEMBERS, PRESENCES = 1 << 0, 1 << 1, 1 << 8
GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 9, 1 << 12, 1 << 15
CONTENT_FIELDS: Json = {"content": "", "embeds": [], "attachments": [], "components": []}


@dataclass
class Grants:
    """The privileged intents switched on for the bot in Discord's portal."""

    message_content: bool = True
    members: bool = False
    presences: bool = False

    def refuses(self, intents: int) -> bool:
        """Whether a bot asking for these intents is closed with 4014."""
        asked = (
            (MESSAGE_CONTENT, self.message_content),
            (GUILD_MEMBERS, self.members),
            (PRESENCES, self.presences),
        )
        return any(intents & bit and not granted for bit, granted in asked)


@dataclass(eq=False)
class Session:
    """What one bot process, or one shard of it, was sent since its IDENTIFY."""

    id: str
    intents: int
    shard: tuple[int, int]
    log: list[str] = field(default_factory=list)  # the frame with sequence n is log[n - 1]
    fresh: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, event: str, data: Any) -> None:
        """One more event, delivered now or after a RESUME."""
        frame = {"op": DISPATCH, "t": event, "s": len(self.log) + 1, "d": data}
        self.log.append(json.dumps(frame))
        self.fresh.set()

    def sees(self, guild_id: str | None, intent: int) -> bool:
        """Whether an event is for this shard, and asked for; DMs go to shard 0."""
        index, count = self.shard
        home = 0 if guild_id is None else (int(guild_id) >> 22) % count
        return home == index and (not intent or bool(self.intents & intent))


@dataclass(eq=False)
class Connection:
    """One WebSocket."""

    ws: web.WebSocketResponse
    transport: asyncio.Transport
    session: Session | None = None
    pump: asyncio.Task[None] | None = None
    heartbeats: int = 0
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, op: int, data: Any = None) -> None:
        """Send a frame that is no event."""
        with contextlib.suppress(ConnectionError):
            await self.ws.send_str(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    def detach(self) -> None:
        """Deliver no more events over this connection."""
        if self.pump is not None:
            self.pump.cancel()
        self.session = self.pump = None


class Gateway:
    """Answers the bot's frames, and hands it events."""

    def __init__(self, world: World, grants: Grants, token: str, beat: Callable[[], None]) -> None:
        self._world = world
        self._grants = grants
        self._token = token
        self._beat = beat  # called after each change a test may wait for
        self.url = ""
        self.heartbeat_seconds = 41.25
        self.acks = True  # False: heartbeats stay unanswered
        self.refuses = False  # True: the WebSocket upgrade is answered with 503
        self.sessions: dict[str, Session] = {}
        self.connections: list[Connection] = []
        self.identifies: list[Json] = []  # each IDENTIFY's data, without the token
        self.resumes: list[Json] = []  # each RESUME's data, without the token

    @property
    def ready(self) -> bool:
        """Whether a bot is connected and was told of its guilds."""
        return any(connection.session for connection in self.connections)

    def emit(self, event: str, data: Json, guild_id: str | None = None, intent: int = 0) -> None:
        """Send an event to the sessions that see it."""
        for session in self.sessions.values():
            if session.sees(guild_id, intent):
                session.add(event, data)

    def emit_message(self, event: str, message: Message, extra: Json) -> None:
        """MESSAGE_CREATE or MESSAGE_UPDATE, without the text where the bot may not read it."""
        guild_id = extra.get("guild_id")
        intent = DIRECT_MESSAGES if guild_id is None else GUILD_MESSAGES
        for session in self.sessions.values():
            if session.sees(guild_id, intent):
                payload = {**message.payload, **extra}
                if guild_id and not self.may_read(message, session.intents):
                    payload |= CONTENT_FIELDS
                session.add(event, payload)

    def may_read(self, message: Message, intents: int = MESSAGE_CONTENT) -> bool:
        """Without the privileged intent a bot reads its own messages and those that mention it."""
        bot = self._world.bot
        mentioned = any(user["id"] == bot.id for user in message.payload["mentions"])
        granted = self._grants.message_content and intents & MESSAGE_CONTENT
        return bool(granted) or mentioned or message.author_id == bot.id

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """One connection, from HELLO to its close."""
        if self.refuses or request.transport is None:
            return web.Response(status=503)
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        connection = Connection(ws, request.transport)
        self.connections.append(connection)
        try:
            interval = int(self.heartbeat_seconds * 1000)
            await connection.send(HELLO, {"heartbeat_interval": interval})
            async for frame in ws:
                if frame.type is WSMsgType.TEXT:
                    await self._receive(connection, frame.data)
        finally:
            self._forget(connection)
        return ws

    def _forget(self, connection: Connection) -> None:
        session = connection.session
        if session is not None and connection.ws.close_code in (1000, 1001):
            self.sessions.pop(session.id, None)  # closed by the client with these: no RESUME
        connection.detach()
        if connection in self.connections:
            self.connections.remove(connection)
        connection.closed.set()
        self._beat()

    async def _receive(self, connection: Connection, text: str) -> None:
        try:
            frame = json.loads(text)
            op, data = frame["op"], frame.get("d")
        except (ValueError, TypeError, KeyError):
            op, data = None, None
        if op is None or len(text.encode()) > MAX_PAYLOAD:
            await connection.ws.close(code=BAD_PAYLOAD, message=b"Error while decoding payload.")
        elif op == HEARTBEAT:
            connection.heartbeats += 1
            if self.acks:
                await connection.send(ACK)
        elif op == IDENTIFY:
            await self._identify(connection, data)
        elif op == RESUME:
            await self._resume(connection, data)
        elif op not in IGNORED:
            await connection.ws.close(code=UNKNOWN_OP, message=b"Unknown opcode.")
        elif connection.session is None:
            await connection.ws.close(code=NOT_IDENTIFIED, message=b"Not authenticated.")
        self._beat()

    async def _identify(self, connection: Connection, data: Json) -> None:
        self.identifies.append({k: v for k, v in data.items() if k != "token"})
        intents = int(data.get("intents", 0))
        index, count = data.get("shard") or (0, 1)
        if connection.session is not None:
            await connection.ws.close(code=TWICE, message=b"Already authenticated.")
        elif data.get("token") != self._token:
            await connection.ws.close(code=BAD_TOKEN, message=b"Authentication failed.")
        elif self._grants.refuses(intents):
            await connection.ws.close(code=DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
        elif not 0 <= index < count:
            await connection.ws.close(code=INVALID_SHARD, message=b"Invalid shard.")
        else:
            session = Session(secrets.token_hex(16), intents, (index, count))
            self.sessions[session.id] = session
            self._greet(session)
            self._attach(connection, session, 0)

    def _greet(self, session: Session) -> None:
        guilds = [g for g in self._world.guilds.values() if session.sees(g.id, 0)]
        limited = 1 << 19 if self._grants.message_content else 0
        session.add(
            "READY",
            {
                "v": 10,
                "user": {**self._world.bot.payload(), "verified": True, "mfa_enabled": False},
                "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "session_type": "normal",
                "resume_gateway_url": self.url,
                "shard": list(session.shard),
                "application": {"id": self._world.bot.id, "flags": limited},
            },
        )
        for guild in guilds:
            if session.intents & GUILDS:
                session.add("GUILD_CREATE", self._world.guild_create_payload(guild))

    async def _resume(self, connection: Connection, data: Json) -> None:
        self.resumes.append({k: v for k, v in data.items() if k != "token"})
        session = self.sessions.get(str(data.get("session_id")))
        seq = data.get("seq")
        if data.get("token") != self._token:
            await connection.ws.close(code=BAD_TOKEN, message=b"Authentication failed.")
        elif session is None or not isinstance(seq, int) or seq > len(session.log):
            await connection.send(INVALID, data=False)
        else:
            for other in self.connections:
                if other.session is session:
                    other.detach()
            session.add("RESUMED", {})
            self._attach(connection, session, seq)

    def _attach(self, connection: Connection, session: Session, position: int) -> None:
        connection.session = session
        connection.pump = asyncio.create_task(_pump(connection.ws, session, position))

    async def reconnect(self) -> None:
        """Op 7: ask every connection to reconnect and RESUME."""
        for connection in list(self.connections):
            await connection.send(RECONNECT)

    async def invalidate(self, *, resumable: bool) -> None:
        """Op 9: the session is invalid; `resumable` says that a RESUME may still work."""
        for connection in list(self.connections):
            if not resumable and connection.session is not None:
                self.sessions.pop(connection.session.id, None)
            await connection.send(INVALID, resumable)

    async def drop(self, code: int | None) -> None:
        """Close every connection with this code, or cut it where there is none."""
        dropped = list(self.connections)
        for connection in dropped:
            if connection.pump is not None:
                connection.pump.cancel()
            if code is None:
                connection.transport.abort()
            else:
                session, connection.session = connection.session, None  # keep it: we closed
                await connection.ws.close(code=code)
                if session is not None and code in range(4010, 4015):
                    self.sessions.pop(session.id, None)
        await asyncio.gather(*(connection.closed.wait() for connection in dropped))

    async def emptied(self) -> None:
        """Wait until the connections of this moment are closed."""
        await asyncio.gather(*(connection.closed.wait() for connection in self.connections))


async def _pump(ws: web.WebSocketResponse, session: Session, position: int) -> None:
    with contextlib.suppress(ConnectionError):
        while True:
            while position < len(session.log):
                await ws.send_str(session.log[position])
                position += 1
            session.fresh.clear()
            await session.fresh.wait()
