"""The double as a process, for shell scripts and benchmarks.

    python -m tests.doubles.slack --port 0 [--script FILE]

prints one JSON line with `api_base`, `bot_token`, `app_token`, `control`, `team_id`, `bot_id` and the
channels' ids by name, then serves until it is killed. A shell script drives it with:

    POST /control/message   {"channel_id", "text", "author"?, "mention"?, "thread_ts"?}
                                                                → the person's message
    POST /control/command   {"channel_id", "text", "author"?, "timeout"?}   → what was shown for it
    POST /control/press     {"channel_id", "ts", "label", "author"?, "timeout"?}   → what was shown for it
    POST /control/fail      {"method", "fault", "times"?, "channel"?}   → what goes wrong next
    POST /control/disconnect   {"reason"?, "close_after"?}      → how many connections there are
    GET  /control/messages?channel_id=…                         → what stands in the channel
    GET  /control/state                     → connections, violations, number of 429s and of requests

FILE is a JSON object, all of it optional:

    {"channels": [{"name": "news", "private": false, "bot": true}],
     "users": {"ann": {"admin": true}}, "groups": {"editors": ["ann"]},
     "faults": [{"method": "chat.postMessage", "times": 1, "fault": "lost"}],
     "limit_channels": [1.0, 1], "limit_workspace": 300, "limit_methods": {"chat.update": 50},
     "messages": [{"channel": "news", "author": "ann", "text": "!exomars", "mention": false}]}

`messages` are typed as soon as a bot is connected. A fault is "lost", "dropped", "429", "500", "503",
"hang", "garbage", or an error of Slack's.
"""

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.doubles.slack import SlackDouble
from tests.doubles.slack_faults import FAULTS, Fault
from tests.doubles.slack_http import Reply
from tests.doubles.slack_interaction import Interaction
from tests.doubles.slack_message import Message
from tests.doubles.slack_things import Channel, User

Json = dict[str, Any]


class Stage:
    """A double with the scenery of a script, driven over HTTP."""

    def __init__(self, slack: SlackDouble, script: Json) -> None:
        self.slack = slack
        self._script = script
        self._users = {name: slack.add_user(name, **more) for name, more in script.get("users", {}).items()}
        for handle, names in script.get("groups", {}).items():
            slack.add_group(handle, [self._user(name) for name in names])
        self.channels: dict[str, Channel] = {}
        for entry in script.get("channels", [{"name": "news"}]):
            self.channels[entry["name"]] = slack.add_channel(
                entry["name"], private=entry.get("private", False), bot=entry.get("bot", True)
            )
        for entry in script.get("faults", []):
            self._fail(entry)
        if "limit_channels" in script:
            slack.limit_channels(*script["limit_channels"])
        if "limit_workspace" in script:
            slack.limit_workspace(script["limit_workspace"])
        for method, most in script.get("limit_methods", {}).items():
            slack.limit_method(method, most)
        slack.server.control = self.handle

    def where(self) -> Json:
        """What a script has to know to start the bot."""
        return {
            "api_base": self.slack.api_base,
            "bot_token": self.slack.bot_token,
            "app_token": self.slack.app_token,
            "control": self.slack.api_base.removesuffix("/api/") + "/control",
            "team_id": self.slack.team.id,
            "bot_id": self.slack.bot.id,
            "channels": {name: channel.id for name, channel in self.channels.items()},
        }

    async def type_messages(self) -> None:
        """Type the script's messages once a bot is there, however long that takes."""
        messages = self._script.get("messages", [])
        if not messages:
            return
        await self.slack.connected(timeout=None)
        for entry in messages:
            await self.slack.types(
                self.channels[entry["channel"]],
                entry["text"],
                self._author(entry),
                mention=entry.get("mention", False),
            )

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one control request; whatever is wrong with it is a 400 that says so."""
        verb = (request.method, request.path.removeprefix("/control/"))
        try:
            if verb == ("GET", "messages"):
                channel = self.slack.world.channels[request.query["channel_id"]]
                return _reply({"messages": [self._seen(m) for m in self.slack.messages(channel)]})
            if verb == ("GET", "state"):
                return _reply(self._state())
            return await self._post(verb, json.loads(await request.read() or b"{}"))
        except (AssertionError, KeyError, TypeError, ValueError) as error:
            return _reply({"error": f"{type(error).__name__}: {error}"}, 400)

    async def _post(self, verb: tuple[str, str], body: Json) -> web.StreamResponse:
        if verb == ("POST", "message"):
            return _reply(await self._message(body))
        if verb == ("POST", "command"):
            found = await self.slack.slash(self._channel(body), body["text"], self._author(body))
            return _reply(await self._answer(found, body))
        if verb == ("POST", "press"):
            message = self._channel(body).messages[body["ts"]]
            found = await self.slack.presses(message, body["label"], self._author(body))
            return _reply(await self._answer(found, body))
        if verb == ("POST", "fail"):
            self._fail(body)
            return _reply({"faults": self.slack.server.faults.left})
        if verb == ("POST", "disconnect"):
            count = len(self.slack.connections)
            await self.slack.disconnect(body.get("reason", "warning"), body.get("close_after", 0.5))
            return _reply({"connections": count})
        return _reply({"error": f"no such control: {verb}"}, 404)

    async def _message(self, body: Json) -> Json:
        channel = self._channel(body)
        thread = channel.messages[body["thread_ts"]] if body.get("thread_ts") else None
        message = await self.slack.types(
            channel, body["text"], self._author(body), thread=thread, mention=body.get("mention", False)
        )
        return self._seen(message)

    async def _answer(self, found: Interaction, body: Json) -> Json:
        shown = await found.answered(float(body.get("timeout", 5.0)))
        return {"message": self._seen(shown), "ephemeral": bool(shown.ephemeral)}

    def _fail(self, entry: Json) -> None:
        name = str(entry["fault"])
        fault = FAULTS[name]() if name in FAULTS else Fault.error(name)
        self.slack.fail(entry["method"], fault, entry.get("times", 1), entry.get("channel"))

    def _state(self) -> Json:
        return {
            "connected": bool(self.slack.connections),
            "connections": len(self.slack.connections),
            "unacked": len(self.slack.unacked),
            "violations": self.slack.violations,
            "too_many": self.slack.too_many,
            "requests": len(self.slack.requests),
        }

    def _seen(self, message: Message) -> Json:
        payload = self.slack.events.message_payload(message)
        more = {"channel": message.channel, "said": message.said, "labels": message.labels}
        return {**payload, **more, "versions": len(message.versions)}

    def _channel(self, body: Json) -> Channel:
        return self.slack.world.channels[str(body["channel_id"])]

    def _author(self, body: Json) -> User | None:
        name = body.get("author")
        return None if name is None else self._user(name)

    def _user(self, name: str) -> User:
        if name not in self._users:
            self._users[name] = self.slack.add_user(name)
        return self._users[name]


def _reply(body: Json, status: int = 200) -> web.Response:
    return Reply(body, status).response()


async def serve(port: int, script: Json) -> None:
    """Serve until killed."""
    async with SlackDouble(port=port) as slack:
        stage = Stage(slack, script)
        print(json.dumps(stage.where()), flush=True)
        await stage.type_messages()
        await asyncio.Event().wait()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.doubles.slack")
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--script", type=Path, help="scenery and faults, as JSON")
    given = parser.parse_args()
    script = json.loads(given.script.read_text(encoding="utf-8")) if given.script else {}
    asyncio.run(serve(given.port, script))
