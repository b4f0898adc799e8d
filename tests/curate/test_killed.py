"""Killed at any moment, a publication is there whole or not at all."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.store.newsroom import Newsroom
from bot.store.store import Store
from tests.curate.publishing import CHANNELS, ENDED, subscribe
from tests.store.whole import assert_whole
from tests.stories import STORY, scene

KILLS = 100
ROOT = Path(__file__).parents[2]


def test_a_publication_is_whole_or_not_at_all(tmp_path: Path) -> None:
    """A hundred kills at random moments: revision, rows, draft, audit and promised corrections agree."""
    folder = scene(tmp_path / "story")
    database = folder.config.database
    store = Store(database)
    folder.sync(store)
    subscribe(store)
    store.close()
    chance = random.Random(11)  # noqa: S311  (no secret hangs on it)
    published = corrected = 0
    with newsrooms(database) as process:
        for number in range(KILLS):
            child = begin(process, number * 1000)
            time.sleep(chance.uniform(0.0, 0.06))
            os.kill(child, signal.SIGKILL)
            while says(process) != ENDED:
                pass
            store = Store(database)
            published, corrected = agree(store), promised(store)
            if number % 10 == 0:
                assert_whole(store)
            store.close()
    assert published > KILLS / 2  # it did publish while it was killed
    assert corrected > KILLS / 10
    with Store(database).reading(STORY.word) as shelf:
        acts = {row.act for row in Newsroom(shelf.connection, STORY.word).audit()}
        made = {row[0] for row in shelf.connection.execute("SELECT act FROM revision").fetchall()}
    assert {"publish", "undo"} <= acts
    assert {"add", "correct", "retract", "undo"} <= made


@contextmanager
def newsrooms(database: str) -> Iterator[subprocess.Popen[str]]:
    """What starts newsrooms; it ends with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.curate.publishing", database],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def begin(process: subprocess.Popen[str], start: int) -> int:
    """A newsroom that has published once, and goes on; returns by what id it is killed."""
    assert process.stdin is not None
    print(start, file=process.stdin, flush=True)
    child = int(says(process).removeprefix("started "))
    assert says(process) != ENDED
    return child


def says(process: subprocess.Popen[str]) -> str:
    """The next line that it prints."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "it has ended by itself"
    return line.rstrip("\n")


def agree(store: Store) -> int:
    """Everything that belongs to one publication is there, or nothing of it; returns how many there are."""
    with store.reading(STORY.word) as shelf:
        newsroom = Newsroom(shelf.connection, STORY.word)
        query = shelf.connection.execute
        drafts = query("SELECT id, state, act FROM draft").fetchall()
        acts = [row for row in newsroom.audit() if row.act in {"publish", "undo"}]
        revisions = query("SELECT kind, item, version FROM revision WHERE act != 'file'").fetchall()
        noted = {(row.item, row.after) for row in acts}
        for draft, state, act in drafts:
            items = {(part.kind, part.item) for part in newsroom.parts(draft)}
            there = {(kind, item) for kind, item, _ in revisions if (kind, item) in items}
            if act == "add":
                assert there == (items if state == "published" else set()), (draft, state)
        for kind, item, version in revisions:
            row = newsroom.standing(kind, item)
            assert row is not None
            standing = query(
                f"SELECT * FROM {kind} WHERE story = ? AND id = ?", (STORY.word, item)
            ).fetchone()
            assert bool(standing) == bool(row.text), item
            gone = not any(one.text for one in newsroom.revisions(kind, item) if one.version == version)
            assert (item, "not there" if gone else f"version {version}") in noted, (kind, item, version)
        loose = query(
            "SELECT count(*) FROM citation c WHERE NOT EXISTS (SELECT 1 FROM fact f WHERE f.id = c.fact)"
        ).fetchone()[0]
        assert loose == 0, json.dumps(loose)
        return len({row.after for row in acts}) and len(acts)


def promised(store: Store) -> int:
    """Each revision that changes what was posted has an edit promised for each copy, or is not there.

    Returns how many such revisions there are.
    """
    with store.reading(STORY.word) as shelf:
        query = shelf.connection.execute
        posted: dict[str, list[str]] = {}
        posts = "SELECT c.item, d.id FROM delivery d JOIN carries c USING (body) WHERE d.task = 'post'"
        for item, post in query(f"{posts} ORDER BY d.id").fetchall():
            posted.setdefault(item, []).append(post)
        edits: dict[int, list[str]] = {}
        for revision, post in query(
            "SELECT revision, target FROM delivery WHERE task = 'edit' ORDER BY target"
        ).fetchall():
            edits.setdefault(revision, []).append(post)
        changes = query(
            "SELECT id, item FROM revision WHERE act IN ('correct', 'retract', 'undo')"
        ).fetchall()
        assert all(len(posts) == len(CHANNELS) for posts in posted.values())
        assert edits == {revision: posted[item] for revision, item in changes}
        return len(changes)
