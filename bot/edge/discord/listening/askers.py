"""Who asks on Discord, and where: a message or an interaction → `Asker`, a channel → `Place`.

All is read off what the gateway has told. Discord itself is asked for what no gateway tells: a thread
in the archive, who is in a private thread, and the direct-message channel of somebody.
"""

import asyncio
import re
from collections.abc import Callable, Mapping

import aiohttp
import discord

from bot.command.asker import Asker, Place, PlaceKind
from bot.edge.answering import Caller
from bot.edge.discord.permissions import missing

FIND_SECONDS = 3.0  # for what Discord has to be asked
PLATFORM = "discord"

KINDS: Mapping[discord.ChannelType, PlaceKind] = {
    discord.ChannelType.text: "text",
    discord.ChannelType.news: "announcement",
    discord.ChannelType.forum: "forum",
    discord.ChannelType.public_thread: "thread",
    discord.ChannelType.private_thread: "thread",
    discord.ChannelType.news_thread: "thread",
}
"""The channels that digests can be posted to."""

_OTHERS = {
    discord.ChannelType.voice: "a voice channel",
    discord.ChannelType.stage_voice: "a stage",
    discord.ChannelType.category: "a category",
    discord.ChannelType.media: "a media channel",
}

# One and the same for what is not there, is elsewhere, or is hidden from whoever asks.
NO_SUCH = "There is no such channel on this server"
NO_CHANNELS = "There are no channels in a direct message; leave the channel out, or ask on the server itself"
NOT_UNDERSTOOD = "A channel is named with #, as #news; “here” is this channel, and “me” your direct messages"
NO_ANSWER = "Discord could not be asked for that channel just now; try again"

_Channel = discord.abc.GuildChannel | discord.Thread


class Askers:
    """Tells who asks, with what rights, and finds channels for them."""

    def __init__(self, client: discord.Client, ahead: Callable[[], None]) -> None:
        self._client = client
        self._ahead = ahead  # called before each request

    def typed(self, message: discord.Message) -> Asker:
        """Who typed a message, with all rights and the place."""
        author, guild = message.author, message.guild
        server = 0 if is_direct(message) else _server(message)
        known = _known(guild)
        place = self._here(server, message.channel.id, message.channel, known)
        rights = author.guild_permissions if isinstance(author, discord.Member) and known else None
        return self._asker(author, server, place, known, rights)

    def acted(self, interaction: discord.Interaction) -> Asker:
        """The same of whoever did what an interaction tells."""
        server, channel = interaction.guild_id or 0, interaction.channel_id or 0
        known = _known(self._client.get_guild(server)) if server else None
        place = self._here(server, channel, interaction.channel, known)
        if known is not None:
            # Discord says itself what the bot may do here.
            place = place._replace(missing=missing(place.kind, interaction.app_permissions))
        return self._asker(interaction.user, server, place, known, interaction.permissions)

    def writer(self, message: discord.Message) -> Caller:
        """Who typed a message."""
        server = 0 if is_direct(message) else _server(message)

        async def in_full() -> Asker:
            return self.typed(message)

        return Caller(Asker(PLATFORM, str(server or ""), str(message.author.id)), in_full, sign="!")

    def actor(self, interaction: discord.Interaction) -> Caller:
        """Who called a command, pressed a button, sent a form, or types an option."""
        known = Asker(PLATFORM, str(interaction.guild_id or ""), str(interaction.user.id))

        async def in_full() -> Asker:
            return self.acted(interaction)

        return Caller(known, in_full)

    def _asker(
        self,
        user: discord.User | discord.Member,
        server: int,
        place: Place,
        guild: discord.Guild | None,
        rights: discord.Permissions | None,
    ) -> Asker:
        held = user.roles if isinstance(user, discord.Member) and guild is not None else []
        roles = [role for role in held if not role.is_default()]
        # Discord, and discord.py after it, give the owner of a server every permission.
        manages = rights is not None and (rights.manage_guild or rights.administrator)
        return Asker(
            PLATFORM,
            str(server or ""),
            str(user.id),
            place,
            manages=bool(server) and manages,
            roles=tuple(str(role.id) for role in roles),
            role_names=tuple(role.name for role in roles),
            find=_Finder(self._client, self._ahead, user, place, guild).find,
            role_called=lambda role: _role_name(guild, role),
            name=user.display_name,
            server_name=guild.name if guild is not None else "",
        )

    def _here(self, server: int, channel_id: int, shown: object, guild: discord.Guild | None) -> Place:
        """The place where somebody asks. What is no place for digests passes as a text channel."""
        if not server:
            return direct_place(channel_id)
        channel = guild.get_channel_or_thread(channel_id) if guild else None
        if channel is not None and guild is not None:
            return _place(channel, guild, KINDS.get(channel.type, "text"))
        kind = KINDS.get(getattr(shown, "type", discord.ChannelType.text), "text")
        name = f"#{getattr(shown, 'name', None) or 'this channel'}"
        return Place(
            PLATFORM, str(server), str(channel_id), name, kind, missing(kind, discord.Permissions.none())
        )


class _Finder:
    """Finds what somebody calls a channel: only where they ask, and only what they see themselves."""

    def __init__(
        self,
        client: discord.Client,
        ahead: Callable[[], None],
        user: discord.User | discord.Member,
        here: Place,
        guild: discord.Guild | None,
    ) -> None:
        self._client = client
        self._ahead = ahead
        self._user = user
        self._here = here
        self._guild = guild

    def find(self, text: str) -> Place | str:
        """The place, or a sentence that says why there is none. For any thread but the event loop's."""
        work = asyncio.run_coroutine_threadsafe(self._found_in_time(text.strip()), self._client.loop)
        return work.result(FIND_SECONDS + 1)

    async def _found_in_time(self, text: str) -> Place | str:
        finding = asyncio.ensure_future(self._found(text))
        # Not cancelled where it takes too long: it may be waiting for the end of a global limit, and
        # discord.py would hold back every other request for ever.
        finding.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.wait({finding}, timeout=FIND_SECONDS)
        if not finding.done():
            return NO_ANSWER
        try:
            return finding.result()
        except (discord.DiscordException, aiohttp.ClientError, OSError):
            return NO_ANSWER

    async def _found(self, text: str) -> Place | str:
        word = text.lower()
        if word in {"me", "dm"}:
            return await self._own()
        number = re.fullmatch(r"<#(\d{1,20})>|discord:(\d{1,20})", text)
        if word == "here" or (number and self._here.id in number.groups()):
            return self._asked_from()
        if not self._here.server:
            return NO_CHANNELS
        if number:
            return await self._by_id(int(number[1] or number[2]))
        if text.startswith("#") and len(text) > 1:
            return await self._by_name(word[1:])
        return NOT_UNDERSTOOD

    def _asked_from(self) -> Place | str:
        channel = self._guild.get_channel_or_thread(int(self._here.id)) if self._guild else None
        return self._here if channel is None or channel.type in KINDS else _unfit(channel)

    async def _own(self) -> Place:
        """The direct messages of whoever asks."""
        if not self._here.server:
            return self._here
        return direct_place((await direct_channel(self._user, self._ahead)).id)

    async def _by_id(self, number: int) -> Place | str:
        guild = self._guild
        if guild is None:
            return NO_SUCH
        channel: object = guild.get_channel_or_thread(number)
        if channel is None and self._client.get_channel(number) is None:
            channel = await self._archived(number)
        if not isinstance(channel, _Channel) or channel.guild.id != guild.id:
            return NO_SUCH
        return self._as_place([channel] if await self._sees(channel) else [])

    async def _archived(self, number: int) -> discord.Thread | None:
        """A thread in the archive, of which the gateway says nothing."""
        self._ahead()
        try:
            found = await self._client.fetch_channel(number)
        except (discord.NotFound, discord.Forbidden, discord.InvalidData):
            return None
        return found if isinstance(found, discord.Thread) else None

    async def _by_name(self, name: str) -> Place | str:
        """What is called so; where several are, a channel goes before a thread, and both before others."""
        if self._guild is None:
            return NO_SUCH
        named: list[_Channel] = [*self._guild.channels, *self._guild.threads]
        seen = [one for one in named if one.name.lower() == name and await self._sees(one)]
        fit = [one for one in seen if one.type in KINDS]
        channels: list[_Channel] = [one for one in fit if not isinstance(one, discord.Thread)]
        return self._as_place(channels or fit or seen[:1])

    def _as_place(self, found: list[_Channel]) -> Place | str:
        if not found or self._guild is None:
            return NO_SUCH
        if len(found) > 1:
            return (
                f"There are {len(found)} channels called #{found[0].name}; type # and pick the one you mean"
                " from what Discord offers"
            )
        kind = KINDS.get(found[0].type)
        return _place(found[0], self._guild, kind) if kind else _unfit(found[0])

    async def _sees(self, channel: _Channel) -> bool:
        """Whether whoever asks may see a channel: else it does not exist for them."""
        if not isinstance(self._user, discord.Member):
            return False
        allowed = _allowed(channel, self._user)
        if not allowed.view_channel:
            return False
        if not isinstance(channel, discord.Thread) or not channel.is_private() or allowed.manage_threads:
            return True
        self._ahead()
        try:
            await channel.fetch_member(self._user.id)
        except (discord.NotFound, discord.Forbidden):
            return False
        return True


def is_direct(message: discord.Message) -> bool:
    """Whether a message was said to the bot alone; one of an unknown server was not."""
    return message.guild is None and not _server(message)


async def direct_channel(user: discord.User | discord.Member, ahead: Callable[[], None]) -> discord.DMChannel:
    """The channel for direct messages to somebody, opened where there was none."""
    if user.dm_channel is not None:
        return user.dm_channel
    ahead()
    return await user.create_dm()


def direct_place(channel: int) -> Place:
    """A direct-message channel."""
    return Place(PLATFORM, "", str(channel), "your direct messages", "direct")


def _server(message: discord.Message) -> int:
    if message.guild is not None:
        return message.guild.id
    # The server of a message whose server the gateway has not told of yet.
    return getattr(message.channel, "guild_id", None) or 0


def _known(guild: discord.Guild | None) -> discord.Guild | None:
    """A server that the gateway has told of, with its roles."""
    return guild if guild is not None and guild.default_role is not None else None


def _role_name(guild: discord.Guild | None, role: str) -> str:
    found = guild.get_role(int(role)) if guild is not None and role.isdecimal() else None
    return found.name if found else role


def _place(channel: _Channel, guild: discord.Guild, kind: PlaceKind) -> Place:
    lacks = missing(kind, _allowed(channel, guild.me))
    return Place(PLATFORM, str(guild.id), str(channel.id), f"#{channel.name}", kind, lacks)


def _allowed(channel: _Channel, member: discord.Member) -> discord.Permissions:
    """What a member may do in a channel; nothing in a thread whose channel is not known."""
    try:
        return channel.permissions_for(member)
    except discord.ClientException:
        return discord.Permissions.none()


def _unfit(channel: _Channel) -> str:
    what = _OTHERS.get(channel.type, "no channel for messages")
    fit = "text channels, announcement channels, forums and threads"
    return f"#{channel.name} is {what}; digests can come to {fit}"
