"""Deleting for good: what is deleted is overwritten at once, where SQLite would leave it in the file."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def overwriting(db: sqlite3.Connection) -> Iterator[None]:
    """What is deleted within is overwritten; else that is left, since it is slow where much is deleted.

    Copies that SQLite made before, when it moved rows from page to page, stay where they are.
    """
    before = db.execute("PRAGMA secure_delete").fetchone()[0]
    db.execute("PRAGMA secure_delete=ON")
    try:
        yield
    finally:
        db.execute(f"PRAGMA secure_delete={int(before)}")
