"""The database as the rest of the bot holds it: one writer on its own thread, readers beside it."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from bot.model import EVERYONE
from bot.store.connect import BUSY_SECONDS, connect, store_error
from bot.store.shelf import Shelf

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    from sqlite_utils import Database

T = TypeVar("T")

CLOSE_SECONDS = 5.0  # for a read under way at the end, and for what is to be written soon
SOON_SECONDS = 5.0  # for which that waits for another process


class _Reader(NamedTuple):
    """The connection of one thread that reads, and whether it is reading."""

    connection: sqlite3.Connection
    busy: "threading.RLock"  # never waited for but at the end


class Store:
    """A database file, opened when first used.

    Any thread may read (each has a connection of its own) and any thread may ask for a write;
    writes are carried out one after another on one connection and one thread. All methods raise
    StoreError where SQLite does.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._local = threading.local()
        self._readers: list[_Reader] = []
        self._lock = threading.Lock()
        self._thread: ThreadPoolExecutor | None = None
        self._soon: set[Future[None]] = set()
        self._db: Database | None = None

    @contextmanager
    def reading(self, story: str, audience: str = EVERYONE) -> Iterator[Shelf]:
        """One consistent view of a story, as an audience sees it: what is written meanwhile is not seen."""
        try:
            connection, busy = self._reader()
            with busy:
                connection.execute("BEGIN")
                try:
                    yield Shelf(connection, story, audience)
                finally:
                    connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise store_error(self.path, error) from error

    def write(self, work: "Callable[[Database], T]") -> T:
        """Runs `work` in one transaction: all of it happens, or, where it raises, nothing."""
        return self._writing().submit(self._transaction, work).result()

    def write_soon(self, work: "Callable[[Database], object]") -> "Future[None]":
        """Has `work` run in a transaction when the writer comes to it, in the order of all writes.

        For what may be lost: where it fails, that is logged, and the future is done all the same. At the end
        it is waited for a few seconds.
        """
        written = self._writing().submit(self._write_soon, work)
        with self._lock:
            self._soon = {one for one in self._soon if not one.done()} | {written}
        return written

    def recall(self, name: str) -> str:
        """A setting that the bot made itself; empty where there is none."""
        with self.reading("") as shelf:
            return shelf.setting(name)

    def remember(self, name: str, value: str) -> None:
        """Keeps a setting for `recall`, also over a restart."""
        self.write(
            lambda db: db.conn.execute(
                "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )
        )

    def data_version(self) -> int:
        """Changes when any other connection, of this or another process, has written."""
        try:
            connection, busy = self._reader()
            with busy:
                return int(connection.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.Error as error:
            raise store_error(self.path, error) from error

    def close(self) -> None:
        """Finishes the write and the reads under way and closes every connection.

        One that goes on reading is left alone: to close it meanwhile would crash the whole process.
        """
        if self._thread is not None:
            self._drain()
            self._thread.shutdown(wait=True)
            self._thread = None
        with self._lock:
            for reader in self._readers:
                if reader.busy.acquire(timeout=CLOSE_SECONDS):
                    reader.connection.close()
                    reader.busy.release()
            self._readers.clear()
            self._local = threading.local()
        if self._db is not None:
            self._db.conn.close()
            self._db = None

    def _writing(self) -> "ThreadPoolExecutor":
        """The thread that writes."""
        # Imported here since a process that only reads never needs it, and it takes 30 ms.
        from concurrent.futures import ThreadPoolExecutor

        with self._lock:
            if self._thread is None:
                self._thread = ThreadPoolExecutor(1, thread_name_prefix="store-writer")
            return self._thread

    def _drain(self) -> None:
        """Waits for what is to be written soon, not for ever; what has not begun by then is left."""
        from concurrent.futures import wait

        for late in wait(self._soon, CLOSE_SECONDS).not_done:
            late.cancel()
        self._soon.clear()

    def _reader(self) -> _Reader:
        reader: _Reader | None = getattr(self._local, "reader", None)
        if reader is None:
            reader = _Reader(connect(self.path, readonly=True), threading.RLock())
            try:
                self._made(reader.connection)
            except BaseException:
                reader.connection.close()
                raise
            with self._lock:
                self._readers.append(reader)
            self._local.reader = reader
        return reader

    def _made(self, connection: sqlite3.Connection) -> None:
        """Sees to it that the tables are there, in their newest form."""
        from bot.store.schema import NEWEST

        if connection.execute("PRAGMA user_version").fetchone()[0] != NEWEST:
            self.write(lambda _: None)

    def _write_soon(self, work: "Callable[[Database], object]") -> None:
        try:
            connection = self._writer().conn
            connection.execute(f"PRAGMA busy_timeout={int(SOON_SECONDS * 1000)}")
            try:
                self._transaction(work)
            finally:
                connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
        except Exception as error:  # noqa: BLE001  (nobody waits to be told)
            import logging

            logging.getLogger("bot.store").warning("what could wait was not written: %s", error)

    def _transaction(self, work: "Callable[[Database], T]") -> T:
        try:
            db = self._writer()
            db.conn.execute("BEGIN IMMEDIATE")
            try:
                result = work(db)
                db.conn.execute("COMMIT")
            except BaseException:
                if db.conn.in_transaction:  # a full disk has ended it already
                    db.conn.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise store_error(self.path, error) from error
        return result

    def _writer(self) -> "Database":
        if self._db is None:
            from sqlite_utils import Database

            from bot.store.schema import migrate

            db = Database(connect(self.path))
            try:
                migrate(db, self.path)
            except BaseException:
                db.conn.close()
                raise
            self._db = db
        return self._db
