"""The one way to open the database, so that every connection has the same settings."""

import os
import sqlite3
from time import sleep

from bot.errors import StoreError
from bot.store.damage import DamagedError, is_damage, refuse_marked

BUSY_SECONDS = 30.0
_RETRY_SECONDS = 0.05
OLDEST_SQLITE = (3, 37, 0)  # STRICT tables


def connect(path: str, *, readonly: bool = False) -> sqlite3.Connection:
    """Opens the database at `path`, making its folder at need.

    Raises StoreError where that is not possible, DamagedError where the file is damaged or was put aside
    for that. Transactions are ours to begin and end.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreError(f"SQLite {sqlite3.sqlite_version} is too old; install a newer Python")
    refuse_marked(path)
    try:
        if not os.path.exists(path):
            os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
    except (OSError, sqlite3.Error) as error:
        raise store_error(path, error) from error
    try:
        _write_ahead(connection)
        for pragma in (
            # What is promised has to outlive a power cut: at NORMAL it would be promised and posted again.
            "synchronous=FULL",
            "foreign_keys=ON",
            # Or INSERT OR REPLACE would not fire the triggers that keep the search index.
            "recursive_triggers=ON",
            f"query_only={'ON' if readonly else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")
        # Once more: whoever puts a file aside looks first whether it is in use, as it is from here on.
        refuse_marked(path)
    except sqlite3.Error as error:
        connection.close()
        raise store_error(path, error) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Lets readers read while somebody writes.

    Waits for others by itself: SQLite gives up at once where two processes make this switch on a
    new database at one moment, whatever its timeout.
    """
    for left in range(int(BUSY_SECONDS / _RETRY_SECONDS), -1, -1):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or not left:
                raise
            sleep(_RETRY_SECONDS)
        else:
            return


def store_error(path: str, error: Exception) -> StoreError:
    """What an error of SQLite or of the disk means for whoever runs the bot."""
    if is_damage(error):
        return DamagedError(f"the database {path} is damaged: {error}")
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        mend = "another process holds it; stop that one, or wait"
    else:
        mend = "check the folder, its permissions and the free space, or set EXOMARS_DB"
    return StoreError(f"the database {path} cannot be used: {error}; {mend}")
