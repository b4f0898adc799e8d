"""Whether the bot may: the refusals that come before anything is looked at."""

from typing import Any

from tests.doubles.discord_http import Call, Refused
from tests.doubles.discord_things import FORUM, Channel, Guild
from tests.doubles.discord_world import World

Json = dict[str, Any]


class Access:
    """Finds what a call is about, and refuses what the bot may not do there."""

    def __init__(self, world: World) -> None:
        self._world = world

    def guild(self, call: Call) -> Guild:
        """The guild of the call: 10004 if unknown, 50001 if the bot is not in it."""
        guild = self._world.guilds.get(call.ids["guild"])
        if guild is None:
            raise Refused(404, 10004, "Unknown Guild")
        if self._world.bot.id not in guild.members:
            raise Refused(403, 50001, "Missing Access")
        return guild

    def channel(self, call: Call) -> Channel:
        """The channel of the call: 10003 if unknown, 50001 if the bot does not see it."""
        channel = self._world.channels.get(call.ids["channel"])
        if channel is None:
            raise Refused(404, 10003, "Unknown Channel")
        if not self._world.may(self._world.bot.id, channel, "view_channel"):
            raise Refused(403, 50001, "Missing Access")
        return channel

    def need(self, channel: Channel, *names: str) -> None:
        """50013 unless the bot has these permissions."""
        if not self._world.may(self._world.bot.id, channel, *names):
            raise Refused(403, 50013, "Missing Permissions")

    def need_to_send(self, channel: Channel, body: Json, files: int) -> None:
        """Refuse to send: a closed DM, a forum, no permission, a locked thread."""
        if channel.recipient is not None and not channel.recipient.dms_open:
            raise Refused(403, 50007, "Cannot send messages to this user")
        if channel.kind == FORUM:
            raise Refused(400, 50008, "Cannot send messages in a non-text channel")
        self.need(channel, "send_messages_in_threads" if channel.is_thread else "send_messages")
        if channel.locked:
            raise Refused(403, 160005, "This thread is locked")
        self.need_parts(channel, body, files)

    def need_parts(self, channel: Channel, body: Json, files: int) -> None:
        """Embeds and files need permissions of their own."""
        if body.get("embeds"):
            self.need(channel, "embed_links")
        if files:
            self.need(channel, "attach_files")
