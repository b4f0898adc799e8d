"""The scenery of a test: what there is. Whoever is connected is told, as by Discord."""

from collections.abc import Iterable, Sequence
from typing import Any

from tests.doubles.discord_gateway import GUILDS, Gateway
from tests.doubles.discord_message import Message
from tests.doubles.discord_posts import Posts
from tests.doubles.discord_things import (
    DEFAULT_PERMISSIONS,
    KINDS,
    PUBLIC_THREAD,
    Channel,
    Guild,
    User,
    bits,
)
from tests.doubles.discord_world import World

Json = dict[str, Any]


class Scenery:
    """Guilds, channels, threads, people, and who may do what."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self.gateway = gateway
        self._posts = Posts(world, gateway)

    @property
    def bot(self) -> User:
        """The bot's account; its id is also the application's."""
        return self.world.bot

    def add_guild(
        self,
        name: str = "Rover Watch",
        permissions: Iterable[str] = DEFAULT_PERMISSIONS,
    ) -> Guild:
        """A guild the bot is in; `permissions` are those of @everyone."""
        guild = self.world.add_guild(name, permissions)
        self.gateway.emit("GUILD_CREATE", self.world.guild_create_payload(guild), guild.id, GUILDS)
        return guild

    def add_channel(
        self,
        guild: Guild,
        name: str,
        kind: str = "text",
        *,
        tags: Sequence[str] = (),
        requires_tag: bool = False,
    ) -> Channel:
        """A channel of kind `text`, `announcement`, `forum` or `voice`."""
        named = tuple(
            {
                "id": self.world.new_id(),
                "name": tag,
                "moderated": False,
                "emoji_id": None,
                "emoji_name": None,
            }
            for tag in tags
        )
        channel = Channel(
            self.world.new_id(), KINDS[kind], name, guild.id, tags=named, requires_tag=requires_tag
        )
        self.world.add_channel(channel)
        self.gateway.emit("CHANNEL_CREATE", channel.payload(), guild.id, GUILDS)
        return channel

    def add_thread(self, channel: Channel, name: str, *, locked: bool = False) -> Channel:
        """A public thread in a channel, opened by somebody else."""
        assert channel.guild_id is not None, "a DM has no threads"
        owner = self.world.guilds[channel.guild_id].owner_id
        thread = Channel(
            self.world.new_id(),
            PUBLIC_THREAD,
            name,
            channel.guild_id,
            channel.id,
            owner,
            locked=locked,
        )
        self.world.add_channel(thread)
        payload = thread.payload(self.bot.id)
        self.gateway.emit("THREAD_CREATE", payload, channel.guild_id, GUILDS)
        return thread

    def archive(self, thread: Channel) -> None:
        """A thread was quiet for so long that Discord puts it away; writing there opens it again."""
        thread.archived = self.world.now()
        payload = thread.payload(self.bot.id)
        self.gateway.emit("THREAD_UPDATE", payload, thread.guild_id, GUILDS)

    def add_user(
        self,
        name: str,
        guild: Guild | None = None,
        permissions: Iterable[str] = (),
        *,
        bot: bool = False,
        dms_open: bool = True,
    ) -> User:
        """A person, in a guild if one is named, with a role of these permissions."""
        user = self.world.add_user(name, bot=bot, dms_open=dms_open)
        if guild is not None:
            self._join(guild, user, permissions)
        return user

    def dm(self, user: User) -> Channel:
        """The DM channel between this person and the bot."""
        return self.world.dm_channel(user)

    def allow(self, channel: Channel, *names: str, user: User | None = None) -> None:
        """Let the bot (or a user) do these things in a channel, whatever its roles say."""
        self._overwrite(channel, user or self.bot, allow=bits(names), deny=0)

    def deny(self, channel: Channel, *names: str, user: User | None = None) -> None:
        """Forbid the bot (or a user) these things in a channel; `view_channel`: 50001."""
        self._overwrite(channel, user or self.bot, allow=0, deny=bits(names))

    def delete_message(self, message: Message) -> None:
        """A moderator deletes a message."""
        self._posts.delete(message)

    def delete_channel(self, channel: Channel) -> None:
        """An admin deletes a channel, or a thread."""
        del self.world.channels[channel.id]
        event = "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE"
        self.gateway.emit(event, channel.payload(self.bot.id), channel.guild_id, GUILDS)

    def remove_bot(self, guild: Guild) -> None:
        """An admin removes the bot from a guild: from now on 50001."""
        guild.members.pop(self.bot.id, None)
        self.gateway.emit("GUILD_DELETE", {"id": guild.id}, guild.id, GUILDS)

    def _join(self, guild: Guild, user: User, permissions: Iterable[str] = ()) -> None:
        roles = []
        if wanted := tuple(permissions):
            role = self.world.add_role(guild, f"{user.name}'s role", wanted)
            roles.append(role.id)
            data = {"guild_id": guild.id, "role": role.payload()}
            self.gateway.emit("GUILD_ROLE_CREATE", data, guild.id, GUILDS)
        guild.members[user.id] = roles

    def _overwrite(self, channel: Channel, user: User, *, allow: int, deny: int) -> None:
        old = channel.overwrites.get(user.id, {"allow": "0", "deny": "0"})
        channel.overwrites[user.id] = {
            "id": user.id,
            "type": 1,
            "allow": str(int(old["allow"]) & ~deny | allow),
            "deny": str(int(old["deny"]) & ~allow | deny),
        }
        self.gateway.emit("CHANNEL_UPDATE", channel.payload(), channel.guild_id, GUILDS)
