"""A line of an answer in the markup of a platform: what stands in front of it, in it and behind it."""

from collections.abc import Callable
from typing import NamedTuple

from bot.render.words import numbers
from bot.reply import Line

Mark = Callable[[str], str]


class Markup(NamedTuple):
    """How a platform marks plain text; each function is given it as it is, and makes it harmless."""

    plain: Mark
    bold: Mark
    code: Mark
    note: Mark  # what stands behind a line, on a line of its own


def sentence(line: Line, markup: Markup) -> str:
    """A line that flows on in its paragraph."""
    return f"{markup.plain(line.text)} {numbers(line)}".strip()


def item(line: Line, markup: Markup) -> str:
    """A line that stands on its own."""
    label = markup.code(line.label) if line.label else ""
    when = markup.bold(f"{line.when}:") if line.when else ""
    words = " ".join(filter(None, [label, when, _marked(line, markup), numbers(line)]))
    return f"{words}\n{markup.note(line.note)}" if line.note else words


def _marked(line: Line, markup: Markup) -> str:
    shown, end = "", 0
    for start, stop in line.marks:
        shown += markup.plain(line.text[end:start]) + markup.bold(line.text[start:stop])
        end = stop
    return shown + markup.plain(line.text[end:])
