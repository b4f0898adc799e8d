"""What comes with a command besides its words: blocks of code in a message, and files, as texts.

Nothing here fetches anything, and a name is only ever shown: it is no path to anything.
"""

import re
from typing import NamedTuple

from bot.command.entry import Upload
from bot.render.words import clean, shortened

MOST_FILES = 3  # with one command
MOST_BYTES = 128 * 1024  # of one file
MAX_NAME = 60
BLOCK = "code block"
TYPES = (".md", ".markdown", ".txt")

_FENCED = re.compile(r"```(?:(?:[a-z][\w+.#-]*)?[ \t]*\r?\n)?(.*?)(?:```|\Z)", re.DOTALL | re.IGNORECASE)


class Told(NamedTuple):
    """A file as a platform tells of it, before it is fetched."""

    name: str  # as whoever sent it called it
    size: int  # bytes
    kind: str  # as text/markdown; empty where it is not known


def without_blocks(typed: str) -> tuple[str, tuple[Upload, ...]]:
    """What was typed without its fenced blocks of code, and what stands in these.

    A block that is not closed goes on to the end. An empty one is nothing.
    """
    blocks = [found[1].replace("\r\n", "\n").strip("\n") for found in _FENCED.finditer(typed)]
    uploads = tuple(Upload(BLOCK, f"{block}\n") for block in blocks if block.strip())
    if len(uploads) > MOST_FILES:
        uploads = (*uploads[:MOST_FILES], _too_many(BLOCK))
    return _FENCED.sub(" ", typed).strip(), uploads


def unfit(told: Told, number: int) -> Upload | None:
    """Why a file is not even fetched; None where it is. `number`: how many came before it."""
    name = shown_name(told.name)
    if number >= MOST_FILES:
        return _too_many(name)
    if not told.name.lower().endswith(TYPES) and not told.kind.lower().startswith("text/"):
        return Upload(
            name, "", f"“{name}” is no text: a note is a Markdown file (.md) or a text file (.txt); send one"
        )
    if told.size > MOST_BYTES:
        return Upload(name, "", f"“{name}” is {told.size:,} bytes long, more than {MOST_BYTES:,}; shorten it")
    return None


def too_long(name: str) -> Upload:
    """A file of which no more is known than that it is longer than what is taken."""
    name = shown_name(name)
    return Upload(name, "", f"“{name}” is more than {MOST_BYTES:,} bytes long; shorten it")


def read_upload(told: Told, content: bytes) -> Upload:
    """A file that was fetched, as text. One that is longer than was told is not read at all."""
    name = shown_name(told.name)
    if len(content) > min(told.size, MOST_BYTES):
        what = f"“{name}” is longer than was told, so it was cut off and not read; send it again"
        return Upload(name, "", what)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return Upload(name, "", f"“{name}” is not in UTF-8 (line {line}); save it as UTF-8 and send it again")
    return Upload(name, text.replace("\r\n", "\n"))


def not_fetched(told: Told, why: str) -> Upload:
    """A file that could not be fetched."""
    name = shown_name(told.name)
    return Upload(name, "", f"“{name}” could not be fetched ({why}); send it again")


def shown_name(name: str) -> str:
    """What a file is called, as it may be shown."""
    return shortened(" ".join(clean(name).split()).replace("`", ""), MAX_NAME) or "a file"


def _too_many(name: str) -> Upload:
    return Upload(
        name, "", f"“{name}” was not read: {MOST_FILES} files are taken at once; send it after these"
    )
