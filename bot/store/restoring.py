"""A backup in the place of the database: made ready beside it, then exchanged for it in one step.

    nobody uses it? ─ what would be lost? ─ copied to .restoring ─ made ready ─ mark ─ renamed, both ─ unmark

Until the mark nothing has changed. From the mark on every start is refused until this, or a second
run of it, is through: a process that is killed leaves no half of either database in use.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from bot.errors import StoreError
from bot.store.connect import store_error
from bot.store.damage import (
    Mark,
    free_name,
    is_damage,
    move,
    own_alike,
    read_mark,
    real,
    remove_mark,
    spelled,
    sync_folder,
    write_mark,
)

BEFORE = ".before-restore-"
"""What stands between the name of a database that was exchanged and the moment."""


class InUseError(StoreError):
    """Another process has the database open."""


class Lost(NamedTuple):
    """How much of something the present database has and a backup has not."""

    what: str
    number: int | None  # None: the present one cannot be read


# Rows are added in the order of their ids, and none is deleted that digests refer to.
_NEWER = "SELECT count(*) FROM main.{0} WHERE id > (SELECT coalesce(max(id), 0) FROM copy.{0})"
_WISH = "id, kind, at, zone, days, days_off, quiet, grace, role, publish, paused, ended"
_COUNTS = {
    "editions of digests": _NEWER.format("edition") + " AND number > 0",
    "messages delivered": "SELECT count(*) FROM main.delivery AS d WHERE d.state = 'done' AND NOT EXISTS"
    " (SELECT 1 FROM copy.delivery AS c WHERE c.id = d.id AND c.state = 'done')",
    "subscriptions made or changed": f"SELECT count(*) FROM (SELECT {_WISH} FROM main.subscription EXCEPT"
    f" SELECT {_WISH} FROM copy.subscription)",
    "changes to the story made in chat": _NEWER.format("revision") + " AND person IS NOT NULL",
    "drafts": _NEWER.format("draft"),
}


def lost_since(database: str, backup: str) -> list[Lost]:
    """What the present database has and a backup has not, of what cannot be made anew from the files."""
    return [Lost(what, _count(database, backup, query)) for what, query in _COUNTS.items()]


def _count(database: str, backup: str, query: str) -> int | None:
    try:
        with _both(database, backup) as opened:
            return int(opened.execute(query).fetchone()[0])
    except sqlite3.Error:
        return None


@contextmanager
def _both(database: str, backup: str) -> Iterator[sqlite3.Connection]:
    with closing(
        sqlite3.connect(f"file:{quote(database)}?mode=rw", uri=True, isolation_level=None)
    ) as opened:
        opened.execute("PRAGMA query_only=ON")
        opened.execute("ATTACH ? AS copy", (f"file:{quote(backup)}?mode=ro",))
        yield opened


def settled_days(database: str) -> dict[int, str]:
    """The newest day of the ledger of each subscription, as far as it can be read."""
    found: dict[int, str] = {}
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{quote(database)}?mode=rw", uri=True)) as db:
        db.execute("PRAGMA query_only=ON")
        for subscription, day in db.execute("SELECT id, settled FROM subscription WHERE settled IS NOT NULL"):
            found[int(subscription)] = str(day)
    return found


def distrust(connection: sqlite3.Connection) -> int:
    """Has all that is still to be delivered be looked for first; returns how many there are.

    Since the backup was made it may have arrived.
    """
    return connection.execute(
        "UPDATE delivery SET state = 'due', unsure = 1, first_try = NULL WHERE state IN ('due', 'taken')"
    ).rowcount


def refuse_in_use(database: str) -> None:
    """Raises InUseError where another process has the database open; else all of it is in one file then.

    Raises StoreError where nothing can be said of that, since it cannot be written.
    """
    if not os.path.exists(database):
        return
    try:
        with closing(sqlite3.connect(database, timeout=0.0, isolation_level=None)) as opened:
            opened.execute("PRAGMA locking_mode=EXCLUSIVE")
            opened.execute("BEGIN EXCLUSIVE")
            opened.execute("COMMIT")
            opened.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        if is_damage(error):  # nobody can use it
            return
        code = getattr(error, "sqlite_errorcode", 0)
        if code & 0xFF not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise store_error(database, error) from error
        raise InUseError(
            f"the database {database} is in use by another process ({error}); nothing was changed: end that,"
            " and say it again"
        ) from error


def copied(backup: str, database: str) -> str:
    """A copy of a backup beside the database, to be made ready; returns its path."""
    ready = real(database) + ".restoring"
    discard(ready)
    try:
        os.makedirs(os.path.dirname(ready), exist_ok=True)
        os.close(os.open(ready, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _owned_alike(ready, real(database))
        shutil.copyfile(backup, ready)
    except OSError as error:
        discard(ready)
        raise StoreError(
            f"the backup cannot be copied to {ready}: {error.strerror}; nothing was changed: check the folder"
            " and the free space"
        ) from error
    return ready


def _owned_alike(ready: str, database: str) -> None:
    """Gives the copy the owner and the mode of the database."""
    own_alike(ready, database)
    if os.path.exists(database):
        os.chmod(ready, os.stat(database).st_mode & 0o777)


def discard(ready: str) -> None:
    """Deletes a copy that was made ready and is not used."""
    for tail in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            os.remove(ready + tail)


def exchange(database: str, ready: str, moment: datetime) -> str:
    """Puts the present database aside and what is `ready` in its place.

    Returns where the present one is now; empty where there was none. Raises InUseError.
    """
    with open(ready, "rb+") as file:
        os.fsync(file.fileno())
    before = read_mark(database)
    aside = before.aside if before and BEFORE in before.aside else ""
    if not aside or os.path.exists(aside):
        aside = free_name(f"{real(database)}{BEFORE}{spelled(moment)}")
    said = (
        f"a backup was being put in the place of the database {database}, and that was cut off;"
        " say again: exomars backup restore"
    )
    write_mark(database, Mark(before.at if before else "", aside, said), anew=True)
    try:
        # Once more: somebody may have opened it since, but from the mark on nobody does.
        refuse_in_use(database)
    except StoreError:
        if before:
            write_mark(database, before, anew=True)
        else:
            remove_mark(database)
        raise
    there = os.path.exists(database)
    move(database, aside)
    os.replace(ready, real(database))
    sync_folder(real(database))
    remove_mark(database)
    return aside if there else ""
