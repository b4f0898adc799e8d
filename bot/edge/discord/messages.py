"""A rendered message as discord.py takes it, and what may be shown where."""

import asyncio
import logging
from collections.abc import Awaitable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import discord

from bot.desk.desk import MOST_KEPT
from bot.edge.discord.listening.drawing import FAILED, REFUSED, Picture, drawn, without
from bot.render.buttons import Button
from bot.render.discord import Message, message
from bot.reply import Reply, captioned

log = logging.getLogger("bot.discord")

MISSING: Any = discord.utils.MISSING
MOST_PAGES = 10  # of an answer that is sent as a whole


class May(NamedTuple):
    """What the bot may do where something was typed."""

    embed: bool = True
    quote: bool = True
    attach: bool = True


def may(typed: discord.Message) -> May:
    """Whether embeds are shown where this was typed, the message may be quoted, and files be attached."""
    if typed.guild is None:
        return May()
    me = typed.guild.me
    if not isinstance(typed.channel, discord.abc.GuildChannel | discord.Thread):
        return May(quote=False, attach=False)
    allowed = typed.channel.permissions_for(me)
    return May(allowed.embed_links, allowed.read_message_history, allowed.attach_files)


class Shown(NamedTuple):
    """A message as discord.py takes it."""

    parts: dict[str, Any]  # what is said, as arguments of a send or an edit
    view: discord.ui.View | None  # its buttons
    picture: Picture | None = None

    def sent(self) -> dict[str, Any]:
        """The arguments of a send."""
        return {**self.parts, "file": self.picture.file()} if self.picture else self.parts

    def edited(self) -> dict[str, Any]:
        """The arguments of an edit."""
        return {**self.parts, "attachments": [self.picture.file()]} if self.picture else self.parts


class Showing:
    """Renders replies, and keeps what was rendered ready as long as the reply itself is kept."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int, bool], tuple[Reply, Shown]] = {}

    def show(self, reply: Reply, story: str, page: int = 1, *, embeds: bool = True) -> Shown:
        """One page of a reply, counted from 1."""
        key = (id(reply), page, embeds)
        kept = self._kept.get(key)
        # The reply is kept beside what became of it, so that no other can get its id meanwhile.
        if kept is not None and kept[0] is reply:
            return kept[1]
        made = message(reply, story, page, embeds=embeds)
        shown = Shown(_parts(made), _view(made.buttons))
        if len(self._kept) >= MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = (reply, shown)
        return shown

    async def draw(self, reply: Reply, story: str, *, embeds: bool = True, files: bool = True) -> Shown:
        """A reply with its picture, where it has one and files may be attached; else in words alone."""
        if reply.picture is None:
            return self.show(reply, story, embeds=embeds)
        picture = await drawn(reply.picture) if files else None
        if picture is None:
            return self.show(without(reply, FAILED if files else REFUSED), story, embeds=embeds)
        made = message(captioned(reply), story, embeds=embeds)
        parts = _parts(made)
        if "embed" in parts:
            parts["embed"].set_image(url=picture.url)
        return Shown(parts, _view(made.buttons), picture)


def every_page(reply: Reply, story: str) -> Iterator[dict[str, Any]]:
    """All pages of a reply, without buttons, as arguments of a send."""
    last: Message | None = None
    for number in range(1, MOST_PAGES + 1):
        page = message(reply, story, number)._replace(buttons=())
        if page == last:  # behind the last one it comes again
            return
        yield _parts(page)
        last = page


def closed(story: str) -> Shown:
    """What a channel is told of an answer that is for somebody whose direct messages are closed."""
    text = f"That answer is for you alone: allow direct messages here and ask again, or use /{story}."
    return Shown({"content": text}, None)


def _parts(shown: Message) -> dict[str, Any]:
    if shown.embed is None:
        return {"content": shown.content}
    return {"embed": discord.Embed.from_dict(shown.embed)}


@lru_cache(64)  # most digests of a day have the same buttons
def _view(buttons: tuple[Button, ...]) -> discord.ui.View | None:
    if not buttons:
        return None
    made = discord.ui.View(timeout=None)
    for button in buttons:
        made.add_item(discord.ui.Button(label=button.label, custom_id=button.carries))
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


def let_others_through(client: discord.Client, seconds: float) -> None:
    """Undoes what discord.py leaves behind where a request was cancelled after so many seconds.

    While it waits for the end of a global limit, it holds back all other requests; cancelled, it
    never lets them go. It waits for at most that long, so then nobody needs them held back.
    """
    over = client.http._global_over  # noqa: SLF001  (there is no other way to it)
    if not over.is_set():
        asyncio.get_running_loop().call_later(seconds, over.set)
