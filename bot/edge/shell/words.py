"""What is typed behind a command of the newsroom, taken apart: words, files, and texts to the end."""

import os
import shlex
from collections.abc import Sequence
from typing import NamedTuple

from bot.command.entry import Command, Param, Upload
from bot.command.uploads import MOST_BYTES, TYPES, Told, read_upload, too_long, unfit
from bot.errors import EXIT_USAGE, BotError

STANDARD_INPUT = "-"


class UnreadableError(BotError):
    """A file that was named cannot be read."""

    exit_code = EXIT_USAGE


class Typed(NamedTuple):
    """What stood behind a command."""

    words: tuple[str, ...]
    paths: tuple[str, ...]
    values: dict[str, str]  # by the name of the parameter: what stood behind its cue, to the end


def by_name(command: Command) -> list[Param]:
    """The parameters that in the shell have an option: the fields of a form, and what has a cue."""
    return [param for param in (*command.params, *command.fields) if param.cues or param.kind == "text"]


def flags(command: Command) -> list[Param]:
    """The parameters that are one word or nothing, as `quiet`: in the shell an option without a value."""
    return [one for one in command.params if one.kind == "value" and not one.cues and one.shown == one.name]


def behind(typed: str, command: Command) -> list[str]:
    """The words of a line behind the command that it begins with."""
    try:
        words = shlex.split(typed)
    except ValueError:  # a quotation mark or an apostrophe on its own
        words = typed.split()
    return words[len(command.name.split()) :]


def apart(command: Command, words: Sequence[str]) -> Typed:
    """Takes the words apart. A file is one behind what a command needs: a path, or `-`."""
    needed = sum(param.required for param in command.params)
    cues = {cue: param for param in command.params for cue in param.cues}
    typed: list[str] = []
    paths: list[str] = []
    left = [*words]
    while left:
        word = left.pop(0)
        param = cues.get(word.lower()) if len(typed) >= needed else None
        if param and param.kind == "words" and left:
            return Typed(tuple(typed), tuple(paths), {param.name: " ".join(left)})
        if param and left:
            typed += [word, left.pop(0)]
        elif command.files and len(typed) >= needed and _is_path(word, command):
            paths.append(word)
        else:
            typed.append(word)
    return Typed(tuple(typed), tuple(paths), {})


def read_file(path: str) -> Upload:
    """A file as it comes with a command. Raises UnreadableError."""
    try:
        with open(os.path.expanduser(path), "rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        why = error.strerror or str(error)
        raise UnreadableError(
            f"{path} cannot be read ({why}); name a file in the format of the notes"
        ) from error
    return as_upload(path, content)


def as_upload(name: str, content: bytes) -> Upload:
    """What was read, as it comes with a command; of what is too long, one byte too many was."""
    if len(content) > MOST_BYTES:
        return too_long(name)
    told = Told(name, len(content), "text/plain")
    return unfit(told, 0) or read_upload(told, content)


def _is_path(word: str, command: Command) -> bool:
    if word == STANDARD_INPUT or os.sep in word or word.lower().endswith(TYPES):
        return True
    return word.lower() not in {param.shown for param in command.params} and os.path.isfile(word)
