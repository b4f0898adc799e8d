"""Messages: how they come to stand in a channel, change and go, and what the gateway says of it."""

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.doubles import discord_limits as limits
from tests.doubles.discord_gateway import Gateway
from tests.doubles.discord_http import Refused, Upload
from tests.doubles.discord_message import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    SELECTS,
    Message,
    nested,
)
from tests.doubles.discord_things import Channel, User
from tests.doubles.discord_world import World

Json = dict[str, Any]

SEPARATOR, CONTAINER = 14, 17  # component types
DEFAULT, REPLY, SLASH_REPLY = 0, 19, 20  # message types
SUPPRESS_EMBEDS = 1 << 2
KEPT_FLAGS = SUPPRESS_EMBEDS | 1 << 12 | COMPONENTS_V2 | EPHEMERAL | LOADING
USER_MENTION, ROLE_MENTION = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>")
EVERYONE = re.compile(r"@(everyone|here)")

SHOWN: dict[int, Json] = {
    **{kind: {"min_values": 1, "max_values": 1} for kind in SELECTS},
    SEPARATOR: {"spacing": 1, "divider": True},
    CONTAINER: {"accent_color": None, "spoiler": False},
}
"""What Discord adds to a component that does not say it."""


@dataclass(frozen=True)
class Draft:
    """A message to be: its text and what surrounds it."""

    body: Json  # as in Create Message
    files: Sequence[Upload] = ()
    kind: int = DEFAULT
    flags: int = 0  # besides those of the body
    parse: tuple[str, ...] = ("users", "roles", "everyone")  # without allowed_mentions
    extra: Json = field(default_factory=dict)  # further keys of the payload
    id: str = ""  # where it is not a new one: the first message of a forum post has the post's


class Posts:
    """Writes, edits and deletes messages, checks them, and tells the gateway."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway
        self.file_base = ""
        self.all: dict[str, Message] = {}  # ephemeral and deleted ones included

    def write(self, channel: Channel, author: User, draft: Draft) -> Message:
        """A message appears in a channel; an ephemeral one only to the user it is for."""
        body, channel.archived = draft.body, ""  # writing in a thread opens it again
        attachments, contents = self._attach(channel, draft.files, body.get("attachments") or [])
        payload: Json = {
            "id": draft.id or self._world.new_id(),
            "channel_id": channel.id,
            "type": draft.kind,
            "author": author.payload(),
            "content": (body.get("content") or "").strip(),
            "embeds": _embeds(body),
            "components": numbered(body.get("components") or []),
            "attachments": attachments,
            "mention_everyone": False,
            "timestamp": self._world.now(),
            "edited_timestamp": None,
            "flags": ((body.get("flags") or 0) | draft.flags) & KEPT_FLAGS,
            "pinned": False,
            "tts": bool(body.get("tts")),
            **draft.extra,
        }
        if body.get("nonce") is not None:
            payload["nonce"] = body["nonce"]
        message = Message(payload, files=contents)
        self._mention(message, channel, author, body.get("allowed_mentions"), draft.parse)
        self.all[message.id] = message
        if not message.ephemeral:
            channel.messages[message.id] = message
            self._tell("MESSAGE_CREATE", channel, message, author)
        return message

    def edit(
        self,
        message: Message,
        body: Json,
        files: Sequence[Upload] = (),
        *,
        flags: int | None = None,
    ) -> None:
        """A message changes: keys that are missing stay as they were, mentions are read anew."""
        channel = self._world.channels[message.channel_id]
        merged = self.merged(message, body)
        kept = {a["id"]: a for a in message.payload["attachments"]}
        listed = body.get("attachments")
        if "attachments" in body:
            stays = [kept[str(a["id"])] for a in listed or [] if str(a["id"]) in kept]
        else:
            stays = list(kept.values())
        fresh, contents = self._attach(channel, files, listed or [])
        payload = {
            **message.payload,
            "content": (merged["content"] or "").strip(),
            "embeds": _embeds(merged),
            "components": numbered(merged["components"] or []),
            "attachments": [*stays, *fresh],
            "edited_timestamp": self._world.now(),
            "flags": merged["flags"] if flags is None else flags,
        }
        message.change(payload)
        message.files.update(contents)
        author = self._world.users[message.author_id]
        parse = ("users", "roles", "everyone")
        self._mention(message, channel, author, body.get("allowed_mentions"), parse)
        if not message.ephemeral:
            self._tell("MESSAGE_UPDATE", channel, message, author)

    def merged(self, message: Message, body: Json) -> Json:
        """What the message would be after an edit with this body, to hold against the limits."""
        old = message.payload
        merged = {key: body.get(key, old[key]) for key in ("content", "embeds", "components")}
        flags = old["flags"]
        if body.get("flags") is not None:
            changeable = SUPPRESS_EMBEDS | COMPONENTS_V2
            flags = (flags & ~SUPPRESS_EMBEDS) | (body["flags"] & changeable)
        return {**merged, "flags": flags}

    def check_edit(self, message: Message, body: Json, files: Sequence[Upload]) -> None:
        """Refuse an edit in an archived thread, or one that leaves the message too long or empty."""
        if self._world.channels[message.channel_id].archived:
            what = "Tried to perform an operation on an archived thread, such as editing a message"
            raise Refused(400, 50083, what)
        merged = self.merged(message, body)
        limits.check_message({**body, **merged}, files)
        kept = len(message.payload["attachments"])
        if "attachments" in body:
            kept = len(body["attachments"] or [])
        limits.check_not_empty(merged, kept + len(files))

    def delete(self, message: Message) -> None:
        """A message goes."""
        message.deleted = True
        channel = self._world.channels[message.channel_id]
        if channel.messages.pop(message.id, None) is None:
            return
        data: Json = {"id": message.id, "channel_id": channel.id}
        if channel.guild_id is not None:
            data["guild_id"] = channel.guild_id
        intent = 1 << 9 if channel.guild_id else 1 << 12
        self._gateway.emit("MESSAGE_DELETE", data, channel.guild_id, intent)

    def find(self, channel: Channel, message_id: str) -> Message:
        """A message that stands in this channel, else 10008."""
        message = channel.messages.get(message_id)
        if message is None:
            raise Refused(404, 10008, "Unknown Message")
        return message

    def _tell(self, event: str, channel: Channel, message: Message, author: User) -> None:
        extra: Json = {}
        if channel.guild_id is not None:
            guild = self._world.guilds[channel.guild_id]
            extra["guild_id"] = guild.id
            extra["member"] = self._world.member_payload(guild, author, with_user=False)
        self._gateway.emit_message(event, message, extra)

    def _attach(
        self, channel: Channel, files: Sequence[Upload], listed: Sequence[Json]
    ) -> tuple[list[Json], dict[str, bytes]]:
        described = {str(a.get("id")): a for a in listed}
        payloads, contents = [], {}
        for upload in files:
            about = described.get(str(upload.index), {})
            new_id = self._world.new_id()
            name = about.get("filename") or upload.filename
            url = f"{self.file_base}/{channel.id}/{new_id}/{name}"
            payloads.append(
                {
                    "id": new_id,
                    "filename": name,
                    "size": len(upload.content),
                    "url": url,
                    "proxy_url": url,
                    "description": about.get("description") or "",
                }
            )
            contents[new_id] = upload.content
        return payloads, contents

    def _mention(
        self,
        message: Message,
        channel: Channel,
        author: User,
        allowed: Json | None,
        parse: tuple[str, ...],
    ) -> None:
        """Work out who is mentioned and notified, as `allowed_mentions` says."""
        text = message.content
        may = _allowed(allowed, parse)
        users = [u for u in dict.fromkeys(USER_MENTION.findall(text)) if u in self._world.users]
        roles = list(dict.fromkeys(ROLE_MENTION.findall(text)))
        users = [u for u in users if "users" in may or u in may]
        roles = [r for r in roles if "roles" in may or r in may]
        everyone = bool(EVERYONE.search(text)) and "everyone" in may
        everyone = everyone and self._world.may(author.id, channel, "mention_everyone")
        answered = message.payload.get("referenced_message")
        if answered and (allowed or {}).get("replied_user", allowed is None):
            users.append(answered["author"]["id"])
        users = list(dict.fromkeys(users))
        message.payload["mentions"] = [self._world.users[u].payload() for u in users]
        message.payload["mention_roles"] = roles
        message.payload["mention_everyone"] = everyone
        message.pings = (
            *(f"<@{u}>" for u in users),
            *(f"<@&{r}>" for r in roles),
            *(("@everyone",) if everyone else ()),
        )


def _allowed(allowed: Json | None, parse: tuple[str, ...]) -> set[str]:
    if allowed is None:
        return set(parse)
    listed = [*(allowed.get("users") or []), *(allowed.get("roles") or [])]
    return {*(allowed.get("parse") or []), *map(str, listed)}


def numbered(components: list[Json]) -> list[Json]:
    """Components as Discord gives them back: each numbered, with its defaults."""
    shown = copy.deepcopy(components)
    for number, component in enumerate(nested(shown), 1):
        component["id"] = component.get("id") or number
        given = {key: value for key, value in component.items() if value is not None}
        component.clear()
        component.update({**SHOWN.get(given["type"], {}), **given})
    return shown


def _embeds(body: Json) -> list[Json]:
    return [{**embed, "type": embed.get("type") or "rich"} for embed in body.get("embeds") or []]
