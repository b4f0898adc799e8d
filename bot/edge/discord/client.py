"""One connection's worth of Discord: events → requests to the desk, replies → messages."""

import asyncio
import logging
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import aiohttp
import discord
from discord import app_commands

from bot.command.addressed import addressed
from bot.command.asker import Asker
from bot.command.entry import Choices, Command, Param
from bot.desk.desk import Desk
from bot.edge import clock
from bot.edge.discord import slash
from bot.edge.discord.askers import Askers, direct_channel, is_direct
from bot.edge.discord.messages import (
    MISSING,
    Showing,
    Shown,
    closed,
    every_page,
    let_others_through,
    may,
    quietly,
    short,
)
from bot.render.discord import BUTTON, NEW
from bot.reply import Line, Reply, Section

log = logging.getLogger("bot.discord")

T = TypeVar("T")
Remember = Callable[[str, str], None]
Recall = Callable[[str], str]
Ahead = Callable[[], None]

SEND_SECONDS = 30.0  # for one request with its retries; without a limit a hanging one takes 300
DEFER_SECONDS = 1.5  # Discord forgets an interaction that nobody has answered within 3
CLOSE_SECONDS = 7.0  # for answers in progress at the end; Docker kills after 10
QUIET_SECONDS = 600.0  # in a channel where the bot may not speak: such requests count towards a ban
CLOSED_SECONDS = 20.0  # for somebody with closed direct messages; they may be opening them just now

# View the channel, send, send in threads, embed links, read history (to answer under a question).
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    read_message_history=True,
)


class Client(discord.Client):
    """One connection: turns Discord's events into requests, and replies into messages.

    `ahead` is called right before each request of its own that Discord's limit counts: a reader who
    waits for an answer goes before digests. Responses to interactions are not counted.
    """

    def __init__(
        self,
        desks: Mapping[str, Desk],
        recall: Recall,
        remember: Remember,
        *,
        prefix: bool,
        ahead: Ahead = lambda: None,
        shards: int | None = None,
    ) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.dm_messages = True
        intents.message_content = prefix
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_ratelimit_timeout=SEND_SECONDS,
            shard_count=shards,
        )
        self._up = False
        self._ahead = ahead
        self._askers = Askers(self, ahead)
        self._desks = desks
        self._prefix = prefix
        self._recall = recall
        self._remember = remember
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="answer")
        self._busy: set[asyncio.Task[object]] = set()  # the events that are being answered
        self._syncing: asyncio.Task[None] | None = None
        self._showing = Showing()
        self._quiet: dict[int, float] = {}  # channels and people that refuse what is sent, until when
        self._tree: app_commands.CommandTree[Client] = app_commands.CommandTree(self)
        self._tree.error(self._on_slash_error)
        for desk in desks.values():
            slash.add_story(self._tree, desk, self._on_slash, self._complete)

    # ── connection ──────────────────────────────────────────────────────────────────────

    @property
    def online(self) -> bool:
        """Whether Discord hears us and we hear it."""
        return self._up

    async def setup_hook(self) -> None:
        """Begins to sync the slash commands; nobody who types has to wait for that."""
        self._syncing = asyncio.create_task(self._sync(), name="sync slash commands")

    async def _sync(self) -> None:
        """Syncs the slash commands, if they changed since they last were."""
        key = f"discord-commands-{self.application_id}"
        wanted = slash.fingerprint(self._tree)
        try:
            if await self._in_thread(self._recall, key) == wanted:
                return
            await self._tree.sync()
            await self._in_thread(self._remember, key, wanted)
        except Exception as error:  # noqa: BLE001  (whatever it is, all but slash commands works)
            log.warning(
                "the slash commands could not be synced (%s); the next start tries again", short(error)
            )
            return
        log.info("slash commands synced")

    async def on_ready(self) -> None:
        """Connected, and the servers are known."""
        self._up = True
        invite = discord.utils.oauth_url(self.application_id or 0, permissions=PERMISSIONS)
        log.info(
            "connected to Discord as %s (servers: %d); to invite it: %s", self.user, len(self.guilds), invite
        )

    async def on_resumed(self) -> None:
        """Connected again, with nothing missed."""
        self._up = True

    async def on_disconnect(self) -> None:
        """Not connected for now; discord.py goes on trying."""
        self._up = False

    async def on_error(self, event_method: str, /, *_: object, **__: object) -> None:
        """Something was wrong while an event was handled: one line in the log."""
        log.error("an event of Discord (%s) was not handled", event_method, exc_info=sys.exc_info()[1])

    async def finish(self) -> None:
        """Waits for the answers in progress."""
        if self._syncing is not None:
            self._syncing.cancel()
        if self._busy:
            await asyncio.wait(self._busy, timeout=CLOSE_SECONDS)
        self._pool.shutdown(wait=False, cancel_futures=True)

    # ── what people type ────────────────────────────────────────────────────────────────

    async def on_message(self, typed: discord.Message) -> None:
        """Answers `!word …`, a mention, and anything in a direct message."""
        if typed.author.bot or typed.webhook_id is not None:
            return
        request = self._request(typed)
        if request is not None and not self._is_quiet(typed.channel.id):
            await self._as_work(self._answer_message(typed, *request))

    def _request(self, typed: discord.Message) -> tuple[str, str] | None:
        """The story asked and the words, or None where the message is not for the bot."""
        ids = {self.application_id, self.user.id if self.user else None} - {None}
        names = [form.format(number) for number in ids for form in ("<@{}>", "<@!{}>")]
        return addressed(typed.content, [*self._desks], names=names, direct=is_direct(typed))

    async def _answer_message(self, typed: discord.Message, story: str, words: str) -> None:
        reply = await self._answer(story, words, lambda: self._askers.typed(typed))
        try:
            async with asyncio.timeout(SEND_SECONDS):
                if not reply.alone or is_direct(typed):
                    shown = self._showing.show(reply, story, embeds=may(typed)[0])
                    await self._say(typed, shown)
                elif not await self._tell_alone(typed.author, reply, story):
                    await self._say(typed, closed(story))
        except discord.Forbidden:
            self._hush(typed.channel.id, QUIET_SECONDS)
            log.warning("may not send to channel %d; silent there for 10 minutes", typed.channel.id)
        except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError) as error:
            if isinstance(error, TimeoutError):
                let_others_through(self, SEND_SECONDS)
            log.warning("an answer to channel %d was not sent (%s)", typed.channel.id, short(error))

    async def _say(self, typed: discord.Message, shown: Shown) -> None:
        """Says something where a message was typed, under it where that can be."""
        quoting = may(typed)[1]
        self._ahead()
        await typed.channel.send(
            **shown.parts,
            view=shown.view or MISSING,
            reference=typed.to_reference(fail_if_not_exists=False) if quoting else MISSING,
            mention_author=False,
        )

    async def _tell_alone(self, user: discord.User | discord.Member, reply: Reply, story: str) -> bool:
        """Sends somebody what nobody else may see; False where their direct messages are closed.

        Without buttons, which would ask about the direct message they stand in; so with all pages.
        """
        if self._is_quiet(user.id):
            return False
        try:
            channel = await direct_channel(user, self._ahead)
            for parts in every_page(reply, story):
                self._ahead()
                await channel.send(**parts)
        except discord.Forbidden:
            self._hush(user.id, CLOSED_SECONDS)
            return False
        return True

    def _is_quiet(self, refuser: int) -> bool:
        return self._quiet.get(refuser, 0.0) > time.monotonic()

    def _hush(self, refuser: int, seconds: float) -> None:
        """Sends nothing there for a while: refused requests count towards a ban."""
        now = time.monotonic()
        self._quiet = {one: until for one, until in self._quiet.items() if until > now}
        self._quiet[refuser] = now + seconds

    # ── what people call and press ──────────────────────────────────────────────────────

    async def _on_slash(
        self, interaction: discord.Interaction, story: str, command: Command, values: Mapping[str, str]
    ) -> None:
        work = self._answer_values(story, command, values, lambda: self._askers.acted(interaction))
        private = command.access == "admins"
        await self._as_work(self._respond(interaction, story, work, private=private))

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """A button was pressed; it tells itself what it is for, also after a restart.

        Whose message it stands under is no matter: whoever presses it asks, with their own rights.
        """
        if interaction.type is not discord.InteractionType.component:
            return
        pressed: Mapping[str, object] = dict(interaction.data or {})
        found = BUTTON.fullmatch(str(pressed.get("custom_id", "")))
        if found is None or found["story"] not in self._desks:
            return
        story, page = found["story"], int(found["page"])
        work = self._answer(story, found["words"], lambda: self._askers.acted(interaction))
        await self._as_work(self._respond(interaction, story, work, turn_to=page, private=True))

    async def _respond(
        self,
        interaction: discord.Interaction,
        story: str,
        work: Awaitable[Reply],
        *,
        turn_to: int = NEW,
        private: bool = False,
    ) -> None:
        """Answers a command or a button within Discord's time, deferring where the answer takes longer.

        With a page to `turn_to`, the message under which the button stands becomes that page, unless
        others see that message and are not to see the page.
        """
        task = asyncio.ensure_future(work)
        await asyncio.wait({task}, timeout=DEFER_SECONDS)
        deferred, turning, response = not task.done(), turn_to != NEW, interaction.response
        try:
            async with asyncio.timeout(SEND_SECONDS):
                if deferred:
                    # A page that is turned shows what it was until it is another.
                    await (response.defer() if turning else response.defer(ephemeral=private, thinking=True))
                reply = await task
                shown = self._showing.show(reply, story, max(turn_to, 1))
                hidden = reply.private or reply.alone
                if turning and hidden and not _seen_by_one(interaction):
                    send = interaction.followup.send if deferred else response.send_message
                    await send(**shown.parts, view=shown.view or MISSING, ephemeral=True)
                elif deferred:
                    await interaction.edit_original_response(**shown.parts, view=shown.view)
                elif turning:
                    await response.edit_message(**shown.parts, view=shown.view)
                else:
                    await response.send_message(
                        **shown.parts, view=shown.view or MISSING, ephemeral=private or hidden
                    )
        except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("a command of Discord was not answered (%s)", short(error))

    async def _complete(
        self, interaction: discord.Interaction, story: str, command: Command, param: Param, typed: str
    ) -> Choices:
        asker, desk = self._askers.acted(interaction), self._desks[story]
        try:
            return await self._in_thread(desk.complete, command, param, typed, clock.today(), asker)
        except Exception:
            log.exception("an option could not be completed")
            return []

    async def _on_slash_error(
        self, interaction: discord.Interaction, error: app_commands.AppCommandError
    ) -> None:
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            text = "This command has changed; type / again to see what there is now."
        else:
            log.error("a command of Discord failed", exc_info=error)
            text = "Something went wrong; whoever runs the bot finds it in the log."
        if not interaction.response.is_done():
            await quietly(interaction.response.send_message(text, ephemeral=True))

    # ── answers ─────────────────────────────────────────────────────────────────────────

    async def _answer(self, story: str, words: str, asker: Callable[[], Asker]) -> Reply:
        desk, now = self._desks[story], clock.now()
        call = f"!{story}" if self._prefix else f"/{story}"
        key = (words, now.date())
        return await self._kept_or(desk, key, asker, lambda who: desk.answer(words, call, now, who))

    async def _answer_values(
        self, story: str, command: Command, values: Mapping[str, str], asker: Callable[[], Asker]
    ) -> Reply:
        desk, now = self._desks[story], clock.now()
        key = ("/", command.name, *sorted(values.items()), now.date())
        return await self._kept_or(
            desk, key, asker, lambda who: desk.answer_values(command, values, f"/{story}", now, who)
        )

    async def _kept_or(
        self,
        desk: Desk,
        key: tuple[object, ...],
        asker: Callable[[], Asker],
        ask: Callable[[Asker], Reply],
    ) -> Reply:
        """A reply that was kept, which is the same for everybody, or one made for who asks."""
        try:
            if (kept := desk.kept(*key)) is not None:
                return kept
            reply = await self._in_thread(ask, asker())
        except Exception:
            log.exception("a question could not be answered")
            return _failed(desk)
        desk.keep(reply, *key)
        return reply

    async def _in_thread(self, work: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)

    async def _as_work(self, work: Awaitable[None]) -> None:
        """Does something that is to be finished before the bot ends."""
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        try:
            await work
        finally:
            self._busy.discard(task)


class ShardedClient(Client, discord.AutoShardedClient):
    """The same over several connections, each for a part of the servers."""

    @property
    def online(self) -> bool:
        """Whether Discord hears us and we hear it, over every connection."""
        return self.is_ready() and not any(shard.is_closed() for shard in self.shards.values())


def _seen_by_one(interaction: discord.Interaction) -> bool:
    """Whether the message under which a button stands is seen by nobody but who pressed it."""
    under = interaction.message
    return interaction.guild_id is None or (under is not None and under.flags.ephemeral)


def _failed(desk: Desk) -> Reply:
    text = "This cannot be answered just now; whoever runs the bot finds the reason in the log."
    return Reply("error", desk.story.name, (Section("", (Line(text),)),), abstained=True, private=True)
