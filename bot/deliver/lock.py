"""That one process at a time pumps for a platform: an exclusive lock that dies with its holder."""

import os
import shlex
import sqlite3
from contextlib import suppress

from bot.errors import StoreError


class Lock:
    """A lock beside the database, held until released, or until the process is gone.

    A small SQLite file is held in an exclusive transaction: that works on every system, and nothing
    has to be cleaned up after a process that was killed.
    """

    def __init__(self, database: str, platform: str) -> None:
        self._database = os.path.realpath(database)
        self.path = f"{self._database}.{platform}-lock"
        self._connection: sqlite3.Connection | None = None

    def take(self) -> bool:
        """Whether this process holds it now."""
        if self._connection is not None:
            return True
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        self._make()
        try:
            connection = sqlite3.connect(
                self.path, timeout=0.0, isolation_level=None, check_same_thread=False
            )
        except sqlite3.OperationalError as error:
            raise StoreError(f"the lock {self.path} cannot be made: {error}; check the folder") from error
        try:
            connection.execute("PRAGMA journal_mode = MEMORY")  # no second file beside it
            connection.execute("BEGIN EXCLUSIVE")
            # What SQLite could open for reading only, anybody can hold together with others.
            connection.execute("PRAGMA user_version = 1")
        except sqlite3.OperationalError as error:
            connection.close()
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY:
                raise StoreError(self._not_ours()) from error
            return False
        self._connection = connection
        return True

    def _make(self) -> None:
        """Makes the file, if it is not there, for whom the database belongs to: root may do this for them."""
        try:
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
        except OSError:  # it is there, or cannot be made, which SQLite says
            return
        there = os.path.exists(self._database)
        like = os.stat(self._database if there else os.path.dirname(self._database))
        with suppress(OSError, AttributeError):
            os.chown(self.path, like.st_uid, like.st_gid)

    def _not_ours(self) -> str:
        """What is said where the file can be read and not written."""
        number = os.stat(self.path).st_uid
        owner = str(number)
        with suppress(ImportError, KeyError):
            import pwd  # not on every system

            owner = pwd.getpwuid(number).pw_name
        return (
            f"the lock {self.path} cannot be written: it belongs to {owner}, and nothing would keep two"
            f" processes from delivering the same; give it to whoever runs the bot:"
            f" chown --reference={shlex.quote(self._database)} {shlex.quote(self.path)}"
        )

    def release(self) -> None:
        """Lets go of it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
