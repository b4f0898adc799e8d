"""Who asks on Discord and which channels they can name, through a real connection to a local Discord.

The desk has one command, `look CHANNEL`, which answers with what it was told of the asker and found.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import discord
import pytest

from bot.command.asker import Asker, Place, PlaceKind
from bot.command.entry import Ask, Command, Param
from bot.config import Discord as Settings
from bot.desk.desk import Desk
from bot.edge.discord.connection import DiscordEdge
from bot.reply import Line, Reply, Section
from bot.store.store import Store
from tests.doubles.discord import Channel, DiscordDouble, Fault, Guild, User
from tests.doubles.discord_interaction import COMMAND
from tests.doubles.discord_things import CATEGORY, DEFAULT_PERMISSIONS, PRIVATE_THREAD, PUBLIC_THREAD
from tests.stories import STORY

pytestmark = pytest.mark.asyncio

NO_SUCH = "There is no such channel on this server"


class Looking:
    """Commands that remember who asked, and what they found; `looking` does it while it writes."""

    def __init__(self) -> None:
        self.askers: list[Asker] = []
        self.found: list[Place | str] = []
        # Each question is made another by what stands behind it: an answer for everybody is kept.
        params = (Param("channel", "place", "any channel"), Param("why", "words", "anything"))
        self.commands = (
            Command("look", "Look for a channel", params, self.look),
            Command("looking", "Look while writing", params, self.look, changes=True),
            Command("tell me", "Tell me alone", (), self.tell),
        )

    def look(self, ask: Ask) -> Reply:
        """Looks a channel up as a handler does."""
        self.askers.append(ask.asker)
        self.found.append(ask.asker.find(ask.text("channel") or "here"))
        return Reply("look", f"looked {len(self.found)}", (Section("", (Line(str(self.found[-1])),)),))

    def tell(self, ask: Ask) -> Reply:
        """Says a secret of some length."""
        lines = tuple(Line(f"Secret {number} of {ask.asker.user}.") for number in range(30))
        return Reply("tell me", "Told", (Section("", lines),), alone=True)


class Scene(NamedTuple):
    """A connected bot, and what it stands before."""

    discord: DiscordDouble
    guild: Guild
    news: Channel
    bea: User  # sees what everybody sees
    looking: Looking
    ahead: list[float]  # when the bot said that a request of its own goes ahead

    async def found(self, text: str, author: User | None = None, *, command: str = "look") -> Place | str:
        """What somebody finds who types a channel."""
        before = len(self.looking.found)
        words = f"!bridge {command} {text} no. {before}"
        await self.discord.user_types(self.news, words, author=author or self.bea)
        await self.discord.next_message(self.news, 12)
        assert len(self.looking.found) == before + 1
        return self.looking.found[-1]


@asynccontextmanager
async def scene(store: Store, monkeypatch: pytest.MonkeyPatch, double: DiscordDouble) -> AsyncIterator[Scene]:
    """A bot in this process, connected to a server with a channel and a member."""
    # Kept to be put back: the edge sets what discord.py keeps in classes.
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    socket = discord.gateway.DiscordWebSocket
    monkeypatch.setattr(socket, "DEFAULT_GATEWAY", socket.DEFAULT_GATEWAY)
    for module in (discord.client, discord.shard):
        monkeypatch.setattr(module, "ExponentialBackoff", discord.backoff.ExponentialBackoff)
    looking, ahead = Looking(), []
    guild = double.add_guild("Rover Watch")
    news, bea = double.add_channel(guild, "news"), double.add_user("bea", guild)
    desk = Desk(store, STORY, looking.commands)
    settings = Settings(double.token, double.api_base, double.gateway_url, prefix_commands=True)
    loop = asyncio.get_running_loop()
    edge = DiscordEdge(
        settings, {"bridge": desk}, store.recall, store.remember, lambda: ahead.append(loop.time())
    )
    assert edge.client is None
    running = asyncio.create_task(edge.run())
    try:
        await double.connected()
        await double.until(double.commands, 5)
        assert edge.client is not None
        yield Scene(double, guild, news, bea, looking, ahead)
    finally:
        await edge.close()
        await running


async def test_channels_are_found_by_link_and_by_name(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each kind that can be posted to is found with its kind and its name, and nothing is missing."""
    async with DiscordDouble() as double, scene(store, monkeypatch, double) as it:
        told = double.add_channel(it.guild, "told", "announcement")
        forum = double.add_channel(it.guild, "Talks", "forum")
        thread = double.add_thread(it.news, "launch")
        kinds: dict[Channel, PlaceKind] = {it.news: "text", told: "announcement"}
        for channel, kind in {**kinds, forum: "forum", thread: "thread"}.items():
            place = Place("discord", it.guild.id, channel.id, f"#{channel.name}", kind)
            for text in (channel.mention, f"#{channel.name.upper()}", f"discord:{channel.id}"):
                assert await it.found(text) == place, text
        assert await it.found("here") == Place("discord", it.guild.id, it.news.id, "#news", "text")
        assert await it.found("") == it.looking.askers[-1].place
        assert double.violations == []


async def test_a_channel_of_another_server_does_not_exist(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the asker is on both servers, in the archive too, and by a slash command made by hand."""
    async with DiscordDouble() as double, scene(store, monkeypatch, double) as it:
        other = double.add_guild("Elsewhere")
        other.members[it.bea.id] = []
        there = double.add_channel(other, "plans")
        archived = archive(double, there)
        await asyncio.sleep(0.2)
        for text in (
            there.mention,
            "#plans",
            f"discord:{there.id}",
            archived.mention,
            "<#1>",
            "<#99999999999>",
        ):
            assert await it.found(text) == NO_SUCH, text
        dm = double.dm(it.bea)
        assert await it.found(dm.mention) == NO_SUCH
        assert (
            double.requested("GET", rf"/channels/{there.id}") == []
        )  # known to be elsewhere, so not asked for

        data = double._commands.pick(it.news, it.bea, "bridge look", {"channel": it.news.id})
        changed = {"channels": {there.id: {**there.payload(), "permissions": str(1 << 10)}}}
        data["options"][0]["options"][0]["value"] = there.id
        double._interactions.open(COMMAND, it.news, it.bea, {**data, "resolved": changed})
        await double.until(lambda: len(it.looking.found) == 8)
        assert it.looking.found[-1] == NO_SUCH


async def test_what_somebody_does_not_see_does_not_exist_for_them(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hidden channel is found by those alone who see it, and the sentence does not say which it is."""
    async with DiscordDouble() as double, scene(store, monkeypatch, double) as it:
        secret = double.add_channel(it.guild, "secret")
        below = double.add_thread(secret, "below")
        boss = double.add_user("boss", it.guild, ["administrator"])
        for channel in (secret, below):
            assert isinstance(await it.found(channel.mention), Place)
        double.deny(secret, "view_channel", user=it.bea)
        for channel in (secret, below):
            for text in (channel.mention, f"#{channel.name}"):
                assert await it.found(text) == NO_SUCH, text
                assert isinstance(await it.found(text, boss), Place), text


async def test_a_private_thread_is_found_by_its_members(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who sees the channel of a private thread does not see the thread, unless they are in it."""
    async with DiscordDouble() as double, scene(store, monkeypatch, double) as it:
        thread = archive(double, it.news, PRIVATE_THREAD, it.bea)
        double.gateway.emit("THREAD_CREATE", thread.payload(double.bot.id), it.guild.id)
        cem = double.add_user("cem", it.guild)
        keeper = double.add_user("keeper", it.guild, ["manage_threads"])
        assert isinstance(await it.found(thread.mention, it.bea), Place)
        assert isinstance(await it.found(thread.mention, keeper), Place)
        assert await it.found(thread.mention, cem) == NO_SUCH
        double.fail("GET", rf"/channels/{thread.id}/thread-members", 1, Fault.status(503))
        assert "could not be asked" in str(await it.found(thread.mention, it.bea))
        await double.user_types(thread, "!bridge look here", author=cem)  # who writes in it is in it
        await double.next_message(thread)
        assert isinstance(it.looking.found[-1], Place)


async def test_a_thread_in_the_archive_is_fetched(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gateway does not tell of it; while a handler writes it is found just as well."""
    async with DiscordDouble() as double, scene(store, monkeypatch, double) as it:
        thread = archive(double, it.news)
        wanted = Place("discord", it.guild.id, thread.id, "#old talk", "thread")
        assert await it.found(thread.mention) == wanted
        assert await it.found(thread.mention, command="looking") == wanted
        # Given up after a while; and what comes next is not held back for it.
        for fault in (Fault.rate_limited(4, "global"), Fault.hang()):
            double.fail("GET", rf"/channels/{thread.id}", 1, fault)
            assert "could not be asked" in str(await it.found(thread.mention))
        assert await it.found("here")


async def test_what_cannot_be_posted_to_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Voice channels and categories are named for what they are; several of one name are told apart."""
    async with DiscordDouble() as double, scene(store, monkeypatch, double) as it:
        voice = double.add_channel(it.guild, "lounge", "voice")
        category = Channel(double.world.new_id(), CATEGORY, "Rovers", it.guild.id)
        double.world.add_channel(category)
        double.gateway.emit("CHANNEL_CREATE", category.payload(), it.guild.id)
        for _ in range(2):
            double.add_channel(it.guild, "twin")
        double.add_thread(it.news, "news")  # a channel goes before a thread of the same name
        assert "#lounge is a voice channel; digests can come to text" in str(await it.found(voice.mention))
        assert "#Rovers is a category" in str(await it.found("#rovers"))
        assert "There are 2 channels called #twin" in str(await it.found("#twin"))
        assert isinstance(await it.found("#news"), Place)
        await double.user_types(voice, "!bridge look here", author=it.bea)
        await double.next_message(voice)
        assert "#lounge is a voice channel" in str(it.looking.found[-1])


async def test_what_the_bot_lacks_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Permissions that the bot lacks to post are named, for a channel that was found and for here."""
    async with DiscordDouble() as double, scene(store, monkeypatch, double) as it:
        quiet = double.add_channel(it.guild, "quiet")
        double.deny(quiet, "send_messages", "embed_links")
        place = await it.found(quiet.mention)
        assert isinstance(place, Place)
        assert {"Send Messages", "Embed Links"} <= set(place.missing)
        await (await double.slash(quiet, "bridge", "look", author=it.bea)).reply()
        assert it.looking.askers[-1].place == place


async def test_me_are_the_direct_messages_of_whoever_asks(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are opened where they were not; within them there are no channels."""
    async with DiscordDouble() as double, scene(store, monkeypatch, double) as it:
        dm = double.dm(it.bea)
        own = Place("discord", "", dm.id, "your direct messages", "direct")
        assert await it.found("me") == own
        await double.user_types(dm, "look")
        await double.next_message(dm)
        assert it.looking.found[-1] == own
        asker = it.looking.askers[-1]
        assert (asker.server, asker.user, asker.place, asker.manages) == ("", it.bea.id, own, False)
        await double.user_types(dm, f"look {it.news.mention}")
        await double.next_message(dm)
        assert "no channels in a direct message" in str(it.looking.found[-1])


@pytest.mark.parametrize("how", ["typed", "slash"])
async def test_an_asker_is_who_they_are(store: Store, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Ids, roles without @everyone, and whether they manage the server, typed and by slash alike."""
    async with DiscordDouble() as double, scene(store, monkeypatch, double) as it:
        boss = double.add_user("boss", it.guild, ["manage_guild"])
        thread = double.add_thread(it.news, "launch")
        for user, manages in ((it.bea, False), (boss, True), (double.world.users[it.guild.owner_id], True)):
            if how == "typed":
                await double.user_types(thread, f"!bridge look here {user.id}", author=user)
                await double.next_message(thread)
            else:
                await (await double.slash(thread, "bridge", "look", {"why": user.id}, user)).reply()
            asker, roles = it.looking.askers[-1], tuple(it.guild.members[user.id])
            assert (asker.platform, asker.server, asker.user) == ("discord", it.guild.id, user.id)
            assert asker.place == Place("discord", it.guild.id, thread.id, "#launch", "thread")
            assert (asker.manages, asker.operator) == (manages, False)
            assert asker.roles == roles
            assert asker.role_names == tuple(it.guild.roles[role].name for role in roles)
            assert [asker.role_called(role) for role in roles] == [*asker.role_names]
            assert asker.role_called("12") == "12"


async def test_a_server_that_is_not_known_yet_is_no_direct_message(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody on it has no rights there: in a direct message everybody would be their own admin."""
    async with DiscordDouble() as double, scene(store, monkeypatch, double) as it:
        strange = double.world.add_guild("Strange", DEFAULT_PERMISSIONS)
        room = double.world.add_channel(Channel(double.world.new_id(), 0, "room", strange.id))
        owner = double.world.users[strange.owner_id]
        await double.user_types(room, "look", author=owner)  # not addressed
        await double.user_types(room, "!bridge look", author=owner)
        await double.next_message(room)
        (asker,) = it.looking.askers
        assert (asker.server, asker.manages, asker.roles) == (strange.id, False, ())
        assert asker.place.missing
        await double.user_types(room, f"!bridge look {it.news.mention}", author=owner)
        await double.next_message(room)
        assert it.looking.found == [asker.place, NO_SUCH]


async def test_every_message_of_its_own_goes_ahead_and_no_answer_to_a_slash_command(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Discord counts is said before it is sent, a request at a time."""
    async with DiscordDouble() as double, scene(store, monkeypatch, double) as it:
        made = await double.slash(it.news, "bridge", "look", author=it.bea)
        await made.reply()
        assert it.ahead == []
        await it.found("here")
        assert len(it.ahead) == 1
        counted = len(double.requests)
        await double.user_types(it.news, "!bridge tell me", author=it.bea)
        dm = double.dm(it.bea)
        pages = [await double.next_message(dm) for _ in range(3)]
        assert [page.text.count("Secret") for page in pages] == [12, 12, 6]
        assert all(page.buttons == [] for page in pages)
        assert len(it.ahead) - 1 == len(double.requests) - counted == 4  # the channel, then three pages
        assert len(double.from_bot(it.news)) == 2


def archive(
    double: DiscordDouble, parent: Channel, kind: int = PUBLIC_THREAD, owner: User | None = None
) -> Channel:
    """A thread that the gateway has not told of."""
    opened_by = owner.id if owner else double.world.bot.id
    thread = Channel(double.world.new_id(), kind, "old talk", parent.guild_id, parent.id, opened_by)
    return double.world.add_channel(thread)
