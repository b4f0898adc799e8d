"""The methods chat.*: posting, editing, deleting, and words to one person alone."""

from collections.abc import Callable
from typing import Any

from tests.doubles.slack_events import Events
from tests.doubles.slack_http import Call, Refused
from tests.doubles.slack_posts import Draft, Posts
from tests.doubles.slack_things import Channel
from tests.doubles.slack_world import World

Json = dict[str, Any]


class Chat:
    """chat.* of the Web API."""

    def __init__(self, world: World, events: Events, posts: Posts) -> None:
        self._world = world
        self._events = events
        self._posts = posts

    def methods(self) -> dict[str, Callable[[Call], Json]]:
        """The methods, by name."""
        return {
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._whisper,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "chat.getPermalink": self._permalink,
        }

    def _post(self, call: Call) -> Json:
        channel = self._world.target(call.needed("channel"))
        args = _with_values(call)
        self._posts.check(call.method, {name: args[name] for name in args if name != "ts"})
        for name in ("unfurl_links", "unfurl_media"):
            if call.flag(name, default=True):
                self._world.wrong(f"{call.method}: {name} is not off")
        message = self._posts.write(channel, self._world.bot, self._draft(call, args, channel))
        return {
            "channel": channel.id,
            "ts": message.ts,
            "message": self._events.message_payload(message),
        }

    def _whisper(self, call: Call) -> Json:
        channel = self._world.target(call.needed("channel"))
        user = call.needed("user")
        if user not in channel.members:
            raise Refused("user_not_in_channel")
        args = _with_values(call)
        self._posts.check(call.method, {name: args[name] for name in args if name != "ts"})
        draft = self._draft(call, args, channel)
        if draft.thread_ts and draft.thread_ts not in channel.threads:
            self._world.wrong(f"{call.method}: in a thread without replies nobody sees it")
        draft = Draft(draft.text, draft.blocks, {}, draft.thread_ts, user)
        message = self._posts.write(channel, self._world.bot, draft)
        return {"message_ts": message.ts}

    def _draft(self, call: Call, args: Json, channel: Channel) -> Draft:
        thread = self._posts.thread(channel, call.text("thread_ts"))
        return Draft(call.text("text"), args.get("blocks") or [], args.get("metadata") or {}, thread)

    def _update(self, call: Call) -> Json:
        channel = self._world.target(call.needed("channel"), closed="is_inactive")
        message = self._posts.find(channel, call.needed("ts"))
        if message.user != self._world.bot.id:
            raise Refused("cant_update_message")
        args = _with_values(call)
        self._posts.check(call.method, args)
        if call.text("parse", "client") != "none":
            self._world.wrong(f"{call.method}: parse is not none")
        self._posts.edit(message, call.text("text"), args.get("blocks") or [], args.get("metadata") or {})
        return {
            "channel": channel.id,
            "ts": message.ts,
            "text": message.text,
            "message": self._events.message_payload(message),
        }

    def _delete(self, call: Call) -> Json:
        channel = self._world.target(call.needed("channel"), closed="is_inactive")
        message = self._posts.find(channel, call.needed("ts"))
        if message.user != self._world.bot.id:
            raise Refused("cant_delete_message")
        self._posts.delete(message)
        return {"channel": channel.id, "ts": message.ts}

    def _permalink(self, call: Call) -> Json:
        channel = self._world.channel(call.needed("channel"))
        message = self._posts.find(channel, call.needed("message_ts"))
        place = f"archives/{channel.id}/p{message.ts.replace('.', '')}"
        return {"channel": channel.id, "permalink": f"https://{self._world.team.domain}.slack.com/{place}"}


def _with_values(call: Call) -> Json:
    """The arguments, with those read that may come as JSON in a text."""
    read: Json = {
        name: call.value(name) for name in ("blocks", "attachments", "metadata") if name in call.args
    }
    return {**call.args, **read}
