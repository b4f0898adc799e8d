"""The files of a story in the order of reading: list, read, parse, hold against each other.

listing ─ read ─ parse ─┬─ Source, Briefing ─ shape_of ─ settle
                        └─ Problem
"""

import os
from collections.abc import Iterable
from typing import NamedTuple

from bot.load.check import settle, shape_of
from bot.load.folder import Folder, Listing, Seen, listing, read
from bot.load.note import Note, parse
from bot.model import Briefing, Problem, Source


class Loaded(NamedTuple):
    """What came of reading one file."""

    seen: Seen
    sha: str  # of its bytes; empty where it could not be read
    note: Note


class Checked(NamedTuple):
    """A whole story read from its files alone."""

    loaded: tuple[Loaded, ...]
    problems: tuple[Problem, ...]

    def items(self, kind: str) -> int:
        """How many files of this kind are there."""
        return sum(1 for one in self.loaded if one.seen.kind == kind)


def load(seen: Seen) -> Loaded:
    """Reads and parses one file."""
    text = read(seen)
    if isinstance(text, Problem):
        return Loaded(seen, "", Note(None, (text,)))
    return Loaded(seen, text[1], parse(seen.path, seen.kind, text[0]))


def check_folders(folders: Iterable[Folder]) -> Checked:
    """Reads every file of a story and lists all problems, those within and those between files."""
    found = listing(folders)
    return check(found, tuple(load(seen) for seen in found.files))


def check(found: Listing, loaded: tuple[Loaded, ...]) -> Checked:
    """Lists all problems of files that were read, sorted by file and line."""
    shapes = {
        one.seen.path: shape_of(one.seen.path, one.note.item) for one in loaded if one.note.item is not None
    }
    between = settle({}, shapes, broken=broken_of(loaded))
    own = [problem for one in loaded for problem in one.note.problems]
    return Checked(loaded, tuple(sorted({*found.problems, *own, *between.problems})))


def broken_of(loaded: Iterable[Loaded]) -> dict[str, frozenset[str]]:
    """The sources that could not be read whole, by id, with the facts they seem to have."""
    return {
        os.path.basename(one.seen.path).removesuffix(".md"): frozenset(one.note.seems)
        for one in loaded
        if one.note.item is None and one.seen.kind == "source"
    }


def items_of(loaded: Iterable[Loaded]) -> dict[str, Source | Briefing]:
    """The items read, by path."""
    return {one.seen.path: one.note.item for one in loaded if one.note.item is not None}
