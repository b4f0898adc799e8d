"""A sync in a process of its own: `python -m tests.curate.syncing DATABASE STORY [hang | wait FILE]`."""

import sys
import time
from pathlib import Path

from sqlite_utils import Database

from bot.curate.files.sync import plan
from bot.load.folder import listing
from bot.load.story import load
from bot.store.store import Store
from bot.store.writing import apply
from tests.stories import NOW, STORY, StoryFolder


def main(database: str, root: str, how: str = "", file: str = "") -> None:
    """Takes the files of a story over once; prints what came of it."""
    store, folder = Store(database), StoryFolder(Path(root))
    if how == "hang":
        hang(store, folder)
    if how == "wait":
        print("ready", flush=True)
        while not Path(file).exists():
            time.sleep(0.001)
    synced = folder.sync(store)
    print(f"{synced.put} written" if synced else "nothing changed", flush=True)
    store.close()


def hang(store: Store, folder: StoryFolder) -> None:
    """Writes all that a sync writes and then waits, within the transaction, to be killed."""
    found = listing(folder.places)
    with store.reading(STORY.word) as shelf:
        known, before = {row.path: row for row in shelf.files()}, shelf.shapes()
    change, _ = plan(STORY.word, found, tuple(load(seen) for seen in found.files), known, before)

    def work(db: Database) -> None:
        apply(db, STORY.word, change, NOW)
        print("written", flush=True)
        time.sleep(60)

    store.write(work)


if __name__ == "__main__":
    main(*sys.argv[1:])
