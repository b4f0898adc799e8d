"""The picture of an answer as an attachment of Discord: drawn in a thread, so that nobody waits for it."""

import asyncio
import logging
from io import BytesIO
from typing import NamedTuple

import discord

from bot.chart import Chart
from bot.reply import Reply, in_words

log = logging.getLogger("bot.discord")

REFUSED = "The picture cannot be shown: the bot may not attach files here."
FAILED = "The picture cannot be drawn just now."


class Picture(NamedTuple):
    """A picture that is drawn."""

    content: bytes
    name: str
    alt: str  # what is told to somebody who does not see it

    @property
    def url(self) -> str:
        """How an embed names it."""
        return f"attachment://{self.name}"

    def file(self) -> discord.File:
        """The attachment; each is sent once."""
        return discord.File(BytesIO(self.content), self.name, description=self.alt)


async def drawn(chart: Chart) -> Picture | None:
    """The picture in dark colours, as Discord is; None where it cannot be drawn."""
    try:
        content = await asyncio.to_thread(_png, chart)
    except Exception:  # a font that is not there, no memory
        log.exception("a picture could not be drawn")
        return None
    return Picture(content, f"{chart.name}.png", chart.alt)


def without(reply: Reply, why: str) -> Reply:
    """The reply in words alone, with the reason."""
    return in_words(reply)._replace(notes=(*reply.notes, why))


def _png(chart: Chart) -> bytes:
    from bot.render.picture import png  # here, in its thread: Pillow takes long to load

    return png(chart, dark=True)
