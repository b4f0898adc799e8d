"""What a command is, and how the words of a reader become a request for one."""

import shlex
from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from bot.answer.when import EXAMPLES, read_when
from bot.edtf import Edtf, spoken
from bot.nearest import nearest
from bot.reply import Reply
from bot.store.shelf import Shelf

MAX_TYPED = 500
_WINDOW = 6  # words that a date may take


# What a parameter holds: how it is read, and what completes it.
Kind = Literal["date", "tag", "briefing", "source", "fact", "command", "words"]


class Param(NamedTuple):
    """One parameter of a command."""

    name: str
    kind: Kind
    help: str
    required: bool = False
    cues: tuple[str, ...] = ()  # words that may stand before its value
    cued: bool = False  # they have to

    @property
    def usage(self) -> str:
        """`ID`, `[FROM]`, `[known DAY]`."""
        if self.cued:
            return f"[{self.cues[0]} {self.kind.upper()}]"
        return self.name.upper() if self.required else f"[{self.name.upper()}]"


class Ask(NamedTuple):
    """All that a handler may know."""

    shelf: Shelf
    name: str  # of the story, as people say it
    call: str  # what is typed before a command: "!exomars"
    args: Mapping[str, "str | Edtf"]
    today: date
    commands: "Sequence[Command]"

    def text(self, name: str) -> str | None:
        """The value of a parameter that holds text; None where it was left out."""
        value = self.args.get(name)
        return value if isinstance(value, str) else None

    def when(self, name: str) -> Edtf | None:
        """The value of a parameter that holds a date; None where it was left out."""
        value = self.args.get(name)
        return value if isinstance(value, Edtf) else None


class Command(NamedTuple):
    """One entry of the table; every platform derives its own form from it."""

    name: str
    help: str
    params: tuple[Param, ...]
    handler: Callable[[Ask], Reply]
    examples: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """`timeline [FROM] [TO] [TAG]`."""
        return " ".join((self.name, *(param.usage for param in self.params)))


class Request(NamedTuple):
    """A command and its arguments, understood."""

    command: Command
    args: Mapping[str, str | Edtf]
    understood: tuple[str, ...] = ()  # what has to be said about how it was understood

    @property
    def words(self) -> str:
        """The same request in the words that are always understood the same way."""
        parts = [self.command.name]
        for param in self.command.params:
            value = self.args.get(param.name)
            if value is not None:
                parts += [*param.cues[:1], value.text if isinstance(value, Edtf) else value]
        return " ".join(parts)


class Misread(NamedTuple):
    """Why words are no request, in a sentence, and what might have been meant."""

    what: str
    try_instead: tuple[str, ...]  # requests in words


class Known(NamedTuple):
    """What is there to be named in a request."""

    today: date
    newest: date | None  # the day of the story's newest source
    tags: Container[str]


def read_request(typed: str, commands: Sequence[Command], known: Known) -> Request | Misread:
    """Understands one line: a command and its arguments, in any form people type them."""
    if len(typed) > MAX_TYPED:
        return Misread(f"That is {len(typed):,} characters long; {MAX_TYPED} are read at most.", ("help",))
    words = _split(typed)
    if not words:
        return Request(commands[0], {})
    command = find_command(words[0], commands)
    if command is None:
        return _no_command(words, commands)
    args, understood, left = _take(words[1:], command.params, known)
    if left:
        return _left_over(command, left)
    return _complete(command, args, understood)


def read_values(command: Command, values: Mapping[str, str], known: Known) -> Request | Misread:
    """Understands arguments that a platform gives by name, as slash commands do."""
    args: dict[str, str | Edtf] = {}
    understood: list[str] = []
    for param in command.params:
        given = values.get(param.name, "").strip()
        if not given:
            continue
        taken = _read(param, given, known)
        if taken is None:
            return _left_over(command, [given])
        args[param.name] = taken
        understood += _told(given, taken)
    return _complete(command, args, understood)


def find_command(word: str, commands: Sequence[Command]) -> Command | None:
    """The command of this name."""
    return next((command for command in commands if command.name == word.lower()), None)


def _complete(
    command: Command, args: Mapping[str, str | Edtf], understood: Sequence[str]
) -> Request | Misread:
    """The request, unless something that it needs was left out."""
    for param in command.params:
        if param.required and param.name not in args:
            what = f"{command.name} needs {param.name.upper()}: {param.help}."
            return Misread(what, command.examples[:2] or (f"help {command.name}",))
    return Request(command, args, tuple(understood))


def _split(typed: str) -> list[str]:
    try:
        return shlex.split(typed.replace("“", '"').replace("”", '"'), posix=True)
    except ValueError:  # a quotation mark or an apostrophe on its own
        return typed.split()


def _take(
    words: list[str], params: Sequence[Param], known: Known
) -> tuple[dict[str, str | Edtf], list[str], list[str]]:
    args: dict[str, str | Edtf] = {}
    understood: list[str] = []
    left: list[str] = []
    aimed: Param | None = None
    while words:
        open_params = [param for param in params if param.name not in args]
        cued = next((param for param in open_params if words[0].lower() in param.cues), None)
        if cued and len(words) > 1:
            aimed, words = cued, words[1:]
            continue
        for param in [aimed] if aimed else [param for param in open_params if not param.cued]:
            count, value = _first(param, words, open_params, known)
            if value is not None:
                args[param.name] = value
                understood += _told(" ".join(words[:count]), value)
                words = words[count:]
                break
        else:
            left, words = [*left, words[0]], words[1:]
        aimed = None
    return args, understood, left


def _first(
    param: Param, words: list[str], open_params: Sequence[Param], known: Known
) -> tuple[int, "str | Edtf | None"]:
    """The value that the words begin with, and how many of them it takes."""
    if param.kind == "words":
        return len(words), " ".join(words)
    if param.kind != "date":
        return 1, _read(param, words[0], known)
    if words[0].lower() in known.tags and any(other.kind == "tag" for other in open_params):
        return 0, None
    cues = {cue for other in open_params for cue in other.cues}
    for count in range(min(_WINDOW, len(words)), 0, -1):
        if count > 1 and cues & {word.lower() for word in words[:count]}:
            continue
        value = _read(param, " ".join(words[:count]), known)
        if value is not None:
            return count, value
    return 0, None


def _read(param: Param, text: str, known: Known) -> "str | Edtf | None":
    if param.kind == "date":
        return read_when(text, known.today, known.newest)
    if param.kind == "words":
        return text
    value = text.lower().strip("`<>.,")
    if param.kind == "tag":
        value = value.lstrip("#")
        return value if value in known.tags else None
    return value or None


def _told(typed: str, value: "str | Edtf") -> list[str]:
    if not isinstance(value, Edtf) or typed.strip() == value.text:
        return []
    return [f"“{typed}” was read as {spoken(value)}."]


def _no_command(words: list[str], commands: Sequence[Command]) -> Misread:
    names = [command.name for command in commands]
    near = nearest(words[0].lower(), names, 1, 0.7)
    if near:
        again = " ".join((near[0], *words[1:]))
        return Misread(f"There is no command “{words[0]}”. Did you mean {near[0]}?", (again,))
    instead = (f"search {' '.join(words)}",) if len(words) > 1 and "search" in names else ()
    return Misread(f"There is no command “{words[0]}”.", (*instead, "help"))


def _left_over(command: Command, left: list[str]) -> Misread:
    text = " ".join(left)
    kinds = {param.kind for param in command.params}
    if "date" in kinds:
        tag = " or a tag" if "tag" in kinds else ""
        what = f"“{text}” was not understood as a date{tag}. Dates may be typed like this: {EXAMPLES}."
    else:
        what = f"“{text}” is more than {command.usage} takes."
    return Misread(what, (*command.examples[:2], f"help {command.name}"))
