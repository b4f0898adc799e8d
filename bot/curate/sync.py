"""Takes over what changed in the files of a story: by content, in one transaction, nothing lost.

listing ── unchanged? done
   └─ read and parse what changed ── settle ── Change ── one transaction
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bot.config import Config, Story
from bot.errors import StoreError
from bot.load.folder import Folder, Listing, listing
from bot.store.shelf import FileRow, Shelf
from bot.store.store import Store

if TYPE_CHECKING:
    from sqlite_utils import Database

    from bot.load.check import Settled
    from bot.load.story import Loaded
    from bot.model import Problem, Shape
    from bot.store.writing import Change

TRIES = 5
MOST_TOLD = 10

Step = Callable[[int, int], None]
"""Is told how many of how many files have been read, from none on."""


class Synced(NamedTuple):
    """What a sync did."""

    story: str
    put: int  # sources and briefings written
    dropped: int
    problems: "tuple[Problem, ...]"  # all that there are now, with their consequences

    def told(self) -> list[str]:
        """The problems as an operator should hear of them: each in a line, and what follows."""
        if not self.problems:
            return []
        files = len({problem.path for problem in self.problems})
        end = f"{files} file(s) of {self.story} left out or kept as they were; `exomars check` lists all"
        return [*map(str, self.problems[:MOST_TOLD]), end]


def folders(config: Config, story: Story) -> tuple[Folder, Folder]:
    """The two folders of a story."""
    return (
        Folder(story.corpus, config.place(story.corpus), "source"),
        Folder(story.briefings, config.place(story.briefings), "briefing"),
    )


def sync(
    store: Store, story: Story, places: tuple[Folder, ...], now: datetime, step: Step | None = None
) -> Synced | None:
    """Makes the store agree with the files; None where nothing had changed.

    What was loaded before and is now broken stays as it was; see `load.check.settle`. `step` is called
    before each file that is read, and after the last.
    """
    for _ in range(TRIES):
        found = listing(places)
        with store.reading(story.word) as shelf:
            if shelf.signature() == found.signature:
                return None
            version, known = shelf.version(), {row.path: row for row in shelf.files()}
            before = shelf.shapes()
        change, synced = plan(story.word, found, _read(found, known, step), known, before)
        if store.write(partial(_apply, story.word, version, change, now)):
            return synced
        # Another process took files over meanwhile: look again.
    raise StoreError(
        f"the database {store.path} cannot take over the story {story.word}: another process keeps changing"
        " it; stop that one"
    )


def _read(found: Listing, known: Mapping[str, FileRow], step: Step | None) -> "tuple[Loaded, ...]":
    """The files that may differ from what is loaded of them."""
    # Imported here, with what it brings along: most runs find nothing to take over.
    from bot.load.story import load

    differ = [
        seen
        for seen in found.files
        if (row := known.get(seen.path)) is None or row.stat != seen.stat or row.state != "loaded"
    ]
    loaded = []
    for number, seen in enumerate(differ):
        if step:
            step(number, len(differ))
        loaded.append(load(seen))
    if step and differ:
        step(len(differ), len(differ))
    return tuple(loaded)


def plan(
    story: str,
    found: Listing,
    loaded: "tuple[Loaded, ...]",
    known: Mapping[str, FileRow],
    before: "Mapping[str, Shape]",
) -> "tuple[Change, Synced]":
    """Decides what one sync changes; a pure function of what is there and what was read."""
    from bot.load.check import settle
    from bot.store.writing import Change, Put

    changed = tuple(one for one in loaded if _changed(one, known.get(one.seen.path)))
    items = {one.seen.path: Put(one.note.item, one.text) for one in changed if one.note.item}
    read = {one.seen.path: one.note.shape for one in changed if one.note.item}
    broken = {one.seen.path: one.note.shape for one in loaded if not one.note.item}
    gone, emptied = _gone(found, known)
    settled = settle(before, read, gone, broken)
    put = tuple(items[path] for path in settled.take)
    dropped = tuple((before[path].kind, before[path].id) for path in settled.drop if path in before)
    own = [problem for one in loaded for problem in one.note.problems]
    problems = {*found.problems, *emptied, *own, *settled.problems, *settled.consequences}
    told = tuple(sorted(problems))
    files = _files(found, loaded, known, before, settled)
    return Change(found.signature, put, dropped, files, told), Synced(story, len(put), len(dropped), told)


def _apply(story: str, version: int, change: "Change", now: datetime, db: "Database") -> bool:
    """Writes the change, unless the story has moved on from the `version` it was made for."""
    from bot.store.writing import apply

    if Shelf(db.conn, story).version() != version:
        return False
    apply(db, story, change, now)
    return True


def _changed(one: "Loaded", row: FileRow | None) -> bool:
    """Whether a file that was read differs from what is loaded of it: its stat alone proves nothing."""
    return row is None or row.state != "loaded" or row.sha != one.sha


def _gone(found: Listing, known: Mapping[str, FileRow]) -> "tuple[list[str], list[Problem]]":
    """The files that were deleted; not those of a folder that as a whole is missing or empty.

    A disk that is not mounted looks just like that, and it is no reason to forget a story.
    """
    from bot.model import Problem

    there = {seen.path for seen in found.files}
    kinds = {seen.kind for seen in found.files}
    gone = [row for path, row in known.items() if path not in there]
    problems = [
        Problem(
            row.path,
            1,
            f"is gone, as is every {row.kind} file",
            "put them back; until then the last version stands",
        )
        for row in gone
        if row.kind not in kinds and row.kind not in found.missing
    ]
    return [row.path for row in gone if row.kind in kinds], problems


def _files(
    found: Listing,
    loaded: "tuple[Loaded, ...]",
    known: Mapping[str, FileRow],
    before: "Mapping[str, Shape]",
    settled: "Settled",
) -> tuple[FileRow, ...]:
    """What is to be remembered of every file."""
    rows = dict(known)
    for one in loaded:
        seen, path = one.seen, one.seen.path
        item = one.note.item.id if one.note.item else ""
        if one.note.item and path not in settled.drop and path not in settled.keep:
            state = "loaded"
        elif path in before and path not in settled.drop:
            state, item = "kept", before[path].id
        else:
            state, item = "out", ""
        rows[path] = FileRow(path, seen.kind, item, seen.stat, one.sha, state)
    there = {seen.path for seen in found.files}
    for path, row in known.items():
        if path in settled.drop:
            rows[path] = row._replace(state="out", item="")
        if path not in there:
            if path in settled.drop or path not in before:
                del rows[path]
            else:
                rows[path] = row._replace(state="kept", stat="gone")
    return tuple(rows.values())
