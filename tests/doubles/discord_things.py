"""Users, roles, guilds and channels: plain values, with the payloads Discord sends of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.discord_message import Message

Json = dict[str, Any]

TEXT, DM, VOICE, CATEGORY, ANNOUNCEMENT = 0, 1, 2, 4, 5
ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD, FORUM = 10, 11, 12, 15
THREADS = (ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD)
KINDS = {"text": TEXT, "voice": VOICE, "announcement": ANNOUNCEMENT, "forum": FORUM}

PERMISSIONS = {
    "administrator": 3,
    "manage_channels": 4,
    "manage_guild": 5,
    "add_reactions": 6,
    "view_channel": 10,
    "send_messages": 11,
    "manage_messages": 13,
    "embed_links": 14,
    "attach_files": 15,
    "read_message_history": 16,
    "mention_everyone": 17,
    "manage_roles": 28,
    "use_application_commands": 31,
    "manage_threads": 34,
    "create_public_threads": 35,
    "create_private_threads": 36,
    "send_messages_in_threads": 38,
}
"""Permission names to bit numbers, as Discord's topics/permissions gives them."""

DEFAULT_PERMISSIONS = (
    "view_channel",
    "send_messages",
    "embed_links",
    "attach_files",
    "read_message_history",
    "add_reactions",
    "use_application_commands",
    "create_public_threads",
    "send_messages_in_threads",
)
"""What @everyone, and so the bot, may do in a new guild: enough to post, not to moderate."""


def bits(names: Iterable[str]) -> int:
    """The permission bit field of these names, in either case; an unknown name is a KeyError."""
    return sum(1 << PERMISSIONS[name] for name in {name.lower() for name in names})


@dataclass(eq=False)
class User:
    """An account: a person, the bot, or another bot."""

    id: str
    name: str
    bot: bool = False
    dms_open: bool = True  # False: a message to this person is refused with 50007

    @property
    def mention(self) -> str:
        """What one types to mention this user."""
        return f"<@{self.id}>"

    def payload(self) -> Json:
        """The user as Discord sends it."""
        return {
            "id": self.id,
            "username": self.name,
            "discriminator": "0000" if self.bot else "0",
            "global_name": None if self.bot else self.name.title(),
            "avatar": None,
            "primary_guild": None,
            "public_flags": 0,
            "flags": 0,
            "bot": self.bot,
        }


@dataclass(frozen=True)
class Role:
    """A named set of permissions in a guild; @everyone has the guild's own id."""

    id: str
    name: str
    permissions: int
    position: int

    def payload(self) -> Json:
        """The role as Discord sends it."""
        return {
            "id": self.id,
            "name": self.name,
            "description": None,
            "permissions": str(self.permissions),
            "position": self.position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }


@dataclass(eq=False)
class Guild:
    """A Discord server: its roles, and its members with the roles each has."""

    id: str
    name: str
    owner_id: str
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)  # user id → role ids


@dataclass(eq=False)
class Channel:
    """A place messages stand in: a guild's channel, a thread, or a DM channel."""

    id: str
    kind: int  # Discord's channel type
    name: str
    guild_id: str | None = None  # None: a DM channel
    parent_id: str | None = None  # a thread's channel
    owner_id: str | None = None  # who opened the thread
    recipient: User | None = None  # the other side of a DM channel
    tags: tuple[Json, ...] = ()  # a forum's available tags
    requires_tag: bool = False  # a forum with REQUIRE_TAG
    locked: bool = False  # a thread nobody may write to
    archived: str = ""  # a thread: since when, ISO 8601; empty: it is active
    created: str = ""  # ISO 8601
    overwrites: dict[str, Json] = field(default_factory=dict)  # by role or user id
    messages: dict[str, Message] = field(default_factory=dict)  # by id, oldest first

    @property
    def mention(self) -> str:
        """What one types to link to this channel."""
        return f"<#{self.id}>"

    @property
    def is_thread(self) -> bool:
        """Whether this is a thread."""
        return self.kind in THREADS

    def payload(self, bot_id: str = "") -> Json:
        """The channel as Discord sends it; a DM has recipients and never a guild id."""
        if self.recipient is not None:
            return {
                "id": self.id,
                "type": DM,
                "flags": 0,
                "last_message_id": next(reversed(self.messages), None),
                "recipients": [self.recipient.payload()],
            }
        if self.is_thread:
            return self._thread_payload(bot_id)
        return {
            "id": self.id,
            "type": self.kind,
            "flags": 1 << 4 if self.requires_tag else 0,
            "guild_id": self.guild_id,
            "name": self.name,
            "position": 0,
            "topic": None,
            "nsfw": False,
            "parent_id": self.parent_id,
            "permission_overwrites": list(self.overwrites.values()),
            "available_tags": list(self.tags),
            "last_message_id": next(reversed(self.messages), None),
            **({"bitrate": 64000, "user_limit": 0} if self.kind == VOICE else {}),
        }

    def _thread_payload(self, bot_id: str) -> Json:
        payload: Json = {
            "id": self.id,
            "type": self.kind,
            "flags": 0,
            "guild_id": self.guild_id,
            "parent_id": self.parent_id,
            "owner_id": self.owner_id,
            "name": self.name,
            "message_count": len(self.messages),
            "total_message_sent": len(self.messages),
            "member_count": 1,
            "last_message_id": next(reversed(self.messages), None),
            "thread_metadata": {
                "archived": bool(self.archived),
                "locked": self.locked,
                "auto_archive_duration": 1440,
                "archive_timestamp": self.archived or self.created,
                "create_timestamp": self.created,
            },
        }
        if self.owner_id == bot_id:
            member = {"id": self.id, "user_id": bot_id, "join_timestamp": self.created, "flags": 0}
            payload["member"] = member
        return payload
