"""Whether a line that somebody typed is for the bot, for which story, and what it asks."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from bot.command.entry import Command, Upload
from bot.command.request import command_of
from bot.command.uploads import without_blocks

_BEHIND_A_NAME = " \t,:;.!–-"


class Said(NamedTuple):
    """A message to the bot, taken apart."""

    story: str  # the word of the story that is asked
    words: str
    takes_files: bool = False  # whether the words are for a command that takes files
    blocks: tuple[Upload, ...] = ()  # what stands in blocks of code; only for such a command


def said(
    typed: str,
    tables: Mapping[str, Sequence[Command]],
    *,
    names: Collection[str] = (),
    direct: bool = False,
    carries: bool = False,
) -> Said | None:
    """What a message asks, given the commands of each story; None where it is not for the bot.

    Nobody is addressed from within a block of code. What stands there is a file where the words around
    it are for a command that takes files; else it is words like all others. `carries`: whether files
    came with it.
    """
    outside, blocks = without_blocks(typed) if "```" in typed else (typed, ())
    found = addressed(outside, [*tables], names=names, direct=direct)
    if found is None:
        return None
    if carries or blocks:
        command = command_of(found[1], tables[found[0]])
        if command is not None and command.files:
            return Said(*found, takes_files=True, blocks=blocks)
    whole = addressed(typed, [*tables], names=names, direct=direct) if outside is not typed else found
    return Said(*(whole or found))


def without_word(typed: str, story: str) -> str:
    """What a command asks that is the word of a story itself, where that was typed once more behind it."""
    head, *tail = typed.split(maxsplit=1) or [""]
    return (tail[0] if tail else "") if head.lower().removeprefix("!") == story else typed


def addressed(
    typed: str, stories: Sequence[str], *, names: Collection[str] = (), direct: bool = False
) -> tuple[str, str] | None:
    """The story and the rest of the line; None where the line is not for the bot.

    A line is for the bot where it begins with `!` and the word of a story, where one of the bot's
    `names` stands in it, and always where it is said to the bot alone (`direct`). Where no story
    is named, the first one is meant.
    """
    name = next((name for name in names if name in typed), "")
    rest = typed.partition(name)[2].lstrip(_BEHIND_A_NAME) if name else typed.strip()
    head, *tail = rest.split(maxsplit=1) or [""]
    word = head.lower().removeprefix("!")
    if word in stories and (head.startswith("!") or name or direct):
        return word, tail[0].strip() if tail else ""
    if name or direct:
        return stories[0], rest.removeprefix("!").strip()
    return None
