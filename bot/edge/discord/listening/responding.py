"""Responses to what people call, press and fill in, within the time that Discord gives."""

import asyncio
import logging
from collections.abc import Awaitable

import aiohttp
import discord

from bot.command.form import Form
from bot.edge.answering import at_hand, one_line
from bot.edge.discord.listening.forms import modal
from bot.edge.discord.messages import MISSING, Showing, Shown, short
from bot.render.buttons import NEW
from bot.reply import Reply

log = logging.getLogger("bot.discord")

DEFER_SECONDS = 1.5  # Discord forgets an interaction that nobody has answered within 3
FORM_SECONDS = 2.3  # a form has to be the first response: it cannot be deferred
RESPONSE_SECONDS = 30.0  # for a response with its retries; without a limit a hanging one takes 300


class Responder:
    """Answers interactions, of which each is answered once and in time."""

    def __init__(self, showing: Showing) -> None:
        self._showing = showing

    async def answer(
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
        may_attach = interaction.app_permissions.attach_files
        task = asyncio.ensure_future(self._made(work, story, turn_to, files=may_attach))
        await asyncio.wait({task}, timeout=DEFER_SECONDS)
        deferred, turning, response = not task.done(), turn_to != NEW, interaction.response
        try:
            async with asyncio.timeout(RESPONSE_SECONDS):
                if deferred:
                    # A page that is turned shows what it was until it is another.
                    await (response.defer() if turning else response.defer(ephemeral=private, thinking=True))
                reply, shown = await task
                hidden = reply.private or reply.alone
                if turning and hidden and not _seen_by_one(interaction):
                    send = interaction.followup.send if deferred else response.send_message
                    await send(**shown.sent(), view=shown.view or MISSING, ephemeral=True)
                elif deferred:
                    await interaction.edit_original_response(**shown.edited(), view=shown.view)
                elif turning:
                    await response.edit_message(**shown.edited(), view=shown.view)
                else:
                    await response.send_message(
                        **shown.sent(), view=shown.view or MISSING, ephemeral=private or hidden
                    )
        except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("a command of Discord was not answered (%s)", short(error))

    async def _made(
        self, work: Awaitable[Reply], story: str, turn_to: int, *, files: bool
    ) -> tuple[Reply, Shown]:
        """The answer, and the message that shows it."""
        reply = await work
        if turn_to != NEW:
            return reply, self._showing.show(reply, story, turn_to)
        return reply, await self._showing.draw(reply, story, files=files)

    async def open(self, interaction: discord.Interaction, story: str, work: Awaitable[Form | Reply]) -> None:
        """Opens a form, or says to whoever asked for it why there is none."""
        task = asyncio.ensure_future(work)
        await asyncio.wait({task}, timeout=FORM_SECONDS)
        found = (
            task.result() if task.done() else one_line(story, "The form was not ready in time; try again.")
        )
        if isinstance(found, Reply):
            await self.answer(interaction, story, at_hand(found), private=True)
            return
        made = modal(found, story)
        if made is None:
            text = "What this form is for is named by too long a name for Discord; send a file instead."
            await self.answer(interaction, story, at_hand(one_line(story, text)), private=True)
            return
        try:
            async with asyncio.timeout(RESPONSE_SECONDS):
                await interaction.response.send_modal(made)
        except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("a form of Discord was not opened (%s)", short(error))


def _seen_by_one(interaction: discord.Interaction) -> bool:
    """Whether the message under which a button stands is seen by nobody but who pressed it."""
    under = interaction.message
    return interaction.guild_id is None or (under is not None and under.flags.ephemeral)
