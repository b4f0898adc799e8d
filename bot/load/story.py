"""The files of a story in the order of reading: list, read, parse, hold against each other.

listing ─ read ─ parse ─┬─ Shape ─ across
                        └─ Source, Briefing, Vocabulary, or Problems
"""

from collections.abc import Iterable
from typing import NamedTuple

from bot.load.check import across, pointing
from bot.load.folder import Folder, Listing, Seen, listing, read
from bot.load.note import Note, parse, unread
from bot.model import Problem, Vocabulary


class Loaded(NamedTuple):
    """What came of reading one file."""

    seen: Seen
    sha: str  # of its bytes; empty where it could not be read
    note: Note
    text: str = ""
    words: Vocabulary | None = None  # of a vocabulary, which is no item


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
        return Loaded(seen, "", unread(seen.path, seen.kind, text))
    if seen.kind != "vocabulary":
        return Loaded(seen, text[1], parse(seen.path, seen.kind, text[0]), text[0])
    from bot.load.vocabulary import parse_words  # a story has one at most

    found = parse_words(seen.path, text[0])
    return Loaded(seen, text[1], Note(None, found.problems, found.shape), text[0], found.vocabulary)


def check_folders(folders: Iterable[Folder]) -> Checked:
    """Reads every file of a story and lists all problems, those within and those between files."""
    found = listing(folders)
    return check(found, tuple(load(seen) for seen in found.files))


def check(found: Listing, loaded: tuple[Loaded, ...]) -> Checked:
    """Lists all problems of files that were read, each once, sorted by file and line."""
    own = [problem for one in loaded for problem in one.note.problems]
    shapes = [one.note.shape for one in loaded if one.seen.kind != "vocabulary"]
    between = [wrong.problem for wrong in across(shapes)]
    for one in loaded:
        if one.seen.kind == "vocabulary":
            between += pointing(one.note.shape, shapes)
    return Checked(loaded, tuple(sorted({*found.problems, *own, *between})))
