"""One connection's worth of Discord: events → requests to the desk, replies → messages."""

import asyncio
import logging
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

import aiohttp
import discord
from discord import app_commands

from bot.command.addressed import Said, said
from bot.command.entry import Choices, Command, Param
from bot.command.request import opens_form
from bot.desk.desk import Desk
from bot.desk.flood import SILENCE
from bot.edge.answering import Answers, Caller, at_hand, audible
from bot.edge.discord.listening import slash
from bot.edge.discord.listening.askers import Askers, direct_channel, is_direct
from bot.edge.discord.listening.forms import FORM, filled
from bot.edge.discord.listening.responding import Responder
from bot.edge.discord.listening.uploads import fetched
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
from bot.edge.work import Work
from bot.render.buttons import BUTTON, NEW
from bot.reply import Reply

log = logging.getLogger("bot.discord")

Remember = Callable[[str, str], None]
Recall = Callable[[str], str]
Ahead = Callable[[], None]

SEND_SECONDS = 30.0  # for one request with its retries; without a limit a hanging one takes 300
CLOSE_SECONDS = 7.0  # for answers in progress at the end; Docker kills after 10
QUIET_SECONDS = 600.0  # in a channel where the bot may not speak: such requests count towards a ban
CLOSED_SECONDS = 20.0  # for somebody with closed direct messages; they may be opening them just now

# View the channel, send, send in threads, embed links, attach files (pictures), read history (to answer
# under a question).
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
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
        self._tables = {word: desk.commands for word, desk in desks.items()}
        self._answers = Answers(desks, prefix=prefix, spelled=slash.spelled)
        self._recall = recall
        self._remember = remember
        self._work = Work()  # the events that are being answered
        self._syncing: asyncio.Task[None] | None = None
        self._showing = Showing()
        self._responder = Responder(self._showing)
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
            if await asyncio.to_thread(self._recall, key) == wanted:
                return
            await self._tree.sync()
            await asyncio.to_thread(self._remember, key, wanted)
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
        await self._work.finish(CLOSE_SECONDS)
        self._answers.close()

    # ── what people type ────────────────────────────────────────────────────────────────

    async def on_message(self, typed: discord.Message) -> None:
        """Answers `!word …`, a mention, and anything in a direct message."""
        if typed.author.bot or typed.webhook_id is not None:
            return
        request = self._request(typed)
        if request is None or self._is_quiet(typed.channel.id):
            return
        caller = self._askers.writer(typed)
        held = self._answers.held(request.story, caller)
        if held is not SILENCE:
            await self._work.do(self._answer_message(typed, request, caller, held))

    def _request(self, typed: discord.Message) -> Said | None:
        """What a message asks; None where it is not for the bot."""
        ids = {self.application_id, self.user.id if self.user else None} - {None}
        names = [form.format(number) for number in ids for form in ("<@{}>", "<@!{}>")]
        direct, carries = is_direct(typed), bool(typed.attachments)
        return said(typed.content, self._tables, names=names, direct=direct, carries=carries)

    async def _answer_message(
        self, typed: discord.Message, request: Said, caller: Caller, held: Reply | None
    ) -> None:
        story = request.story
        # Whoever asks too much is told so alone: in the channel it would be one more message to all.
        reply = held._replace(alone=True) if held else await self._answer(typed, request, caller)
        try:
            async with asyncio.timeout(SEND_SECONDS):
                if not reply.alone or is_direct(typed):
                    allowed = may(typed)
                    shown = await self._showing.draw(reply, story, embeds=allowed.embed, files=allowed.attach)
                    await self._say(typed, shown)
                elif not await self._tell_alone(typed.author, _from_afar(reply, typed), story):
                    await self._say(typed, closed(story))
        except discord.Forbidden:
            self._hush(typed.channel.id, QUIET_SECONDS)
            log.warning("may not send to channel %d; silent there for 10 minutes", typed.channel.id)
        except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError) as error:
            if isinstance(error, TimeoutError):
                let_others_through(self, SEND_SECONDS)
            log.warning("an answer to channel %d was not sent (%s)", typed.channel.id, short(error))

    async def _answer(self, typed: discord.Message, request: Said, caller: Caller) -> Reply:
        files = request.blocks
        if request.takes_files:
            files += await fetched(self, typed.attachments, len(files))
        return await self._answers.to_words(request.story, request.words, caller, files)

    async def _say(self, typed: discord.Message, shown: Shown) -> None:
        """Says something where a message was typed, under it where that can be."""
        quoting = may(typed).quote
        self._ahead()
        await typed.channel.send(
            **shown.sent(),
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

    # ── what people call, press and send ────────────────────────────────────────────────

    async def _on_slash(
        self,
        interaction: discord.Interaction,
        story: str,
        command: Command,
        values: Mapping[str, str],
        files: Sequence[discord.Attachment],
    ) -> None:
        caller = self._askers.actor(interaction)

        async def answer() -> Reply:
            uploads = await fetched(self, files)
            return await self._answers.to_values(story, command, values, caller, uploads)

        if command.opens_form(values) and not files:
            await self._open(interaction, story, caller, (command, values))
        else:
            private = command.access != "everyone" or command.changes
            await self._respond(interaction, story, caller, answer, private=private)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """A button was pressed, or a form sent; each tells itself what it is for, also after a restart.

        Whose message it stands under is no matter: whoever presses it asks, with their own rights.
        """
        data: Mapping[str, object] = dict(interaction.data or {})
        carried = str(data.get("custom_id", ""))
        if interaction.type is discord.InteractionType.component:
            found = BUTTON.fullmatch(carried)
            if found is not None and found["story"] in self._tables:
                await self._on_button(interaction, found["story"], int(found["page"]), found["words"])
        elif interaction.type is discord.InteractionType.modal_submit:
            found = FORM.fullmatch(carried)
            if found is not None and found["story"] in self._tables:
                await self._on_form(interaction, found["story"], found["words"], filled(data))

    async def _on_button(self, interaction: discord.Interaction, story: str, page: int, words: str) -> None:
        caller = self._askers.actor(interaction)
        if page == NEW and opens_form(words, self._tables[story]):
            await self._open(interaction, story, caller, words)
        else:
            answer = partial(self._answers.to_words, story, words, caller)
            await self._respond(interaction, story, caller, answer, turn_to=page, private=True)

    async def _on_form(
        self, interaction: discord.Interaction, story: str, words: str, texts: Mapping[str, str]
    ) -> None:
        caller = self._askers.actor(interaction)
        answer = partial(self._answers.to_form, story, words, texts, caller)
        await self._respond(interaction, story, caller, answer, private=True)

    async def _respond(
        self,
        interaction: discord.Interaction,
        story: str,
        caller: Caller,
        answer: Callable[[], Awaitable[Reply]],
        *,
        turn_to: int = NEW,
        private: bool = False,
    ) -> None:
        """Answers what was called, pressed or sent, unless too much was."""
        held = self._answers.held(story, caller)
        if held is not None:
            turn_to, private = NEW, True
        work = answer() if held is None else at_hand(audible(held, story))
        await self._work.do(
            self._responder.answer(interaction, story, work, turn_to=turn_to, private=private)
        )

    async def _open(
        self,
        interaction: discord.Interaction,
        story: str,
        caller: Caller,
        asked: tuple[Command, Mapping[str, str]] | str,
    ) -> None:
        """Opens the form that was asked for, unless too much was."""
        held = self._answers.held(story, caller)
        if held is None:
            work = self._responder.open(interaction, story, self._answers.form(story, asked, caller))
        else:
            work = self._responder.answer(interaction, story, at_hand(audible(held, story)), private=True)
        await self._work.do(work)

    async def _complete(
        self, interaction: discord.Interaction, story: str, command: Command, param: Param, typed: str
    ) -> Choices:
        return await self._answers.choices(story, command, param, typed, self._askers.actor(interaction))

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


def _from_afar(reply: Reply, typed: discord.Message) -> Reply:
    """What is told by direct message of a question in a channel: with where to type what comes next.

    A direct message has no rights of the server, so that neither a button in it nor words would do.
    """
    if not reply.actions:
        return reply
    name = getattr(typed.channel, "name", "")
    where = f"in #{name}" if name else "in the channel"
    return reply._replace(notes=(*reply.notes, f"You asked {where}: type there what you type next."))


class ShardedClient(Client, discord.AutoShardedClient):
    """The same over several connections, each for a part of the servers."""

    @property
    def online(self) -> bool:
        """Whether Discord hears us and we hear it, over every connection."""
        return self.is_ready() and not any(shard.is_closed() for shard in self.shards.values())
