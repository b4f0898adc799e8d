"""How the words of a reader become a request for a command."""

import re
import shlex
from collections.abc import Container, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from bot.command.entry import Command, Param
from bot.command.ids import ANY, FORMS, readable
from bot.command.terms import TERMS, Terms
from bot.command.when import EXAMPLES, is_no_day, read_when
from bot.edtf import Edtf, spoken
from bot.nearest import nearest

MAX_TYPED = 500
MAX_TEXT = 64 * 1024  # bytes of a text that comes by name
_WINDOW = 6  # words that a date may take
_WORDS = {"words", "name", "topic"}  # kinds that take all words there are


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
            if value is not None and param.kind != "text":
                parts += [*param.cues[:1], written(self.command, param, value)]
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
    terms: Terms = TERMS  # what it is called where it is asked
    names: Container[str] = ()  # under which somebody is known


def written(command: Command, param: Param, value: str | Edtf) -> str:
    """A value as it is typed behind its command: quoted, where a part of it would be taken for a cue."""
    text = value.text if isinstance(value, Edtf) else value
    if param.kind in _WORDS or " " not in text or '"' in text:
        return text
    cues = {cue for one in command.params for cue in one.cues}
    return f'"{text}"' if cues & {*text.lower().split()} else text


def read_request(typed: str, commands: Sequence[Command], known: Known) -> Request | Misread:
    """Understands one line: a command and its arguments, in any form people type them.

    A question that names no command, or only seems to, is for the command that takes questions.
    """
    found = _read_request(typed, commands, known)
    asked = next((command for command in commands if command.takes_questions), None)
    if asked is None or len(typed) > MAX_TYPED or not is_question(typed):
        return found
    if (isinstance(found, Misread) and not _meant(typed, commands)) or (
        isinstance(found, Request) and _names_nobody(found, typed, known)
    ):
        return Request(asked, {asked.params[0].name: typed.strip()})
    return found


def _meant(typed: str, commands: Sequence[Command]) -> bool:
    """Whether a line was meant for the command that it begins with: "compare march?", not "since when?"."""
    words = typed.lower().split()
    named = {word for command in commands for word in command.name.split()[:1]}
    if words[0] not in named or words[0] in _ASKS:
        return False
    second = words[1].strip(_STOPS) if len(words) > 1 else ""
    grouped = any(command.name == f"{words[0]} {second}" for command in commands)
    return grouped or len(words) < _SENTENCE or any(letter.isdigit() for letter in typed)


_SENTENCE = 3  # words at least


def _names_nobody(found: Request, typed: str, known: Known) -> bool:
    """Whether a question only looks like a request about somebody: "who left first?"."""
    names = [str(found.args[param.name]).rstrip(_STOPS) for param in found.command.params
             if param.kind == "name" and param.name in found.args]  # fmt: skip
    return typed.rstrip().endswith("?") and any(name not in known.names for name in names)


def is_question(typed: str) -> bool:
    """Whether a line is a question in a reader's own words."""
    words = [word for word in typed.lower().split() if word.strip(_STOPS)]
    if len(words) == 1:
        return typed.rstrip().endswith("?") and words[0].strip(_STOPS) in _ASKS
    if len(words) > 1 and typed.rstrip().endswith("?"):
        return True
    return len(words) > 2 and (words[0] in _ASKS or (words[0] in _OPENS and words[1] in _ASKS))


_ASKS = frozenset(
    """
    who whom whose what when where why which how is are was were did do does has have had will would can
    could should whats whos
    """.split()  # noqa: SIM905  (one word each would say no more)
)
_OPENS = frozenset(
    ("so", "and", "but", "since", "until", "in", "on", "at", "by", "from", "of", "to", "ok", "hey")
)


def _read_request(typed: str, commands: Sequence[Command], known: Known) -> Request | Misread:
    if len(typed) > MAX_TYPED:
        return Misread(f"That is {len(typed):,} characters long; {MAX_TYPED} are read at most.", ("help",))
    words = _split(typed)
    if not words:
        return Request(commands[0], {})
    command, rest = _command(words, commands)
    if command is None:
        return _no_command(words, commands)
    if [param.kind for param in command.params] == ["words"]:
        # An apostrophe quotes nothing in a question; marks around the whole are left out.
        rest = " ".join(_command(typed.split(), commands)[1]).strip('"“”').split()
    args, understood, left, wrong = _take(rest, command.params, known)
    if wrong:
        return _wrong(command, wrong)
    if left := [word for word in left if word.lower().strip(_STOPS) not in _POLITE]:
        return _left_over(command, left, rest, known)
    return _complete(command, args, understood, known.terms)


def read_values(command: Command, values: Mapping[str, str], known: Known) -> Request | Misread:
    """Understands arguments that a platform gives by name, as slash commands and forms do."""
    args: dict[str, str | Edtf] = {}
    understood: list[str] = []
    wrong: list[str] = []
    for param in (*command.params, *command.fields):
        given = values.get(param.name, "").strip()
        if param.kind == "text" and param.name in values:
            # An empty one was emptied, which is something else than left out.
            args[param.name], size = _text(values[param.name])
            if size > MAX_TEXT:
                wrong.append(f"{param.name}: that is {size:,} bytes long; {MAX_TEXT:,} are read at most")
            continue
        if not given:
            continue
        taken = _read(param, given, known)
        if taken is not None:
            args[param.name] = taken
            understood += _told(given, taken)
        elif complaint := _of_value(param, given, known):
            wrong += complaint
        else:
            return _left_over(command, [given], [given], known)
    return _wrong(command, wrong) if wrong else _complete(command, args, understood, known.terms)


def named(typed: str, commands: Sequence[Command], today: date) -> tuple[Command, dict[str, str]] | None:
    """The command of a line and its arguments by name, as `read_values` takes them; None where it is none.

    For a line in words that are always understood the same way, whatever the story says meanwhile.
    """
    found = read_request(typed, commands, Known(today, None, ()))
    if isinstance(found, Misread):
        return None
    values = {name: value.text if isinstance(value, Edtf) else value for name, value in found.args.items()}
    return found.command, values


def command_of(typed: str, commands: Sequence[Command]) -> Command | None:
    """The command that a line is for, whatever stands behind it; None where it names none."""
    words = _split(typed[:MAX_TYPED])
    return _command(words, commands)[0] if words else commands[0]


def opens_form(typed: str, commands: Sequence[Command]) -> bool:
    """Whether a line, as a button carries it, opens the form of its command."""
    command, rest = _command(_split(typed[:MAX_TYPED]) or [commands[0].name], commands)
    return command is not None and command.opens_form(rest)


def find_command(name: str, commands: Sequence[Command]) -> Command | None:
    """The command of this name, of one word or two."""
    wanted = " ".join(name.lower().split())
    return next((command for command in commands if command.name == wanted), None)


_STOPS = "!?.,;:"
_POLITE = {"", "please"}


def _command(words: list[str], commands: Sequence[Command]) -> tuple[Command | None, list[str]]:
    """The command that the words begin with, and the words behind it."""
    if len(words) > 1 and words[0].lower().strip(_STOPS) in _POLITE:
        words = words[1:]
    for count in (2, 1):
        name = " ".join(words[:count]).rstrip(_STOPS)
        found = find_command(name, commands) if len(words) >= count else None
        if found:
            return found, words[count:]
    # A group on its own, as "digest", is its first command.
    grouped = [command for command in commands if command.group == words[0].lower().rstrip(_STOPS)]
    return (grouped[0], []) if grouped and len(words) == 1 else (None, words)


def _complete(
    command: Command, args: Mapping[str, str | Edtf], understood: Sequence[str], terms: Terms
) -> Request | Misread:
    """The request, unless something that it needs was left out."""
    for param in command.params:
        if param.required and param.name not in args:
            what = f"{command.name} needs {terms.worded(f'{param.name.upper()}: {param.help}')}."
            return Misread(what, command.examples[:2] or (f"help {command.name}",))
    return Request(command, args, tuple(understood))


def _split(typed: str) -> list[str]:
    try:
        return shlex.split(typed.replace("“", '"').replace("”", '"'), posix=True)
    except ValueError:  # a quotation mark or an apostrophe on its own
        return typed.split()


def _take(
    words: list[str], params: Sequence[Param], known: Known
) -> tuple[dict[str, str | Edtf], list[str], list[str], list[str]]:
    """The arguments, what is to be said of them, the words left over, and what is wrong with others."""
    args: dict[str, str | Edtf] = {}
    understood: list[str] = []
    left: list[str] = []
    wrong: list[str] = []
    aimed: Param | None = None
    while words:
        open_params = [param for param in params if param.name not in args and param.kind != "text"]
        cued = next((param for param in open_params if words[0].lower() in param.cues), None)
        # Behind a cue stands its value, whatever else that may be: "publish on at 09:00".
        for param in _possible(aimed, cued if len(words) > 1 else None, open_params):
            count, value = _first(param, words, open_params, known)
            if value is not None:
                args[param.name] = value
                understood += _told(" ".join(words[:count]), value)
                words = words[count:]
                aimed = None
                break
        else:
            if cued and cued is not aimed and len(words) > 1:
                aimed, words = cued, words[1:]
                continue
            if aimed and (complaint := _of_value(aimed, words[0], known)):
                wrong += complaint
            else:
                left.append(words[0])
            words = words[1:]
            aimed = None
    return args, understood, left, wrong


def _possible(aimed: Param | None, cued: Param | None, open_params: Sequence[Param]) -> Sequence[Param]:
    """What the next words can be a value of: of what stands before them alone, unless they are a cue."""
    if aimed:
        return [aimed]
    return [] if cued else [param for param in open_params if not param.cued]


def _first(
    param: Param, words: list[str], open_params: Sequence[Param], known: Known
) -> tuple[int, "str | Edtf | None"]:
    """The value that the words begin with, and how many of them it takes."""
    # A source may be named by its outlet; with a question mark, more than one word are a question.
    by_words = param.kind == "source" and not words[-1].endswith("?")
    if by_words or param.kind in {*_WORDS, "command"}:
        return len(words), _read(param, " ".join(words), known)
    if param.kind not in {"date", "value"}:
        return 1, _read(param, words[0], known)
    if words[0].lower() in known.tags and any(other.kind == "tag" for other in open_params):
        return 0, None
    cues = {cue for other in open_params for cue in other.cues}
    for count in range(min(_WINDOW, len(words)), 0, -1):
        if count > 1 and cues & {word.lower() for word in words[:count]} - {words[0].lower()}:
            continue
        value = _read(param, " ".join(words[:count]), known)
        if value is not None:
            return count, value
    return 0, None


def _read(param: Param, text: str, known: Known) -> "str | Edtf | None":
    if param.kind == "date":
        return read_when(text, known.today, known.newest)
    if param.kind in _WORDS:
        return text
    if param.kind == "value":
        value = text.removeprefix("--")  # as one types it in a shell
        return None if _complaint(param, value) else value
    if param.kind == "item":
        return text.lower().strip("[]@`<>.,") or None
    if param.kind in _FORMS:
        fits = re.fullmatch(_FORMS[param.kind], text, re.IGNORECASE | re.ASCII)
        return text.replace("<@!", "<@") if fits else None  # as Discord wrote somebody once
    value = text.lower().strip("`<>.,")
    if param.kind == "tag":
        value = value.lstrip("#")
        return value if value in known.tags else None
    return value or None


# How a place, a role, a person and what has a number are typed; what they are is looked up by the handler.
_FORMS = {
    "place": rf"<#{ANY}>|#\S+|here|me|(?:discord|slack):\S+",
    "role": rf"<@&{ANY}>|none",
    # By platform and id as well, as where no mention can be typed.
    "person": rf"(?-i:<@[!&]?{ANY}>|discord/{FORMS['discord']}|slack/{FORMS['slack']})|me",
    "subscription": r"\d{1,9}",
    "draft": r"\d{1,9}",
}


def _text(given: str) -> tuple[str, int]:
    """A text that came by name, with the line ends of a file, and its length in bytes."""
    # Half of a character, which a platform should not send, could not be stored.
    stored = given.replace("\r\n", "\n").encode("utf-8", "replace")
    return stored.decode(), len(stored)


def _complaint(param: Param, text: str) -> list[str]:
    """What is wrong with a value, in a line for whoever typed it; nothing where it is right."""
    assert param.read is not None
    try:
        param.read(text)
    except ValueError as error:
        return [f"{param.name}: {error}"]
    return []


def _of_value(param: Param, text: str, known: Known) -> list[str]:
    """What is wrong with a value of which it is known whose it is, where that can be said."""
    if param.kind == "role":
        return [_no_role(text, known.terms)]
    return _complaint(param, text) if param.read else []


def _no_role(text: str, terms: Terms) -> str:
    return f"There is no {terms.role} {readable(text)[:40]}; {terms.naming}"


def _wrong(command: Command, wrong: Sequence[str]) -> Misread:
    lines = [f"{line[:1].upper()}{line[1:]}." for line in wrong]
    return Misread("\n".join(lines), (*command.examples[:2], f"help {command.name}"))


def _told(typed: str, value: "str | Edtf") -> list[str]:
    if not isinstance(value, Edtf) or typed.strip() == value.text:
        return []
    return [f"“{typed}” was read as {spoken(value)}."]


def _no_command(words: list[str], commands: Sequence[Command]) -> Misread:
    names = [command.name for command in commands]
    groups = {command.group for command in commands} - {""}
    if words[0].lower() in groups:
        mine = [name for name in names if name.startswith(f"{words[0].lower()} ")]
        near = _near(" ".join(words[:2]).lower(), mine, 0.6)
        again = [" ".join((*near, *words[2:]))] if near else mine[:3]
        what = f"There is no “{readable(' '.join(words[:2]))}”; there are {', '.join(mine)}."
        return Misread(what, tuple(again))
    near = _near(words[0].lower(), [*names, *sorted(groups)], 0.7)
    if near:
        again_words = " ".join((near[0], *words[1:]))
        return Misread(f"There is no command “{words[0]}”. Did you mean {near[0]}?", (again_words,))
    instead = (f"search {' '.join(words)}",) if len(words) > 1 and "search" in names else ()
    return Misread(f"There is no command “{readable(words[0])}”.", (*instead, "help"))


def _near(given: str, names: Sequence[str], cutoff: float) -> list[str]:
    """The one that this may be: what begins so, else the nearest."""
    begun = [name for name in names if name.startswith(given)]
    return begun if len(begun) == 1 else nearest(given, begun or names, 1, cutoff)


def _left_over(command: Command, left: list[str], given: Sequence[str], known: Known) -> Misread:
    """What was left of what was given with a command, with what can be said of it."""
    text = readable(" ".join(left))
    kinds = {param.kind for param in command.params}
    if "date" in kinds and (no_day := _no_day(given, known)):
        what = f"There is no such day as “{no_day}”."
    elif "role" in kinds and all(param.required for param in command.params):
        what = f"{_no_role(left[0], known.terms)}."
    elif "person" in kinds and left[0].startswith("@"):
        what = (
            f"There is nobody “{left[0][:40]}” here: name a person as @somebody,"
            f" or a {known.terms.role} as @editors."
        )
    elif "date" in kinds:
        tag = " or a tag" if "tag" in kinds else ""
        what = f"“{text}” was not understood as a date{tag}. Dates may be typed like this: {EXAMPLES}."
    elif "value" in kinds:
        what = f"“{text}” was not understood; it takes this form: {command.usage}"
    else:
        what = f"“{text}” is more than {command.usage} takes."
    return Misread(what, (*command.examples[:2], f"help {command.name}"))


def _no_day(words: Sequence[str], known: Known) -> str:
    """Those of the words that would be a day, if the month had so many; empty where none are."""
    spans = [
        " ".join(words[at : at + count])
        for count in range(min(_WINDOW, len(words)), 0, -1)
        for at in range(len(words) - count + 1)
    ]
    return next((span for span in spans if is_no_day(span, known.today, known.newest)), "")
