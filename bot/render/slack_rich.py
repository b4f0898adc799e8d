"""Lines and sources as Slack's rich text: pieces that say what they are, so that nothing else acts.

Mrkdwn has no way to show `*`, `_`, `~` or a backtick as it is. In rich text nothing is read for markup,
mentions, emoji or links: a text is shown letter by letter. It is what Slack's own editor makes of a message.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from bot.render.lines import Markup, item, sentence
from bot.render.pages import Page, Unit, pages
from bot.render.words import clean, described, shortened
from bot.reply import Reference, Reply

Block = Mapping[str, Any]
"""A block, or a part of one, as Slack takes it in JSON."""

_URL = 300  # as on Discord, so that both have the same room
_HEADING = 300

# Styles within the text of a unit. Nothing that is said has such characters: `clean` takes them out.
_BOLD, _ITALIC, _CODE, _ITEM, _END = "\x01", "\x02", "\x03", "\x04", "\x05"
_STYLES = {_BOLD: "bold", _ITALIC: "italic", _CODE: "code"}
_RUN = re.compile(f"([{_BOLD}{_ITALIC}{_CODE}{_END}])")
_STEERING = re.compile("[\x01-\x05]")


def cut(reply: Reply, room: int, lines: int) -> list[Page]:
    """The pages of a reply, none with more characters or lines than that, whatever is escaped elsewhere."""
    return pages(_units(reply), room, lines, _weigher(reply.references))


def body(page: Page, *, marks: bool = True) -> list[Block]:
    """The lines of a page, each section in a block of its own; without `marks` nothing in them is bold."""
    blocks: list[Block] = []
    for _, some in groupby(page.units, key=lambda unit: unit.paragraph):
        units = list(some)
        parts = _parts(units, marks=marks)
        if units[0].heading:
            parts.insert(0, _section([_text(units[0].heading, "bold")]))
        if parts:
            blocks.append(_rich(parts))
    return blocks


def sources(references: Iterable[Reference], room: int) -> list[Block]:
    """The sources of a page in one block of at most `room` characters as JSON; links give way first.

    What has no room is counted.
    """
    named = list(references)
    parts = [_text("Sources", "bold")]
    for place, one in enumerate(named):
        rest = size(_text(f"\n… and {len(named)} more")) + size([])
        for links in (True, False):
            pieces = _source(one, links=links)
            if size([_rich([_section([*parts, *pieces])])]) + rest <= room:
                parts += pieces
                break
        else:
            parts.append(_text(f"\n… and {len(named) - place} more"))
            break
    return [_rich([_section(parts)])] if named else []


def said(page: Page) -> Iterator[str]:
    """What a page says, line by line, without any markup."""
    for _, some in groupby(page.units, key=lambda unit: unit.paragraph):
        units = list(some)
        if units[0].heading:
            yield units[0].heading
        if units[0].flowing:
            yield _STEERING.sub("", " ".join(unit.text for unit in units))
        else:
            for unit in units:
                yield ("• " if unit.text.startswith(_ITEM) else "") + _STEERING.sub("", unit.text)


def size(blocks: object) -> int:
    """The characters of blocks as the shortest JSON; more than Slack counts of them, however it does."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


# ── lines ───────────────────────────────────────────────────────────────────────────────


def _units(reply: Reply) -> list[Unit]:
    units: list[Unit] = []
    for number, section in enumerate(reply.sections):
        heading = shortened(clean(section.title), _HEADING).strip()
        bullet = _ITEM if section.title or len(section.lines) > 1 else ""
        for line in section.lines:
            text = sentence(line, _MARKUP) if section.flowing else bullet + item(line, _MARKUP)
            units.append(Unit(text, heading, line.refs, section.flowing, number))
    return units


def _parts(units: Sequence[Unit], *, marks: bool) -> list[Block]:
    """The items of a section in lists; its sentences, and what goes on from the page before, in sections."""
    parts: list[Block] = []
    for items, some in groupby(units, key=lambda unit: unit.text.startswith(_ITEM)):
        if items:
            made = [_section(runs) for unit in some if (runs := _runs(unit.text, marks=marks))]
            parts += [{"type": "rich_text_list", "style": "bullet", "elements": made}] if made else []
        elif runs := _runs(" ".join(unit.text for unit in some), marks=marks):
            parts.append(_section(runs))
    return parts


_MARKUP = Markup(
    clean,
    lambda text: f"{_BOLD}{clean(text)}{_END}",
    lambda text: f"{_CODE}{clean(text).replace('`', '')}{_END}",
    lambda text: f"{_ITALIC}{clean(text)}{_END}",
)


def _runs(text: str, *, marks: bool) -> list[Block]:
    """The text of a unit in pieces of one style each; one that was cut off in a style ends with it."""
    runs: list[Block] = []
    style = ""
    for piece in _RUN.split(text.removeprefix(_ITEM) if marks else _STEERING.sub("", text)):
        if _RUN.fullmatch(piece):
            style = _STYLES.get(piece, "")
        elif piece:
            runs.append(_text(piece, style))
    return runs


# ── sources ─────────────────────────────────────────────────────────────────────────────


def _weigher(references: Sequence[Reference]) -> Callable[[tuple[int, ...]], int]:
    by_number = {one.number: _weight(one) for one in references}

    def weigh(refs: tuple[int, ...]) -> int:
        return sum(by_number[number] for number in refs)

    return weigh


def _weight(reference: Reference) -> int:
    return len(f"[{reference.number}] {clean(described(reference))}{_link(reference.url)}") + 1


def _source(reference: Reference, *, links: bool) -> list[Block]:
    words = clean(described(reference))
    url = _link(reference.url) if links else ""
    if url:
        return [_text(f"\n[{reference.number}] "), {"type": "link", "url": url, "text": words}]
    return [_text(f"\n[{reference.number}] {words}")]


def _link(url: str) -> str:
    """The address, where it is one of the web that Slack takes; else nothing."""
    if len(url) > _URL or not re.fullmatch(r"https?://[^\s<>|\"\\]+", url) or not url.isprintable():
        return ""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return ""
    return url if host else ""


# ── parts of rich text ──────────────────────────────────────────────────────────────────


def _rich(parts: list[Block]) -> Block:
    return {"type": "rich_text", "elements": parts}


def _section(parts: Sequence[Block]) -> Block:
    return {"type": "rich_text_section", "elements": list(parts)}


def _text(text: str, style: str = "") -> Block:
    return {"type": "text", "text": text, "style": {style: True}} if style else {"type": "text", "text": text}
