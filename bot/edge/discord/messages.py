"""A rendered message as discord.py takes it, and what may be shown where."""

import logging
from collections.abc import Awaitable
from typing import Any

import discord

from bot.render.discord import Message

log = logging.getLogger("bot.discord")

MISSING: Any = discord.utils.MISSING


def may(typed: discord.Message) -> tuple[bool, bool]:
    """Whether embeds are shown where this was typed, and whether the message may be quoted."""
    if typed.guild is None:
        return True, True
    me = typed.guild.me
    if not isinstance(typed.channel, discord.abc.GuildChannel | discord.Thread):
        return True, False
    allowed = typed.channel.permissions_for(me)
    return allowed.embed_links, allowed.read_message_history


def parts(shown: Message) -> dict[str, Any]:
    """What is said, as arguments of a send or an edit."""
    if shown.embed is None:
        return {"content": shown.content}
    return {"embed": discord.Embed.from_dict(shown.embed)}


def view(shown: Message) -> discord.ui.View | None:
    """The buttons of a message; None where it has none."""
    if not shown.buttons:
        return None
    made = discord.ui.View(timeout=None)
    for button in shown.buttons:
        made.add_item(discord.ui.Button(label=button.label, custom_id=button.custom_id))
    # Stopped, so that discord.py does not keep it in memory for ever: a press is read off its id.
    made.stop()
    return made


def short(error: BaseException) -> str:
    """An error of a library in one line of the log."""
    text = " ".join(str(error).split()) or "no reason given"
    return f"{type(error).__name__}: {text[:200]}"


async def quietly(work: Awaitable[object]) -> None:
    """Does something whose failing changes nothing."""
    try:
        await work
    except Exception as error:  # noqa: BLE001  (it changes nothing)
        log.debug("ignored: %s", short(error))
