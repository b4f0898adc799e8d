"""Backups: copies of a database in use, each checked as a whole before it has a name that counts.

    a snapshot ─ copied in steps ─ .part file ─ on the disk ─ checked ─ exomars-2026-11-21T030000Z.db

Two databases may have one folder: each has its own name in those of its backups, and looks at no others.

Readers and the writer go on meanwhile: in WAL a reader holds up nobody. A process killed on the way
leaves a `.part`, which the next one deletes. One process at a time makes a backup; the caller sees to that.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote

from bot.errors import StoreError
from bot.store.connect import connect
from bot.store.damage import (
    TAILS,
    DamagedError,
    is_damage,
    made_at,
    own_alike,
    refuse_marked,
    stem,
    sync_folder,
)

_PART = ".part"
_STEP = 512  # pages copied at a time
_SECOND = timedelta(seconds=1)
_AHEAD = timedelta(hours=1)


class BackupError(StoreError):
    """A backup could not be made, or is none."""


class EndedError(BackupError):
    """It was given up, since the bot ends."""


class Copy(NamedTuple):
    """A backup in its folder; whether it is good is another question."""

    path: str
    made: datetime  # by its name, UTC
    size: int  # bytes

    @property
    def name(self) -> str:
        """What its file is called."""
        return os.path.basename(self.path)


def copies(folder: str, database: str) -> list[Copy]:
    """The backups of a database in a folder, the newest first. Raises BackupError where it cannot be read."""
    found = []
    try:
        for entry in os.scandir(folder):
            made = made_at(entry.name)
            if made and entry.name.startswith(stem(database, made)) and entry.is_file():
                found.append(Copy(entry.path, made, entry.stat().st_size))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BackupError(f"the backups in {folder} cannot be listed: {error.strerror}") from error
    return sorted(found, key=lambda copy: copy.made, reverse=True)


def is_ahead(made: datetime, now: datetime) -> bool:
    """Whether a backup is of a time to come: then a clock was wrong, and nobody knows how old it is."""
    return made - now > _AHEAD


def newest_good(folder: str, database: str = "exomars.db", now: datetime | None = None) -> Copy | None:
    """The newest backup with which nothing is wrong; each is checked until one is found.

    One that is of a time to come `now` is passed over: whoever wants it names it.
    """
    found = (one for one in copies(folder, database) if now is None or not is_ahead(one.made, now))
    return next((one for one in found if not wrong_with(one.path)), None)


def make(database: str, folder: str, moment: datetime, stop: Callable[[], bool] = lambda: False) -> Copy:
    """Copies a database into a folder, under the name of this moment; returns the backup.

    It is asked between two steps whether to `stop`. Raises BackupError where that or anything else ends
    it, DamagedError where the database is damaged; then nothing is left of it.
    """
    refuse_marked(database)
    if not os.path.exists(database):
        raise BackupError(f"there is no database {database} to make a backup of")
    try:
        if not os.path.isdir(folder):
            os.makedirs(folder, mode=0o700, exist_ok=True)
            own_alike(folder, database)
        sweep(folder, database)
        path = _free(folder, database, moment)
        part = path + _PART
        # What the database says is nobody else's to read.
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        own_alike(part, database)
    except OSError as error:
        raise BackupError(
            f"no backup can be made in {folder}: {error.strerror}; check its permissions, or set another"
            " in config.toml: [backup] folder"
        ) from error
    try:
        _copy(database, part, stop)
        wrong = wrong_with(part)
        if wrong:
            raise BackupError(f"the backup of {database} is no good: {wrong}")  # noqa: TRY301
        os.rename(part, path)
        sync_folder(path)
    except BaseException as error:
        _remove(part)
        if isinstance(error, sqlite3.Error) and is_damage(error):
            raise DamagedError(f"the database {database} is damaged: {error}") from error
        if isinstance(error, OSError | sqlite3.Error):
            raise BackupError(
                f"no backup could be made in {folder}: {error}; check the free space"
            ) from error
        raise
    return Copy(path, made_at(os.path.basename(path)) or moment, os.path.getsize(path))


def prune(folder: str, database: str, newest: Copy, keep: int, interval: timedelta) -> list[str]:
    """Deletes backups beyond so many, but never the one just made; returns their names.

    First those that came within an interval of the one before them, so that many of one day cost none
    of the days before; then the oldest. What is of a time to come is neither counted nor deleted.
    """
    others = [
        copy
        for copy in reversed(copies(folder, database))
        if copy.path != newest.path and not is_ahead(copy.made, newest.made)
    ]
    gone = []
    while len(others) > keep - 1:
        close = (
            number
            for number in range(1, len(others))
            if others[number].made - others[number - 1].made < interval
        )
        copy = others.pop(next(close, 0))
        _remove(copy.path)
        gone.append(copy.name)
    return gone


def sweep(folder: str, database: str) -> None:
    """Deletes what backups have left that were killed before they were done."""
    for name in os.listdir(folder):
        bare = next((name.removesuffix(tail) for tail in ("-wal", "-shm", "-journal") if name.endswith(tail)),
                    name)  # fmt: skip
        made = made_at(bare.removesuffix(_PART)) if bare.endswith(_PART) else None
        if made and bare.startswith(stem(database, made)):
            with suppress(FileNotFoundError):
                os.remove(os.path.join(folder, name))


def wrong_with(path: str) -> str:
    """Why a file is no backup to go back to; empty where it is a good one.

    Its pages, its keys and its search index are held against each other: some 15 ms for each megabyte.
    """
    from bot.store.schema import NEWEST

    try:
        if os.path.getsize(path) == 0:
            return "the file is empty"
        writable = os.access(path, os.W_OK) and os.access(os.path.dirname(os.path.abspath(path)), os.W_OK)
        # Where nothing may be written beside it, nobody else writes it either.
        how = "mode=rw" if writable else "mode=ro&immutable=1"
        with closing(sqlite3.connect(f"file:{quote(path)}?{how}", uri=True, isolation_level=None)) as opened:
            return _wrong(opened, NEWEST, writable=writable)
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    except sqlite3.Error as error:
        return str(error)


def version_of(path: str) -> int:
    """The version of a backup's tables; 0 where that cannot be read."""
    try:
        with closing(sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True)) as opened:
            return int(opened.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error:
        return 0


def _wrong(opened: sqlite3.Connection, newest: int, *, writable: bool) -> str:
    version = int(opened.execute("PRAGMA user_version").fetchone()[0])
    if version > newest:
        return f"it was made by a newer bot: its version is {version}, this one knows {newest}"
    if version < 1:
        return "it is not a database of the bot"
    found = str(opened.execute("PRAGMA integrity_check(1)").fetchone()[0])
    if found != "ok":
        return found.replace("*** in database main ***", "").strip().split("\n")[0]
    loose = opened.execute("PRAGMA foreign_key_check").fetchone()
    if loose:
        return f"a row of {loose[0]} refers to one of {loose[2]} that is not there"
    if writable:
        _check_search(opened)
    return ""


def _check_search(opened: sqlite3.Connection) -> None:
    """Raises sqlite3.DatabaseError where a search index does not have what its table has."""
    indexes = opened.execute(
        "SELECT name FROM sqlite_schema"
        " WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%' AND sql NOT LIKE '%fts5vocab%'"
    )
    for (name,) in indexes.fetchall():
        # By their form these are writes, though they change nothing.
        opened.execute(f"INSERT INTO {name}({name}, rank) VALUES('integrity-check', 1)")


def _copy(database: str, part: str, stop: Callable[[], bool]) -> None:
    def look(*_: int) -> None:
        if stop():
            raise EndedError("the backup was given up, since the bot ends; the next start makes it")

    with closing(connect(database, readonly=True)) as source, closing(sqlite3.connect(part)) as target:
        # A snapshot: without it, each write in between would have the copy begin anew.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        for pragma in ("journal_mode=OFF", "synchronous=OFF"):  # nobody uses it before it is whole
            target.execute(f"PRAGMA {pragma}")
        source.backup(target, pages=_STEP, progress=look, sleep=0.05)
        source.execute("COMMIT")
        # All in one file, which can be carried elsewhere.
        target.execute("PRAGMA journal_mode=DELETE")
    with open(part, "rb+") as file:
        os.fsync(file.fileno())


def _free(folder: str, database: str, moment: datetime) -> str:
    """The path for a backup of this moment, or of the next second that has none."""
    while os.path.exists(path := os.path.join(folder, f"{stem(database, moment)}.db")):
        moment += _SECOND
    return path


def _remove(path: str) -> None:
    for tail in (*TAILS, "-journal"):
        with suppress(FileNotFoundError):
            os.remove(path + tail)
