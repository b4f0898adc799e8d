"""Threads and forum posts."""

from datetime import datetime
from typing import Any

from tests.doubles import discord_limits as limits
from tests.doubles.discord_access import Access
from tests.doubles.discord_gateway import GUILDS, Gateway
from tests.doubles.discord_http import Call, Refused, Reply
from tests.doubles.discord_posts import Draft, Posts
from tests.doubles.discord_routes import Route, route
from tests.doubles.discord_things import (
    ANNOUNCEMENT,
    ANNOUNCEMENT_THREAD,
    FORUM,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    VOICE,
    Channel,
)
from tests.doubles.discord_world import World

Json = dict[str, Any]

THREAD_NAME, FORUM_TAGS = 100, 5
LEAST_LISTED, MOST_LISTED = 2, 100


class Threads:
    """Answers for threads: below a message, below a channel, in a forum."""

    def __init__(self, world: World, gateway: Gateway, posts: Posts) -> None:
        self._world = world
        self._access = Access(world)
        self._gateway = gateway
        self._posts = posts

    def routes(self) -> list[Route]:
        """The routes, in the order they are tried."""
        below = "/channels/{channel}/messages/{message}/threads"
        return [
            route("POST", below, self._thread_on_message),
            route("POST", "/channels/{channel}/threads", self._create_thread),
            route("PUT", "/channels/{channel}/thread-members/@me", self._join_thread),
            route("GET", "/guilds/{guild}/threads/active", self._active),
            route("GET", "/channels/{channel}/threads/archived/public", self._archived),
        ]

    def _thread_on_message(self, call: Call) -> Reply:
        channel = self._access.channel(call)
        message = self._posts.find(channel, call.ids["message"])
        self._access.need(channel, "create_public_threads")
        if message.id in self._world.channels:
            raise Refused(400, 160004, "A thread has already been created for this message")
        kind = ANNOUNCEMENT_THREAD if channel.kind == ANNOUNCEMENT else PUBLIC_THREAD
        thread = self._open_thread(channel, call.json, kind, message.id)
        message.payload["flags"] |= 1 << 5
        return Reply(201, thread.payload(self._world.bot.id))

    def _create_thread(self, call: Call) -> Reply:
        channel, body = self._access.channel(call), call.json
        if channel.kind == FORUM:
            return self._create_post(channel, call)
        if channel.kind == VOICE or channel.guild_id is None or channel.is_thread:
            raise Refused(400, 50024, "Cannot execute action on this channel type")
        kind = int(body.get("type") or PRIVATE_THREAD)  # without a type: private, in API v10
        private = kind == PRIVATE_THREAD
        self._access.need(channel, "create_private_threads" if private else "create_public_threads")
        thread = self._open_thread(channel, body, kind, self._world.new_id())
        return Reply(201, thread.payload(self._world.bot.id))

    def _create_post(self, channel: Channel, call: Call) -> Reply:
        """A forum post: a thread with its first message. It takes no nonce."""
        message = call.json.get("message") or {}
        self._access.need(channel, "send_messages")
        self._access.need_parts(channel, message, len(call.files))
        tags = call.json.get("applied_tags") or []
        if channel.requires_tag and not tags:
            raise Refused(400, 40067, "A tag is required to create a forum post in this channel")
        limits.check_message(message, call.files)
        limits.check_not_empty(message, len(call.files))
        thread = self._open_thread(channel, call.json, PUBLIC_THREAD, self._world.new_id())
        body = {k: v for k, v in message.items() if k not in ("nonce", "enforce_nonce")}
        first = self._posts.write(thread, self._world.bot, Draft(body, call.files, id=thread.id))
        payload = thread.payload(self._world.bot.id)
        applied = [str(tag) for tag in tags]
        return Reply(201, {**payload, "applied_tags": applied, "message": first.payload})

    def _open_thread(self, channel: Channel, body: Json, kind: int, new_id: str) -> Channel:
        problems = limits.Problems()
        problems.length(("name",), body.get("name"), 1, THREAD_NAME)
        problems.count(("applied_tags",), body.get("applied_tags") or [], 0, FORUM_TAGS)
        if body.get("auto_archive_duration") not in (None, 60, 1440, 4320, 10080):
            message = "Value must be one of {4320, 60, 10080, 1440}."
            problems.add(("auto_archive_duration",), "BASE_TYPE_CHOICES", message)
        problems.refuse()
        thread = Channel(
            new_id,
            kind,
            str(body["name"]),
            channel.guild_id,
            channel.id,
            self._world.bot.id,
        )
        self._world.add_channel(thread)
        payload = {**thread.payload(self._world.bot.id), "newly_created": True}
        self._gateway.emit("THREAD_CREATE", payload, channel.guild_id, GUILDS)
        return thread

    def _join_thread(self, call: Call) -> Reply:
        self._access.channel(call)
        return Reply(204)

    def _active(self, call: Call) -> Reply:
        """The threads of a guild that are not archived, where the bot sees their channel."""
        guild = self._access.guild(call)
        inside = [c for c in self._world.channels.values() if c.guild_id == guild.id and c.is_thread]
        seen = [c for c in inside if self._world.may(self._world.bot.id, c, "view_channel")]
        return self._listed([c for c in seen if not c.archived], more=False)

    def _archived(self, call: Call) -> Reply:
        """The archived public threads of a channel, archived last first."""
        channel = self._access.channel(call)
        self._access.need(channel, "read_message_history")
        limit = int(call.query.get("limit", "50"))
        if not LEAST_LISTED <= limit <= MOST_LISTED:
            problems = limits.Problems()
            message = f"int value should be between {LEAST_LISTED} and {MOST_LISTED}."
            problems.add(("limit",), "NUMBER_TYPE_MAX", message)
            problems.refuse()
        before = datetime.fromisoformat(call.query.get("before", "9999-01-01T00:00:00+00:00"))
        inside = [c for c in self._world.channels.values() if c.parent_id == channel.id]
        public = [c for c in inside if c.is_thread and c.kind != PRIVATE_THREAD and c.archived]
        found = [c for c in public if datetime.fromisoformat(c.archived) < before]
        found.sort(key=lambda c: c.archived, reverse=True)
        return self._listed(found[:limit], more=len(found) > limit)

    def _listed(self, threads: list[Channel], *, more: bool) -> Reply:
        payloads = [thread.payload(self._world.bot.id) for thread in threads]
        members = [payload["member"] for payload in payloads if "member" in payload]
        return Reply(200, {"threads": payloads, "members": members, "has_more": more})
