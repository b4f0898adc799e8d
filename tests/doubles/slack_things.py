"""The workspace, people, user groups and channels: plain values, with the payloads Slack sends of them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.doubles.slack_message import Message

Json = dict[str, Any]

PUBLIC, PRIVATE, DIRECT, MULTI = "channel", "group", "im", "mpim"
"""The kinds of conversation, as an event names them (channel_type)."""

READ_SCOPES = {
    PUBLIC: "channels:read",
    PRIVATE: "groups:read",
    DIRECT: "im:read",
    MULTI: "mpim:read",
}
HISTORY_SCOPES = {
    PUBLIC: "channels:history",
    PRIVATE: "groups:history",
    DIRECT: "im:history",
    MULTI: "mpim:history",
}


@dataclass(eq=False)
class Team:
    """The workspace."""

    id: str
    name: str
    domain: str

    def payload(self) -> Json:
        """As an interaction names it."""
        return {"id": self.id, "domain": self.domain}


@dataclass(eq=False)
class User:
    """An account: a person, or the bot."""

    id: str
    name: str
    bot_id: str = ""  # of the bot
    admin: bool = False
    owner: bool = False
    guest: bool = False
    deleted: bool = False
    tz: str = "Europe/Berlin"

    @property
    def mention(self) -> str:
        """What one types to mention this user."""
        return f"@{self.name}"

    def payload(self, team: str) -> Json:
        """The user as users.info sends it."""
        zone = datetime.now(UTC).astimezone(ZoneInfo(self.tz))
        offset = zone.utcoffset()
        return {
            "id": self.id,
            "team_id": team,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.name.title(),
            "tz": self.tz,
            "tz_label": zone.tzname(),
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "profile": {
                "real_name": self.name.title(),
                "display_name": self.name,
                "team": team,
                **({"bot_id": self.bot_id} if self.bot_id else {}),
            },
            "is_admin": self.admin or self.owner,
            "is_owner": self.owner,
            "is_primary_owner": False,
            "is_restricted": self.guest,
            "is_ultra_restricted": False,
            "is_bot": bool(self.bot_id),
            "is_app_user": False,
            "updated": 1600000000,
        }


@dataclass(eq=False)
class Group:
    """A user group: people under a handle."""

    id: str
    handle: str
    users: list[User]
    disabled: bool = False

    @property
    def mention(self) -> str:
        """What one types to mention this group."""
        return f"@{self.handle}"

    def payload(self, team: str, *, with_users: bool) -> Json:
        """The group as usergroups.list sends it."""
        return {
            "id": self.id,
            "team_id": team,
            "is_usergroup": True,
            "name": self.handle.title(),
            "handle": self.handle,
            "description": "",
            "date_delete": 1 if self.disabled else 0,
            "user_count": len(self.users),
            **({"users": [user.id for user in self.users]} if with_users else {}),
        }


@dataclass(eq=False)
class Channel:
    """A conversation: a channel, or a direct one."""

    id: str
    name: str
    kind: str = PUBLIC
    members: dict[str, None] = field(default_factory=dict)  # user ids, in the order in which they came
    archived: bool = False
    user: User | None = None  # the other side of a direct message
    created: int = 0
    messages: dict[str, Message] = field(default_factory=dict)  # by ts, oldest first
    timeline: list[str] = field(default_factory=list)  # ts of what stands in the channel itself, oldest first
    threads: dict[str, list[str]] = field(default_factory=dict)  # ts of the replies, by their parent's
    ephemerals: list[Message] = field(default_factory=list)
    last: int = 0  # the latest ts, in microseconds

    @property
    def mention(self) -> str:
        """What one types to link to this channel."""
        return f"#{self.name}"

    def payload(self, bot: str) -> Json:
        """The channel as conversations.info sends it."""
        if self.user is not None:
            return {
                "id": self.id,
                "created": self.created,
                "is_im": True,
                "is_archived": False,
                "is_org_shared": False,
                "user": self.user.id,
                "is_user_deleted": self.user.deleted,
                "is_open": True,
            }
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "created": self.created,
            "is_channel": self.kind == PUBLIC,
            "is_group": False,  # only of those made long ago
            "is_im": False,
            "is_mpim": self.kind == MULTI,
            "is_private": self.kind != PUBLIC,
            "is_archived": self.archived,
            "is_general": False,
            "is_shared": False,
            "is_ext_shared": False,
            "is_member": bot in self.members,
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "num_members": len(self.members),
        }
