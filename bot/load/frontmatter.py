"""A Markdown file with YAML in front, or all of YAML → plain values, and the line on which each stands.

Every scalar stays the text it was, so that `no` is not False and `12:30` not 750, and each value
keeps its line. Anchors and aliases are refused: a note needs none,
and they are what a file that unfolds to gigabytes is made of.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import yaml

from bot.model import Problem

FENCE = "---"
MAX_DEPTH = 8
# What YAML refuses without a line, or takes for the end of one where no editor does.
UNSEEN = re.compile("[^\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Where = tuple[str | int, ...]


class Parsed(NamedTuple):
    """The front matter of one file, its body, where things stand, and what is wrong with their form."""

    values: dict[str, object] | None  # None where they cannot be read; a value in them that cannot is None
    lines: dict[Where, int]
    body: str
    body_line: int  # the line of the file on which the body begins
    problems: tuple[Problem, ...] = ()

    def line(self, where: Sequence[str | int]) -> int:
        """The line of the value at `where`, or of the nearest value around it."""
        for end in range(len(where), -1, -1):
            if (line := self.lines.get(tuple(where[:end]))) is not None:
                return line
        return 1


def split(path: str, text: str) -> Parsed | Problem:
    """Takes one file apart; a problem where it cannot be.

    Reading goes on behind a mistake where that is possible, so that it hides no other.
    """
    if not text.strip():
        return Problem(path, 1, "is empty", "write the front matter and the text, or delete it")
    lines = lines_of(text)
    if lines[0].rstrip() != FENCE:
        return Problem(path, 1, "does not begin with ---", "put the front matter between two lines of ---")
    end = closing(lines)
    if end is None:
        return Problem(path, 1, "has no second ---", "close the front matter with a line of ---")
    # An empty line for the first fence keeps the line numbers those of the file.
    values, where, problems = _read(path, ["", *lines[1:end]], _NO_FRONT)
    return Parsed(values, where, "\n".join(lines[end + 1 :]), end + 2, problems)


def whole(path: str, text: str, fields: str) -> Parsed:
    """Reads a file that is all fields and has no body; `fields` names some that could stand there."""
    lines = lines_of(text)
    values, where, problems = _read(path, lines, (1, "has no fields", f"write {fields}, or delete it"))
    return Parsed(values, where, "", len(lines) + 1, problems)


def lines_of(text: str) -> list[str]:
    """The lines of a file."""
    # Not splitlines(), which also parts lines where editors and git do not.
    return re.split(r"\r\n|\r|\n", text)


def closing(lines: Sequence[str]) -> int | None:
    """The number of the line that closes the front matter, counted from 0."""
    return next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)


_Missing = tuple[int, str, str]  # line, what, what to do
_NO_FRONT: _Missing = (2, "has no fields in its front matter", "write `id: …` and the other fields")


def _read(
    path: str, lines: Sequence[str], missing: _Missing
) -> tuple[dict[str, object] | None, dict[Where, int], tuple[Problem, ...]]:
    """The values in these lines, where they stand, and what is wrong; `missing`: there are none."""
    problems = [
        Problem(path, number, "has characters that cannot be seen", "type the line anew")
        for number, line in enumerate(lines, 1)
        if UNSEEN.search(line)
    ]
    reader = _Reader(path, "\n".join(UNSEEN.sub("", line) for line in lines), missing)
    values, wrong = _values(reader)
    return values, reader.lines, (*problems, *reader.problems, *wrong)


def _values(reader: "_Reader") -> tuple[dict[str, object] | None, list[Problem]]:
    """The values of the fields, or what keeps them from being read."""
    path = reader.path
    try:
        return reader.document(), []
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        what = f"is not YAML here ({error.problem or error.context})"
        return None, [Problem(path, line, what, "quote the value, or mend the indentation")]
    except _UnreadableError as error:
        return None, [Problem(path, *error.args)]
    except yaml.YAMLError as error:
        return None, [Problem(path, 1, f"is not YAML ({_first_line(error)})", "rewrite the fields")]


def _in_their_place(event: yaml.Event) -> str:
    """What stands where fields are missing; empty where nothing does."""
    if isinstance(event, yaml.SequenceStartEvent):
        return ", but a list"
    return ", but plain text" if isinstance(event, yaml.ScalarEvent) and event.value else ""


class _UnreadableError(Exception):
    """Nothing after this can be read: line, what, what to do."""


class _Reader:
    """Builds the values from the parser's events, collecting lines and problems.

    From events, and not with `yaml.compose`, which recurses in C: a file of nested brackets would
    end the process there. Reading stops at the first that is too deep, before it costs anything.
    """

    def __init__(self, path: str, text: str, missing: _Missing) -> None:
        self.path = path
        self._missing = missing
        self.lines: dict[Where, int] = {}
        self.problems: list[Problem] = []
        self._events = yaml.parse(text, Loader=yaml.CBaseLoader)

    def document(self) -> dict[str, object]:
        """The fields at the top of the document."""
        for event in self._events:
            if isinstance(event, yaml.MappingStartEvent):
                found = self._mapping(())
                self._end()
                return found
            if not isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
                line, what, mend = self._missing
                raise _UnreadableError(line, f"{what}{_in_their_place(event)}", mend)
        raise _UnreadableError(*self._missing)

    def _end(self) -> None:
        for event in self._events:
            if not isinstance(event, yaml.DocumentEndEvent | yaml.StreamEndEvent):
                line = _line(event)
                raise _UnreadableError(line, "has text after the fields", "keep one list of fields")

    def _mapping(self, where: Where) -> dict[str, object]:
        found: dict[str, object] = {}
        for key in self._events:
            if isinstance(key, yaml.MappingEndEvent):
                break
            line = _line(key)
            if not isinstance(key, yaml.ScalarEvent):
                raise _UnreadableError(line, "a field's name is not a word", "write `name: value`")
            name = str(key.value)
            inside = (*where, name)
            if name in found:
                self._problem(line, f"the field {name!r} stands twice", "keep one of them")
            self.lines.setdefault(inside, line)
            found.setdefault(name, self._value(next(self._events), inside))
        return found

    def _sequence(self, where: Where) -> list[object]:
        found: list[object] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            inside = (*where, len(found))
            self.lines.setdefault(inside, _line(event))
            found.append(self._value(event, inside))
        return found

    def _value(self, event: yaml.Event, where: Where) -> object:
        if isinstance(event, yaml.ScalarEvent):
            return str(event.value)
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            self._problem(line, "refers to another value with *", "write the value out")
            return None
        if len(where) > MAX_DEPTH:
            raise _UnreadableError(line, "is nested too deep", "write the fields as the guide shows them")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(where)
        return self._sequence(where)

    def _problem(self, line: int, what: str, mend: str) -> None:
        self.problems.append(Problem(self.path, line, what, mend))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
