"""Takes over what changed in the files of a story: by content, in one transaction, nothing lost.

listing ── unchanged? done
   └─ read and parse what changed ── against chat? ── settle ── Change ── one transaction

What was written in chat stands beside what came with files, and is not gone for having no file. The
vocabulary is a file of its own kind: it goes the same way, but beside `settle` (`vocabulary.py`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bot.config import Config, Story
from bot.errors import StoreError
from bot.load.folder import Folder, Listing, Seen, listing
from bot.store.shelf import FileRow, Shelf
from bot.store.store import Store

if TYPE_CHECKING:
    from sqlite_utils import Database

    from bot.curate.files.conflict import Conflict, HeldOut, Stood
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
    conflicts: "tuple[Conflict, ...]" = ()  # what was changed in chat as well, and came up now
    held_out: "tuple[HeldOut, ...]" = ()  # servers' own documents that stand no longer

    def told(self) -> list[str]:
        """What an operator should hear of: each problem and each conflict in a line, and what follows."""
        lines = [str(conflict) for conflict in self.conflicts[:MOST_TOLD]]
        if len(self.conflicts) > MOST_TOLD:
            lines.append(f"{len(self.conflicts)} files of {self.story} in all; `exomars check` lists them")
        lines += [str(one) for one in self.held_out[:MOST_TOLD]]
        if len(self.held_out) > MOST_TOLD:
            lines.append(f"{len(self.held_out)} documents in all; `exomars log` lists them")
        if not self.problems:
            return lines
        files = len({problem.path for problem in self.problems})
        end = f"{files} file(s) of {self.story} left out or kept as they were; `exomars check` lists all"
        return [*lines, *map(str, self.problems[:MOST_TOLD]), end]


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
            before = by_file(shelf.shapes(), known, places)
            differ = _differ(found, known)
            chat = _from_chat(shelf, [*differ, *_gone(found, known)[0]]) if version else {}
        change, synced = plan(story.word, found, _read(differ, step), known, before, chat)
        if store.write(partial(_apply, story.word, version, change, now, synced=synced)):
            return synced
        # Another process took files over meanwhile: look again.
    raise StoreError(
        f"the database {store.path} cannot take over the story {story.word}: another process keeps changing"
        " it; stop that one"
    )


def by_file(
    shapes: "Mapping[str, Shape]", known: Mapping[str, FileRow], places: tuple[Folder, ...]
) -> "dict[str, Shape]":
    """What is loaded, by its file; what was written in chat, by the file that it would have.

    So that it is one item with that file, should it appear.
    """
    names = {place.kind: place.name for place in places}
    found: dict[str, Shape] = {}
    for key, shape in shapes.items():
        path = key if key in known else f"{names[shape.kind]}/{shape.id}.md"
        found[path] = shape._replace(path=path)
    return found


def _differ(found: Listing, known: Mapping[str, FileRow]) -> list[Seen]:
    """The files that may differ from what is loaded of them."""
    return [
        seen
        for seen in found.files
        if (row := known.get(seen.path)) is None
        or row.stat != seen.stat
        or row.state != "loaded"
        # Whatever it names may have gone with another file.
        or seen.kind == "vocabulary"
    ]


def _from_chat(shelf: Shelf, files: "Iterable[Seen | FileRow]") -> "dict[str, Stood]":
    """Of these files, those whose documents stand as they were written in chat."""
    # Imported here, like what is below: most runs find nothing to take over.
    from bot.curate.files.conflict import stood
    from bot.store.newsroom import Newsroom

    newsroom = Newsroom(shelf.connection, shelf.story)
    found: dict[str, Stood] = {}
    for file in files:
        item = file.path.rpartition("/")[2].removesuffix(".md")
        standing = newsroom.standing(file.kind, item)
        if standing and standing.act != "file":
            chat = stood(newsroom.revisions(file.kind, item))
            assert chat
            found[file.path] = chat
    return found


def _read(differ: list[Seen], step: Step | None) -> "tuple[Loaded, ...]":
    from bot.load.story import load

    loaded = []
    for number, seen in enumerate(differ):
        if step:
            step(number, len(differ))
        loaded.append(load(seen))
    if step and differ:
        step(len(differ), len(differ))
    return tuple(loaded)


def plan(  # noqa: PLR0917  (all that a sync may depend on)
    story: str,
    found: Listing,
    loaded: "tuple[Loaded, ...]",
    known: Mapping[str, FileRow],
    before: "Mapping[str, Shape]",
    chat: "Mapping[str, Stood] | None" = None,
) -> "tuple[Change, Synced]":
    """Decides what one sync changes; a pure function of what is there and what was read.

    `chat`: what stands as it was written in chat, by the file that was read or is gone.
    """
    from bot.curate.files.conflict import conflicts, taken, verdicts
    from bot.curate.files.vocabulary import KIND, apart, take_over
    from bot.load.check import settle
    from bot.store.writing import Change, Put

    chat = chat or {}
    vocabulary, loaded = apart(loaded)
    noted = {path: row for path, row in known.items() if row.kind != KIND}
    changed = [one for one in loaded if _changed(one, known.get(one.seen.path)) and one.note.item]
    heard = verdicts(changed, known, chat)
    stands = [one for one in changed if heard.get(one.seen.path) not in {"newer chat", "as before", "taken"}]
    items = {one.seen.path: Put(one.note.item, one.text) for one in stands if one.note.item}
    read = {one.seen.path: one.note.shape for one in stands}
    broken = {one.seen.path: one.note.shape for one in loaded if not one.note.item}
    gone, emptied = _gone(found, noted)
    left = {row.path: before[row.path] for row in gone if row.path in chat and row.path in before}
    settled = settle(before, read, [row.path for row in gone if row.path not in left], broken)
    put = tuple(items[path] for path in settled.take)
    older = tuple(
        Put(one.note.item, one.text, stands=False)
        for one in changed
        if one.note.item and heard.get(one.seen.path) == "newer chat"
    )
    # One that makes room for a file is taken out first: what comes is no later version of it.
    room = [path for path in settled.take if heard.get(path) == "for everyone" and path in before]
    dropped = tuple((before[path].kind, before[path].id) for path in (*settled.drop, *room) if path in before)
    own = [problem for one in loaded for problem in one.note.problems]
    own += [
        taken(path, chat[path], one.note.shape.audience)
        for one in changed
        if heard.get(path := one.seen.path) == "taken"
    ]
    between = {*settled.problems, *settled.consequences}
    held_out = _held_out(before, settled, between, {row.path for row in gone})
    # A server's own document without a file is no file to be mended.
    filed = {*known, *(one.seen.path for one in loaded)}
    between = {one for one in between if one.path in filed or not _is_own(before.get(one.path))}
    took = {path: read[path] for path in settled.take}
    stand = {path: shape for path, shape in {**before, **took}.items() if path not in settled.drop}
    words = take_over(found, vocabulary, known, [*read.values(), *broken.values(), *stand.values()])
    told = tuple(sorted({*found.problems, *emptied, *own, *between, *words.problems}))
    files = (*_files(found, loaded, noted, before, settled, left, heard), *words.files)
    kept = {one.seen.path: one.note.shape for one in changed if heard.get(one.seen.path) == "newer chat"}
    lost = {row.path: left[row.path] for row in gone if row.path in left and row.item}
    return (
        Change(
            found.signature,
            (*put, *older),
            dropped,
            files,
            _shown(told, loaded, before, files),
            words.words,
        ),
        Synced(story, len(put), len(dropped), told, conflicts(chat, heard, {**took, **kept}, lost), held_out),
    )


def _held_out(
    before: "Mapping[str, Shape]",
    settled: "Settled",
    problems: "Iterable[Problem]",
    gone: Collection[str],
) -> "tuple[HeldOut, ...]":
    """What was loaded and stands no longer, though its file is not gone: it leaned on what is."""
    from bot.curate.files.conflict import HeldOut

    why = {problem.path: problem.what for problem in sorted(problems, reverse=True)}
    return tuple(
        HeldOut(path, before[path].kind, before[path].id, before[path].audience, why[path])
        for path in settled.drop
        if path in before and path not in gone
    )


def _shown(
    told: "tuple[Problem, ...]",
    loaded: "tuple[Loaded, ...]",
    before: "Mapping[str, Shape]",
    files: tuple[FileRow, ...],
) -> "tuple[Problem, ...]":
    """The problems that readers may be told of: not those of one server's file of which nothing stands.

    Where something of it stands, the shelf knows for whom that is.
    """
    shapes = {**before, **{one.seen.path: one.note.shape for one in loaded}}
    stands = {row.path for row in files if row.item and _is_own(before.get(row.path))}
    return tuple(one for one in told if one.path in stands or not _is_own(shapes.get(one.path)))


def _is_own(shape: "Shape | None") -> bool:
    """Whether a document is one server's own."""
    from bot.model import EVERYONE

    return shape is not None and shape.audience != EVERYONE


def _apply(  # noqa: PLR0917  (as above)
    story: str,
    version: int,
    change: "Change",
    now: datetime,
    db: "Database",
    synced: Synced | None = None,
) -> bool:
    """Writes the change, unless the story has moved on from the `version` it was made for."""
    from bot.curate.files.following import audit, audit_held_out, newly_mended, send_on
    from bot.store.writing import apply

    if Shelf(db.conn, story).version() != version:
        return False
    mended = newly_mended(db, story, change.put, change.drop)
    apply(db, story, change, now)
    if synced:
        audit(db, story, synced.conflicts, now)
        audit_held_out(db, story, synced.held_out, now)
    send_on(db, story, mended, now)
    return True


def _changed(one: "Loaded", row: FileRow | None) -> bool:
    """Whether a file that was read differs from what is loaded of it: its stat alone proves nothing."""
    return row is None or row.state != "loaded" or row.sha != one.sha


def _gone(found: Listing, known: Mapping[str, FileRow]) -> "tuple[list[FileRow], list[Problem]]":
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
    return [row for row in gone if row.kind in kinds], problems


def _files(  # noqa: PLR0917  (as above)
    found: Listing,
    loaded: "tuple[Loaded, ...]",
    known: Mapping[str, FileRow],
    before: "Mapping[str, Shape]",
    settled: "Settled",
    left: Collection[str],
    heard: Mapping[str, str],
) -> tuple[FileRow, ...]:
    """What is to be remembered of every file; nothing of those that left their document to chat."""
    rows = dict(known)
    for one in loaded:
        seen, path = one.seen, one.seen.path
        item = one.note.item.id if one.note.item else ""
        if heard.get(path) == "taken":
            state, item = "out", ""
        elif one.note.item and path not in settled.drop and path not in settled.keep:
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
            if path in settled.drop or path not in before or path in left:
                del rows[path]
            else:
                rows[path] = row._replace(state="kept", stat="gone")
    return tuple(rows.values())
