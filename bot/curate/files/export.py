"""What stands, back into files: what was written in chat, in exactly the format that loads.

standing versions ── against the files ── Step ── write, remove, or leave with a word why

A file is replaced only where what it says is in the history already, and by what is for the same audience.
Afterwards it is for a sync to
take the files over as what they are: what stands.

The vocabulary is never written in chat: in a story's own folder it is left alone, into another it goes along.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Literal, NamedTuple

from bot.config import Config, Story
from bot.errors import EXIT_USAGE, BotError
from bot.load.folder import VOCABULARY, Folder, Seen, listing, read
from bot.load.note import parse
from bot.model import NO_WORDS, Problem
from bot.store.newsroom import Newsroom, RevisionRow
from bot.store.shelf import FileRow, Shelf
from bot.store.store import Store

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}", re.ASCII)


class ExportError(BotError):
    """Nothing can be exported to where it was asked for."""

    exit_code = EXIT_USAGE


class Step(NamedTuple):
    """What is to be done about one file."""

    path: str  # as it is named to people: folder/name
    does: Literal["write", "remove", "leave"]
    row: RevisionRow
    folder: Folder
    why: str = ""  # it is left

    @property
    def name(self) -> str:
        """What the file is called in its folder."""
        return f"{self.row.item}.md"


class Exported(NamedTuple):
    """What an export did."""

    wrote: tuple[str, ...]
    removed: tuple[str, ...]
    left: tuple[str, ...]  # each with the reason


def folders_below(config: Config, story: Story, root: str) -> tuple[Folder, Folder]:
    """The folders of a story below another root. Raises ExportError where they would not lie below it."""
    names = [os.path.normpath(name) for name in (story.corpus, story.briefings)]
    for name in names:
        if os.path.isabs(name) or name.startswith(os.pardir):
            raise ExportError(
                f"{story.word} keeps its files in {name}, which has no place below {root}; export"
                f" without --to, or name folders beside config.toml ({config.root})"
            )
    corpus, briefings = (os.path.join(root, name) for name in names)
    return Folder(corpus, corpus, "source"), Folder(briefings, briefings, "briefing")


def export(store: Store, story: Story, places: Iterable[Folder], *, own: bool) -> Exported:
    """Writes what stands into the folders of a story, or, unless they are its `own`, into others."""
    places = tuple(places)
    if not own:
        for place in places:
            _make(place)
    with store.reading(story.word) as shelf:
        # Step by step: a file is looked at right before it is replaced.
        done = _carried_out(plan(shelf, places, own=own))
        return done if own else _with_words(done, shelf, places)


def plan(shelf: Shelf, places: Iterable[Folder], *, own: bool) -> Iterator[Step]:
    """What is to be done, sources first: a briefing is never without what it cites."""
    newsroom = Newsroom(shelf.connection, shelf.story)
    places = tuple(places)
    there = {seen.path: seen for seen in listing(places).files}
    known = {row.path: row for row in shelf.files()} if own else {}
    chat = {(row.kind, row.item): row for row in newsroom.written_in_chat()}
    # All that there is, whatever its audience, and retracted or not.
    stand = [(shape.kind, shape.id) for shape in shelf.shapes().values()]
    gone = [name for name, row in chat.items() if not row.text]
    for place in places:
        for item in sorted(item for kind, item in {*stand, *gone} if kind == place.kind):
            path = f"{place.name}/{item}.md"
            row, seen = chat.get((place.kind, item)), there.get(path)
            if row is None and seen and own:
                continue  # it came with this file, and what is in that now is a sync's to take over
            row = row or newsroom.standing(place.kind, item)
            if row and (row.text or seen) and (step := _step(newsroom, place, row, seen, known.get(path))):
                yield step


def _step(
    newsroom: Newsroom, place: Folder, row: RevisionRow, seen: Seen | None, known: FileRow | None
) -> Step | None:
    """What is to be done about the file of one document; None where it says what stands."""
    path = f"{place.name}/{row.item}.md"
    if not _SLUG.fullmatch(row.item):
        return Step(path, "leave", row, place, "its id is no name for a file; edit it")
    if seen is None:
        return Step(path, "write", row, place)
    found = read(seen)
    if isinstance(found, Problem):
        return Step(path, "leave", row, place, f"{found.what}; {found.mend}")
    text, sha = found
    if text == row.text:
        return None
    if (known and known.state == "loaded" and known.sha == sha) or _is_kept(newsroom, row, text):
        if (audience := parse(path, row.kind, text).shape.audience) != row.audience:
            why = f"is for {audience or 'everyone'}, and what stands is for {row.audience or 'everyone'}"
            why += "; give one of them another id"
            return Step(path, "leave", row, place, why)
        return Step(path, "write" if row.text else "remove", row, place)
    why = "was not taken over as it is now; `exomars check` tells what is wrong with it"
    if known is None or known.state == "loaded":
        why = "was changed since it was last read, so it is left; look at it, then export again"
    return Step(path, "leave", row, place, why)


def _is_kept(newsroom: Newsroom, row: RevisionRow, text: str) -> bool:
    """Whether a text is in the history, so that nothing is lost with its file."""
    return any(one.text == text for one in newsroom.revisions(row.kind, row.item))


def _with_words(done: Exported, shelf: Shelf, places: Iterable[Folder]) -> Exported:
    """The words of the story as well, where the copy has none; what is there already is left."""
    # Imported here: only a copy needs them.
    from bot.load.vocabulary import parse_words, text_of

    words, place = shelf.vocabulary(), next(place for place in places if place.kind == "source")
    path = f"{place.name}/{VOCABULARY}"
    there = next((seen for seen in listing([place]).files if seen.path == path), None)
    if there is None:
        if words == NO_WORDS:
            return done
        try:
            _write(place.place, VOCABULARY, text_of(words))
        except OSError as error:
            return done._replace(left=(*done.left, _not_written(path, error)))
        _kept_on_disk(place.place)
        return done._replace(wrote=(*done.wrote, path))
    found = read(there)
    if not isinstance(found, Problem) and parse_words(path, found[0]).vocabulary == words:
        return done
    why = "says something else than what stands, so it is left; take it away, then export again"
    return done._replace(left=(*done.left, f"{path}: {why}"))


# ── the disk ────────────────────────────────────────────────────────────────────────────


def _carried_out(steps: Iterable[Step]) -> Exported:
    wrote: list[str] = []
    removed: list[str] = []
    left: list[str] = []
    changed: dict[str, None] = {}
    for step in steps:
        if step.does == "leave":
            left.append(f"{step.path}: {step.why}")
            continue
        try:
            if step.does == "write":
                _write(step.folder.place, step.name, step.row.text)
                wrote.append(step.path)
            else:
                os.unlink(os.path.join(step.folder.place, step.name))
                removed.append(step.path)
            changed[step.folder.place] = None
        except OSError as error:
            left.append(_not_written(step.path, error))
    for folder in changed:
        _kept_on_disk(folder)
    return Exported(tuple(wrote), tuple(removed), tuple(left))


def _not_written(path: str, error: OSError) -> str:
    why = error.strerror or str(error)
    return f"{path}: cannot be written ({why}); check the folder and its permissions"


def _write(folder: str, name: str, text: str) -> None:
    """Puts a file in its place whole: killed at any moment, it is there, or what was there before.

    Under a name of its own first, which begins with a dot, so that no sync reads it.
    """
    path, part = os.path.join(folder, name), os.path.join(folder, f".{name}.part")
    with suppress(FileNotFoundError):
        os.unlink(part)
    # Made anew, so that nothing is written to where a link in its place leads.
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(number, "wb") as file:
            with suppress(OSError):
                os.fchmod(file.fileno(), os.stat(path).st_mode & 0o777)
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(part)
        raise


def _kept_on_disk(folder: str) -> None:
    """Has the names in a folder outlive a power cut as well."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _make(place: Folder) -> None:
    try:
        os.makedirs(place.place, exist_ok=True)
    except OSError as error:
        raise ExportError(
            f"the folder {place.name} cannot be made ({error.strerror}); name another one with --to"
        ) from error
