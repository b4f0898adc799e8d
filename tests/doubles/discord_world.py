"""What there is: users, guilds, channels, who may do what there, the clock and the ids.

Plain state and rules; no sockets.
"""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from tests.doubles.discord_things import DM, Channel, Guild, Role, User, bits

Json = dict[str, Any]

DISCORD_EPOCH = 1420070400000  # ms; a snowflake counts from here
EVERYTHING = (1 << 53) - 1


class World:
    """Everything there is, and the clock that ids and times come from."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._last_id = 0
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.users: dict[str, User] = {}
        self.bot = self.add_user("briefing-bot", bot=True)

    def new_id(self) -> str:
        """A snowflake of this moment, larger than every earlier one."""
        now = int(self.clock() * 1000) - DISCORD_EPOCH
        self._last_id = max(now << 22, self._last_id + 1)
        return str(self._last_id)

    def now(self) -> str:
        """This moment as Discord writes it."""
        return datetime.fromtimestamp(self.clock(), UTC).isoformat(timespec="microseconds")

    def add_user(self, name: str, *, bot: bool = False, dms_open: bool = True) -> User:
        """A new account."""
        user = User(self.new_id(), name, bot, dms_open)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, permissions: Iterable[str]) -> Guild:
        """A new guild with @everyone and the bot in it, owned by somebody else."""
        owner = self.add_user(f"owner of {name}")
        guild = Guild(self.new_id(), name, owner.id)
        guild.roles[guild.id] = Role(guild.id, "@everyone", bits(permissions), 0)
        guild.members = {owner.id: [], self.bot.id: []}
        self.guilds[guild.id] = guild
        return guild

    def add_role(self, guild: Guild, name: str, permissions: Iterable[str]) -> Role:
        """A new role, above the earlier ones."""
        role = Role(self.new_id(), name, bits(permissions), len(guild.roles))
        guild.roles[role.id] = role
        return role

    def dm_channel(self, user: User) -> Channel:
        """The one DM channel between the bot and this user."""
        for channel in self.channels.values():
            if channel.recipient == user:
                return channel
        return self.add_channel(Channel(self.new_id(), DM, user.name, recipient=user))

    def add_channel(self, channel: Channel) -> Channel:
        """Take a channel in."""
        channel.created = self.now()
        self.channels[channel.id] = channel
        return channel

    def permissions(self, user_id: str, channel: Channel) -> int:
        """What a user may do in a channel: roles, then overwrites, as Discord computes it."""
        if channel.guild_id is None:
            return EVERYTHING
        guild = self.guilds[channel.guild_id]
        base = self.guild_permissions(user_id, guild)
        if base == EVERYTHING:
            return base
        place = channel
        if channel.is_thread and channel.parent_id is not None:
            place = self.channels[channel.parent_id]
        base = _apply(base, [place.overwrites.get(guild.id)])
        base = _apply(base, [place.overwrites.get(r) for r in guild.members.get(user_id, [])])
        base = _apply(base, [place.overwrites.get(user_id)])
        return base if base & bits(["view_channel"]) else 0

    def guild_permissions(self, user_id: str, guild: Guild) -> int:
        """What a user's roles allow in the whole guild; nothing for a stranger."""
        if user_id == guild.owner_id:
            return EVERYTHING
        if user_id not in guild.members:
            return 0
        allowed = guild.roles[guild.id].permissions
        for role_id in guild.members[user_id]:
            allowed |= guild.roles[role_id].permissions
        return EVERYTHING if allowed & bits(["administrator"]) else allowed

    def may(self, user_id: str, channel: Channel, *names: str) -> bool:
        """Whether a user has all these permissions in a channel."""
        wanted = bits(names)
        return self.permissions(user_id, channel) & wanted == wanted

    def member_payload(self, guild: Guild, user: User, *, with_user: bool = True) -> Json:
        """A member of a guild as Discord sends it."""
        payload: Json = {
            "roles": list(guild.members.get(user.id, [])),
            "flags": 0,
            "nick": None,
            "avatar": None,
            "banner": None,
            "joined_at": "2020-01-01T00:00:00+00:00",
            "premium_since": None,
            "communication_disabled_until": None,
            "pending": False,
            "deaf": False,
            "mute": False,
        }
        return {"user": user.payload(), **payload} if with_user else payload

    def guild_payload(self, guild: Guild) -> Json:
        """A guild as GET /guilds/{id} sends it."""
        return {
            "id": guild.id,
            "name": guild.name,
            "owner_id": guild.owner_id,
            "roles": [role.payload() for role in guild.roles.values()],
            "emojis": [],
            "stickers": [],
            "features": [],
            "preferred_locale": "en-US",
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "premium_tier": 0,
            "nsfw_level": 0,
            "mfa_level": 0,
        }

    def guild_create_payload(self, guild: Guild) -> Json:
        """A guild as GUILD_CREATE sends it: with channels, threads and all members."""
        inside = [c for c in self.channels.values() if c.guild_id == guild.id]
        members = [self.users[user_id] for user_id in guild.members]
        return {
            **self.guild_payload(guild),
            "unavailable": False,
            "large": False,
            "joined_at": "2020-01-01T00:00:00+00:00",
            "member_count": len(members),
            "members": [self.member_payload(guild, user) for user in members],
            "channels": [c.payload() for c in inside if not c.is_thread],
            "threads": [c.payload(self.bot.id) for c in inside if c.is_thread and not c.archived],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }


def _apply(base: int, overwrites: Iterable[Json | None]) -> int:
    present = [overwrite for overwrite in overwrites if overwrite]
    for overwrite in present:
        base &= ~int(overwrite["deny"])
    for overwrite in present:
        base |= int(overwrite["allow"])
    return base
