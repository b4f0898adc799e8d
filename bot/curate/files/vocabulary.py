"""The vocabulary of a story, taken over beside its notes.

Nothing is settled about it: no note leans on words, and words hold back no note.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bot.load.check import pointing
from bot.load.folder import Listing
from bot.load.story import Loaded
from bot.model import NO_WORDS, Problem, Shape, Vocabulary
from bot.store.shelf import FileRow

KIND = "vocabulary"


class Taken(NamedTuple):
    """What a sync makes of the words of a story."""

    words: Vocabulary | None  # None: as they are
    files: tuple[FileRow, ...]  # what is to be remembered of their file
    problems: tuple[Problem, ...]


def apart(loaded: Iterable[Loaded]) -> tuple[tuple[Loaded, ...], tuple[Loaded, ...]]:
    """What was read of the vocabulary, and what of notes."""
    loaded = tuple(loaded)
    return (
        tuple(one for one in loaded if one.seen.kind == KIND),
        tuple(one for one in loaded if one.seen.kind != KIND),
    )


def take_over(
    found: Listing, read: Iterable[Loaded], known: Mapping[str, FileRow], shapes: Iterable[Shape]
) -> Taken:
    """Decides which words stand; `shapes` are all notes that do, and those that were read.

    Those of a file that is broken stay as they were, and so do those of a folder that as a whole is
    missing or empty; those of a file that is gone are forgotten.
    """
    rows = [row for row in known.values() if row.kind == KIND]
    if read := tuple(read):
        stood = any(row.item for row in rows)
        shapes = tuple(shapes)
        between = [problem for one in read for problem in pointing(one.note.shape, shapes)]
        own = [problem for one in read for problem in one.note.problems]
        words = next((one.words for one in read if one.words is not None), None)
        return Taken(words, tuple(_row(one, stood) for one in read), (*own, *between))
    if any(seen.kind == "source" for seen in found.files):
        return Taken(NO_WORDS, (), ())
    kept = tuple(row._replace(state="kept", stat="gone") for row in rows if row.item)
    return Taken(None, kept, tuple(map(_emptied, kept)) if "source" not in found.missing else ())


def _row(one: Loaded, stood: bool) -> FileRow:  # noqa: FBT001  (whether earlier words stand)
    item, state = (KIND, "loaded") if one.words is not None else (KIND, "kept") if stood else ("", "out")
    return FileRow(one.seen.path, KIND, item, one.seen.stat, one.sha, state)


def _emptied(row: FileRow) -> Problem:
    what = "is gone, as is every source file"
    return Problem(row.path, 1, what, "put them back; until then the last version stands")
