"""Reply → Discord messages: an embed, or plain content where embeds are not allowed, and buttons.

Limits: Discord's documentation of messages and components (embed description 4096, field value
1024, all text of an embed 6000, content 2000, 5 × 5 buttons, custom_id 100, label 80).
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.render.buttons import Button, made_buttons
from bot.render.lines import Markup, item, sentence
from bot.render.pages import Page, Unit, pages
from bot.render.words import clean, described, shortened
from bot.reply import Reference, Reply

MAX_CUSTOM_ID = 100
MAX_LABEL = 80
MAX_FIELD = 1024
_TITLE, _FOOTER, _URL = 120, 1000, 300
_EMBED_ROOM = 2800  # for text and sources; half of what is allowed, since nobody reads more
_CONTENT_ROOM = 1400
_LINES = 12
_COLOUR = 0xC1440E

_ACTIVE = re.compile(r"([\\*_~`|<>\[\]#@])")


class Message(NamedTuple):
    """One message, as Discord takes it."""

    embed: dict[str, object] | None
    content: str
    buttons: tuple[Button, ...]


class _Laid(NamedTuple):
    """One page of a reply without the notes behind it: what thousands of digests have in common."""

    embed: dict[str, object] | None
    texts: tuple[str, ...]  # where there is no embed
    page: str  # which of how many, where there are several
    buttons: tuple[Button, ...]


def message(reply: Reply, story: str, page: int = 1, *, embeds: bool = True) -> Message:
    """One page of a reply, counted from 1; the last one where there are fewer."""
    laid = _laid(reply._replace(notes=()), story, page, embeds)
    notes = [*reply.notes, *([laid.page] if laid.page else [])]
    if laid.embed is None:
        texts = [*laid.texts, shortened(" ".join(notes), 400)]
        return Message(None, shortened("\n\n".join(filter(None, texts)), 2000), laid.buttons)
    embed = dict(laid.embed)
    if notes:
        embed["footer"] = {"text": shortened(clean(" ".join(notes)).replace("`", ""), _FOOTER)}
    return Message(embed, "", laid.buttons)


@lru_cache(64)
def _laid(reply: Reply, story: str, page: int, embeds: bool) -> _Laid:  # noqa: FBT001  (a key of the cache)
    cut = pages(
        _units(reply), _EMBED_ROOM if embeds else _CONTENT_ROOM, _LINES, _weigher(reply, embeds=embeds)
    )
    page = min(max(page, 1), len(cut))
    here = cut[page - 1]
    sources = _sources(reply.references, here, links=embeds)
    which = f"Page {page} of {len(cut)}" if len(cut) > 1 else ""
    buttons = made_buttons(reply, story, page, len(cut), room=MAX_CUSTOM_ID, label=MAX_LABEL)
    title = escape(shortened(reply.title, _TITLE))
    if not embeds:
        return _Laid(None, (f"**{title}**", here.text, "\n".join(sources)), which, buttons)
    embed: dict[str, object] = {"title": title, "description": here.text, "color": _COLOUR}
    if sources:
        embed["fields"] = _fields(sources)
    return _Laid(embed, (), which, buttons)


def escape(text: str) -> str:
    """The text so that Discord shows it as it is: no markup, no mention, no link of its own."""
    escaped = _ACTIVE.sub(r"\\\1", clean(text))
    return re.sub(r"(?m)^(\s*)([-+]|\d+\.)(?=\s)", r"\1\\\2", escaped).replace("://", ":\u200b//")


_MARKUP = Markup(
    escape,
    lambda text: f"**{escape(text)}**",
    lambda text: f"`{text.replace('`', '')}`",
    lambda text: f"  *{escape(text)}*",
)


def _units(reply: Reply) -> list[Unit]:
    units: list[Unit] = []
    for number, section in enumerate(reply.sections):
        heading = f"**{escape(section.title)}**" if section.title else ""
        bullet = "• " if section.title or len(section.lines) > 1 else ""
        for line in section.lines:
            text = sentence(line, _MARKUP) if section.flowing else bullet + item(line, _MARKUP)
            units.append(Unit(text, heading, line.refs, section.flowing, number))
    return units


def _weigher(reply: Reply, *, embeds: bool) -> Callable[[tuple[int, ...]], int]:
    by_number = {
        reference.number: len(_source(reference, links=embeds)) + 1 for reference in reply.references
    }

    def weigh(refs: tuple[int, ...]) -> int:
        return sum(by_number[number] for number in refs)

    return weigh


def _sources(references: Sequence[Reference], page: Page, *, links: bool) -> list[str]:
    return [_source(reference, links=links) for reference in references if reference.number in page.refs]


def _source(reference: Reference, *, links: bool) -> str:
    words = escape(described(reference))
    if links and reference.url and len(reference.url) <= _URL:
        return f"[{reference.number}] [{words}]({reference.url})"
    return f"[{reference.number}] {words}"


def _fields(sources: Sequence[str]) -> list[dict[str, object]]:
    """The sources in as many fields as they need."""
    values = [""]
    for source in sources:
        line = shortened(source, MAX_FIELD)
        joined = f"{values[-1]}\n{line}".strip()
        values = [*values[:-1], joined] if len(joined) <= MAX_FIELD else [*values, line]
    return [
        {"name": "Sources" if number == 0 else "Sources, continued", "value": value, "inline": False}
        for number, value in enumerate(values[:25])
    ]
