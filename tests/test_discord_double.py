"""The Discord double behaves like Discord, as far as the real discord.py can tell."""

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands

from tests.doubles.discord import Channel, DiscordDouble, Fault, Guild

ROOT = Path(__file__).parents[1]
NEWS = "Rosalind Franklin will not fly in 2022."
Heard = Callable[[discord.Message], Awaitable[Any]]


@pytest.fixture(autouse=True)
def real_addresses() -> Iterator[None]:
    """discord.py dials the real Discord again after each test."""
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    yield
    discord.http.Route.BASE = base
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway


class Bot(discord.Client):
    """The smallest real bot: it answers `!status`, and has one slash command with everything."""

    def __init__(self, *, message_content: bool = True, **options: Any) -> None:
        intents = discord.Intents.default()
        intents.message_content = message_content
        options.setdefault("allowed_mentions", discord.AllowedMentions.none())
        super().__init__(intents=intents, guild_ready_timeout=0.1, **options)
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(story_command())
        self.heard: list[discord.Message] = []
        self.failed: list[BaseException] = []
        self.answer: Heard = lambda message: message.reply(NEWS)

    async def on_message(self, message: discord.Message) -> None:
        """Answer what people say."""
        if message.author == self.user:
            return
        self.heard.append(message)
        if "status" in message.content:
            try:
                await self.answer(message)
            except Exception as error:  # noqa: BLE001
                self.failed.append(error)


class Why(discord.ui.View):
    """One button that edits its message, one that answers in private, and a select."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Overturned?", custom_id="overturned")
    async def overturned(self, call: discord.Interaction, _: "discord.ui.Button[Why]") -> None:
        """Edit the message in place."""
        await call.response.edit_message(content="ESA ended it in July.", view=None)

    @discord.ui.button(label="Sources", custom_id="sources")
    async def sources(self, call: discord.Interaction, _: "discord.ui.Button[Why]") -> None:
        """Answer the one who asked."""
        await call.response.send_message("Spaceflight Now", ephemeral=True)

    @discord.ui.select(
        custom_id="date",
        options=[discord.SelectOption(label="March", value="2022-03")],
    )
    async def date(self, call: discord.Interaction, chosen: "discord.ui.Select[Why]") -> None:
        """Say it after a while."""
        await call.response.defer()
        await call.edit_original_response(content=f"as of {chosen.values[0]}")


class Correction(discord.ui.Modal, title="Correct a fact"):
    """A modal with one field in a label."""

    fact: discord.ui.Label[Any] = discord.ui.Label(
        text="What is right?", component=discord.ui.TextInput(custom_id="fact", max_length=50)
    )

    async def on_submit(self, call: discord.Interaction) -> None:
        """Say what was entered."""
        field = self.fact.component
        assert isinstance(field, discord.ui.TextInput)
        await call.response.send_message(f"noted: {field.value}", ephemeral=True)


def story_command() -> app_commands.Group:
    """`/exomars` with a subcommand for each way to answer."""
    group = app_commands.Group(name="exomars", description="The story of the rover")

    @group.command(name="status", description="How things stand")
    async def status(call: discord.Interaction, date: str = "today") -> None:
        await call.response.send_message(f"{NEWS} ({date})", view=Why(), ephemeral=date == "me")

    @status.autocomplete("date")
    async def dates(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        days = ["2022-02-25", "2022-03-17", "2022-07-12"]
        return [app_commands.Choice(name=d, value=d) for d in days if d.startswith(typed)]

    @group.command(name="slow", description="Think first")
    async def slow(call: discord.Interaction) -> None:
        await call.response.defer(ephemeral=True, thinking=True)
        await call.followup.send("the placeholder is filled")
        await call.edit_original_response(content="and edited")
        await call.followup.send("one more", ephemeral=True)

    @group.command(name="late", description="Answer too late")
    async def late(call: discord.Interaction) -> None:
        await asyncio.sleep(0.2)
        with pytest.raises(discord.NotFound, match="10062"):
            await call.response.send_message("too late")
        call.extras["late"] = True

    @group.command(name="correct", description="Open a modal")
    @app_commands.default_permissions(manage_guild=True)
    async def correct(call: discord.Interaction) -> None:
        await call.response.send_modal(Correction())

    return group


def aim(double: DiscordDouble) -> None:
    """Make discord.py dial the double."""
    discord.http.Route.BASE = double.api_base
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(double.gateway_url)


@asynccontextmanager
async def running(double: DiscordDouble, bot: Bot) -> AsyncIterator[Bot]:
    """The bot, logged in and ready."""
    aim(double)
    async with bot:
        task = asyncio.create_task(bot.start(double.token))
        try:
            await double.connected()
            await asyncio.wait_for(bot.wait_until_ready(), 3)
            yield bot
        finally:
            await bot.close()
            await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def newsroom(**options: Any) -> AsyncIterator[tuple[DiscordDouble, Channel]]:
    """A double with one guild and one channel, whose own replies are judged too."""
    async with DiscordDouble(judge_replies=True, **options) as double:
        yield double, double.add_channel(double.add_guild(), "news")
        assert double.own_violations == []


def guild_of(double: DiscordDouble) -> Guild:
    """The one guild."""
    return next(iter(double.world.guilds.values()))


async def raw(
    double: DiscordDouble, method: str, path: str, body: Any = None, token: str | None = None
) -> tuple[int, Any]:
    """One request without discord.py."""
    headers = {"Authorization": f"Bot {token or double.token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, double.api_base + path, json=body, headers=headers) as reply,
    ):
        assert reply.headers.get("Content-Type", "application/json") == "application/json"
        return reply.status, await reply.json() if reply.status != 204 else None


async def post(double: DiscordDouble, channel: Channel, body: Any) -> tuple[int, Any]:
    """One raw Create Message."""
    return await raw(double, "POST", f"/channels/{channel.id}/messages", body)


def codes(errors: Any) -> list[str]:
    """The codes in Discord's nested errors."""
    if "_errors" in errors:
        return [error["code"] for error in errors["_errors"]]
    return [code for inner in errors.values() for code in codes(inner)]


# Gateway


@pytest.mark.asyncio
async def test_login() -> None:
    """A bot that logs in knows its guild, channel, member and permissions."""
    async with newsroom() as (double, news), running(double, Bot()) as bot:
        assert bot.user is not None
        assert bot.user.id == int(double.bot.id)
        channel = bot.get_channel(int(news.id))
        assert isinstance(channel, discord.TextChannel)
        assert channel.name == "news"
        allowed = channel.permissions_for(channel.guild.me)
        assert allowed.send_messages
        assert not allowed.manage_messages
        (identify,) = double.gateway.identifies
        assert identify["intents"] & discord.Intents.message_content.flag
        assert double.violations == []


@pytest.mark.asyncio
async def test_wrong_token() -> None:
    """A wrong token is refused by REST with 401, and by the gateway with 4004."""
    async with newsroom() as (double, _):
        aim(double)
        async with Bot() as bot:
            with pytest.raises(discord.LoginFailure):
                await bot.start("wrong")
        async with aiohttp.ClientSession() as session, session.ws_connect(double.gateway_url) as ws:
            assert (await ws.receive_json())["op"] == 10
            await ws.send_json({"op": 2, "d": {"token": "wrong", "intents": 0}})
            await ws.receive()
            assert ws.close_code == 4004


@pytest.mark.asyncio
async def test_intent_not_granted() -> None:
    """Asking for message content without the grant closes the gateway with 4014."""
    async with newsroom(message_content=False) as (double, _):
        aim(double)
        async with Bot() as bot:
            with pytest.raises(discord.PrivilegedIntentsRequired):
                await bot.start(double.token)


@pytest.mark.asyncio
async def test_content_without_intent() -> None:
    """Without the intent a message is empty, unless it mentions the bot or is a DM."""
    async with newsroom() as (double, news), running(double, Bot(message_content=False)) as bot:
        ann = double.add_user("ann")
        await double.user_types(news, "!status", author=ann)
        await double.user_types(news, "hello", author=ann, mention=True)
        await double.user_types(double.dm(ann), "hi", author=ann)
        await double.until(lambda: len(bot.heard) == 3)
        assert [m.content for m in bot.heard] == ["", f"{double.bot.mention} hello", "hi"]


@pytest.mark.asyncio
@pytest.mark.parametrize("code", [None, 1000, 4000, 4009])
async def test_resume(code: int | None) -> None:
    """After a drop the bot resumes, and gets what it missed exactly once."""
    async with newsroom() as (double, news), running(double, Bot()) as bot:
        await double.user_types(news, "status")
        await double.next_message(news)
        await double.drop_gateway(code)
        await double.user_types(news, "status, again")
        reply = await double.next_message(news)
        assert reply.content == NEWS
        assert len(double.gateway.resumes) == 1
        assert len(double.gateway.identifies) == 1
        assert [m.content for m in bot.heard] == ["status", "status, again"]


@pytest.mark.asyncio
async def test_op_7_and_op_9() -> None:
    """Op 7, and op 9 with `true`, make the bot resume."""
    async with newsroom() as (double, news), running(double, Bot()):
        await double.ask_to_reconnect()
        await double.until(lambda: len(double.gateway.resumes) == 1)
        await double.connected()
        await double.invalidate_session(resumable=True)
        await double.until(lambda: len(double.gateway.resumes) == 2)
        await double.user_types(news, "status")
        await double.next_message(news)


@pytest.mark.asyncio
async def test_port_down_and_up() -> None:
    """After the port was closed and opened again the bot is back on the same session."""
    async with newsroom() as (double, news), running(double, Bot()):
        before = double.api_base
        await double.close_port()
        with pytest.raises(aiohttp.ClientConnectorError):
            await raw(double, "GET", "/users/@me")
        await double.user_types(news, "status")
        await double.open_port()
        assert double.api_base == before
        assert (await double.next_message(news, timeout=10)).content == NEWS


@pytest.mark.asyncio
async def test_missing_acks() -> None:
    """A bot whose heartbeats stay unanswered reconnects."""
    async with newsroom() as (double, _):
        double.gateway.heartbeat_seconds = 0.2
        async with running(double, Bot(heartbeat_timeout=0.6)):
            double.gateway.acks = False
            await double.until(lambda: double.gateway.resumes, timeout=5)


# Messages


@pytest.mark.asyncio
async def test_message_and_reply() -> None:
    """What a user types reaches the bot, and its answer stands in the channel as a reply."""
    async with newsroom() as (double, news), running(double, Bot()):
        asked = await double.user_types(news, "status")
        reply = await double.next_message(news)
        assert reply.content == NEWS
        assert reply.replies_to == asked.id
        assert reply.pings == ()
        assert double.messages(news) == [asked, reply]
        assert double.requested("POST", "/messages$")[0].status == 200
        assert double.violations == []


@pytest.mark.asyncio
async def test_direct_message() -> None:
    """A DM reaches the bot without a guild, and is answered in the DM channel."""
    async with newsroom() as (double, _), running(double, Bot()) as bot:
        ann = double.add_user("ann")
        await double.user_types(double.dm(ann), "status")
        reply = await double.next_message(double.dm(ann))
        assert reply.content == NEWS
        assert bot.heard[0].guild is None
        user = await bot.fetch_user(int(ann.id))
        await user.send("a digest")
        assert (await double.next_message(double.dm(ann))).content == "a digest"


@pytest.mark.asyncio
async def test_pings() -> None:
    """Who is pinged follows allowed_mentions: everybody named by default, nobody for none."""
    async with newsroom() as (double, news):
        double.allow(news, "mention_everyone")
        ann = double.add_user("ann")
        text = f"@everyone {ann.mention}"
        await post(double, news, {"content": text})
        await post(double, news, {"content": text, "allowed_mentions": {"parse": []}})
        loud, quiet = double.messages(news)
        assert loud.pings == (ann.mention, "@everyone")
        assert quiet.pings == ()


@pytest.mark.asyncio
async def test_edit_and_delete() -> None:
    """A bot edits and deletes its own messages, and cannot edit those of others (50005)."""
    async with newsroom() as (double, news), running(double, Bot()) as bot:
        asked = await double.user_types(news, "hello")
        channel = bot.get_partial_messageable(int(news.id))
        sent = await channel.send("first", file=discord.File(io.BytesIO(b"png"), "chart.png"))
        await sent.edit(content="second")
        kept = double.from_bot(news)[0]
        assert kept.content == "second"
        assert kept.versions[0]["content"] == "first"
        assert kept.attachments == {"chart.png": b"png"}
        await sent.edit(attachments=[], embed=discord.Embed(title="a picture less"))
        assert kept.attachments == {}
        assert "a picture less" in kept.text
        with pytest.raises(discord.Forbidden, match="50005"):
            await channel.get_partial_message(int(asked.id)).edit(content="no")
        await sent.delete()
        assert kept.deleted
        assert double.from_bot(news) == []
        with pytest.raises(discord.NotFound, match="10008"):
            await sent.edit(content="third")
        assert double.violations == []


@pytest.mark.asyncio
async def test_history() -> None:
    """The history is read newest first, or after a message; without permission it is empty."""
    async with newsroom() as (double, news), running(double, Bot()) as bot:
        typed = [await double.user_types(news, f"m{n}") for n in range(5)]
        channel = bot.get_partial_messageable(int(news.id))
        assert [m.content async for m in channel.history(limit=2)] == ["m4", "m3"]
        after = discord.Object(int(typed[2].id))
        assert [m.content async for m in channel.history(after=after)] == ["m3", "m4"]
        double.deny(news, "read_message_history")
        assert [m async for m in channel.history()] == []


@pytest.mark.asyncio
async def test_nonce() -> None:
    """A nonce sent again returns the earlier message within the window, and a new one after."""
    now = [1_700_000_000.0]
    async with newsroom(clock=lambda: now[0]) as (double, news), running(double, Bot()) as bot:
        channel = bot.get_partial_messageable(int(news.id))
        first = await channel.send("edition 1", nonce="delivery-1")
        now[0] += 100
        again = await channel.send("edition 1", nonce="delivery-1")
        assert again.id == first.id
        assert len(double.messages(news)) == 1
        now[0] += 300
        later = await channel.send("edition 1", nonce="delivery-1")
        assert later.id != first.id
        assert len(double.messages(news)) == 2
        await later.delete()
        with pytest.raises(discord.NotFound, match="10008"):
            await channel.send("edition 1", nonce="delivery-1")


@pytest.mark.asyncio
async def test_announcement_thread_and_forum() -> None:
    """Announcements are published once; threads and forum posts open with their first message."""
    async with newsroom() as (double, _):
        guild = guild_of(double)
        wire = double.add_channel(guild, "wire", "announcement")
        forum = double.add_channel(guild, "ask", "forum", tags=["rover"], requires_tag=True)
        async with running(double, Bot()) as bot:
            published = bot.get_channel(int(wire.id))
            posts = bot.get_channel(int(forum.id))
            assert isinstance(published, discord.TextChannel)
            assert isinstance(posts, discord.ForumChannel)
            sent = await published.send("digest")
            await sent.publish()
            with pytest.raises(discord.HTTPException, match="40033"):
                await sent.publish()
            thread = await sent.create_thread(name="talk")
            await thread.send("inside")
            (inside,) = double.messages(double.world.channels[str(thread.id)])
            assert inside.content == "inside"
            with pytest.raises(discord.HTTPException, match="40067"):
                await posts.create_thread(name="question", content="why?")
            tag = posts.available_tags[0]
            made = await posts.create_thread(name="question", content="why?", applied_tags=[tag])
            assert made.message.content == "why?"
            await published.typing()
            assert double.typing(wire) == 1
            assert double.violations == []


@pytest.mark.asyncio
async def test_thread_added_later() -> None:
    """A bot hears in a thread that was opened while it ran, and answers there."""
    async with newsroom() as (double, news), running(double, Bot()) as bot:
        thread = double.add_thread(news, "talk")
        await double.user_types(thread, "status")
        assert (await double.next_message(thread)).content == NEWS
        assert isinstance(bot.heard[0].channel, discord.Thread)


# Refusals


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"content": "x" * 2001}, "BASE_TYPE_MAX_LENGTH"),
        ({"content": "x", "nonce": "n" * 26}, "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"title": "x"}] * 11}, "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"title": "x" * 257}]}, "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"description": "x" * 4097}]}, "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"footer": {"text": "x" * 2049}}]}, "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"author": {"name": "x" * 257}}]}, "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"fields": [{"name": "x", "value": "x" * 1025}]}]}, "BASE_TYPE_BAD_LENGTH"),
        ({"embeds": [{"fields": [{"name": "", "value": "x"}]}]}, "BASE_TYPE_REQUIRED"),
        ({"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]}, "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"description": "x" * 3001}] * 2}, "MAX_EMBED_SIZE_EXCEEDED"),
        (
            {"content": "x", "message_reference": {"message_id": "1"}},
            "MESSAGE_REFERENCE_UNKNOWN_MESSAGE",
        ),
    ],
)
async def test_text_refused(body: Any, code: str) -> None:
    """Text beyond a limit is refused with 50035, naming the place and the limit."""
    async with newsroom() as (double, news):
        status, answer = await post(double, news, body)
        assert (status, answer["code"]) == (400, 50035)
        assert codes(answer["errors"]) == [code]
        assert double.messages(news) == []


def button(**about: Any) -> Any:
    """A good button, but for `about`."""
    return {"type": 2, "style": 1, "label": "Why", "custom_id": "why", **about}


def row(*components: Any) -> Any:
    """An action row."""
    return {"type": 1, "components": list(components)}


BUTTONS = [button(custom_id=f"b{n}") for n in range(6)]
OPTIONS = [{"label": str(n), "value": str(n)} for n in range(26)]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("components", "code"),
    [
        ([row(b) for b in BUTTONS], "BASE_TYPE_MAX_LENGTH"),
        ([row(*BUTTONS)], "BASE_TYPE_BAD_LENGTH"),
        ([row(button(custom_id="x" * 101))], "BASE_TYPE_BAD_LENGTH"),
        ([row(button(custom_id=""))], "BASE_TYPE_REQUIRED"),
        ([row(button(), button())], "COMPONENT_CUSTOM_ID_DUPLICATED"),
        ([row(button(label="x" * 81))], "BASE_TYPE_MAX_LENGTH"),
        (
            [row(button(style=5, url="https://example.org"))],
            "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
        ),
        (
            [row({"type": 2, "style": 5, "label": "x", "url": "ftp://x"})],
            "URL_TYPE_INVALID_SCHEME",
        ),
        ([row({"type": 3, "custom_id": "s", "options": OPTIONS})], "BASE_TYPE_BAD_LENGTH"),
        ([button()], "UNION_TYPE_CHOICES"),
    ],
)
async def test_components_refused(components: Any, code: str) -> None:
    """Components beyond a limit are refused with 50035, naming the place and the limit."""
    async with newsroom() as (double, news):
        status, answer = await post(double, news, {"content": "x", "components": components})
        assert (status, answer["code"]) == (400, 50035)
        assert codes(answer["errors"]) == [code]


@pytest.mark.asyncio
async def test_nested_errors() -> None:
    """An error stands at its path in the nested `errors` object."""
    async with newsroom() as (double, news):
        _, answer = await post(double, news, {"embeds": [{"title": "ok"}, {"title": "x" * 257}]})
        assert answer["errors"] == {
            "embeds": {
                "1": {
                    "title": {
                        "_errors": [
                            {
                                "code": "BASE_TYPE_MAX_LENGTH",
                                "message": "Must be 256 or fewer in length.",
                            }
                        ]
                    }
                }
            }
        }


@pytest.mark.asyncio
@pytest.mark.parametrize("body", [{}, {"content": " "}, {"components": [row(button())]}])
async def test_empty_message(body: Any) -> None:
    """A message without text, embed or file is refused with 50006."""
    async with newsroom() as (double, news):
        status, answer = await post(double, news, body)
        assert (status, answer["code"]) == (400, 50006)


@pytest.mark.asyncio
async def test_permissions() -> None:
    """Whatever the bot may not do in a channel is refused with 50001, 50013 or 50007."""
    async with newsroom() as (double, news):
        embed = {"embeds": [{"title": "x"}]}
        double.deny(news, "embed_links")
        assert (await post(double, news, embed))[1]["code"] == 50013
        double.allow(news, "embed_links")
        assert (await post(double, news, embed))[0] == 200
        double.deny(news, "send_messages")
        assert await post(double, news, embed) == (
            403,
            {"message": "Missing Permissions", "code": 50013},
        )
        double.deny(news, "view_channel")
        assert (await post(double, news, embed))[1]["code"] == 50001
        ann = double.add_user("ann", dms_open=False)
        assert (await post(double, double.dm(ann), embed))[1]["code"] == 50007
        status, answer = await raw(double, "GET", "/channels/1")
        assert (status, answer["code"]) == (404, 10003)


# Interactions


@asynccontextmanager
async def synced() -> AsyncIterator[tuple[DiscordDouble, Channel, Bot]]:
    """A running bot that has synced its commands."""
    async with newsroom() as (double, news), running(double, Bot()) as bot:
        await bot.tree.sync()
        yield double, news, bot


@pytest.mark.asyncio
async def test_slash_command() -> None:
    """A synced command is called with its options, and answered in the channel or in private."""
    async with synced() as (double, news, _):
        called = await double.slash(news, "exomars", "status", {"date": "2022-07-12"})
        reply = await called.reply()
        assert called.callback_type == 4
        assert not called.ephemeral
        assert reply.content == f"{NEWS} (2022-07-12)"
        assert double.from_bot(news) == [reply]
        private = await double.slash(news, "exomars", "status", {"date": "me"})
        await private.answered()
        assert private.ephemeral
        assert double.from_bot(news) == [reply]
        assert double.violations == []


@pytest.mark.asyncio
async def test_only_synced_commands() -> None:
    """A user cannot use a command, option or permission that was not synced for them."""
    async with newsroom() as (double, news), running(double, Bot()) as bot:
        with pytest.raises(AssertionError, match="not synced"):
            await double.slash(news, "exomars", "status")
        guild = discord.Object(int(guild_of(double).id))
        bot.tree.copy_global_to(guild=guild)
        await bot.tree.sync(guild=guild)
        assert [c["name"] for c in double.commands(guild_of(double))] == ["exomars"]
        assert double.commands() == []
        with pytest.raises(AssertionError, match="has no 'when'"):
            await double.slash(news, "exomars", "status", {"when": "now"})
        with pytest.raises(AssertionError, match="group"):
            await double.slash(news, "exomars")
        with pytest.raises(AssertionError, match="cannot be 3"):
            await double.slash(news, "exomars", "status", {"date": 3})


@pytest.mark.asyncio
async def test_autocomplete() -> None:
    """What a user types in an option is completed by the bot."""
    async with synced() as (double, news, _):
        choices = await double.autocomplete(news, "exomars", "status", "date", "2022-0")
        assert [choice.value for choice in choices] == ["2022-02-25", "2022-03-17", "2022-07-12"]
        (choice,) = await double.autocomplete(news, "exomars", "status", "date", "2022-07")
        assert choice.name == "2022-07-12"
        assert double.violations == []


@pytest.mark.asyncio
async def test_deferred_reply() -> None:
    """After a defer the first follow-up fills the placeholder, further ones are new messages."""
    async with synced() as (double, news, _):
        called = await double.slash(news, "exomars", "slow")
        reply = await called.reply()
        await double.until(lambda: called.followups)
        assert called.deferred
        assert called.ephemeral
        assert reply.content == "and edited"
        assert [old["content"] for old in called.edits] == ["", "the placeholder is filled"]
        assert [m.content for m in called.followups] == ["one more"]
        assert double.violations == []


@pytest.mark.asyncio
async def test_components() -> None:
    """A press edits the message or answers in private; a select is answered after a defer."""
    async with synced() as (double, news, _):
        reply = await (await double.slash(news, "exomars", "status")).reply()
        pressed = await double.press(reply, label="Sources")
        assert (await pressed.reply()).content == "Spaceflight Now"
        assert pressed.callback_type == 4
        assert pressed.ephemeral
        chosen = await double.choose(reply, "March")
        assert (await chosen.reply()).content == "as of 2022-03"
        pressed = await double.press(reply, custom_id="overturned")
        assert (await pressed.answered()).callback_type == 7
        assert reply.content == "ESA ended it in July."
        assert reply.buttons == []
        with pytest.raises(AssertionError, match="no button"):
            await double.press(reply, label="Sources")
        assert double.violations == []


@pytest.mark.asyncio
async def test_slash_command_in_a_dm() -> None:
    """A synced command is called in a DM, where the bot sees a user and no member."""
    async with synced() as (double, _, _):
        room = double.dm(double.add_user("ann"))
        called = await double.slash(room, "exomars", "status")
        assert (await called.reply()).content == f"{NEWS} (today)"
        assert "member" not in called.payload
        assert double.violations == []


@pytest.mark.asyncio
async def test_modal() -> None:
    """A command that needs a permission opens a modal, whose values reach the bot."""
    async with synced() as (double, news, _):
        opened = await double.slash(news, "exomars", "correct")
        await opened.answered()
        assert opened.modal["title"] == "Correct a fact"
        with pytest.raises(AssertionError, match="requires"):
            await double.submit_modal(opened, {})
        sent = await double.submit_modal(opened, {"What is right?": "It was July."})
        assert (await sent.reply()).content == "noted: It was July."
        assert double.violations == []


@pytest.mark.asyncio
async def test_default_permissions() -> None:
    """A command with default permissions is offered only to members who have them."""
    async with newsroom() as (double, news):
        command = {"name": "admin", "description": "x", "default_member_permissions": 1 << 5}
        path = f"/applications/{double.bot.id}/commands"
        assert (await raw(double, "POST", path, command))[0] == 201
        with pytest.raises(AssertionError, match="not offered"):
            await double.slash(news, "admin")
        boss = double.add_user("boss", guild_of(double), ["manage_guild"])
        assert (await double.slash(news, "admin", author=boss)).callback_type is None


@pytest.mark.asyncio
async def test_late_answer() -> None:
    """A first response after the window is refused with 10062."""
    async with synced() as (double, news, _):
        double.windows.ack = 0.1
        called = await double.slash(news, "exomars", "late")
        await double.until(lambda: double.requested("POST", "/callback$"))
        await asyncio.sleep(0.1)
        assert called.callback_type is None
        assert [r.status for r in double.requested("POST", "/callback$")] == [404]


@pytest.mark.asyncio
async def test_interaction_rules() -> None:
    """An interaction is answered once (40060), in its form, and while its token lives (50027)."""
    async with newsroom() as (double, news):
        command = {"name": "ping", "description": "x"}
        await raw(double, "PUT", f"/applications/{double.bot.id}/commands", [command])
        called = await double.slash(news, "ping")
        callback = f"/interactions/{called.id}/{called.token}/callback"
        webhook = f"/webhooks/{double.bot.id}/{called.token}"
        assert (await raw(double, "POST", webhook, {"content": "x"}))[1]["code"] == 10015
        assert (await raw(double, "POST", callback, {"type": 7, "data": {}}))[1]["code"] == 50035
        assert (await raw(double, "POST", callback, {"type": 5}))[0] == 204
        assert (await raw(double, "POST", callback, {"type": 5}))[1]["code"] == 40060
        double.windows.token = 0.0
        assert await raw(double, "POST", webhook, {"content": "x"}) == (
            401,
            {"message": "Invalid Webhook Token", "code": 50027},
        )


@pytest.mark.asyncio
async def test_too_many_choices() -> None:
    """More than 25 autocompletion choices are refused."""
    async with newsroom() as (double, news):
        option = {"type": 3, "name": "date", "description": "x", "autocomplete": True}
        command = {"name": "ping", "description": "x", "options": [option]}
        await raw(double, "PUT", f"/applications/{double.bot.id}/commands", [command])
        typing = asyncio.create_task(double.autocomplete(news, "ping", "", "date", "2"))
        await asyncio.sleep(0)
        called = double.interactions[-1]
        callback = f"/interactions/{called.id}/{called.token}/callback"
        choices = [{"name": str(n), "value": str(n)} for n in range(26)]
        body = {"type": 8, "data": {"choices": choices}}
        assert (await raw(double, "POST", callback, body))[1]["code"] == 50035
        body["data"] = {"choices": choices[:25]}
        assert (await raw(double, "POST", callback, body))[0] == 204
        assert len(await typing) == 25


def option(**about: Any) -> Any:
    """A good string option, but for `about`."""
    return {"type": 3, "name": "date", "description": "x", **about}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ({"name": "Upper"}, "APPLICATION_COMMAND_INVALID_NAME"),
        ({"name": "two words"}, "APPLICATION_COMMAND_INVALID_NAME"),
        ({"name": "x" * 33}, "BASE_TYPE_BAD_LENGTH"),
        ({"description": ""}, "BASE_TYPE_REQUIRED"),
        ({"description": "x" * 101}, "BASE_TYPE_BAD_LENGTH"),
        ({"options": [option(name=f"o{n}") for n in range(26)]}, "BASE_TYPE_MAX_LENGTH"),
        ({"options": [option(choices=[{"name": "", "value": "x"}])]}, "BASE_TYPE_REQUIRED"),
        (
            {"options": [option(), option(name="b", required=True)]},
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        (
            {"options": [option(type=1), option(name="b")]},
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
        ),
        (
            {
                "options": [
                    option(name=f"o{n}", choices=[{"name": "n" * 100, "value": "v" * 100}] * 3)
                    for n in range(25)
                ]
            },
            "APPLICATION_COMMAND_TOO_LARGE",
        ),
    ],
)
async def test_commands_refused(command: Any, code: str) -> None:
    """A command beyond a limit is refused, and nothing is registered."""
    async with newsroom() as (double, _):
        body = [{"name": "good", "description": "x"}, {"name": "c", "description": "x", **command}]
        path = f"/applications/{double.bot.id}/commands"
        status, answer = await raw(double, "PUT", path, body)
        assert (status, answer["code"]) == (400, 50035)
        assert codes(answer["errors"]) == [code]
        assert double.commands() == []


# Rate limits and faults


@pytest.mark.asyncio
async def test_rate_limit_headers_obeyed() -> None:
    """discord.py reads the X-RateLimit headers and is never refused in one channel."""
    async with newsroom() as (double, news), running(double, Bot()) as bot:
        double.limit_channels(2, 0.3)
        channel = bot.get_partial_messageable(int(news.id))
        started = double.world.clock()
        for n in range(5):
            await channel.send(str(n))
        assert double.world.clock() - started > 0.5
        assert double.too_many == 0


@pytest.mark.asyncio
async def test_rate_limit_refused() -> None:
    """A request too many is refused with 429, Via, and when to come back."""
    async with newsroom() as (double, news):
        double.limit_channels(1, 5)
        assert (await post(double, news, {"content": "x"}))[0] == 200
        status, answer = await post(double, news, {"content": "x"})
        assert status == 429
        assert not answer["global"]
        assert 4 < answer["retry_after"] <= 5
        double.rates.channel = None
        double.limit_everything(1, 5)
        await post(double, news, {"content": "x"})
        status, answer = await post(double, news, {"content": "x"})
        assert status == 429
        assert answer["global"]
        assert double.too_many == 2


@pytest.mark.asyncio
@pytest.mark.parametrize("scope", ["user", "shared", "global"])
async def test_429_waited_out(scope: str) -> None:
    """discord.py waits for as long as a 429 says, and sends again."""
    async with newsroom() as (double, news), running(double, Bot()):
        double.fail("POST", "/messages$", 1, Fault.rate_limited(0.2, scope))
        await double.user_types(news, "status")
        await double.next_message(news)
        first, second = double.requested("POST", "/messages$")
        assert (first.status, second.status) == (429, 200)
        assert second.time - first.time >= 0.2
        assert double.too_many == 1


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("fault", "stored", "raised"),
    [
        (Fault.lost(), 1, aiohttp.ClientConnectionError),
        (Fault.reset(), 0, aiohttp.ClientConnectionError),
        (Fault.status(503), 0, discord.DiscordServerError),
        (Fault.status(503, stored=True), 1, discord.DiscordServerError),
        (Fault.forbidden(), 0, discord.Forbidden),
        (Fault.banned(), 0, discord.HTTPException),
        (Fault.hang(0.2), 0, aiohttp.ClientConnectionError),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else "",
)
async def test_faults(fault: Fault, stored: int, raised: type[Exception]) -> None:
    """A scripted fault hits the bot as its kind does, before or after the message is stored."""
    async with newsroom() as (double, news), running(double, Bot()) as bot:
        double.fail("POST", "/messages$", 1, fault)
        channel = bot.get_partial_messageable(int(news.id))
        with pytest.raises(raised):
            await channel.send("edition 1", nonce="1")
        assert len(double.messages(news)) == stored
        await channel.send("edition 1", nonce="1")
        assert len(double.messages(news)) == 1
        assert double.faults.left == 0


@pytest.mark.asyncio
async def test_hang_ends_with_the_double() -> None:
    """A request that hangs for ever does not keep the double from stopping."""
    async with newsroom() as (double, news):
        double.fail("POST", "/messages$", 1, Fault.hang(stored=True))
        posting = asyncio.create_task(post(double, news, {"content": "x"}))
        await double.until(lambda: double.messages(news))
    with pytest.raises(aiohttp.ClientConnectionError):
        await posting


@pytest.mark.asyncio
async def test_500_is_sent_again() -> None:
    """discord.py sends again after a 500, with the same nonce: one message."""
    async with newsroom() as (double, news), running(double, Bot()) as bot:
        double.fail("POST", "/messages$", 1, Fault.status(500, stored=True))
        await bot.get_partial_messageable(int(news.id)).send("edition 1")
        assert len(double.messages(news)) == 1
        assert len(double.requested("POST", "/messages$")) == 2


@pytest.mark.asyncio
async def test_garbage() -> None:
    """A page instead of JSON is not taken for a message by discord.py."""
    async with newsroom() as (double, news), running(double, Bot()) as bot:
        double.fail("POST", "/messages$", 1, Fault.garbage(stored=True))
        with pytest.raises(TypeError):
            await bot.get_partial_messageable(int(news.id)).send("edition 1")
        assert len(double.messages(news)) == 1


# Judging


@pytest.mark.asyncio
async def test_violations() -> None:
    """A request that Discord's own description does not allow is recorded."""
    async with newsroom() as (double, news):
        if double.openapi is None:
            pytest.skip("no OpenAPI description here")
        await post(double, news, {"content": 5})
        await raw(double, "GET", "/nowhere")
        await raw(double, "PATCH", f"/channels/{news.id}/messages/1")
        content, path, route, body = double.violations
        assert "$.content 5 is not of type 'string', 'null'" in content
        assert "no such path" in path
        assert "no such route" in route
        assert "needs a body" in body


@pytest.mark.asyncio
async def test_without_description(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Discord's description nothing is judged."""
    monkeypatch.setenv("DISCORD_OPENAPI", "")
    async with newsroom() as (double, news):
        await post(double, news, {"content": "x", "tts": 3})
        assert double.openapi is None
        assert double.violations == []


def test_as_a_process() -> None:
    """A shell script can start the double, type in it and read what stands in a channel."""
    command = [sys.executable, "-m", "tests.doubles.discord", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, env=os.environ) as process:
        assert process.stdout is not None
        where = json.loads(process.stdout.readline())
        seen = asyncio.run(_type_and_read(where))
        process.send_signal(signal.SIGTERM)
    assert [m["content"] for m in seen] == ["!status"]
    assert seen[0]["author"]["username"] == "ann"


async def _type_and_read(where: Any) -> Any:
    channel = where["channels"]["news"]
    async with aiohttp.ClientSession() as session:
        body = {"channel_id": channel, "content": "!status", "author": "ann"}
        async with session.post(where["control"] + "/message", json=body) as reply:
            assert reply.status == 200
        url = f"{where['control']}/messages?channel_id={channel}"
        async with session.get(url) as reply:
            return await reply.json()
