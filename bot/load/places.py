"""Which lines of a file each field of its front matter takes: for whoever changes one, and nothing else."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import yaml

from bot.load.frontmatter import FENCE, MAX_DEPTH, UNSEEN, closing, lines_of


class Stretch(NamedTuple):
    """The lines that something takes, counted from 0: those of a field, or of one entry of its list."""

    first: int
    stop: int  # the line behind the last
    entries: tuple["Stretch", ...] = ()  # of a field whose list is written with dashes


class Places(NamedTuple):
    """Where the fields at the top of a file stand."""

    fields: dict[str, Stretch]
    indent: int  # the column in which their names begin
    end: int  # the line before which one more can be written


def places(text: str) -> Places | None:
    """Where each field at the top stands; None where they do not have lines of their own, or cannot be read.

    Comments and blank lines between two fields are no part of either, but for comments that are
    indented further than the fields: they go with the one above them.
    """
    lines = lines_of(text)
    end = closing(lines)
    if end is None or lines[0].rstrip() != FENCE:
        return None
    try:
        return _Surveyor(["", *(UNSEEN.sub("", line) for line in lines[1:end])]).survey()
    except (yaml.YAMLError, _StrangeError):
        return None


class _StrangeError(Exception):
    """The front matter is not written field by field, each on lines of its own."""


class _Surveyor:
    """Finds the lines of the fields by the marks of the parser's events.

    Where a block ends, the parser marks what comes next; so its last line is that of the last value in it.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._events: Iterator[yaml.Event] = yaml.parse("\n".join([*lines, ""]), Loader=yaml.CBaseLoader)

    def survey(self) -> Places:
        """The places of all fields."""
        indent = self._beginning()
        if indent is None:
            return Places({}, 0, len(self._lines))
        found: dict[str, Stretch] = {}
        behind = 1
        for key in self._events:
            if isinstance(key, yaml.MappingEndEvent):
                break
            if not isinstance(key, yaml.ScalarEvent):
                raise _StrangeError
            first = self._begin(key, indent, "?", behind)
            stretch = self._field(first, key, next(self._events), indent)
            found.setdefault(str(key.value), stretch)
            behind = stretch.stop
        return Places(found, indent, self._ending())

    def _beginning(self) -> int | None:
        """The column of the fields; None where there are none."""
        for event in self._events:
            if isinstance(event, yaml.MappingStartEvent) and _plain(event):
                return _place(event)[1]
            if isinstance(event, yaml.StreamEndEvent):
                return None
            if not isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
                break
        raise _StrangeError

    def _ending(self) -> int:
        """The line on which the fields end."""
        end = len(self._lines)
        for event in self._events:
            if isinstance(event, yaml.DocumentEndEvent):
                end = _place(event)[0] if event.explicit else end
            elif not isinstance(event, yaml.StreamEndEvent):
                raise _StrangeError
        return end

    def _field(self, first: int, key: yaml.Event, value: yaml.Event, indent: int) -> Stretch:
        last = self._last(key, indent, first)
        begin, column = _place(value)
        alone = begin > last and not self._lines[begin][:column].strip()
        if not (isinstance(value, yaml.SequenceStartEvent) and alone and _plain(value)):
            return Stretch(first, self._behind(self._node(value, indent, last), indent))
        entries: list[Stretch] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            begin = self._begin(event, column, "-", begin)
            stop = self._behind(self._node(event, column, begin), column)
            entries.append(Stretch(begin, stop))
            begin = stop
        return Stretch(first, self._behind(begin - 1, indent), tuple(entries))

    def _node(self, event: yaml.Event, indent: int, last: int) -> int:
        """The last line of a value, and of all that is in it."""
        depth = 0
        while True:
            last = self._last(event, indent, last)
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth == 0:
                return last
            if depth > MAX_DEPTH:
                raise _StrangeError
            event = next(self._events)

    def _last(self, event: yaml.Event, indent: int, last: int) -> int:
        """The last line of what an event stands for, if that is behind the last so far."""
        start, (line, column) = _place(event), _place(event, end=True)
        if start == (line, column):
            # Of a block's end, and of a value that is missing altogether, it is the place of what follows.
            missing = isinstance(event, yaml.ScalarEvent) and column > indent
            return max(last, line) if missing else last
        if isinstance(event, yaml.ScalarEvent) and event.style in ("|", ">") and column == 0:
            return max(last, line - 1)
        return max(last, line)

    def _begin(self, event: yaml.Event, column: int, mark: str, behind: int) -> int:
        """The line on which something begins, which may be that of a mark in front of it."""
        line, start = _place(event)
        if mark == "?" and start == column:
            return line
        for number in range(line, behind - 1, -1):
            before, found = self._lines[number][:column], self._lines[number][column : column + 1]
            if found == mark and not before.strip():
                return number
        raise _StrangeError

    def _behind(self, last: int, indent: int) -> int:
        """The line behind a stretch, with the comments that go with it."""
        stop = number = last + 1
        while number < len(self._lines):
            line = self._lines[number].lstrip(" \t")
            if line and not (line[0] == "#" and len(self._lines[number]) - len(line) > indent):
                break
            number += 1
            stop = number if line else stop
        return stop


def _plain(event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> bool:
    """Whether a list, or fields, are written line by line, with nothing in front of the first."""
    return not (event.flow_style or event.tag or event.anchor)


def _place(event: yaml.Event, *, end: bool = False) -> tuple[int, int]:
    mark = event.end_mark if end else event.start_mark
    if mark is None:
        raise _StrangeError
    return mark.line, mark.column
