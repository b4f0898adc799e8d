"""The double as a process, for shell scripts and benchmarks.

    python -m tests.doubles.discord --port 0 [--script FILE]

prints one JSON line with `api_base`, `gateway_url`, `token`, `control` and the channels' ids by
name, then serves until it is killed. A shell script drives it with:

    POST /control/message   {"channel_id", "content", "author"?, "mention"?}   → the user's message
    POST /control/command   {"channel_id", "command", "sub"?, "options"?, "author"?, "timeout"?}
                                                                → the callback type and the reply
    GET  /control/messages?channel_id=…                         → what stands in the channel
    GET  /control/state                                → connected, violations, number of 429s

FILE is a JSON object, all of it optional:

    {"guild": "Rover Watch", "message_content": true,
     "channels": [{"name": "news", "kind": "announcement"}], "users": {"ann": ["manage_guild"]},
     "faults": [{"method": "POST", "path": "/messages$", "times": 1, "fault": "lost"}],
     "limit_channels": [5, 5.0], "limit_everything": [50, 1.0],
     "messages": [{"channel": "news", "author": "ann", "content": "!exomars", "mention": false}]}

`messages` are typed as soon as a bot is connected.
"""

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.doubles.discord import DiscordDouble
from tests.doubles.discord_faults import FAULTS
from tests.doubles.discord_http import Reply
from tests.doubles.discord_message import Message
from tests.doubles.discord_things import Channel, User

Json = dict[str, Any]


class Stage:
    """A double with the scenery of a script, driven over HTTP."""

    def __init__(self, discord: DiscordDouble, script: Json) -> None:
        self.discord = discord
        self._script = script
        self._guild = discord.add_guild(script.get("guild", "Rover Watch"))
        self.channels: dict[str, Channel] = {}
        for entry in script.get("channels", [{"name": "news"}]):
            self.channels[entry["name"]] = discord.add_channel(
                self._guild, entry["name"], entry.get("kind", "text")
            )
        self._users: dict[str, User] = {}
        for name, permissions in script.get("users", {}).items():
            self._users[name] = discord.add_user(name, self._guild, permissions)
        for entry in script.get("faults", []):
            fault = FAULTS[entry["fault"]]()
            discord.fail(entry["method"], entry["path"], entry.get("times", 1), fault)
        if "limit_channels" in script:
            discord.limit_channels(*script["limit_channels"])
        if "limit_everything" in script:
            discord.limit_everything(*script["limit_everything"])
        discord.server.control = self.handle

    def where(self) -> Json:
        """What a script has to know to start the bot."""
        return {
            "api_base": self.discord.api_base,
            "gateway_url": self.discord.gateway_url,
            "token": self.discord.token,
            "control": self.discord.api_base.removesuffix("/api/v10") + "/control",
            "guild_id": self._guild.id,
            "channels": {name: channel.id for name, channel in self.channels.items()},
        }

    async def type_messages(self) -> None:
        """Type the script's messages once a bot is there, however long that takes."""
        messages = self._script.get("messages", [])
        if not messages:
            return
        await self.discord.connected(timeout=None)
        for entry in messages:
            await self.discord.user_types(
                self.channels[entry["channel"]],
                entry["content"],
                author=self._author(entry),
                mention=entry.get("mention", False),
            )

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one control request; whatever is wrong with it is a 400 that says so."""
        verb = (request.method, request.path.removeprefix("/control/"))
        try:
            if verb == ("GET", "messages"):
                channel = self.discord.world.channels[request.query["channel_id"]]
                return Reply(200, [_seen(m) for m in self.discord.messages(channel)]).response()
            if verb == ("GET", "state"):
                return Reply(200, self._state()).response()
            body = json.loads(await request.read())
            channel = self.discord.world.channels[str(body["channel_id"])]
            if verb == ("POST", "message"):
                return Reply(200, await self._message(channel, body)).response()
            if verb == ("POST", "command"):
                return Reply(200, await self._command(channel, body)).response()
        except (AssertionError, KeyError, ValueError) as error:
            return Reply(400, {"error": f"{type(error).__name__}: {error}"}).response()
        return Reply(404, {"error": f"no such control: {verb}"}).response()

    async def _message(self, channel: Channel, body: Json) -> Json:
        message = await self.discord.user_types(
            channel, body["content"], author=self._author(body), mention=body.get("mention", False)
        )
        return message.payload

    async def _command(self, channel: Channel, body: Json) -> Json:
        found = await self.discord.slash(
            channel,
            body["command"],
            body.get("sub", ""),
            body.get("options"),
            self._author(body),
        )
        timeout = float(body.get("timeout", 5.0))
        await found.answered(timeout)
        shown: Json = {"callback_type": found.callback_type, "ephemeral": found.ephemeral}
        if found.message is not None:
            shown["message"] = _seen(await found.reply(timeout))
        return shown

    def _state(self) -> Json:
        return {
            "connected": self.discord.gateway.ready,
            "violations": self.discord.violations,
            "too_many": self.discord.too_many,
            "requests": len(self.discord.requests),
        }

    def _author(self, body: Json) -> User | None:
        name = body.get("author")
        if name is None:
            return None
        if name not in self._users:
            self._users[name] = self.discord.add_user(name, self._guild)
        return self._users[name]


def _seen(message: Message) -> Json:
    return {**message.payload, "text": message.text, "versions": len(message.versions)}


async def serve(port: int, script: Json) -> None:
    """Serve until killed."""
    granted = script.get("message_content", True)
    async with DiscordDouble(port=port, message_content=granted) as discord:
        stage = Stage(discord, script)
        print(json.dumps(stage.where()), flush=True)
        await stage.type_messages()
        await asyncio.Event().wait()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.doubles.discord")
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--script", type=Path, help="scenery and faults, as JSON")
    given = parser.parse_args()
    script = json.loads(given.script.read_text(encoding="utf-8")) if given.script else {}
    asyncio.run(serve(given.port, script))
