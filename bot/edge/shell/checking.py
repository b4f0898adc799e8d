"""`exomars check`: every problem of the files, without the database.

Where there is one, what stands in chat and is not in the files is told as well. That is no problem.
"""

import os
import sys
from collections.abc import Iterator

from bot.config import Config, Story
from bot.curate.files.sync import folders
from bot.edge.loading import Loading
from bot.errors import EXIT_OK, EXIT_PROBLEMS, EXIT_USAGE, StoreError
from bot.load.folder import Folder, listing
from bot.load.story import Checked, load
from bot.load.story import check as check_read
from bot.model import Problem
from bot.store.store import Store
from bot.wording import plural

Places = tuple[Folder, Folder]


def check(config: Config, path: str | None, store: Store | None = None) -> int:
    """Prints the problems of all stories, or those under `path`; the exit code says if there are any.

    With a `store`, also what stands there and is not in the files.
    """
    if path is not None and not os.path.lexists(path):
        print(
            f"exomars: {path} is not there; name a file, or a folder with corpus/ and briefings/",
            file=sys.stderr,
        )
        return EXIT_USAGE
    stories = [folders(config, story) for story in config.stories]
    chosen, name = _chosen(config, stories, path) if path is not None else (stories, "")
    if not chosen:
        print(
            f"exomars: {path} is no note in a folder of a story; name a .md file in one of"
            f" {', '.join(place.name for places in stories for place in places)}",
            file=sys.stderr,
        )
        return EXIT_USAGE
    checked = [_checked(places) for places in chosen]
    problems = [problem for one in checked for problem in one.problems if _under(problem.path, name)]
    notes = _notes(config, store, list(zip(chosen, checked, strict=True)), name) if store else []
    for line in (*problems, *notes):
        print(line)
    _summary(checked, problems, notes)
    return EXIT_PROBLEMS if problems else EXIT_OK


def _checked(places: Places) -> Checked:
    """Reads every file of a story; where there are very many, it shows how far it has come."""
    found, loaded = listing(places), []
    loading = Loading(then="holding them against each other")
    try:
        for number, seen in enumerate(found.files):
            loading.step(number, len(found.files))
            loaded.append(load(seen))
        loading.step(len(found.files), len(found.files))
        return check_read(found, tuple(loaded))
    finally:
        loading.end()


def _notes(config: Config, store: Store, checked: list[tuple[Places, Checked]], name: str) -> list[str]:
    """What stands in the database and is not in the files that were read, where these are a story's own."""
    # Imported here: where there is no database, this is not needed, and takes as long as a small story.
    from bot.curate.files.unexported import unexported

    found: list[str] = []
    for places, one in checked:
        own = next((story for story in config.stories if _same(folders(config, story), places)), None)
        if own is None:
            continue
        try:
            with store.reading(own.word) as shelf:
                lines = unexported(shelf, folders(config, own), places, one.loaded)
        except StoreError as error:
            print(
                f"exomars: what was written in chat is not held against the files: {error}", file=sys.stderr
            )
            return []
        found += [line for path, line in lines.items() if _under(path, name)]
    return found


def _same(these: Places, those: Places) -> bool:
    """Whether they are the same folders, whatever they are called."""
    return all(os.path.realpath(one.place) == os.path.realpath(other.place)
               for one, other in zip(these, those, strict=True))  # fmt: skip


def _chosen(config: Config, stories: list[Places], path: str) -> tuple[list[Places], str]:
    """The stories to read for `path`, and what it is called in their problems: empty for the whole of them.

    Either stories lie under it, or it lies in a configured one or in a copy of one; else there are none.
    """
    under = [_folders_in(story, path) for story in config.stories if _has(path, story.corpus)]
    if under:
        return under, ""
    place = _real(path)
    for places in (*stories, *_copies(config, place)):
        if name := _called(place, places):
            return [places], name
    return [], ""


def _real(path: str) -> str:
    """Where `path` is behind links; a link to a file stays what it is, since a note may be one."""
    if os.path.isdir(path):
        return os.path.realpath(path)
    folder, name = os.path.split(os.path.abspath(path))
    return os.path.join(os.path.realpath(folder), name)


def _copies(config: Config, place: str) -> Iterator[Places]:
    """The stories elsewhere that `place` may be in: called like a configured one's, both folders there."""
    for story in config.stories:
        for name, other in ((story.corpus, story.briefings), (story.briefings, story.corpus)):
            for folder in (place, os.path.dirname(place)):
                root = folder.removesuffix(os.sep + os.path.normpath(name))
                if root != folder and _has(root, other):
                    yield _folders_in(story, root)


def _has(path: str, name: str) -> bool:
    return os.path.isdir(os.path.join(path, name))


def _folders_in(story: Story, path: str) -> Places:
    """The folders of a story that lies under `path`, called as the path was typed."""
    corpus, briefings = (
        os.path.normpath(os.path.join(path, name)) for name in (story.corpus, story.briefings)
    )
    return Folder(corpus, corpus, "source"), Folder(briefings, briefings, "briefing")


def _called(place: str, places: Places) -> str:
    """What `place` is called in problems: its folder as the story names it, and what comes after.

    Empty where it is no part of the story: it lies elsewhere, or too deep, or is hidden.
    """
    above, name = os.path.split(place)
    for folder in places:
        roof = os.path.realpath(folder.place)
        if place == roof:
            return folder.name
        if above == roof and not name.startswith("."):
            return f"{folder.name}/{name}"
    return ""


def _under(path: str, name: str) -> bool:
    return not name or path == name or path.startswith(name.rstrip("/") + "/")


def _summary(checked: list[Checked], problems: list[Problem], notes: list[str]) -> None:
    sources = sum(one.items("source") for one in checked)
    briefings = sum(one.items("briefing") for one in checked)
    read = f"{plural(sources, 'source')} and {plural(briefings, 'briefing')} read"
    found = plural(len(problems), "problem") if problems else "no problems"
    more = f"; {plural(len(notes), 'note')} on what was changed in chat" if notes else ""
    print(f"{read}: {found}{more}.", file=sys.stderr)
