"""Messages in channels: create, read, edit, delete, publish, type."""

from typing import Any

from tests.doubles import discord_limits as limits
from tests.doubles.discord_access import Access
from tests.doubles.discord_gateway import CONTENT_FIELDS, Gateway
from tests.doubles.discord_http import Call, Refused, Reply
from tests.doubles.discord_interaction import Windows
from tests.doubles.discord_message import Message
from tests.doubles.discord_posts import REPLY, Draft, Posts
from tests.doubles.discord_routes import Route, route
from tests.doubles.discord_things import ANNOUNCEMENT, Channel
from tests.doubles.discord_world import World

Json = dict[str, Any]

MAX_LIST = 100


class Channels:
    """Answers for the messages of channels."""

    def __init__(self, world: World, gateway: Gateway, posts: Posts, windows: Windows) -> None:
        self._world = world
        self._access = Access(world)
        self._gateway = gateway
        self._posts = posts
        self._windows = windows
        self._nonces: dict[tuple[str, str], tuple[float, Message]] = {}
        self.typing: list[str] = []  # channel ids, one for each typing indicator

    def routes(self) -> list[Route]:
        """The routes, in the order they are tried."""
        messages = "/channels/{channel}/messages"
        return [
            route("GET", "/channels/{channel}", self._get_channel),
            route("POST", "/channels/{channel}/typing", self._typing),
            route("POST", messages, self._create_message),
            route("GET", messages, self._list_messages),
            route("GET", messages + "/{message}", self._get_message),
            route("PATCH", messages + "/{message}", self._edit_message),
            route("DELETE", messages + "/{message}", self._delete_message),
            route("POST", messages + "/{message}/crosspost", self._crosspost),
        ]

    def forget_nonces(self) -> None:
        """As if the window in which a nonce is remembered had passed."""
        self._nonces.clear()

    def _get_channel(self, call: Call) -> Reply:
        return Reply(200, self._access.channel(call).payload(self._world.bot.id))

    def _typing(self, call: Call) -> Reply:
        channel = self._access.channel(call)
        self._access.need_to_send(channel, {}, 0)
        self.typing.append(channel.id)
        return Reply(204)

    def _create_message(self, call: Call) -> Reply:
        channel, body = self._access.channel(call), call.json
        self._access.need_to_send(channel, body, len(call.files))
        limits.check_message(body, call.files)
        limits.check_not_empty(body, len(call.files))
        earlier = self._earlier(body)
        if earlier is not None:
            return Reply(200, earlier.payload)
        extra = self._reference(channel, body)
        kind = REPLY if extra.get("referenced_message") else 0
        draft = Draft(body, call.files, kind, extra=extra)
        message = self._posts.write(channel, self._world.bot, draft)
        if body.get("nonce") is not None:
            key = (self._world.bot.id, str(body["nonce"]))
            self._nonces[key] = (self._world.clock(), message)
        return Reply(200, message.payload)

    def _earlier(self, body: Json) -> Message | None:
        """The message this author sent with this nonce a few minutes ago, if it is enforced."""
        key = (self._world.bot.id, str(body.get("nonce")))
        if not body.get("enforce_nonce") or key not in self._nonces:
            return None
        sent, message = self._nonces[key]
        if self._world.clock() - sent > self._windows.nonce:
            return None
        if message.deleted:
            raise Refused(404, 10008, "Unknown Message")
        return message

    def _reference(self, channel: Channel, body: Json) -> Json:
        reference = body.get("message_reference")
        if not reference:
            return {}
        place = str(reference.get("channel_id") or channel.id)
        found = channel.messages.get(str(reference["message_id"])) if place == channel.id else None
        if found is None:
            if reference.get("fail_if_not_exists") is False:
                return {}
            problems = limits.Problems()
            code = "MESSAGE_REFERENCE_UNKNOWN_MESSAGE"
            problems.add(("message_reference",), code, "Unknown message")
            problems.refuse()
        if not self._world.may(self._world.bot.id, channel, "read_message_history"):
            message = "Cannot reply without permission to read message history"
            raise Refused(403, 160002, message)
        assert found is not None
        about = {"type": 0, "channel_id": channel.id, "message_id": found.id}
        if channel.guild_id:
            about["guild_id"] = channel.guild_id
        shown = {k: v for k, v in found.payload.items() if k != "referenced_message"}
        return {"message_reference": about, "referenced_message": shown}

    def _shown(self, message: Message, channel: Channel) -> Json:
        if channel.guild_id is None or self._gateway.may_read(message):
            return message.payload
        return {**message.payload, **CONTENT_FIELDS}

    def _list_messages(self, call: Call) -> Reply:
        channel = self._access.channel(call)
        if not self._world.may(self._world.bot.id, channel, "read_message_history"):
            return Reply(200, [])
        limit = int(call.query.get("limit", "50"))
        if not 1 <= limit <= MAX_LIST:
            problems = limits.Problems()
            message = f"int value should be between 1 and {MAX_LIST}."
            problems.add(("limit",), "NUMBER_TYPE_MAX", message)
            problems.refuse()
        found = _window(list(channel.messages.values()), call.query, limit)
        return Reply(200, [self._shown(message, channel) for message in found])

    def _get_message(self, call: Call) -> Reply:
        channel = self._access.channel(call)
        self._access.need(channel, "read_message_history")
        message = self._posts.find(channel, call.ids["message"])
        return Reply(200, self._shown(message, channel))

    def _edit_message(self, call: Call) -> Reply:
        channel = self._access.channel(call)
        message = self._posts.find(channel, call.ids["message"])
        if message.author_id != self._world.bot.id:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        self._access.need_parts(channel, call.json, len(call.files))
        self._posts.check_edit(message, call.json, call.files)
        self._posts.edit(message, call.json, call.files)
        return Reply(200, message.payload)

    def _delete_message(self, call: Call) -> Reply:
        channel = self._access.channel(call)
        message = self._posts.find(channel, call.ids["message"])
        if message.author_id != self._world.bot.id:
            self._access.need(channel, "manage_messages")
        self._posts.delete(message)
        return Reply(204)

    def _crosspost(self, call: Call) -> Reply:
        channel = self._access.channel(call)
        message = self._posts.find(channel, call.ids["message"])
        if channel.kind != ANNOUNCEMENT:
            raise Refused(400, 50024, "Cannot execute action on this channel type")
        self._access.need(channel, "send_messages")
        if message.author_id != self._world.bot.id:
            self._access.need(channel, "manage_messages")
        if message.crossposted:
            raise Refused(400, 40033, "This message has already been crossposted")
        message.crossposted = True
        message.payload["flags"] |= 1
        return Reply(200, message.payload)


def _window(messages: list[Message], query: dict[str, str], limit: int) -> list[Message]:
    """The messages before, after or around an id, newest first."""
    if "after" in query:
        later = [m for m in messages if int(m.id) > int(query["after"])]
        return later[:limit][::-1]
    if "around" in query:
        before = [m for m in messages if int(m.id) <= int(query["around"])][-(limit // 2 + 1) :]
        after = [m for m in messages if int(m.id) > int(query["around"])]
        return (before + after)[:limit][::-1]
    if "before" in query:
        messages = [m for m in messages if int(m.id) < int(query["before"])]
    return messages[-limit:][::-1]
