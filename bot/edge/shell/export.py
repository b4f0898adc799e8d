"""`exomars export`: what was written in chat, into the files of the stories."""

import os
from collections.abc import Sequence

from bot.config import Story
from bot.curate.files.export import Exported, export, folders_below
from bot.curate.files.sync import folders
from bot.edge.loading import load
from bot.edge.parts import Parts
from bot.edge.terminal.screen import Screen
from bot.errors import EXIT_OK, EXIT_PROBLEMS
from bot.wording import plural


def run(parts: Parts, to: str = "", word: str = "") -> int:
    """Writes what stands into the stories' own folders, or below another; returns the exit code.

    With a `word`, only that of this story.
    """
    screen = Screen()
    try:
        told = _told(parts)
        screen.warn(told)
        stories = [parts.desk(word).story] if word else [desk.story for desk in parts.desks.values()]
        done = [_exported(parts, to, story) for story in stories]
        if not to:  # what was written is remembered as read
            screen.warn(line for line in _told(parts) if line not in told)
    finally:
        parts.close()
    paths = [path for one in done for path in (*one.wrote, *(f"{path}: removed" for path in one.removed))]
    screen.write("".join(f"{path}\n" for path in paths))
    screen.warn(line for one in done for line in one.left)
    screen.warn([_summary(done)])
    return EXIT_PROBLEMS if any(one.left for one in done) else EXIT_OK


def _exported(parts: Parts, to: str, story: Story) -> Exported:
    own = folders(parts.config, story)
    places = folders_below(parts.config, story, to) if to else own
    same = [os.path.realpath(one.place) for one in places] == [os.path.realpath(one.place) for one in own]
    return export(parts.store, story, places, own=same)


def _told(parts: Parts) -> list[str]:
    """Takes over what changed in the files; what there is to be told of that."""
    return [line for synced in load(parts) for line in synced.told()]


def _summary(done: Sequence[Exported]) -> str:
    wrote, removed, left = (sum(len(one[column]) for one in done) for column in range(len(Exported._fields)))
    told = [f"{plural(wrote, 'file')} written"] if wrote else []
    told += [f"{plural(removed, 'file')} removed"] if removed else []
    told += [f"{plural(left, 'file')} left as they are"] if left else []
    return ", ".join(told) or "the files say what stands; nothing was written"
