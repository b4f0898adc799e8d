"""The tables, and how a database of an earlier version becomes one of this version.

Each migration is run once, in order, in one transaction with the number of the version it makes.
A published migration is never edited; a change is a new one at the end.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.errors import StoreError
from bot.store.asking_tables import the_questions
from bot.store.digest_tables import the_digests
from bot.store.newsroom_tables import the_newsroom
from bot.store.story_tables import the_story

if TYPE_CHECKING:
    from sqlite_utils import Database

# Types are quoted below, so that asking for NEWEST does not import sqlite-utils.


def migrate(db: "Database", path: str) -> None:
    """Brings the database at `path` to the newest version; does nothing where it has that.

    Raises StoreError where it was made by a newer version of the bot.
    """
    if _version(db) == NEWEST:
        return
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        # Asked again: another process may have done it while this one waited.
        version = _version(db)
        _refuse_newer(version, path)
        for number, step in enumerate(MIGRATIONS[version:], version + 1):
            step(db)
            db.conn.execute(f"PRAGMA user_version={number}")
        db.conn.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:  # a full disk has ended it already
            db.conn.execute("ROLLBACK")
        raise


def _refuse_newer(version: int, path: str) -> None:
    if version > NEWEST:
        raise StoreError(
            f"the database {path} has version {version}, this bot knows {NEWEST};"
            " start the newer bot, or name another database in EXOMARS_DB"
        )


def _version(db: "Database") -> int:
    return int(db.conn.execute("PRAGMA user_version").fetchone()[0])


MIGRATIONS: tuple[Callable[["Database"], None], ...] = (
    the_story,
    the_digests,
    the_newsroom,
    the_questions,
)

NEWEST = len(MIGRATIONS)
