"""The double of Discord as a process of its own, with many channels: it measures what reaches it.

    python -m bench.host SERVERS CHANNELS LIMIT

prints one JSON line (where it is, and the ids of its channels), then serves until it is killed. With a
LIMIT above 0 it allows so many requests a second. So that what it costs is not taken for a cost of the
bot, nothing else runs in it, requests are not judged, and its CPU time is told.

    GET  /control/figures    what has come since the last reset
    POST /control/reset
    POST /control/saying     in how many messages of the bot some words stand, by how often they do there
    POST /control/ask        a person types a line in the last channel, with a file where there is one;
                             answers with the seconds to the reply, there or by direct message
"""

import asyncio
import gc
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple, Self

import aiohttp
from aiohttp import web

from bench.folder import ROOT
from tests.doubles.discord import TOKEN, Attached, Channel, DiscordDouble, Guild, Message
from tests.doubles.discord_http import Reply
from tests.doubles.discord_posts import Draft
from tests.doubles.discord_things import User

SECONDS = 60.0
Json = dict[str, Any]


class Figures(NamedTuple):
    """What the double has seen since the last reset."""

    connected: bool
    stored: int  # messages of the bot, other than answers
    first: float  # when the first of them was stored, seconds since 1970
    last: float
    edited: int  # messages of the bot
    edits: int  # of these messages
    first_edit: float  # when, as above
    last_edit: float
    too_many: int  # requests that were answered with 429
    sample: Json  # the last of the messages, as it was posted
    sample_edit: Json  # the last that was edited, as it was then

    @property
    def per_second(self) -> float:
        """Messages in a second, from the first to the last."""
        return (self.stored - 1) / (self.last - self.first) if self.last > self.first else 0.0

    @property
    def edits_per_second(self) -> float:
        """Edits in a second, from the first to the last."""
        seconds = self.last_edit - self.first_edit
        return (self.edits - 1) / seconds if seconds > 0 else 0.0


class Host:
    """The double's process as a benchmark sees it."""

    def __init__(self, servers: int, channels: int, limit: int) -> None:
        self._arguments = [str(one) for one in (servers, channels, limit)]
        self.channels: list[tuple[str, str]] = []  # server and channel, by their ids
        self.person = ""  # the id of who asks
        self.settings: dict[str, str] = {}  # of a bot that is to connect to it

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bench.host",
            *self._arguments,
            cwd=ROOT,
            env={**os.environ, "DISCORD_OPENAPI": ""},
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 26,
        )
        assert self._process.stdout is not None
        where = json.loads(await self._process.stdout.readline())
        self.channels = [(server, channel) for server, channel in where["channels"]]
        self.person = where["person"]
        self._control = where["control"]
        self.settings = {
            "DISCORD_TOKEN": TOKEN,
            "DISCORD_API_BASE": where["api_base"],
            "DISCORD_GATEWAY_URL": where["gateway_url"],
        }
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        self._process.kill()
        await self._process.wait()

    @property
    def pid(self) -> int:
        """The id of its process."""
        return self._process.pid

    async def figures(self) -> Figures:
        """What has come since the last reset."""
        async with self._session.get(f"{self._control}/figures") as answer:
            return Figures(**await answer.json())

    async def reset(self) -> None:
        """Counts anew."""
        async with self._session.post(f"{self._control}/reset") as answer:
            answer.raise_for_status()

    async def ask(self, text: str, file: str = "", *, private: bool = False) -> float:
        """Types a line; returns the seconds until the answer was posted, there or by direct message."""
        asked = {"text": text, "file": file, "private": private}
        async with self._session.post(f"{self._control}/ask", json=asked) as answer:
            return float((await answer.json())["seconds"])

    async def saying(self, words: str) -> dict[int, int]:
        """In how many messages of the bot some words stand, by how often they do there."""
        async with self._session.post(f"{self._control}/saying", json={"words": words}) as answer:
            return {int(times): count for times, count in (await answer.json()).items()}

    async def connected(self) -> None:
        """Waits until a bot is on the gateway."""
        await self._until(lambda figures: figures.connected, SECONDS)

    async def stored(self, count: int, seconds: float) -> Figures:
        """Waits until so many messages have come; returns what there is then."""
        return await self._until(lambda figures: figures.stored >= count, seconds)

    async def edited(self, count: int, seconds: float) -> Figures:
        """Waits until so many messages have been edited; returns what there is then."""
        return await self._until(lambda figures: figures.edited >= count, seconds)

    async def _until(self, look: Any, seconds: float) -> Figures:  # noqa: ANN401  (a function of figures)
        end = time.monotonic() + seconds
        while not look(figures := await self.figures()):
            if time.monotonic() > end:
                found = figures._replace(sample={}, sample_edit={})
                raise TimeoutError(f"not within {seconds:.0f} s: {found}")
            await asyncio.sleep(0.1)
        return figures


# ── in its process ──────────────────────────────────────────────────────────────────────────


class _Counting(DiscordDouble):
    """The double, counting what the bot posts."""

    def __init__(self, servers: int, channels: int) -> None:
        super().__init__()
        self.stored: list[float] = []
        self.edits: list[float] = []
        self.changed: set[str] = set()
        self.sample: Json = {}
        self.sample_edit: Json = {}
        self.refused = 0  # before the last reset
        write, edit = self._posts.write, self._posts.edit

        def counting(channel: Channel, author: User, draft: Draft) -> Message:
            message = write(channel, author, draft)
            to_a_person = "message_reference" in message.payload or channel.recipient is not None
            if author is self.bot and not to_a_person:
                self.stored.append(time.time())
                self.sample = message.payload
            return message

        def counting_edits(message: Message, *how: Any, **more: Any) -> None:  # noqa: ANN401  (handed on)
            edit(message, *how, **more)
            self.edits.append(time.time())
            self.changed.add(message.id)
            self.sample_edit = message.payload

        self._posts.write = counting  # type: ignore[method-assign]
        self._posts.edit = counting_edits  # type: ignore[method-assign]
        guilds = [self.add_guild(f"Server {number}") for number in range(servers)]
        self.places = [
            self.add_channel(guilds[number % servers], f"news-{number}") for number in range(channels)
        ]
        self.asked = self.add_channel(guilds[0], "talk")
        self.person = self.add_user("ann", guilds[0])
        self._prepare(guilds)

    def _prepare(self, guilds: list[Guild]) -> None:
        """Makes what a bot is told of each server now: it would look through all channels for each."""
        world, every = self.world, self.world.channels
        payloads: dict[str, Json] = {}
        by_guild: dict[str | None, dict[str, Channel]] = {}
        for channel in every.values():
            by_guild.setdefault(channel.guild_id, {})[channel.id] = channel
        for guild in guilds:
            world.channels = by_guild.get(guild.id, {})
            payloads[guild.id] = world.guild_create_payload(guild)
        world.channels = every
        world.guild_create_payload = lambda guild: payloads[guild.id]  # type: ignore[method-assign]

    async def control(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answers a benchmark."""
        verb = request.path.removeprefix("/control/")
        if verb == "figures":
            return Reply(200, self._figures()._asdict()).response()
        if verb == "reset":
            self.stored.clear()
            self.edits.clear()
            self.changed.clear()
            self.requests.clear()
            self.refused = self.too_many
            return Reply(200, {}).response()
        if verb == "saying":
            return Reply(200, self._saying(**json.loads(await request.read()))).response()
        return Reply(200, {"seconds": await self._ask(**json.loads(await request.read()))}).response()

    def _figures(self) -> Figures:
        return Figures(
            self.gateway.ready,
            len(self.stored),
            *_ends(self.stored),
            len(self.changed),
            len(self.edits),
            *_ends(self.edits),
            self.too_many - self.refused,
            self.sample,
            self.sample_edit,
        )

    def _saying(self, words: str) -> dict[str, int]:
        told = (message for place in self.places for message in self.from_bot(place))
        return dict(Counter(str(message.text.count(words)) for message in told))

    async def _ask(self, text: str, file: str, *, private: bool) -> float:
        files = [Attached("asked.md", file.encode(), "text/markdown")] if file else []
        where = self.dm(self.person) if private else self.asked
        where.messages.clear()
        start = time.perf_counter()
        asked = await self.user_types(self.asked, text, author=self.person, files=files)
        await self.until(lambda: where.messages.keys() - {asked.id}, SECONDS, "no answer")
        seconds = time.perf_counter() - start
        self.asked.messages.clear()
        return seconds


def _ends(moments: list[float]) -> tuple[float, float]:
    """The first and the last of them."""
    return (moments[0], moments[-1]) if moments else (0.0, 0.0)


async def _serve(servers: int, channels: int, limit: int) -> None:
    # Every message stays here; looking through all of them for garbage would stop the double for longer
    # than what is measured.
    gc.disable()
    async with _Counting(servers, channels) as discord:
        if limit:
            discord.limit_everything(limit)
        discord.server.control = discord.control
        where = {
            "api_base": discord.api_base,
            "gateway_url": discord.gateway_url,
            "control": discord.api_base.removesuffix("/api/v10") + "/control",
            "person": discord.person.id,
            "channels": [(channel.guild_id, channel.id) for channel in discord.places],
        }
        print(json.dumps(where), flush=True)
        await asyncio.Event().wait()


def cpu_seconds(pid: int) -> float:
    """The CPU time that a process has used, as Linux tells it."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    asyncio.run(_serve(*map(int, sys.argv[1:])))
