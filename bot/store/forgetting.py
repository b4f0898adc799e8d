"""All that is kept about one person: what there is of it, taking it away, and that nothing of it is left.

A person's id stands in few places, each of them named here; tests/desk/test_forgetting.py looks for
others in every table there is, and in the bytes of the files. What is only of the story stays: published
texts, and the audit, which knows a person by a number.
"""

import logging
import mmap
import os
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import NamedTuple

from bot.errors import StoreError
from bot.store.connect import connect
from bot.store.overwriting import overwriting

log = logging.getLogger("bot.store")

FORGOTTEN = "somebody who was forgotten"
_TOLD = "iif(json_valid(before), json_extract(before, '$.told'), NULL)"  # of an edition: what was told before
_MOST = 500  # values in one statement
_ASKING = ("looked", "asked")
_THEIRS = "platform = ? AND user = ? AND user != ''"


class Kept(NamedTuple):
    """What is kept about somebody."""

    person: int | None  # their number in the newsroom
    name: str
    digests: tuple[int, ...]  # to their direct messages
    places: tuple[str, ...]  # the channels of these
    wished: int  # other digests that they were the last to change
    notices: int  # words to them about digests
    drafts: int
    editor: int  # rows by which they are an editor
    asking: int  # rows of when they last looked for news, and of what they asked last
    reports: int  # of mistakes, by them
    under_way: bool  # something is being sent to them just now

    @property
    def nothing(self) -> bool:
        """Whether nothing at all is kept."""
        newsroom = self.person or self.editor or self.reports
        return not (newsroom or self.digests or self.wished or self.notices or self.asking)


def kept_about(db: sqlite3.Connection, platform: str, user: str, direct: str = "") -> Kept:
    """What is kept about somebody; `direct` is the channel of their direct messages, where that is known."""
    person, name = _one(
        db, "SELECT id, name FROM person WHERE platform = ? AND user = ?", platform, user
    ) or (
        None,
        "",
    )
    own = db.execute(
        "SELECT id, place FROM subscription WHERE platform = ?1 AND server = '' AND place_kind = 'direct'"
        " AND (by = ?2 OR (?3 != '' AND place = ?3)) ORDER BY id",
        (platform, user, direct),
    ).fetchall()
    digests = tuple(row[0] for row in own)
    wished = _count(db, "subscription WHERE platform = ? AND by = ?", platform, user)
    notices = "delivery WHERE platform = ? AND task = 'notice' AND place = ?"
    mine = sum(
        _count(db, f"subscription WHERE id IN ({_marks(some)}) AND by = ?", *some, user)
        for some in _some(digests)
    )
    taken = _count(db, f"{notices} AND state = 'taken'", platform, user) + sum(
        _count(db, f"delivery WHERE subscription IN ({_marks(some)}) AND state = 'taken'", *some)
        for some in _some(digests)
    )
    return Kept(
        person,
        name,
        digests,
        tuple(sorted({*(row[1] for row in own), *([direct] if direct else [])})),
        wished - mine,
        _count(db, notices, platform, user),
        _drafts(db, person) if person else 0,
        _count(db, "editor WHERE platform = ? AND kind = 'person' AND id = ?", platform, user),
        sum(_count(db, f"{table} WHERE {_THEIRS}", platform, user) for table in _ASKING),
        _count(db, f"report WHERE {_THEIRS}", platform, user),
        bool(taken),
    )


def forget(db: sqlite3.Connection, platform: str, user: str, kept: Kept) -> None:
    """Takes it away; to be called within a transaction, and while nothing is under way to them.

    What is deleted is overwritten at once. That leaves the copies that SQLite made when it moved rows from
    page to page before: `sweep` looks for these.
    """
    with overwriting(db):
        _end_digests(db, kept.digests)
        db.execute("UPDATE subscription SET by = '' WHERE platform = ? AND by = ?", (platform, user))
        _drop_deliveries(db, "platform = ? AND task = 'notice' AND place = ?", platform, user)
        db.execute("DELETE FROM editor WHERE platform = ? AND kind = 'person' AND id = ?", (platform, user))
        for table in _ASKING:
            db.execute(f"DELETE FROM {table} WHERE {_THEIRS}", (platform, user))
        db.execute(f"UPDATE report SET user = '', name = ? WHERE {_THEIRS}", (FORGOTTEN, platform, user))
        if kept.person is not None:
            theirs = "(SELECT id FROM draft WHERE person = ?)"
            db.execute(f"DELETE FROM draft_part WHERE draft IN {theirs}", (kept.person,))
            db.execute(
                "UPDATE draft SET note = '', state = iif(state = 'published', state, 'discarded')"
                " WHERE person = ?",
                (kept.person,),
            )
            db.execute("UPDATE person SET user = '', name = ? WHERE id = ?", (FORGOTTEN, kept.person))


def sweep(path: str, traces: Iterable[str]) -> bool:
    """Sees to it that none of these is left in the files of the database at `path`, after a `forget`.

    The log beside the file is emptied into it. Where one of them still stands in the file, as a copy in the
    unused part of a page or in a row that was changed long ago, the file is written anew, which is rare:
    about one time in sixty. What stands in a published text is still there then, and rightly. Returns
    whether the log could be emptied; what is in the way is logged.
    """
    found = [trace.encode() for trace in traces if trace]
    try:
        with closing(connect(path)) as db:
            emptied = _empty_log(db)
            if found and _stands_in(path, found):
                db.execute("VACUUM")
                emptied = _empty_log(db)
    except (sqlite3.Error, OSError, StoreError) as error:  # it is taken away all the same
        log.warning("whether the files of %s still have what was forgotten is not known: %s", path, error)
        return False
    if not emptied:
        log.warning("%s-wal has what was forgotten until the bot next ends: somebody is reading", path)
    return emptied


def _empty_log(db: sqlite3.Connection) -> bool:
    """Waits, as long as for any lock, until nobody reads what was there before; whether nobody does."""
    return not db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]


def _stands_in(path: str, traces: Sequence[bytes]) -> bool:
    if not os.path.getsize(path):
        return False
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        return any(whole.find(trace) >= 0 for trace in traces)


def _end_digests(db: sqlite3.Connection, digests: Sequence[int]) -> None:
    """Takes away the digests to somebody alone, with their ledgers and all that was sent or is to be."""
    told: set[int | None] = set()
    for some in _some(digests):
        these = f"IN ({_marks(some)})"
        told.update(row[0] for row in db.execute(f"SELECT told FROM subscription WHERE id {these}", some))
        told.update(
            row[0] for row in db.execute(f"SELECT {_TOLD} FROM edition WHERE subscription {these}", some)
        )
        _drop_deliveries(db, f"subscription {these}", *some)
        for table in ("edition", "held"):
            db.execute(f"DELETE FROM {table} WHERE subscription {these}", some)
        db.execute(f"DELETE FROM subscription WHERE id {these}", some)
    if not told:
        return
    used = {row[0] for row in db.execute("SELECT DISTINCT told FROM subscription")}
    used |= {row[0] for row in db.execute(f"SELECT DISTINCT {_TOLD} FROM edition")}
    # Nor the newest: its number would be given again, and a running bot may keep it ready.
    used |= {row[0] for row in db.execute("SELECT max(id) FROM told")}
    db.executemany("DELETE FROM told WHERE id = ?", [(one,) for one in told - used])


def _drop_deliveries(db: sqlite3.Connection, where: str, *values: object) -> None:
    """Takes deliveries away, with what came of them; and the words of those that were for nobody else.

    The words of a digest stay: they are the story's, and others get the same.
    """
    rows = db.execute(f"SELECT id, task, body FROM delivery WHERE {where}", values).fetchall()
    for some in _some([row[0] for row in rows]):
        for table, column in (("attempt", "delivery"), ("delivery", "id")):
            db.execute(f"DELETE FROM {table} WHERE {column} IN ({_marks(some)})", some)
    for body in sorted({row[2] for row in rows if row[1] == "notice" and row[2]}):
        db.execute(
            "DELETE FROM body WHERE id = ?1 AND id < (SELECT max(id) FROM body)"  # as above
            " AND NOT EXISTS (SELECT 1 FROM delivery WHERE body = ?1)"
            " AND NOT EXISTS (SELECT 1 FROM carries WHERE body = ?1)",
            (body,),
        )


def _drafts(db: sqlite3.Connection, person: int) -> int:
    """How many drafts are open, wait for another, or still have their texts."""
    return _count(
        db,
        "draft WHERE person = ? AND (state IN ('open', 'waiting')"
        " OR EXISTS (SELECT 1 FROM draft_part WHERE draft = id))",
        person,
    )


def _some(values: Sequence[object]) -> "Iterable[tuple[object, ...]]":
    """The values in as many parts as one statement takes."""
    return (tuple(values[start : start + _MOST]) for start in range(0, len(values), _MOST))


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _one(db: sqlite3.Connection, query: str, *values: object) -> "tuple[int, str] | None":
    row: tuple[int, str] | None = db.execute(query, values).fetchone()
    return row


def _count(db: sqlite3.Connection, what: str, *values: object) -> int:
    return int(db.execute(f"SELECT count(*) FROM {what}", values).fetchone()[0])
