"""That one process at a time pumps for a platform: an exclusive lock that dies with its holder."""

import os
import sqlite3

from bot.errors import StoreError


class Lock:
    """A lock beside the database, held until released, or until the process is gone.

    A small SQLite file is held in an exclusive transaction: that works on every system, and nothing
    has to be cleaned up after a process that was killed.
    """

    def __init__(self, database: str, platform: str) -> None:
        self.path = f"{os.path.realpath(database)}.{platform}-lock"
        self._connection: sqlite3.Connection | None = None

    def take(self) -> bool:
        """Whether this process holds it now."""
        if self._connection is not None:
            return True
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        try:
            connection = sqlite3.connect(
                self.path, timeout=0.0, isolation_level=None, check_same_thread=False
            )
        except sqlite3.OperationalError as error:
            raise StoreError(f"the lock {self.path} cannot be made: {error}; check the folder") from error
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            connection.close()
            return False
        self._connection = connection
        return True

    def release(self) -> None:
        """Lets go of it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
