"""What was written in chat, for tests that need it beside files: published as the newsroom does."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from bot.config import Story
from bot.load.note import parse
from bot.store.newsroom import Newsroom, RevisionRow
from bot.store.store import Store
from bot.store.writing import Made, Put, drop, put
from tests.stories import STORY, StoryFolder

LAST_CHANGED = datetime(2022, 9, 1, 12, tzinfo=UTC)
"""When `dated` files were last changed."""

BEFORE, AFTER = LAST_CHANGED - timedelta(days=1), LAST_CHANGED + timedelta(days=1)


def dated(folder: StoryFolder, *names: str, at: datetime = LAST_CHANGED) -> None:
    """Has files be changed last at a moment."""
    for name in names:
        os.utime(folder.path(name), (at.timestamp(), at.timestamp()))


def written(
    store: Store, kind: str, text: str, act: str = "edit", *, at: datetime = AFTER, story: Story = STORY
) -> int:
    """Publishes a document; the number of the version that this made."""
    item, problems, _ = parse(f"{_id(text)}.md", kind, text)
    assert item, problems

    def work(db: Database) -> None:
        person = Newsroom(db.conn, story.word).person("discord", "7", "Ada")
        put(db, story.word, [Put(item, text)], Made(act, person), at)
        _moved_on(db, story)

    store.write(work)
    return versions(store, kind, item.id, story)[-1].version


def taken_away(store: Store, kind: str, item: str, at: datetime = AFTER) -> None:
    """Takes a document away, as the undoing of an addition does."""

    def work(db: Database) -> None:
        person = Newsroom(db.conn, STORY.word).person("discord", "7", "Ada")
        drop(db, STORY.word, [(kind, item)], Made("undo", person), at)
        _moved_on(db, STORY)

    store.write(work)


def versions(store: Store, kind: str, item: str, story: Story = STORY) -> list[RevisionRow]:
    """Every version of a document."""
    with store.reading(story.word) as shelf:
        return Newsroom(shelf.connection, story.word).revisions(kind, item)


def histories(rows: Iterable[RevisionRow]) -> list[tuple[str, bool]]:
    """How each version came about, and whether it stands or stood."""
    return [(row.act, bool(row.stands)) for row in rows]


def _id(text: str) -> str:
    return next(line for line in text.split("\n") if line.startswith("id:")).partition(":")[2].strip(' "')


def _moved_on(db: Database, story: Story) -> None:
    db.conn.execute(
        "INSERT INTO story VALUES (?, '', 1) ON CONFLICT (word) DO UPDATE SET version = version + 1",
        (story.word,),
    )
